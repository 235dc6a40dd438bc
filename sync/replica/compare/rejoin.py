# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a node does when a partition has ended: who tells, who asks, and who keeps quiet meanwhile.

Both halves must learn what they lack, one of each is to ask for it, and the rest shall wait until
it has been sent. ``backlog`` tells such a case, ``sweep`` sends, ``nacks`` ask
for what was missed of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.feed.chain import Run
from sync.replica.compare.announce import Announcements
from sync.replica.compare.backlog import RELAYED, Backlog
from sync.replica.compare.blocks import Block, Blocks
from sync.replica.compare.courier import Courier
from sync.replica.compare.nacks import Nacks
from sync.replica.compare.neighbours import Neighbours
from sync.replica.compare.questions import Question, Questions
from sync.replica.compare.repair import Repair
from sync.replica.compare.stamps import Stamps
from sync.replica.compare.sweep import Sweep
from sync.replica.compare.wants import HINT_ATTEMPTS, Wants
from sync.replica.config import EngineConfig
from sync.replica.effects import Effects
from sync.replica.feeds import Feeds
from sync.wire.block import OF_ONE
from sync.wire.frames import Index, Part, Seal, Want
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
        self._given: dict[int, int] = {}  # author -> when a courier asked us for it
        self._promised: int | None = None  # when a courier last asked that has brought nothing yet
        self.blocks = Blocks(feeds.log)
        self.sweep = Sweep(own, feeds, self.blocks, seal, config, rng)
        self.courier = Courier(own, feeds, backlog, neighbours, config)
        self.nacks = Nacks(
            own,
            feeds.log,
            self.blocks,
            neighbours,
            wants,
            self.sweep,
            self.courier,
            stamps,
            effects,
            seal,
            config,
            rng,
        )

    @property
    def deadline(self) -> int | None:
        """When ``advance`` has something to do."""
        due = (self.sweep.deadline, self.nacks.deadline, self.courier.deadline)
        return min((time for time in due if time is not None), default=None)

    def advance(self, now: int) -> Repair | None:
        """Ask for parts that are due, and answer; the part of a sweep that is due."""
        if (halves := self.courier.back(now)) is not None:
            self.sweep.together(halves, now)
            if self.courier.failed:
                self._wants.resume(now)
        self.nacks.advance(now)
        return self.sweep.advance(now)

    def heard_have(
        self, sender: int, relays: int, ahead: list[Span], lacking: list[Span], now: int
    ) -> None:
        """An announcement: ``ahead`` is what we lack of it, ``lacking`` what its sender lacks."""
        waits = self._wants.quieted(now) or self.sweep.courier > 0
        lack = (author for author, _, _ in ahead)
        if relays == RELAYED and sender == self._backlog.server(lack, now):
            if not self.nacks.over(now):
                self._wants.resume(now)
        elif not self._wants.quieted(now) and self._backlog.among(ahead, now):
            wait = self._config.backlog_notice_ms + self.courier.waits(sender, ahead)
            self._wants.quiet(now, wait)
        alone = relays > RELAYED and lacking  # it hears nobody near, so nobody near can answer
        if alone or (not relays and not waits and self._backlog.among(lacking, now)):
            self._announcements.bridge(now)

    def asked(self, question: Question, now: int) -> Question:
        """We ask for what many lack; the question as it is to be sent."""
        spans = [(item.author, item.first, item.last) for item in question.ranges]
        server = self.courier.asks(question.target, spans, now)
        if server:
            self._announcements.bridged(now)
            self._backlog.asked((author for author, _, _ in spans), server, now)
            return replace(question, target=server, mesh=True)
        self._announcements.bridge_now(now)
        return question

    def _described(self, block: Block, index: Index, now: int) -> None:
        """A block's index is known: another brings to all what it says."""
        if block.useful:
            self.courier.relieved()
        for author, last in {piece.author: piece.last for piece in index.pieces}.items():
            self._questions.lacking(author, last, now, vouched=False, attempts=HINT_ATTEMPTS)
        self._announcements.bridged(now)

    def begin(self, spans: list[Span], courier: int, now: int) -> None:
        """A member asks us for these, for all who lack them; ``courier``: who brings it to them,
        0: we."""
        if self.courier.server or self.sweep.courier:
            return
        since = now - self._config.backlog_quiet_again_ms
        if any(self._given.get(author, since) > since for author, _, _ in spans):
            courier = 0  # the last one has not brought it
        if courier:
            self._given |= {author: now for author, _, _ in spans}
        self.sweep.begin(spans, now, courier)

    def heard_want(self, want: Want, now: int) -> None:
        """One asks for all who lack it: so we learn what there is, and need not ask for it."""
        for item in want.ranges:
            if item.count:
                self._questions.lacking(item.author, item.last, now, vouched=True)
        authors = [item.author for item in want.ranges]
        self._backlog.asked(authors, want.sender if want.courier else want.target, now)
        if want.courier:
            self.courier.overheard(want.sender, authors, now)
        if want.courier and self._trusted(now):
            self._promised = now
            self._wants.quiet(now, self._config.courier_quiet_ms)
        elif any(author in self._wants for author in authors):
            self._wants.quiet(now, self._config.backlog_quiet_ms)
        self._announcements.bridged(now)

    def relayed(self, author: int, last: int, now: int, *, new: bool, sweep: bool) -> None:
        """Operations of that author up to there went over relays; whether they were new here, and
        whether it was in a sweep."""
        self._backlog.relayed(author, last, now, sweep=sweep)
        self.courier.came(0, now)
        if sweep and new:
            self.sweep.occupied(now)
        if sweep and (new or self._wants.quieted(now)):
            self._wants.quiet(now, self._config.backlog_quiet_ms)

    def part(
        self, part: Part, block: Block, held: list[Run], now: int, *, relayed: bool, news: bool
    ) -> None:
        """A part of a block was heard; which of its runs were held before, and whether it brought
        any (``relayed`` has told us so then)."""
        if block.index is not None and not block.described:
            block.described = True
            self._described(block, block.index, now)
        if relayed:
            block.fetched = False
            if block.index is not None:
                self._backlog.brought({piece.author for piece in block.index.pieces}, now)
            self.sweep.rivals(part, held, now)
            self.sweep.yields(block, part.number - block.count)
            unread = block.unread and self._backlog.expects(block.number // OF_ONE, now)
            if not news and (block.useful or unread):
                self._goes_on(now)
                self.sweep.occupied(now)
        else:
            block.fetched |= part.number < block.count
            ours = block.number // OF_ONE == self.courier.server
            if block.fetched and (block.useful or ours or self._wants.quieted(now)):
                self._goes_on(now)
        self.courier.came(block.number // OF_ONE, now)
        self.nacks.part(part, block, now)

    def _trusted(self, now: int) -> bool:
        """Whether to wait for a courier: not if the last one promised and nothing came."""
        again = self._config.backlog_quiet_again_ms
        return self._promised is None or now >= self._promised + again

    def _goes_on(self, now: int) -> None:
        """More of a backlog was heard."""
        self._promised = None
        self._backlog.goes_on(now)
        self._wants.quiet(now, self._config.backlog_quiet_ms)

    def sent(self, runs: Iterable[Run], now: int, *, many: bool) -> None:
        """We sent this over relays; ``many``: for all who lack it."""
        for run in runs:
            self._backlog.relayed(run.author, run.last, now, sweep=many)
        if many and self.sweep.over:
            self._announcements.swept(now)
