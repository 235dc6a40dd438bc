# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of times: what Lage prints reads back, and what is left out means the nearest moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lage.kinds.cards import CARDS
from lage.language.epoch import from_unix
from lage.language.errors import UsageError
from lage.language.tactical import BERLIN, Lean, clock, local, parse_time, tactical
from sync.schema.definition import Moment

YEAR_S = 365 * 86_400
moments = st.integers(60 * 86_400, 20 * YEAR_S).map(lambda seconds: seconds // 60 * 60)
"""Whole minutes from March 2026 on, so that what is near does not lie before the log's time."""


def at(text: str) -> int:
    """Log time of a local time as ISO."""
    return from_unix(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp())


@given(moments, moments)
def test_the_tactical_time_reads_back(moment: int, now: int) -> None:
    """In every month and through every change of clocks."""
    assert parse_time(tactical(moment), now) == moment


@given(moments, st.integers(-14 * 86_400, 14 * 86_400))
def test_what_lists_print_reads_back(moment: int, ahead: int) -> None:
    """Whatever the day, month or year, within a fortnight of now either way."""
    now = moment + ahead
    shown = clock(moment, now)
    # Of a bare time of the same day beyond twelve hours the other day's is nearer.
    assume("." in shown or abs(ahead) < 12 * 3_600)

    assert parse_time(shown, now) == moment


@given(moments)
def test_a_year_that_is_another_is_shown(now: int) -> None:
    """400 days later the year stands there, and reads back."""
    shown = clock(now, now + 400 * 86_400)

    assert f"{local(now):%d.%m.%y}" in shown
    assert parse_time(shown, now + 400 * 86_400) == now


@given(moments, st.integers(1, 31), st.integers(1, 12), st.integers(0, 23), st.integers(0, 59))
def test_without_a_year_it_is_the_nearest(
    now: int, day: int, month: int, hour: int, minute: int
) -> None:
    """No other year of that day lies nearer."""
    try:
        found = parse_time(f"{day}.{month}. {hour}:{minute:02}", now)
    except UsageError:
        return
    here = local(found)
    assert (here.day, here.month, here.hour, here.minute) == (day, month, hour, minute)
    assert abs(found - now) <= 366 * 86_400 / 2 + 86_400 or month == 2


@pytest.mark.parametrize(
    ("now", "typed", "meant"),
    [
        ("2027-01-01T08:00", "31.12. 23:50", "2026-12-31T23:50"),
        ("2026-12-31T20:00", "01.01. 06:00", "2027-01-01T06:00"),
        ("2026-12-31T20:00", "010600", "2027-01-01T06:00"),
        ("2027-03-01T09:00", "281530", "2027-02-28T15:30"),
        ("2027-01-02T01:00", "30.12. 01:05", "2026-12-30T01:05"),
        ("2027-03-01T09:00", "28. 15:30", "2027-02-28T15:30"),
        ("2026-11-24T15:30", "24.11.2026, 15:30:05 Uhr", "2026-11-24T15:30:05"),
        ("2026-11-24T15:30", "24.11.26 15:30 Uhr", "2026-11-24T15:30"),
        ("2026-11-24T15:30", "2026-11-24T15:30:05", "2026-11-24T15:30:05"),
        ("2026-11-24T15:30", "2026-11-24 15:30", "2026-11-24T15:30"),
        ("2026-11-24T15:30", "2026-11-24T14:30:00Z", "2026-11-24T15:30"),
        ("2026-11-24T15:30", "2026-11-24T15:30:00.123+01:00", "2026-11-24T15:30"),
        ("2026-11-24T15:30", "2026-11-24T15:30+0100", "2026-11-24T15:30"),
        ("2026-11-24T15:30", "heute, 15:30 Uhr", "2026-11-24T15:30"),
        ("2026-11-24T15:30", "15:30:59", "2026-11-24T15:30:59"),
    ],
)
def test_as_people_and_programs_write(now: str, typed: str, meant: str) -> None:
    """Around the turn of month and year, and in the spellings of other programs."""
    assert parse_time(typed, at(now)) == at(meant)


@pytest.mark.parametrize(
    "typed",
    ["0001-01-01 00:00", "0001-01-01T00:00:00Z", "31.12.1899 00:00", "24.11.2025 15:30",
     "2026-02-30 12:00", "٢٤.١١. ١٥:٣٠", "32.01. 10:00", "31.02. 10:00", "24.11. 15:30:99"],
)  # fmt: skip
def test_what_cannot_be_is_refused(typed: str) -> None:
    """Before the log's time, days that do not exist, digits of other scripts."""
    with pytest.raises(UsageError):
        parse_time(typed, at("2026-11-24T15:30"))


def test_every_hour_of_both_changes_of_clocks() -> None:
    """All minutes around the changes of 2026 and 2027 print and read back."""
    for start in ("2026-10-25T00:00", "2027-03-28T00:00", "2026-12-31T22:00", "2028-02-28T22:00"):
        begin = at(start)
        for minutes in range(0, 300, 10):
            moment = begin + minutes * 60
            for now in (moment, moment + 3_600, begin + int(timedelta(hours=5).total_seconds())):
                assert parse_time(clock(moment, now), now) == moment
                assert parse_time(tactical(moment), now) == moment


@given(moments, st.integers(0, 23), st.integers(0, 59))
def test_what_happened_lies_in_the_past(now: int, hour: int, minute: int) -> None:
    """Of a bare time the last one, up to the hour that a clock may be slow; the next of a plan."""
    typed = f"{hour}:{minute:02}"
    try:
        happened, planned = (parse_time(typed, now, lean) for lean in (Lean.PAST, Lean.FUTURE))
    except UsageError:  # the hour that the clocks leave out
        return

    assert -25 * 3_600 <= happened - now <= 3_600
    assert -300 <= planned - now <= 25 * 3_600


@given(moments, st.integers(0, 300 * 1_440))
def test_the_past_reads_back_as_lists_print_it(moment: int, later: int) -> None:
    """Ten months later too, in every month and through every change of clocks."""
    later *= 60
    assume(moment - later > 60 * 86_400)
    shown = clock(moment - later, moment)
    assume("." in shown or later < 23 * 3_600)

    assert parse_time(shown, moment, Lean.PAST) == moment - later


@pytest.mark.parametrize(
    ("now", "typed", "happened", "planned"),
    [
        ("2026-11-24T20:00", "7:30", "2026-11-24T07:30", "2026-11-25T07:30"),
        ("2026-11-24T20:00", "0200", "2026-11-24T02:00", "2026-11-25T02:00"),
        ("2026-11-24T20:00", "22:15", "2026-11-23T22:15", "2026-11-24T22:15"),
        ("2026-11-24T20:00", "20:30", "2026-11-24T20:30", "2026-11-24T20:30"),
        ("2026-11-24T08:00", "7:30", "2026-11-24T07:30", "2026-11-25T07:30"),
        ("2026-11-24T23:50", "00:10", "2026-11-25T00:10", "2026-11-25T00:10"),
        ("2026-11-24T20:00", "30. 10:00", "2026-10-30T10:00", "2026-11-30T10:00"),
        ("2026-11-24T20:00", "301000", "2026-10-30T10:00", "2026-11-30T10:00"),
        ("2026-12-31T20:00", "01.01. 06:00", "2027-01-01T06:00", "2027-01-01T06:00"),
        ("2026-11-24T20:00", "20.11. 12:00", "2026-11-20T12:00", "2026-11-20T12:00"),
        ("2027-11-20T20:00", "20.5. 10:00", "2027-05-20T10:00", "2028-05-20T10:00"),
        ("2026-11-24T20:00", "morgen 7:30", "2026-11-25T07:30", "2026-11-25T07:30"),
    ],
)
def test_what_is_left_out_depends_on_what_is_asked(
    now: str, typed: str, happened: str, planned: str
) -> None:
    """The past of what happened, the future of a plan; a day that is said is that day."""
    assert parse_time(typed, at(now), Lean.PAST) == at(happened)
    assert parse_time(typed, at(now), Lean.FUTURE) == at(planned)


def test_every_time_of_every_form_leans() -> None:
    """What has happened and what is planned, of all kinds; a new field is put here on purpose."""
    times = {
        (kind, field.name): card.lies_ahead(field.name)
        for kind, card in CARDS.items()
        for field in card.kind.fields
        if isinstance(field.type, Moment)
    }
    assert {place for place, ahead in times.items() if ahead} == {
        ("forecast", "at"), ("unit", "relief"), ("supply_state", "until"), ("helper", "since"),
        ("helper", "delete_at"), ("assignment", "at"), ("task", "due"), ("request", "due"),
        ("road_closure", "until"), ("notice", "until"), ("appeal", "until"),
    }  # fmt: skip
    assert {name for (_, name), ahead in times.items() if not ahead} == {
        "at", "begin", "ended", "issued", "since", "until"
    }  # fmt: skip
