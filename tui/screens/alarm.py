# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The alarm: a box over everything, with the bell, until somebody takes it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.events import Key

from lage.views.alarm import Alarm
from tui.bridge import seconds
from tui.paint import Line, wrap
from tui.screens.base import Dialog
from tui.widgets.base import Lines, Reader

BELL_S = 3.0
REST_S = 1.0
"""So long no key may have been pressed before Enter takes an alarm."""


class AlarmBox(Dialog):
    """Blitz or Staatsnot: stays, with the bell, until somebody takes it.

    It may appear while somebody is typing with the eyes elsewhere: an Enter that belongs to that
    text must not take it. So Enter counts only after the keys have rested for a moment.
    """

    BINDINGS = [Binding("enter", "take", show=False, priority=True)]

    def __init__(self, alarms: Sequence[Alarm]) -> None:
        super().__init__()
        self.alarms = tuple(alarms)
        self._pressed = 0.0  # when the last key was, in bridge.seconds()

    def compose(self) -> ComposeResult:
        """The messages in full."""
        count = len(self.alarms)
        title = "!!! ALARM !!! " + (
            "Nachricht mit höchstem Vorrang"
            if count == 1
            else f"{count} Nachrichten mit höchstem Vorrang"
        )
        lines = self._lines()
        with Vertical(classes="box alarm"):
            yield Lines([((title, "alarm"),)])
            reader = Reader(lines)
            reader.styles.height = min(len(lines), max(3, self.app.size.height - 10))
            reader.styles.padding = 0
            yield reader
            word = " übernehmen und öffnen" if count == 1 else " alle übernehmen und auflisten"
            yield Lines([(("Enter", "key"), (word, "text"))])

    def _lines(self) -> list[Line]:
        width = min(70, self.app.size.width - 12)
        lines: list[Line] = []
        for alarm in self.alarms:
            lines += [((part, "bold"),) for part in wrap(alarm.text, width)]
            lines.append(())
        return lines

    def on_mount(self) -> None:
        """Ring until it is taken."""
        self._pressed = seconds()
        self.set_focus(self.query_one(Reader))
        self.app.bell()
        self.set_interval(BELL_S, self.app.bell)

    def on_key(self, event: Key) -> None:
        """Somebody is typing: what is typed goes nowhere, and Enter waits."""
        if event.key not in ("up", "down", "pageup", "pagedown"):
            self._pressed = seconds()
            self.app.bell()

    def action_take(self) -> None:
        """Somebody is on it."""
        now = seconds()
        rested = now - self._pressed >= REST_S
        self._pressed = now
        if rested:
            self.dismiss(self.alarms)
        else:
            self.app.bell()

    def action_close(self) -> None:
        """Esc does not take an alarm away."""
        self._pressed = seconds()
        self.app.bell()
