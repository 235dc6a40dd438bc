# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Interrupting with Blitz and Staatsnot until somebody takes them.

Which alarms were taken is kept beside the log, for all screens on it. What was taken here counts
at once, also while an older state of that list is just being read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from lage.kinds.setting import Setting, exactly
from lage.views.alarm import Alarm
from lage.views.status import urgent_alarms
from tui.screens.host import Host

TAKEN = Setting[tuple[str, ...]](
    "alarm_genommen", (), lambda kept: tuple(map(exactly(str), exactly(list)(kept))), list
)
TAKEN_MAX = 400

Taken = Callable[[tuple[Alarm, ...] | None], Awaitable[None]]
Interrupt = Callable[[Sequence[Alarm], Taken], Awaitable[None]]
"""Shows alarms over everything; says which ones were taken."""


class Alarming:
    """The app's alarms."""

    def __init__(self, host: Host, interrupt: Interrupt) -> None:
        self._host = host
        self._interrupt = interrupt
        self._taken: tuple[str, ...] = ()
        self._open = False  # a box is open, or what it would show is being read

    def take(self, keys: Iterable[str]) -> None:
        """Add to what was taken; at the limit the oldest are forgotten."""
        self._taken = tuple(dict.fromkeys([*self._taken, *keys]))[-TAKEN_MAX:]

    async def look(self) -> None:
        """Interrupt with what nobody has taken yet."""
        bridge = self._host.bridge
        if self._open or bridge.read_only:
            return
        self._open = True
        taken = set(self._taken)
        try:
            found = await bridge.work(lambda s: urgent_alarms(s.context(), taken))
        finally:
            self._open = False
        if found:
            self._open = True
            await self._interrupt(found, self._answered)

    async def _answered(self, alarms: tuple[Alarm, ...] | None) -> None:
        self._open = False
        if not alarms:
            return
        self.take([alarm.key for alarm in alarms])
        await self._host.bridge.keep(TAKEN, self._taken)
        entity = alarms[0].entity
        if len(alarms) == 1 and entity is not None:
            await self._host.open_detail(entity)
        else:
            await self._host.go("alarme")
