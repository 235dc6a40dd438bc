# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Urgent entries where the air is full: floods make room for each other, none is lost unseen."""

from __future__ import annotations

import itertools
from dataclasses import replace
from statistics import median

import pytest

from sync.feed.chain import Run
from sync.replica.config import EngineConfig
from sync.replica.events import OwnFeedAhead, Priority, Reach
from sync.schema.urgency import Urgency
from sync.wire.frames import Runs
from sync.wire.packet import encode_runs
from tests.unit.sync.net import HOUR, MINUTE, SECOND, Room, contents, echoes
from tests.unit.sync.test_rollcall import blitz, lists

QUIET = replace(
    EngineConfig(), listen_ms=0, have_shortest_ms=60 * MINUTE, have_called_ms=60 * MINUTE
)
CONFIG = EngineConfig()
SENT = 1 + CONFIG.urgent_copies  # so often a blitz, where nobody else writes anything urgent


def floods(room: Room, author: int = 1) -> list[int]:
    """When that author flooded something urgent, in seconds."""
    return [
        ms // SECOND
        for ms, sender, frame in room.sent
        if sender == author and frame.priority is Priority.FLASH
    ]


def urgent_runs(room: Room) -> list[Run]:
    """What urgent frames brought."""
    found = (each for _, _, each in contents(room, 0) if isinstance(each, Runs))
    return [content.runs[0] for content in found if content.urgent]


def test_a_blitz_is_flooded_three_times() -> None:
    """The copy brings what precedes it as well, as who was off lacks that however old it is, and
    names what others wrote. The last is as short as the first."""
    room = Room(3, config=QUIET)
    room.write(1, b"before")
    room.write(2, b"another's")
    room.pass_time(6 * MINUTE)
    blitz(room)
    room.pass_time(MINUTE)
    first, copy, last = room.frames(Priority.FLASH)
    assert [f.reach for f in (first, copy, last)] == [Reach.MESH] * 3
    assert len(first.payload) == len(last.payload) < len(copy.payload)
    assert [run.prefix is not None for run in urgent_runs(room)] == [False, True, False]


@pytest.mark.parametrize(("ago_s", "times"), [(15, 2), (40, 3), (100, 3), (140, 2)])
def test_a_sofort_goes_a_third_time_only_while_anothers_roll_is_called(
    ago_s: int, times: int
) -> None:
    """Most floods are lost then; always, it would fill the air, as there are more of them."""
    room = Room(3, config=QUIET)
    blitz(room, 2)
    room.pass_time(ago_s * SECOND)
    room.write(1, b"sofort", urgency=Urgency.IMMEDIATE)
    room.pass_time(MINUTE)
    assert [f.reach for f in room.frames(Priority.IMMEDIATE)] == [Reach.MESH] * times


@pytest.mark.parametrize(("other_s", "times"), [(-25, 3), (-15, 2), (4, 2), (12, 2), (20, 3)])
def test_where_another_writes_urgent_things_it_is_flooded_twice(other_s: int, times: int) -> None:
    """Among others' floods a third loses more than it brings."""
    room = Room(3, config=QUIET)
    room.pass_time(MINUTE)
    for author in (2, 1) if other_s < 0 else (1, 2):
        blitz(room, author)
        room.pass_time(abs(other_s) * SECOND)
    room.pass_time(MINUTE)
    assert len(floods(room)) == times


@pytest.mark.parametrize(("members", "signs"), [(65, False), (4, True)])
def test_where_floods_are_dear_it_is_flooded_twice(members: int, signs: bool) -> None:
    """Many relays pass each on in a large county; a radio that signs makes each half as long
    again."""
    room = Room(4, members=members, config=replace(QUIET, radio_signs=signs))
    blitz(room)
    room.pass_time(MINUTE)
    assert len(floods(room)) == 2


def test_of_several_of_one_staff_only_the_last_goes_a_third_time() -> None:
    """Their third floods met the first ones of those that followed."""
    room = Room(3, config=QUIET)
    for _ in range(3):
        blitz(room)
        room.pass_time(9 * SECOND)
    room.pass_time(MINUTE)
    assert floods(room) == [0, 8, 10, 18, 20, 28, 36]


