# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A4 pages with the staff's head, page numbers, tables and a signature line.

The fonts are those every PDF reader brings (Helvetica), so nothing is downloaded or embedded.
They know the letters of Western Europe (Windows-1252); any other character is printed as
``[U+0142]``, so that what is missing is seen and can be looked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from fpdf import FPDF

from lage.kinds.model import Progress
from lage.language.epoch import to_unix
from lage.language.tactical import tactical
from lage.reports import EXERCISE, Head

ENCODING = "windows-1252"
MARGIN_MM = 18.0
LINE_MM = 4.6
TABLE_PT = 8.5
"""Size of the letters in tables, and nowhere else: so a table is found again on the page."""

_STAND_MM = 40.0  # for the time at the right of the head

CELL_MAX = 4000
"""Characters of one table cell; more is cut and said so."""


def printable(text: str) -> str:
    """Text as the fonts can show it; other characters by their number."""
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return "".join(_letter(character) for character in text)
    return text


def _letter(character: str) -> str:
    try:
        character.encode(ENCODING)
    except UnicodeEncodeError:
        return f"[U+{ord(character):04X}]"
    return character


class Paper(FPDF):
    """One document. ``plain`` leaves the pages uncompressed, so that they can be read back;
    ``wide`` lays them across."""

    def __init__(self, head: Head, *, plain: bool = False, wide: bool = False) -> None:
        super().__init__(orientation="landscape" if wide else "portrait", format="A4")
        self.core_fonts_encoding = ENCODING
        self.head = head
        self.set_compression(not plain)
        self.set_margins(MARGIN_MM, 15, MARGIN_MM)
        self.set_auto_page_break(True, 20)
        self.alias_nb_pages()
        self.set_title(printable(head.title))
        self.set_author(printable(head.staff))
        self.set_creation_date(datetime.fromtimestamp(to_unix(head.printed), UTC))
        self.add_page()

    def header(self) -> None:
        """Staff, title, and the exercise's mark."""
        self._mark()
        self.set_font("Helvetica", "B", 10)
        whose = printable(f"{self.head.staff} - {self.head.network}")
        room = self.w - 2 * MARGIN_MM - _STAND_MM
        while self.get_string_width(whose) > room:
            whose = f"{whose[:-2]}…"
        self.cell(0, 5, whose)
        self.set_font("Helvetica", "", 9)
        self.set_x(MARGIN_MM)
        self.cell(0, 5, f"Stand {tactical(self.head.printed)}", align="R")
        self.ln(6)
        self.line(MARGIN_MM, self.get_y(), self.w - MARGIN_MM, self.get_y())
        self.ln(3)

    def footer(self) -> None:
        """Page number of how many, and the exercise's mark."""
        self.set_y(-16)
        self.set_font("Helvetica", "", 8)
        self.cell(0, 4, printable(self.head.title))
        self.set_x(MARGIN_MM)
        self.cell(0, 4, f"Seite {self.page_no()} von {{nb}}", align="R")
        self.ln(4)
        self._mark()

    def _mark(self) -> None:
        if self.head.exercise:
            self.set_font("Helvetica", "B", 12)
            self.cell(0, 6, EXERCISE, align="C", border=1)
            self.ln(7)

    def headline(self, text: str) -> None:
        """The document's title."""
        self.set_font("Helvetica", "B", 15)
        self.multi_cell(0, 8, printable(text), align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(1)

    def section(self, title: str) -> None:
        """A heading that keeps with what follows."""
        if self.get_y() > self.h - 45:
            self.add_page()
        self.ln(2)
        self.set_font("Helvetica", "B", 11)
        self.multi_cell(0, 6, printable(title), align="L", new_x="LMARGIN", new_y="NEXT")

    def paragraph(self, text: str, *, bold: bool = False) -> None:
        """Running text."""
        self.set_font("Helvetica", "B" if bold else "", 9.5)
        self.multi_cell(0, LINE_MM, printable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def grid(
        self,
        titles: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        progress: Progress | None = None,
    ) -> None:
        """A table that goes on over pages with its heading; ``widths`` are shares of the page.

        Without titles it has no heading.
        """
        room = self.w - 2 * MARGIN_MM
        sizes = [room * share / sum(widths) for share in widths]
        if titles:
            self._row(titles, sizes, bold=True)
        for number, row in enumerate(rows, 1):
            if self._row(row, sizes, bold=False, room_needed=True):
                if titles:
                    self._row(titles, sizes, bold=True)
                self._row(row, sizes, bold=False)
            if progress and (number % 100 == 0 or number == len(rows)):
                progress(number, len(rows))

    def _row(
        self, cells: Sequence[str], sizes: Sequence[float], *, bold: bool, room_needed: bool = False
    ) -> bool:
        """Draw a row; with ``room_needed`` instead a new page where it does not fit (True)."""
        self.set_font("Helvetica", "B" if bold else "", TABLE_PT)
        texts = [printable(_cut(cell)) for cell in cells]
        lines = [self.wrapped(text, size) for text, size in zip(texts, sizes, strict=True)]
        tall = max(map(len, lines))
        bottom = self.h - self.b_margin
        if room_needed and self.get_y() + min(tall, 12) * LINE_MM > bottom:
            self.add_page()
            return True
        for line in range(tall):
            if self.get_y() + LINE_MM > bottom:
                self.add_page()
                self.set_font("Helvetica", "B" if bold else "", TABLE_PT)
            for part, size in zip(lines, sizes, strict=True):
                self.cell(size, LINE_MM, part[line] if line < len(part) else "")
            self.ln(LINE_MM)
        self.set_draw_color(190)
        self.line(MARGIN_MM, self.get_y(), self.w - MARGIN_MM, self.get_y())
        self.set_draw_color(0)
        self.ln(0.6)
        return False

    def wrapped(self, text: str, width: float) -> list[str]:
        """Printable text in lines of that width, by the font in use."""
        if not text:
            return [""]
        lines = self.multi_cell(width, LINE_MM, text, dry_run=True, output="LINES", align="L")
        assert isinstance(lines, list)
        # The library gives back the bytes of the font's encoding as if they were Latin-1.
        return [line.encode("latin-1").decode(ENCODING) for line in lines]

    def signature(self, role: str) -> None:
        """Lines for place, time and signature."""
        if self.get_y() > self.h - 50:
            self.add_page()
        self.ln(16)
        self.set_font("Helvetica", "", 9)
        self.cell(75, 5, "_" * 34)
        self.cell(0, 5, "_" * 44)
        self.ln(5)
        self.cell(75, 5, "Ort, Datum, Uhrzeit")
        self.cell(0, 5, printable(f"Unterschrift ({role})"))
        self.ln(5)

    def content(self) -> bytes:
        """The finished document."""
        return bytes(self.output())


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= CELL_MAX else flat[:CELL_MAX] + " [gekürzt]"
