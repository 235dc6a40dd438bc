# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which runs share a frame, so that a repair takes the least air.

A run costs 67 bytes before its first operation, a frame about 55 bytes of preamble and headers.
So filling a frame's last bytes with the beginning of a feed that has to be cut for it costs more
than it saves. A frame is filled up with whole spans, the largest that fit; and with a piece of a
span only where that span needs several runs anyway and the piece saves one later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sync.feed.chain import RUN_OPERATIONS_MAX, SIGNATURE_SIZE, Run, cut, run_size
from sync.feed.log import Log
from sync.wire.frames import FRAME_MAX

ROOM = FRAME_MAX - 1
"""Bytes for runs in a frame."""

LEAST = SIGNATURE_SIZE + 10
"""Bytes of room below which no further run is sought."""

_LOOK = 64  # spans looked at to fill one frame
_FULL = ROOM - SIGNATURE_SIZE - 5  # bytes of operations in a frame that holds one run

Span = tuple[int, int, int]
"""Author, first and last number."""


def fill(log: Log, spans: Iterable[Span], room: int) -> list[Run]:
    """Runs to go with those a frame already holds, in at most ``room`` bytes.

    At most one run of each author; ``spans`` in order of preference among equals.
    """
    found: list[Run] = []
    choice = _candidates(log, spans)
    while room >= LEAST and choice:
        best: Run | None = None
        best_size = 0
        for place, (author, first, last) in enumerate(choice):
            run = cut(log, author, first, last, room)
            if run is None or not _saves(log, run, last):
                continue
            size = run_size(run.first, run.operations, prefix=False)
            if size > best_size:
                best, best_size, best_place = run, size, place
        if best is None:
            break
        del choice[best_place]
        found.append(best)
        room -= best_size
    return found


def _candidates(log: Log, spans: Iterable[Span]) -> list[Span]:
    taken: dict[int, Span] = {}
    for author, first, last in spans:
        if first <= last:
            taken.setdefault(author, (author, first, last))
        if len(taken) >= _LOOK:
            break
    return list(taken.values())


def _saves(log: Log, run: Run, last: int) -> bool:
    """Whether the span up to ``last`` takes no more runs in all when this one is sent now."""
    if run.last >= last:
        return True
    whole = log.operations(run.author, run.first, min(last, run.first + 4 * RUN_OPERATIONS_MAX))
    return runs_needed(whole) > runs_needed(whole[len(run.operations) :])


def runs_needed(operations: Sequence[bytes]) -> int:
    """How many runs hold these operations when each has a frame of its own."""
    runs, room, count = 0, 0, 0
    for operation in operations:
        if len(operation) > room or count == RUN_OPERATIONS_MAX:
            runs, room, count = runs + 1, _FULL, 0
        room -= len(operation)
        count += 1
    return runs