def test_what_is_written_between_the_copies_goes_with_the_last() -> None:
    """Or at once, where another's flood has taken that one's place."""
    for crowded in (False, True):
        room = Room(3, config=QUIET)
        blitz(room)
        room.pass_time(10 * SECOND)
        number = room.write(1, b"receipt", urgency=Urgency.RECEIPT).last
        if crowded:
            blitz(room, 2)
        room.pass_time(MINUTE)
        assert len(floods(room)) == SENT - crowded
        assert room.heads(1) == [number] * 3
        alone = [f for _, n, f in room.sent if n == 1 and f.own == ((number, number),)]
        assert len(alone) == crowded


def test_who_missed_what_precedes_it_has_it_at_once() -> None:
    """It was written a minute before, and the first flood goes without the chain."""
    room = Room(4, config=QUIET)
    room.lost = lambda _s, receiver, frame: receiver == 4 and frame.priority is Priority.ROUTINE
    room.write(1, b"before")
    room.pass_time(MINUTE)
    number = blitz(room)
    room.pass_time(20 * SECOND)
    assert room.engines[4]._log.islands(1) == [(number, number)]


def test_what_is_written_meanwhile_goes_with_the_copy() -> None:
    """Which is all that ever goes out of it, and goes to all."""
    room = Room(12, config=QUIET)
    room.lost = lambda sender, receiver, frame: (
        (sender <= 6) != (receiver <= 6) and frame.reach is not Reach.MESH
    )
    blitz(room)
    room.pass_time(3 * SECOND)
    number = room.write(1, b"routine").last
    room.pass_time(MINUTE)
    assert room.heads(1) == [number] * 12


def test_a_receipt_waits_for_the_copy() -> None:
    """In a frame of its own it would meet that one's relays."""
    room = Room(4, config=QUIET)
    blitz(room)
    room.write(1, b"receipt", urgency=Urgency.RECEIPT)
    room.pass_time(MINUTE)
    assert floods(room) == [0, 8, 16]
    assert not [f for _, sender, f in room.sent if sender == 1 and f.own == ((2, 2),)]


def test_what_rides_along_has_an_echo() -> None:
    """The roll is called for the urgent entry, and says nothing of what went with its last copy."""
    room = Room(4, config=QUIET)
    blitz(room)
    room.pass_time(3 * SECOND)
    room.write(1, b"routine")
    room.pass_time(5 * MINUTE)
    assert len(echoes(room)) == 1


@pytest.mark.parametrize("restart", [True, False])
def test_what_is_offered_again_has_an_echo(restart: bool) -> None:
    """After a start, or once the radio is back: it has neither copies nor a list any more, and who
    missed the one flood heard of it 13 minutes later. So has what is offered a second time."""
    room = Room(12, config=QUIET)
    room.lost = lambda sender, _r, _f: sender == 1
    number = blitz(room)
    if restart:
        state = room.engines[1].export_state()
        room.start(1, room.logs[1])
        room.engines[1].import_state(state, room.now)
    room.pass_time(30 * SECOND if restart else 10 * MINUTE)
    for far in (12, 11):
        room.lost = lambda _s, receiver, _f, far=far: receiver >= far  # type: ignore[misc]
        room.engines[1].reconnected(room.now, [(number, number, Urgency.FLASH)])
        room.pass_time(20 * SECOND)
        room.lost = lambda *_: False
        before = len(echoes(room))
        room.pass_time(CONFIG.echo_urgent_ms)
        assert len(echoes(room)) == before + 1
        assert room.heads(1) == [number] * 12


def test_what_is_beyond_the_calls_of_an_hour_has_an_echo() -> None:
    """No list names it, either."""
    room = Room(4, config=replace(QUIET, roll_calls_hour=1))
    for _ in range(2):
        blitz(room)
        room.pass_time(5 * MINUTE)
    assert len(echoes(room)) == 1


def test_a_blitz_after_what_rode_along_brings_the_chain_at_once() -> None:
    """What went with a copy is as young as a frame of its own."""
    room = Room(3, config=QUIET)
    room.write(1, b"before")
    room.pass_time(6 * MINUTE)
    blitz(room)
    room.pass_time(3 * SECOND)
    room.write(1, b"routine")
    room.pass_time(18 * SECOND)
    number = blitz(room)
    run = urgent_runs(room)[SENT]
    assert (run.last, run.prefix is None) == (number, False)


def test_where_the_hour_has_no_copy_left_it_is_flooded_once() -> None:
    """Whatever is written."""
    room = Room(3, config=replace(QUIET, copies_hour_max=1))
    for _ in range(2):
        blitz(room)
        room.pass_time(MINUTE)
    assert len(floods(room)) == 3


