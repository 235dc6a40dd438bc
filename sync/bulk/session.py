# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One peer at the other end of a cable: what it holds, and what it is to be sent next.

Each side states what it holds; the other sends what is above it, and from then on whatever comes
new. There are no questions and no answers: a statement tells both that something arrived and that
something is missing. What was sent and is still not held half a minute later is sent again.
"""

from __future__ import annotations

from collections.abc import Mapping

from sync.feed.log import Log
from sync.feed.roster import Roster
from sync.feed.why import Why
from sync.wire.bundle import AgainPiece, RunsPiece, in_pieces, missing_runs

AGAIN_MS = 30_000
"""So long something may be on its way."""

BACK = 200
"""Operations before a run that does not fit, from which on it is sent again: where two feeds of one
author part is seen from the run in which they do."""


class Session:
    """What is known of one peer. Pure: the shell carries pieces in and out."""

    def __init__(self) -> None:
        self._holds: dict[int, int] | None = None  # None: it has not said
        self._sent: dict[int, tuple[int, int]] = {}  # author -> (last number sent, when)
        self._asked: dict[int, tuple[int, int]] = {}  # author -> (from where, when)

    @property
    def begun(self) -> bool:
        """Whether the peer has said what it holds."""
        return self._holds is not None

    def stated(self, heads: Mapping[int, int], now: int) -> None:
        """The peer said what it holds."""
        self._holds = dict(heads)
        for author, (upto, when) in list(self._sent.items()):
            if heads.get(author, 0) >= upto or now - when >= AGAIN_MS:
                del self._sent[author]

    def received(self, piece: RunsPiece) -> None:
        """The peer holds what it sends."""
        if self._holds is not None:
            for run in piece.runs:
                if run.first <= self._holds.get(run.author, 0) + 1:
                    self._holds[run.author] = max(self._holds.get(run.author, 0), run.last)

    def asked(self, piece: AgainPiece) -> None:
        """The peer wants a feed again from that number on."""
        if self._holds is not None:
            self._holds[piece.author] = min(self._holds.get(piece.author, 0), piece.first - 1)
            self._sent.pop(piece.author, None)

    def doubt(self, author: int, first: int, reason: Why, now: int) -> AgainPiece | None:
        """A run of the peer did not fit our feed: what to ask for, so that it shows why."""
        if reason is not Why.SIGNATURE:
            return None
        start, when = self._asked.get(author, (first, now - AGAIN_MS))
        if now - when < AGAIN_MS:
            return None
        start = max(1, min(start, first) - BACK)
        self._asked[author] = (start, now)
        return AgainPiece(author, start)

    def lacks(self, heads: Mapping[int, int]) -> bool:
        """Whether there is something to send, given the last numbers that count here."""
        return self._holds is not None and any(
            head > self._known(author) for author, head in heads.items()
        )

    def next(
        self,
        log: Log,
        heads: Mapping[int, int],
        roster: Roster,
        now: int,
        fill: int | None = None,
    ) -> RunsPiece | None:
        """The next piece of what the peer lacks: lists of members first, then the authors in turn.

        None if there is nothing. ``heads``: the last numbers that count here; ``fill``: bytes.
        """
        lists = roster.rosters()
        lacking = [author for author, head in heads.items() if head > self._known(author)]
        lacking.sort(key=lambda author: (author not in lists, author))
        floor = {author: self._known(author) for author in lacking}
        runs = missing_runs(log, floor, {author: heads[author] for author in lacking})
        piece = next(in_pieces(runs, fill), None)
        for run in piece.runs if piece else ():
            self._sent[run.author] = (run.last, now)
        return piece

    def _known(self, author: int) -> int:
        assert self._holds is not None
        return max(self._holds.get(author, 0), self._sent.get(author, (0, 0))[0])
