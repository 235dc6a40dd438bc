# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What many lack after a partition is asked for once and sent once, over a relay."""

from __future__ import annotations

import itertools
import random
from collections import Counter

from sync.feed.chain import Run
from sync.feed.memory_log import MemoryLog
from sync.replica.compare.blocks import Blocks
from sync.replica.compare.sweep import Sweep
from sync.replica.compare.wants import Wants
from sync.replica.config import EngineConfig
from sync.replica.events import HeardFrame, Priority, Reach
from sync.replica.feeds import Feeds
from sync.schema.urgency import Urgency
from sync.wire.frames import Held, Missing, Part, Runs, Seal, Want
from sync.wire.held import encode_held
from sync.wire.packet import decode, encode_news, encode_runs, encode_want
from tests.unit.sync.net import HOUR, MINUTE, NODES, SECOND, WEST, Room, halves, patient


def relayed(room: Room, since: int) -> Counter[tuple[int, int]]:
    """How often each operation went over a relay."""
    seal = Seal(room.network.network_id, room.network.network_key)
    found: Counter[tuple[int, int]] = Counter()
    blocks = Blocks(MemoryLog())
    for ms, _, frame in room.sent[since:]:
        content = decode(frame.payload, seal)
        if frame.reach is Reach.RELAYED and isinstance(content, Runs | Part):
            runs = content.runs if isinstance(content, Runs) else blocks.add(content, ms)
            for run in runs:
                found.update((run.author, number) for number in range(run.first, run.last + 1))
    return found


def test_both_halves_are_told_all_of_it_once() -> None:
    """Each operation crosses once, over a relay; no neighbour has to send any of it again."""
    room = halves(4, 20)
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


def test_a_question_for_many_that_is_lost_is_asked_again_within_a_minute() -> None:
    """Its side keeps quiet meanwhile, so it lacks everything for as long."""
    room = halves(4, 20)
    before = len(room.sent)
    room.lost = lambda _s, _r, frame: frame.key == "want"
    room.pass_time(20 * MINUTE)

    many = [
        (ms, sender)
        for ms, sender, frame in room.sent[before:]
        if frame.key == "want" and frame.reach is Reach.RELAYED
    ]
    asker = many[0][1]
    first, second, *_ = [ms for ms, sender in many if sender == asker]
    config = room.config
    patience = config.backlog_unanswered_ms + config.backlog_spread_ms
    assert second - first <= patience + SECOND <= MINUTE + SECOND


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
    room = halves(4, 20)
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


def test_of_a_backlog_nothing_is_taken_for_urgent_that_was_so_hours_ago() -> None:
    """Else all would hurry, hush and answer over relays about it, while it is sent to all."""
    room = Room(NODES, config=patient())
    room.lost = lambda sender, receiver, _frame: (sender in WEST) is not (receiver in WEST)
    for number in range(1, NODES + 1):
        room.write(number, *[bytes([number, part]) * 20 for part in range(4)])
    room.write(1, b"water", urgency=Urgency.IMMEDIATE)
    room.pass_time(HOUR)
    before = len(room.sent)
    room.lost = lambda _s, _r, _f: False
    room.pass_time(HOUR)

    seal = Seal(room.network.network_id, room.network.network_key)
    sent = [decode(frame.payload, seal) for _, _, frame in room.sent[before:]]
    runs = [content for content in sent if isinstance(content, Runs)]
    assert room.heads(1) == [5] * NODES
    assert all(content.many and not content.urgent for content in runs)


def sweep(room: Room, seed: int, own: int = 1) -> Sweep:
    """One that has eight authors' entries to send."""
    network = room.network
    feeds = Feeds(room.logs[1], network.network_id, network.root.public_key().public_bytes_raw())
    seal = Seal(network.network_id, network.network_key)
    found = Sweep(own, feeds, Blocks(MemoryLog()), seal, EngineConfig(), random.Random(seed))
    found.begin([(author, 1, 12) for author in range(1, NODES + 1)], 0)
    return found


