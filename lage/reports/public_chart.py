# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The county's map with public gauges, shelters and supply points, drawn once for the public pages:
they colour it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lage.language.errors import LageError
from lage.station import Station
from lage.views.board import Board
from lage.views.chart import SIGNS_MAX, Chart, Ground, Name, Spot
from maps.draw.plan import NAMED_FROM_M, Plan, plan
from maps.draw.roles import Role
from maps.draw.scene import Marker, Scene
from maps.draw.spread import spread
from maps.geo.places import Position

SHEETS_MM = ((30, (120.0, 96.0)), (1_000_000, (200.0, 160.0)))
"""So many signs at most on a sheet of that size: the fewer, the larger they are on a telephone."""
LEAST_M = 24_000.0
"""Of ground from side to side at least: towns around tell people where they are."""
APART_MM = 9.5
"""Between the middles of signs."""
SORTS = {Role.BOUNDARY: "town", Role.WATER: "water", Role.COUNTY: "county"}
"""Of all that lies on the ground; seen from afar, roads would only hide what it is about."""
NEAR_SORTS = {Role.ROAD: "road", **SORTS}
MAPPED = ("unterkunft", "ausgabe")
"""Topics of the board that the map shows."""
_GAUGE, _ITEM = 0, 1

Spots = tuple[tuple[str, tuple[float, float] | None], ...]


def spots_of(board: Board) -> Spots:
    """What is on the map and where: it is drawn anew only when this changes."""
    shown = [item for item in board.items if item.topic in MAPPED and item.at is not None]
    gauges = [(gauge.key, gauge.at) for gauge in board.gauges]
    return (*gauges, *((item.key, item.at) for item in shown[:SIGNS_MAX]))


def public_chart(station: Station, board: Board) -> Chart:
    """A sheet with the county, its towns and waters, and where gauges and people's places are."""
    try:
        ground = station.ground()
    except LageError:  # a pack that cannot be read is said on the staff's own map
        ground = station.ground(shipped=True)
    items = [item for item in board.items if item.topic in MAPPED and item.at is not None]
    markers = [
        Marker((_GAUGE, place), "pegel", Position(*gauge.at))
        for place, gauge in enumerate(board.gauges)
        if gauge.at is not None
    ]
    markers += [
        Marker((_ITEM, place), "notunterkunft", Position(*item.at))
        for place, item in enumerate(items[:SIGNS_MAX])
        if item.at is not None
    ]
    size = next(size for most, size in SHEETS_MM if len(markers) <= most)
    drawn = plan(Scene(ground, tuple(markers)), *size, least=LEAST_M)
    placed = {symbol.marker.key: symbol.at for symbol in drawn.symbols}
    gauges = [(board.gauges[n].key, *at) for (sort, n), at in placed.items() if sort == _GAUGE]
    return Chart(
        drawn.width,
        drawn.height,
        tuple(_ground(drawn)),
        tuple(Name(*word.at, word.text) for word in drawn.words),
        tuple(gauges),
        ground.attribution,
        tuple(_spots(drawn, gauges, [(items[n].key, *at) for (sort, n), at in sorted(placed.items())
                              if sort == _ITEM])),
    )  # fmt: skip


def _spots(
    drawn: Plan,
    gauges: Sequence[tuple[str, float, float]],
    items: Sequence[tuple[str, float, float]],
) -> list[Spot]:
    """Items aside of each other and of the gauges, which stay where they are."""
    points = np.array([(x, y) for _, x, y in (*gauges[:SIGNS_MAX], *items)], ndmin=2)
    if not items:
        return []
    fixed = min(len(gauges), SIGNS_MAX)
    signs = spread(points, APART_MM, drawn.width, drawn.height, fixed)[fixed:].round(2).tolist()
    return [Spot(key, x, y, *sign) for (key, x, y), sign in zip(items, signs, strict=True)]


def _ground(drawn: Plan) -> list[Ground]:
    sorts = NEAR_SORTS if drawn.metres <= NAMED_FROM_M else SORTS
    return [
        Ground(sort, tuple(line.points for line in drawn.ground if line.role is role))
        for role, sort in sorts.items()
    ]
