# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands below the active field of a form: what may be typed, and what is offered."""

from __future__ import annotations

from collections.abc import Sequence

from lage.language.plain import plain
from tui.paint import Line, fit, wrap
from tui.terminal import Glyphs
from tui.widgets.fields import LineField, TextField

OFFERED_MAX = 12
NAMED_ROWS = 6
PICK = "Auf/Ab wählt:"


def wrapped(sentence: str, room: int, glyphs: Glyphs) -> list[Line]:
    """What is wrong, in as many lines as it takes."""
    return [((f" {part}", "warn"),) for part in wrap(f"! {plain(sentence)}", room, glyphs)]


def offered_lines(
    item: LineField | TextField, left: str, room: int, glyphs: Glyphs, *, whole: bool
) -> list[Line]:
    """Room left, the hint of the field, and what up and down choose from.

    ``whole``: of a few choices those that do not fit what was typed stand there as well.
    """
    words = [left, item.field.hint]
    named: list[Line] = []
    offered = item.matching(item.parts(item.text)[1]) if isinstance(item, LineField) else []
    if offered and whole:
        offered += [choice for choice in item.offered if choice not in offered]
    if offered and isinstance(item, LineField) and item.notes:
        words.append(PICK)
        named = _named(item, room, glyphs)
    elif offered:
        words.append(f"{PICK} {', '.join(offered[:OFFERED_MAX])}")
    elif isinstance(item, TextField) and not item.field.hint:
        words.append("mehrere Zeilen möglich; weiter mit Tab")
    line = "; ".join(word for word in words if word)
    return [*([((f" {plain(line)}", "dim"),)] if line else []), *named]


def _named(item: LineField, room: int, glyphs: Glyphs) -> list[Line]:
    """Numbers with what they stand for: nobody knows RHE-12 by heart."""
    chosen = item.parts(item.text)[1].strip()
    found: Sequence[str] = item.matching("" if chosen in item.notes else chosen)
    first = max(0, found.index(chosen) - NAMED_ROWS + 1) if chosen in found else 0
    lines: list[Line] = []
    for label in found[first : first + NAMED_ROWS]:
        here = label == chosen
        about = f" {'>' if here else ' '}{label:9} {plain(item.note(label))}"
        lines.append(((fit(about, room, glyphs), "bold" if here else "dim"),))
    return lines
