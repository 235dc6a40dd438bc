# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the next shift must know: open messages, tasks and alarms in words.

The full summary goes on paper and on the screen. What is written to the log is the short one, for
every staff receives it over the radio: labels and times, which lead to the entries themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.model import Query, Record
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.alarm import Alarm
from lage.views.alarms import current_alarms
from lage.views.delivery import delivery
from lage.views.receipts import awaited, owed

SHORT_MAX = 600
"""Characters of the summary that goes into the log."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What is open at the change of shifts."""

    to_confirm: tuple[Record, ...]  # messages whose Quittung this staff owes
    unconfirmed: tuple[Record, ...]  # own messages that others owe a Quittung
    tasks: tuple[Record, ...]  # open, for this staff or given by it; next due first
    incidents: tuple[Record, ...]  # open ones that this staff reported or answers for
    alarms: tuple[Alarm, ...]


def handover(context: ViewContext) -> Handover:
    """What is open now."""
    tasks = [
        task
        for task in context.reader.select(Query("task", open_only("task"), limit=500))
        if task.id.author in context.ours or context.addressed(task)
    ]
    tasks.sort(key=_due)
    incidents = [
        row
        for row in context.reader.select(Query("incident", open_only("incident"), limit=500))
        if not {row.id.author, row.whole("responsible")}.isdisjoint(context.ours)
    ]
    alarms = tuple(current_alarms(context))
    waiting = tuple(message for message, _ in awaited(context))
    return Handover(tuple(owed(context)), waiting, tuple(tasks), tuple(incidents), alarms)


def full_text(state: Handover, context: ViewContext) -> list[str]:
    """Every open thing on a line of its own."""
    lines: list[str] = []

    def section(title: str, rows: list[str]) -> None:
        lines.append(f"{title}: {len(rows) or 'keine'}")
        lines.extend(f"  {row}" for row in rows)

    section("Zu quittieren", [_message(m, context) for m in state.to_confirm])
    section("Quittung steht aus", [_message(m, context) for m in state.unconfirmed])
    section("Offene Aufträge", [_task(t, context) for t in state.tasks])
    section("Offene Vorfälle", [_incident(i, context) for i in state.incidents])
    section("Alarme", [alarm.text for alarm in state.alarms])
    return lines


def short_text(state: Handover, context: ViewContext) -> str:
    """The summary for the log, at most ``SHORT_MAX`` characters; what is left out is counted."""
    label = context.directory.label
    groups = (
        ("Zu quittieren", [label(m) for m in state.to_confirm]),
        ("Quittung offen", [label(m) for m in state.unconfirmed]),
        ("Aufträge", [_task_short(t, context) for t in state.tasks]),
        ("Vorfälle", [label(i) for i in state.incidents]),
        ("Alarme", [alarm.text for alarm in state.alarms if alarm.entity is None]),
    )
    parts = []
    for title, items in groups:
        shown, room = [], SHORT_MAX // len(groups) - len(title) - 12
        for item in items:
            if room < len(item) + 2:
                break
            shown.append(item)
            room -= len(item) + 2
        rest = f" und {len(items) - len(shown)} weitere" if len(shown) < len(items) else ""
        parts.append(f"{title}: {', '.join(shown) or ('' if rest else 'keine')}{rest}")
    return "; ".join(parts)


def _message(message: Record, context: ViewContext) -> str:
    late = " ÜBERFÄLLIG" if delivery(message, context).overdue else ""
    text = plain(message.text("text"))
    return f"{context.directory.label(message)} {message.text('priority')}{late}: {text}"


def _task(task: Record, context: ViewContext) -> str:
    text = plain(task.text("text"))
    return f"{_task_short(task, context)} ({task.text('status', 'offen')}): {text}"


def _task_short(task: Record, context: ViewContext) -> str:
    due = task.moment("due")
    when = "" if due is None else f" bis {clock(due, context.now)}"
    return context.directory.label(task) + when


def _incident(incident: Record, context: ViewContext) -> str:
    where = incident.text("place") or incident.text("municipality") or "Ort unbekannt"
    label, text = context.directory.label(incident), plain(incident.text("text"))
    head = f"{label} {incident.text('type')}, {incident.text('status')}"
    return f"{head}, {plain(where)}: {text}"


def _due(task: Record) -> int:
    due = task.moment("due")
    return 2**40 if due is None else due
