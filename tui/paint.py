# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Text with roles to strips of the screen: cut to width, made ASCII where needed, never markup.

A line is a tuple of spans (text, role). Whatever text comes in is drawn as it stands; it has gone
through ``lage.views.words.plain``, and ``plain`` is applied once more here, because a control
character that slips through would command the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from lage.language.plain import plain
from tui.terminal import Glyphs
from tui.theme import Roles

Span: TypeAlias = tuple[str, str]
Line: TypeAlias = tuple[Span, ...]

_SPELT = str.maketrans(
    {
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss",
        "„": '"', "“": '"', "”": '"', "’": "'", "–": "-", "—": "-", "…": "...", "·": ".",
        "•": "*", "→": "->", "←": "<-", "↑": "+", "↓": "-", "²": "2", "³": "3", "°": "o",
        "│": "|", "─": "-", "┼": "+", "█": "#", "✓": "x", "≈": "~",
    }
)  # fmt: skip

_CAPITALS = re.compile("[ÄÖÜ](?=[A-ZÄÖÜ])|(?<=[A-ZÄÖÜ])[ÄÖÜ]")


@lru_cache(maxsize=4096)
def spelt(text: str, glyphs: Glyphs) -> str:
    """Text in the characters that may be drawn; in ASCII umlauts are spelt out."""
    text = plain(text)
    if glyphs is not Glyphs.ASCII:
        return text
    text = _CAPITALS.sub(lambda match: match[0].translate(_SPELT).upper(), text)
    return text.translate(_SPELT).encode("ascii", "replace").decode("ascii")


def fit(text: str, width: int, glyphs: Glyphs = Glyphs.FULL, *, right: bool = False) -> str:
    """Text of exactly ``width`` cells: cut with an ellipsis, or filled with blanks."""
    text = spelt(text, glyphs)
    size = cell_len(text)
    if size > width:
        mark = "~" if glyphs is Glyphs.ASCII else "…"
        kept, used = [], 0
        for character in text:
            used += cell_len(character)
            if used > width - 1:
                break
            kept.append(character)
        text = "".join(kept) + mark if width > 0 else ""
        size = cell_len(text)
    blanks = " " * (width - size)
    return blanks + text if right else text + blanks


def wrap(text: str, width: int, glyphs: Glyphs = Glyphs.FULL) -> list[str]:
    """Text in lines of at most ``width`` cells, broken between words where possible."""
    text = spelt(text, glyphs)
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        candidate = f"{current} {word}" if current else word
        if cell_len(candidate) <= width:
            current = candidate
            continue
        if current:
            lines.append(current)
        while cell_len(word) > width > 0:
            lines.append(word[: max(1, width // 2) if cell_len(word[:width]) > width else width])
            word = word[len(lines[-1]) :]
        current = word
    return [*lines, current]


class Painter:
    """Turns lines into strips in the colours of a look."""

    def __init__(self, roles: Roles, glyphs: Glyphs) -> None:
        self.roles = roles
        self.glyphs = glyphs

    def style(self, role: str) -> Style:
        """The style of a role."""
        return self.roles.get(role) or self.roles["text"]

    def strip(self, line: Sequence[Span], width: int, base: str = "text") -> Strip:
        """A line as a strip of exactly ``width`` cells."""
        segments: list[Segment] = []
        left = width
        for text, role in line:
            shown = spelt(text, self.glyphs)
            if cell_len(shown) > left:
                shown = fit(text, left, self.glyphs)
            if shown:
                segments.append(Segment(shown, self.style(role or base)))
                left -= cell_len(shown)
            if left <= 0:
                break
        if left > 0:
            segments.append(Segment(" " * left, self.style(base)))
        return Strip(segments, width)

    def one(self, text: str, width: int, role: str = "text") -> Strip:
        """One text in one role over the whole width."""
        return Strip([Segment(fit(text, width, self.glyphs), self.style(role))], width)


def width_of(line: Iterable[Span]) -> int:
    """Cells of a line."""
    return sum(cell_len(text) for text, _ in line)


def count(number: int, one: str, many: str) -> str:
    """``1 Eintrag``, ``2 Einträge``."""
    return f"{number} {one if number == 1 else many}"
