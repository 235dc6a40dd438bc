# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A scene as lines, hatched areas, signs and words on a sheet of paper, in millimetres.

The same ground and signs as on the screen, drawn for a printer without colours: kinds of areas
differ by their hatching, signs by shape and letter. Over all lies the UTM grid. Whoever draws needs
no geometry: every line is cut to the sheet, y grows downwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from maps.draw.roles import Role
from maps.draw.scene import Area, AreaKind, Marker, Scene, grid_points, shape_of
from maps.geo.features import FeatureLayer, Floats
from maps.geo.places import to_grid

GROUND = (
    (FeatureLayer.NEIGHBOUR, Role.NEIGHBOUR),
    (FeatureLayer.AREA, Role.IMPORTED),
    (FeatureLayer.LINE, Role.ROAD),
    (FeatureLayer.ROAD, Role.ROAD),
    (FeatureLayer.MUNICIPALITY, Role.BOUNDARY),
    (FeatureLayer.WATER, Role.WATER),
    (FeatureLayer.COUNTY, Role.COUNTY),
)
"""What lies below, from the least to the most important. Houses are too small for a sheet."""

LEAST_M = 6_000.0
"""Width of ground that a sheet shows at least: a point alone tells nobody where it is."""
NEAR_M = 25_000.0
"""A point so far beyond the county widens the sheet no more: it may be a slip of the pen."""
MARGIN = 0.12
"""Share of the ground shown around what there is to show."""
GRID_STEPS_M = (1_000, 2_000, 5_000, 10_000, 20_000)
SIGN_MM = 2.2
"""Half of a sign's size."""
NAMED_FROM_M = 120.0
"""Metres in a millimetre from which on smaller places carry their names."""
GRID_MM = 18.0  # lines of the grid stand no closer

HATCHING: dict[AreaKind, tuple[tuple[float, float], ...]] = {
    AreaKind.FLOODED: ((0.0, 2.0),),
    AreaKind.EVACUATED: ((45.0, 2.5),),
    AreaKind.DANGER: ((-45.0, 2.5),),
    AreaKind.CLOSED: ((45.0, 3.0), (-45.0, 3.0)),
    AreaKind.POWERLESS: ((90.0, 2.5),),
}
"""Angle and distance (millimetres) of the lines in an area; others have none."""

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
Fit = Callable[[Floats], Floats]
"""Metres of the grid to millimetres of the sheet."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    points: tuple[Point, ...]
    role: Role


@dataclass(frozen=True, slots=True)
class Symbol:
    """A tactical sign; the words beside it stand at ``words``, if there was room."""

    at: Point
    marker: Marker
    words: Point | None


@dataclass(frozen=True, slots=True)
class Word:
    """A name; its lower left corner."""

    at: Point
    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class GridLine:
    """A line of the UTM grid."""

    upright: bool
    at: float  # millimetres from the left, or from the top
    kilometres: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A finished sheet."""

    width: float
    height: float
    metres: float  # on the ground in a millimetre
    ground: tuple[Line, ...]
    areas: tuple[Line, ...]  # hatching and outlines
    grid: tuple[GridLine, ...]
    symbols: tuple[Symbol, ...]
    words: tuple[Word, ...]
    unnamed: int  # signs whose words found no room
    beyond: int  # signs that lie off the sheet

    def bar(self) -> tuple[float, str]:
        """Length and words of a scale."""
        for metres in (20_000, 10_000, 5_000, 2_000, 1_000, 500):
            if metres / self.metres <= self.width / 3:
                break
        said = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
        return metres / self.metres, said


