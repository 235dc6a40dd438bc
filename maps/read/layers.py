# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Boundaries, places and waters, ready to be asked and drawn.

``Layers`` is built once from features (shipped ones, then packs from a folder) and not changed
afterwards; it holds projected shapes, edge arrays for the canvas and a spatial index. An imported
set of municipalities replaces the shipped one as a whole, because two sets of boundaries would
leave gaps between them; the same holds for neighbours, waters, streets and buildings. Places, lines
and areas add up.

Questions take and give ``Position``; arrays are metres in EPSG:25832.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from maps.geo.errors import OutsideAreaError
from maps.geo.features import Feature, FeatureLayer, Floats
from maps.geo.places import GridPoint, Position, distance, from_grid, to_grid
from maps.read.area import county_of, key_of
from maps.read.builtin import ATTRIBUTION, builtin_features
from maps.read.sheet import Sheet
from maps.read.streets import Streets, streets_of

if TYPE_CHECKING:
    from maps.read.census import Census
    from maps.read.sheet import Bounds

_REPLACED_AS_A_WHOLE = (
    FeatureLayer.MUNICIPALITY,
    FeatureLayer.NEIGHBOUR,
    FeatureLayer.WATER,
    FeatureLayer.ROAD,
    FeatureLayer.BUILDING,
)
PLACE_NEAR_M = 15_000
"""A place farther away does not describe a position."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A town or municipality of the county; ``None`` means not known."""

    ags: str  # official key, 8 digits
    name: str
    kind: str  # "Stadt" or "Gemeinde"
    population: int | None
    area_km2: float  # of the boundary as drawn
    centre: Position


@dataclass(frozen=True, slots=True)
class Place:
    """A named settlement."""

    name: str
    ags: str
    population: int | None
    position: Position


class Layers:
    """The map's ground. Build with ``load_layers`` or from features."""

    def __init__(
        self,
        features: Sequence[Feature],
        *,
        census: Census | None = None,
        attribution: Sequence[str] = ATTRIBUTION,
    ) -> None:
        towns = _of(features, FeatureLayer.MUNICIPALITY)
        self.municipalities = tuple(_municipality(feature) for feature in towns)
        self.shapes = np.array([feature.shape for feature in towns], dtype=object)
        self.neighbours = tuple(_of(features, FeatureLayer.NEIGHBOUR))
        self.waters = tuple(_of(features, FeatureLayer.WATER))
        self.lines = tuple(_of(features, FeatureLayer.LINE))
        self.areas = tuple(_of(features, FeatureLayer.AREA))
        self.roads = tuple(_of(features, FeatureLayer.ROAD))
        place_features = _of(features, FeatureLayer.PLACE)
        self.places = tuple(_place(feature) for feature in place_features)
        self.census = census
        self.attribution = tuple(attribution)
        county = _of(features, FeatureLayer.COUNTY)
        self.area = county_of(features)
        self.county = county[-1].shape if county else shapely.union_all(list(self.shapes))
        self._sheets: dict[FeatureLayer, Sheet] = {
            layer: Sheet(layer, (feature for feature in features if feature.layer is layer))
            for layer in FeatureLayer
            if layer not in (FeatureLayer.COUNTY, FeatureLayer.PLACE)
        }
        self._sheets[FeatureLayer.COUNTY] = Sheet(
            FeatureLayer.COUNTY, [Feature(FeatureLayer.COUNTY, self.area.name, self.county)]
        )
        self.town_points = _points(feature.centre or _inside(feature) for feature in towns)
        self.neighbour_points = _points(
            feature.centre or _inside(feature) for feature in self.neighbours
        )
        self.place_points = _points(_inside(feature) for feature in place_features)
        self._tree = shapely.STRtree(list(self.shapes))
        self._by_ags = {town.ags: town for town in self.municipalities}

    @cached_property
    def streets(self) -> Streets:
        """The named streets of the county; worked out when somebody asks."""
        return streets_of(self.roads, [town.name for town in self.municipalities], self.owners)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the county in metres of EPSG:25832."""
        west, south, east, north = shapely.bounds(self.county)
        return float(west), float(south), float(east), float(north)

    def centre(self) -> Position:
        """The middle of the county."""
        west, south, east, north = self.bounds
        return _position((west + east) / 2, (south + north) / 2)

    def edges(self, layer: FeatureLayer, bounds: Bounds, cell_m: float) -> Floats:
        """Edges (n, 4) to draw within bounds at a scale; some of them may lie beyond."""
        return self._sheets[layer].edges(bounds, cell_m)

    def names(
        self, layer: FeatureLayer, bounds: Bounds, cell_m: float, spacing_m: float
    ) -> Iterator[tuple[str, float, float]]:
        """(name, east, north) along the named lines in sight, ``spacing_m`` apart."""
        return self._sheets[layer].names(bounds, cell_m, spacing_m)

    def municipality(self, ags: str) -> Municipality | None:
        """The municipality with that key."""
        return self._by_ags.get(ags)

    def owners(self, points: Floats) -> npt.NDArray[np.intp]:
        """Index into ``municipalities`` for each point (n, 2); -1 outside the county."""
        result = np.full(len(points), -1, dtype=np.intp)
        which, town = self._tree.query(shapely.points(points), predicate="intersects")
        result[which[::-1]] = town[::-1]  # on a shared edge the first one wins
        return result

    def municipality_at(self, position: Position) -> Municipality | None:
        """The municipality that a position lies in; None outside the county."""
        if not position.covered:
            return None
        point = to_grid(position)
        index = int(self.owners(np.array([[point.east, point.north]]))[0])
        return self.municipalities[index] if index >= 0 else None

    def neighbour_at(self, position: Position) -> str | None:
        """Name of the municipality beyond the county's border; None where no data reach."""
        if not position.covered:
            return None
        point = to_grid(position)
        for feature in self.neighbours:
            if shapely.intersects_xy(feature.shape, point.east, point.north):
                return feature.name
        return None

    def nearest_place(self, position: Position) -> Place | None:
        """The closest place within PLACE_NEAR_M."""
        if not position.covered or not len(self.places):
            return None
        point = to_grid(position)
        squared = np.sum((self.place_points - (point.east, point.north)) ** 2, axis=1)
        place = self.places[int(np.argmin(squared))]
        return place if distance(position, place.position) <= PLACE_NEAR_M else None

    def population(self) -> int:
        """People in the county, municipalities without a figure left out."""
        return sum(town.population or 0 for town in self.municipalities)


