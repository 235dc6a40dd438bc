# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Engines that talk to each other in one room."""

import copy
import random
from dataclasses import replace

import pytest

from sync.feed import chain as feed
from sync.feed.chain import Run
from sync.feed.log import VerifiedRun
from sync.feed.memory_log import MemoryLog
from sync.feed.records import Certificate, Reopening, Revocation
from sync.replica.config import EngineConfig
from sync.replica.events import (
    Accepted,
    ForkFound,
    Gap,
    OwnFeedAhead,
    PeerHas,
    Priority,
    Reach,
    Rejected,
    Revoked,
    RosterChanged,
    StoreFailed,
)
from sync.schema.urgency import Urgency
from sync.wire.frames import Have, Runs, Seal
from sync.wire.packet import decode, encode_have, encode_runs
from sync.wire.summary import Summary
from tests.unit.sync.net import HOUR, MINUTE, SECOND, Room, operation, patient


def wire(run: VerifiedRun, prefix: bytes | None = None) -> bytes:
    """A run as a frame."""
    return encode_runs((Run(run.author, run.first, run.operations, run.signature, prefix),))


def forked_run(room: Room, author: int, log: MemoryLog, text: bytes) -> VerifiedRun:
    """What that author would sign next on another copy of its feed."""
    return feed.append(
        log,
        room.network.keys[author],
        room.network.network_id,
        author,
        room.network.origin(author),
        [operation(text)],
    )


def test_urgent_goes_at_once_and_routine_waits_for_company() -> None:
    """Blitz leaves immediately, and again with its chain value; routine after 30 s under one
    signature."""
    room = Room(2, config=patient())
    room.write(1, b"routine 1")
    room.pass_time(10 * SECOND)
    room.write(1, b"routine 2")
    assert not room.frames(Priority.ROUTINE)

    room.pass_time(21 * SECOND)
    room.write(1, b"blitz", urgency=Urgency.FLASH)
    room.pass_time(0)
    assert room.heads(1) == [3, 3]
    assert len(room.frames(Priority.FLASH)) == 1
    room.pass_time(5 * MINUTE)

    (routine,), (flash, copy, _) = room.frames(Priority.ROUTINE), room.frames(Priority.FLASH)
    first, second, third = (
        decode(f.payload, Seal(room.network.network_id, room.network.network_key))
        for f in (routine, flash, copy)
    )
    assert isinstance(first, Runs)
    assert isinstance(second, Runs)
    assert isinstance(third, Runs)
    assert (first.runs[0].first, first.runs[0].last, first.runs[0].prefix) == (1, 2, None)
    assert second.urgent
    assert second.runs[0].prefix is not None  # the routine frame may still wait for the air
    assert third.urgent
    assert third.runs[0].prefix is not None
    assert routine.reach is flash.reach is copy.reach is Reach.MESH


def test_frames_that_the_radio_would_sign_are_filled() -> None:
    """With firmware 2.8 a payload of 100..165 bytes takes earlier operations along, up to 166."""
    config = EngineConfig(listen_ms=0, radio_signs=True, urgent_copies=0)
    room = Room(1, config=config)
    for _ in range(3):
        room.write(1, bytes(28), urgency=Urgency.FLASH)
        room.pass_time(SECOND)

    assert [len(frame.payload) for frame in room.frames(Priority.FLASH)] == [166, 166, 166]
    content = decode(room.frames(Priority.FLASH)[-1].payload, Seal(b"", b"k" * 32))
    assert isinstance(content, Runs)
    assert (content.runs[0].first, content.runs[0].last) == (2, 3)


def test_urgent_run_is_shown_before_the_gap_is_closed() -> None:
    """A run with its chain value is taken as an island, the gap is told and repaired."""
    room = Room(2, config=replace(patient(), want_wait_ms=20_000))
    room.lost = lambda _s, _r, frame: frame.priority is Priority.ROUTINE
    room.write(1, b"lost")
    room.pass_time(31 * SECOND)
    room.write(1, b"blitz", urgency=Urgency.FLASH)
    room.pass_time(SECOND)

    accepted = room.told(Accepted, 2)
    assert isinstance(accepted[-1], Accepted)
    assert accepted[-1].island
    assert room.logs[2].islands(1) == [(2, 2)]
    assert room.told(Gap, 2) == [Gap(1, 1, 2)]

    room.pass_time(5 * MINUTE)
    assert room.heads(1) == [2, 2]
    assert len(room.frames(Priority.REPAIR)) == 1


