# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long a generator's fuel lasts, as somebody types it. Pure."""

from __future__ import annotations

import math

from lage.language.errors import UsageError

HOURS_MAX = 2000.0


def fuel_hours(typed: str) -> float | None:
    """``20``, ``7,5 h``; „aus“ or nothing: None, there is no generator. Raises UsageError."""
    text = typed.strip().lower().removesuffix("h").removesuffix("stunden").strip()
    if text in ("", "aus"):
        return None
    try:
        hours = float(text.replace(",", "."))
    except ValueError:
        hours = math.nan
    if not 0 <= hours <= HOURS_MAX:
        raise UsageError(
            f"„{typed}“ ist keine Zahl von Stunden: etwa 20 oder 7,5, oder „aus“ ohne Aggregat."
        )
    return hours