def test_two_who_send_a_backlog_take_turns() -> None:
    """Even if they begin in the same second: after a frame of one the relays have ten seconds to
    repeat it, mostly, before the other sends."""
    room = Room(NODES, config=patient())
    for number in range(1, NODES + 1):
        room.append(number, [bytes([number, part]) * 40 for part in range(12)])
    close = total = 0
    for seed in range(20):
        both = [sweep(room, seed, 1), sweep(room, 1000 + seed, 2 + seed)]
        sent: list[int] = []
        for now in range(0, 5 * MINUTE, SECOND):
            for one, other in (both, both[::-1]):
                if (repair := one.advance(now)) is not None:
                    assert (repair.reach, repair.many) == (Reach.RELAYED, True)
                    other.occupied(now)
                    sent.append(now)
        pauses = [later - earlier for earlier, later in itertools.pairwise(sent)]
        close += sum(pause < 8 * SECOND for pause in pauses[4:])
        total += len(pauses[4:])
    assert total > 200
    assert close < total / 8


def ask(room: Room, whom: int, want: Want, *, hops: int = 0, relays: int = 0) -> list[Reach]:
    """That node hears a question; how far it answers within twenty seconds."""
    seal, before = Seal(room.network.network_id, room.network.network_key), len(room.sent)
    frame = HeardFrame(encode_want(want, seal), 3.0, hops, relays=relays)
    room.engines[whom].receive(frame, room.now)
    room.pass_time(20 * SECOND)
    return [f.reach for _, n, f in room.sent[before:] if n == whom and f.key is None]


