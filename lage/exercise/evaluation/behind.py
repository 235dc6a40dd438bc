# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How far a staff's picture was behind the truth. Pure.

At a moment a picture is as old as the oldest entry that had been written somewhere and had not
come yet: seven minutes behind means that nothing older than seven minutes was missing.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

OLD_S = 600
"""A picture that is older misses what a Lagebesprechung would be about."""


@dataclass(frozen=True, slots=True)
class Behind:
    """One staff's picture over the whole time."""

    mean_s: int
    most_s: int
    old: float  # share of the time in which it was older than OLD_S
    usual_s: int | None  # how long an entry took to come: half longer, half shorter; None: none did
    slow_s: int | None  # nine of ten came within
    missing: int  # never came


Span = tuple[int, int | None]
"""When an entry was written, and when it came; None: never."""


def behind(spans: Collection[Span], begin: int, end: int) -> Behind:
    """Of all entries that others wrote between these two moments."""
    delays = sorted(came - at for at, came in spans if came is not None)
    missing = len(spans) - len(delays)
    under_way = [(at, end if came is None else min(came, end)) for at, came in spans]
    area, most, old = _sweep(sorted(span for span in under_way if span[0] < span[1]))
    length = max(1, end - begin)
    return Behind(
        round(area / length),
        most,
        old / length,
        round(median(delays)) if delays else None,
        delays[int(len(delays) * 0.9)] if delays else None,
        missing,
    )


def _sweep(spans: Sequence[tuple[int, int]]) -> tuple[float, int, int]:
    """Of spans by their beginning: the sum of ages over time, the highest, and how long old."""
    area, most, old = 0.0, 0, 0
    missing: list[tuple[int, int]] = []  # by beginning
    edges = sorted({edge for span in spans for edge in span})
    following = 0
    for now, then in pairwise(edges):
        while following < len(spans) and spans[following][0] <= now:
            heapq.heappush(missing, spans[following])
            following += 1
        while missing and missing[0][1] <= now:
            heapq.heappop(missing)
        if missing:
            first, last = now - missing[0][0], then - missing[0][0]
            area += (first + last) / 2 * (then - now)
            most = max(most, last)
            old += max(0, last - max(first, OLD_S))
    return area, most, old
