# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables that are computed rather than stored: balances, supply situation, search results."""

from __future__ import annotations

from lage.model import Query, Where
from lage.ops import SERVICES
from lage.station import Station
from lage.tactical import clock
from lage.views.detail import title_of
from lage.views.overview import ServiceRow, StockLine, service_rows, stock_lines
from lage.views.pages import Page, Row
from lage.views.words import plain
from sync.schema import EntityId
from tui import intents
from tui.actions import Action
from tui.screens.dialogs import TypeIn
from tui.screens.lists import TableView
from tui.widgets.log_table import Head

SERVICE_WORDS = {
    "ausgefallen": "AUS",
    "eingeschränkt": "eingeschr",
    "in Betrieb": "ok",
    "unbekannt": "?",
    None: "-",
}


def _share(width: int, fixed: int, parts: tuple[int, ...]) -> list[int]:
    """Cells for columns of these weights in what ``fixed`` leaves."""
    room = max(width - fixed, sum(parts))
    cells = [room * part // sum(parts) for part in parts]
    cells[0] += room - sum(cells)
    return cells


def _matches(text: str, *words: str) -> bool:
    from lage.projection import fold_text

    shown = fold_text(" ".join(words))
    return all(word in shown for word in fold_text(text).split())


class StockView(TableView):
    """Balances of all material, shortages first."""

    title = "Material"
    kind = "supply"

    def line_text(self) -> str:
        """Title and what the mark means."""
        search = f"   Suche „{plain(self.text)}“" if self.text else ""
        return f"Material: Bestände, „!“ unter Minimum{search}   {self.table.page.total} Posten"

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
        text = self.text

        def read(station: Station) -> Page:
            lines = [
                line
                for line in stock_lines(station.context())
                if _matches(text, line.item, line.place)
            ]
            window = lines[offset : offset + limit]
            return Page(len(lines), offset, tuple(_stock_row(line) for line in window))

        return await self.lage.bridge.work(read)

    def selected(self) -> EntityId | None:
        """Balances are no entries."""
        return None

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

    def can(self, action: Action) -> bool:
        """No filters here."""
        return action.id != "filter" and super().can(action)


def _affected(row: ServiceRow) -> str:
    if row.affected is not None:
        return str(row.affected)
    return "?" if row.at_most is None else f"<{row.at_most}"


def _stock_row(line: StockLine) -> Row:
    minimum = "-" if line.minimum is None else str(line.minimum)
    cells = (plain(line.item), plain(line.place), str(line.amount), plain(line.unit) or "-",
             minimum, "!" if line.short else "")  # fmt: skip
    return Row(f"{line.item}|{line.place}", cells, "warn" if line.short else "")


class ServicesView(TableView):
    """Versorgungslage: municipalities by services."""

    title = "Versorgungslage"
    kind = "supply_state"

    def line_text(self) -> str:
        """Title and legend."""
        return "Versorgungslage: AUS ausgefallen, - nichts gemeldet, ? unbekannt, < höchstens"

    def heads(self) -> tuple[Head, ...]:
        """A column for each service."""
        width, affected = self.table_width(), 6
        least = min(11, max(4, (width - 12 - affected - 1) // len(SERVICES) - 1))
        name = max(8, width - affected - 1 - len(SERVICES) * (least + 1))
        return (
            Head("Gemeinde", min(name, 24)),
            *(Head(service, least) for service in SERVICES),
            Head("betr.", affected, right=True),
        )

    async def fetch(self, offset: int, limit: int) -> Page:
        """The latest reports."""
        text = self.text

        def read(station: Station) -> Page:
            rows = [
                Row(
                    row.municipality,
                    (
                        plain(row.municipality),
                        *(SERVICE_WORDS.get(state, "?") for state in row.states),
                        _affected(row),
                    ),
                    "warn" if "ausgefallen" in row.states else "",
                )
                for row in service_rows(station.context())
                if _matches(text, row.municipality)
            ]
            return Page(len(rows), offset, tuple(rows[offset : offset + limit]))

        return await self.lage.bridge.look(read)

    async def act_oeffnen(self) -> None:
        """A new report for that municipality."""
        await self.act_neu()

    async def act_neu(self) -> None:
        """A new report, for the municipality under the cursor."""
        row = self.table.row
        initial = {"municipality": row.cells[0]} if row is not None else {}
        await self.lage.open_form(intents.create("supply_state", initial))

    def can(self, action: Action) -> bool:
        """No filters here."""
        return action.id != "filter" and super().can(action)


class SearchView(TableView):
    """Everything that holds some words."""

    title = "Suche"
    kind = "-"

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[EntityId, str] = {}

    def line_text(self) -> str:
        """What was searched for."""
        if not self.text:
            return "Suche: F6 und Wörter eingeben; gefunden wird auch der Anfang eines Wortes"
        return f"Suche „{plain(self.text)}“: {self.table.page.total} gefunden   F6 neue Suche"

    def heads(self) -> tuple[Head, ...]:
        """Entry, time, staff, text."""
        title, staff, text = _share(self.table_width(), 13, (3, 3, 6))
        return (
            Head("Eintrag", title), Head("Zeit", 10), Head("Stelle", staff), Head("Text", text),
        )  # fmt: skip

    async def fetch(self, offset: int, limit: int) -> Page:
        """The best 300 hits."""
        text = self.text

        def read(station: Station) -> tuple[Page, dict[EntityId, str]]:
            if not text.strip():
                return Page(0, 0, ()), {}
            context = station.context()
            found = station.reader.search(text, limit=300)
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
            kinds = {record.id: record.kind for record in found}
            return Page(len(found), offset, tuple(rows)), kinds

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
        """No filters, nothing new."""
        return action.id not in ("filter", "neu") and super().can(action)
