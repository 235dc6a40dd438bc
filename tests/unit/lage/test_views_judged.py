# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""No doubtful value can show a calm level while the water rises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lage.imports.series import Sample, thinned
from lage.kinds.model import Record
from lage.views.gauges import GaugeView, assess
from lage.views.judged import Doubt
from lage.write.quantity import MISSING
from sync.schema.definition import EntityId, Value

NOW = 1_000_000
DAY = 86_400


def look(*readings: tuple[int, int], **master: Value) -> GaugeView:
    """The view of (seconds from now, value) in the order in which they were entered."""
    rows = [
        Record(
            EntityId(1, 10 + index), "reading", 1, NOW + at, 0, 0, {"gauge": "G", "value": value}
        )
        for index, (at, value) in enumerate(readings)
    ]
    described = {"name": "G", "info1": 300, **master}
    gauge = Record(EntityId(1, 1), "gauge", 1, 0, 0, 0, described)
    return assess("G", gauge, sorted(rows, key=lambda row: (row.time, row.id), reverse=True), NOW)


def test_the_future_hides_nothing() -> None:
    """A value dated next March is doubtful; the level is that of now, and so is the alarm."""
    view = look((-3600, 320), (115 * DAY, 100), (0, 350))

    assert view.latest is not None
    assert (view.latest.value, view.level, view.stale) == (350, 1, False)
    assert [r.doubt for r in view.readings] == [Doubt.FUTURE, None, None]
    assert view.trend_per_hour == pytest.approx(30)


def test_only_the_future_is_silence() -> None:
    """A gauge that has nothing but values from tomorrow has said nothing."""
    view = look((DAY, 100))

    assert (view.latest, view.level, view.stale) == (None, 0, True)


@pytest.mark.parametrize("mark", sorted(MISSING))
@pytest.mark.parametrize("places", [0, 1, 2])
def test_a_mark_of_missing_values_is_no_level(mark: int, places: int) -> None:
    """However often it is repeated, and in whatever decimals the gauge counts."""
    scale = 10**places
    view = look(
        (-1800, 250 * scale), (-900, mark * scale), (-600, mark * scale), (0, mark * scale),
        info1=300 * scale, decimals=places,
    )  # fmt: skip

    assert view.latest is not None
    assert (view.latest.value, view.level) == (250 * scale, 0)


def test_a_correction_replaces_what_it_corrects() -> None:
    """310 for a minute that 410 was entered for before: no Informationswert is reached."""
    view = look((-900, 290), (0, 410), (0, 295))

    assert view.latest is not None
    assert (view.latest.value, view.level) == (295, 0)
    assert [r.doubt for r in view.readings].count(Doubt.CORRECTED) == 1


def test_a_lost_digit_is_no_calm_level() -> None:
    """45 typed for 450 after five hours: not so steep as to leap, yet no fall of water; 45 and 47
    are one."""
    for typed in (((0, 45),), ((0, 450), (0, 45))):
        view = look((-18_000, 345), *typed)
        assert view.latest is not None
        assert (view.latest.value, view.readings[0].doubt) == (345, Doubt.LEAP)
    view = look((-18_000, 345), (-900, 45), (0, 47))
    assert view.latest is not None
    assert view.latest.value == 47
    view = look((-18_000, 90), (0, 15))  # low water falls as it likes
    assert view.latest is not None
    assert view.latest.value == 15


@given(
    st.lists(st.tuples(st.integers(0, 3 * DAY), st.integers(0, 500)), min_size=1, max_size=60),
    st.integers(60, 7200),
)
def test_thinning_keeps_crest_and_newest(values: list[tuple[int, int]], spacing: int) -> None:
    """The highest value of all and the last one stay, whatever is left out."""
    ordered = [Sample(at, value) for at, value in sorted(values)]

    kept = thinned(ordered, spacing)

    assert max(s.value for s in kept) == max(s.value for s in ordered)
    assert kept[-1] == ordered[-1]
    assert [s.time for s in kept] == sorted(s.time for s in kept)
    assert set(kept) <= set(ordered)


def test_the_crest_of_an_hour_alarms() -> None:
    """300, 420, 430, 310 within an hour, thinned to hours: the threshold of 400 was reached."""
    samples = [Sample(at * 900, value) for at, value in enumerate((300, 420, 430, 310))]

    assert [s.value for s in thinned(samples, 3600)] == [430, 310]
