# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who neither hears nor is heard for a while, and asks meanwhile, has what it lacks soon after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.replica.config import EngineConfig
from sync.replica.events import Priority
from sync.schema.urgency import Urgency
from sync.wire.frames import Have, Held, Seal
from sync.wire.held import encode_held
from sync.wire.packet import encode_have
from sync.wire.summary import Summary
from tests.unit.sync.net import HOUR, MINUTE, SECOND, Room

QUIET = replace(
    EngineConfig(), listen_ms=0, have_shortest_ms=60 * MINUTE, have_called_ms=60 * MINUTE
)
LATE = 4  # misses the blitz and is told of it


def told_of_a_blitz(by: str) -> Room:
    """Node 4 lacks an entry, has just heard that it exists, and is cut off from now on."""
    room = Room(4, config=QUIET)
    room.pass_time(10 * MINUTE)
    room.lost = lambda _s, receiver, _f: receiver == LATE
    room.write(1, b"blitz", urgency=Urgency.FLASH)
    room.pass_time(30 * SECOND)
    room.lost = lambda sender, receiver, _f: LATE in (sender, receiver)
    seal = Seal(room.network.network_id, room.network.network_key)
    heads = (len(room.network.certificates), 1)
    have = Have(1, Summary(0, heads), stamp=10**6, urgent=True)
    payloads = {
        "its author": encode_have(have, seal),
        "a roll call": encode_held(Held(1, 1, (1, 2), mesh=True, urgent=True), seal),
    }
    room.hear(LATE, payloads[by])
    return room


def questions(room: Room, since: int = 0) -> int:
    """How often node 4 has asked since then."""
    return sum(s == LATE and f.key == "want" and at >= since for at, s, f in room.sent)


@pytest.mark.parametrize("by", ["its author", "a roll call"])
@pytest.mark.parametrize("minutes", [1, 2, 4, 10, 30, 60, 120])
def test_what_an_outage_kept_away_comes_with_the_first_voice(by: str, minutes: int) -> None:
    """Its questions had gone nowhere, and the next came minutes later: after an outage of 70 to 80
    seconds eight to twelve, of ten minutes nineteen, of half an hour forty."""
    room = told_of_a_blitz(by)
    room.pass_time(minutes * MINUTE)
    room.lost = lambda *_: False
    room.write(2, b"text", urgency=Urgency.RECEIPT)
    room.pass_time(30 * SECOND)
    assert room.heads(1) == [1] * 4


@pytest.mark.parametrize("minutes", [5, 20, 60])
def test_a_voice_at_its_beginning_changes_nothing(minutes: int) -> None:
    """One question, a voice, and then nobody for long: what a hint said was given up meanwhile."""
    room = told_of_a_blitz("a roll call")
    room.pass_time(3 * SECOND)
    room.lost = lambda sender, _r, f: sender == LATE or f.priority is Priority.REPAIR
    room.write(2, b"text", urgency=Urgency.RECEIPT)
    room.pass_time(6 * SECOND)
    room.lost = lambda sender, receiver, _f: LATE in (sender, receiver)
    room.pass_time(minutes * MINUTE)
    room.lost = lambda *_: False
    room.write(3, b"text", urgency=Urgency.RECEIPT)
    room.pass_time(30 * SECOND)
    assert room.heads(1) == [1] * 4


def test_a_second_outage_much_later_is_got_over_as_well() -> None:
    """The first voice after the first one was heard, and nobody heard the questions after it."""
    room = told_of_a_blitz("its author")
    for minutes in (2, 40):
        room.pass_time(minutes * MINUTE)
        room.lost = lambda sender, _r, _f: sender == LATE
        room.write(2, b"text", urgency=Urgency.RECEIPT)
        room.pass_time(6 * SECOND)
        room.lost = lambda sender, receiver, _f: LATE in (sender, receiver)
    room.pass_time(MINUTE)
    room.lost = lambda *_: False
    room.write(3, b"text", urgency=Urgency.RECEIPT)
    room.pass_time(30 * SECOND)
    assert room.heads(1) == [1] * 4


@pytest.mark.parametrize("seconds", [60, 70, 80, 100])
def test_a_minute_of_outage_costs_no_more_than_a_minute(seconds: int) -> None:
    """Also where nobody says anything afterwards: the quick questions were used up in it, and the
    pause after them was that after the seventh of any other."""
    room = told_of_a_blitz("its author")
    room.pass_time(seconds * SECOND)
    room.lost = lambda _s, receiver, f: receiver == LATE and f.priority is not Priority.REPAIR
    room.pass_time(75 * SECOND)
    assert room.heads(1) == [1] * 4


@pytest.mark.parametrize(("minutes", "most"), [(1, 40), (10, 45), (33, 65), (40, 80)])
def test_what_nobody_answers_is_asked_ever_more_rarely_whatever_is_heard(
    minutes: int, most: int
) -> None:
    """It does not begin anew with each voice in a quiet net: at first after half an hour, then
    after an hour, and so on. Where a voice each 33 minutes began it anew there were 19 questions
    an hour, for ever."""
    room = told_of_a_blitz("its author")
    begun = room.now
    for _ in range(12 * 60 // minutes):
        room.pass_time(minutes * MINUTE)
        room.lost = lambda sender, _r, f: sender == LATE or f.priority is Priority.FLASH
        room.write(2, b"text", urgency=Urgency.RECEIPT)
        room.pass_time(0)
    asked = questions(room, begun)
    room.pass_time(4 * HOUR)
    assert asked <= most
    assert questions(room, begun) <= asked + 12


def test_an_invention_heard_before_an_outage_is_given_up_after_it() -> None:
    """What only a hint says is asked for five times once somebody was heard, and no more."""
    room = Room(4, config=QUIET)
    room.pass_time(10 * MINUTE)
    seal = Seal(room.network.network_id, room.network.network_key)
    room.hear(LATE, encode_held(Held(1, 9, (1, 2), mesh=True, urgent=True), seal))
    room.lost = lambda sender, receiver, _f: LATE in (sender, receiver)
    room.pass_time(10 * MINUTE)
    unheard = questions(room)
    room.lost = lambda *_: False
    room.write(2, b"text", urgency=Urgency.RECEIPT)
    room.pass_time(4 * HOUR)
    assert unheard == 5
    assert questions(room) - unheard == 5
