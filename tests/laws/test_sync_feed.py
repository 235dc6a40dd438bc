# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of feeds: any cut verifies, any order of arrival gives the same log."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.feed.chain import Run, append, cut
from sync.feed.clock import AHEAD_MAX_S, Clock, doubtful
from sync.feed.intake import Fits, Known, examine
from sync.feed.memory_log import MemoryLog
from sync.feed.roster import read_roster
from sync.replica.engine import Engine
from sync.replica.events import HeardFrame
from sync.wire.packet import encode_runs
from tests.simulation.world import Network
from tests.unit.sync.net import operation

NETWORK = Network(random.Random(9), 2)
ROSTER = read_roster(NETWORK.network_id, NETWORK.root_public, NETWORK.root_log.operations(0, 1, 2))
SIZES = st.lists(st.lists(st.integers(1, 40), min_size=1, max_size=3), min_size=1, max_size=8)


def written(batches: list[list[int]]) -> MemoryLog:
    """A log of author 1 with one signature per batch."""
    log = MemoryLog()
    rng = random.Random(1)
    for batch in batches:
        texts = [operation(rng.randbytes(size)) for size in batch]
        append(log, NETWORK.keys[1], NETWORK.network_id, 1, NETWORK.origin(1), texts)
    return log


@settings(max_examples=40, deadline=None)
@given(SIZES, st.integers(80, 230))
def test_a_feed_cut_anew_is_the_same_feed(batches: list[list[int]], room: int) -> None:
    """Runs of any size that fit verify one after another and give every operation back."""
    log, copy = written(batches), MemoryLog()
    head = log.head(1)
    while copy.head(1) < head:
        run = cut(log, 1, copy.head(1) + 1, head, room) or cut(log, 1, copy.head(1) + 1, head, 230)
        assert run is not None
        verdict = examine(run, copy, ROSTER)
        assert isinstance(verdict, Fits)
        copy.store([verdict.run])
        assert isinstance(examine(run, copy, ROSTER), Known)

    assert copy.operations(1, 1, head) == log.operations(1, 1, head)
    assert copy.chain(1, head) == log.chain(1, head)


@settings(max_examples=40, deadline=None)
@given(SIZES, st.randoms(use_true_random=False), st.booleans())
def test_order_of_arrival_does_not_matter(
    batches: list[list[int]], order: random.Random, prefixed: bool
) -> None:
    """Runs in any order, some twice, with or without the chain before them: the same log."""
    log, copy = written(batches), MemoryLog()
    copy.store(NETWORK.roster_runs(2))
    engine = Engine(
        copy,
        network_id=NETWORK.network_id,
        network_key=NETWORK.network_key,
        root_public=NETWORK.root_public,
        author=2,
        rng=random.Random(1),
        now=0,
    )
    runs: list[Run] = []
    first = 1
    for point in log.signatures(1, 1, log.head(1)):
        prefix = log.chain(1, first - 1) or NETWORK.origin(1) if prefixed else None
        texts = tuple(log.operations(1, first, point.number))
        runs.append(Run(1, first, texts, point.signature, prefix))
        first = point.number + 1
    heard = runs + runs[:2]
    order.shuffle(heard)
    for run in heard:
        engine.receive(HeardFrame(encode_runs((run,))), 1000)

    assert engine.head(1) == log.head(1)
    assert copy.chain(1, copy.head(1)) == log.chain(1, log.head(1))


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 2**32 - 1)), max_size=30))
def test_stamps_stay_near_the_wall(steps: list[tuple[int, int]]) -> None:
    """Whatever is seen, a stamp is not before the wall and ahead of it by the limit at most, and
    falls only where the clock was put right by more than that."""
    clock, before = Clock(), 0
    for wall, remote in steps:
        clock.observe(remote, wall)
        stamp = clock.stamp(wall)
        assert wall <= stamp <= wall + AHEAD_MAX_S
        assert stamp >= before or doubtful(before, wall)
        before = stamp
