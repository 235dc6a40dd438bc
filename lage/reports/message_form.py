# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Nachrichtenvordruck on paper: the boxes of the form that Fernmelder fill in by hand.

Above the Fernmelder's part, in the middle the author's, below the staff's. A text too long for its
box goes on on the next page; the box says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from lage.kinds.card import FUNCTIONS, PRIORITIES, WAYS
from lage.reports import Head
from lage.reports.paper import MARGIN_MM, Paper, printable
from lage.views.message_sheet import MessageSheet, Note

SMALL_PT, TEXT_PT = 6.5, 9.5
LINE_MM = 4.4
TEXT_LINES = 19
CARRIED_MAX = 6
COPIES = ("1 gelb: Nachweisung", "2 rot: S2", "3 weiß: Stab", "4 weiß: Stab")
ON_PAPER = tuple(way for way in WAYS if way != "Beobachtung")


def message_pdf(sheet: MessageSheet, head: Head) -> bytes:
    """The form, filled in as far as the log knows."""
    paper = Paper(head)
    _title(paper, sheet)
    _operators(paper, sheet)
    rest = _author(paper, sheet)
    _staff(paper, sheet)
    if rest:
        paper.add_page()
        paper.section(f"Inhalt von {sheet.number}, Fortsetzung")
        paper.paragraph("\n".join(rest))
    return paper.content()


