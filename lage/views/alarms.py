# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""All that waits for a staff, from whatever it is about: one queue, the worst first. Pure.

Screen, status, handover and wall show the same. What somebody here has taken note of is left out;
what wants more than a note stays until it has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lage.kinds.reader import ViewContext
from lage.kinds.setting import Setting, exactly
from lage.language.plain import plain
from lage.views.alarm import Alarm, Answer, Sort, Weight
from lage.views.around import Around, around_alarms
from lage.views.clocks import clock_doubts
from lage.views.faults import fault_alarms
from lage.views.gauge_alarms import gauge_alarms
from lage.views.gauges import GaugeView, gauge_views
from lage.views.overruled import overruled_lately
from lage.views.stock import StockLine, last_booked, stock_lines
from lage.views.todo import asked_by_us, asked_of_us
from lage.views.withdrawn import withdrawn_alarms

TAKEN = Setting[tuple[str, ...]](
    "alarm_genommen", (), lambda kept: tuple(map(exactly(str), exactly(list)(kept))), list
)
"""Keys of what somebody here has taken note of; kept beside the log, for all screens on it."""


def current_alarms(context: ViewContext, around: Around | None = None) -> list[Alarm]:
    """The queue alone, for who needs nothing else of the overview."""
    return alarms(context, gauge_views(context), stock_lines(context), around)


def alarms(
    context: ViewContext,
    gauges: Sequence[GaugeView],
    stock: Sequence[StockLine],
    around: Around | None = None,
) -> list[Alarm]:
    """Everything that wants a person, worst first, of equals what waits longest."""
    found = [*asked_of_us(context), *asked_by_us(context), *gauge_alarms(gauges, context.now)]
    found += _shortages(stock, context)
    found += overruled_lately(context)
    for doubt in clock_doubts(context):
        whose, weight = ("eigene", Weight.SOON) if doubt.own else (doubt.member, Weight.OPEN)
        found.append(Alarm(Sort.CLOCK, weight, doubt.text, about=(whose,)))
    found += fault_alarms(context)
    if around is not None:
        found += around_alarms(around, context.now)
        found += withdrawn_alarms(around.withdrawn, context)
    return sorted(found, key=lambda alarm: (alarm.weight, alarm.since or context.now))


def still_open(found: Sequence[Alarm], taken: tuple[str, ...]) -> list[Alarm]:
    """Without that of which it is enough to take note, and somebody has."""
    return [alarm for alarm in found if alarm.answer is not Answer.NOTE or alarm.key not in taken]


def _shortages(stock: Sequence[StockLine], context: ViewContext) -> Iterator[Alarm]:
    for line in stock:
        if line.short:
            limit = (
                "unter null: doppelt ausgegeben?" if line.amount < 0 else f"Minimum {line.minimum}"
            )
            text = f"{plain(line.item)} {plain(line.place)}: {line.amount} {line.unit} ({limit})"
            since = last_booked(line.item, line.place, context)
            yield Alarm(Sort.STOCK, Weight.NOTICE, text, about=(line.item, line.place), since=since)
