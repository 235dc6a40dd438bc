# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the gauges upstream let expect, on a modelled flood: travel time, band, record, silence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lage.kinds.model import Draft
from lage.station import Station
from lage.views.band import HOUR_S, expect
from lage.views.judged import Reading
from tests.bench.floods import flood
from tests.fixtures import FixedClock
from tests.unit.lage.conftest import Terminal

RISING = 290
"""Hour of the winter flood at which the water rises at all three gauges."""


def series(levels: Sequence[int], until: int = RISING) -> list[Reading]:
    """Newest first."""
    return [Reading(h * HOUR_S, levels[h], None, "", 1) for h in range(until, -1, -1)]


@pytest.fixture(scope="module")
def winter() -> dict[str, list[int]]:
    """Levels by gauge."""
    return dict(flood("winter"))


def test_what_passed_upstream_is_still_to_come(winter: dict[str, list[int]]) -> None:
    """Up to the travel time, hour by hour; the level that came lies in the band."""
    band = expect(series(winter["Rheine"]), {"Greven": series(winter["Greven"])})
    assert band is not None
    assert 3 <= band.lag_h <= 12
    assert [p.time // HOUR_S for p in band.points] == [
        RISING + lead for lead in range(1, band.lag_h + 1)
    ]
    assert len(band.errors) == 10
    for point in band.points:
        assert abs(winter["Rheine"][point.time // HOUR_S] - point.middle) <= point.half
        assert point.half >= max(map(abs, band.errors)) or point is not band.points[-1]


def test_no_forecast_knows_its_future(winter: dict[str, list[int]]) -> None:
    """The record of an hour ago is made from what was known then: what follows changes nothing."""
    now = expect(series(winter["Rheine"]), {"Greven": series(winter["Greven"])})
    lied = [*winter["Greven"][: RISING + 1], *[9999] * 50]
    assert expect(series(winter["Rheine"]), {"Greven": series(lied)}) == now


@pytest.mark.parametrize("case", ["downstream", "flat", "alone", "unrelated", "gaps"])
def test_nothing_is_said_without_reason(winter: dict[str, list[int]], case: str) -> None:
    """Of a gauge downstream, without a flood, without neighbours, with too few values."""
    own, other = series(winter["Rheine"]), series(winter["Greven"])
    if case == "downstream":
        own, other = other, own
    elif case == "flat":
        own = series([200] * (RISING + 1))
    elif case == "unrelated":
        other = series([200 + hour * 7919 % 97 for hour in range(RISING + 1)])
    elif case == "gaps":
        other = other[::12]
    assert expect(own, {} if case == "alone" else {"X": other}) is None
    assert expect([], {"X": other}) is None


def test_shown_until_an_authority_speaks(
    lage: Terminal, station: Station, winter: dict[str, list[int]], clock: FixedClock
) -> None:
    """In words and JSON with the record; never beside an official forecast."""
    now = station.now() // HOUR_S * HOUR_S
    drafts = []
    for gauge in ("Rheine", "Greven"):
        drafts.append(Draft("gauge", {"name": gauge, "water": "Ems", "unit": "cm"}))
        for hour in range(RISING - 240, RISING + 1):
            at, value = now - (RISING - hour) * HOUR_S, winter[gauge][hour]
            drafts.append(Draft("reading", {"gauge": gauge, "value": value, "at": at}))
    station.write(drafts)
    shown = " ".join(lage("pegel", "zeigen", "Rheine").split())
    assert "Erwartet nach Greven (Laufzeit" in shown
    assert "letzte 10: ±" in shown
    assert "nicht amtlich" in shown
    told = lage.json("pegel", "zeigen", "Rheine")["band"]
    assert told["nach"] == "Greven"
    assert all(each["von"] < each["mitte"] < each["bis"] for each in told["werte"])
    lage("vorhersage", "eintragen", "Rheine", "--wert", "420", "--zeit", "in 6 h", "--quelle", "X")
    assert lage.json("pegel", "zeigen", "Rheine")["band"] is None
