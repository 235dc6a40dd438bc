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
        self._end = 0
        self._moment: int | None = None  # None: already past in this interval
        self._heard = 0
        self._reset_at: int | None = None

    @property
    def deadline(self) -> int:
        """When ``advance`` has something to do."""
        return self._end if self._moment is None else self._moment

    def begin(self, now: int, first_within_ms: int) -> None:
        """Start; the first moment comes within the given time."""
        self._interval = self._shortest
        self._end = now + self._shortest
        self._heard = 0
        self._moment = now + self._rng.randrange(1, max(2, first_within_ms))

    def heard_same(self) -> None:
        """Somebody announced just what we would."""
        self._heard += 1

    def reset(self, now: int) -> None:
        """Much has changed: back to the shortest interval, unless that was done a moment ago."""
        if self._reset_at is not None and now - self._reset_at < self._shortest:
            return
        self._reset_at = now
        self._interval = self._shortest
        self.shorten(now, self._shortest, afresh=True)

    def shorten(self, now: int, interval_ms: int, *, afresh: bool = False) -> None:
        """Speak within that time, once; the intervals go on as they would have.

        Unless ``afresh``, what was heard in the current interval still counts: small news may
        wait one interval more.
        """
        if afresh:
            self._heard = 0
        if self._moment is None or self._moment > now + interval_ms:
            self._begin(now, interval_ms)

    @property
    def silenced(self) -> bool:
        """Whether others have said it often enough in this interval."""
        return self._heard >= self._redundancy

    def advance(self, now: int) -> bool:
        """Let time pass; whether the moment has come to announce, unless silenced."""
        if self._moment is not None:
            if now < self._moment:
                return False
            self._moment = None
            return True
        if now >= self._end:
            self._interval = min(2 * self._interval, self._longest)
            self._begin(now, self._interval)
        return False

    def _begin(self, now: int, length: int) -> None:
        self._end = now + length
        self._heard = 0
        self._moment = now + self._rng.randrange(length // 2, length)
