# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The frame around every screen: status, names of the screens, exercise mark, keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from lage.views.alarm import Alarm
from lage.views.status import StatusView
from tui.actions import Action
from tui.paint import Line, Span, fit, width_of, wrap
from tui.widgets.base import Lines, LineWidget

EXERCISE = "ÜBUNG"
DRILL = f"{EXERCISE} {EXERCISE} {EXERCISE}"
NARROW = 60
ALARM_LINES = 3
NOTICE_LINES = 3


class StatusBar(Lines):
    """Time, staff, radio, unsent, unread, battery."""

    def update_status(self, view: StatusView, *, read_only: bool = False) -> None:
        """Show this."""
        if self.app.size.width < NARROW:
            self.show(self._narrow(view))
            return
        battery = "?" if view.battery is None else f"{view.battery} %"
        unread = f"{view.unread} ungelesen"
        parts: list[Span] = [
            (f" {view.time} ", "head"),
            (f" {view.staff} ", "key"),
            (f"({view.role})  " if view.role else " ", "bar"),
            (f"Funk: {view.radio}", "bar" if view.radio_good else "alarm"),
            ("  ", "bar"),
            (f"{view.unsent} ungesendet", "key" if view.unsent else "bar"),
            ("  ", "bar"),
            (unread, "key" if view.unread else "bar"),
            (f"  Akku {battery}", "bar"),
        ]
        if read_only:
            parts.append(("  nur Anzeige", "bar"))
        self.show(tuple(self._fitting(parts, view)))

    def _narrow(self, view: StatusView) -> Line:
        """The least: day and time, staff, radio, unsent, unread."""
        wrong = "FUNK PRÜFEN" if view.radio.startswith("verbunden") else "FUNK WEG"
        radio = "Funk ok" if view.radio_good else wrong
        return (
            (f" {view.time[:6]} ", "head"),
            (f"{view.staff} ", "key"),
            (radio, "bar" if view.radio_good else "alarm"),
            (f" {view.unsent} aus", "key" if view.unsent else "bar"),
            (f" {view.unread} neu", "key" if view.unread else "bar"),
        )

    def _fitting(self, parts: list[Span], view: StatusView) -> list[Span]:
        """Shorter words where the line is too long: figures stay, words go."""
        width = self.app.size.width
        shorter = (
            (f"({view.role})  " if view.role.lower() in view.staff.lower() else "", ""),
            ("Funk: verbunden, ", "Funk "), ("Funk: verbunden", "Funk ok"), ("Funk: ", ""),
            ("Gerät getrennt", "Funk weg"), ("Knoten läuft nicht", "Knoten aus"),
            ("  nur Anzeige", " Anzeige"), ("  Akku ", " A "), (" ungesendet", " aus"),
            (" ungelesen", " neu"),
        )  # fmt: skip
        for old, new in shorter:
            if width_of(parts) <= width:
                break
            parts = [(text.replace(old, new) if old else text, role) for text, role in parts]
        return parts

    def line(self, y: int) -> Strip:
        """On the bar's colour to the end of the line."""
        return self.painter.strip(self.shown[y] if self.shown else (), self.size.width, "bar")


class NavBar(Lines):
    """Which screens there are, and which one is shown."""

    def update_nav(self, actions: Sequence[Action], here: Action | None) -> None:
        """Mark the current one; where the line is too long leave some out, then shorten names."""
        width = self.app.size.width
        usual = [action for action in actions if action.bar or action is here]
        if any(not action.bar for action in usual):  # make room for it
            usual = [action for action in usual if action.id != "gehe_mehr"]
        tries = (
            [(action, f"{action.shown_key} {action.title}", " ") for action in actions],
            [(action, f"{action.shown_key} {action.title}", "") for action in usual],
            [(action, f"{action.shown_key}{action.short}", "") for action in usual],
        )
        parts: list[Span] = []
        for found in tries:
            parts = [
                (f"[{text}]", "title") if action is here else (f"{gap}{text} ", "dim")
                for action, text, gap in found
            ]
            if width_of(parts) <= width:
                break
        while width_of(parts) > width:  # the last ones go; that where one is stays
            place = max(n for n, (_, role) in enumerate(parts) if role == "dim")
            del parts[place]
        self.show(tuple(parts))


