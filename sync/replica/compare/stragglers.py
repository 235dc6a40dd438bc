# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is not answered any more learns why: it is told feed 0, and nothing else.

Who was off while the keys changed still speaks under the old one; feed 0 brings it the new keys, if
it is still a member. Who was revoked learns from it that it is. A thief learns nothing from it, and
can make us send no more than the few frames of this account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.feed.chain import cut
from sync.feed.roster import ROOT
from sync.replica.compare.shares import Allowance
from sync.replica.config import EngineConfig
from sync.replica.feeds import Feeds
from sync.wire.frames import Have, Want
from sync.wire.packet import encode_runs
from sync.wire.packing import ROOM

if TYPE_CHECKING:
    import random


class Stragglers:
    """Feed 0 for those who speak under a former key, or are revoked."""

    def __init__(self, feeds: Feeds, config: EngineConfig, rng: random.Random) -> None:
        self._feeds = feeds
        self._config = config
        self._rng = rng
        self._frames = Allowance(config.straggler_frames_hour)
        self._next: int | None = None  # number in feed 0 to send from
        self.former = False  # whether it goes on the channel of the key before
        self.deadline: int | None = None

    def heard(self, content: Have | Want, now: int, *, former: bool) -> None:
        """A control frame of such a one: what of feed 0 does its sender lack?"""
        if isinstance(content, Have):
            lacks = [head + 1 for author, head in content.summary.items() if author == ROOT]
        else:
            lacks = [item.first for item in content.ranges if item.author == ROOT]
        for first in lacks:
            if first <= self._feeds.head(ROOT):
                self._next = first if self._next is None else min(self._next, first)
                self.former = former
        if self._next is not None and self.deadline is None:
            self.deadline = now + self._wait()

    def repaired(self, last: int, now: int) -> None:
        """Another sent feed 0 up to there: go on behind it."""
        if self._next is not None and last >= self._next:
            self._next, self.deadline = last + 1, now + self._wait()

    def advance(self, now: int) -> bytes | None:
        """A frame that is due."""
        if self.deadline is None or now < self.deadline:
            return None
        first, head = self._next, self._feeds.head(ROOT)
        run = None
        if first is not None and first <= head and self._frames.take(now):
            run = cut(self._feeds.log, ROOT, first, head, ROOM)
        if run is None:
            self._next = self.deadline = None
            return None
        self._next, self.deadline = run.last + 1, now + self._config.repair_gap_ms
        return encode_runs((run,))

    def _wait(self) -> int:
        return self._config.repair_first_ms + self._rng.randrange(self._config.repair_spread_ms)