def test_what_waits_for_its_predecessor_is_as_urgent_when_that_has_come() -> None:
    """Else nobody leaves it the air, and the roll is not called for it."""
    room = Room(3, config=patient())
    room.lost = lambda _s, receiver, _frame: receiver == 3
    room.write(1, b"before")
    room.pass_time(MINUTE)
    room.write(1, b"blitz", urgency=Urgency.FLASH)
    room.pass_time(0)
    (routine,), (flash,) = room.frames(Priority.ROUTINE), room.frames(Priority.FLASH)
    assert not [each for each in room.hear(3, flash.payload) if isinstance(each, Accepted)]
    accepted = [each for each in room.hear(3, routine.payload) if isinstance(each, Accepted)]
    assert [(each.last, each.urgent) for each in accepted] == [(1, False), (2, True)]


def test_loss_of_the_last_operation_is_found_by_comparing() -> None:
    """A node that missed the newest operation gets it after the next announcement."""
    room = Room(3, config=patient())
    room.lost = lambda _s, receiver, frame: receiver == 3 and frame.priority is Priority.ROUTINE
    room.write(1, b"text")
    room.pass_time(20 * MINUTE)

    assert room.heads(1) == [1, 1, 1]
    assert len(room.frames(Priority.REPAIR)) <= 2


def test_idle_nodes_are_nearly_silent() -> None:
    """When all agree, one node speaks for all and intervals grow to an hour."""
    room = Room(8, config=patient())
    room.pass_time(2 * HOUR)
    before = len(room.sent)
    room.pass_time(10 * HOUR)

    assert len(room.sent) - before <= 30
    assert not room.frames(Priority.WANT)


def test_new_node_gets_everything_the_same_way() -> None:
    """A node that starts empty but for the roster catches up with 120 operations."""
    room = Room(4, config=patient())
    late = room.engines.pop(4)
    for number in (1, 2, 3):
        for part in range(8):
            room.write(number, *[bytes([part]) * 20 for _ in range(5)])
            room.pass_time(MINUTE)
    room.engines[4] = late
    room.pass_time(2 * HOUR)

    assert [room.logs[4].head(author) for author in (1, 2, 3)] == [40, 40, 40]


def test_radio_that_comes_back_compares_at_once() -> None:
    """What both sides missed is there in three minutes, in a net that has long been quiet."""
    taken = []
    for told in (False, True):
        room = Room(3, config=patient())
        room.write(1, b"first")
        room.pass_time(12 * HOUR)
        room.lost = lambda sender, receiver, _frame: 2 in (sender, receiver)
        room.write(1, b"missed by 2", urgency=Urgency.FLASH)
        room.write(2, b"heard by nobody", urgency=Urgency.FLASH)
        room.pass_time(HOUR)
        room.lost = lambda *_: False
        back = room.now
        if told:
            room.engines[2].reconnected(room.now)
        while room.heads(1) != [2, 2, 2] or room.heads(2) != [1, 1, 1]:
            room.pass_time(10 * SECOND)
        taken.append(room.now - back)

    quiet, compared = taken
    assert compared <= 3 * MINUTE
    assert compared * 2 < quiet


def test_urgent_that_nobody_holds_is_offered_at_once_when_the_radio_is_back() -> None:
    """Sent where nobody could hear it: others show it in a second; what is held is not repeated."""
    room = Room(3, config=patient())
    room.write(1, b"known", urgency=Urgency.FLASH)
    room.pass_time(HOUR)
    room.lost = lambda sender, receiver, _frame: 1 in (sender, receiver)
    room.write(1, b"routine")
    room.write(1, b"heard by nobody", urgency=Urgency.FLASH)
    room.pass_time(HOUR)
    room.lost = lambda *_: False
    before = len(room.frames(Priority.FLASH))
    offered = [(1, 1, Urgency.FLASH), (3, 3, Urgency.FLASH)]
    room.engines[1].reconnected(room.now, offered)
    room.pass_time(SECOND)

    assert room.logs[2].islands(1) == room.logs[3].islands(1) == [(3, 3)]
    again = room.frames(Priority.FLASH)[before:]
    assert [frame.own for frame in again] == [((3, 3),)]
    room.pass_time(HOUR)
    assert room.heads(1) == [3, 3, 3]
    room.engines[1].reconnected(room.now, offered)  # now it is known to be held
    room.pass_time(MINUTE)
    assert len(room.frames(Priority.FLASH)) == before + 1


