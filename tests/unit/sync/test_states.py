# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Gaps and disputes go the ways of their tables, and every way of a table is gone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feed.memory_log import MemoryLog
from sync.feed.records import Reopening
from sync.replica.compare import gap, wants
from sync.replica.compare.gap import GapState
from sync.replica.compare.wants import Wants
from sync.replica.config import EngineConfig
from sync.replica.doubt import stages
from sync.replica.doubt.disputes import Disputes
from sync.replica.doubt.stages import Stage, Turn
from sync.replica.feeds import Feeds
from sync.wire.frames import Missing
from tests.unit.sync.net import HOUR, Room, patient
from tests.unit.sync.test_engine import forked_run, wire

STEPS = st.lists(
    st.tuples(st.sampled_from(("lacking", "hint", "coming", "overheard", "ask", "fill")),
              st.integers(1, 3), st.integers(0, 600_000)),
    max_size=40,
)  # fmt: skip


def play(steps: list[tuple[str, int, int]]) -> None:
    """Let everything happen to the needs of three authors that can."""
    needs, now = Wants(EngineConfig(), random.Random(1)), 0
    for what, author, pause in steps:
        now += pause
        if what in ("lacking", "hint"):
            needs.lacking(author, pause, now, vouched=what == "lacking", hurry=pause % 2 == 0)
        elif what == "coming":
            needs.coming(author, now)
        elif what == "overheard":
            needs.overheard((Missing(author, 1, 0),), now, {author: 1}, many=pause % 3 == 0)
        elif what == "fill":
            needs.satisfied(author)
        else:
            now = max(now, needs.deadline or now)
            needs.asked([name for name, _ in needs.ripe(now)], now)


@given(STEPS)
def test_gaps_keep_to_their_table(steps: list[tuple[str, int, int]]) -> None:
    """Whatever happens in whatever order: no turn that the table lacks."""
    play(steps)


def test_every_way_of_a_gap_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row of the table is idle."""
    gone = Counter[tuple[GapState, gap.Turn]]()

    class Watched(dict[tuple[GapState, gap.Turn], GapState]):
        def __getitem__(self, key: tuple[GapState, gap.Turn]) -> GapState:
            gone[key] += 1
            return super().__getitem__(key)

    monkeypatch.setattr(wants, "TURNS", Watched(gap.TURNS))

    rng = random.Random(1)
    kinds = ("lacking", "hint", "coming", "overheard", "ask", "ask", "fill")
    play([(rng.choice(kinds), rng.randrange(1, 4), rng.randrange(600_000)) for _ in range(2_000)])
    assert set(gap.TURNS) - set(gone) == set()


class Watch:
    """Writes down at which stage a dispute was before and after every turn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen = Counter[tuple[Stage, Turn, Stage]]()
        self.disputes: dict[int, Disputes] = {}  # by id of their feeds
        self._inside = False
        self._patch = monkeypatch

    def method(self, owner: type, name: str, turn: Turn, authors: Callable[..., set[int]]) -> None:
        """Watch calls of a method; ``authors``: whose disputes it is about."""
        really = getattr(owner, name)

        def watched(part: Any, *arguments: Any) -> Any:
            disputes = self.disputes.get(id(part if owner is Feeds else part._feeds))
            if self._inside or disputes is None:
                return really(part, *arguments)
            before = {author: disputes.stage(author) for author in authors(part, *arguments)}
            self._inside = True
            try:
                result = really(part, *arguments)
            finally:
                self._inside = False
            for author, stage in before.items():
                self.seen[stage, turn, disputes.stage(author)] += 1
            return result

        self._patch.setattr(owner, name, watched)


def test_disputes_keep_to_their_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stolen key, from the first doubt to the county's decision, at three nodes."""
    watch = Watch(monkeypatch)
    watch.method(Disputes, "suspect", Turn.SUSPICION, lambda _, author, *_rest: {author})
    watch.method(Disputes, "question", Turn.QUESTION, lambda part, *_rest: set(part._questions))
    watch.method(
        Disputes, "asked", Turn.SAME, lambda _, tags, *_rest: {t.author for t in tags.tags}
    )
    watch.method(Disputes, "conflict", Turn.PROOF, lambda _, found, *_rest: {found.run.author})
    watch.method(Disputes, "shown", Turn.PROOF, lambda _, proof, *_rest: {proof.author})
    watch.method(Feeds, "read_roster", Turn.DECISION, lambda part: set(part.authors()))
    room = Room(3, members=4, config=patient())
    for engine in room.engines.values():
        watch.disputes[id(engine._feeds)] = engine._disputes
    branches = [MemoryLog(), MemoryLog()]
    for log in branches:
        common = forked_run(room, 4, log, b"common")
    left, right = (
        forked_run(room, 4, log, text) for log, text in zip(branches, (b"l", b"r"), strict=True)
    )
    for node, run in ((1, left), (2, left), (3, right)):
        room.hear(node, wire(common))
        room.hear(node, wire(run))
    room.pass_time(2 * HOUR)
    assert {e._disputes.stage(4) for e in room.engines.values()} == {Stage.FROZEN}

    room.network.decide(Reopening(4, 2, left.chains[-1]).encode())
    room.logs[1].store(room.network.roster_runs(5)[4:])
    room.engines[1].reload(room.now)
    room.pass_time(3 * HOUR)
    assert {e._disputes.stage(4) for e in room.engines.values()} == {Stage.SETTLED}

    outside = {
        way for way in watch.seen if way[2] not in stages.TURNS.get((way[0], way[1]), {way[0]})
    }
    assert outside == set()
    moved = {(before, after) for before, _, after in watch.seen if before is not after}
    assert moved >= {
        (Stage.TRUSTED, Stage.SUSPECTED),
        (Stage.SUSPECTED, Stage.TRUSTED),
        (Stage.TRUSTED, Stage.FROZEN),
        (Stage.FROZEN, Stage.SETTLED),
    }
