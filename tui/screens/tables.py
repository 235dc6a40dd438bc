# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Balances of material: a table that is computed rather than stored."""

from __future__ import annotations

from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.station import Station
from lage.views.pages import Page, Row
from lage.views.stock import StockLine, stock_lines
from sync.schema.definition import EntityId
from tui.forms import changes
from tui.forms.new import create
from tui.forms.spec import FormSpec
from tui.paint import Line, wrap
from tui.screens.lists import TableView
from tui.widgets.log_table import Head


def share(width: int, fixed: int, parts: tuple[int, ...]) -> list[int]:
    """Cells for columns of these weights in what ``fixed`` leaves."""
    room = max(width - fixed, sum(parts))
    cells = [room * part // sum(parts) for part in parts]
    cells[0] += room - sum(cells)
    return cells


def matches(text: str, *words: str) -> bool:
    """Whether all words of a search stand in what a row says."""
    from lage.language.folding import fold_text

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
        item, place = share(self.table_width(), 35, (3, 2))
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
        await self.lage.open_form(create("stock_movement", initial))

    async def act_minimum(self) -> None:
        """Unit and least stock of the material under the cursor."""
        row = self.table.row
        if row is None:
            await self.lage.open_form(create("supply"))
            return
        item, place = row.cells[0], row.cells[1]

        def spec(station: Station) -> FormSpec:
            query = Query("supply", (Where("item", "=", item), Where("place", "=", place)))
            found = station.reader.select(query)
            if found:
                return changes.change(station, found[0])
            return create("supply", {"item": item, "place": place})

        await self.lage.open_form(await self.lage.bridge.look(spec))

    async def act_aendern(self) -> None:
        """Unit and least stock."""
        await self.act_minimum()


def _movement(record: Record, context: ViewContext) -> tuple[str, str]:
    """(when, what) of one movement."""
    reason = f", {plain(record.text('reason'))}" if record.text("reason") else ""
    to = f" nach {plain(record.text('to_place'))}" if record.text("to_place") else ""
    amount, staff = record.whole("amount"), plain(context.directory.name(record.id.author))
    shown = "?" if amount is None else f"{amount:+d}"
    return clock(record.event_time, context.now), f"{shown}{to}{reason} ({staff})"


def _stock_row(line: StockLine) -> Row:
    minimum = "-" if line.minimum is None else str(line.minimum)
    cells = (plain(line.item), plain(line.place), str(line.amount), plain(line.unit) or "-",
             minimum, "!" if line.short else "")  # fmt: skip
    return Row(f"{line.item}|{line.place}", cells, "warn" if line.short else "")