def test_frames_say_which_own_operations_they_carry() -> None:
    """First sendings and repairs name exactly the own operations in them, without decoding."""
    room = Room(2, config=patient())
    late = room.engines.pop(2)
    room.write(1, *[bytes([1]) * 20 for _ in range(4)])
    room.pass_time(10 * MINUTE)
    room.write(1, b"blitz", urgency=Urgency.FLASH)
    room.pass_time(10 * MINUTE)
    room.engines[2] = late
    room.pass_time(2 * HOUR)

    seal = Seal(room.network.network_id, room.network.network_key)
    carried = [(sender, frame, decode(frame.payload, seal)) for _, sender, frame in room.sent]
    for sender, frame, content in carried:
        runs = content.runs if isinstance(content, Runs) else ()
        assert frame.own == tuple((run.first, run.last) for run in runs if run.author == sender)
    assert {frame.priority for _, frame, _ in carried if frame.own} >= {
        Priority.FLASH,
        Priority.ROUTINE,
        Priority.REPAIR,
    }


def test_several_holders_share_the_work() -> None:
    """Whoever hears a repair keeps quiet: few operations are sent twice."""
    room = Room(6, config=patient())
    late = room.engines.pop(6)
    for number in range(1, 6):
        room.write(number, *[bytes([number]) * 30 for _ in range(6)])
    room.pass_time(10 * MINUTE)
    room.engines[6] = late
    before = room.now
    room.pass_time(2 * HOUR)

    repairs = [f for when, _, f in room.sent if f.priority is Priority.REPAIR and when > before]
    assert room.heads(5) == [6] * 6
    assert len(repairs) <= 10  # 30 operations of 32 bytes fill 8 frames


def test_urgent_ones_are_repaired_with_what_comes_before_them() -> None:
    """One signature serves a feed's beginning and the urgent entry in it, if both fit a frame."""
    room = Room(2, config=patient())
    late = room.engines.pop(2)
    room.write(1, b"first")
    room.write(1, b"urgent", urgency=Urgency.FLASH)
    room.write(1, b"last")
    room.pass_time(10 * MINUTE)
    room.engines[2] = late
    room.pass_time(2 * HOUR)

    seal = Seal(room.network.network_id, room.network.network_key)
    repairs = [decode(frame.payload, seal) for frame in room.frames(Priority.REPAIR)]
    assert room.heads(1) == [3, 3]
    assert [
        [(run.author, run.first, run.last, run.prefix) for run in content.runs]
        for content in repairs
        if isinstance(content, Runs)
    ] == [[(1, 1, 3, None)]]


def test_many_feeds_are_asked_for_in_one_question() -> None:
    """After a partition all that is lacking goes into one WANT, or nearly so."""
    room = Room(8, config=patient())
    late = room.engines.pop(8)
    for number in range(1, 8):
        room.write(number, b"text")
    room.pass_time(10 * MINUTE)
    room.engines[8] = late
    room.pass_time(2 * HOUR)

    assert all(room.logs[8].head(author) == 1 for author in range(1, 8))
    assert len([frame for frame in room.frames(Priority.WANT) if frame.key == "want"]) <= 3


def test_want_escalates_when_no_neighbour_answers() -> None:
    """After vain attempts the whole mesh is asked."""
    room = Room(2, config=patient())
    room.append(1, [b"one"])
    heads = (len(room.network.certificates), 5)
    seal = Seal(room.network.network_id, room.network.network_key)
    room.hear(2, encode_have(Have(1, Summary(0, heads), 0, 9), seal))
    room.lost = lambda *_: True
    room.pass_time(2 * HOUR)

    wants = room.frames(Priority.WANT)
    assert wants[0].reach is Reach.NEIGHBOURS
    assert wants[-1].reach is Reach.MESH
    assert len(wants) <= 10


