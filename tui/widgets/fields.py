# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Inputs of a form: one line with suggestions, or a text of several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textual.binding import Binding
from textual.events import Focus, Key
from textual.message import Message
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widgets import Input, TextArea

from lage.kinds.card import FormField
from lage.language.folding import fold_text
from tui.widgets.base import LineWidget
from tui.widgets.fence import Fenced

_PARTS = re.compile(r"^(.*[,;]\s*)?([^,;]*)$", re.DOTALL)


def steady(field: Input | TextArea) -> None:
    """A cursor that does not blink: while nobody types nothing is painted, and nothing sent."""
    field.cursor_blink = False


def matching(offered: Sequence[str], typed: str) -> list[str]:
    """Suggestions that begin with what was typed, then those that hold it."""
    wanted = fold_text(typed.strip())
    if not wanted:
        return list(offered)
    begin = [text for text in offered if fold_text(text).startswith(wanted)]
    return begin + [t for t in offered if wanted in fold_text(t) and t not in begin]


@dataclass
class Step(Message):
    """Go to the next (1) or previous (-1) field."""

    direction: int
    entered: bool = False  # by Enter


class _Completion(Suggester):
    """The rest of the likeliest word, greyed behind the cursor."""

    def __init__(self, line: LineField) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._line = line

    async def get_suggestion(self, value: str) -> str | None:
        """Only where the beginning fits as typed, so that the text does not jump."""
        before, part = self._line.parts(value)
        if len(part.strip()) < 1:
            return None
        for text in matching(self._line.offered, part):
            if text.lower().startswith(part.lower()) and text != part:
                return before + part + text[len(part) :]
        return None


class LineField(Fenced, Input):
    """One line; up and down go through the suggestions, Enter to the next field."""

    BINDINGS = [Binding("enter", "next", show=False)]

    def __init__(
        self, field: FormField, text: str, offered: Sequence[str], *, many: bool, given: str = ""
    ) -> None:
        self.field = field
        self._given = given  # by the form itself: a habit or a default
        self.offered = tuple(offered)
        self._many = many
        super().__init__(
            text, compact=True, id=f"f_{field.name}", suggester=_Completion(self),
        )  # fmt: skip
        steady(self)

    def _on_focus(self, event: Focus) -> None:
        """The next key replaces only what was chosen or given, never a text that somebody wrote."""
        self.select_on_focus = self.value in (*self.offered, self._given)
        super()._on_focus(event)

    def parts(self, value: str) -> tuple[str, str]:
        """(what stands before, the part being typed): several values are parted by commas."""
        match = _PARTS.match(value) if self._many else None
        return ("", value) if match is None else (match[1] or "", match[2])

    @property
    def text(self) -> str:
        """What is typed."""
        return self.value

    @text.setter
    def text(self, value: str) -> None:
        self.value = value

    def action_next(self) -> None:
        """Enter: on to the next field."""
        self.post_message(Step(1, entered=True))

    async def _on_key(self, event: Key) -> None:
        if event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            step = 1 if event.key == "down" else -1
            if self.offered:
                self._cycle(step)
            else:
                self.post_message(Step(step))
            return
        await super()._on_key(event)

    def _cycle(self, step: int) -> None:
        before, part = self.parts(self.value)
        offered = list(self.offered)
        exact = [index for index, text in enumerate(offered) if fold_text(text) == fold_text(part)]
        if exact:
            text = offered[(exact[0] + step) % len(offered)]
        else:
            found = matching(offered, part) or offered
            text = found[0] if step > 0 else found[-1]
        self.value = before + text
        self.cursor_position = len(self.value)


class TextField(Fenced, TextArea):
    """Several lines; Tab leaves it, Enter makes a new line."""

    def __init__(self, field: FormField, text: str) -> None:
        super().__init__(
            text, compact=True, soft_wrap=True, tab_behavior="focus", show_line_numbers=False,
            id=f"f_{field.name}", highlight_cursor_line=False,
        )  # fmt: skip
        steady(self)
        self.field = field
        self.offered: tuple[str, ...] = ()

    async def _on_key(self, event: Key) -> None:
        end = self.document.end
        row = self.cursor_location[0]
        leave = (event.key == "up" and row == 0 and not self.get_cursor_up_location()[0]) or (
            event.key == "down" and row == end[0] and self._on_last_line()
        )
        if leave:
            event.stop()
            event.prevent_default()
            self.post_message(Step(1 if event.key == "down" else -1))
            return
        await super()._on_key(event)

    def _on_last_line(self) -> bool:
        return self.get_cursor_down_location()[0] == self.cursor_location[0] and (
            self.get_cursor_down_location() == self.document.end
        )


class SubmitField(LineWidget, can_focus=True):
    """The last stop of a form: Enter saves."""

    @dataclass
    class Pressed(Message):
        """Save now."""

    DEFAULT_CSS = "SubmitField { height: 1; }"

    def __init__(self, verb: str) -> None:
        super().__init__(id="submit")
        self._verb = verb

    def line(self, y: int) -> Strip:
        """The word in brackets."""
        role = "cursor" if self.has_focus else "bold"
        return self.painter.strip(
            (("  ", "text"), (f"[ {self._verb} ]", role),
             ("  Enter" if self.has_focus else "  Strg+S", "dim")),
            self.size.width,
        )  # fmt: skip

    def key_enter(self, event: Key) -> None:
        """Save; the screen that appears below must not get the same key."""
        event.stop()
        self.post_message(self.Pressed())

    def key_up(self) -> None:
        """Back to the fields."""
        self.post_message(Step(-1))

    def on_click(self) -> None:
        """Save."""
        self.post_message(self.Pressed())
