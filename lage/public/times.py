# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Times for people outside, here and in figures that every language reads."""

from __future__ import annotations

from datetime import UTC, datetime

from lage.language.tactical import BERLIN


def clock(unix: float) -> str:
    """``15:40``."""
    return f"{_local(unix):%H:%M}"


def day_and_clock(unix: float) -> str:
    """``28.11. 15:40``."""
    return f"{_local(unix):%d.%m. %H:%M}"


def day(unix: float) -> str:
    """``28.11.2026``."""
    return f"{_local(unix):%d.%m.%Y}"


def age(seconds: float) -> str:
    """``5 h 10 min``."""
    minutes = round(seconds / 60)
    if minutes >= 48 * 60:
        return f"{minutes // 1440} d {minutes % 1440 // 60} h"
    return f"{minutes // 60} h {minutes % 60} min"


def _local(unix: float) -> datetime:
    return datetime.fromtimestamp(unix, UTC).astimezone(BERLIN)
