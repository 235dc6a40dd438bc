# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""All alarms of a staff, from whatever they are about, worst first. Pure."""

from __future__ import annotations

from lage.kinds.model import Query, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.language.plain import plain
from lage.views.alarm import Alarm, Sort, Weight
from lage.views.clocks import clock_doubts
from lage.views.faults import fault_alarms
from lage.views.gauge_alarms import gauge_alarms
from lage.views.gauges import GaugeView, gauge_views
from lage.views.overruled import overruled_lately
from lage.views.receipts import awaited, owed
from lage.views.stock import StockLine, stock_lines


def current_alarms(context: ViewContext) -> list[Alarm]:
    """The alarms alone, for who needs nothing else of the overview."""
    return alarms(context, gauge_views(context), stock_lines(context))


def alarms(context: ViewContext, gauges: list[GaugeView], stock: list[StockLine]) -> list[Alarm]:
    """Everything that wants a person, worst first."""
    found: list[Alarm] = []
    found += _message_alarms(context)
    found += gauge_alarms(gauges, context.now)
    for line in stock:
        if line.short:
            limit = (
                "unter null: doppelt ausgegeben?" if line.amount < 0 else f"Minimum {line.minimum}"
            )
            found.append(
                Alarm(
                    Sort.STOCK,
                    Weight.NOTICE,
                    f"{plain(line.item)} {plain(line.place)}: {line.amount} {line.unit} ({limit})",
                    about=(line.item, line.place),
                )
            )
    for task in context.reader.select(
        Query("task", (*open_only("task"), Where("due", "<", context.now)), limit=50)
    ):
        if context.addressed(task) or task.id.author in context.ours:
            label = context.directory.label(task)
            found.append(
                Alarm(
                    Sort.TASK,
                    Weight.OPEN,
                    f"Auftrag {label} überfällig: {plain(task.text('text'))}",
                    task.id,
                )
            )
    found += overruled_lately(context)
    for doubt in clock_doubts(context):
        whose, weight = ("eigene", Weight.SOON) if doubt.own else (doubt.member, Weight.OPEN)
        found.append(Alarm(Sort.CLOCK, weight, doubt.text, about=(whose,)))
    found += fault_alarms(context)
    return sorted(found, key=lambda alarm: alarm.weight)


def _message_alarms(context: ViewContext) -> list[Alarm]:
    found: list[Alarm] = []
    for message, state in awaited(context):
        if state.overdue:
            label = context.directory.label(message)
            names = ", ".join(context.directory.name(member) for member in state.open)
            text = f"{label}: Quittung fehlt von {names}"
            found.append(Alarm(Sort.AWAITED, Weight.SOON, text, message.id))
    for message in owed(context):
        label, sender = context.directory.label(message), message.id.author
        urgent = message.text("priority") in ("blitz", "staatsnot")
        word = message.text("priority").upper()
        text = plain(message.text("text"))
        found.append(
            Alarm(
                Sort.URGENT if urgent else Sort.OWED,
                Weight.NOW if urgent else Weight.OPEN,
                f"{word} {label} von {context.directory.name(sender)}: {text}",
                message.id,
            )
        )
    return found
