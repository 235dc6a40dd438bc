# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The palette: everything that can be done now, found by any of its words."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import Input

from lage.language.folding import fold_text
from tui.actions import Action
from tui.paint import fit
from tui.screens.base import Dialog
from tui.widgets.base import Lines
from tui.widgets.choices import Choices, Option
from tui.widgets.line_input import LineInput

_WITHOUT_DOTS = str.maketrans("äöüÄÖÜ", "aouAOU")


class Palette(Dialog):
    """All actions that are possible now, found by any of their words."""

    def __init__(self, found: Sequence[Action]) -> None:
        super().__init__()
        self._actions = found

    def compose(self) -> ComposeResult:
        """Input and list."""
        with Vertical(classes="box wide"):
            yield Lines([(("Befehl suchen, Enter führt aus", "title"),)])
            yield LineInput()
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
            Option(a, fit(a.words, 25, glyphs), f"{fit(a.shown_key, 6, glyphs)} {a.help}")
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
        self.dismiss(option.value if option else None)


def _spellings(text: str) -> str:
    """As typed with umlauts or without: Vorfall finds Vorfälle as well."""
    return f"{fold_text(text)} {fold_text(text.translate(_WITHOUT_DOTS))}"


def _distance(name: str, word: str) -> int:
    return 0 if name.startswith(word) else 1 if word in name else 2
