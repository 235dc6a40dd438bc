# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading many operations at once: shared out to all processors.

Most of the time that a join takes goes into decoding texts. So operations that come in bulk are
read by helper processes, while this one waits and stores; a helper reads its share side by side
(``sync.text.together``). What is read is the same: it follows from nothing but the bytes.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from lage.store.reading import Job, Reading, interpret, interpret_all
from sync.feed.records import Alliance

TOGETHER = 400
"""Fewer are read here: helpers take a second to start."""
WORKERS_MAX = 4
SHARE_MAX = 1_000
"""Operations that a helper reads at a time."""
MORE = 100
"""Once they are there they are asked for so many."""
REST_S = 20.0
"""Helpers that had nothing to do for so long end; they take some 130 MB each."""


class SharedReading:
    """Reads operations, many of them in helper processes."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._used = 0.0

    def read(self, jobs: Sequence[Job], alliances: Sequence[Alliance]) -> list[Reading]:
        """What these say, in their order."""
        workers = min(WORKERS_MAX, os.cpu_count() or 1)
        if workers > 1 and (len(jobs) >= TOGETHER or (self._pool and len(jobs) >= MORE)):
            size = min(SHARE_MAX, -(-len(jobs) // workers))
            shares = [jobs[at : at + size] for at in range(0, len(jobs), size)]
            try:
                return self._shared(shares, tuple(alliances), workers)
            except (OSError, BrokenProcessPool):
                self.rest()  # no room for helpers, or one was killed: done here
        if len(jobs) >= TOGETHER:
            return interpret_all(jobs, alliances)
        return [interpret(*job, alliances) for job in jobs]  # a few are not worth the tables

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
    return interpret_all(jobs, alliances)


def _lower() -> None:
    """Screen and radio go before. What is read is many small things, and none of them a circle."""
    gc.freeze()
    gc.set_threshold(100_000)
    if hasattr(os, "nice"):
        os.nice(5)
