# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When to announce: the Trickle algorithm (RFC 6206).

An interval of length I has one moment, random in its second half, at which the node speaks unless
it has heard ``redundancy`` others say the same in this interval. Intervals double while all is
quiet and fall back to the shortest one when news has to spread, at most once per shortest interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


class Trickle:
    """One timer; times in ms."""

    def __init__(
        self, shortest_ms: int, longest_ms: int, redundancy: int, rng: random.Random
    ) -> None:
        self._shortest = shortest_ms
        self._longest = longest_ms
        self._redundancy = redundancy
        self._rng = rng
        self._interval = shortest_ms
        self._start = 0
        self._moment: int | None = None  # None: already past in this interval
        self._heard = 0
        self._reset_at: int | None = None

    @property
    def deadline(self) -> int:
        """When ``advance`` has something to do."""
        return self._start + self._interval if self._moment is None else self._moment

    def begin(self, now: int, first_within_ms: int) -> None:
        """Start; the first moment comes within the given time."""
        self._interval = self._shortest
        self._start = now
        self._heard = 0
        self._moment = now + self._rng.randrange(1, max(2, first_within_ms))

    def heard_same(self) -> None:
        """Somebody announced just what we would."""
        self._heard += 1

    def reset(self, now: int) -> None:
        """News: back to the shortest interval, unless that was done a moment ago."""
        if self._reset_at is not None and now - self._reset_at < self._shortest:
            return
        self._reset_at = now
        self.shorten(now, self._shortest)

    def shorten(self, now: int, interval_ms: int) -> None:
        """Start a new interval of that length if the current moment is further off."""
        if self._moment is not None and self._moment <= now + interval_ms:
            self._heard = 0
            return
        self._interval = max(self._shortest, interval_ms)
        self._begin_interval(now)

    def advance(self, now: int) -> bool:
        """Let time pass; whether to announce now."""
        if self._moment is not None:
            if now < self._moment:
                return False
            self._moment = None
            return self._heard < self._redundancy
        if now >= self._start + self._interval:
            self._interval = min(2 * self._interval, self._longest)
            self._begin_interval(now)
        return False

    def _begin_interval(self, now: int) -> None:
        self._start = now
        self._heard = 0
        self._moment = now + self._rng.randrange(self._interval // 2, self._interval)
