# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One view for every list: filters, search, and on wide screens the entry's detail beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.language.errors import LageError, UsageError
from lage.language.plain import plain
from lage.station import Station
from lage.views.lists import LISTS, Column, ListView
from lage.views.pages import Page, Row, fitting, list_page, overdue_page, widths, without_prose
from sync.schema.definition import EntityId
from tui import actions
from tui.actions import Action
from tui.forms.new import create
from tui.paint import Line, Span, wrap
from tui.screens.base import LageScreen, View, bindings
from tui.screens.detail import detail_lines, read_detail
from tui.screens.dialogs import Tell, TypeIn
from tui.screens.entry import EntryView
from tui.screens.printing import to_paper
from tui.widgets.base import Lines, Reader
from tui.widgets.log_table import GUTTER, Head, LogTable

SUMMED_MAX = 5000
TABLE_SHARE = 0.55
"""Of the height at most, where the detail stands below."""
OVERDUE = "spaet"


class TableView(EntryView):
    """A table with a line on top and a detail beside; lists and search fill it."""

    BINDINGS = bindings(actions.LIST, actions.ENTRY)
    groups = (actions.ENTRY, actions.LIST)
    new_word = "Neu"
    sticks = False  # keys act at once on its rows, which come and go by themselves

    def __init__(self) -> None:
        super().__init__()
        self.text = ""  # words to search for
        self.filters: list[tuple[str, str]] = [("", "alle")]  # (key, label)
        self.filter = 0

    def compose(self) -> ComposeResult:
        """Line, table, detail."""
        yield Lines([()], id="list-line")
        with Container(id="list-body"):
            yield LogTable(id="table", sticks=self.sticks)
            yield Reader(id="beside")

    @property
    def table(self) -> LogTable:
        """The table."""
        return self.query_one("#table", LogTable)

    @property
    def aside(self) -> bool:
        """In the detail of the entry."""
        return self.table is not self.screen.focused

    def start(self) -> None:
        """Arrows move in the table."""
        self.screen.set_focus(self.table)

    def selected(self) -> EntityId | None:
        """The entity under the cursor."""
        row = self.table.row if self.ready else None
        return row.key if row is not None and isinstance(row.key, EntityId) else None

    def why_nothing(self) -> str:
        """A row that is no entry can be read, and that is all."""
        if self.ready and self.table.row is not None:
            return "Diese Zeile ist kein Eintrag: sie lässt sich lesen (Enter), nicht ändern."
        return super().why_nothing()

    def gone(self) -> Row | None:
        """The row that was chosen and has left the list."""
        return self.table.gone if self.ready else None

    def selected_kind(self) -> str:
        """Kind of the entity under the cursor."""
        return self.kind

    def table_width(self) -> int:
        """Cells for the table's columns."""
        shared = self.across
        return shared.view - shared.detail - GUTTER - 2 * bool(shared.around)

    def forget(self) -> bool:
        """Show everything again; False if it does already."""
        narrowed = bool(self.filter or self.text)
        self.filter, self.text = 0, ""
        if narrowed and self.ready:
            self.table.begin_anew()
        return narrowed

    def filter_key(self) -> str:
        """The filter in use; empty for none."""
        return self.filters[self.filter][0]

    def list_line(self) -> Line:
        """Title, total, then what the keys of the list do: filters, search, new."""
        for gap in "  ", " ":
            line = self._list_line(self._filter_names(gap))
            if sum(len(text) for text, _ in line) <= self.across.view:
                return line
        return self._list_line(self._filter_names(""))

    def _list_line(self, filters: str) -> Line:
        offered = [action.id for action in View.offers(self)]
        spans: list[Span] = [(f" {self.title} ", "title"), (f"{self.table.place}  ", "text")]
        if len(self.filters) > 1:
            spans += [(" f", "bold"), (f" {filters}  ", "dim")]
        if self.text:
            spans += [(" /", "bold"), (f" „{plain(self.text)}“ ", "warn"),
                      ("Esc", "bold"), (" alles  ", "dim")]  # fmt: skip
        elif "filtern" in offered:
            spans += [(" /", "bold"), (" Suchen  ", "dim")]
        if "neu" in offered and not self.lage.bridge.read_only:
            spans += [(" n", "bold"), (f" {self.new_word}", "dim")]
        return tuple(spans)

    def _filter_names(self, gap: str) -> str:
        """All filters, the one in use in brackets; without a gap that one, and the next."""
        key = self.filter_key()
        if gap:
            return gap.join(f"[{text}]" if name == key else text for name, text in self.filters)
        place = next(n for n, (name, _) in enumerate(self.filters) if name == key)
        after = self.filters[(place + 1) % len(self.filters)][1]
        return f"[{self.filters[place][1]}]  dann {after}"

    def empty_text(self) -> str:
        """What stands in a list without rows."""
        if self.text:
            return "nichts gefunden; Esc zeigt wieder alles"
        if self.filter_key():
            return "mit diesem Filter kein Eintrag; f schaltet weiter"
        if any(action.id == "neu" for action in View.offers(self)):
            return f"noch kein Eintrag; n: {self.new_word}"
        return "noch kein Eintrag"

    def row_lines(self, row: Row, width: int) -> list[Line]:
        """What stands in full beside the list, and after Enter, for a row that is no entry."""
        lines: list[Line] = []
        glyphs, named = self.lage.painter.glyphs, [head.title for head in self.heads()]
        for title, cell in [*zip(named, row.cells, strict=False), ("Inhalt", row.below)]:
            if cell.strip() and title:
                lines.append(((f"{title}:", "dim"),))
                lines += [((f"  {part}", "text"),) for part in wrap(cell, width - 2, glyphs)]
        return lines

    async def lines_of(self, row: Row, width: int) -> list[Line]:
        """The same, read from the log where that takes reading."""
        return self.row_lines(row, width)

    async def fetch(self, offset: int, limit: int) -> Page:
        """Rows of the table."""
        raise NotImplementedError

    async def fetch_or_why_not(self, offset: int, limit: int) -> Page:
        """Rows, or one that says why there are none."""
        try:
            return await self.fetch(offset, limit)
        except LageError:
            raise
        except Exception as error:  # noqa: BLE001  # the fence round a list
            return Page(1, 0, (Row("", (self.unshown(error),), "warn"),))

    def heads(self) -> tuple[Head, ...]:
        """Columns that fit now."""
        raise NotImplementedError

    async def load(self, *, from_top: bool = False) -> None:
        """Read with the present filter, search and width."""
        if not self.ready:
            return
        self._lay_out()
        await self.table.use(
            self.fetch_or_why_not, self.heads(), from_top=from_top, lines=self.lines
        )
        if not self.ready:
            return
        self._share_height()
        self.show_list_line()
        await self._show_beside()

    @property
    def lines(self) -> int:
        """Of each row."""
        return 1

    def _lay_out(self) -> None:
        """The detail beside the table, below it, or nowhere."""
        shared, beside = self.across, self.query_one("#beside", Reader)
        self.set_class(bool(shared.around), "below")
        beside.display = bool(shared.detail or shared.around)
        beside.styles.width = shared.detail or "1fr"

    def _share_height(self) -> None:
        """With the detail below, the table takes what its rows need, up to a share."""
        if not self.across.around:
            self.table.styles.height = "1fr"
            return
        wanted = self.table.page.total * self.lines + 3
        most = max(6, int(self.query_one("#list-body").size.height * TABLE_SHARE))
        self.table.styles.height = max(6, min(wanted, most))

    def show_list_line(self) -> None:
        """Bring the line on top up to date, and what an empty list says."""
        self.query_one("#list-line", Lines).show(self.list_line())
        self.table.say_empty(self.empty_text())

    async def refresh_data(self) -> None:
        """News."""
        await self.load()

    async def on_resize(self) -> None:
        """Other columns fit."""
        await self.load()

    @on(LogTable.Moved)
    async def _moved(self) -> None:
        if not self.ready:
            return
        self.show_list_line()
        await self._show_beside()
        if self.ready and isinstance(self.screen, LageScreen):
            self.screen.show_keys()
            await self.screen.point_out(self.selected())

    @on(LogTable.Chosen)
    async def _chosen(self) -> None:
        await self.act_oeffnen()

    async def _show_beside(self) -> None:
        if not self.ready:
            return
        beside = self.query_one("#beside", Reader)
        if not beside.display:
            return
        entity, row = self.selected(), self.table.row
        width = max(20, beside.size.width or self.across.detail - 3)
        if entity is None:
            lines = await self.or_instead(self.lines_of(row, width)) if row is not None else []
        else:
            lines = await self.or_instead(self._lines_about(entity, width))
        now = self.table.row if self.ready else None
        if (row and row.key) == (now and now.key):  # else somebody has gone on meanwhile
            beside.show(lines)

    async def _lines_about(self, entity: EntityId, width: int) -> list[Line]:
        shown = await self.lage.bridge.look(lambda station: read_detail(station, entity))
        return detail_lines(shown, width, self.lage.painter.glyphs) if shown else []

    async def act_oeffnen(self) -> None:
        """The entry in full."""
        entity, row = self.selected(), self.table.row
        if entity is not None:
            await self.lage.open_detail(entity)
        elif row is not None:
            lines = await self.or_instead(self.lines_of(row, min(76, self.app.size.width - 12)))
            await self.lage.push(Tell(self.title, lines))

    async def act_filter(self) -> None:
        """The next filter."""
        self.filter = (self.filter + 1) % len(self.filters)
        await self.load(from_top=True)

    def can(self, action: Action) -> bool:
        """One filter is none."""
        return (action.id != "filter" or len(self.filters) > 1) and super().can(action)

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

        await self.lage.push(
            TypeIn("Suchen in dieser Liste (leer: alles)", self.text, look_for), typed
        )


