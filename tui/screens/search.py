# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Searching in everything: words, filters among them, and what is new since the last look."""

from __future__ import annotations

from dataclasses import replace

from lage.documents.hazards import SOURCE, Substance
from lage.documents.looking import Hits, look_for
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.station import Station
from lage.views.detail import title_of
from lage.views.gist import gist
from lage.views.pages import Page, Row
from lage.views.search import SEEN, Filters, read_filters, read_search
from sync.schema.definition import EntityId
from tui.actions import Action
from tui.paint import Line, Span, wrap
from tui.screens.dialogs import TypeIn
from tui.screens.lists import TableView
from tui.screens.tables import share
from tui.widgets.log_table import Head

HITS_MAX = 300
NEW = "neu"
SHOWN = (
    (NEW, "neu"),
    ("incident", "Fälle"),
    ("message", "Post"),
    ("task", "Auftrag"),
    ("journal", "ETB"),
)
"""Filters beside all: what came since somebody last looked for it, and kinds."""
ASK = "Suchen in allem, auch gemeinde:Rheine stelle: art: vorrang: seit:1530"


class SearchView(TableView):
    """Everything that holds some words."""

    title = "Suche"
    kind = "-"

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[EntityId, str] = {}
        self.filters += SHOWN
        self._hits: Hits | None = None
        self._since: int | None = None  # arrival number of the last look, while "neu" is shown

    def list_line(self) -> Line:
        """What was searched for, how much was found, what is shown of it."""
        spans: list[Span] = [(" Suche ", "title")]
        if self.text:
            spans.append((f"„{plain(self.text)}“ ", "text"))
            if self._hits and fold_text(self._hits.words) != fold_text(read_search(self.text)[0]):
                spans.append((f"gemeint: {plain(self._hits.words)}? ", "warn"))
        if self.text or self.filter_key():
            spans.append((f"{self.table.page.total} gefunden  ", "text"))
        names = " ".join(
            f"[{label}]" if place == self.filter else label
            for place, (_, label) in enumerate(self.filters)
        )
        word = " neue Suche" if self.text else " Wörter eingeben"
        return (*spans, (" f", "bold"), (f" {names}  ", "dim"), (" F6", "bold"), (word, "dim"))

    def empty_text(self) -> str:
        """Before and after a search."""
        if self.filter_key() == NEW and not self.text:
            return "nichts Neues seit dem letzten Blick"
        if not self.text and not self.filter_key():
            return "F6 und Wörter eingeben; gefunden wird auch der Anfang eines Wortes"
        if self.filter_key():
            return "nichts gefunden; f schaltet weiter, F6 sucht anderes"
        return "nichts gefunden; F6 sucht anderes"

    def heads(self) -> tuple[Head, ...]:
        """Entry, time, staff, text."""
        title, staff, text = share(self.table_width(), 13, (4, 3, 5))
        return (
            Head("Eintrag", title), Head("Zeit", 10), Head("Stelle", staff), Head("Text", text),
        )  # fmt: skip

    async def fetch(self, offset: int, limit: int) -> Page:
        """The best or newest hits."""
        text, at, since = self.text, self.filter_key(), self._since

        def read(station: Station) -> tuple[Hits | None, list[Row]]:
            words, filters = _wanted(station, text, at, since)
            if not words and filters == Filters():
                return None, []
            context = station.context()
            hits = look_for(station, words, filters, HITS_MAX)
            rows = [
                Row(
                    record.id,
                    (
                        title_of(record, context),
                        clock(record.event_time, context.now),
                        plain(context.directory.name(record.id.author)),
                        plain(hits.excerpts.get(record.id, "")) or gist(record, context),
                    ),
                )
                for record in hits.records
            ]
            goods = [
                Row(
                    f"un{item.un}",
                    (f"Gefahrgut UN {item.un:04d}", "", "/".join(item.numbers) or "-", item.name),
                )
                for item in hits.goods
            ]
            return hits, goods + rows

        hits, rows = await self.lage.bridge.look(read)
        self._hits = hits
        self._kinds = {record.id: record.kind for record in hits.records} if hits else {}
        return Page(len(rows), offset, tuple(rows[offset : offset + limit]))

    def row_lines(self, row: Row, width: int) -> list[Line]:
        """Of dangerous goods what plate and class mean."""
        known = {f"un{item.un}": item for item in (self._hits.goods if self._hits else ())}
        item = known.get(row.key) if isinstance(row.key, str) else None
        return super().row_lines(row, width) if item is None else self._about(item, width)

    def _about(self, item: Substance, width: int) -> list[Line]:
        glyphs = self.lage.painter.glyphs
        plate = f"{'/'.join(item.numbers) or '-'} / {item.un:04d}"
        lines: list[Line] = [((f"{plate}  {item.name}", "title"),)]
        lines.append(((f"Klasse {item.hazard_class}", "text"),))
        for words in (*item.meaning, item.hint):
            lines += [((part, "bold"),) for part in wrap(words, width, glyphs) if part]
        lines.append(())
        return lines + [((part, "dim"),) for part in wrap(SOURCE, width, glyphs)]

    def selected_kind(self) -> str:
        """Kind of the hit."""
        entity = self.selected()
        return self._kinds.get(entity, "-") if entity is not None else "-"

    async def ask(self) -> None:
        """What is wanted?"""

        async def typed(text: str | None) -> None:
            if text is None:
                return
            try:
                await self.lage.bridge.look(lambda station: _wanted(station, text, "", None))
            except UsageError as error:
                self.lage.say(str(error))
                return
            self.text = text
            await self.load(from_top=True)
            self.start()

        await self.lage.push(TypeIn(ASK, self.text), typed)

    async def act_filtern(self) -> None:
        """The same as F6."""
        await self.ask()

    async def act_filter(self) -> None:
        """The next filter; what is new counts as looked at once it has been shown whole."""
        since, newest = await self.lage.bridge.look(_looks)
        coming = self.filters[(self.filter + 1) % len(self.filters)][0]
        self._since = since if coming == NEW else None
        await super().act_filter()
        whole = not self.text and self.table.page.total < HITS_MAX
        if coming == NEW and whole and newest > since and not self.lage.bridge.read_only:
            await self.lage.bridge.keep(SEEN, newest)

    def can(self, action: Action) -> bool:
        """Nothing new to write here."""
        return action.id != "neu" and super().can(action)


def _wanted(station: Station, text: str, at: str, since: int | None) -> tuple[str, Filters]:
    """Words and filters of what was typed and chosen. Raises UsageError."""
    words, among = read_search(text)
    filters = read_filters(among, station.parse_context(), since)
    if at and at != NEW:
        filters = replace(filters, kinds=(at,))
    return words, filters


def _looks(station: Station) -> tuple[int, int]:
    """Arrival numbers: of the newest entry at the last look, and of the newest now."""
    return station.setting(SEEN), station.newest()
