# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Inputs of a form: one line with suggestions, or a text of several lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import Focus, Key
from textual.message import Message
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from lage.kinds.card import FormField
from lage.language.folding import fold_text
from lage.write.templates import GAP
from tui.paint import fit
from tui.widgets.base import Lines, LineWidget, steady
from tui.widgets.fence import Fenced
from tui.widgets.line_input import LineInput

LABEL_WIDTH, LABEL_MAX = 16, 29
LABEL_SHARE = 3
"""Labels take no more than this part of a form's width."""
_PARTS = re.compile(r"^(.*[,;]\s*)?([^,;]*)$", re.DOTALL)


def label_width(labels: Iterable[str], room: int) -> int:
    """Cells for a form's labels: all of them whole, where a third of the width is enough.

    Cut, the three Informationswerte of a gauge read the same.
    """
    longest = max((len(label) for label in labels), default=0) + 2
    return max(LABEL_WIDTH, min(longest, LABEL_MAX, room // LABEL_SHARE + 3))


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
        for text in self._line.matching(part):
            if text.lower().startswith(part.lower()) and text != part:
                return before + part + text[len(part) :]
        return None


class LineField(LineInput):
    """One line; up and down go through the suggestions, Enter to the next field."""

    BINDINGS = [Binding("enter", "next", show=False)]

    def __init__(
        self, field: FormField, text: str, offered: Sequence[str], *, many: bool,
        notes: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.field = field
        self._before = text  # what stood here when somebody came
        self.offered = tuple(offered)
        self.notes = notes or {}  # what an offered number stands for; searched as well
        self._many = many
        super().__init__(
            text, id=f"f_{field.name}", suggester=_Completion(self),
        )  # fmt: skip

    def _on_focus(self, event: Focus) -> None:
        """The next letter replaces what stands here: 151 typed over 143 is 151."""
        self._before = self.value
        super()._on_focus(event)

    def parts(self, value: str) -> tuple[str, str]:
        """(what stands before, the part being typed): several values are parted by commas."""
        match = _PARTS.match(value) if self._many else None
        return ("", value) if match is None else (match[1] or "", match[2])

    def matching(self, part: str) -> list[str]:
        """What is offered for what was typed; of numbers also those whose note holds it."""
        wanted = fold_text(part.strip())
        found = matching(self.offered, part)
        noted = [t for t in self.offered if t not in found and wanted in fold_text(self.note(t))]
        return found + noted

    def note(self, text: str) -> str:
        """What an offered number stands for; empty for words."""
        return self.notes.get(text, "")

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
        if event.key == "ctrl+z" and self.value != self._before:
            event.stop()
            event.prevent_default()
            self.value = self._before
            self.cursor_position = len(self.value)
            return
        await super()._on_key(event)

    def _cycle(self, step: int) -> None:
        before, part = self.parts(self.value)
        offered = list(self.offered)
        exact = [index for index, text in enumerate(offered) if fold_text(text) == fold_text(part)]
        if exact:
            text = offered[(exact[0] + step) % len(offered)]
        else:
            found = self.matching(part) or offered
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

    def put(self, text: str) -> None:
        """Set a text in, and mark its first gap, so that the next letter fills it."""
        self.text = text
        gap = text.find(GAP)
        before = text[:gap] if gap >= 0 else text
        place = before.count("\n"), len(before) - before.rfind("\n") - 1
        self.selection = Selection(place, (place[0], place[1] + len(GAP) * (gap >= 0)))

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


class FormRow(Horizontal):
    """A label and its input; the label says which one is active, and which one is wrong."""

    def __init__(
        self, item: LineField | TextField, *, tall: bool, label: int = LABEL_WIDTH
    ) -> None:
        super().__init__(classes="form-row tall" if tall else "form-row")
        self.input = item
        self._width = label
        self._label = Lines()

    def compose(self) -> ComposeResult:
        """Label, then input."""
        yield self._label
        yield self.input

    def on_mount(self) -> None:
        """Not active yet."""
        self._label.styles.width = self._width + 1
        self.mark(active=False, wrong=False)

    def mark(self, *, active: bool, wrong: bool) -> None:
        """Show the state of the field."""
        field = self.input.field
        sign = ">" if active else "!" if wrong else " "
        name = fit(field.label, self._width - 2, self._label.painter.glyphs)
        role = "cursor" if active else "warn" if wrong else "bold" if field.required else "text"
        self._label.show(((f"{sign}{name}{'*' if field.required else ' '}", role),))


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
