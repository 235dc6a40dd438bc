# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One view for every list: filters, search, and on wide screens the entry's detail beside it."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from lage.forms import BY_KIND
from lage.model import Query, Record
from lage.station import Station
from lage.views.lists import LISTS, Column, ListView
from lage.views.pages import Page, fitting, list_page, overdue_page, widths
from lage.views.words import plain
from sync.schema import EntityId
from tui import actions, intents
from tui.actions import Action
from tui.paint import count
from tui.screens.base import WIDE, LageScreen, View, bindings
from tui.screens.detail import detail_lines, read_detail
from tui.screens.dialogs import TypeIn
from tui.screens.entry import EntryActions
from tui.widgets.base import Lines, Reader
from tui.widgets.log_table import Head, LogTable

DETAIL_SHARE = 0.42
OVERDUE = "spaet"


class TableView(EntryActions, View):
    """A table with a line on top and a detail beside; lists and search fill it."""

    BINDINGS = bindings(actions.LIST, actions.ENTRY)
    groups = (actions.ENTRY, actions.LIST)

    def __init__(self) -> None:
        super().__init__()
        self.text = ""  # words to search for
        self._kind_selected = ""

    def compose(self) -> ComposeResult:
        """Line, table, detail."""
        yield Lines([()], id="list-line")
        with Horizontal(id="list-body"):
            yield LogTable(id="table")
            yield Reader(id="beside")

    @property
    def table(self) -> LogTable:
        """The table."""
        return self.query_one("#table", LogTable)

    def start(self) -> None:
        """Arrows move in the table."""
        self.screen.set_focus(self.table)

    def selected(self) -> EntityId | None:
        """The entity under the cursor."""
        row = self.table.row if self.ready else None
        return row.key if row is not None and isinstance(row.key, EntityId) else None

    def selected_kind(self) -> str:
        """Kind of the entity under the cursor."""
        return self.kind

    def table_width(self) -> int:
        """Cells for the table's columns."""
        wide = self.app.size.width >= WIDE
        whole = self.app.size.width
        return (whole - int(whole * DETAIL_SHARE) if wide else whole) - 1

    def line_text(self) -> str:
        """What the line on top says."""
        return ""

    async def fetch(self, offset: int, limit: int) -> Page:
        """Rows of the table."""
        raise NotImplementedError

    def heads(self) -> tuple[Head, ...]:
        """Columns that fit now."""
        raise NotImplementedError

    async def load(self, *, from_top: bool = False) -> None:
        """Read with the present filter, search and width."""
        if not self.ready:
            return
        wide = self.app.size.width >= WIDE
        beside = self.query_one("#beside", Reader)
        beside.display = wide
        beside.styles.width = int(self.app.size.width * DETAIL_SHARE)
        await self.table.use(self.fetch, self.heads(), from_top=from_top)
        if not self.ready:
            return
        self.query_one("#list-line", Lines).show(((f" {self.line_text()}", "dim"),))
        await self._show_beside()

    async def refresh_data(self) -> None:
        """News."""
        await self.load()

    async def on_resize(self) -> None:
        """Other columns fit."""
        await self.load()

    @on(LogTable.Moved)
    async def _moved(self) -> None:
        await self._show_beside()
        if isinstance(self.screen, LageScreen):
            self.screen.show_keys()

    @on(LogTable.Chosen)
    async def _chosen(self) -> None:
        await self.act_oeffnen()

    async def _show_beside(self) -> None:
        if not self.ready:
            return
        beside = self.query_one("#beside", Reader)
        if not beside.display:
            return
        entity = self.selected()
        if entity is None:
            beside.show([])
            return
        shown = await self.lage.bridge.look(lambda station: read_detail(station, entity))
        if entity != self.selected():
            return
        width = int(self.app.size.width * DETAIL_SHARE) - 3
        lines = detail_lines(shown, width, self.lage.painter.glyphs) if shown else []
        beside.show(lines)

    async def act_oeffnen(self) -> None:
        """The entry in full."""
        entity = self.selected()
        if entity is not None:
            await self.lage.open_detail(entity)

    async def act_filtern(self) -> None:
        """Search in this list."""

        before = self.text

        async def look_for(text: str) -> None:
            self.text = text
            await self.load(from_top=True)

        async def typed(text: str | None) -> None:
            wanted = before if text is None else text
            if wanted != self.text:
                await look_for(wanted)

        await self.lage.push_screen(
            TypeIn("Suchen in dieser Liste (leer: alles)", self.text, look_for), typed
        )


class KindView(TableView):
    """The list of one kind."""

    def __init__(self, kind: str, title: str = "") -> None:
        super().__init__()
        self.kind = kind
        self.view: ListView = LISTS[kind]
        self.title = title or self.view.title
        filters = [("", "alle"), *((f.key, f.label) for f in self.view.filters)]
        if kind == "message":
            filters.append((OVERDUE, "Quittung überfällig"))
        self.filters = filters
        self.filter = 0

    def columns(self) -> tuple[Column, ...]:
        """Columns, if there is room."""
        return self.view.columns

    def filter_key(self) -> str:
        """The filter in use; empty for none."""
        return self.filters[self.filter][0]

    def line_text(self) -> str:
        """Title, filters with the present one in brackets, search, total."""
        names = "  ".join(
            f"[{label}]" if key == self.filter_key() else label for key, label in self.filters
        )
        search = f"   Suche „{plain(self.text)}“" if self.text else ""
        return (
            f"{self.title}: {names}{search}   {count(self.table.page.total, 'Eintrag', 'Einträge')}"
        )

    def heads(self) -> tuple[Head, ...]:
        """Columns that fit now."""
        width = self.table_width()
        columns = fitting(self.columns(), width)
        return tuple(
            Head(column.title, cells, column.right)
            for column, cells in zip(columns, widths(columns, width), strict=True)
        )

    async def fetch(self, offset: int, limit: int) -> Page:
        """Rows from the log."""
        view, text, key = self.view, self.text, self.filter_key()
        columns = fitting(self.columns(), self.table_width())
        marks = self.lage.marks

        def read(station: Station) -> Page:
            context = station.context()
            where = list(view.query.where)
            for item in view.filters:
                if item.key == key:
                    where.extend(item.where(context))
            query: Query = replace(
                view.query, where=tuple(where), text=text, offset=offset, limit=limit
            )
            if view.kind != "message":
                return list_page(view, columns, query, context)

            def unread(record: Record) -> bool:
                return marks.unread(record, context)

            if key == OVERDUE:
                return overdue_page(columns, query, context, unread=unread)
            return list_page(view, columns, query, context, unread=unread)

        return await self.lage.bridge.look(read)

    async def act_filter(self) -> None:
        """The next filter."""
        self.filter = (self.filter + 1) % len(self.filters)
        await self.load(from_top=True)

    async def act_neu(self) -> None:
        """A new entry of this kind."""
        await self.lage.open_form(intents.create(self.kind))

    def can(self, action: Action) -> bool:
        """Some kinds have no form; only messages can be read or unread."""
        if action.id == "neu":
            return self.kind in BY_KIND
        if action.id == "gelesen":
            return self.kind == "message"
        return super().can(action)
