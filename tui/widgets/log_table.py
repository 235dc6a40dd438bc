# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A list of any length that reads only the rows it shows.

The table knows a total, a window of rows around what is visible, and a cursor. It asks a function
for another window when the cursor leaves the present one. When news come in, the cursor stays on
its entry; only at the very top it stays there, so that a list left alone follows the news. Where
keys act at once it never does that, and when its entry is gone it is on none: no key hits the one
that has moved into its place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.cells import cell_len
from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from lage.views.pages import Page, Row, by_content
from sync.schema.definition import EntityId
from tui.paint import fit, spelt
from tui.widgets.base import LineWidget

GUTTER = 2
"""Cells before the columns: the cursor, and a sign for what is urgent."""

MARGIN_PAGES = 1
"""Pages read beyond the visible one on each side."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column as drawn."""

    title: str
    width: int
    right: bool = False


Fetch = Callable[[int, int], Awaitable[Page]]
"""(offset, limit) -> window."""


class LogTable(LineWidget, can_focus=True):
    """The virtual list."""

    @dataclass
    class Moved(Message):
        """The cursor is on another row, its row has changed, or more or fewer are in sight."""

        row: Row | None

        def can_replace(self, message: Message) -> bool:
            """Of several in the queue only the last one counts."""
            return isinstance(message, LogTable.Moved)

    @dataclass
    class Chosen(Message):
        """A row was clicked twice."""

        row: Row

    def __init__(self, *, id: str | None = None, sticks: bool = False) -> None:  # noqa: A002
        super().__init__(id=id)
        self.sticks = sticks  # keys act at once on the row: the cursor never slides to another
        self.heads: tuple[Head, ...] = ()
        self.lines = 1  # of a row
        self._longest: list[int] = []  # cells of the longest text seen in each column
        self._widths: tuple[int, ...] = ()
        self.page = Page(0, 0, ())
        self.cursor = 0
        self.top = 0
        self.gone: Row | None = None  # the cursor was on this one, which the list has no more
        self._done: EntityId | str | None = None
        self.reads = 0  # windows asked for, for tests of frugality
        self._empty = ""
        self._fetch: Fetch | None = None
        self._one_at_a_time = asyncio.Lock()

    def say_empty(self, text: str) -> None:
        """What stands there without rows."""
        if text != self._empty:
            self._empty = text
            self.refresh()

    # --- what it shows --------------------------------------------------------------------------

    @property
    def body(self) -> int:
        """Rows that fit below the heading."""
        return max(1, (self.size.height - 1) // self.lines)

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None also where the one that was chosen is gone."""
        if self.gone is not None:
            return None
        place = self.cursor - self.page.offset
        return self.page.rows[place] if 0 <= place < len(self.page.rows) else None

    @property
    def place(self) -> str:
        """Where the cursor is, where the list is longer than the screen, and how long it is."""
        total = self.page.total
        return f"{self.cursor + 1}/{total}" if total > self.body else str(total)

    async def use(
        self, fetch: Fetch, heads: Sequence[Head], *, from_top: bool, lines: int = 1
    ) -> None:
        """Show another list, or the same one with other columns."""
        self._fetch = fetch
        if from_top or tuple(heads) != self.heads:
            self._longest = []
        self.heads, self.lines = tuple(heads), lines
        if from_top:
            self.begin_anew()
        await self.reload()

    def begin_anew(self) -> None:
        """Other rows are read next: nothing is chosen among them."""
        self.cursor = self.top = 0
        self.gone, self.page = None, Page(0, 0, ())

    @contextmanager
    def doing(self, row: Row | None) -> Iterator[None]:
        """A deed on this row: where it goes by that, the cursor goes on to the next one."""
        self._done = row.key if row is not None else None
        try:
            yield
        except BaseException:
            self._done = None
            raise

    async def reload(self) -> None:
        """Read the window again, because something has changed."""
        async with self._one_at_a_time:
            before, wanted = self.row, self.gone or self.row
            follow = self.cursor == 0 and not self.sticks
            total = self.page.total
            page = await self._window(self.top)
            if wanted is not None and not follow:
                page = await self._found(wanted.key, page, page.total - total)
            self._take(page)
            self.gone = self._missed(wanted)
        if self.row != before:
            self.post_message(self.Moved(self.row))

    def _missed(self, wanted: Row | None) -> Row | None:
        if not self.sticks or wanted is None or wanted.key == self._done:
            return None
        place = self.cursor - self.page.offset
        now = self.page.rows[place] if 0 <= place < len(self.page.rows) else None
        return None if now is not None and now.key == wanted.key else wanted

    async def _found(self, key: EntityId | str, page: Page, shift: int) -> Page:
        """Put the cursor back on its entry, which news above have pushed down."""
        for attempt in (page, None):
            if attempt is None:
                self.top = max(0, self.top + shift)
                page = attempt = await self._window(self.top)
            for place, row in enumerate(attempt.rows, attempt.offset):
                if row.key == key:
                    if self.top or not self.sticks:  # else what comes above it is seen
                        self.top += place - self.cursor
                    self.cursor = place
                    return page if self._covers(page) else await self._window(self.top)
            if not shift:
                break
        return page

    async def _window(self, top: int) -> Page:
        if self._fetch is None:
            return Page(0, 0, ())
        for _ in range(3):  # the widget may get its size while the rows are being read
            self.reads += 1
            body = self.body
            margin = MARGIN_PAGES * body
            page = await self._fetch(max(0, top - margin), body + 2 * margin)
            if self.body <= body:
                break
        return page

    def _covers(self, page: Page) -> bool:
        end = min(self.top + self.body, page.total)
        return page.offset <= self.top and end <= page.offset + len(page.rows)

    def _take(self, page: Page) -> None:
        self.cursor = max(0, min(self.cursor, page.total - 1))
        self.top = max(0, min(self.top, page.total - self.body))
        self._keep_in_sight()
        if page != self.page:
            self.page = page
        self._measure()
        self.refresh()

    def _measure(self) -> None:
        """Columns by content; while a list is read on they only grow, so that nothing jumps."""
        glyphs, titles = self.painter.glyphs, [head.title for head in self.heads]
        rows = [row.cells for row in self.page.rows if len(row.cells) == len(titles)]
        longest = [
            max(cell_len(spelt(cell, glyphs)) for cell in column)
            for column in zip(titles, *rows, strict=True)
        ]
        before = self._longest or longest
        self._longest = [max(pair) for pair in zip(before, longest, strict=True)]
        shares = [head.width for head in self.heads]
        self._widths = by_content(shares, self._longest, self.size.width - GUTTER)

    def _keep_in_sight(self) -> None:
        self.top = min(self.top, self.cursor)
        self.top = max(self.top, self.cursor - self.body + 1, 0)

    # --- moving ---------------------------------------------------------------------------------

    async def move_to(self, place: int) -> None:
        """Put the cursor on that row, reading a window if it is not at hand."""
        place = max(0, min(place, self.page.total - 1))
        if place == self.cursor and self.gone is None:
            return
        async with self._one_at_a_time:
            self.cursor, self.gone, self._done = place, None, None
            self._keep_in_sight()
            if not self._covers(self.page):
                self._take(await self._window(self.top))
            self.refresh()
        self.post_message(self.Moved(self.row))

    async def key_up(self) -> None:
        """Row above."""
        await self.move_to(self.cursor - 1)

    async def key_down(self) -> None:
        """Row below; of one that is gone the one in its place."""
        await self.move_to(self.cursor + (self.gone is None))

    async def key_pageup(self) -> None:
        """Page above."""
        await self.move_to(self.cursor - self.body)

    async def key_pagedown(self) -> None:
        """Page below."""
        await self.move_to(self.cursor + self.body)

    async def key_home(self) -> None:
        """First row."""
        await self.move_to(0)

    async def key_end(self) -> None:
        """Last row."""
        await self.move_to(self.page.total - 1)

    async def on_mouse_scroll_up(self) -> None:
        """Wheel."""
        await self.move_to(self.cursor - 3)

    async def on_mouse_scroll_down(self) -> None:
        """Wheel."""
        await self.move_to(self.cursor + 3)

    async def on_click(self, event: Click) -> None:
        """Click puts the cursor there; a second one opens."""
        place = self.top + (event.y - 1) // self.lines
        if event.y >= 1 and place < self.page.total:
            await self.move_to(place)
            if event.chain > 1 and self.row is not None:
                self.post_message(self.Chosen(self.row))

    async def on_resize(self) -> None:
        """More or fewer rows are visible, in more or less width."""
        self._measure()
        self.refresh()
        self.post_message(self.Moved(self.row))  # what is said of the place in the list
        if not self._covers(self.page) or self.top + self.body > self.page.total:
            async with self._one_at_a_time:
                self._keep_in_sight()
                self._take(await self._window(self.top))
        self.post_message(self.Moved(self.row))

    # --- drawing --------------------------------------------------------------------------------

    def line(self, y: int) -> Strip:
        """Heading, row, or blank."""
        width = self.size.width
        if y == 0:
            return self.painter.one(self._heading(width), width, "head")
        step, below = divmod(y - 1, self.lines)
        place = self.top + step
        if place >= self.page.total or step >= self.body:
            text = f"  {self._empty}" if y == 2 and not self.page.total else ""
            return self.painter.one(text, width, "dim")
        if not 0 <= place - self.page.offset < len(self.page.rows):
            return self.painter.one(" …", width, "dim")
        row = self.page.rows[place - self.page.offset]
        current = place == self.cursor and self.gone is None
        role = ("cursor" if self.has_focus else "blurred") if current else row.mark or "text"
        if below:
            return self.painter.one(f"    {row.below}", width, role)
        marked = row.mark in ("warn", "alarm") and not row.cells[0].startswith("!")
        pointer = (">" if current else " ") + ("!" if marked else " ")
        return self.painter.one(pointer + self._cells(row.cells), width, role)

    def _cells(self, cells: Sequence[str]) -> str:
        glyphs = self.painter.glyphs
        if len(cells) == 1:  # a sentence instead of a row
            return fit(cells[0], self.size.width - GUTTER, glyphs)
        return " ".join(
            fit(cell, width, glyphs, right=head.right)
            for cell, head, width in zip(cells, self.heads, self._widths, strict=False)
        )

    def _heading(self, width: int) -> str:
        titles = "  " + self._cells([head.title for head in self.heads])
        return fit(titles, width, self.painter.glyphs)