class KindView(TableView):
    """The list of one kind."""

    def __init__(self, kind: str, title: str = "") -> None:
        super().__init__()
        self.kind = kind
        self.view: ListView = LISTS[kind]
        self.title = title or self.view.title
        self.filters += [(f.key, f.label) for f in self.view.filters]
        if kind == "message":
            self.filters.append((OVERDUE, "überfällig"))
        self._summary = ""

    def compose(self) -> ComposeResult:
        """Below the table what all its rows come to, for kinds that add up."""
        yield from super().compose()
        if self.view.summary is not None:
            yield Lines([()], id="list-sum")

    def show_list_line(self) -> None:
        """And the sum below."""
        super().show_list_line()
        if self.view.summary is not None:
            self.query_one("#list-sum", Lines).show(((f" {self._summary}", "bold"),))

    def columns(self) -> tuple[Column, ...]:
        """Columns, if there is room."""
        return self.view.columns

    def shown(self) -> tuple[tuple[Column, ...], Column | None]:
        """The columns that fit now, and the one whose text stands in a line of its own."""
        first, prose = (
            without_prose(self.columns()) if self.across.around else (self.columns(), None)
        )
        return fitting(first, self.table_width()), prose

    @property
    def lines(self) -> int:
        """Two where a text stands below."""
        return 2 if self.shown()[1] is not None else 1

    def heads(self) -> tuple[Head, ...]:
        """Columns that fit now."""
        columns = self.shown()[0]
        return tuple(
            Head(column.title, cells, column.right)
            for column, cells in zip(columns, widths(columns, self.table_width()), strict=True)
        )

    async def fetch(self, offset: int, limit: int) -> Page:
        """Rows from the log."""
        view, text, key = self.view, self.text, self.filter_key()
        columns, below = self.shown()
        marks = self.lage.reading.marks

        def read(station: Station) -> Page:
            context = station.context()
            query = replace(view.asked(key, text, context), offset=offset, limit=limit)
            if view.summary is not None:
                every = context.reader.select(replace(query, offset=0, limit=SUMMED_MAX))
                self._summary = view.summary(every)
            if view.kind != "message":
                return list_page(view, columns, query, context, below=below)

            def unread(record: Record) -> bool:
                return marks.unread(record, context)

            if key == OVERDUE:
                return overdue_page(columns, query, context, unread=unread, below=below)
            return list_page(view, columns, query, context, unread=unread, below=below)

        return await self.lage.bridge.look(read)

    async def act_datei(self) -> None:
        """This list on paper, as it is filtered and searched."""
        view, text, key = self.view, self.text, self.filter_key()
        if key == OVERDUE:
            raise UsageError("Die überfälligen stehen unter „!“: f schaltet auf eine Liste weiter.")
        names = [label for name, label in self.filters if name == key and name]
        shown = ", ".join([*names, *([f"Suche „{plain(text)}“"] if text else [])])

        def write(station: Station) -> Path:
            from lage.reports.files import write_list

            return write_list(station, view, view.asked(key, text, station.context()), shown)

        await to_paper(self.lage, write)

    async def act_neu(self) -> None:
        """A new entry of this kind."""
        await self.lage.open_form(create(self.kind))

    def can(self, action: Action) -> bool:
        """Some kinds have no form; only messages can be read or unread."""
        if action.id == "neu":
            return bool(CARDS[self.kind].form)
        if action.id == "gelesen":
            return self.kind == "message"
        return super().can(action)