def load_layers(folder: Path | None = None, *, ground_only: bool = False) -> Layers:
    """The shipped layers, with the map packs of ``folder`` laid over them in order of names.

    Municipalities of another county in a pack take the place of the whole shipped ground.
    ``ground_only``: boundaries and places, without the streets and waters of packs.
    Raises PackError for a damaged pack: a map that silently lacks a layer would be believed.
    """
    if folder is None:
        return Layers(builtin_features())
    from maps.read.pack import list_packs, read_pack

    packs = [read_pack(path, ground_only=ground_only) for path in list_packs(folder)]
    features = ground_under([pack.features for pack in packs])
    attribution = list(ATTRIBUTION) if features else []
    census = None
    for pack in packs:
        features = overlay(features, pack.features)
        census = pack.census or census
        if pack.attribution and pack.attribution not in attribution:
            attribution.append(pack.attribution)
    return Layers(features, census=census, attribution=attribution)


def ground_under(packs: Sequence[Sequence[Feature]]) -> list[Feature]:
    """What ships, unless the newest boundaries in the packs are those of another county."""
    shipped = builtin_features()
    for features in reversed(packs):
        towns = _of(features, FeatureLayer.MUNICIPALITY)
        if towns:
            return shipped if key_of(towns) == key_of(_of(shipped, towns[0].layer)) else []
    return shipped


def overlay(ground: Sequence[Feature], added: Sequence[Feature]) -> list[Feature]:
    """Features with imported ones over them; figures that the import lacks are kept by key."""
    replaced = {layer for layer in _REPLACED_AS_A_WHOLE if any(f.layer is layer for f in added)}
    if FeatureLayer.MUNICIPALITY in replaced:
        replaced.add(FeatureLayer.COUNTY)  # it is drawn anew as the union of its towns
    known = {f.key: f for f in ground if f.layer is FeatureLayer.MUNICIPALITY}
    kept = [feature for feature in ground if feature.layer not in replaced]
    return kept + [_completed(feature, known.get(feature.key)) for feature in added]


def _completed(feature: Feature, known: Feature | None) -> Feature:
    if known is None or feature.layer is not FeatureLayer.MUNICIPALITY:
        return feature
    return Feature(
        feature.layer,
        feature.name or known.name,
        feature.shape,
        key=feature.key,
        kind=feature.kind or known.kind,
        population=known.population if feature.population is None else feature.population,
        centre=feature.centre or known.centre,
    )


def _of(features: Iterable[Feature], layer: FeatureLayer) -> list[Feature]:
    return [feature for feature in features if feature.layer is layer]


def _inside(feature: Feature) -> tuple[float, float]:
    point = shapely.point_on_surface(feature.shape)
    return float(shapely.get_x(point)), float(shapely.get_y(point))


def _points(points: Iterable[tuple[float, float]]) -> Floats:
    return np.array(list(points), dtype=np.float64).reshape(-1, 2)


def _position(east: float, north: float) -> Position:
    try:
        return from_grid(GridPoint(east, north))
    except OutsideAreaError as error:  # features are checked on import
        raise AssertionError("a feature lies outside the covered area") from error


def _municipality(feature: Feature) -> Municipality:
    return Municipality(
        feature.key,
        feature.name,
        feature.kind,
        feature.population,
        float(shapely.area(feature.shape)) / 1e6,
        _position(*(feature.centre or _inside(feature))),
    )


def _place(feature: Feature) -> Place:
    return Place(feature.name, feature.key, feature.population, _position(*_inside(feature)))
