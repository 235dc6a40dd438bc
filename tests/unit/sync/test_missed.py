# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who missed a flood learns of it soon, and whom it asks answers at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.feed.chain import Run
from sync.replica.compare.stamps import STEP_MS
from sync.replica.config import EngineConfig
from sync.replica.events import Accepted, HeardFrame, Priority, Reach
from sync.schema.urgency import Urgency
from sync.wire.frames import Held, Hint, Missing, Runs, Seal, Want
from sync.wire.held import encode_held
from sync.wire.packet import decode, encode_news, encode_want
from tests.unit.sync.net import MINUTE, SECOND, Room, echoes

QUIET = replace(
    EngineConfig(), listen_ms=0, have_shortest_ms=60 * MINUTE, have_called_ms=60 * MINUTE
)


CONFIG = EngineConfig()


def deaf(room: Room, node: int, *floods: Priority) -> None:
    """That node hears no frames of these classes."""
    room.lost = lambda _s, receiver, frame: receiver == node and frame.priority in floods


def test_who_missed_the_last_entry_of_a_quiet_day_has_it_soon() -> None:
    """Nobody writes after it, so its author names it, once and over a relay."""
    room = Room(4, config=QUIET)
    deaf(room, 4, Priority.ROUTINE)
    room.write(1, b"text")
    room.pass_time(CONFIG.routine_delay_ms + CONFIG.echo_ms + 10 * SECOND)
    assert room.heads(1) == [1] * 4
    assert [frame.reach for frame in echoes(room)] == [Reach.RELAYED]
    assert not any(frame.insist for frame in echoes(room))


@pytest.mark.parametrize("members", [4, 65])
def test_who_missed_a_blitz_has_it_two_minutes_later_in_large_counties_too(members: int) -> None:
    """They call no roll, and what is urgent had no echo: it came later than what is not."""
    room = Room(4, members=members, config=replace(EngineConfig(), listen_ms=0))
    room.pass_time(10 * MINUTE)
    deaf(room, 4, Priority.FLASH)
    room.write(1, b"blitz", urgency=Urgency.FLASH)
    for _ in range(120):
        room.pass_time(SECOND)
        for node, event in room.events:
            if isinstance(event, Accepted) and event.urgent:
                room.engines[node].call_roll(event.author, event.last, Urgency.FLASH, room.now)
    assert room.heads(1) == [1] * 4
    assert len(echoes(room)) == (members > room.config.roll_call_members)


def test_what_another_has_named_is_not_said_again() -> None:
    """The next frame of another carries a hint of it."""
    room = Room(3, config=QUIET)
    room.write(1, b"text")
    room.pass_time(40 * SECOND)
    room.write(2, b"text", urgency=Urgency.RECEIPT)
    room.pass_time(5 * MINUTE)
    seal = Seal(room.network.network_id, room.network.network_key)
    said = [decode(frame.payload, seal) for frame in echoes(room)]
    assert [each.author for each in said if isinstance(each, Held)] == [2]


def test_who_names_what_was_not_written_yet_does_not_silence_its_author() -> None:
    """A member that lies keeps others from hearing of an entry otherwise."""
    room = Room(3, config=QUIET)
    room.write(1, b"text")
    room.pass_time(40 * SECOND)
    seal = Seal(room.network.network_id, room.network.network_key)
    written = room.append(2, [b"text"])[0]
    run = Run(2, 1, written.operations, written.signature)
    room.hear(1, encode_news(Runs((run,), original=True, hints=(Hint(1, 60),)), seal))
    room.pass_time(5 * MINUTE)
    assert len(echoes(room)) == 1


def test_copies_do_not_say_again_what_another_has_named() -> None:
    """They follow within seconds: only what is offered anew, as a radio was away, has one anew."""
    room = Room(3, members=65, config=QUIET)
    for author in (1, 2):
        room.write(author, b"blitz", urgency=Urgency.FLASH)
        room.pass_time(2 * SECOND)
    room.pass_time(5 * MINUTE)
    assert not echoes(room)


def test_what_all_are_known_to_have_is_not_said_again() -> None:
    """There is nobody left to hear it."""
    room = Room(3, config=QUIET)
    room.write(1, b"text")
    room.pass_time(30 * SECOND)
    seal = Seal(room.network.network_id, room.network.network_key)
    room.hear(1, encode_held(Held(1, 1, (2, 3)), seal))
    room.pass_time(5 * MINUTE)
    assert not echoes(room)


