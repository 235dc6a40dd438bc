# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The overview's widget: panels side by side with one cursor over all of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.events import Click
from textual.message import Message
from textual.strip import Strip

from tui.paint import Line, fit
from tui.terminal import Glyphs
from tui.widgets.base import LineWidget
from tui.widgets.panel import Panel, PanelRow
from tui.widgets.placing import WIDE, Placed, place

_THIN, _FOCUSED, _TYPED = "┌┐├┤└┘─│", "╔╗╠╣╚╝═║", ("++++++-|", "++++++=|")
"""Corners, junctions, corners, lines of a box; of the one with the focus; of both in ASCII."""


def _under(role: str) -> str:
    """How the cursor paints a span: the worst stays what it is."""
    return role if role == "alarm" else "cursor"


class Board(LineWidget, can_focus=True):
    """Panels as ``tui.widgets.placing.place`` puts them; on wide screens in boxes."""

    @dataclass
    class Moved(Message):
        """Another row is under the cursor, or it says something else."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._panels: tuple[Panel, ...] = ()
        self._placed: list[Placed[Panel]] = []
        self._spot: tuple[str, int] = ("", 0)  # (panel, row); row 0 is the heading
        self._top = 0

    def show(self, panels: tuple[Panel, ...]) -> None:
        """Draw these; the cursor stays in its panel and row."""
        if panels != self._panels:
            self._panels = panels
            self._arrange()

    async def on_resize(self) -> None:
        """The panels share another room."""
        self._arrange()

    def _arrange(self) -> None:
        if not self._panels or not self.size.height:
            return
        self._placed = self.placed(self._panels)
        if self._at(self._spot) is None:
            known = [item for item in self._placed if item.panel.key == self._spot[0]]
            target = known[0] if known else self._placed[0]
            self._spot = (target.panel.key, min(self._spot[1] or 1, target.shown))
        self._follow()
        self.refresh()
        self.post_message(self.Moved())

    def placed(self, panels: Sequence[Panel]) -> list[Placed[Panel]]:
        """Where each of them stands."""
        boxed = self.app.size.width >= WIDE
        return place(panels, self.size.width, self.size.height, boxed=boxed)

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
            (item.y + (item.starts[row - 1] if row else 0), item.panel.key, row)
            for item in self._placed
            if item.x == x or item.y == 0
            for row in (range(1, item.shown + 1) if item.shown else (0,))
        ]

    def _y(self) -> int:
        item, row = self._at(self._spot), self._spot[1]
        return item.y + (item.starts[row - 1] if row else 0) if item else 0

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
        self.post_message(self.Moved())

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
            row = _row_at(item, y - item.y)
            if item.x <= event.x < item.x + item.width and row is not None:
                self._go(item.panel.key, row)

    # --- drawing --------------------------------------------------------------------------------

    def line(self, y: int) -> Strip:
        """The parts of all panels in that row."""
        y += self._top
        parts: list[Strip] = []
        x = 0
        for item in sorted(self._placed, key=lambda item: item.x):
            if item.y <= y < item.y + item.height + item.last:
                if item.x > x:
                    parts.append(self.painter.one("", item.x - x))
                parts.append(self._part(item, y - item.y))
                x = item.x + item.width
        if x < self.size.width:
            parts.append(self.painter.one("", self.size.width - x))
        return Strip.join(parts)

    def _part(self, item: Placed[Panel], y: int) -> Strip:
        """One line of a panel."""
        if not item.boxed:
            return self._inside(item, y, item.width) if y else self._heading(item)
        focused = self.has_focus and item.panel.key == self._spot[0]
        lines, role = self._box(focused=focused), "title" if focused else "dim"
        if y in (0, item.height):
            corner = 4 if y else 0 if item.first else 2
            left, right = lines[corner], lines[corner + 1]
            title = "" if y else f" {fit(item.panel.title, item.width - 6, self._glyphs).rstrip()} "
            rule = lines[6] * (item.width - 3 - len(title))
            return self.painter.strip(
                ((left + lines[6], role), (title, "title" if focused else "bold"),
                 (rule + right, role)), item.width,
            )  # fmt: skip
        side = self.painter.one(lines[7], 1, role)
        return Strip.join([side, self._inside(item, y, item.width - 2), side])

    @property
    def _glyphs(self) -> Glyphs:
        return self.painter.glyphs

    def _box(self, *, focused: bool) -> str:
        if self._glyphs is Glyphs.ASCII:
            return _TYPED[focused]
        return _FOCUSED if focused else _THIN

    def _inside(self, item: Placed[Panel], y: int, width: int) -> Strip:
        """A line of a row; below the last one nothing."""
        row = _row_at(item, y)
        if not row:
            return self.painter.one("", width)
        below = y - item.starts[row - 1]
        found = item.panel.rows[row - 1]
        line = found.below[below - 1] if below else found.line
        hidden = len(item.panel.rows) - item.shown
        end = row == item.shown and y == item.starts[-1] - 1
        more = f" +{hidden} weitere" if hidden and end else ""
        if (item.panel.key, row) == self._spot and self.has_focus:
            lead = (" " if below else ">", "cursor")
            line = (lead, *((text, _under(role)) for text, role in line))
            return self._with_more(line, more, width, "cursor")
        return self._with_more(((" ", "text"), *line), more, width, "text")

    def _with_more(self, line: Line, more: str, width: int, base: str) -> Strip:
        if not more or len(more) >= width:
            return self.painter.strip(line, width, base)
        room = width - len(more)
        return Strip.join(
            [self.painter.strip(line, room, base), self.painter.one(more, len(more), "dim")]
        )

    def _heading(self, item: Placed[Panel]) -> Strip:
        here = (item.panel.key, 0) == self._spot and self.has_focus
        text = f"{'>' if here else ' '} {item.panel.title} "
        return self.painter.strip(((text, "head"),), item.width, "head")


def _row_at(item: Placed[Panel], y: int) -> int | None:
    """Which row stands in that line of a panel, 0 for its heading; None where there is none."""
    if not y:
        return 0
    starts = item.starts
    return next(
        (row for row in range(1, item.shown + 1) if starts[row - 1] <= y < starts[row]), None
    )
