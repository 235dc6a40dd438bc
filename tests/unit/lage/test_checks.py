# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether the expected has come: the very thing, by the right staff, in time; never nearly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lage.exercise.checks import met
from lage.exercise.script.model import Check, Condition, Pattern, State
from lage.kinds.model import Query
from lage.station import Station
from lage.write import commands
from tests.fixtures import FixedClock

GIVEN_S = 600
LATER_S = 120

INCIDENT = Pattern("incident", by=("SAE Rheine",), contains=("elte",), fields={"type": "Brand"})
"""What is expected; the staff writes just that."""


def seen(station: Station, pattern: Pattern, within: float | None = 5) -> int | None:
    """Second at which the check is met, of an inject that was given at X+10."""
    start = station.now() - GIVEN_S - LATER_S
    check = Check(pattern, within)
    found = met(check, GIVEN_S, lambda _: [(station, 500)], start, lambda _: None)
    return None if found is None else found[0]


def wrote(station: Station, clock: FixedClock, kind: str = "incident", **fields: str) -> None:
    """The staff does it two minutes after the inject."""
    clock.advance(LATER_S)
    given = {"type": "Brand", "text": "Scheune", "place": "Elte", **fields}
    station.write(commands.enter(kind, given, station.parse_context()))


def test_the_very_thing_is_seen_at_its_time(station: Station, clock: FixedClock) -> None:
    """However it is spelled, by the second at which it was written."""
    assert seen(station, INCIDENT) is None

    wrote(station, clock)

    assert seen(station, INCIDENT) == GIVEN_S + LATER_S


@pytest.mark.parametrize(
    ("change", "within"),
    [
        ({"by": ("SAE Greven",)}, 5),
        ({"contains": ("elte", "strom")}, 5),
        ({"fields": {"type": "Überflutung"}}, 5),
        ({"kind": "journal", "fields": {}}, 5),
        ({"action": "change", "by": ()}, 5),
        ({}, 1.5),
    ],
)
def test_nearly_is_not_done(
    station: Station, clock: FixedClock, change: dict[str, object], within: float
) -> None:
    """Another staff, word, value, kind; written where something had to be changed; too late."""
    wrote(station, clock)

    assert seen(station, replace(INCIDENT, **change), within) is None  # type: ignore[arg-type]


def test_what_was_there_before_does_not_count(station: Station, clock: FixedClock) -> None:
    """Only what comes after the inject is a reaction to it."""
    clock.advance(-LATER_S * 2)
    wrote(station, clock)
    clock.advance(LATER_S * 2)

    assert seen(station, INCIDENT, None) is None


def test_a_change_counts_from_when_it_was_made(station: Station, clock: FixedClock) -> None:
    """By whoever made it so, of the field that is meant; of any where none is named."""
    clock.advance(-1000)
    wrote(station, clock)
    (record,) = station.reader.select(Query("incident"))
    clock.advance(1000 - LATER_S + 30)
    station.write(commands.edit(record, {"status": "in Arbeit"}, station.parse_context()))
    clock.advance(LATER_S - 30)
    status = Pattern("incident", ("SAE Rheine",), fields={"status": "in Arbeit"}, action="change")

    assert seen(station, status) == GIVEN_S + 30
    assert seen(station, replace(status, fields={})) == GIVEN_S + 30
    assert seen(station, replace(status, fields={"priority": "hoch"})) is None
    assert seen(station, replace(status, by=("SAE Greven",))) is None


def test_a_condition_is_met_when_it_came_true(station: Station) -> None:
    """By the staff that is meant, in time."""
    check = Check(Condition("2", State.ACKNOWLEDGED, "SAE Rheine"), 5)

    def at(second: int | None) -> object:
        return met(check, GIVEN_S, lambda _: [], 0, lambda _: second)

    assert at(None) is None
    assert at(GIVEN_S + 300) == (GIVEN_S + 300, "SAE Rheine")
    assert at(GIVEN_S + 301) is None