def test_forged_and_foreign_operations_change_nothing() -> None:
    """A wrong signature, a stranger and another network are counted and not stored."""
    room = Room(2, members=3, config=patient())
    other = Room(2, config=patient())
    other.network.network_id = b"exercise-id-16--"
    good = room.append(1, [b"good"])[0]
    forged = VerifiedRun(1, 1, good.operations, good.chains, bytes(64))
    stranger = VerifiedRun(99, 1, good.operations, good.chains, good.signature)
    foreign = other.append(1, [b"foreign"])[0]

    assert room.hear(2, wire(forged)) == [Rejected("signature", 1)]
    assert room.hear(2, wire(stranger)) == [Rejected("author", 99)]
    assert room.hear(2, wire(foreign)) == [Rejected("signature", 1)]
    assert room.hear(2, b"\x20garbage")[0] == Rejected("frame", None)
    assert room.heads(1) == [0, 0]
    assert room.engines[2].rejected == {"signature": 2, "author": 1, "frame": 1}


def test_replayed_frames_change_nothing() -> None:
    """The same bytes again are recognised."""
    room = Room(2, config=patient())
    payload = wire(room.append(1, [b"text"])[0])

    assert any(isinstance(event, Accepted) for event in room.hear(2, payload))
    assert room.hear(2, payload) == []


def test_holders_and_peers_say_who_has_it() -> None:
    """Announcements tell the user who has received an entry."""
    room = Room(4, config=patient())
    room.lost = lambda _s, receiver, _f: receiver == 4
    room.write(1, b"text", urgency=Urgency.FLASH)
    room.pass_time(30 * MINUTE)

    assert room.engines[1].holders(1, 1) >= {1, 2} or room.engines[1].holders(1, 1) >= {1, 3}
    assert 4 not in room.engines[1].holders(1, 1)
    behind = {peer.author: peer.behind for peer in room.engines[1].peers()}
    assert behind.get(4, 1) > 0
    assert room.told(PeerHas)


def test_state_survives_a_restart() -> None:
    """What peers hold is known again after export and import; rubbish is without effect."""
    room = Room(3, config=patient())
    room.write(1, b"text", urgency=Urgency.FLASH)
    room.pass_time(30 * MINUTE)
    old = room.engines[1]
    state = old.export_state()
    new = room.start(1, room.logs[1])
    new.import_state({"version": 2, "peers": [{"author": "x"}, 7], "stamps": "y"}, room.now)
    assert new.holders(1, 1) == {1}

    new.import_state(state, room.now)
    assert new.holders(1, 1) == old.holders(1, 1)


def test_full_disk_is_told_and_healed() -> None:
    """What could not be stored is told, and comes again later."""
    room = Room(2, config=patient())

    class Full(MemoryLog):
        full = True

        def store(self, runs: object) -> None:
            if self.full:
                raise OSError(28, "No space left on device")
            super().store(runs)  # type: ignore[arg-type]

    log = Full()
    log.full = False
    log.store(room.network.roster_runs(2))
    log.full = True
    room.start(2, log)
    room.write(1, b"text", urgency=Urgency.FLASH)
    room.pass_time(SECOND)
    assert isinstance(room.told(StoreFailed, 2)[0], StoreFailed)
    assert room.heads(1) == [1, 0]

    log.full = False
    room.pass_time(HOUR)
    assert room.heads(1) == [1, 1]


