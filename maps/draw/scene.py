# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is to be drawn: the ground, markers, areas, the cursor; and what lies near a point.

A scene is a value that the caller builds anew whenever something changed. Markers and areas are
plain: the caller says which sign stands where, nothing here knows what an incident is. Keys are
the caller's names for its things and come back from ``nearest``.

Positions beyond the covered area are legal (they come from the network) and simply not shown.
"""

from __future__ import annotations

import enum
import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import shapely

from maps.draw.roles import ALL_LAYERS, Layer, Role
from maps.draw.signs import Mark, sign
from maps.geo.features import ring
from maps.geo.places import Position, to_grid
from maps.read.layers import Layers, Place

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


Key: TypeAlias = tuple[int, ...]
"""The caller's name for a thing; numbers, so that who asks gets back what was handed in."""


class AreaKind(enum.Enum):
    """What is the matter in an area: (German title, role, fill, ASCII fill).

    The fill stands in every cell of the area that shows nothing else, so that kinds can be told
    apart without colour.
    """

    FLOODED = ("überflutet", Role.FLOODED, "~", "~")
    EVACUATED = ("evakuiert", Role.EVACUATED, "×", "x")
    DANGER = ("Gefahrenbereich", Role.CLOSED, "!", "!")
    CLOSED = ("gesperrt", Role.CLOSED, "%", "%")
    POWERLESS = ("ohne Strom", Role.POWERLESS, "¬", ",")
    SECTION = ("Einsatzabschnitt", Role.AREA, ":", ":")
    OTHER = ("Fläche", Role.AREA, "·", ".")

    @property
    def title(self) -> str:
        """German name for legend and lists."""
        return self.value[0]

    @property
    def role(self) -> Role:
        """Colour role of outline and background."""
        return self.value[1]

    def fill(self, *, ascii_only: bool) -> str:
        """The character of its empty cells."""
        return self.value[3] if ascii_only else self.value[2]


@dataclass(frozen=True, slots=True)
class Marker:
    """A thing at a place, shown by a tactical sign."""

    key: Key
    sign: str  # a key of ``signs.SIGNS``; others show the general sign
    position: Position
    label: str = ""
    mark: Mark = Mark.NONE
    priority: int = 0  # higher ones win a cell
    note: str = ""  # what to say of it where there is room; else the label

    @property
    def wording(self) -> str:
        """What to say of it in a list."""
        return self.note or self.label


@dataclass(frozen=True, slots=True)
class Area:
    """A drawn polygon; the ring is closed by itself and may cross itself."""

    key: Key
    kind: AreaKind
    corners: tuple[Position, ...]
    label: str = ""

    @property
    def wording(self) -> str:
        """What to say of it in a list: its label, and what is the matter where that is a name."""
        return self.label if self.label == self.kind.title else f"{self.label} ({self.kind.title})"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that one picture shows."""

    layers: Layers
    markers: tuple[Marker, ...] = ()
    areas: tuple[Area, ...] = ()
    cursor: Position | None = None
    selected: Key | None = None  # key of a marker or area
    draft: tuple[Position, ...] = ()  # corners of the area being drawn
    visible: frozenset[Layer] = field(default=ALL_LAYERS)

    def shown_markers(self) -> list[Marker]:
        """Markers of visible layers within the covered area, the most important first."""
        shown = [
            marker
            for marker in self.markers
            if marker.position.covered and sign(marker.sign).layer in self.visible
        ]
        return sorted(shown, key=lambda m: (m.key != self.selected, -m.priority, m.key))

    def shown_areas(self) -> list[Area]:
        """Areas to draw, in the order given; later ones lie on top."""
        return list(self.areas) if Layer.AREAS in self.visible else []


@dataclass(frozen=True, slots=True)
class Hit:
    """Something near a point."""

    item: Marker | Area | Place
    distance_m: float  # in the plane of the grid; 0 within an area


def nearest(scene: Scene, point: Position, metres: float) -> list[Hit]:
    """What is visible within ``metres`` of a point, nearest first.

    At equal distance markers come before areas and areas before places. Empty for a point beyond
    the covered area.
    """
    if not point.covered:
        return []
    here = to_grid(point)
    hits: list[Hit] = []
    for marker in scene.shown_markers():
        there = to_grid(marker.position)
        hits.append(Hit(marker, math.hypot(there.east - here.east, there.north - here.north)))
    spot = shapely.Point(here.east, here.north)
    for area in scene.shown_areas():
        shape = shape_of(area.corners)
        if not shape.is_empty:
            hits.append(Hit(area, float(shapely.distance(shape, spot))))
    if Layer.PLACES in scene.visible:
        for place, (east, north) in zip(
            scene.layers.places, scene.layers.place_points, strict=True
        ):
            hits.append(Hit(place, math.hypot(east - here.east, north - here.north)))
    return sorted((hit for hit in hits if hit.distance_m <= metres), key=lambda h: h.distance_m)


def grid_points(positions: Iterable[Position]) -> list[tuple[float, float]]:
    """(east, north) in EPSG:25832 of those within the covered area."""
    points = (to_grid(position) for position in positions if position.covered)
    return [(point.east, point.north) for point in points]


@functools.lru_cache(maxsize=512)
def shape_of(corners: tuple[Position, ...]) -> BaseGeometry:
    """The polygon of drawn corners in EPSG:25832, repaired; empty for fewer than three."""
    shape = ring(grid_points(corners))
    shapely.prepare(shape)
    return shape
