# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is to be done as the overview's first panel, and where each of it leads. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lage.kinds.reader import ViewContext
from lage.language.tactical import age
from lage.views.alarm import Alarm, Sort, Weight
from lage.views.overview import Overview
from lage.views.status import ReadMarks
from tui.forms.key import FormKey
from tui.widgets.panel import Panel, PanelRow, Room
from tui.widgets.placing import ALARM_ROWS_MIN

ROLES = {Weight.NOW: "alarm", Weight.SOON: "warn", Weight.OPEN: "bold", Weight.NOTICE: "text"}
"""How each severity is painted; its sign says the same without colour and under the cursor."""


def todo_panel(
    view: Overview,
    context: ViewContext,
    marks: ReadMarks,
    drafts: Sequence[tuple[FormKey, str]],
    room: Room,
) -> Panel:
    """What is most urgent, then drafts (key, name) that nobody has sent, then all else.

    They are one row: half a dozen would hide what others wait for, and themselves.
    """

    def row(alarm: Alarm) -> PanelRow:
        kind, go = alarm_goal(alarm)
        new = alarm.entity is not None and alarm.seq and marks.new(alarm.entity, alarm.seq)
        ago = "" if alarm.since is None else age(alarm.since, context.now)
        role = ROLES[alarm.weight]
        lead = (
            (alarm.weight.sign, role),
            ("*" if new else " ", "bold"),
            (f"{ago:>6} ", "dim"),
        )
        line, below = room.spread(lead, alarm.text, role)
        return PanelRow(line, alarm.entity, go, kind, below=below, alarm=alarm)

    rows = [row(alarm) for alarm in view.alarms]
    urgent = sum(1 for alarm in view.alarms if alarm.weight is Weight.NOW)
    if drafts:
        names = ", ".join(name for _, name in drafts)
        what = "Entwurf" if len(drafts) == 1 else f"{len(drafts)} Entwürfe"
        line = ((f"?{'':10}{what} nicht gesendet: {names}", "bold"),)
        rows.insert(urgent, PanelRow(line, draft=drafts[0][0]))
    more = "   ! zeigt alle" if len(view.alarms) > ALARM_ROWS_MIN else ""
    count = len(view.alarms) or "nichts"
    return Panel("alarme", f"ZU TUN {count}{more}", tuple(rows), "alarme")


GOALS: Mapping[Sort, tuple[str, str]] = {
    Sort.URGENT: ("message", ""),
    Sort.CALL: ("", "aussen"),
    Sort.CLOSED: ("", "aussen"),
    Sort.POST: ("", "aussen"),
    Sort.WITHDRAWN: ("helper", ""),
    Sort.OWED: ("message", ""),
    Sort.AWAITED: ("message", ""),
    Sort.ORDER: ("task", ""),
    Sort.REQUEST: ("request", ""),
    Sort.TASK: ("task", ""),
    Sort.LATE: ("request", ""),
    Sort.REFUSED: ("", "alarme"),  # of two kinds
    Sort.REPORTED: ("", "alarme"),
    Sort.UNANSWERED: ("request", ""),
    Sort.HANDOVER: ("handover", ""),
    Sort.RADIO: ("", "netz"),
    Sort.UNHEARD: ("", "netz"),
    Sort.BATTERY: ("", "netz"),
    Sort.AIRTIME: ("", "netz"),
    Sort.LEVEL: ("", "pegel"),
    Sort.RISE: ("", "pegel"),
    Sort.SILENT: ("", "pegel"),
    Sort.STOCK: ("", "material"),
    Sort.OVERRULED: ("", "alarme"),  # of any kind
    Sort.CLOCK: ("", "netz"),
    Sort.LISTS: ("", "netz"),
    Sort.UNSHOWN: ("", "netz"),
    Sort.FAULT: ("", "netz"),
}
"""Of every sort of alarm: (kind of its entry, screen it comes from)."""


def alarm_goal(alarm: Alarm) -> tuple[str, str]:
    """(kind of the entry an alarm is about, screen it comes from where there is none)."""
    return (alarm.kind, "") if alarm.kind else GOALS[alarm.sort]
