# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One layer of the map made ready for drawing: its edges and names, by scale and by place.

A county has a million corners of streets and houses, a window shows a few thousand. So shapes are
split into single parts that a spatial index finds, and what is too small for a scale (houses from
afar) is not even looked up. From ``OVERVIEW_CELL_M`` on edges are simplified by half a dot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from maps.geo.features import Feature, FeatureLayer, Floats, segments_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


Bounds = tuple[float, float, float, float]
"""West, south, east, north."""

OVERVIEW_CELL_M = 300.0
OVERVIEW_M = 75.0
"""From that width of a cell on, shapes are drawn simplified by half a dot."""

SEEN_FROM_M = {
    "Hauptstraße": 600.0,
    "Nebenstraße": 150.0,
    "Bach": 60.0,
    "Teich": 60.0,
    "Straße": 40.0,
    "Weg": 15.0,
    "Gebäude": 8.0,
}
"""By ``Feature.kind``: the widest cell in metres at which such a thing is drawn; others always."""

_SIMPLIFIED = (FeatureLayer.WATER, FeatureLayer.LINE, FeatureLayer.AREA, FeatureLayer.ROAD)


@dataclass(frozen=True, slots=True)
class _Grade:
    """Parts that are seen from one scale on; edges stand in order of the parts."""

    cell_max_m: float
    parts: npt.NDArray[np.object_]
    names: Sequence[str]
    tree: shapely.STRtree
    edges: Floats
    first: npt.NDArray[np.intp]  # of a part's edges; one more at the end
    overview: Floats


class Sheet:
    """Features of one layer. Build once; ask for every picture."""

    def __init__(self, layer: FeatureLayer, features: Iterable[Feature]) -> None:
        by_scale: dict[float, list[Feature]] = {}
        for feature in features:
            by_scale.setdefault(SEEN_FROM_M.get(feature.kind, np.inf), []).append(feature)
        self._grades = [_grade(layer, scale, of_scale) for scale, of_scale in by_scale.items()]

    def edges(self, bounds: Bounds, cell_m: float) -> Floats:
        """Edges (n, 4) of the parts near these bounds that are seen at that scale."""
        found = [np.empty((0, 4))]
        for grade in self._grades:
            if cell_m > grade.cell_max_m:
                continue
            if cell_m >= OVERVIEW_CELL_M:
                found.append(grade.overview)
                continue
            near = np.sort(grade.tree.query(shapely.box(*bounds)))
            if 2 * len(near) > len(grade.parts):
                found.append(grade.edges)
            else:
                found += [grade.edges[grade.first[i] : grade.first[i + 1]] for i in near]
        return np.concatenate(found)

    def names(
        self, bounds: Bounds, cell_m: float, spacing_m: float
    ) -> Iterator[tuple[str, float, float]]:
        """(name, east, north) along the named parts: in the middle between multiples of spacing."""
        for grade in self._grades:
            if cell_m > grade.cell_max_m:
                continue
            for index in np.sort(grade.tree.query(shapely.box(*bounds))):
                name, line = grade.names[index], _outline(grade.parts[index])
                if not name:
                    continue
                places = np.arange(spacing_m / 2, shapely.length(line), spacing_m)
                points = shapely.line_interpolate_point(line, places)
                for east, north in shapely.get_coordinates(points).tolist():
                    yield name, east, north


def _grade(layer: FeatureLayer, scale: float, features: Sequence[Feature]) -> _Grade:
    shapes = [feature.shape for feature in features]
    parts, owner = shapely.get_parts(shapes, return_index=True)
    edges, of_part = segments_of(parts)
    coarse = edges
    if layer in _SIMPLIFIED:
        coarse = segments_of(shapely.simplify(parts, OVERVIEW_M))[0]
    return _Grade(
        scale,
        parts,
        [features[index].name for index in owner.tolist()],
        shapely.STRtree(parts),
        edges,
        np.searchsorted(of_part, np.arange(len(parts) + 1)),
        coarse,
    )


def _outline(part: BaseGeometry) -> BaseGeometry:
    return shapely.get_exterior_ring(part) if part.geom_type == "Polygon" else part