def test_an_older_entry_that_is_offered_again_has_an_echo_too() -> None:
    """Its author wrote something after it, and neither was heard."""
    room = Room(4, config=QUIET)
    room.lost = lambda *_: True
    room.write(1, b"blitz", urgency=Urgency.FLASH)
    room.pass_time(30 * SECOND)
    room.write(1, b"text")
    room.pass_time(15 * MINUTE)
    before = len(echoes(room))
    room.engines[1].reconnected(room.now, [(1, 1, Urgency.FLASH)])
    room.pass_time(10 * SECOND)
    room.lost = lambda *_: False
    room.pass_time(2 * MINUTE)
    assert len(echoes(room)) == before + 1
    assert room.heads(1) == [2] * 4


def test_who_is_named_answers_although_it_was_flooded_a_moment_ago() -> None:
    """What went over a relay for many is not sent again at once; a flood is not that: who asks for
    it has missed it. (It was taken for that once, and three questions in five went unanswered.)"""
    room = Room(3, config=QUIET)
    deaf(room, 3, Priority.ROUTINE)
    relays = room.engines[2].receive
    room.engines[2].receive = lambda frame, now: relays(replace(frame, hops=2, relays=6), now)  # type: ignore[method-assign]
    room.write(1, b"text")
    room.pass_time(30 * SECOND)
    assert room.heads(1) == [1, 1, 0]
    seal = Seal(room.network.network_id, room.network.network_key)
    room.hear(3, encode_held(Held(1, 1, (1,), mesh=True, urgent=True), seal))
    first = len(room.sent)
    room.pass_time(25 * SECOND)
    asked = [decode(f.payload, seal) for _, _, f in room.sent[first:] if f.key == "want"]
    assert room.heads(1) == [1, 1, 1]
    assert len([each for each in asked if isinstance(each, Want)]) == 1


@pytest.mark.parametrize(
    ("urgency", "reach"),
    [(Urgency.IMMEDIATE, Reach.RELAYED), (Urgency.ROUTINE, Reach.NEIGHBOURS)],
)
def test_what_is_urgent_is_sent_again_for_all_who_missed_it(urgency: Urgency, reach: Reach) -> None:
    """Over a relay; of the rest each asks for itself."""
    room = Room(4, config=QUIET)
    room.lost = lambda _s, receiver, _f: receiver in (3, 4)
    room.write(1, b"text", urgency=urgency)
    room.pass_time(40 * SECOND)
    room.lost = lambda _s, _r, _f: False
    seal = Seal(room.network.network_id, room.network.network_key)
    room.hear(3, encode_held(Held(1, 1, (1,), mesh=True, urgent=True), seal))
    room.pass_time(30 * SECOND)
    assert room.heads(1) == [1] * 4
    assert {frame.reach for frame in room.frames(Priority.REPAIR)} == {reach}


@pytest.mark.parametrize(("snr_db", "reach"), [(3.0, Reach.NEIGHBOURS), (-16.0, Reach.RELAYED)])
def test_who_hears_no_staff_well_asks_over_a_tower(snr_db: float, reach: Reach) -> None:
    """Its neighbours would hear one question in five; a tower hears it, and so do they."""
    room = Room(3, config=QUIET)
    room.snr_db = snr_db
    for number in (1, 2, 3):
        room.write(number, b"text")
    room.pass_time(2 * MINUTE)
    room.lost = lambda sender, receiver, _f: 3 in (sender, receiver)
    room.write(1, b"more")
    room.pass_time(2 * MINUTE)
    seal = Seal(room.network.network_id, room.network.network_key)
    room.hear(3, encode_held(Held(1, 2, (1,), mesh=True), seal))
    before = len(room.sent)
    room.pass_time(30 * SECOND)
    asked = [frame.reach for _, _, frame in room.sent[before:] if frame.key == "want"]
    assert asked[:2] == [Reach.NEIGHBOURS, reach]


def test_news_of_something_urgent_ends_a_long_pause() -> None:
    """Who asked in vain for long asks at once when more of that author is known to exist."""
    room = Room(2, config=QUIET)
    room.write(1, b"text")
    room.pass_time(MINUTE)
    room.lost = lambda _s, _r, _f: True
    room.write(1, b"lost")
    seal = Seal(room.network.network_id, room.network.network_key)
    room.hear(2, encode_held(Held(1, 2, (1,), mesh=True), seal))
    room.pass_time(5 * MINUTE)
    before = len(room.sent)
    room.pass_time(5 * SECOND)
    assert not [1 for _, _, frame in room.sent[before:] if frame.key == "want"]
    room.hear(2, encode_held(Held(1, 3, (1,), mesh=True, urgent=True), seal))
    room.pass_time(5 * SECOND)
    assert [1 for _, _, frame in room.sent[before:] if frame.key == "want"]


