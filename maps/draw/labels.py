# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Text on the map: cleaning names from files, and placing names so that they stay readable.

Names are placed in strict order of importance, each at its one place: one that does not fit is
left out, never moved, so that nothing jumps while the map is panned. Between two texts in a row
stays at least one cell, so that they cannot be read as one word.
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

from maps.draw.roles import Role

LABEL_MAX = 32
"""Longest name in cells; longer ones end in "…"."""

_ASCII_FORMS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "–": "-",
        "…": "...",
    }
)


@functools.lru_cache(maxsize=4096)
def display_text(text: str, *, ascii_only: bool = False, limit: int = LABEL_MAX) -> str:
    """A name as it may stand in cells: one cell per character, nothing that steers a terminal.

    Control, format, private and unassigned characters become "·", combining marks that do not
    compose vanish, wide characters become "?". ASCII spells umlauts out.
    """
    composed = unicodedata.normalize("NFC", text[: 4 * limit])
    shown = "".join(_cell_character(character) for character in composed).strip()
    if len(shown) > limit:
        shown = shown[: limit - 1] + "…"
    if ascii_only:
        shown = shown.translate(_ASCII_FORMS).replace("·", ".")
        shown = shown.encode("ascii", "replace").decode("ascii")[:limit]
    return shown


def _cell_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Mc"):
        return ""
    if category in ("Zs", "Zl", "Zp"):
        return " "
    if category.startswith("C"):
        return "·"
    return "?" if unicodedata.east_asian_width(character) in ("W", "F") else character


@dataclass(frozen=True, slots=True)
class Label:
    """A text wanting a place: ``column`` is where its first character goes."""

    text: str
    column: int
    row: int
    role: Role


class TextLayer:
    """The cells that text takes: characters with roles over the lines, each cell written once."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self.cells: dict[tuple[int, int], tuple[str, Role]] = {}
        """(row, column) -> character and role."""

    def free(self, row: int, first: int, last: int) -> bool:
        """Whether columns first..last of a row are in the window and without text."""
        if not (0 <= row < self.rows and first >= 0 and last < self.columns):
            return False
        return all((row, column) not in self.cells for column in range(first, last + 1))

    def write(self, text: str, column: int, row: int, role: Role) -> None:
        """Put text down, whatever is there; beyond the window it is cut."""
        if 0 <= row < self.rows:
            for index, character in enumerate(text):
                if 0 <= column + index < self.columns:
                    self.cells[row, column + index] = (character, role)

    def place(self, label: Label) -> bool:
        """Write a label if its cells and one on each side are free; tell whether it was."""
        last = label.column + len(label.text) - 1
        if not label.text or not self.free(label.row, label.column, last):
            return False
        beside = ((label.row, label.column - 1), (label.row, last + 1))
        if any(cell in self.cells for cell in beside):
            return False
        self.write(label.text, label.column, label.row, label.role)
        return True