def plan(
    scene: Scene, width: float, height: float, *, letter: float = 1.3, least: float = LEAST_M
) -> Plan:
    """Draw a scene on a sheet of that size; ``letter``: width of a letter in millimetres;
    ``least``: metres of ground that it shows at least."""
    west, south, east, north = _extent(scene, width / height, least)
    metres = (east - west) / width

    def on_sheet(points: Floats) -> Floats:
        return np.column_stack([(points[:, 0] - west) / metres, (north - points[:, 1]) / metres])

    bounds = (west, south, east, north)
    ground = [
        Line(points, role)
        for layer, role in GROUND
        for points in _lines(scene.layers.edges(layer, bounds, metres), bounds, on_sheet)
    ]
    areas = [line for area in scene.shown_areas() for line in _area(area, bounds, metres, on_sheet)]
    taken = _Taken(width, height, letter)
    symbols = _symbols(scene, taken, on_sheet)
    words = [
        *_area_words(scene, taken, on_sheet),
        *_town_words(scene, metres, taken, on_sheet),
    ]
    return Plan(
        width,
        height,
        metres,
        tuple(ground),
        tuple(areas),
        tuple(_grid(bounds, metres)),
        tuple(symbols),
        tuple(words),
        sum(symbol.words is None for symbol in symbols),
        len(scene.shown_markers()) - len(symbols),
    )


def _extent(scene: Scene, ratio: float, least: float) -> Bounds:
    """The ground to show: around what is in or near the county; where nothing is the county."""
    west, south, east, north = scene.layers.bounds
    points = [p for area in scene.shown_areas() for p in grid_points(area.corners)]
    points += grid_points(marker.position for marker in scene.shown_markers())
    near = [
        (x, y)
        for x, y in points
        if west - NEAR_M <= x <= east + NEAR_M and south - NEAR_M <= y <= north + NEAR_M
    ]
    if near:
        west, east = min(x for x, _ in near), max(x for x, _ in near)
        south, north = min(y for _, y in near), max(y for _, y in near)
    wide = max((east - west) * (1 + 2 * MARGIN), least)
    wide = max(wide, (north - south) * (1 + 2 * MARGIN) * ratio)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    tall = wide / ratio
    return middle_x - wide / 2, middle_y - tall / 2, middle_x + wide / 2, middle_y + tall / 2


def _lines(edges: Floats, bounds: Bounds, on_sheet: Fit) -> Iterator[tuple[Point, ...]]:
    """Edges cut to the sheet and joined where one goes on from the other."""
    if not len(edges):
        return
    breaks = np.flatnonzero((edges[1:, :2] != edges[:-1, 2:]).any(axis=1)) + 1
    runs = [np.vstack([run[:, :2], run[-1:, 2:]]) for run in np.split(edges, breaks)]
    yield from _cut(shapely.multilinestrings([shapely.linestrings(run) for run in runs]), bounds,
                    on_sheet)  # fmt: skip


def _cut(shape: BaseGeometry, bounds: Bounds, on_sheet: Fit) -> Iterator[tuple[Point, ...]]:
    for part in shapely.get_parts(shapely.clip_by_rect(shape, *bounds)):
        if part.geom_type in ("LineString", "LinearRing") and not part.is_empty:
            yield _points(on_sheet(shapely.get_coordinates(part)))


def _points(found: Floats) -> tuple[Point, ...]:
    return tuple((round(x, 2), round(y, 2)) for x, y in found.tolist())


def _area(area: Area, bounds: Bounds, metres: float, on_sheet: Fit) -> Iterator[Line]:
    shape = shape_of(area.corners)
    if shape.is_empty:
        return
    for points in _cut(shapely.boundary(shape), bounds, on_sheet):
        yield Line(points, area.kind.role)
    for angle, apart in HATCHING.get(area.kind, ()):
        lines = shapely.intersection(_hatching(shape, angle, apart * metres), shape)
        for points in _cut(lines, bounds, on_sheet):
            yield Line(points, Role.GROUND)


def _hatching(shape: BaseGeometry, angle: float, apart: float) -> BaseGeometry:
    """Parallel lines over a shape, at fixed places on the ground."""
    turn = math.radians(angle)
    along, across = (
        np.array([math.cos(turn), math.sin(turn)]),
        np.array([-math.sin(turn), math.cos(turn)]),
    )
    west, south, east, north = shapely.bounds(shape)
    corners = np.array([(west, south), (west, north), (east, south), (east, north)])
    offsets, reach = corners @ across, corners @ along
    first = math.ceil(offsets.min() / apart)
    last = min(math.floor(offsets.max() / apart), first + 400)
    lines = [
        [across * n * apart + along * reach.min(), across * n * apart + along * reach.max()]
        for n in range(first, last + 1)
    ]
    return shapely.multilinestrings([shapely.linestrings(line) for line in lines])