def test_a_blitz_that_half_of_the_county_has_missed_goes_out_again() -> None:
    """Those who missed it do not know of it, so only its author can notice: it hears of few."""
    room = Room(12, config=QUIET)
    room.lost = lambda sender, receiver, _f: (sender <= 5) != (receiver <= 5)
    number = blitz(room, 1)
    room.pass_time(2 * MINUTE)
    assert room.heads(1) == [number] * 5 + [0] * 7
    room.lost = lambda *_: False

    room.pass_time(MINUTE)

    assert room.heads(1) == [number] * 12


@pytest.mark.parametrize(("there", "times"), [(7, 0), (6, 0), (5, 2), (1, 2)])
def test_it_goes_out_again_twice_and_only_while_less_than_half_are_known_to_have_it(
    there: int, times: int
) -> None:
    """Who is off, or beyond a partition, would else cost a flood for ever."""
    room = Room(12, config=QUIET)
    room.lost = lambda sender, receiver, _f: (sender <= there) != (receiver <= there)
    blitz(room)

    room.pass_time(30 * MINUTE)

    assert len(floods(room)) == SENT + times
    gaps_s = [later - earlier for earlier, later in itertools.pairwise(floods(room)[SENT - 1 :])]
    assert all(gap > CONFIG.roll_call_ms // SECOND for gap in gaps_s)


def test_one_who_missed_all_of_it_hears_of_it_within_four_minutes() -> None:
    """More than half have it, so nothing is flooded again; the author's last list says that it is
    there. Before, an announcement did, up to an hour later."""
    room = Room(12, config=QUIET)
    room.lost = lambda _s, receiver, _f: receiver == 12
    number = blitz(room)
    room.pass_time(150 * SECOND)
    room.lost = lambda *_: False
    assert room.heads(1) == [number] * 11 + [0]
    room.pass_time(90 * SECOND)
    assert len(floods(room)) == SENT
    assert room.heads(1) == [number] * 12


def test_repeats_take_no_copy_from_later_entries() -> None:
    """Where half of a county is off, nothing would else be flooded more than once from the twelfth
    blitz of an hour on."""
    room = Room(12, config=QUIET)
    room.lost = lambda sender, receiver, _f: (sender <= 5) != (receiver <= 5)
    for _ in range(19):
        blitz(room)
        room.pass_time(3 * MINUTE)
    known = 19 * 2 + CONFIG.copies_hour_max // 2  # of these a second copy
    assert known < len(floods(room)) <= known + 2 * CONFIG.roll_call_few_hour
    before = len(floods(room))
    blitz(room)
    room.pass_time(MINUTE)
    assert len(floods(room)) == before + 2


def test_what_few_have_is_repeated_though_it_fills_several_frames() -> None:
    """Its end goes out, and who hears that asks for the rest."""
    room = Room(12, config=QUIET)
    room.lost = lambda sender, receiver, _f: (sender <= 5) != (receiver <= 5)
    room.write(1, *[bytes([part]) * 100 for part in range(6)], urgency=Urgency.FLASH)
    room.pass_time(2 * MINUTE)
    assert room.heads(1) == [6] * 5 + [0] * 7
    room.lost = lambda *_: False
    room.pass_time(3 * MINUTE)
    assert room.heads(1) == [6] * 12


def test_several_that_few_have_are_repeated_as_one() -> None:
    """They are one call: one frame holds them all."""
    room = Room(12, config=QUIET)
    room.lost = lambda *_: True
    for _ in range(5):
        number = blitz(room)
        room.pass_time(4 * SECOND)
    room.pass_time(100 * SECOND)
    room.lost = lambda *_: False
    before = len(floods(room))
    room.pass_time(10 * MINUTE)
    assert 1 <= len(floods(room)) - before <= CONFIG.roll_call_few_times
    assert room.heads(1) == [number] * 12


def test_no_copy_takes_along_what_is_urgent_itself() -> None:
    """It would go once, in the other's class and without copies, where claims held up both."""
    room = Room(3, config=QUIET)
    room.write(1, b"sofort", urgency=Urgency.IMMEDIATE)
    room.pass_time(2 * SECOND)
    room.engines[1]._outgoing.hold_until = room.now + 8 * SECOND
    room.write(1, b"blitz", urgency=Urgency.FLASH)
    room.pass_time(MINUTE)
    assert len(floods(room)) == SENT


def test_who_must_not_publish_repeats_nothing() -> None:
    """Another copy of this folder has written on: what is ours is no more to be spread."""
    room = Room(3, config=QUIET)
    room.lost = lambda *_: True
    blitz(room, 1)
    room.pass_time(MINUTE)
    before = len(floods(room))
    other = Room(3, config=QUIET)
    other.write(1, b"another", b"and one more")
    other.pass_time(2 * MINUTE)
    for frame in other.frames(Priority.ROUTINE):
        room.hear(1, frame.payload)
    assert room.told(OwnFeedAhead, 1) or room.engines[1].restored
    said = len(lists(room))
    room.pass_time(30 * MINUTE)
    assert (len(floods(room)), len(lists(room))) == (before, said)


def test_a_copy_makes_room_for_anothers_first_flood() -> None:
    """Where they meet both are lost; a copy can wait, but not for ever."""
    room = Room(3, config=replace(QUIET, copy_calm_ms=0))
    blitz(room, 1)
    room.pass_time(CONFIG.copy_gap_ms - 2 * SECOND)
    blitz(room, 2)  # heard a second before the copy is due
    room.pass_time(MINUTE)
    first, second, third = floods(room)
    assert second - first == (CONFIG.copy_gap_ms + CONFIG.copy_yield_ms) // SECOND - 1
    assert third - second == CONFIG.copy_gap_ms // SECOND


def test_many_who_write_urgent_things_do_not_put_off_a_copy_for_ever() -> None:
    """Up to twice the moment it leaves to one."""
    room = Room(12, config=QUIET)
    blitz(room, 1)
    for author in range(2, 13):
        room.pass_time(2 * SECOND)
        room.write(author, b"blitz", urgency=Urgency.FLASH)
    room.pass_time(MINUTE)
    first, second = floods(room)
    assert second - first <= (CONFIG.copy_gap_ms + 2 * CONFIG.copy_yield_ms) // SECOND


def test_a_sofort_that_a_blitz_overtook_has_its_copies() -> None:
    """Both waited for the pause after a start, and do not fit into one frame."""
    room = Room(3, config=replace(QUIET, listen_ms=20 * SECOND))
    room.pass_time(3 * SECOND)
    room.write(1, b"s" * 100, urgency=Urgency.IMMEDIATE)
    room.pass_time(2 * SECOND)
    room.write(1, b"b" * 100, urgency=Urgency.FLASH)
    room.pass_time(MINUTE)
    assert len(floods(room)) == SENT
    assert len(room.frames(Priority.IMMEDIATE)) == 2


@pytest.mark.parametrize("flooded", [True, False])
def test_what_is_urgent_and_was_not_flooded_is_announced_soon(flooded: bool) -> None:
    """Of that nobody calls the roll, so no list of its author tells who missed it. It may be sooner
    where an announcement is due anyway, and later where another's came while it was news."""
    soon = CONFIG.have_called_ms if flooded else CONFIG.have_urgent_ms
    waits = [first_word(flooded, HOUR + minutes * MINUTE) for minutes in range(0, 50, 7)]
    assert soon // 2 <= median(waits) <= soon


def first_word(flooded: bool, after_ms: int) -> int:
    """How long a node that has something urgent says nothing, ms; it came so long after a start."""
    room = Room(6, config=replace(EngineConfig(), listen_ms=0))
    room.pass_time(after_ms)
    room.engines.pop(1)
    run = room.append(1, [b"blitz"])[0]
    if flooded:
        sent = Run(run.author, run.first, run.operations, run.signature)
        room.hear(2, encode_runs((sent,), original=True, urgent=True))
    else:
        room.logs[2].store([run])
        room.engines[2].gathered(room.now, urgent={1})
    before, since = len(room.sent), room.now
    room.lost = lambda _s, _r, frame: frame.priority is not Priority.HAVE
    room.pass_time(HOUR)
    return next(
        ms - since
        for ms, sender, frame in room.sent[before:]
        if sender == 2 and frame.priority is Priority.HAVE
    )


def test_what_every_member_has_by_other_ways_is_not_new_when_it_is_offered_again() -> None:
    """It had copies then, though nobody lacked it."""
    room = Room(3, config=replace(QUIET, listen_ms=MINUTE))
    run = room.write(1, b"blitz", urgency=Urgency.FLASH)
    engine = room.engines[1]
    engine._outgoing.delivered(run.last)
    engine._outgoing.offer(run.last, run.last, Urgency.FLASH, room.now)
    room.pass_time(2 * MINUTE)
    assert len(floods(room)) == 1
