# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Small boxes: yes or no, choose one, type a word, the palette, the help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Key
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widgets import Input

from lage.kinds.projection import fold_text
from lage.language.plain import plain
from tui import actions
from tui.actions import Action
from tui.paint import Line, fit, wrap
from tui.screens.base import Dialog
from tui.widgets.base import Lines, LineWidget, Reader
from tui.widgets.fields import steady

REST_S = 0.25
_WITHOUT_DOTS = str.maketrans("äöüÄÖÜ", "aouAOU")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    key: str
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

    def use(self, options: Sequence[Option]) -> None:
        """Offer others; the cursor goes to the top if the list has changed."""
        if tuple(options) != self.options:
            keys = [option.key for option in self.options] == [o.key for o in options]
            self.options = tuple(options)
            if not keys:
                self.cursor = self._top = 0
            self.refresh()

    @property
    def option(self) -> Option | None:
        """The one under the cursor."""
        return self.options[self.cursor] if self.cursor < len(self.options) else None

    def move(self, step: int) -> None:
        """Up or down, round the ends."""
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
        """Begin with the cursor there."""
        self.cursor = place
        self._top = max(0, place - height + 1)

    def on_key(self, event: Key) -> None:
        """The first letter of an option goes there."""
        if event.key in ("up", "down", "enter", "space"):
            # Done above. Left to go on, Enter would reach the screen that appears below.
            event.stop()
        elif event.character and event.character.isalnum() and len(event.character) == 1:
            letters = [fold_text(option.text)[:1] for option in self.options]
            wanted = fold_text(event.character)[:1]
            order = [*range(self.cursor + 1, len(letters)), *range(self.cursor + 1)]
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
        toggled: Callable[[str], Sequence[Option]] | None = None,
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
                choices.start_at(now[0] if now else 0, height)
            yield choices
            word = "Enter schaltet um, Esc fertig" if self._toggled else "Enter wählt, Esc zurück"
            yield Lines([((word, "dim"),)])

    def on_mount(self) -> None:
        """Keys go to the list."""
        self.set_focus(self.query_one(Choices))

    @on(Choices.Picked)
    def _picked(self, message: Choices.Picked) -> None:
        if self._toggled is None:
            self.dismiss(message.option.key)
        else:
            self.query_one(Choices).use(self._toggled(message.option.key))


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

    def __init__(
        self, title: str, text: str = "", live: Callable[[str], Awaitable[None]] | None = None
    ) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._live = live  # told what stands here once the keys rest for a moment
        self._told = text
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Title and input."""
        with Vertical(classes="box"):
            yield Lines([((self._title, "title"),)])
            line = Input(self._text, compact=True)
            steady(line)
            yield line
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

    @on(Input.Submitted)
    def _done(self, message: Input.Submitted) -> None:
        self.dismiss(message.value)


class Palette(Dialog):
    """All actions that are possible now, found by any of their words."""

    def __init__(self, found: Sequence[Action]) -> None:
        super().__init__()
        self._actions = found

    def compose(self) -> ComposeResult:
        """Input and list."""
        with Vertical(classes="box wide"):
            yield Lines([(("Befehl suchen, Enter führt aus", "title"),)])
            line = Input(compact=True)
            steady(line)
            yield line
            choices = Choices(self._options(""))
            choices.can_focus = False
            choices.styles.height = max(3, self.app.size.height - 12)
            yield choices

    def _options(self, typed: str) -> list[Option]:
        words = fold_text(typed).split()
        found = [
            action
            for action in self._actions
            if all(word in _spellings(f"{action.words} {action.help}") for word in words)
        ]
        if words:  # what it is called counts more than what its help mentions
            found.sort(key=lambda a: _distance(_spellings(a.words), words[0]))
        glyphs = self.painter.glyphs
        return [
            Option(a.id, fit(a.words, 25, glyphs), f"{fit(a.shown_key, 6, glyphs)} {a.help}")
            for a in found
        ]

    def on_mount(self) -> None:
        """Keys go to the input."""
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        self.query_one(Choices).use(self._options(message.value))

    def on_key(self, event: Key) -> None:
        """Arrows move in the list while the input has the focus."""
        if event.key in ("up", "down"):
            self.query_one(Choices).move(1 if event.key == "down" else -1)
            event.stop()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        option = self.query_one(Choices).option
        self.dismiss(option.key if option else None)


def _spellings(text: str) -> str:
    """As typed with umlauts or without: Vorfall finds Vorfälle as well."""
    return f"{fold_text(text)} {fold_text(text.translate(_WITHOUT_DOTS))}"


def _distance(name: str, word: str) -> int:
    return 0 if name.startswith(word) else 1 if word in name else 2


class Help(Dialog):
    """Keys of the place, then those that are the same everywhere."""

    def __init__(self, title: str, here: Sequence[Action]) -> None:
        super().__init__()
        self._title = title
        self._here = here

    def compose(self) -> ComposeResult:
        """A text to scroll."""
        with Vertical(classes="box wide"):
            yield Lines(
                [((f"Hilfe: {self._title}", "title"), ("   Pfeile blättern, Esc schließt", "dim"))]
            )
            reader = Reader(self._lines())
            reader.styles.height = max(3, self.app.size.height - 10)
            yield reader

    def on_mount(self) -> None:
        """Arrows scroll."""
        self.set_focus(self.query_one(Reader))

    def _may(self, action: Action) -> bool:
        return not (action.writes and self.lage.bridge.read_only)

    def _lines(self) -> list[Line]:
        glyphs = self.painter.glyphs
        width = max(10, min(90, self.app.size.width - 10) - 28)
        lines: list[Line] = []
        groups = (
            ("Hier", list(self._here)),
            ("Überall", [a for a in actions.in_groups(actions.EVERYWHERE) if self._may(a)]),
            ("Bildschirme", actions.in_groups(actions.GO)),
        )
        for heading, found in groups:
            lines.append(((heading, "head"),))
            for action in found:
                parts = wrap(plain(action.help), width, glyphs)
                title = fit(action.title, 14, glyphs)
                lines.append(
                    (
                        (f" {action.shown_key:11}", "bold"),
                        (f" {title} ", "text"),
                        (parts[0], "dim"),
                    )
                )
                lines += [((" " * 28 + part, "dim"),) for part in parts[1:]]
            lines.append(())
        lines += [
            (("Pfeile wählen und blättern, Bild hoch und Bild runter seitenweise", "text"),),
            (("In Formularen: Tab weiter, Umschalt+Tab zurück, Auf und Ab wählen", "text"),),
            (("aus den Vorschlägen, Rechts übernimmt das grau Vorgeschlagene", "text"),),
            (("Zeiten: 1530, 241530nov26, gestern 23:10, vor 20 min", "text"),),
            (("Orte: 52,279 7,440 oder 32U LC 9366 9315 oder 398543 5791021", "text"),),
            (("? heißt nicht bekannt, das ist nicht null", "text"),),
        ]
        return lines
