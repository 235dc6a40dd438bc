# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The help: keys of the place, then those that are the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from lage.language.plain import plain
from tui import actions
from tui.actions import ACTIONS, Action
from tui.paint import Line, wrap
from tui.screens.base import Dialog
from tui.widgets.base import Lines, Reader

_KEYS = max(len(action.shown_key) for action in ACTIONS.values())
_TITLES = max(len(action.title) for action in ACTIONS.values())


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
        if action.group == actions.PAST:
            return self.lage.bridge.player is not None
        if action.group == actions.DIRECTION:
            return self.lage.bridge.directs(action.id)
        return not (action.writes and self.lage.bridge.read_only)

    def _lines(self) -> list[Line]:
        glyphs = self.painter.glyphs
        indent = _KEYS + _TITLES + 3
        width = max(10, min(90, self.app.size.width - 10) - indent)
        lines: list[Line] = []
        groups = (
            ("Hier", list(self._here)),
            (actions.PAST, [a for a in actions.in_groups(actions.PAST) if self._may(a)]),
            (actions.DIRECTION, [a for a in actions.in_groups(actions.DIRECTION) if self._may(a)]),
            ("Überall", [a for a in actions.in_groups(actions.EVERYWHERE) if self._may(a)]),
            ("Bildschirme", actions.in_groups(actions.GO)),
        )
        for heading, found in groups:
            if not found:
                continue
            lines.append(((heading, "head"),))
            for action in found:
                parts = wrap(plain(action.help), width, glyphs)
                lines.append(
                    (
                        (f" {action.shown_key:{_KEYS}}", "bold"),
                        (f" {action.title:{_TITLES}} ", "text"),
                        (parts[0], "dim"),
                    )
                )
                lines += [((" " * indent + part, "dim"),) for part in parts[1:]]
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
