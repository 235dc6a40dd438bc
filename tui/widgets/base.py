# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What all our widgets have in common: the app's painter, and drawing by lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, cast

from rich.segment import Segment
from textual.strip import Strip

from lage.views.fence import unshown
from tui.paint import Line, Painter, width_of
from tui.widgets.fence import Fenced, Tells
from tui.widgets.sized import Sized

if TYPE_CHECKING:
    from textual.widgets import Input, TextArea


def steady(field: Input | TextArea) -> None:
    """A cursor that does not blink: while nobody types nothing is painted, and nothing sent."""
    field.cursor_blink = False


class Painted(Protocol):
    """The app as widgets see it."""

    painter: Painter


class LineWidget(Fenced, Sized):
    """Draws itself line by line; no markup, no renderables."""

    @property
    def painter(self) -> Painter:
        """Colours and characters in use."""
        return cast(Painted, self.app).painter

    def line(self, y: int) -> Strip:
        """The strip of that row of the widget."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Textual's way to ask."""
        width = self.size.width
        if not width:
            return Strip.blank(0)
        try:
            return self.line(y)
        except Exception as error:  # noqa: BLE001  # the fence round one line
            number = cast(Tells, self.app).fault(error)
            return Strip([Segment(unshown(number)[:width])]).adjust_cell_length(width)


class Lines(LineWidget):
    """A few lines of text that somebody sets; as high as they are unless CSS says otherwise."""

    DEFAULT_CSS = "Lines { height: auto; width: 1fr; }"

    def __init__(self, lines: Sequence[Line] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = tuple(lines)

    @property
    def shown(self) -> tuple[Line, ...]:
        """What it shows."""
        return self._lines

    def show(self, *lines: Line) -> None:
        """Draw these lines instead; nothing is painted where nothing changed."""
        if lines != self._lines:
            higher = len(lines) != len(self._lines)
            self._lines = lines
            self.refresh(layout=higher)

    def get_content_width(self, container: object, viewport: object) -> int:
        """As wide as the longest line, where CSS asks for that."""
        return max((width_of(line) for line in self._lines), default=0)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """One row a line."""
        return len(self._lines)

    def line(self, y: int) -> Strip:
        """Line or blank."""
        return self.painter.strip(self._lines[y] if y < len(self._lines) else (), self.size.width)


class Reader(LineWidget, can_focus=True):
    """Text that may be longer than the room: scrolled by line and page."""

    def __init__(self, lines: Sequence[Line] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = tuple(lines)
        self.top = 0

    def show(self, lines: Sequence[Line], *, keep: bool = False) -> None:
        """Draw these lines; from the top unless they are news of the same thing."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        self.top = self._bounded(self.top if keep else 0)
        self.refresh()

    def _bounded(self, top: int) -> int:
        return max(0, min(top, len(self._lines) - self.size.height))

    def scroll_by(self, rows: int) -> None:
        """Up (negative) or down."""
        top = self._bounded(self.top + rows)
        if top != self.top:
            self.top = top
            self.refresh()

    def on_resize(self) -> None:
        """Keep within the text."""
        self.top = self._bounded(self.top)

    def line(self, y: int) -> Strip:
        """Text, and how much is left in the first and last row."""
        place = self.top + y
        left = len(self._lines) - self.top - self.size.height
        text = ""
        if y == self.size.height - 1 and left > 0:
            way = "Pfeil runter" if self.has_focus else "Enter zeigt alles"
            text = f" {left + 1} Zeilen weiter: {way} "
        elif y == 0 and self.top > 0 and self.size.height > 2:
            text = f" {self.top + 1} Zeilen davor: Pfeil hoch "
        if text:
            return self.painter.one(text, self.size.width, "dim")
        shown = self._lines[place] if place < len(self._lines) else ()
        return self.painter.strip(shown, self.size.width)

    def key_up(self) -> None:
        """One line up."""
        self.scroll_by(-1)

    def key_down(self) -> None:
        """One line down."""
        self.scroll_by(1)

    def key_pageup(self) -> None:
        """One page up."""
        self.scroll_by(-max(1, self.size.height - 2))

    def key_pagedown(self) -> None:
        """One page down."""
        self.scroll_by(max(1, self.size.height - 2))

    def key_home(self) -> None:
        """To the beginning."""
        self.scroll_by(-len(self._lines))

    def key_end(self) -> None:
        """To the end."""
        self.scroll_by(len(self._lines))

    def on_mouse_scroll_up(self) -> None:
        """Wheel."""
        self.scroll_by(-3)

    def on_mouse_scroll_down(self) -> None:
        """Wheel."""
        self.scroll_by(3)
