# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parts of blocks that were heard: their runs are taken like any others as they become whole."""

from __future__ import annotations

from collections.abc import Callable

from sync.replica.compare.backlog import RELAYED
from sync.replica.compare.rejoin import Rejoin
from sync.replica.events import HeardFrame
from sync.replica.feeds import Feeds
from sync.wire.frames import Part, Runs


class Parts:
    """Takes parts for one node; ``take`` is what is done with runs."""

    def __init__(
        self, feeds: Feeds, rejoin: Rejoin, take: Callable[[Runs, HeardFrame, int], None]
    ) -> None:
        self._feeds = feeds
        self._rejoin = rejoin
        self._take = take

    def heard(self, part: Part, frame: HeardFrame, now: int) -> None:
        """A part was heard. What a thief's key vouches for is no sweep."""
        log = self._feeds.log
        block = self._rejoin.blocks.of(part, now)
        again = block.known(part)
        runs = self._rejoin.blocks.add(part, now)
        held = [run for run in runs if log.chain(run.author, run.last) is not None]
        if runs:
            self._take(Runs(tuple(runs), many=True, epoch=part.epoch), frame, now)
        if again or self._feeds.roster.doubted(part.epoch):
            return
        stored = [run for run in runs if log.chain(run.author, run.last) is not None]
        news = len(stored) > len(held)
        block.useful |= news or (block.index is not None and not block.whole)
        relayed = frame.relays == RELAYED
        self._rejoin.part(part, block, held, now, relayed=relayed, news=news)