def late_one() -> tuple[Room, int]:
    """Node 3 missed a blitz and has just had it over a relay; when."""
    room = Room(4, config=QUIET)
    room.lost = lambda _s, receiver, _f: receiver in (3, 4)
    room.write(1, b"text", urgency=Urgency.FLASH)
    room.pass_time(40 * SECOND)
    room.lost = lambda _s, receiver, _f: receiver == 4
    seal = Seal(room.network.network_id, room.network.network_key)
    room.hear(3, encode_held(Held(1, 1, (1,), mesh=True, urgent=True), seal))
    begun = room.now
    while not room.engines[3].head(1):
        room.pass_time(SECOND)
    return room, begun


def asked(room: Room, node: int, times: int) -> list[Reach]:
    """How far that node's answers go when 4 asks it so often by name, 8 s apart."""
    seal = Seal(room.network.network_id, room.network.network_key)
    room.lost = lambda _s, _r, _f: True
    first = len(room.sent)
    for place in range(times):
        want = Want(4, (Missing(1, 1, 1),), room.now // 16_000 + 2 + place, node)
        room.engines[node].receive(HeardFrame(encode_want(want, seal), 3.0, 0), room.now)
        room.pass_time(8 * SECOND)
    sent = room.sent[first:]
    return [f.reach for _, n, f in sent if n == node and f.priority is Priority.REPAIR]


def test_an_urgent_repair_over_a_relay_is_no_sweep() -> None:
    """It was taken for a part of one: its receivers did not ask or answer for a minute, and its
    sender announced the end. The roll is called for floods alone: what is repaired may be old, and
    after a partition every staff called it for every such entry."""
    room, begun = late_one()
    accepted = room.told(Accepted, 3)
    assert [event.urgent for event in accepted if isinstance(event, Accepted)] == [False]
    room.pass_time(20 * SECOND)
    later = {(frame.priority, frame.reach) for at, _, frame in room.sent if at >= begun}
    assert (Priority.HAVE, Reach.RELAYED) not in later
    assert len(asked(room, 3, 4)) == 4


def test_who_asks_again_and_again_has_no_answer_over_a_relay_each_time() -> None:
    """Our own answer over a relay counts like one that we hear."""
    room, _ = late_one()
    room.pass_time(MINUTE)
    assert asked(room, 2, 6).count(Reach.RELAYED) <= 3


def test_who_asks_for_two_gaps_is_not_taken_to_hold_what_lies_between() -> None:
    """Else its author would believe that an entry is where it is not."""
    room = Room(3, config=QUIET)
    room.lost = lambda _s, receiver, _frame: receiver == 3
    room.write(1, b"1", b"2", b"3", b"4", b"5")
    room.pass_time(MINUTE)
    seal = Seal(room.network.network_id, room.network.network_key)
    asked = Want(3, (Missing(1, 2, 1), Missing(1, 5, 1)), stamp=room.now // STEP_MS)
    room.hear(1, encode_want(asked, seal))
    assert 3 in room.engines[1].holders(1, 1)
    assert 3 not in room.engines[1].holders(1, 2)


def test_a_doubt_in_the_quiet_after_an_urgent_flood_does_not_spin() -> None:
    """Its question waits like all others: before, a spoilt recording kept a core busy for 20 s."""
    room = Room(3, config=replace(EngineConfig(), listen_ms=0))
    room.write(1, b"a")
    room.write(3, b"b")
    room.pass_time(2 * MINUTE)
    room.lost = lambda _s, receiver, _frame: receiver == 2
    room.write(3, b"c", urgency=Urgency.FLASH)
    room.pass_time(0)
    spoilt = bytearray(room.frames(Priority.FLASH)[0].payload)
    spoilt[-20] ^= 1
    room.lost = lambda *_: False
    room.write(1, b"blitz", urgency=Urgency.FLASH)
    room.pass_time(0)
    engine = room.engines[2]
    room.hear(2, bytes(spoilt))
    for now in range(room.now, room.now + 25 * SECOND, SECOND // 2):
        for _ in range(20):
            if engine.next_deadline() > now:
                break
            engine.advance(now)
        assert engine.next_deadline() > now
