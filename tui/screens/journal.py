# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Einsatztagebuch: this staff's entries among the automatic lines, or entries alone.

Automatic lines are told by ``auto`` in place of a number. A search finds
written entries only, and the filter shown says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lage.language.tactical import clock
from lage.station import Station
from lage.views.journal import TOPICS
from lage.views.journal_line import JournalLine
from lage.views.journal_pages import JournalPager
from lage.views.lists import Column
from lage.views.pages import Page, Row
from sync.schema.definition import EntityId
from tui.screens.lists import KindView
from tui.screens.printing import to_paper

AUTO, MINE = "auto", "eigene"
SHOWN = {"Aufträge": "auftraege", "Vorfälle": "vorfaelle", "Netz": "netz"}
"""Filters that show the lines about one thing, by the words of ``TOPICS``."""


class JournalView(KindView):
    """The Tagebuch, first of all with its automatic lines."""

    def __init__(self) -> None:
        super().__init__("journal", "Tagebuch")
        topics = [(word, label) for label, word in SHOWN.items()]
        self.filters = [
            (AUTO, "mit auto"), (MINE, "nur Einträge"), *topics, ("", "alle Stellen"),
        ]  # fmt: skip
        self._pager = JournalPager()
        self._lines: dict[EntityId | str, JournalLine] = {}  # of the present window

    @property
    def mixed(self) -> bool:
        """Whether automatic lines are shown."""
        key = self.filters[self.filter][0]
        return (key == AUTO or key in TOPICS) and not self.text

    def filter_key(self) -> str:
        """A search among mixed lines is one among this staff's entries."""
        key = super().filter_key()
        return MINE if self.text and (key == AUTO or key in TOPICS) else key

    def columns(self) -> tuple[Column, ...]:
        """All lines with automatic ones are of one staff."""
        if not self.mixed:
            return self.view.columns
        return tuple(column for column in self.view.columns if column.title != "Stelle")

    async def fetch(self, offset: int, limit: int) -> Page:
        """Mixed lines from the pager, else entries from the log."""
        if not self.mixed:
            return await super().fetch(offset, limit)
        columns, below = self.shown()
        pager, topics = self._pager, TOPICS.get(self.filter_key(), ())

        def read(station: Station) -> tuple[Page, dict[EntityId | str, JournalLine]]:
            context = station.context()
            total, lines = pager.window(context, station.change_token(), offset, limit, topics)
            rows = [_row(line, columns, below, context.now) for line in lines]
            found = dict(zip((row.key for row in rows), lines, strict=True))
            return Page(total, offset, tuple(rows)), found

        page, self._lines = await self.lage.bridge.work(read)
        return page

    def selected(self) -> EntityId | None:
        """The entry, or the one that an automatic line tells of."""
        row = self.table.row if self.ready else None
        line = self._lines.get(row.key) if row is not None and self.mixed else None
        return line.entity if line is not None else super().selected()

    def selected_kind(self) -> str:
        """What an automatic line with an entity tells of."""
        row = self.table.row if self.ready else None
        line = self._lines.get(row.key) if row is not None and self.mixed else None
        if line is None:
            return "journal"
        return "message" if line.topic == "receipt" else line.topic

    async def act_datei(self) -> None:
        """The whole Tagebuch on paper, with its Prüfzeile."""

        def write(station: Station) -> Path:
            from lage.reports.files import write_report

            return write_report(station, "tagebuch")

        await to_paper(self.lage, write)


def _row(line: JournalLine, columns: Sequence[Column], below: Column | None, now: int) -> Row:
    struck = f"[gestrichen, siehe {line.struck_by}] " if line.struck_by else ""
    cells = {
        "Nr.": line.nr,
        "Zeit": clock(line.entered, now),
        "Inhalt > Maßnahme": struck + line.text + (f" > {line.action}" if line.action else ""),
        "Von": line.sender,
        "An": line.recipient,
        "Weg": line.way,
        "Zch": line.sign,
    }
    key = f"{line.entered} {line.text}" if line.automatic else line.entity or line.nr
    mark = "dim" if line.automatic else ""
    second = cells[below.title] if below is not None else ""
    return Row(key, tuple(cells[column.title] for column in columns), mark, second)
