# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Checking the features of a foreign file, one by one: projected, fitting, repaired, cut, counted.

What was taken is projected to EPSG:25832, simplified to ``SIMPLIFY_M`` (boundaries of
municipalities stay as they are, or gaps would open between them; streets and houses keep more).
Every bad feature is kept with its number and flaw, so that the GIS department can mend all in one
go. What is not wrong but simply elsewhere is left out and counted. Rings that cross themselves are
repaired and counted, because official flood maps have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyproj.exceptions
import shapely

from maps.geo.errors import (
    Fault,
    Flaw,
    ImportRefusedError,
    OutsideAreaError,
    Problem,
    Refusal,
)
from maps.geo.features import Feature, FeatureLayer
from maps.geo.projection import (
    MAP_BOUNDS,
    GridPoint,
    Position,
    from_grid,
    project,
    transformer,
)
from maps.read.area import Bounds
from maps.read.fields import Facts, facts

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SIMPLIFY_M = 5.0
_FINER_M = {FeatureLayer.ROAD: 2.0, FeatureLayer.BUILDING: 1.0}
_TYPES = {
    "Point": FeatureLayer.PLACE,
    "MultiPoint": FeatureLayer.PLACE,
    "LineString": FeatureLayer.LINE,
    "MultiLineString": FeatureLayer.LINE,
    "Polygon": FeatureLayer.AREA,
    "MultiPolygon": FeatureLayer.AREA,
}
_NEEDS = {FeatureLayer.ROAD: FeatureLayer.LINE, FeatureLayer.BUILDING: FeatureLayer.AREA}
Raw = tuple["BaseGeometry | Flaw", dict[str, object]]


@dataclass(slots=True)
class Collected:
    """What a file held."""

    features: list[Feature] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    outside: int = 0
    repaired: int = 0


def collect(
    raws: Iterable[Raw],
    epsg: int,
    region: Bounds | None,
    layer: FeatureLayer | None,
    county_key: str | None,
) -> Collected:
    """Check and project all features; with ``county_key`` they are municipalities.

    What lies outside ``region`` is counted; None takes all. Raises ImportRefusedError for a
    coordinate system that nobody knows.
    """
    _known_grid(epsg)
    collected = Collected()
    for number, (geometry, values) in enumerate(raws, start=1):
        repaired = False
        shape = geometry
        if not isinstance(geometry, Flaw):
            shape = _projected(_one_kind(geometry, mixed=False), epsg)
        if not isinstance(shape, Flaw) and not shapely.is_valid(shape):
            shape, repaired = _repaired(shape), True
        if isinstance(shape, Flaw):
            collected.problems.append(Problem(number, shape))
            continue
        columns = facts(values)
        target = layer or _TYPES[shape.geom_type]
        if county_key is not None:
            target = _municipal_layer(columns, county_key)
        flaw = _misfit(target, shape, columns)
        if flaw is not None:
            collected.problems.append(Problem(number, flaw))
            continue
        shape = _clipped(shape, target, region) if columns.land else shapely.Point()
        if shape.is_empty:
            collected.outside += 1
            continue
        collected.repaired += repaired
        collected.features.append(
            Feature(
                target,
                columns.name,
                shape,
                key=columns.key,
                kind=columns.kind,
                population=columns.people,
            )
        )
    return collected


def place_of(geometry: BaseGeometry | Flaw, epsg: int) -> Position | Flaw:
    """The one place that stands for a shape: the point itself, else one that lies on it.

    Raises ImportRefusedError for a coordinate system that nobody knows.
    """
    _known_grid(epsg)
    shape = geometry if isinstance(geometry, Flaw) else _projected(_one_kind(geometry), epsg)
    if isinstance(shape, Flaw):
        return shape
    point = shapely.point_on_surface(shape)
    try:
        return from_grid(GridPoint(point.x, point.y))
    except OutsideAreaError:
        return Flaw(Fault.OUT_OF_GRID)


def _known_grid(epsg: int) -> None:
    try:
        transformer(epsg, 25832)
    except pyproj.exceptions.ProjError as error:
        raise ImportRefusedError(Refusal.UNKNOWN_GRID) from error