def lacking(asker: int, room: Room, **how: int) -> Want:
    """It lacks author 1's first entry."""
    return Want(asker, (Missing(1, 1, 1),), room.now // 16_000 + asker, **how)


def test_an_answer_goes_as_far_as_the_question_came() -> None:
    """Whoever asks by name over a relay may not hear whom it asks."""
    room = Room(NODES, config=patient())
    room.write(1, b"text")
    room.pass_time(10 * MINUTE)
    assert ask(room, 2, lacking(3, room, target=2)) == [Reach.NEIGHBOURS]
    assert ask(room, 2, lacking(4, room, target=2), hops=1, relays=1) == [Reach.RELAYED]


def test_what_three_have_asked_for_is_sent_over_a_relay() -> None:
    """Each would be answered for itself, and a frame that reached nobody is lacked by many."""
    room = Room(NODES, config=patient())
    room.write(1, b"text")
    room.pass_time(10 * MINUTE)
    for asker in (3, 4):
        assert not ask(room, 2, lacking(asker, room, target=8))
    assert ask(room, 2, lacking(5, room, target=2)) == [Reach.RELAYED]
    assert ask(room, 2, lacking(6, room, target=2)) == [Reach.NEIGHBOURS]  # that was just sent


def test_nobody_asks_those_who_ask_for_the_same() -> None:
    """They do not hold it; if that is all who are near, a holder who is known is asked, over a
    relay."""
    room = Room(4, config=patient())
    far = {1, 4}
    room.lost = lambda sender, receiver, _f: {sender, receiver} == far
    for number in (1, 2, 3, 4):
        room.write(number, b"text")
    room.pass_time(2 * HOUR)
    room.lost = lambda sender, receiver, _f: 1 in (sender, receiver)
    room.write(1, b"more")
    room.pass_time(MINUTE)
    seal = Seal(room.network.network_id, room.network.network_key)
    for asker in (2, 3):
        want = Want(asker, (Missing(1, 2, 1),), room.now // 16_000 + asker, target=1)
        room.hear(4, encode_want(want, seal))
    before = len(room.sent)
    room.hear(4, encode_held(Held(1, 2, (1,), urgent=True), seal))
    room.pass_time(5 * SECOND)
    asked = [
        (content.target, frame.reach)
        for _, number, frame in room.sent[before:]
        if number == 4 and isinstance(content := decode(frame.payload, seal), Want)
    ]
    assert asked == [(1, Reach.RELAYED)]


def test_who_hears_others_over_relays_only_says_so_over_relays_after_a_start_too() -> None:
    """Its first words to neighbours, whom it does not have, were heard by nobody."""
    room = Room(2, config=patient())
    run = room.append(1, [b"text"])[-1]
    payload = encode_runs((Run(1, 1, run.operations, run.signature),), original=True)
    room.engines[2].receive(HeardFrame(payload, 3.0, 2, relays=6), room.now)
    state, log = room.engines[2].export_state(), room.logs[2]
    first = {}
    for name, known in (("new", None), ("again", state)):
        engine = room.start(2, log)
        if known is not None:
            engine.import_state(known, room.now)
        before = len(room.sent)
        room.pass_time(10 * SECOND)
        first[name] = [f.reach for _, n, f in room.sent[before:] if n == 2][:1]
    assert first == {"new": [Reach.NEIGHBOURS], "again": [Reach.MESH]}


def test_a_question_for_many_that_nobody_serves_keeps_nobody_from_answering() -> None:
    """A member can name whom it likes: until something is sent, all others answer as always."""
    room = Room(NODES, config=patient())
    room.write(1, b"text")
    room.pass_time(10 * MINUTE)
    seal = Seal(room.network.network_id, room.network.network_key)
    many = Want(7, (Missing(1, 1, 1),), room.now // 16_000 + 1, target=1000, many=True)
    room.engines[2].receive(HeardFrame(encode_want(many, seal), 3.0, 1, relays=1), room.now)
    assert ask(room, 2, lacking(3, room, target=2)) == [Reach.NEIGHBOURS]


def test_a_recording_of_a_backlog_keeps_nobody_from_answering() -> None:
    """Its mark has no stamp, so it is as good as new for ever; but it brings nothing new."""
    room = Room(NODES, config=patient())
    run = room.write(1, b"text")
    room.pass_time(10 * MINUTE)
    seal = Seal(room.network.network_id, room.network.network_key)
    old = encode_news(Runs((Run(1, 1, run.operations, run.signature),), many=True), seal)
    for _ in range(3):
        room.engines[2].receive(HeardFrame(old, 3.0, 1, relays=1), room.now)
        room.pass_time(5 * SECOND)
    assert ask(room, 2, lacking(3, room, target=2)) == [Reach.NEIGHBOURS]


def test_a_neighbours_question_that_was_given_a_relay_is_none_for_many() -> None:
    """The MAC does not cover how many relays a frame is allowed, so the question says it: of one
    for many all who lack it learn what there is, and keep quiet for a while."""
    room = halves(4, 20)
    room.lost = lambda *_: True
    seal = Seal(room.network.network_id, room.network.network_key)
    missing = tuple(Missing(author, 1, 4) for author in sorted(WEST))
    for many in (False, True):
        want = Want(8, missing, room.now // 16_000 + 1, target=1, many=many)
        room.engines[6].receive(HeardFrame(encode_want(want, seal), 3.0, 1, relays=1), room.now)
        before = len(room.sent)
        room.pass_time(5 * MINUTE)
        asked = [f for _, n, f in room.sent[before:] if n == 6 and f.priority is Priority.WANT]
        assert bool(asked) is many


def announced(room: Room, hours: int) -> int:
    """How many announcements are made in so many hours from the third on."""
    cut, room.lost = room.lost, lambda _s, _r, _f: False
    for number in range(1, NODES + 1):
        room.write(number, bytes([number]) * 20)
    room.pass_time(HOUR)
    room.lost = cut
    for number in range(1, NODES + 1):
        room.write(number, bytes([number]) * 20)
    room.pass_time(2 * HOUR)
    before = len(room.sent)
    room.pass_time(hours * HOUR)
    return sum(frame.priority is Priority.HAVE for _, _, frame in room.sent[before:])


def test_who_may_be_behind_a_cut_announces_often_until_it_has_ended() -> None:
    """So both halves notice each other soon after it; in one air there is no more than always."""
    config = patient()
    apart, together = Room(NODES, config=config), Room(NODES, config=config)
    apart.lost = lambda sender, receiver, _frame: (sender in WEST) is not (receiver in WEST)
    often, seldom = announced(apart, 4), announced(together, 4)
    assert often >= 4 * HOUR // config.have_apart_ms
    assert often > 4 * seldom

    apart.lost = lambda _s, _r, _f: False
    apart.pass_time(2 * config.have_apart_ms)
    assert all(apart.heads(author) == [2] * NODES for author in range(1, NODES + 1))


def test_many_who_may_be_behind_a_cut_share_the_air_of_a_few() -> None:
    """Where half of a county is off the others cannot know that it is no cut: of twenty who hear
    each other all together announce about as often as four would."""
    config = patient()
    room = Room(20, members=40, config=config)
    for number in range(1, 21):
        room.write(number, bytes([number]) * 20)
    room.pass_time(3 * HOUR)
    before = len(room.sent)
    room.pass_time(4 * HOUR)
    often = sum(frame.priority is Priority.HAVE for _, _, frame in room.sent[before:])
    few = config.have_apart_speakers * 4 * HOUR // config.have_apart_ms
    assert few // 2 < often <= 2 * few
