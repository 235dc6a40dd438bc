# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in the cells of lists: one function for each sort of column. Pure.

Cells are plain text; whoever draws them must not interpret it.
"""

from __future__ import annotations

from collections.abc import Callable

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import is_late
from lage.language.decimals import with_places
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.called import shown_name
from lage.views.delivery import delivery
from lage.views.gauges import doubtful
from lage.views.merged import HARM, people
from lage.views.scale import gauge_of, places_of
from lage.views.sums import strength_of
from lage.views.words import short_value
from sync.schema.definition import EntityId

Cell = Callable[[Record, ViewContext], str]


def label(record: Record, context: ViewContext) -> str:
    """What people call the entry: RHE-12."""
    return context.directory.label(record)


def event(record: Record, context: ViewContext) -> str:
    """When it happened."""
    return clock(record.event_time, context.now)


def author(record: Record, context: ViewContext) -> str:
    """The staff that wrote it."""
    return context.directory.name(record.id.author)


def of(name: str) -> Cell:
    """The field of that name."""

    def cell(record: Record, context: ViewContext) -> str:
        return short_value(record.kind, name, record.values.get(name), context)

    return cell


def addressees(record: Record, context: ViewContext) -> str:
    """To whom it goes, by name; who names nobody means all."""
    to = record.members("to")
    return "alle" if to is None else ", ".join(map(context.directory.name, to))


def receipt(record: Record, context: ViewContext) -> str:
    """How many of the wanted Quittungen are there, and whether the others are late."""
    if not record.flag("receipt_wanted"):
        return "-"
    state = delivery(record, context)
    wanted = len(state.open) + len({member for member, _, _ in state.confirmed})
    return f"{len(state.confirmed)}/{wanted}{' spät' if state.overdue else ''}"


def reached(record: Record, context: ViewContext) -> str:
    """How many of those it is addressed to are known to hold it; of one to all, of all."""
    state = delivery(record, context)
    if state.named:
        return f"{len(state.named) - len(state.awaited)}/{len(state.named)}"
    total = sum(1 for staff in context.directory.staffs if staff.active)
    return f"{len(state.reached)}/{total}"


def journal_text(record: Record, context: ViewContext) -> str:
    """What a Tagebuch entry says, with what it corrects and whether it was struck."""
    text, action = plain(record.text("text")), plain(record.text("action"))
    struck = context.reader.count(Query("journal", (Where("strikes", "=", record.id),), limit=1))
    corrects = record.ref("strikes")
    if corrects is not None:
        text = f"Berichtigt {_label_of(corrects, context)}: {text}"
    mark = "[gestrichen] " if struck else ""
    return f"{mark}{text}" + (f" > {action}" if action else "")


def harm(record: Record, context: ViewContext) -> str:
    """Betroffene/Verletzte/Vermisste/Tote; ``?`` is not known."""
    values = people(record, context).values
    if not any(name in values for name in HARM):
        return "?"
    return "/".join(str(values.get(name, "?")) for name in HARM)


def place(record: Record, context: ViewContext) -> str:
    """Where it is: as somebody put it, else the municipality."""
    return plain(record.text("place") or record.text("municipality")) or "-"


def incident_status(record: Record, context: ViewContext) -> str:
    """How it stands, or the incident that stands for it."""
    stands = record.behind
    return record.text("status") if stands is None else f"= {_label_of(stands, context)}"


def strength(record: Record, context: ViewContext) -> str:
    """A unit's Stärke."""
    return str(strength_of(record))


def due(record: Record, context: ViewContext) -> str:
    """Until when; with a mark where that has passed."""
    until = record.moment(CARDS[record.kind].due)
    if until is None:
        return "-"
    late = "! " if is_late(record, context.now) else ""
    return late + clock(until, context.now)


def reading(record: Record, context: ViewContext) -> str:
    """A value in the decimals of its gauge; with a mark where it can hardly be."""
    value = with_places(record.whole("value") or 0, places_of(record, context))
    return f"{value}?" if doubtful(record, context) else value


def forecast(record: Record, context: ViewContext) -> str:
    """An expected value in the decimals of its gauge; ``~`` for an Abschätzung."""
    value = with_places(record.whole("value") or 0, places_of(record, context))
    return f"~{value}" if record.flag("estimate") else value


def measured_at(record: Record, context: ViewContext) -> str:
    """The gauge of a reading as it is called now."""
    gauge = gauge_of(record, context)
    if gauge is not None and gauge.behind is not None:
        gauge = context.reader.get(gauge.behind) or gauge
    return shown_name(gauge) if gauge is not None else plain(record.text("gauge"))


def _label_of(entity: EntityId, context: ViewContext) -> str:
    found = context.reader.get(entity)
    return context.directory.label(found) if found else "?"
