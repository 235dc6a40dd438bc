# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hybrid logical time with one second's resolution; arithmetic only.

A stamp is never below one's own last stamp and always above every stamp seen, so an operation that
answers another stands after it whatever the clocks on the wall say (Kulkarni et al. 2014, without
the counter: operations of one author and second are ordered by number). The common order is
(time, author, number).

A clock that runs far ahead must not drag all others along: what is more than ``AHEAD_MAX_S`` ahead
of us is kept as it is, and does not push our own stamps beyond that limit.
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

    ``last`` is the author's own last stamp, ``seen`` the highest stamp of anybody else; both in
    seconds since the epoch.
    """

    def __init__(self, last: int = 0, seen: int = -1) -> None:
        self.last = last
        self.seen = seen

    def observe(self, remote_s: int, now_s: int) -> bool:
        """Take note of another's stamp; False where it is too far ahead to be believed."""
        self.seen = max(self.seen, remote_s)
        return not doubtful(remote_s, now_s)

    def stamp(self, now_s: int) -> int:
        """Time of an operation written now, at least ``last`` and at most ``TIME_MAX_S``."""
        pushed = min(self.seen + 1, now_s + AHEAD_MAX_S)
        self.last = min(max(0, now_s, self.last, pushed), TIME_MAX_S)
        return self.last


def doubtful(remote_s: int, now_s: int) -> bool:
    """Whether a stamp is so far ahead of our clock that a user should be told."""
    return remote_s > now_s + AHEAD_MAX_S
