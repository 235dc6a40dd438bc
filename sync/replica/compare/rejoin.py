# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a node does when a partition has ended: who tells, who asks, and who keeps quiet meanwhile.

Both halves must learn what they lack, one of each is to ask for it, and the rest shall wait until
it has been sent. ``backlog`` tells such a case, ``sweep`` sends, ``nacks`` ask
for what was missed of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sync.feed.chain import Run
from sync.replica.compare.announce import Announcements
from sync.replica.compare.backlog import RELAYED, Backlog
from sync.replica.compare.blocks import Block, Blocks
from sync.replica.compare.nacks import Nacks
from sync.replica.compare.neighbours import Neighbours
from sync.replica.compare.questions import Questions
from sync.replica.compare.repair import Repair
from sync.replica.compare.stamps import Stamps
from sync.replica.compare.sweep import Sweep
from sync.replica.compare.wants import Wants
from sync.replica.config import EngineConfig
from sync.replica.effects import Effects
from sync.replica.feeds import Feeds
from sync.wire.frames import Part, Seal, Want
from sync.wire.packing import Span

if TYPE_CHECKING:
    import random


class Rejoin:
    """What is heard of a backlog, and what follows for us."""

    def __init__(
        self,
        own: int,
        feeds: Feeds,
        backlog: Backlog,
        questions: Questions,
        neighbours: Neighbours,
        wants: Wants,
        announcements: Announcements,
        stamps: Stamps,
        effects: Effects,
        seal: Seal,
        config: EngineConfig,
        rng: random.Random,
    ) -> None:
        self._backlog = backlog
        self._questions = questions
        self._wants = wants
        self._announcements = announcements
        self._config = config
        self.blocks = Blocks()
        self.sweep = Sweep(own, feeds, self.blocks, seal, config, rng)
        self.nacks = Nacks(
            own,
            feeds.log,
            self.blocks,
            neighbours,
            wants,
            self.sweep,
            stamps,
            effects,
            seal,
            config,
            rng,
        )

    @property
    def deadline(self) -> int | None:
        """When ``advance`` has something to do."""
        due = (self.sweep.deadline, self.nacks.deadline)
        return min((time for time in due if time is not None), default=None)

    def advance(self, now: int) -> Repair | None:
        """Ask for parts that are due, and answer; the part of a sweep that is due."""
        self.nacks.advance(now)
        return self.sweep.advance(now)

    def heard_have(
        self, sender: int, relays: int, ahead: list[Span], lacking: list[Span], now: int
    ) -> None:
        """An announcement: ``ahead`` is what we lack of it, ``lacking`` what its sender lacks."""
        lack = (author for author, _, _ in ahead)
        if relays == RELAYED and sender == self._backlog.server(lack, now):
            if not self.nacks.over(now):
                self._wants.resume(now)
        elif not self._wants.quieted(now) and self._backlog.among(ahead, now):
            self._wants.quiet(now, self._config.backlog_notice_ms)
        alone = relays > RELAYED and lacking  # it hears nobody near, so nobody near can answer
        if alone or (not relays and self._backlog.among(lacking, now)):
            self._announcements.bridge(now)

    def heard_want(self, want: Want, now: int) -> None:
        """One asks for all who lack it: so we learn what there is, and need not ask for it."""
        for item in want.ranges:
            if item.count:
                last = item.first + item.count - 1
                self._questions.lacking(item.author, last, now, vouched=True)
        authors = [item.author for item in want.ranges]
        self._backlog.asked(authors, want.target, now)
        if any(author in self._wants for author in authors):
            self._wants.quiet(now, self._config.backlog_quiet_ms)
        self._announcements.bridged(now)

    def relayed(self, author: int, last: int, now: int, *, new: bool, sweep: bool) -> None:
        """Operations of that author up to there went over relays; whether they were new here, and
        whether it was in a sweep."""
        self._backlog.relayed(author, last, now, sweep=sweep)
        if sweep and new:
            self.sweep.occupied(now)
        if sweep and (new or self._wants.quieted(now)):
            self._wants.quiet(now, self._config.backlog_quiet_ms)

    def part(
        self, part: Part, block: Block, held: list[Run], now: int, *, relayed: bool, news: bool
    ) -> None:
        """A part of a block was heard; which of its runs were held before, and whether it brought
        any (``relayed`` has told us so then)."""
        if relayed:
            self.sweep.rivals(part, held, now)
        if relayed and not news and block.useful:
            self._backlog.goes_on(now)
            self.sweep.occupied(now)
            self._wants.quiet(now, self._config.backlog_quiet_ms)
        self.nacks.part(part, block, now)

    def sent(self, runs: Iterable[Run], now: int, *, many: bool) -> None:
        """We sent this over relays; ``many``: for all who lack it."""
        for run in runs:
            self._backlog.relayed(run.author, run.last, now, sweep=many)
        if many and self.sweep.over:
            self._announcements.swept(now)
