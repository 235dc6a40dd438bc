# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The overview's widget: panels side by side with one cursor over all of their rows."""

from __future__ import annotations

from textual.events import Click
from textual.strip import Strip

from tui.paint import Line, Span
from tui.widgets.base import LineWidget
from tui.widgets.panels import Panel, PanelRow
from tui.widgets.placing import Placed, place


class Board(LineWidget, can_focus=True):
    """Panels as ``tui.widgets.placing.place`` puts them."""

    def __init__(self) -> None:
        super().__init__()
        self._panels: tuple[Panel, ...] = ()
        self._placed: list[Placed[Panel]] = []
        self._spot: tuple[str, int] = ("", 0)  # (panel, row); row 0 is the heading
        self._top = 0

    def show(self, panels: tuple[Panel, ...]) -> None:
        """Draw these; the cursor stays in its panel and row."""
        if panels != self._panels:
            self._panels = panels
            self._arrange()

    def on_resize(self) -> None:
        """The panels share another room."""
        self._arrange()

    def _arrange(self) -> None:
        if not self._panels or not self.size.height:
            return
        self._placed = place(self._panels, self.size.width, self.size.height)
        if self._at(self._spot) is None:
            known = [item for item in self._placed if item.panel.key == self._spot[0]]
            target = known[0] if known else self._placed[0]
            self._spot = (target.panel.key, min(self._spot[1] or 1, target.shown))
        self._follow()
        self.refresh()

    # --- cursor ---------------------------------------------------------------------------------

    @property
    def current(self) -> tuple[Panel, PanelRow | None] | None:
        """The panel and row under the cursor; no row for a heading."""
        found = self._at(self._spot)
        if found is None:
            return None
        row = self._spot[1]
        return found.panel, found.panel.rows[row - 1] if row else None

    def _at(self, spot: tuple[str, int]) -> Placed[Panel] | None:
        for item in self._placed:
            if item.panel.key == spot[0] and 0 <= spot[1] <= item.shown:
                return item
        return None

    def _spots(self, x: int) -> list[tuple[int, str, int]]:
        """(y, panel, row) of a column, the full-width panel included."""
        return [
            (item.y + row, item.panel.key, row)
            for item in self._placed
            if item.x == x or item.y == 0
            for row in (range(1, item.shown + 1) if item.shown else (0,))
        ]

    def _y(self) -> int:
        item = self._at(self._spot)
        return item.y + self._spot[1] if item else 0

    def _move(self, step: int) -> None:
        item = self._at(self._spot)
        if item is None:
            return
        spots = self._spots(item.x)
        y = self._y()
        ahead = [s for s in spots if (s[0] > y if step > 0 else s[0] < y)]
        if ahead:
            target = ahead[0] if step > 0 else ahead[-1]
            self._go(target[1], target[2])

    def _sideways(self, x_wanted: int) -> None:
        columns = sorted({item.x for item in self._placed})
        if len(columns) < 2:
            return
        spots = self._spots(columns[-1] if x_wanted > 0 else columns[0])
        y = self._y()
        target = min(spots, key=lambda spot: abs(spot[0] - y))
        self._go(target[1], target[2])

    def _go(self, panel: str, row: int) -> None:
        self._spot = (panel, row)
        self._follow()
        self.refresh()

    def _follow(self) -> None:
        y, height = self._y(), self.size.height
        if y < self._top + 1:
            self._top = max(0, y - 1)
        elif y >= self._top + height:
            self._top = y - height + 1

    def key_up(self) -> None:
        """Row above in this column."""
        self._move(-1)

    def key_down(self) -> None:
        """Row below in this column."""
        self._move(1)

    def key_left(self) -> None:
        """To the left column."""
        self._sideways(-1)

    def key_right(self) -> None:
        """To the right column."""
        self._sideways(1)

    def next_panel(self, step: int) -> None:
        """First row of the next or previous panel."""
        keys = [item.panel.key for item in self._placed]
        if keys:
            place_ = (keys.index(self._spot[0]) + step) % len(keys) if self._spot[0] in keys else 0
            self._go(keys[place_], min(1, self._placed[place_].shown))

    def on_click(self, event: Click) -> None:
        """Click puts the cursor there."""
        y = event.y + self._top
        for item in self._placed:
            inside = item.x <= event.x < item.x + item.width
            if inside and item.y <= y <= item.y + item.shown:
                self._go(item.panel.key, y - item.y)

    # --- drawing --------------------------------------------------------------------------------

    def line(self, y: int) -> Strip:
        """The parts of all panels in that row."""
        y += self._top
        parts: list[Strip] = []
        x = 0
        for item in sorted(self._placed, key=lambda item: item.x):
            if item.y <= y <= item.y + item.shown:
                if item.x > x:
                    parts.append(self.painter.one("", item.x - x))
                parts.append(self._part(item, y - item.y))
                x = item.x + item.width
        if x < self.size.width:
            parts.append(self.painter.one("", self.size.width - x))
        return Strip.join(parts)

    def _part(self, item: Placed[Panel], row: int) -> Strip:
        here = (item.panel.key, row) == self._spot
        if row == 0:
            return self._heading(item, here)
        line = item.panel.rows[row - 1].line
        hidden = len(item.panel.rows) - item.shown
        more = f" +{hidden} weitere" if hidden and row == item.shown else ""
        if here and self.has_focus:
            line = ((">", "cursor"), *((text, "cursor") for text, _ in line))
            return self._with_more(line, more, item.width, "cursor")
        return self._with_more(((" ", "text"), *line), more, item.width, "text")

    def _with_more(self, line: Line, more: str, width: int, base: str) -> Strip:
        if not more or len(more) >= width:
            return self.painter.strip(line, width, base)
        room = width - len(more)
        return Strip.join(
            [self.painter.strip(line, room, base), self.painter.one(more, len(more), "dim")]
        )

    def _heading(self, item: Placed[Panel], here: bool) -> Strip:
        spans: list[Span] = [
            (f"{'>' if here and self.has_focus else ' '} {item.panel.title} ", "head")
        ]
        return self.painter.strip(spans, item.width, "head")
