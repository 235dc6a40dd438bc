# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A short list with a cursor, for boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual.events import Key
from textual.message import Message
from textual.strip import Strip

from lage.language.folding import fold_text
from tui.paint import Line
from tui.widgets.base import LineWidget


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: Any  # of whatever type the caller chooses among
    text: str
    note: str = ""
    on: bool = False  # marked as chosen


class Choices(LineWidget, can_focus=True):
    """A short list with a cursor."""

    @dataclass
    class Picked(Message):
        """Enter on an option."""

        option: Option

    def __init__(self, options: Sequence[Option]) -> None:
        super().__init__(id="choices")
        self.options = tuple(options)
        self.cursor = 0
        self._top = 0
        self._chosen = False  # the cursor stands where somebody wants it: a letter leads further

    def use(self, options: Sequence[Option]) -> None:
        """Offer others; the cursor goes to the top if the list has changed."""
        if tuple(options) != self.options:
            same = [option.value for option in self.options] == [o.value for o in options]
            self.options = tuple(options)
            if not same:
                self.cursor = self._top = 0
            self.refresh()

    @property
    def option(self) -> Option | None:
        """The one under the cursor."""
        return self.options[self.cursor] if self.cursor < len(self.options) else None

    def move(self, step: int) -> None:
        """Up or down, round the ends."""
        self._chosen = True
        if self.options:
            self.cursor = (self.cursor + step) % len(self.options)
            self._top = min(self._top, self.cursor)
            self._top = max(self._top, self.cursor - self.size.height + 1)
            self.refresh()

    def key_up(self) -> None:
        """Option above."""
        self.move(-1)

    def key_down(self) -> None:
        """Option below."""
        self.move(1)

    def key_enter(self) -> None:
        """Take it."""
        self.pick()

    def key_space(self) -> None:
        """Take it."""
        self.pick()

    def pick(self) -> None:
        """Take the option under the cursor."""
        if self.option is not None:
            self.post_message(self.Picked(self.option))

    def start_at(self, place: int, height: int) -> None:
        """Begin with the cursor there, on what holds now."""
        self._chosen = True
        self.cursor = place
        self._top = max(0, place - height + 1)

    def on_key(self, event: Key) -> None:
        """The first letter of an option goes there, pressed again to the next."""
        if event.key in ("up", "down", "enter", "space"):
            # Done above. Left to go on, Enter would reach the screen that appears below.
            event.stop()
        elif event.character and event.character.isalnum() and len(event.character) == 1:
            letters = [fold_text(option.text)[:1] for option in self.options]
            wanted = fold_text(event.character)[:1]
            first = self.cursor + self._chosen
            order = [*range(first, len(letters)), *range(first)]
            for index in order:
                if index < len(letters) and letters[index] == wanted:
                    self.move(index - self.cursor)
                    event.stop()
                    return

    def line(self, y: int) -> Strip:
        """One option."""
        place = self._top + y
        width = self.size.width
        if place >= len(self.options):
            return self.painter.one(
                "(nichts gefunden)" if not self.options and not y else "", width, "dim"
            )
        option = self.options[place]
        here = place == self.cursor
        mark = "x " if option.on else "  "
        note = f"  {option.note}" if option.note else ""
        line: Line = (
            (">" if here else " ", "cursor" if here else "text"),
            (mark + option.text, "cursor" if here else "bold"),
            (note, "cursor" if here else "dim"),
        )
        return self.painter.strip(line, width, "cursor" if here else "text")
