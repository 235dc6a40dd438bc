# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Interrupting with Blitz and Staatsnot until somebody takes them: the app's alarming part.

Which alarms were taken is kept beside the log, for all screens on it. What was taken here counts
at once, also while an older state of that list is just being read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lage.views.overview import Alarm
from lage.views.status import urgent_alarms
from sync.schema.definition import EntityId
from tui.bridge import Bridge
from tui.screens.alarm import AlarmBox

TAKEN = "alarm_genommen"
TAKEN_MAX = 400


class Alarming:
    """Mixed into the app."""

    if TYPE_CHECKING:
        bridge: Bridge
        push_screen: Any

        async def open_detail(self, entity: EntityId) -> None:
            """One entry over the whole screen."""

        async def act_gehe_alarme(self) -> None:
            """The list of alarms."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._taken: list[str] = []
        self._alarm_open = False  # a box is open, or what it would show is being read

    def take(self, keys: object) -> None:
        """Add to what was taken; at the limit the oldest are forgotten."""
        added = [str(key) for key in keys] if isinstance(keys, list | tuple) else []
        self._taken = list(dict.fromkeys([*self._taken, *added]))[-TAKEN_MAX:]

    async def alarm(self) -> None:
        """Interrupt with what nobody has taken yet."""
        if self._alarm_open or self.bridge.read_only:
            return
        self._alarm_open = True
        taken = set(self._taken)
        try:
            found = await self.bridge.work(lambda s: urgent_alarms(s.context(), taken))
        finally:
            self._alarm_open = False
        if found:
            self._alarm_open = True
            await self.push_screen(AlarmBox(found), self._alarm_taken)

    async def _alarm_taken(self, alarms: tuple[Alarm, ...] | None) -> None:
        self._alarm_open = False
        if not alarms:
            return
        self.take([alarm.key for alarm in alarms])
        await self.bridge.keep(TAKEN, self._taken)
        entity = alarms[0].entity
        if len(alarms) == 1 and entity is not None:
            await self.open_detail(entity)
        else:
            await self.act_gehe_alarme()