def test_fork_freezes_the_author_everywhere_until_reopened() -> None:
    """Two branches: all nodes learn it, stop before it, and follow the branch the root names."""
    room = Room(3, members=4, config=patient())
    branches = [MemoryLog(), MemoryLog()]
    for log in branches:
        common = forked_run(room, 4, log, b"common")
    left = [forked_run(room, 4, branches[0], b"left"), forked_run(room, 4, branches[0], b"more")]
    right = forked_run(room, 4, branches[1], b"right")
    for node in (1, 2, 3):
        room.hear(node, wire(common))
    room.hear(1, wire(left[0]))
    room.hear(2, wire(left[0]))
    room.hear(3, wire(right))
    room.pass_time(2 * HOUR)

    assert room.heads(4) == [1, 1, 1]
    assert {node for node, event in room.events if isinstance(event, ForkFound)} == {1, 2, 3}
    assert all(log.forks() and log.quarantined[4] == 1 for log in room.logs.values())
    assert room.hear(1, wire(left[1])) == [Rejected("limit", 4)]
    branch = [run.operations for log in room.logs.values() for run in log.aside]
    assert right.operations in branch or room.logs[3].operations(4, 2, 2) == [operation(b"right")]

    room.network.decide(Reopening(4, 2, left[0].chains[-1]).encode())
    room.logs[1].store(room.network.roster_runs(5)[4:])
    room.engines[1].reload(room.now)
    room.pass_time(3 * HOUR)
    assert room.heads(4) == [2, 2, 2]
    assert {log.chain(4, 2) for log in room.logs.values()} == {left[0].chains[-1]}

    room.hear(1, wire(left[1]))
    room.pass_time(2 * HOUR)
    assert room.heads(4) == [3, 3, 3]


def test_what_came_by_another_way_is_flooded_once() -> None:
    """A record of the root that was brought to one node is in the mesh within a minute; who hears
    it from another strikes it from its own list."""
    room = Room(3, config=patient())
    room.network.decide(Revocation(3, 0, room.network.origin(3), 1).encode())
    for node in (1, 2):
        room.logs[node].store(room.network.roster_runs(4)[3:])
        room.engines[node].reload(room.now)
    room.pass_time(MINUTE)

    repairs = room.frames(Priority.REPAIR)
    assert [frame.reach for frame in repairs].count(Reach.MESH) == 1
    assert room.heads(0) == [4, 4, 4]


def test_revocation_counts_by_position_not_by_time() -> None:
    """What lies before the last good number is taken late, what lies after never."""
    room = Room(2, config=patient())
    runs = room.append(1, [b"1", b"2", b"3", b"4"])
    room.hear(2, wire(runs[0]))
    room.network.decide(Revocation(1, 3, runs[2].chains[-1], 1).encode())
    revocation = room.network.roster_runs(3)[2]
    events = room.hear(2, wire(revocation))

    assert Revoked(1, 3) in events
    assert RosterChanged(3) in events
    assert isinstance(room.hear(2, wire(runs[1]))[0], Accepted)
    assert isinstance(room.hear(2, wire(runs[2]))[0], Accepted)
    assert room.hear(2, wire(runs[3])) == [Rejected("limit", 1)]
    assert room.logs[2].quarantined == {1: 3}
    assert room.engines[2].head(1) == 3


def test_certificate_may_arrive_after_the_first_operations() -> None:
    """Operations of a member that is not known yet wait for its certificate."""
    room = Room(2, members=2, config=patient())
    late = Room(1, members=3, config=patient()).network
    room.network.keys[3] = late.keys[3]
    record = Certificate(3, late.keys[3].public_key().public_bytes_raw(), b"x" * 32, "Neu").encode()
    room.network.certificates[3] = record
    room.logs[3] = MemoryLog()
    run = room.append(3, [b"hello"])[0]
    assert room.hear(2, wire(run)) == [Rejected("author", 3)]

    room.network.decide(record)
    events = room.hear(2, wire(room.network.roster_runs(3)[2]))
    assert RosterChanged(3) in events
    assert room.engines[2].head(3) == 1


def test_restored_backup_never_continues_its_feed() -> None:
    """A node on an old log hears of its own later operations, says so and refuses to publish."""
    room = Room(3, config=patient())
    room.write(1, b"one", urgency=Urgency.FLASH)
    backup = copy.deepcopy(room.logs[1])
    room.write(1, b"two", urgency=Urgency.FLASH)
    room.pass_time(MINUTE)

    room.config = EngineConfig()
    engine = room.start(1, backup)
    run = room.append(1, [b"other two"])[0]
    engine.publish(run.first, run.last, Urgency.FLASH, room.now)
    before = len(room.frames(Priority.FLASH))
    room.pass_time(HOUR)

    assert isinstance(room.told(OwnFeedAhead, 1)[0], OwnFeedAhead)
    assert not engine.publish(2, 2, Urgency.FLASH, room.now)
    if len(room.frames(Priority.FLASH)) == before:  # heard in time: no fork was made
        assert not room.told(ForkFound)
        assert room.logs[1].chain(1, 2) == room.logs[2].chain(1, 2)