class AlarmBar(Lines):
    """What cannot wait, above the content; takes no key, so that typing goes on."""

    def update_alarms(self, alarms: Sequence[Alarm], *, low: bool) -> None:
        """Show these: the first in its words, how many there are, which key takes them."""
        self.display = bool(alarms)
        if not alarms:
            return
        width, room = self.app.size.width - 2, 1 if low else ALARM_LINES
        many = len(alarms) > 1
        title = f"!!! {len(alarms)} ALARME !!!" if many else "!!! ALARM !!!"
        parts = wrap(f"{title} {alarms[0].text}", width, self.painter.glyphs)
        if len(parts) > room:
            parts = [*parts[: room - 1], fit(" ".join(parts[room - 1 :]), width)]
        deed = "nimmt alle an" if many else "nimmt an und öffnet"
        lines: list[Line] = [((f" {part}", "alarm"),) for part in parts]
        self.show(*lines, ((" Strg+T", "key"), (f" {deed}; was getippt wird, geht weiter", "bar")))

    def line(self, y: int) -> Strip:
        """From edge to edge."""
        shown = self.shown[y] if y < len(self.shown) else ()
        last = y == len(self.shown) - 1
        return self.painter.strip(shown, self.size.width, "bar" if last else "alarm")


def mark_of(past: str, exercise: bool) -> str:
    """What stands above and below everything; empty for the real situation of today."""
    drill = DRILL if exercise else ""
    return f"{EXERCISE} {past}" if past and exercise else past or drill


class ExerciseBar(LineWidget):
    """The mark of an exercise or of a past moment, from edge to edge, in words and reversed."""

    DEFAULT_CSS = "ExerciseBar { height: 1; width: 1fr; }"

    def __init__(self, mark: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._mark = mark

    def update_mark(self, mark: str, clock: str) -> None:
        """Say this from now on; ``clock``: how that of an exercise goes, if not as usual."""
        if clock and mark == DRILL:
            mark = f"{EXERCISE} · {clock}"
        if mark != self._mark:
            self._mark = mark
            self.refresh()

    def line(self, y: int) -> Strip:
        """``*** ÜBUNG ÜBUNG ÜBUNG`` as often as it fits."""
        word = f"*** {self._mark} "
        return self.painter.one(
            word * (self.size.width // len(word) + 2), self.size.width, "exercise"
        )


class KeyBar(Lines):
    """What keys do here: one line for the place, one that is the same everywhere."""

    def update_keys(
        self, here: Sequence[Action], everywhere: Sequence[Action], notice: Span | None = None
    ) -> None:
        """Show these, as many as fit, and above them a notice; with one line for keys it takes
        their place."""
        lines = [self._line(actions) for actions in (here, everywhere) if actions]
        if notice is not None:
            text, role = notice
            said = wrap(text, self.app.size.width - 2, self.painter.glyphs)[:NOTICE_LINES]
            lines = [*(((f" {part}", role),) for part in said), *(lines if everywhere else ())]
        self.show(*lines)

    def _line(self, actions: Sequence[Action]) -> Line:
        """Wide if there is room, else close together, else as many as fit and a sign."""
        keyed = [action for action in actions if action.key]
        width = self.app.size.width
        for gap in (" ", ""):
            parts = self._pairs(keyed, gap)
            if width_of(parts) <= width:
                return parts
        while keyed and width_of(parts) + 1 > width:
            keyed.pop()
            parts = self._pairs(keyed, "")
        return (*parts, ("…", "bar"))

    def _pairs(self, actions: Sequence[Action], gap: str) -> Line:
        spans: list[Span] = []
        for action in actions:
            spans += [(f" {action.shown_key}", "key"), (f" {action.title}{gap}", "bar")]
        return tuple(spans)

    def line(self, y: int) -> Strip:
        """On the bar's colour to the end of the line."""
        shown = self.shown[y] if y < len(self.shown) else ()
        return self.painter.strip(shown, self.size.width, "bar")