def _projected(geometry: BaseGeometry, epsg: int) -> BaseGeometry | Flaw:
    """The shape in EPSG:25832, or why it cannot be used."""
    if geometry.geom_type not in _TYPES:
        return Flaw(Fault.UNSUPPORTED, geometry.geom_type)
    points = shapely.get_coordinates(geometry)
    if not len(points):
        return Flaw(Fault.EMPTY)
    if not np.isfinite(points).all():
        return Flaw(Fault.NOT_FINITE)
    if epsg == 4326 and (np.abs(points) > (180, 90)).any():
        return Flaw(Fault.NOT_DEGREES)
    shape: BaseGeometry = shapely.transform(
        shapely.force_2d(geometry), lambda xy: project(xy[:, 0], xy[:, 1], epsg)
    )
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return Flaw(Fault.OUT_OF_GRID)
    return shape


def _one_kind(geometry: BaseGeometry, *, mixed: bool = True) -> BaseGeometry:
    """A collection as its parts of the highest dimension together; anything else as it is.

    ``mixed``: also where that leaves out others, as a place may and a map may not.
    """
    if geometry.geom_type != "GeometryCollection":
        return geometry
    parts = [part for part in _leaves(geometry) if not part.is_empty]
    most = max((shapely.get_dimensions(part) for part in parts), default=-1)
    same = [part for part in parts if shapely.get_dimensions(part) == most]
    if not parts or (len(same) < len(parts) and not mixed):
        return geometry
    united: BaseGeometry = shapely.union_all(same)
    return united


def _leaves(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(geometry):
        if part.geom_type == "GeometryCollection":
            yield from _leaves(part)
        else:
            yield part


def _municipal_layer(columns: Facts, county_key: str) -> FeatureLayer:
    ours = columns.key.startswith(county_key)
    return FeatureLayer.MUNICIPALITY if ours else FeatureLayer.NEIGHBOUR


def _misfit(target: FeatureLayer, shape: BaseGeometry, columns: Facts) -> Flaw | None:
    """Why a shape cannot be what it is meant to be; None if it can."""
    natural = _TYPES[shape.geom_type]
    if target in (FeatureLayer.MUNICIPALITY, FeatureLayer.NEIGHBOUR):
        if natural is not FeatureLayer.AREA:
            return Flaw(Fault.MUNICIPALITY_NO_AREA)
        if not columns.key:
            return Flaw(Fault.MUNICIPALITY_KEYLESS)
        if len(columns.key) != 8 or not columns.key.isdigit():
            return Flaw(Fault.MUNICIPALITY_KEY)
        if not columns.name:
            return Flaw(Fault.MUNICIPALITY_NAMELESS)
    elif target is FeatureLayer.WATER:
        if natural is FeatureLayer.PLACE:
            return Flaw(Fault.WATER_IS_POINT)
    elif _NEEDS.get(target, target) is not natural:
        return Flaw(Fault.WRONG_SHAPE, shape.geom_type)
    nameless = target is FeatureLayer.PLACE and not columns.name
    return Flaw(Fault.PLACE_NAMELESS) if nameless else None


def _repaired(shape: BaseGeometry) -> BaseGeometry | Flaw:
    """A polygon whose rings cross, made valid; or why that is impossible."""
    parts = shapely.get_parts(shapely.make_valid(shape))
    polygons = [part for part in parts if part.geom_type.endswith("Polygon")]
    if _TYPES[shape.geom_type] is not FeatureLayer.AREA or not polygons:
        return Flaw(Fault.NO_EXTENT)
    united: BaseGeometry = shapely.union_all(polygons)
    return united


def _clipped(shape: BaseGeometry, target: FeatureLayer, region: Bounds | None) -> BaseGeometry:
    """What is kept of a shape: boundaries whole, points one, others cut and simplified."""
    box = shapely.box(*(MAP_BOUNDS if region is None else region))
    natural = _TYPES[shape.geom_type]
    if not shapely.intersects(shape, box):
        return shapely.Point()
    if natural is FeatureLayer.PLACE:
        return shapely.point_on_surface(shape)
    if target in (FeatureLayer.MUNICIPALITY, FeatureLayer.NEIGHBOUR):
        return shape
    parts = shapely.get_parts(shapely.intersection(shape, box))
    same = [part for part in parts if _TYPES.get(part.geom_type) is natural]
    return shapely.simplify(shapely.union_all(same), _FINER_M.get(target, SIMPLIFY_M))
