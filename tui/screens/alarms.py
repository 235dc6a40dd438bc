# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""All alarms, worst first: what the overview shows the first few of."""

from __future__ import annotations

from collections.abc import Mapping

from lage.station import Station
from lage.views.alarm import Alarm, Sort, Weight
from lage.views.alarms import alarms
from lage.views.gauges import gauge_views
from lage.views.pages import Page, Row
from lage.views.stock import stock_lines
from sync.schema.definition import EntityId
from tui.actions import Action
from tui.screens.lists import TableView
from tui.screens.tables import matches
from tui.widgets.log_table import Head
from tui.widgets.panels import alarm_goal

FILTERS = [
    ("blitz", "Blitz"),
    ("offen", "Nachr"),
    ("auftrag", "Auftr"),
    ("pegel", "Pegel"),
    ("bestand", "Material"),
    ("uebriges", "Übriges"),
]
SORTS: Mapping[str, tuple[Sort, ...]] = {
    "": tuple(Sort),
    "blitz": (Sort.URGENT,),
    "offen": (Sort.OWED, Sort.AWAITED, Sort.URGENT),
    "auftrag": (Sort.TASK,),
    "pegel": (Sort.LEVEL, Sort.RISE, Sort.SILENT),
    "bestand": (Sort.STOCK,),
    "uebriges": (Sort.OVERRULED, Sort.CLOCK, Sort.LISTS, Sort.UNSHOWN, Sort.FAULT),
}
"""Which alarms each filter shows."""


class AlarmsView(TableView):
    """The list of alarms."""

    title = "Alarme"

    def __init__(self) -> None:
        super().__init__()
        self.filters += FILTERS
        self._alarms: dict[EntityId | str, Alarm] = {}

    def heads(self) -> tuple[Head, ...]:
        """One column: a sentence."""
        return (Head("Was jetzt jemanden braucht", self.table_width()),)

    async def fetch(self, offset: int, limit: int) -> Page:
        """Computed anew."""
        text, sorts = self.text, SORTS[self.filter_key()]

        def read(station: Station) -> list[Alarm]:
            context = station.context()
            found = alarms(context, gauge_views(context), stock_lines(context))
            return [each for each in found if each.sort in sorts and matches(text, each.text)]

        found = await self.lage.bridge.work(read)
        window = found[offset : offset + limit]
        self._alarms = {alarm.key: alarm for alarm in window}
        rows = (Row(a.key, (a.text,), "warn" if a.weight is Weight.NOW else "") for a in window)
        return Page(len(found), offset, tuple(rows))

    @property
    def _alarm(self) -> Alarm | None:
        row = self.table.row if self.ready else None
        return self._alarms.get(row.key) if row is not None else None

    def selected(self) -> EntityId | None:
        """The message or task that the alarm is about."""
        return self._alarm.entity if self._alarm is not None else None

    def selected_kind(self) -> str:
        """Its kind."""
        return alarm_goal(self._alarm)[0] if self._alarm is not None else "-"

    async def act_oeffnen(self) -> None:
        """The entry, or the screen where the alarm comes from."""
        alarm = self._alarm
        if alarm is None:
            return
        if alarm.entity is not None:
            await self.lage.open_detail(alarm.entity)
        else:
            await self.lage.go(alarm_goal(alarm)[1])

    def can(self, action: Action) -> bool:
        """Nobody writes an alarm."""
        return action.id != "neu" and super().can(action)
