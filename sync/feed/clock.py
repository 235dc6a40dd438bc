# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hybrid logical time with one second's resolution; arithmetic only.

A stamp is not below one's own last stamp and above every stamp seen, so an operation that answers
another stands after it although the clocks differ (Kulkarni et al. 2014, without the counter:
operations of one author and second are ordered by number). Between operations that were written
without knowing of each other, and only there, the common order is (time, author, number); see
``sync.schema.causal``.

A doubtful stamp, far ahead of the clock on our wall, moves nobody's clock: neither others' nor
one's own, from before the clock was put right. What was written in view of it comes after it all
the same.
"""

from __future__ import annotations

EPOCH_UNIX_S = 1_767_225_600
"""Unix time of 2026-01-01T00:00Z, where operations begin to count their seconds."""

AHEAD_MAX_S = 300
"""How far another's stamp may be ahead of our clock before it is doubted."""

TIME_MAX_S = 2**32 - 1
"""Largest stamp: the year 2162."""


class Clock:
    """Stamps for one author's operations.

    ``last`` is the author's own last stamp, ``seen`` the highest of anybody else's that could be
    believed; both in seconds since the epoch.
    """

    def __init__(self, last: int = 0, seen: int = -1) -> None:
        self.last = last
        self.seen = seen

    def observe(self, remote_s: int, now_s: int) -> bool:
        """Take note of another's stamp; False where it is too far ahead to be believed."""
        if doubtful(remote_s, now_s):
            return False
        self.seen = max(self.seen, remote_s)
        return True

    def stamp(self, now_s: int) -> int:
        """Time of an operation written now."""
        floor = [each for each in (self.last, self.seen + 1) if not doubtful(each, now_s)]
        self.last = min(max(0, now_s, *floor), TIME_MAX_S)
        return self.last


def doubtful(remote_s: int, now_s: int) -> bool:
    """Whether a stamp is so far ahead of our clock that a user should be told."""
    return remote_s > now_s + AHEAD_MAX_S
