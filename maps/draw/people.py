# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many people live in a drawn area: an estimate that says how it was made.

With a census grid the people of all cells whose middle lies in the area are added up; for small
areas (fewer than ``FEW_CELLS`` cells) each cell counts by the share that lies inside. Without a
grid every municipality gives the share of its people that its share of land suggests, which is
coarse: people do not live evenly spread. The figure is always rounded.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from maps.draw.scene import shape_of
from maps.geo.features import Floats
from maps.geo.places import Position
from maps.geo.projection import transformer
from maps.read.census import SECRET, Census
from maps.read.layers import Layers

FEW_CELLS = 10
LEAST_SAID = 10
"""Smaller sums are noise and could point at single households."""


class Method(enum.Enum):
    """How the figure came about."""

    CELL_CENTRES = "cells with their middle inside"
    CELL_SHARES = "cells by the share inside"
    MUNICIPAL_SHARES = "municipalities by the share inside"


@dataclass(frozen=True, slots=True)
class PeopleEstimate:
    """People in an area."""

    people: int  # rounded; 0 where nobody is recorded
    method: Method
    cells: int  # census cells that counted, 0 without a grid
    secret_cells: int  # inhabited cells whose figure is not published, counted as nobody
    area_km2: float
    outside_share: float  # part of the area where no population is known, 0..1


def people_in(corners: Sequence[Position], layers: Layers) -> PeopleEstimate:
    """Estimate the people living within a ring of corners (closed by itself).

    A ring of fewer than three corners has no area and nobody in it.
    """
    shape = shape_of(tuple(corners))
    area = float(shapely.area(shape))
    shares = shapely.area(shapely.intersection(layers.shapes, shape))
    outside = max(0.0, 1 - float(shares.sum()) / area) if area else 0.0
    if layers.census is not None:
        people, method, cells, secret = _from_census(shape, layers.census)
        return PeopleEstimate(_rounded(people), method, cells, secret, area / 1e6, outside)
    whole = shapely.area(layers.shapes)
    figures = np.array([town.population or 0 for town in layers.municipalities])
    people = float((figures * shares / whole).sum())
    return PeopleEstimate(_rounded(people), Method.MUNICIPAL_SHARES, 0, 0, area / 1e6, outside)


def _from_census(
    shape: shapely.geometry.base.BaseGeometry, census: Census
) -> tuple[float, Method, int, int]:
    """(people, method, cells that counted, cells kept secret)."""
    outline = shapely.transform(shape, _to_census_grid)
    if outline.is_empty:
        return 0.0, Method.CELL_CENTRES, 0, 0
    shapely.prepare(outline)
    half = census.cell_m / 2
    west, south, east, north = shapely.bounds(outline)
    near = (
        (census.east > west - half)
        & (census.east < east + half)
        & (census.north > south - half)
        & (census.north < north + half)
    )
    x, y, people = census.east[near], census.north[near], census.people[near]
    inside = shapely.contains_xy(outline, x, y)
    method, weights = Method.CELL_CENTRES, inside.astype(np.float64)
    if int(inside.sum()) < FEW_CELLS:
        method = Method.CELL_SHARES
        cells = shapely.box(x - half, y - half, x + half, y + half)
        weights = shapely.area(shapely.intersection(cells, outline)) / census.cell_m**2
    known = people != SECRET
    counted = weights > 0
    total = float((people * weights)[known].sum())
    return total, method, int((counted & known).sum()), int((counted & ~known).sum())


def _to_census_grid(points: Floats) -> Floats:
    east, north = transformer(25832, 3035).transform(points[:, 0], points[:, 1])
    return np.column_stack([east, north])


def _rounded(people: float) -> int:
    """Two leading digits, never finer than tens; below ten as it is, to be called "unter 10"."""
    whole = round(people)
    if whole < LEAST_SAID:
        return whole
    step = max(10, int(10 ** (len(str(whole)) - 2)))
    return round(people / step) * step
