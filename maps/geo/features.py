# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A feature: one shape on the map with its name, wherever it came from.

Shipped data, imported files and stored packs all become features; layers are built from nothing
else. Shapes are shapely geometries in EPSG:25832 (metres), already checked and projected. Names
are data from files: they may hold any characters and are cleaned only where they are displayed.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from maps.geo.projection import MAP_BOUNDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]


class FeatureLayer(enum.Enum):
    """What a feature is; the value stands in packs and never changes."""

    COUNTY = "kreis"
    MUNICIPALITY = "gemeinde"
    NEIGHBOUR = "nachbar"
    PLACE = "ort"
    WATER = "gewaesser"
    LINE = "linie"
    AREA = "flaeche"
    ROAD = "strasse"
    BUILDING = "gebaeude"


@dataclass(frozen=True, slots=True)
class Feature:
    """One shape with its facts; ``None`` means not known, never zero."""

    layer: FeatureLayer
    name: str
    shape: BaseGeometry  # EPSG:25832
    key: str = ""  # official municipality key (AGS), 8 digits, where there is one
    kind: str = ""  # "Stadt", "Fluss", ...
    population: int | None = None
    centre: tuple[float, float] | None = None  # (east, north) of the town centre or label


def within_map(shape: BaseGeometry) -> bool:
    """Whether a shape is not empty and lies wholly where maps may show anything."""
    west, south, east, north = shapely.bounds(shape)
    w, s, e, n = MAP_BOUNDS
    return bool(w <= west and s <= south and east <= e and north <= n)  # false for NaN


def segments(shapes: Iterable[BaseGeometry]) -> Floats:
    """All edges of the lines and polygon rings in the shapes: (n, 4) of x0, y0, x1, y1."""
    return segments_of(list(shapes))[0]


def segments_of(
    shapes: Sequence[BaseGeometry] | npt.NDArray[np.object_],
) -> tuple[Floats, npt.NDArray[np.intp]]:
    """As ``segments``, and of which shape (its index, ascending) each edge is."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings = np.asarray(parts, dtype=object)
    areas = shapely.get_type_id(rings) == shapely.GeometryType.POLYGON
    rings[areas] = shapely.boundary(rings[areas])
    lines, of_line = shapely.get_parts(rings, return_index=True)  # a boundary may have holes
    coordinates, of_point = shapely.get_coordinates(lines, return_index=True)
    joined = of_point[1:] == of_point[:-1]
    edges: Floats = np.hstack([coordinates[:-1], coordinates[1:]])[joined]
    return edges, of_part[of_line[of_point[1:][joined]]]


def ring(points: Sequence[tuple[float, float]]) -> BaseGeometry:
    """A valid polygon from drawn corners (at least three), repaired where the ring crosses itself.

    Fewer corners give an empty polygon: nothing has been drawn yet.
    """
    if len(points) < 3:
        return shapely.Polygon()
    repaired = shapely.make_valid(shapely.Polygon(points))
    parts = [part for part in shapely.get_parts(repaired) if part.geom_type.endswith("Polygon")]
    union: BaseGeometry = shapely.union_all(parts)
    return union
