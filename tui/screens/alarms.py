# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""All that is to be done, worst first: what the overview shows the first few of."""

from __future__ import annotations

from collections.abc import Mapping

from lage.language.plain import plain
from lage.language.tactical import age, clock
from lage.station import Station
from lage.views.alarm import Alarm, Sort, Weight
from lage.views.alarms import TAKEN, still_open
from lage.views.pages import Page, Row
from sync.schema.definition import EntityId
from tui import actions
from tui.actions import Action
from tui.screens.lists import TableView
from tui.screens.tables import matches
from tui.widgets.log_table import Head
from tui.widgets.todo import alarm_goal

SEEN = "gesehen"
FILTERS = [
    ("offen", "Post"),
    ("auftrag", "Aufträge"),
    ("pegel", "Pegel"),
    ("bestand", "Material"),
    ("netz", "Netz"),
    (SEEN, SEEN),
]
SORTS: Mapping[str, tuple[Sort, ...]] = {
    "": tuple(Sort),
    "offen": (Sort.CALL, Sort.CLOSED, Sort.POST, Sort.WITHDRAWN, Sort.OWED, Sort.AWAITED,
              Sort.URGENT, Sort.HANDOVER),
    "auftrag": (Sort.ORDER, Sort.REQUEST, Sort.TASK, Sort.LATE, Sort.REFUSED, Sort.REPORTED,
                Sort.UNANSWERED, Sort.OVERRULED),
    "pegel": (Sort.LEVEL, Sort.RISE, Sort.SILENT),
    "bestand": (Sort.STOCK,),
    "netz": (Sort.RADIO, Sort.UNHEARD, Sort.BATTERY, Sort.AIRTIME, Sort.CLOCK, Sort.LISTS,
             Sort.UNSHOWN, Sort.FAULT),
    SEEN: tuple(Sort),
}  # fmt: skip
"""What each filter shows; the last one, of all sorts, that of which somebody has taken note."""
MARKS = {Weight.NOW: "alarm", Weight.SOON: "warn", Weight.OPEN: "bold", Weight.NOTICE: ""}


class AlarmsView(TableView):
    """The list."""

    title = "Zu tun"
    sticks = True

    def __init__(self) -> None:
        super().__init__()
        self.filters += FILTERS
        self._alarms: dict[EntityId | str, Alarm] = {}

    def heads(self) -> tuple[Head, ...]:
        """How bad, since when, and a sentence."""
        rest = self.table_width() - 3 - 9 - 6 - 3
        return (Head("", 3), Head("Seit", 9), Head("Alter", 6, right=True),
                Head("Was auf uns wartet", rest))  # fmt: skip

    async def fetch(self, offset: int, limit: int) -> Page:
        """Computed anew."""
        text, key, marks = self.text, self.filter_key(), self.lage.reading.marks

        def read(station: Station) -> tuple[list[Alarm], int]:
            every = station.queue(taken=True)
            waiting = still_open(every, station.setting(TAKEN))
            chosen = [each for each in every if each not in waiting] if key == SEEN else waiting
            found = [a for a in chosen if a.sort in SORTS[key] and matches(text, a.text)]
            return found, station.now()

        def row(alarm: Alarm) -> Row:
            new = alarm.entity is not None and alarm.seq and marks.new(alarm.entity, alarm.seq)
            since = "" if alarm.since is None else clock(alarm.since, now)
            ago = "" if alarm.since is None else age(alarm.since, now)
            cells = (alarm.weight.sign.strip(), since, ago, f"{'*' if new else ''}{alarm.text}")
            return Row(alarm.key, cells, MARKS[alarm.weight])

        found, now = await self.lage.bridge.work(read)
        window = found[offset : offset + limit]
        self._alarms = {alarm.key: alarm for alarm in window}
        return Page(len(found), offset, tuple(map(row, window)))

    def empty_text(self) -> str:
        """Nothing waits, or nothing of that sort."""
        return "nichts" if self.text or self.filter_key() else "Es ist nichts zu tun."

    @property
    def _alarm(self) -> Alarm | None:
        row = self.table.row if self.ready else None
        return self._alarms.get(row.key) if row is not None else None

    def selected(self) -> EntityId | None:
        """The message or task that the alarm is about."""
        return self._alarm.entity if self._alarm is not None else None

    def called(self, row: Row) -> str:
        """What waited."""
        return f"„{plain(row.cells[3])}“"

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
            await self.lage.go(alarm_goal(alarm)[1], anew=True)

    def offers(self) -> list[Action]:
        """Confirming also what is no entry."""
        found = super().offers()
        confirm = actions.ACTIONS["bestaetigen"]
        return [confirm, *found] if self._alarm is not None and confirm not in found else found

    async def waiting(self) -> Alarm | None:
        """The row itself."""
        return self._alarm

    async def act_bestaetigen(self) -> None:
        """Yes to it; of what was noted already, that it waits again."""
        alarm = self._alarm
        if alarm is not None and self.filter_key() == SEEN:
            with self.table.doing(self.table.row):
                await self.lage.note(alarm, taken=False)
        else:
            with self.table.doing(self.table.row):
                await super().act_bestaetigen()

    def can(self, action: Action) -> bool:
        """Nobody writes an alarm."""
        return action.id != "neu" and super().can(action)