class _Row:
    """Boxes side by side over the width of the page, each with a small heading."""

    def __init__(self, paper: Paper, height: float) -> None:
        self._paper, self._height = paper, height
        self._top, self._left = paper.get_y(), MARGIN_MM

    def box(self, heading: str, lines: Sequence[str], share: float, *, bold: bool = False) -> None:
        """One box; ``share`` of the page's width. What does not fit into it is cut and marked."""
        paper = self._paper
        width = (paper.w - 2 * MARGIN_MM) * share
        paper.rect(self._left, self._top, width, self._height)
        paper.set_xy(self._left + 0.8, self._top + 0.6)
        paper.set_font("Helvetica", "", SMALL_PT)
        paper.cell(width - 1.6, 3, printable(heading))
        paper.set_font("Helvetica", "B" if bold else "", TEXT_PT)
        room = int((self._height - 4) // LINE_MM)
        shown = [_fitting(paper, line, width - 2) for line in lines[:room]]
        if len(lines) > room and shown:
            shown[-1] = _fitting(paper, f"{lines[room - 1]} ...", width - 2)
        for number, line in enumerate(shown):
            paper.set_xy(self._left + 0.8, self._top + 3.8 + number * LINE_MM)
            paper.cell(width - 1.6, LINE_MM, line)
        self._left += width

    def end(self) -> None:
        """The next row stands below."""
        self._paper.set_xy(MARGIN_MM, self._top + self._height)


def _fitting(paper: Paper, text: str, width: float) -> str:
    """As much of a line as a box is wide; what is cut is seen to be."""
    shown = printable(text)
    if paper.get_string_width(shown) <= width:
        return shown
    while shown and paper.get_string_width(shown + "...") > width:
        shown = shown[:-1]
    return shown + "..."


def _title(paper: Paper, sheet: MessageSheet) -> None:
    paper.set_line_width(0.3)
    row = _Row(paper, 11)
    row.box("", ("Nachrichtenvordruck",), 0.36, bold=True)
    row.box("Richtung", (_crosses(("Eingang", "Ausgang", "Abschrift"), (sheet.direction,)),), 0.4)
    row.box("Nachweisungs-Nr.", (sheet.register,), 0.24, bold=True)
    row.end()


def _operators(paper: Paper, sheet: MessageSheet) -> None:
    """What the Fernmelder fill in."""
    row = _Row(paper, 18)
    row.box("Aufnahmevermerk (Weg, Zeit, Zeichen)", _note_lines(sheet.taken), 0.3)
    row.box("Annahmevermerk (Zeit, Zeichen)", _note_lines(sheet.accepted, way=False), 0.3)
    first = sheet.carried[:1]
    lines = _note_lines(first[0][1]) if first else _note_lines(Note())
    row.box("Beförderungsvermerk (Weg, Zeit der Gegenstelle, Zeichen)", lines, 0.4)
    row.end()
    if len(sheet.carried) > 1:
        said = [
            f"{name}: {', '.join(filter(None, (n.way, n.time, n.sign))) or 'noch nicht befördert'}"
            for name, n in sheet.carried[:CARRIED_MAX]
        ]
        more = len(sheet.carried) - CARRIED_MAX
        if more > 0:
            said.append(f"und {more} weitere, siehe Quittung")
        row = _Row(paper, 4.5 + LINE_MM * len(said))
        row.box("Beförderungsvermerk je Anschrift", said, 1)
        row.end()
    row = _Row(paper, 9)
    row.box("Weg", (_crosses(ON_PAPER, (sheet.way,)),), 1)
    row.end()
    row = _Row(paper, 9)
    row.box("Spruchkopf: Vorrangstufe", (sheet.priority.upper(),), 0.34, bold=True)
    row.box("Rufzeichen der absendenden Stelle", (sheet.call,), 0.33)
    row.box("Spruchnummer", (sheet.number,), 0.33)
    row.end()


def _note_lines(note: Note, *, way: bool = True) -> list[str]:
    """A Vermerk to read, or to fill in."""
    parts = [("Weg", note.way), ("Zeit", note.time), ("Zeichen", note.sign)][0 if way else 1 :]
    return [f"{name}: {said or '_' * 14}" for name, said in parts]


def _author(paper: Paper, sheet: MessageSheet) -> list[str]:
    """What the author fills in; the lines of his text that found no room."""
    row = _Row(paper, 9)
    row.box("Vorrangstufe", (_crosses(PRIORITIES, (sheet.priority,)),), 0.72)
    spoken = ("Gesprächsnotiz",) if sheet.spoken else ()
    row.box("nur nachweisen", (_crosses(("Gesprächsnotiz",), spoken),), 0.28)
    row.end()
    row = _Row(paper, 13)
    row.box("Anschrift", _wrapped(paper, sheet.to), 1)
    row.end()
    lines = _wrapped(paper, sheet.text)
    rest = lines[TEXT_LINES - 1 :] if len(lines) > TEXT_LINES else []
    shown = [*lines[: TEXT_LINES - 1], "(weiter auf der nächsten Seite)"] if rest else lines
    row = _Row(paper, 4.5 + TEXT_LINES * LINE_MM)
    row.box("Inhalt", shown, 1)
    row.end()
    row = _Row(paper, 13)
    row.box("Abfassungszeit", (sheet.written,), 0.22)
    row.box("Absender", _wrapped(paper, sheet.sender, 0.44), 0.44)
    row.box("Zeichen / Funktion", (_either(sheet.sign, sheet.function),), 0.34)
    row.end()
    return rest


def _staff(paper: Paper, sheet: MessageSheet) -> None:
    """Quittung, Vermerke, what the Sichter decided."""
    receipts = [", ".join(filter(None, each)) for each in sheet.receipts] or ["nicht verlangt"]
    row = _Row(paper, 4.5 + LINE_MM * max(2, min(len(receipts), 6)))
    row.box("Quittung (Stelle, Name, Zeit)", receipts, 1)
    row.end()
    given = [function for sorting in sheet.sortings for function in sorting.functions]
    sorted_by = [
        f"{', '.join(s.functions)}: {s.by}{f' - {s.note}' if s.note else ''}"
        for s in sheet.sortings
    ]
    row = _Row(paper, 4.5 + LINE_MM * max(2, min(1 + len(sorted_by), 4)))
    row.box("Verteilung (Sichter)", [_crosses(FUNCTIONS, given), *sorted_by], 1)
    row.end()
    remarks = list(sheet.remarks)
    row = _Row(paper, 4.5 + LINE_MM * max(4, min(len(remarks), 6)))
    row.box("Vermerke / Maßnahmen", remarks, 1)
    row.end()
    row = _Row(paper, 9)
    row.box("Ausfertigung", (_crosses(COPIES, ()),), 1)
    row.end()


def _wrapped(paper: Paper, text: str, share: float = 1.0) -> list[str]:
    """Text in lines of a box."""
    paper.set_font("Helvetica", "", TEXT_PT)
    width = (paper.w - 2 * MARGIN_MM) * share - 2.5
    return [line for part in text.split("\n") for line in paper.wrapped(printable(part), width)]


def _either(*parts: str) -> str:
    return " / ".join(part for part in parts if part) or "_" * 16


def _crosses(names: Sequence[str], chosen: Sequence[str]) -> str:
    return "   ".join(f"[{'x' if name in chosen else ' '}] {name}" for name in names)
