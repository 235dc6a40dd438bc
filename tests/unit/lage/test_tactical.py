# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Times and strengths as staffs write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.language.epoch import from_unix
from lage.language.errors import UsageError
from lage.language.strength import parse_strength
from lage.language.tactical import age, clock, parse_time, tactical
from tests.fixtures import START

NOW = from_unix(START)


@pytest.mark.parametrize(
    "typed",
    [
        "241530nov26",
        "24 1530 nov 26",
        "1530",
        "15:30",
        "15:30 Uhr",
        "24.11. 15:30",
        "241530",
        "Di 24.11.26 15:30",
        "Dienstag, 24.11.2026, 15:30 Uhr",
    ],
)
def test_ways_to_write_one_moment(typed: str) -> None:
    """Half past three on 24 November 2026, as hands write it."""
    assert tactical(parse_time(typed, NOW + 600)) == "241530nov26"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("vor 20 min", "241510nov26"),
        ("in 2 h", "241730nov26"),
        ("gestern 23:10", "232310nov26"),
        ("morgen 0610", "250610nov26"),
        ("0005", "250005nov26"),
        ("011200mär27", "011200mrz27"),
        ("24:00", "250000nov26"),
        ("31.12.2026 24:00", "010000jan27"),
    ],
)
def test_relative_and_near_times(typed: str, shown: str) -> None:
    """Relative times count from now; a bare clock time is the nearest one."""
    at = NOW if typed != "0005" else NOW + 8 * 3600
    assert tactical(parse_time(typed, at)) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "25:00",
        "320000nov26",
        "bald",
        "24.13. 10:00",
        "24:01",
        "Di 15:30",
        "31.12.9999 24:00",
        "9" * 50,
    ],
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    """The refusal says what would be right."""
    with pytest.raises(UsageError, match="241530nov26"):
        parse_time(typed, NOW)


def test_repeated_hour_of_the_clock_change() -> None:
    """The second half past two of 25 October 2026 is written with B."""
    first = parse_time("250230okt26", NOW)
    second = parse_time("250230okt26B", NOW)
    assert second - first == 3600
    assert (tactical(first), tactical(second)) == ("250230okt26", "250230okt26B")


def test_a_clock_time_within_the_repeated_hour_is_the_nearest() -> None:
    """At the second 02:35 a bare 0230 was five minutes ago; A means the hour before."""
    now = parse_time("250235okt26B", NOW)
    assert tactical(parse_time("0230", now)) == "250230okt26B"
    assert tactical(parse_time("0230A", now)) == "250230okt26"
    assert tactical(parse_time("0230", now - 3600)) == "250230okt26"
    assert tactical(parse_time("vor 60 min", now)) == "250235okt26"
    assert tactical(parse_time("0150", now)) == "250150okt26"
    assert clock(now, now) == "02:35B"
    assert age(parse_time("0235A", now), now) == "60 min"


def test_the_hour_left_out_in_spring_is_refused() -> None:
    """Half past two of 28 March 2027 never was; the times around it are."""
    now = parse_time("280600mrz27", NOW)
    for typed in ("0230", "280230mrz27", "28.03.2027 02:30", "280259", "heute 2:00"):
        with pytest.raises(UsageError, match=r"gibt es am 28\.03\.2027 nicht"):
            parse_time(typed, now)
    with pytest.raises(UsageError, match="vor 2026"):
        parse_time("241530nov25", now)
    assert parse_time("0300", now) - parse_time("0159", now) == 60
    assert tactical(parse_time("0230", now + 20 * 3600)) == "290230mrz27"


@settings(max_examples=200, derandomize=True)
@given(minutes=st.integers(0, 5_000_000))
def test_tactical_round_trip(minutes: int) -> None:
    """What is shown can be typed and means the same minute."""
    assert parse_time(tactical(minutes * 60), NOW) == minutes * 60


def test_clock_and_age() -> None:
    """Shown as short as the day allows."""
    assert clock(NOW - 3600, NOW) == "14:30"
    assert clock(NOW - 86400, NOW) == "23. 15:30"
    assert [age(NOW - s, NOW) for s in (10, 700, 7200, 300_000)] == [
        "gerade",
        "11 min",
        "2 h",
        "3 d",
    ]


def test_strength() -> None:
    """1/3/12//16 adds up, with parts unknown the sum is unknown, a wrong sum is refused."""
    assert str(parse_strength("1/3/12")) == "1/3/12//16"
    assert parse_strength("1/?/12//?").total is None
    with pytest.raises(UsageError, match="geht nicht auf"):
        parse_strength("1/3/12//17")
    with pytest.raises(UsageError, match="keine Stärke"):
        parse_strength("viele")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("15 Uhr", "241500nov26"),
        ("15 Uhr 20", "241520nov26"),
        ("24.11. 15 Uhr", "241500nov26"),
        ("24. November 2026, 15:30 Uhr", "241530nov26"),
        ("Di., 24. Nov. 2026 15 Uhr", "241500nov26"),
        ("1. März 2027 06:00", "010600mrz27"),
        ("3. Mai 15:30", "031530mai27"),
    ],
)
def test_full_hours_and_months_in_words(typed: str, meant: str) -> None:
    """As people say and letters write it."""
    assert tactical(parse_time(typed, parse_time("24.11.2026 15:30", 0))) == meant