def test_backup_is_noticed_before_its_feed_grows() -> None:
    """The first own operation that comes from the net is told and not yet stored: a crash before
    the shell has kept what was told leaves the old log, which notices again."""
    room = Room(2, config=patient())
    room.write(1, b"one", urgency=Urgency.FLASH)
    backup = copy.deepcopy(room.logs[1])
    later = room.append(1, [b"two"])[0]
    room.start(1, backup)

    events = room.hear(1, wire(later))

    assert OwnFeedAhead(2, 1) in events
    assert room.logs[1].head(1) == 1
    room.hear(2, wire(later))  # who can send it again
    room.pass_time(HOUR)
    assert room.logs[1].head(1) == 2


def test_a_false_claim_delays_our_feed_only_briefly() -> None:
    """A member that announces more of our feed than exists cannot silence us."""
    room = Room(2, config=patient())
    seal = Seal(room.network.network_id, room.network.network_key)
    for stamp in range(1, 6):
        have = Have(2, Summary(0, (2, 900 + stamp)), 0, stamp)
        room.hear(1, encode_have(have, seal))
    room.write(1, b"text", urgency=Urgency.FLASH)
    room.pass_time(2 * MINUTE)

    assert room.heads(1) == [1, 1]
    assert not room.engines[1].restored


@pytest.mark.parametrize("seed", range(3))
def test_noise_never_raises(seed: int) -> None:
    """Random and bent frames leave the engine alive and its queues bounded."""
    room = Room(2, config=patient())
    rng = random.Random(seed)
    good = wire(room.append(1, [b"text"])[0])
    for _ in range(400):
        payload = bytearray(good if rng.random() < 0.5 else rng.randbytes(rng.randrange(1, 231)))
        payload[rng.randrange(len(payload))] ^= 1 << rng.randrange(8)
        payload[0] = 1 << 5 | payload[0] & 31
        room.hear(2, bytes(payload))
    room.pass_time(HOUR)

    assert len(room.sent) < 200


def test_an_urgent_flood_makes_what_can_wait_wait() -> None:
    """Who hears it holds back routine entries for 20 s, and not again for a minute after that."""
    room = Room(2, config=patient())
    room.pass_time(5 * MINUTE)
    room.write(2, b"routine")
    room.pass_time(19 * SECOND)
    room.write(1, b"urgent", urgency=Urgency.IMMEDIATE)
    room.pass_time(19 * SECOND)
    assert not room.frames(Priority.ROUTINE)
    room.write(1, b"urgent", urgency=Urgency.IMMEDIATE)
    room.pass_time(2 * SECOND)
    assert len(room.frames(Priority.ROUTINE)) == 1
    room.pass_time(MINUTE)
    assert len(room.frames(Priority.IMMEDIATE)) == 4


def test_neighbours_are_asked_by_name_one_after_the_other() -> None:
    """Who is named answers within a second; where it does not, the next one is named."""
    room = Room(4, config=patient())
    room.pass_time(2 * MINUTE)
    room.lost = lambda _s, receiver, frame: frame.priority is Priority.ROUTINE and receiver == 4
    for author in (1, 2, 3):
        room.write(author, b"text")
        room.pass_time(31 * SECOND)
    room.lost = lambda *_: False
    room.pass_time(30 * MINUTE)

    assert [room.logs[4].head(author) for author in (1, 2, 3)] == [1, 1, 1]
    repairs = len(room.frames(Priority.REPAIR))
    assert 1 <= repairs <= 2, "each of these was sent by one holder only"


def test_who_writes_urgent_entries_without_pause_is_flooded_once() -> None:
    """So many copies an hour, whatever is written; an hour later there are some again."""
    room = Room(2, config=replace(patient(), copies_hour_max=3))
    for _ in range(10):
        room.write(1, b"text", urgency=Urgency.IMMEDIATE)
        room.pass_time(MINUTE)
    assert len(room.frames(Priority.IMMEDIATE)) == 10 + 3
    room.pass_time(HOUR)
    room.write(1, b"text", urgency=Urgency.IMMEDIATE)
    room.pass_time(MINUTE)
    assert len(room.frames(Priority.IMMEDIATE)) == 11 + 4
