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
from sync.wire.frames import Held, PacketError, Seal
from sync.wire.held import ENTRIES_MAX, encode_held
from sync.wire.members import MEMBERS_SPAN, spans
from sync.wire.packet import decode
from tests.unit.sync.net import MINUTE, SECOND, Room, echoes

QUIET = replace(
    EngineConfig(), listen_ms=0, have_shortest_ms=60 * MINUTE, have_called_ms=60 * MINUTE
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


def lists(room: Room) -> list[Frame]:
    """What node 1, which writes, said of whom it knows."""
    return [f for _, sender, f in room.sent if sender == 1 and f.priority is Priority.RECEIPT]


def apart(sender: int, receiver: int, _frame: Frame | None = None) -> bool:
    """Whether the two are in different halves of a county of twelve."""
    return (sender <= 6) != (receiver <= 6)


def apart_but_for_relays(sender: int, receiver: int, frame: Frame) -> bool:
    """The halves hear each other over relays alone."""
    return frame.reach is Reach.NEIGHBOURS and apart(sender, receiver)


ENTRIES = st.tuples(
    st.integers(0, AUTHOR_MAX),
    st.integers(1, NUMBER_MAX),
    st.sets(st.integers(0, AUTHOR_MAX), min_size=1, max_size=40),
)


@given(st.lists(ENTRIES, min_size=1, max_size=ENTRIES_MAX), st.booleans(), st.booleans())
def test_what_is_told_comes_back(
    entries: list[tuple[int, int, set[int]]], mesh: bool, urgent: bool
) -> None:
    """Of up to four entries, as many members as a frame can name, the lowest first."""
    first, *more = (Held(a, n, next(spans(who)), mesh, urgent) for a, n, who in entries)
    held = replace(first, more=tuple(more))
    assert decode(encode_held(held, SEAL), SEAL) == held
    assert held.members[0] == min(entries[0][2])
    assert held.members[-1] - held.members[0] < MEMBERS_SPAN


def test_more_entries_than_a_frame_may_have_are_no_frame() -> None:
    """Else one frame of a member would have others ask for dozens of entries."""
    entry = Held(7, 4711, (1, 2, 3))
    with pytest.raises(PacketError):
        decode(encode_held(replace(entry, more=(entry,) * ENTRIES_MAX), SEAL), SEAL)


def test_its_author_knows_within_two_minutes_who_has_it() -> None:
    """Each speaks once to its neighbours; what was gathered is told to all, not by all."""
    room = Room(12, config=QUIET)
    room.lost = lambda _s, receiver, frame: receiver == 12 and frame.priority is Priority.FLASH
    room.hops = apart
    number = blitz(room)
    room.lost = apart_but_for_relays
    room.pass_time(2 * MINUTE)

    assert room.engines[1].holders(1, number) >= set(range(1, 12))
    near = [frame for frame in calls(room) if frame.reach is Reach.NEIGHBOURS]
    assert len(near) in (10, 11)
    assert 1 <= len(calls(room)) - len(near) <= 4


def test_its_author_says_of_whom_it_knows_and_who_knows_more_answers() -> None:
    """What was told over a relay and lost is told again, since the author's list lacks it."""
    room = Room(12, config=QUIET)
    room.hops = apart
    number = blitz(room)
    room.lost = apart
    room.pass_time(MINUTE)
    assert room.engines[1].holders(1, number) == set(range(1, 7))
    room.lost = apart_but_for_relays
    room.pass_time(MINUTE)
    assert len(lists(room)) == 1
    assert room.engines[1].holders(1, number) == set(range(1, 13))


def test_who_was_not_heard_near_its_author_answers_over_a_relay() -> None:
    """A neighbour may hear us and not be heard."""
    room = Room(4, config=QUIET)
    number = blitz(room)
    room.lost = lambda _s, receiver, frame: receiver == 1 and frame.reach is Reach.NEIGHBOURS
    room.pass_time(2 * MINUTE)
    assert room.engines[1].holders(1, number) == {1, 2, 3, 4}


def test_entries_that_came_together_share_frames() -> None:
    """Several staffs write at once when the air is fullest."""
    room = Room(8, config=QUIET)
    numbers = {
        author: room.write(author, b"blitz", urgency=Urgency.FLASH).last for author in (1, 2, 3)
    }
    room.pass_time(SECOND)
    for node, event in list(room.events):
        if isinstance(event, Accepted) and event.author in numbers:
            room.engines[node].call_roll(event.author, event.last, Urgency.FLASH, room.now)
    room.pass_time(2 * MINUTE)
    for author, number in numbers.items():
        assert room.engines[author].holders(author, number) == set(range(1, 9))
    assert len(calls(room)) < 2 * 8  # three calls alone would be 21 and more


def test_an_entry_whose_predecessor_is_missing_is_called_when_that_has_come() -> None:
    """Before, who had the gap for a moment was silent for good."""
    room = Room(3, config=QUIET)
    room.lost = lambda _s, receiver, frame: receiver == 3 and frame.priority is Priority.ROUTINE
    room.write(1, b"before")
    room.pass_time(30 * SECOND)
    number = blitz(room)
    room.lost = lambda *_: False
    room.pass_time(2 * MINUTE)
    assert room.engines[1].holders(1, number) == {1, 2, 3}


def test_a_recording_takes_no_list_from_the_author() -> None:
    """Played back soon after, it is none; later it opens what the author would have opened."""
    room = Room(12, config=replace(QUIET, roll_call_list_ms=62 * SECOND))
    room.hops = apart
    number = blitz(room)
    room.lost = apart
    room.pass_time(70 * SECOND)
    (first,) = lists(room)
    for _ in range(9):
        for node in range(2, 13):
            room.hear(node, first.payload)
        room.pass_time(2 * SECOND)
    room.lost = apart_but_for_relays
    room.pass_time(31 * SECOND)
    assert room.engines[1].holders(1, number) == set(range(1, 13))


def test_several_urgent_entries_of_one_author_are_one_call() -> None:
    """Who holds the last holds those before it."""
    room = Room(8, config=QUIET)
    for _ in range(5):
        number = blitz(room)
        room.pass_time(4 * SECOND)
    room.pass_time(2 * MINUTE)
    assert room.engines[1].holders(1, number) == set(range(1, 9))
    assert len(calls(room)) <= 10


def test_a_routine_entry_that_rides_along_makes_no_list_of_its_own() -> None:
    """Of it nobody has a call, and everybody would answer for the one before."""
    room = Room(12, config=QUIET)
    room.hops = apart
    blitz(room)
    room.lost = apart
    room.pass_time(5 * SECOND)
    room.write(1, b"routine")
    room.pass_time(2 * MINUTE)
    assert len(lists(room)) == 1


@given(st.sets(st.integers(0, AUTHOR_MAX), max_size=64))
def test_all_members_are_named_however_far_apart_their_numbers_are(members: set[int]) -> None:
    """Numbers are never used again, so those of an old county lie far apart."""
    found = list(spans(members))
    assert sorted(member for span in found for member in span) == sorted(members)
    assert all(span[-1] - span[0] < MEMBERS_SPAN for span in found)


def test_a_list_that_is_played_back_opens_no_call_for_ever() -> None:
    """Everybody would answer each time."""
    room = Room(6, config=QUIET)
    number = blitz(room)
    room.pass_time(75 * SECOND)
    before = len(calls(room))
    seal = Seal(room.network.network_id, room.network.network_key)
    for _ in range(40):
        for node in range(2, 7):
            room.hear(node, encode_held(Held(1, number, (1,), mesh=True, urgent=True), seal))
        room.pass_time(SECOND)
    assert len(calls(room)) - before <= 15


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
    room.pass_time(4 * MINUTE)
    before = len(calls(room))  # its author's lists
    for number in range(1, 60):
        room.hear(2, encode_held(Held(1, number, (3,)), seal))
        room.pass_time(SECOND)
    assert len(calls(room)) == before <= 2
    for _ in range(20):
        blitz(room)
        room.pass_time(2 * MINUTE)
    assert 4 <= len(calls(room)) - before <= 24


def test_of_two_each_hears_from_the_other_although_a_frame_is_lost() -> None:
    """One of 25 that is not known is nobody to look for; one of two is half of the county."""
    room = Room(2, config=QUIET)
    room.lost = lambda sender, _r, _f: sender == 2
    number = blitz(room)
    room.pass_time(80 * SECOND)
    room.lost = lambda *_: False
    room.pass_time(40 * SECOND)
    assert 2 in room.engines[1].holders(1, number)


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
    assert len(echoes(room)) == (urgency is Urgency.IMMEDIATE)
