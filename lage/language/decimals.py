# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whole numbers that count in decimals, as people write them."""

from __future__ import annotations


def with_places(value: float, places: int) -> str:
    """A value as people write it: 385 with one decimal is ``38,5``."""
    return f"{value / 10**places:.{places}f}".replace(".", ",")
