# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading many operations at once: shared out to all processors.

Nearly all the time that a join takes goes into decoding texts, one operation by itself. So those
that come in bulk are read by helper processes, while this one waits and stores. What is read is the
same: each is read by the same function from nothing but its bytes.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from lage.store.reading import Reading, interpret
from sync.feed.records import Alliance

Job = tuple[int, int, bytes]
"""Author, number, bytes."""

TOGETHER = 400
"""Fewer are read here: helpers take a second to start."""
WORKERS_MAX = 4
SHARE = 100
"""Operations that a helper reads at a time."""
REST_S = 20.0
"""Helpers that had nothing to do for so long end; they take some 60 MB each."""


class SharedReading:
    """Reads operations, many of them in helper processes."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._used = 0.0

    def read(self, jobs: Sequence[Job], alliances: Sequence[Alliance]) -> list[Reading]:
        """What these say, in their order."""
        workers = min(WORKERS_MAX, os.cpu_count() or 1)
        if workers > 1 and (len(jobs) >= TOGETHER or (self._pool and len(jobs) >= SHARE)):
            shares = [jobs[at : at + SHARE] for at in range(0, len(jobs), SHARE)]
            try:
                return self._shared(shares, tuple(alliances), workers)
            except (OSError, BrokenProcessPool):
                self.rest()  # no room for helpers, or one was killed: done here
        return _read((jobs, tuple(alliances)))

    def rest(self, *, unless_used: bool = False) -> None:
        """Let the helpers go; ``unless_used``: only where they had nothing to do for a while."""
        if unless_used and time.monotonic() - self._used < REST_S:
            return
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _shared(
        self, shares: Sequence[Sequence[Job]], alliances: tuple[Alliance, ...], workers: int
    ) -> list[Reading]:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(workers, context, initializer=_lower)
        parts = self._pool.map(_read, [(share, alliances) for share in shares])
        found = [reading for part in parts for reading in part]
        self._used = time.monotonic()
        return found


def _read(work: tuple[Sequence[Job], tuple[Alliance, ...]]) -> list[Reading]:
    jobs, alliances = work
    return [interpret(author, number, data, alliances) for author, number, data in jobs]


def _lower() -> None:
    """Screen and radio go before."""
    if hasattr(os, "nice"):
        os.nice(5)
