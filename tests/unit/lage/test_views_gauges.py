# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a series of readings means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.kinds.model import Record
from lage.views.gauges import HYSTERESIS, GaugeView, assess
from sync.schema.definition import EntityId, Value

NOW = 1_000_000
THRESHOLDS: dict[str, Value] = {"info1": 300, "info2": 400, "info3": 500}


def gauge(**values: Value) -> Record:
    """The Stammdaten of a gauge."""
    return Record(EntityId(1, 1), "gauge", 1, 0, 0, 0, {"name": "Greven", **values})


def series(*values: int, step: int = 900, end: int = NOW) -> list[Record]:
    """Readings a quarter of an hour apart, newest first, the last one now."""
    count = len(values)
    return [
        Record(
            EntityId(1, 10 + index),
            "reading",
            1,
            end - (count - 1 - index) * step,
            0,
            0,
            {"gauge": "Greven", "value": value},
        )
        for index, value in enumerate(values)
    ][::-1]


def look(*values: int, now: int = NOW, **master: Value) -> GaugeView:
    """The view of such a series."""
    return assess("Greven", gauge(**(THRESHOLDS | master)), series(*values), now)


def test_trend_and_forecast() -> None:
    """Ten centimetres a quarter of an hour are forty an hour; the line is continued."""
    view = look(250, 260, 270, 280, 290)
    assert view.trend_per_hour == pytest.approx(40)
    assert view.next_threshold == 300
    assert view.latest is not None
    assert view.reached_at == view.latest.time + 900
    assert view.arrow == "+"


def test_one_reading_has_no_trend() -> None:
    """One point is no line; nothing is made up."""
    view = look(250)
    assert view.trend_per_hour is None
    assert view.reached_at is None
    assert view.arrow == "?"


def test_falling_reaches_nothing() -> None:
    """A falling level has no time at which it reaches a threshold."""
    view = look(290, 280, 270)
    assert view.reached_at is None
    assert view.arrow == "-"


def test_level_with_hysteresis() -> None:
    """A level that swings around a threshold stays reached until it is clearly below."""
    assert look(298, 300).level == 1
    assert look(300, 300 - HYSTERESIS + 1).level == 1
    assert look(300, 300 - HYSTERESIS).level == 0
    assert look(510, 499, 470, 440).level == 2


def test_impossible_values_are_kept_and_marked() -> None:
    """Out of range or with a leap that nothing confirms: shown, doubtful, without effect."""
    view = look(250, 251, 950, 252, 253)
    assert [r.plausible for r in view.readings[::-1]] == [True, True, False, True, True]
    assert view.level == 0
    ranged = look(250, -40, 251, minimum=0, maximum=900)
    assert [r.value for r in ranged.readings if not r.plausible] == [-40]


def test_a_confirmed_leap_is_believed() -> None:
    """A wave is a leap that the next reading confirms."""
    assert all(r.plausible for r in look(250, 420, 425).readings)


def test_stale() -> None:
    """Silent for three expected intervals; six hours where none is known."""
    assert look(250, interval=15, now=NOW + 46 * 60).stale
    assert not look(250, interval=15, now=NOW + 44 * 60).stale
    assert look(250, now=NOW + 6 * 3600 + 1).stale
    assert not assess("x", gauge(), [], NOW).stale


def test_decimals_and_unit() -> None:
    """Values are whole numbers in the gauge's decimals, shown with a German comma."""
    view = look(1234, decimals=2, unit="m")
    assert (view.show(1234), view.unit) == ("12,34", "m")
    assert view.show(None) == "unbekannt"


@settings(max_examples=100, derandomize=True, deadline=None)
@given(values=st.lists(st.integers(-(2**30), 2**30), max_size=30))
def test_any_series_has_a_view(values: list[int]) -> None:
    """Whatever a sensor sends, the view is there and the level between 0 and 3."""
    view = assess("x", gauge(**THRESHOLDS), series(*values), NOW)
    assert 0 <= view.level <= 3
    assert len(view.readings) == len(values)


def test_one_alarm_for_one_flood() -> None:
    """The moment of crossing names the alarm: swinging keeps it, a new rise is a new one."""
    swinging = look(290, 305, 298, 306, 301)
    assert [(c.level, c.rising, c.value) for c in swinging.crossings] == [(1, True, 305)]
    again = look(290, 305, 294, 307)
    assert [c.level for c in again.crossings] == [1, 0, 1]
    assert again.since == NOW
    assert swinging.since == NOW - 3 * 900


def test_leaps_of_other_sensors_are_believed() -> None:
    """How fast rain or soil moisture may change is not known: only the range judges them."""
    view = look(0, 400, 20, unit="mm", quantity="Niederschlag")
    assert all(reading.plausible for reading in view.readings)
