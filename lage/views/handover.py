# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the next shift must know, in words: all that waits, and what is open.

A Krisenstab hands over the whole county, any other staff its own part; the text says which.

The full summary goes on paper and on the screen. What is written to the log is the short one, for
every staff receives it over the radio: labels and times, which lead to the entries themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lage.kinds.model import Query, Record
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.alarm import Alarm
from lage.views.delivery import delivery
from lage.views.overview import gravity
from lage.views.receipts import awaited
from lage.views.todo import wanted

OPEN_MAX = 1000
SHORT_MAX = 600
"""Characters of the summary that goes into the log."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What is open at the change of shifts."""

    whole: bool  # of the county; else this staff's own part
    todo: tuple[Alarm, ...]  # all that waits for this staff, worst first
    unconfirmed: tuple[Record, ...]  # own messages that others owe a Quittung
    tasks: tuple[Record, ...]  # open, next due first
    requests: tuple[Record, ...]  # open
    incidents: tuple[Record, ...]  # open, worst first


def handover(context: ViewContext, todo: Sequence[Alarm]) -> Handover:
    """What is open now; ``todo`` waits for this staff."""
    me = context.directory.get(context.me)
    whole = me is not None and me.role == "krisenstab"

    def concern(kind: str, field: str) -> list[Record]:
        """Open ones: of the part all that this staff wrote, or that name it."""
        return [
            row
            for row in context.reader.select(Query(kind, open_only(kind), limit=OPEN_MAX))
            if whole
            or row.id.author in context.ours
            or context.addressed(row)
            or row.whole(field) in context.ours
        ]

    return Handover(
        whole,
        tuple(todo),
        tuple(message for message, _ in awaited(context)),
        tuple(sorted(concern("task", ""), key=_due)),
        tuple(concern("request", "")),
        tuple(sorted(concern("incident", "responsible"), key=gravity)),
    )


def scope(state: Handover, context: ViewContext) -> str:
    """Whether the whole county is handed over."""
    if state.whole:
        return "Ganzer Kreis"
    return f"Nur {context.directory.name(context.me)}, nicht der ganze Kreis"


def full_text(state: Handover, context: ViewContext) -> list[str]:
    """Every open thing on a line of its own."""
    lines = [f"Umfang: {scope(state, context)}"]

    def section(title: str, rows: list[str]) -> None:
        lines.append(f"{title}: {len(rows) or 'nichts'}")
        lines.extend(f"  {row}" for row in rows)

    section("Zu tun", [_waiting(alarm, context) for alarm in state.todo])
    section("Quittung steht aus", [_message(m, context) for m in state.unconfirmed])
    section("Offene Aufträge", [_task(t, context) for t in state.tasks])
    section("Offene Anforderungen", [_request(r, context) for r in state.requests])
    section("Offene Vorfälle", [_incident(i, context) for i in state.incidents])
    return lines


def short_text(state: Handover, context: ViewContext) -> str:
    """The summary for the log, at most ``SHORT_MAX`` characters; what is left out is counted."""
    label = context.directory.label
    groups = (
        ("Zu tun", [_waiting_short(alarm, context) for alarm in state.todo]),
        ("Quittung offen", [label(m) for m in state.unconfirmed]),
        ("Aufträge", [_task_short(t, context) for t in state.tasks]),
        ("Anforderungen", [label(r) for r in state.requests]),
        ("Vorfälle", [label(i) for i in state.incidents]),
    )
    parts = [scope(state, context)]
    for title, items in groups:
        shown, room = [], (SHORT_MAX - len(parts[0])) // len(groups) - len(title) - 14
        for item in items:
            if room < len(item) + 2:
                break
            shown.append(item)
            room -= len(item) + 2
        rest = f" und {len(items) - len(shown)} weitere" if len(shown) < len(items) else ""
        parts.append(f"{title}: {', '.join(shown) or ('' if rest else 'nichts')}{rest}")
    return "; ".join(parts)


def _waiting(alarm: Alarm, context: ViewContext) -> str:
    since = "" if alarm.since is None else f"{clock(alarm.since, context.now)} "
    return f"{alarm.weight.sign} {since}{alarm.text}"


def _waiting_short(alarm: Alarm, context: ViewContext) -> str:
    """The label of the entry it is about, which leads there; else its sentence."""
    record = context.reader.get(alarm.entity) if alarm.entity is not None else None
    return context.directory.label(record) if record is not None else alarm.text


def _request(request: Record, context: ViewContext) -> str:
    head = f"{context.directory.label(request)} ({request.text('status', 'offen')})"
    return f"{head}: {wanted(request)}"


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
