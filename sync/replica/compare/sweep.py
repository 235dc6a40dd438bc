# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sending what many lack, frame by frame, over a relay: for one question, and for all who lack it.

Frames are spaced, since radios around repeat each of them; two that send at the same time, one on
each side of what was a partition, leave each other room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.replica.compare.repair import Repair, Repairs
from sync.replica.compare.shares import Allowance
from sync.replica.config import EngineConfig
from sync.replica.events import Reach
from sync.replica.feeds import Feeds
from sync.wire.frames import HINTS_HEAD
from sync.wire.packing import ROOM, Span

if TYPE_CHECKING:
    import random

_HOUR_MS = 3_600_000
_YIELD = 0.5
"""How often one of two that sent at the same time lets the other go first."""


class Sweep(Repairs):
    """Spans that many lack, as far as nobody has sent them yet."""

    many = True
    room = ROOM - HINTS_HEAD

    def __init__(self, own: int, feeds: Feeds, config: EngineConfig, rng: random.Random) -> None:
        super().__init__(own, feeds, config, rng)
        self._frames = Allowance(config.backlog_frames_hour_max)
        self._free = 0  # when the next frame has room
        self._sent = self._other = -_HOUR_MS  # when we sent the last one, and another

    def begin(self, spans: list[Span], now: int) -> None:
        """We were asked for these, and many lack them."""
        if self._add(spans):
            wait = self._config.backlog_answer_ms
            due = now + wait + self._rng.randrange(wait)
            self._due = max(self._free, due if self._due is None else min(self._due, due))

    def occupied(self, now: int, *, own: bool = False) -> None:
        """A frame of a backlog was sent, by whomever: relays will repeat it.

        Two that send take turns: a pause after one's own frame has room for another's, and where
        both sent at the same time, one of them mostly lets the other go first.
        """
        gap = self._config.backlog_gap_ms
        if own:
            pause = 2 * gap if now < self._other + 3 * gap else gap
            self._sent = now
        else:
            pause, self._other = gap * 3 // 4, now
            if now < self._sent + gap // 2 and self._rng.random() < _YIELD:
                pause = 3 * gap
        self._free = max(self._free, now + pause + self._rng.randrange(gap // 4))
        if self._due is not None:
            self._due = max(self._due, self._free)

    @property
    def over(self) -> bool:
        """Whether all of it has been sent."""
        return not self._spans

    def advance(self, now: int) -> Repair | None:
        """The frame that is due."""
        if self._due is None or now < self._due:
            return None
        if not self._frames.take(now):
            self._due = now + _HOUR_MS // self._config.backlog_frames_hour_max
            return None
        runs = self._pack(now)
        self.occupied(now, own=True)
        return self._frame(runs, Reach.RELAYED, now)