def _grid(bounds: Bounds, metres: float) -> Iterator[GridLine]:
    west, south, east, north = bounds
    step = next((s for s in GRID_STEPS_M if s / metres >= GRID_MM), GRID_STEPS_M[-1])
    for value in range(math.ceil(west / step), math.floor(east / step) + 1):
        yield GridLine(True, (value * step - west) / metres, value * step // 1000)
    for value in range(math.ceil(south / step), math.floor(north / step) + 1):
        yield GridLine(False, (north - value * step) / metres, value * step // 1000)


class _Taken:
    """Where something stands already."""

    def __init__(self, width: float, height: float, letter: float) -> None:
        self.width, self.height, self.letter = width, height, letter
        self._boxes: list[Bounds] = []

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies on the sheet."""
        return 0 <= x <= self.width and 0 <= y <= self.height

    def room(self, left: float, bottom: float, text: str) -> bool:
        """Whether words fit there; if so the place is theirs."""
        box = (left, bottom - 2.6, left + len(text) * self.letter, bottom + 0.4)
        inside = left >= 0 and box[1] >= 0 and box[2] <= self.width and box[3] <= self.height
        if not inside or any(_meet(box, other) for other in self._boxes):
            return False
        self._boxes.append(box)
        return True

    def take(self, x: float, y: float, half: float) -> None:
        """A sign stands there."""
        self._boxes.append((x - half, y - half, x + half, y + half))


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    return not apart


def _symbols(scene: Scene, taken: _Taken, on_sheet: Fit) -> list[Symbol]:
    """Signs, the most important first; words beside them where there is room."""
    placed = [(marker, _at(marker, on_sheet)) for marker in scene.shown_markers()]
    placed = [each for each in placed if taken.holds(*each[1])]
    for _, (x, y) in placed:
        taken.take(x, y, SIGN_MM)
    found = []
    for marker, (x, y) in placed:
        wide = len(marker.label) * taken.letter
        tried = (
            (x + SIGN_MM + 0.6, y + 1.0),
            (x - SIGN_MM - 0.6 - wide, y + 1.0),
            (x - wide / 2, y + SIGN_MM + 3.0),
            (x - wide / 2, y - SIGN_MM - 0.8),
        )
        words = next((place for place in tried if taken.room(*place, marker.label)), None)
        found.append(Symbol((x, y), marker, words))
    return found[::-1]  # the most important lie on top


def _at(marker: Marker, on_sheet: Fit) -> Point:
    point = to_grid(marker.position)
    (place,) = _points(on_sheet(np.array([[point.east, point.north]])))
    return place


def _area_words(scene: Scene, taken: _Taken, on_sheet: Fit) -> Iterator[Word]:
    for area in scene.shown_areas():
        shape = shape_of(area.corners)
        if not shape.is_empty:
            middle = shapely.get_coordinates(shapely.point_on_surface(shape))
            yield from _centred(area.wording, on_sheet(middle), area.kind.role, taken)


def _town_words(scene: Scene, metres: float, taken: _Taken, on_sheet: Fit) -> Iterator[Word]:
    layers = scene.layers
    towns = sorted(
        zip(layers.municipalities, layers.town_points, strict=True),
        key=lambda pair: (-(pair[0].population or 0), pair[0].name),
    )
    for town, point in towns:
        yield from _centred(town.name, on_sheet(point[None, :]), Role.LABEL, taken)
    if metres <= NAMED_FROM_M:
        for place, point in zip(layers.places, layers.place_points, strict=True):
            yield from _centred(place.name, on_sheet(point[None, :]), Role.LABEL_FAINT, taken)


def _centred(text: str, middle: Floats, role: Role, taken: _Taken) -> Iterator[Word]:
    ((x, y),) = _points(middle)
    left = x - len(text) * taken.letter / 2
    for bottom in (y + 1.0, y + 4.0, y - 2.0):
        if taken.room(left, bottom, text):
            yield Word((left, bottom), text, role)
            return
