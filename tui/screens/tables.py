# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables that are computed rather than stored: balances, search results."""

from __future__ import annotations

from lage.model import Query, Record, Where
from lage.station import Station
from lage.tactical import clock
from lage.views.detail import title_of
from lage.views.overview import StockLine, stock_lines
from lage.views.pages import Page, Row
from lage.views.reader import ViewContext
from lage.views.words import plain
from sync.schema import EntityId
from tui import intents
from tui.actions import Action
from tui.paint import Line, Span, wrap
from tui.screens.dialogs import TypeIn
from tui.screens.lists import TableView
from tui.widgets.log_table import Head

FOUND_MAX = 300


def _share(width: int, fixed: int, parts: tuple[int, ...]) -> list[int]:
    """Cells for columns of these weights in what ``fixed`` leaves."""
    room = max(width - fixed, sum(parts))
    cells = [room * part // sum(parts) for part in parts]
    cells[0] += room - sum(cells)
    return cells


def matches(text: str, *words: str) -> bool:
    """Whether all words of a search stand in what a row says."""
    from lage.projection import fold_text

    shown = fold_text(" ".join(words))
    return all(word in shown for word in fold_text(text).split())


class StockView(TableView):
    """Balances of all material, shortages first."""

    title = "Material"
    kind = "supply"

    new_word = "Buchen   e Minimum"

    def __init__(self) -> None:
        super().__init__()
        self.filters.append(("knapp", "unter Minimum"))

    def heads(self) -> tuple[Head, ...]:
        """Six columns."""
        item, place = _share(self.table_width(), 35, (3, 2))
        return (
            Head("Material", item),
            Head("Ort", place),
            Head("Bestand", 9, right=True),
            Head("Einheit", 8),
            Head("Minimum", 9, right=True),
            Head("", 4),
        )

    async def fetch(self, offset: int, limit: int) -> Page:
        """Computed from all movements."""
        text, short = self.text, self.filter_key() == "knapp"

        def read(station: Station) -> Page:
            lines = [
                line
                for line in stock_lines(station.context())
                if (line.short or not short) and matches(text, line.item, line.place)
            ]
            window = lines[offset : offset + limit]
            return Page(len(lines), offset, tuple(_stock_row(line) for line in window))

        return await self.lage.bridge.work(read)

    def selected(self) -> EntityId | None:
        """Balances are no entries."""
        return None

    async def lines_of(self, row: Row, width: int) -> list[Line]:
        """Balance, and the latest movements there."""
        item, place, amount, unit, minimum, _ = row.cells

        def read(station: Station) -> list[tuple[str, str]]:
            where = (Where("item", "=", item), Where("place", "=", place))
            context = station.context()
            found = context.reader.select(Query("stock_movement", where, limit=30))
            return [_movement(record, context) for record in found]

        lines: list[Line] = [((f"{item} in {place}", "title"),), ()]
        lines.append((("Bestand  ", "dim"), (f"{amount} {unit}", "bold")))
        lines.append((("Minimum  ", "dim"), (minimum, "text")))
        lines += [(), (("Letzte Bewegungen", "head"),)]
        for when, what in await self.lage.bridge.look(read):
            parts = wrap(what, width - 10, self.lage.painter.glyphs)
            lines.append(((f"{when:10}", "dim"), (parts[0], "text")))
            lines += [((" " * 10 + part, "text"),) for part in parts[1:]]
        return lines

    async def act_oeffnen(self) -> None:
        """The movements of that material."""
        row = self.table.row
        if row is not None:
            await self.lage.go("stock_movement", search=row.cells[0])

    async def act_neu(self) -> None:
        """A movement of the material under the cursor."""
        row = self.table.row
        initial = {"item": row.cells[0], "place": row.cells[1]} if row is not None else {}
        await self.lage.open_form(intents.create("stock_movement", initial))

    async def act_minimum(self) -> None:
        """Unit and least stock of the material under the cursor."""
        row = self.table.row
        if row is None:
            await self.lage.open_form(intents.create("supply"))
            return
        item, place = row.cells[0], row.cells[1]

        def spec(station: Station) -> intents.FormSpec:
            query = Query("supply", (Where("item", "=", item), Where("place", "=", place)))
            found = station.reader.select(query)
            if found:
                return intents.change(station, found[0])
            return intents.create("supply", {"item": item, "place": place})

        await self.lage.open_form(await self.lage.bridge.look(spec))

    async def act_aendern(self) -> None:
        """Unit and least stock."""
        await self.act_minimum()


def _movement(record: Record, context: ViewContext) -> tuple[str, str]:
    """(when, what) of one movement."""
    values = record.values
    reason = f", {plain(str(values['reason']))}" if values.get("reason") else ""
    to = f" nach {plain(str(values['to_place']))}" if values.get("to_place") else ""
    amount, staff = values.get("amount"), plain(context.directory.name(record.id.author))
    shown = f"{amount:+d}" if isinstance(amount, int) else "?"
    return clock(record.event_time, context.now), f"{shown}{to}{reason} ({staff})"


def _stock_row(line: StockLine) -> Row:
    minimum = "-" if line.minimum is None else str(line.minimum)
    cells = (plain(line.item), plain(line.place), str(line.amount), plain(line.unit) or "-",
             minimum, "!" if line.short else "")  # fmt: skip
    return Row(f"{line.item}|{line.place}", cells, "warn" if line.short else "")


class SearchView(TableView):
    """Everything that holds some words."""

    title = "Suche"
    kind = "-"

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[EntityId, str] = {}
        self.filters += [("message", "Nachr."), ("journal", "Tageb."), ("incident", "Vorf.")]

    def list_line(self) -> Line:
        """What was searched for, how much was found, which kinds are shown."""
        spans: list[Span] = [(" Suche ", "title")]
        if self.text:
            found = f"„{plain(self.text)}“ {self.table.page.total} gefunden  "
            names = "  ".join(
                f"[{label}]" if place == self.filter else label
                for place, (_, label) in enumerate(self.filters)
            )
            spans += [(found, "text"), (" f", "bold"), (f" {names}  ", "dim")]
        word = " neue Suche" if self.text else " Wörter eingeben"
        return (*spans, (" F6", "bold"), (word, "dim"))

    def empty_text(self) -> str:
        """Before and after a search."""
        if not self.text:
            return "F6 und Wörter eingeben; gefunden wird auch der Anfang eines Wortes"
        if self.filter_key():
            return "nichts gefunden; f schaltet weiter, F6 sucht anderes"
        return "nichts gefunden; F6 sucht anderes"

    def heads(self) -> tuple[Head, ...]:
        """Entry, time, staff, text."""
        title, staff, text = _share(self.table_width(), 13, (3, 3, 6))
        return (
            Head("Eintrag", title), Head("Zeit", 10), Head("Stelle", staff), Head("Text", text),
        )  # fmt: skip

    async def fetch(self, offset: int, limit: int) -> Page:
        """The best 300 hits."""
        text = self.text
        kinds = (self.filter_key(),) if self.filter_key() else ()

        def read(station: Station) -> tuple[Page, dict[EntityId, str]]:
            if not text.strip():
                return Page(0, 0, ()), {}
            context = station.context()
            found = station.reader.search(text, kinds, limit=FOUND_MAX)
            rows = []
            for record in found[offset : offset + limit]:
                words = (record.values.get(n) for n in ("text", "name", "item", "note", "place"))
                shown = next((str(word) for word in words if word), "")
                rows.append(
                    Row(
                        record.id,
                        (
                            title_of(record, context),
                            clock(record.event_time, context.now),
                            plain(context.directory.name(record.id.author)),
                            plain(shown),
                        ),
                    )
                )
            return Page(len(found), offset, tuple(rows)), {r.id: r.kind for r in found}

        page, self._kinds = await self.lage.bridge.look(read)
        return page

    def selected_kind(self) -> str:
        """Kind of the hit."""
        entity = self.selected()
        return self._kinds.get(entity, "-") if entity is not None else "-"

    async def ask(self) -> None:
        """What is wanted?"""

        async def typed(text: str | None) -> None:
            if text is not None:
                self.text = text
                await self.load(from_top=True)
                self.start()

        await self.lage.push_screen(TypeIn("Suchen in allen Einträgen", self.text), typed)

    async def act_filtern(self) -> None:
        """The same as F6."""
        await self.ask()

    def can(self, action: Action) -> bool:
        """Nothing new, and filters once something was looked for."""
        if action.id == "filter":
            return bool(self.text)
        return action.id != "neu" and super().can(action)
