# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Blitz and Staatsnot: a banner over every screen, with the bell, until somebody takes them.

What is being typed goes on into its field meanwhile; one key takes them. Which alarms were taken is
kept beside the log, for all screens on it. What was taken here counts at once, also while an older
state of that list is just being read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lage.language.errors import UsageError
from lage.station import Station
from lage.views.alarm import Alarm, Answer, Sort, Weight
from lage.views.alarms import TAKEN
from lage.views.status import urgent_alarms
from tui.bridge import seconds
from tui.paint import Line, wrap
from tui.screens.dialogs import Tell
from tui.screens.host import Host

TAKEN_MAX = 400
BELL_S = 3.0
QUEUE_S = 5.0
"""So often at most the whole queue is read for what rings once."""
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
        self._queue: frozenset[str] | None = None  # keys of what was waiting; None: not read yet
        self._queue_read = 0.0  # bridge.seconds()

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
        await self._look_at_queue()

    async def _look_at_queue(self) -> None:
        """Ring once for what is new in it and was sent to us, or cannot wait."""
        if self._queue is not None and seconds() - self._queue_read < QUEUE_S:
            return
        found = await self._host.bridge.work(lambda station: station.queue())
        self._queue_read = seconds()
        before, self._queue = self._queue, frozenset(alarm.key for alarm in found)
        banner = {alarm.key for alarm in self.waiting}
        if before is not None and any(
            alarm.key not in before | banner and _rings(alarm) for alarm in found
        ):
            self._ring()

    async def note(self, key: str, *, taken: bool = True) -> None:
        """Somebody has taken note of a matter, on all screens; or it waits again."""

        def change(station: Station) -> tuple[str, ...]:
            waiting = {alarm.key for alarm in station.queue(taken=True)}
            kept = [
                each
                for each in station.setting(TAKEN)
                if each != key and (each in waiting or each.startswith(f"{Sort.URGENT.value}:"))
            ]
            noted = tuple([*kept, key] if taken else kept)[-TAKEN_MAX:]
            station.keep(TAKEN, noted)
            return noted

        self._host.bridge.may_write()
        self._taken = await self._host.bridge.work(change)
        self._wait_for([alarm for alarm in self.waiting if alarm.key not in self._taken])

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


def _rings(alarm: Alarm) -> bool:
    return alarm.weight <= Weight.SOON or alarm.answer is not Answer.NOTE


def _lines(alarms: Iterable[Alarm]) -> list[Line]:
    lines: list[Line] = []
    for alarm in alarms:
        lines += [((part, "bold"),) for part in wrap(alarm.text, TEXT_WIDTH)]
        lines.append(())
    return lines
