# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Log time, in which operations count their seconds, and Unix time."""

from __future__ import annotations

from sync.feed import clock

EPOCH_UNIX_S = clock.EPOCH_UNIX_S
"""Unix time of 2026-01-01T00:00Z."""

LAST_S = clock.TIME_MAX_S
"""The last log time, in 2162."""


def to_unix(seconds: int) -> int:
    """Unix time of a log time."""
    return seconds + EPOCH_UNIX_S


def from_unix(unix: float) -> int:
    """Log time of a unix time; times before the epoch become 0."""
    return max(0, int(unix) - EPOCH_UNIX_S)
