# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What many lack after a partition is asked for once and sent once, over a relay."""

from __future__ import annotations

import random
from collections import Counter

from sync.feed.chain import Run
from sync.replica.compare.wants import Wants
from sync.replica.config import EngineConfig
from sync.replica.events import Priority, Reach
from sync.wire.frames import Runs, Seal
from sync.wire.packet import decode, encode_runs
from tests.unit.sync.net import HOUR, MINUTE, Room, patient

NODES = 8
WEST = {1, 2, 3, 4}


def halves() -> Room:
    """Two halves that cannot hear each other; everybody has written four entries."""
    room = Room(NODES, config=patient())
    room.lost = lambda sender, receiver, _frame: (sender in WEST) is not (receiver in WEST)
    for number in range(1, NODES + 1):
        room.write(number, *[bytes([number, part]) * 20 for part in range(4)])
    room.pass_time(HOUR)
    return room


def relayed(room: Room, since: int) -> Counter[tuple[int, int]]:
    """How often each operation went over a relay."""
    seal = Seal(room.network.network_id, room.network.network_key)
    found: Counter[tuple[int, int]] = Counter()
    for _, _, frame in room.sent[since:]:
        content = decode(frame.payload, seal)
        if frame.reach is Reach.RELAYED and isinstance(content, Runs):
            for run in content.runs:
                found.update((run.author, number) for number in range(run.first, run.last + 1))
    return found


def test_both_halves_are_told_all_of_it_once() -> None:
    """Each operation crosses once, over a relay; no neighbour has to send any of it again."""
    room = halves()
    before = len(room.sent)
    assert not relayed(room, 0)
    room.lost = lambda _s, _r, _f: False
    room.pass_time(HOUR)

    assert all(room.heads(author) == [4] * NODES for author in range(1, NODES + 1))
    every = {(author, number) for author in range(1, NODES + 1) for number in range(1, 5)}
    assert relayed(room, before) == Counter(every)
    questions = [frame for _, _, frame in room.sent[before:] if frame.key == "want"]
    assert len(questions) <= 4
    repairs = [frame for _, _, frame in room.sent[before:] if frame.priority is Priority.REPAIR]
    assert all(frame.reach is Reach.RELAYED for frame in repairs)


def test_what_one_lacks_is_its_neighbours_business() -> None:
    """A node that was off while others wrote makes nobody relay what everybody else is known to
    hold."""
    room = Room(NODES, config=patient())
    late = room.engines.pop(NODES)
    for number in range(1, NODES):
        room.write(number, *[bytes([number, part]) * 20 for part in range(4)])
    room.pass_time(2 * HOUR)
    room.engines[NODES] = late
    room.pass_time(HOUR)

    assert all(room.heads(author) == [4] * NODES for author in range(1, NODES))
    assert not relayed(room, 0)


def test_who_misses_some_of_it_asks_its_neighbours() -> None:
    """One of those it was meant for hears nothing that is relayed and has it from others soon."""
    room = halves()
    before = len(room.sent)
    room.lost = lambda sender, receiver, frame: (
        receiver == 8 and (frame.reach is Reach.RELAYED or sender in WEST)
    )
    room.pass_time(HOUR)

    assert all(room.heads(author) == [4] * NODES for author in range(1, NODES + 1))
    assert max(relayed(room, before).values()) == 1


def test_what_nobody_vouches_for_is_asked_for_by_nobody_for_many() -> None:
    """A run without its predecessors says that many exist; no node spreads that word."""
    room = Room(NODES, config=patient())
    room.engines.pop(2)
    last = room.append(2, [bytes([part]) * 20 for part in range(50)])[-1]
    bare = Run(last.author, last.first, last.operations, last.signature)
    room.hear(1, encode_runs((bare,)))
    room.pass_time(HOUR)

    assert room.frames(Priority.WANT)
    assert not any(frame.reach is Reach.RELAYED for frame in room.frames(Priority.WANT))


def test_nobody_can_keep_us_from_asking() -> None:
    """Questions for many, one after the other without end, hold us up ten minutes in forty."""
    wants = Wants(EngineConfig(), random.Random(1))
    wants.lacking(3, 7, 0, vouched=True)
    held = 0
    for now in range(0, 4 * HOUR, MINUTE // 2):
        wants.quiet(now, 60_000)
        held += wants.quieted(now)
    assert held * MINUTE // 2 <= 4 * HOUR * 11 // 30
