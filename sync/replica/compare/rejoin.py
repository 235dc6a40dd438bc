# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a node does when a partition has ended: who tells, who asks, and who keeps quiet meanwhile.

Both halves must learn what they lack, one of each is to ask for it, and the rest shall wait until
it has been sent. ``backlog`` tells such a case, ``sweep`` sends.
"""

from __future__ import annotations

from sync.replica.compare.announce import Announcements
from sync.replica.compare.backlog import RELAYED, Backlog
from sync.replica.compare.questions import Questions
from sync.replica.compare.sweep import Sweep
from sync.replica.compare.wants import Wants
from sync.replica.config import EngineConfig
from sync.wire.frames import Runs, Want
from sync.wire.packing import Span


class Rejoin:
    """What is heard of a backlog, and what follows for us."""

    def __init__(
        self,
        backlog: Backlog,
        questions: Questions,
        wants: Wants,
        sweep: Sweep,
        announcements: Announcements,
        config: EngineConfig,
    ) -> None:
        self._backlog = backlog
        self._questions = questions
        self._wants = wants
        self._sweep = sweep
        self._announcements = announcements
        self._config = config

    def heard_have(
        self, sender: int, relays: int, ahead: list[Span], lacking: list[Span], now: int
    ) -> None:
        """An announcement: ``ahead`` is what we lack of it, ``lacking`` what its sender lacks."""
        lack = (author for author, _, _ in ahead)
        if relays == RELAYED and sender == self._backlog.server(lack, now):
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
        self._announcements.bridged()

    def relayed(self, author: int, last: int, now: int, *, new: bool, sweep: bool) -> None:
        """Operations of that author up to there went over relays; whether they were new here, and
        whether it was in a sweep."""
        self._backlog.relayed(author, last, now, sweep=sweep)
        if sweep and new:
            self._sweep.occupied(now)
        if sweep and (new or self._wants.quieted(now)):
            self._wants.quiet(now, self._config.backlog_quiet_ms)

    def sent(self, content: Runs, now: int) -> None:
        """We sent this over relays."""
        for run in content.runs:
            self._backlog.relayed(run.author, run.last, now, sweep=content.many)
        if content.many and self._sweep.over:
            self._announcements.swept(now)
