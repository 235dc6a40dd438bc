# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""After an urgent entry its author knows who has it; nobody makes of that more than it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feed.chain import AUTHOR_MAX, NUMBER_MAX
from sync.replica.config import EngineConfig
from sync.replica.events import Accepted, Frame, Priority, Reach
from sync.schema.urgency import Urgency
from sync.wire.frames import Held, Seal
from sync.wire.hearsay import MEMBERS_SPAN
from sync.wire.held import encode_held, within_span
from sync.wire.packet import decode
from tests.unit.sync.net import MINUTE, SECOND, Room

QUIET = replace(
    EngineConfig(), listen_ms=0, have_shortest_ms=60 * MINUTE, have_urgent_ms=60 * MINUTE
)
SEAL = Seal(bytes(16), bytes(32))


def blitz(room: Room, author: int = 1, urgency: Urgency = Urgency.FLASH) -> int:
    """A blitz of that author, called by whoever has it; its number."""
    number = room.write(author, b"blitz", urgency=urgency).last
    room.pass_time(SECOND)
    for node, event in room.events:
        if isinstance(event, Accepted) and (event.author, event.last) == (author, number):
            room.engines[node].call_roll(author, number, urgency, room.now)
    return number


def calls(room: Room) -> list[Frame]:
    """Frames of roll calls so far."""
    return room.frames(Priority.RECEIPT)


@given(
    st.integers(0, AUTHOR_MAX),
    st.integers(1, NUMBER_MAX),
    st.sets(st.integers(0, AUTHOR_MAX), min_size=1, max_size=40),
    st.booleans(),
    st.booleans(),
)
def test_what_is_told_comes_back(
    author: int, number: int, members: set[int], mesh: bool, urgent: bool
) -> None:
    """As many members as a frame can name, the lowest first."""
    held = Held(author, number, within_span(members), mesh, urgent)
    assert decode(encode_held(held, SEAL), SEAL) == held
    assert held.members[0] == min(members)
    assert held.members[-1] - held.members[0] < MEMBERS_SPAN


def test_its_author_knows_within_two_minutes_who_has_it() -> None:
    """Each speaks once to its neighbours; what was gathered is told to all, not by all."""
    room = Room(12, config=QUIET)
    room.lost = lambda _s, receiver, frame: receiver == 12 and frame.priority is Priority.FLASH
    number = blitz(room)
    room.lost = lambda sender, receiver, frame: (
        frame.reach is Reach.NEIGHBOURS and (sender <= 6) != (receiver <= 6)
    )
    room.pass_time(2 * MINUTE)

    assert room.engines[1].holders(1, number) >= set(range(1, 12))
    near = [frame for frame in calls(room) if frame.reach is Reach.NEIGHBOURS]
    assert len(near) in (10, 11)
    assert 1 <= len(calls(room)) - len(near) <= 4


def test_who_missed_it_learns_it_by_the_roll_call() -> None:
    """It asks at once and has it, before anybody announces what he holds."""
    room = Room(4, config=QUIET)
    room.lost = lambda _s, receiver, frame: receiver == 4 and frame.priority is Priority.FLASH
    number = blitz(room)
    room.pass_time(2 * MINUTE)
    assert room.engines[4].head(1) == number


@pytest.mark.parametrize(
    ("author", "number", "members"),
    [(1, 5, (2, 3)), (1, 1, (900,)), (3, NUMBER_MAX, (2,))],
    ids=["more than was written", "no member", "far beyond"],
)
def test_nothing_is_believed_that_cannot_be(
    author: int, number: int, members: tuple[int, ...]
) -> None:
    """And nothing is asked for without end."""
    room = Room(4, config=QUIET)
    room.write(1, b"text", urgency=Urgency.IMMEDIATE)
    room.pass_time(MINUTE)
    before = len(room.sent)
    seal = Seal(room.network.network_id, room.network.network_key)
    room.hear(1, encode_held(Held(author, number, members, mesh=True), seal))
    assert room.engines[1].holders(1, 5) <= {1}
    assert not room.engines[1].holders(1, 1) & {900}
    room.pass_time(20 * MINUTE)
    assert len(room.sent) - before < 20


def test_outsiders_say_nothing() -> None:
    """Without the network's key it is no frame."""
    room = Room(3, config=QUIET)
    room.write(1, b"text")
    room.hear(1, encode_held(Held(1, 1, (2, 3), mesh=True), SEAL))
    assert room.engines[1].holders(1, 1) == {1}


def test_a_member_cannot_make_others_speak() -> None:
    """What it invented is spoken of by nobody, and blitz without end has so many calls an hour."""
    room = Room(3, config=replace(QUIET, roll_calls_hour=4))
    seal = Seal(room.network.network_id, room.network.network_key)
    room.write(1, b"text", urgency=Urgency.IMMEDIATE)
    room.pass_time(MINUTE)
    for number in range(1, 60):
        room.hear(2, encode_held(Held(1, number, (3,)), seal))
        room.pass_time(SECOND)
    assert not calls(room)
    for _ in range(20):
        blitz(room)
        room.pass_time(2 * MINUTE)
    assert 4 <= len(calls(room)) <= 24


def test_larger_counties_have_no_roll_calls() -> None:
    """They would cost more than the entry."""
    large = Room(3, config=replace(QUIET, roll_call_members=2))
    blitz(large)
    large.pass_time(3 * MINUTE)
    assert not calls(large)


@pytest.mark.parametrize("urgency", [Urgency.FLASH, Urgency.IMMEDIATE])
def test_where_radios_sign_the_roll_is_called_for_blitz_alone(urgency: Urgency) -> None:
    """Each frame costs twice as much there; of sofort the author says the number once more."""
    room = Room(4, config=replace(QUIET, radio_signs=True))
    blitz(room, urgency=urgency)
    room.pass_time(3 * MINUTE)
    assert bool(calls(room)) is (urgency is Urgency.FLASH)
    echoes = [frame for _, _, frame in room.sent if frame.key == "echo"]
    assert len(echoes) == (urgency is Urgency.IMMEDIATE)
