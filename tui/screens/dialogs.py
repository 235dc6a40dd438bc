# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Small boxes: yes or no, choose one, read a text, type a word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Input

from tui.paint import Line, wrap
from tui.screens.base import Dialog
from tui.widgets.base import Lines, Reader
from tui.widgets.choices import Choices, Option
from tui.widgets.line_input import LineInput

REST_S = 0.25


class Ask(Dialog):
    """Yes or no."""

    BINDINGS = [
        Binding("enter,j,y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Question and the two keys."""
        with Vertical(classes="box"):
            width = min(60, self.app.size.width - 8)
            yield Lines([((part, "bold"),) for part in wrap(self._question, width)])
            yield Lines(
                [(), (("Enter", "key"), (" ja    ", "text"), ("Esc", "key"), (" nein", "text"))]
            )

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)


class Choose(Dialog):
    """One of a few; or several, switched on and off, until Esc."""

    def __init__(
        self, title: str, options: Sequence[Option],
        toggled: Callable[[Any], Sequence[Option]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._title = title
        self._options = options
        self._toggled = toggled

    def compose(self) -> ComposeResult:
        """Title and list."""
        with Vertical(classes="box"):
            yield Lines([((self._title, "title"),)])
            choices = Choices(self._options)
            height = min(len(self._options), max(3, self.app.size.height - 8))
            choices.styles.height = height
            if self._toggled is None:  # what holds now: Enter alone changes nothing
                now = [place for place, option in enumerate(self._options) if option.on]
                if now:
                    choices.start_at(now[0], height)
            yield choices
            word = "Enter schaltet um, Esc fertig" if self._toggled else "Enter wählt, Esc zurück"
            yield Lines([((word, "dim"),)])

    def on_mount(self) -> None:
        """Keys go to the list."""
        self.set_focus(self.query_one(Choices))

    @on(Choices.Picked)
    def _picked(self, message: Choices.Picked) -> None:
        if self._toggled is None:
            self.dismiss(message.option.value)
        else:
            self.query_one(Choices).use(self._toggled(message.option.value))


class Tell(Dialog):
    """A text to read."""

    BINDINGS = [Binding("enter", "close", show=False, priority=True)]

    def __init__(self, title: str, lines: Sequence[Line]) -> None:
        super().__init__()
        self._title = title
        self._lines = tuple(lines)

    def compose(self) -> ComposeResult:
        """Title and text."""
        with Vertical(classes="box wide"):
            yield Lines([((self._title, "title"),)])
            reader = Reader(self._lines)
            reader.styles.height = min(len(self._lines) + 1, max(3, self.app.size.height - 10))
            yield reader
            yield Lines([(("Esc zurück", "dim"),)])

    def on_mount(self) -> None:
        """Arrows scroll."""
        self.set_focus(self.query_one(Reader))


class TypeIn(Dialog):
    """One word or line."""

    BINDINGS = [Binding("enter", "take", show=False, priority=True)]

    def __init__(
        self, title: str, text: str = "", live: Callable[[str], Awaitable[None]] | None = None,
        check: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._title = title
        self._text = text
        self._live = live  # told what stands here once the keys rest for a moment
        self._check = check  # raises LageError: the sentence is said, and the text stays
        self._told = text
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Title and input."""
        with Vertical(classes="box"):
            yield Lines([((self._title, "title"),)])
            yield LineInput(self._text)
            yield Lines([(("Enter übernimmt, Esc zurück", "dim"),)])

    def on_mount(self) -> None:
        """Keys go to the input."""
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def _changed(self) -> None:
        if self._live is not None:
            if self._resting is not None:
                self._resting.stop()
            self._resting = self.set_timer(REST_S, self._tell)

    async def _tell(self) -> None:
        text = self.query_one(Input).value
        if self._live is not None and text != self._told:
            self._told = text
            await self._live(text)

    async def action_take(self) -> None:
        """Close with what stands here if it will do; the next key finds what comes next."""
        await self.lage.attempt(self._take)

    async def _take(self) -> None:
        text = self.query_one(Input).value
        if self._check is not None:
            await self._check(text)
        self.dismiss(text)
