# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When somebody is told of a gauge: each crossing once, no flood of letters, silence once."""

from __future__ import annotations

import json
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from lage.kinds.outside import BOTH, FALLING, RISING, WAYS
from lage.outside.crossing import DAY_MAX, DAY_S, PATIENCE_S, Known, Measured, News, told

MARK, SLACK = 300.0, 5.0
NOON = 1_795_863_600


def news_of(
    values: Iterable[float | None], way: str = BOTH, every: int = 900, *, stale: bool = False
) -> list[str]:
    """What is told while a level takes these values, one each quarter of an hour."""
    known, found = Known(), []
    for step, value in enumerate(values):
        measured = None if value is None else Measured(value, stale)
        known, news = told(known, measured, MARK, SLACK, way, NOON + step * every)
        known = Known.from_list(json.loads(json.dumps(known.to_list())))
        if news is not None:
            found.append(f"{step} {news.value}")
    return found


def test_each_crossing_is_told_once_and_only_what_was_ordered() -> None:
    """Reached at the mark, left five below it; who ordered one direction hears no other."""
    flood = [290, 299, 300, 340, 300, 296, 295, 280, 301]
    assert news_of(flood) == ["2 over", "6 under", "8 over"]
    assert news_of(flood, RISING) == ["2 over", "8 over"]
    assert news_of(flood, FALLING) == ["6 under"]


def test_who_orders_late_is_told_that_it_is_so_already() -> None:
    """High water at once; a level that is below the mark already is no news."""
    assert news_of([350, 350]) == ["0 over"]
    assert news_of([350, 290], FALLING) == ["1 under"]
    assert news_of([200, 200]) == []


def test_a_level_that_swings_around_its_mark_is_one_letter() -> None:
    """Waves within the slack are none; larger ones stop at the day's limit, and what then is true
    is told as soon as there is room."""
    assert news_of([300, 298, 301, 297, 300] * 40) == ["0 over"]
    wild = news_of([310, 290] * 40, every=600)
    assert len(wild) == DAY_MAX
    known = Known(over=False, sent=tuple(NOON - n for n in range(DAY_MAX)))
    known, news = told(known, Measured(310), MARK, SLACK, BOTH, NOON)
    assert (known.over, news) == (False, None)
    known, news = told(known, Measured(310), MARK, SLACK, BOTH, NOON + DAY_S)
    assert (known.over, news) == (True, News.OVER)


def test_silence_is_told_once_and_an_old_crossing_still_is() -> None:
    """After an hour without a value, not again within a day; a late value tells its crossing."""
    assert news_of([200, *[None] * 20]) == ["5 silent"]
    assert news_of([200, *[None, None, 200] * 10]) == []
    assert news_of([200, *([None] * 6 + [200]) * 4]) == ["5 silent"], "a sensor that comes and goes"
    assert news_of([None] * (DAY_S // 900 + 10)) == ["4 silent"], "one period is one letter"
    assert news_of([350], stale=True) == ["0 over"]
    known, news = told(Known(), Measured(310), None, SLACK, BOTH, NOON)  # its mark was taken away
    assert news is None
    assert told(known, Measured(310), None, SLACK, BOTH, NOON + PATIENCE_S)[1] is News.SILENT


@given(
    st.lists(st.one_of(st.none(), st.floats(200, 400)), max_size=300),
    st.sampled_from(WAYS),
    st.integers(1, 7200),
)
def test_never_more_than_the_days_limit(
    values: list[float | None], way: str, every: int
) -> None:  # fmt: skip
    """Whatever a gauge does; and nothing but what was ordered."""
    found = news_of(values, way, every)
    steps = [int(each.split()[0]) * every for each in found]
    for at in steps:
        assert sum(at - DAY_S < other <= at for other in steps) <= DAY_MAX
    assert not (way == RISING and any("under" in each for each in found))
    assert not (way == FALLING and any("over" in each for each in found))


@settings(max_examples=40)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), st.lists))
def test_reading_what_is_known_is_total(said: object) -> None:
    """Anything but what was written counts as nothing known."""
    assert isinstance(Known.from_list(said), Known)
