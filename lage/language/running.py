# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Running numbers on receipts: of one staff no two are alike, wherever and offline they are given.

Each inbox of a staff counts a series of its own; its number is the series and the count in it, and
is written as letter and count: 14 in the first series, then B14, C14. An inbox that is made anew,
under whatever name, begins the next series, for what the old one still gave nobody can know.
"""

from __future__ import annotations

SERIES = 1_000_000
"""Numbers of one series."""
_LETTERS = "ABCDEFGJKLMPQRSTUVWXYZ"
"""Without those that look like figures (I, O), or begin labels of entries here (H, N)."""


def shown(number: int) -> str:
    """As it is printed and read out."""
    series, count = divmod(number, SERIES)
    letters = ""
    while series:
        series, letter = divmod(series, len(_LETTERS))
        letters = _LETTERS[letter] + letters
    return f"{letters}{count}"


def read(typed: str) -> int | None:
    """Inverse of ``shown``, in any case; None for what is no such number."""
    text = typed.strip().upper()
    count = text.lstrip(_LETTERS)
    letters = text.removesuffix(count)
    if not (count.isascii() and count.isdecimal() and len(count) <= 6 and len(letters) <= 4):
        return None
    series = 0
    for letter in letters:
        series = series * len(_LETTERS) + _LETTERS.index(letter)
    return series * SERIES + int(count)
