# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The county's map with the public gauges, drawn once for the public pages: they colour it."""

from __future__ import annotations

from collections.abc import Sequence

from lage.language.errors import LageError
from lage.station import Station
from lage.views.board import Gauge
from lage.views.chart import Chart, Ground, Name
from maps.draw.plan import Plan, plan
from maps.draw.roles import Role
from maps.draw.scene import Marker, Scene
from maps.geo.places import Position

WIDTH_MM, HEIGHT_MM = 200.0, 160.0
SORTS = {Role.COUNTY: "county", Role.BOUNDARY: "town", Role.WATER: "water"}
"""Of all that lies on the ground; roads would only hide what it is about."""


def public_chart(station: Station, gauges: Sequence[Gauge]) -> Chart:
    """A sheet with the county, its towns and waters, and where the gauges are."""
    try:
        ground = station.ground()
    except LageError:  # a pack that cannot be read is said on the staff's own map
        ground = station.ground(shipped=True)
    markers = tuple(
        Marker((place,), "pegel", Position(*gauge.at))
        for place, gauge in enumerate(gauges)
        if gauge.at is not None
    )
    drawn = plan(Scene(ground, markers), WIDTH_MM, HEIGHT_MM)
    return Chart(
        drawn.width,
        drawn.height,
        tuple(_ground(drawn)),
        tuple(Name(*word.at, word.text) for word in drawn.words if word.role is Role.LABEL),
        tuple((gauges[symbol.marker.key[0]].key, *symbol.at) for symbol in drawn.symbols),
        ground.attribution,
    )


def _ground(drawn: Plan) -> list[Ground]:
    return [
        Ground(sort, tuple(line.points for line in drawn.ground if line.role is role))
        for role, sort in SORTS.items()
    ]
