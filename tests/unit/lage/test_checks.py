# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether the expected has come: the very thing, by the right staff, in time; never nearly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lage.exercise.checks import met
from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.events import Begun, Event, Fired, Ran, Seen, Stood, Written
from lage.exercise.direction.expected import Expected
from lage.exercise.script.model import Check, Condition, Pattern, State
from lage.exercise.script.read import read_script
from lage.kinds.model import Query
from lage.station import Station
from lage.write import commands
from tests.fixtures import FixedClock

GIVEN_S = 600
LATER_S = 120

INCIDENT = Pattern("incident", by=("SAE Rheine",), contains=("elte",), fields={"type": "Brand"})
"""What is expected; the staff writes just that."""

TWO = """
name: Zwei
beginn: 24.11.2026 05:30
stellen:
  - {name: Krisenstab Steinfurt, rolle: krisenstab}
  - {name: SAE Rheine, besetzung: Menschen}
  - {name: SAE Greven, besetzung: Menschen}
ablauf:
  - {nr: 1, zeit: X+00, stelle: Krisenstab Steinfurt, erfuellt: [quittiert binnen 10 min],
     nachricht: {An: "SAE Rheine, SAE Greven", Inhalt: Eins, Quittung: ja}}
  - {nr: 2, zeit: X+00, stelle: Krisenstab Steinfurt,
     erfuellt: [quittiert von SAE Greven binnen 10 min],
     nachricht: {An: "SAE Rheine, SAE Greven", Inhalt: Zwei, Quittung: ja}}
  - {nr: 3, zeit: X+00, stelle: Krisenstab Steinfurt, erfuellt: [quittiert],
     nachricht: {An: "SAE Rheine, SAE Greven", Inhalt: Drei, Quittung: ja}}
"""


def seen(station: Station, pattern: Pattern, within: float | None = 5) -> int | None:
    """Second at which the check is met, of an inject that was given at X+10."""
    start = station.now() - GIVEN_S - LATER_S
    check = Check(pattern, within)
    return met(check, GIVEN_S, lambda _: [(station, 500)], start, lambda _: None)


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
    assert at(GIVEN_S + 300) == GIVEN_S + 300
    assert at(GIVEN_S + 301) is None


def test_what_each_is_to_do_is_judged_at_each(tmp_path: Path) -> None:
    """Who acknowledged after 63 minutes has not done it because another did after 4; what anybody
    may do counts for both; and the inject is met when the last has met it."""
    path = tmp_path / "zwei.yaml"
    path.write_text(TWO, "utf8")
    script = read_script(path)
    conductor = Conductor(script)
    begun = Begun("Zwei", "ab", script.begin, 1, ("SAE Rheine", "SAE Greven"), ("hier", "hier"))
    steps: list[Event] = [begun, Stood(), Ran()]
    for nr in ("1", "2", "3"):
        steps += [Fired(nr, "zeit", 0, spoken=False), Written(nr, ((1, int(nr)),))]
        steps += [Seen(nr, "quittiert", "SAE Greven", 240)]
        steps += [Seen(nr, "quittiert", "SAE Rheine", 63 * 60)]
    for seq, step in enumerate(steps):
        conductor.state.fold(seq, 0, step)

    found = {(seen.key, seen.staff): seen.s for seen in Expected(conductor, {}).look(63 * 60)}

    assert found == {
        ("1", "SAE Greven"): 240,
        ("2", "SAE Greven"): 240, ("2", "SAE Rheine"): 240, ("2", ""): 240,
        ("3", "SAE Greven"): 240, ("3", "SAE Rheine"): 63 * 60, ("3", ""): 63 * 60,
    }  # fmt: skip
