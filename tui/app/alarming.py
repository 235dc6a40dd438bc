# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Blitz and Staatsnot: a banner over every screen, with the bell, until somebody takes them.

What is being typed goes on into its field meanwhile; one key takes them. Which alarms were taken is
kept beside the log, for all screens on it. What was taken here counts at once, also while an older
state of that list is just being read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lage.kinds.setting import Setting, exactly
from lage.language.errors import UsageError
from lage.views.alarm import Alarm
from lage.views.status import urgent_alarms
from tui.bridge import seconds
from tui.paint import Line, wrap
from tui.screens.dialogs import Tell
from tui.screens.host import Host

TAKEN = Setting[tuple[str, ...]](
    "alarm_genommen", (), lambda kept: tuple(map(exactly(str), exactly(list)(kept))), list
)
TAKEN_MAX = 400
BELL_S = 3.0
TEXT_WIDTH = 70


class Alarming:
    """The app's alarms."""

    def __init__(
        self, host: Host, *, ring: Callable[[], None], show: Callable[[], None],
        at_work: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._host = host
        self._ring = ring
        self._show = show  # brings the banner up to date
        self._at_work = at_work  # a form, a detail or a box is open
        self._taken: tuple[str, ...] = ()
        self._rung = 0.0  # bridge.seconds()
        self.waiting: tuple[Alarm, ...] = ()

    def take(self, keys: Iterable[str]) -> None:
        """Add to what was taken; at the limit the oldest are forgotten."""
        self._taken = tuple(dict.fromkeys([*self._taken, *keys]))[-TAKEN_MAX:]

    async def look(self) -> None:
        """Show what nobody has taken yet, on any screen of this log."""
        if self._host.bridge.read_only:
            return
        taken = set(self._taken)
        found = await self._host.bridge.work(lambda s: urgent_alarms(s.context(), taken))
        self._wait_for([alarm for alarm in found if alarm.key not in self._taken])

    def _wait_for(self, alarms: Iterable[Alarm]) -> None:
        before, self.waiting = self.waiting, tuple(alarms)
        if self.waiting != before:
            self._show()
        if {alarm.key for alarm in self.waiting} - {alarm.key for alarm in before}:
            self._rung = seconds()
            self._ring()

    def tick(self) -> None:
        """Ring again while somebody is waited for."""
        if self.waiting and seconds() - self._rung >= BELL_S:
            self._rung = seconds()
            self._ring()

    async def act_alarm_nehmen(self) -> None:
        """Somebody is on it: quiet on all screens; then what it is about."""
        alarms = self.waiting
        if not alarms:
            raise UsageError("Es steht kein Alarm an.")
        self.take(alarm.key for alarm in alarms)
        await self._host.bridge.keep(TAKEN, self._taken)
        self._wait_for(())
        entity = alarms[0].entity
        if len(alarms) == 1 and entity is not None:
            await self._host.open_detail(entity)
        elif self._at_work():  # nobody is taken from his work: to read, and back
            await self._host.push(Tell(f"{len(alarms)} Alarme angenommen", _lines(alarms)))
        else:
            await self._host.go("alarme")


def _lines(alarms: Iterable[Alarm]) -> list[Line]:
    lines: list[Line] = []
    for alarm in alarms:
        lines += [((part, "bold"),) for part in wrap(alarm.text, TEXT_WIDTH)]
        lines.append(())
    return lines
