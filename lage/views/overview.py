# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Lage at a glance: what is to be done first, then what a staff asks for at every briefing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from lage.kinds.cards.supply_state import SERVICES
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.language.folding import fold_text
from lage.views.alarm import Alarm
from lage.views.alarms import alarms, still_open
from lage.views.around import Around
from lage.views.clocks import probable_now
from lage.views.fence import fenced
from lage.views.gauges import GaugeView, gauge_views
from lage.views.stock import StockLine, stock_lines
from sync.schema.definition import EntityId

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """Versorgungslage of one municipality: one state per service, None is not known."""

    municipality: str
    states: tuple[str | None, ...]  # in the order of SERVICES
    affected: int | None  # as reported
    at_most: int | None  # people living there, where a service is out and nobody said how many

    @property
    def people(self) -> str:
        """Who is affected, in words."""
        return people_words(self.affected, self.at_most)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first screen shows."""

    alarms: tuple[Alarm, ...]  # all that waits for this staff
    incidents: tuple[Record, ...]
    incidents_open: int
    messages: tuple[Record, ...]  # addressed to this staff, newest first
    tasks: tuple[Record, ...]  # open, for this staff, next due first
    tasks_open: int
    gauges: tuple[GaugeView, ...]
    shortages: tuple[StockLine, ...]
    helpers_free: int  # persons
    helpers_busy: int
    services: tuple[ServiceRow, ...]
    unshown: Mapping[str, str] = field(default_factory=dict)  # part that failed -> words for it


class _Parts:
    """Reads part after part; one that fails is named in ``unshown`` and costs no other."""

    def __init__(self, context: ViewContext) -> None:
        self._context = context
        self.unshown: dict[str, str] = {}

    def read(self, name: str, make: Callable[[], T], empty: T) -> T:
        """What ``make`` gives, or nothing and why."""

        def instead(words: str) -> T:
            self.unshown[name] = words
            return empty

        return fenced(make, instead, self._context)

    def rows(self, name: str, make: Callable[[], list[T]]) -> list[T]:
        """The same of a list."""
        nothing: list[T] = []
        return self.read(name, make, nothing)


def overview(
    context: ViewContext, rows: int = 12, around: Around | None = None, taken: tuple[str, ...] = ()
) -> Overview:
    """The situation now; lists hold at most ``rows`` entries. ``taken``: as ``TAKEN`` has it."""
    parts, reader = _Parts(context), context.reader
    gauges = parts.rows("gauges", lambda: gauge_views(context))
    tasks = parts.rows("tasks", lambda: _our_tasks(context))
    stock = parts.rows("shortages", lambda: stock_lines(context))
    free, busy = parts.read("helpers", lambda: helper_counts(context), (0, 0))
    incoming = Query(
        "message",
        (Where("author", "not in", context.ours),),
        to=context.ours,
        order="arrival",
        limit=rows,
    )
    return Overview(
        tuple(
            parts.rows("alarms", lambda: still_open(alarms(context, gauges, stock, around), taken))
        ),
        tuple(parts.rows("incidents", lambda: _worst_incidents(context, rows))),
        reader.count(Query("incident", open_only("incident"))),
        tuple(parts.rows("messages", lambda: reader.select(incoming))),
        tuple(tasks[:rows]),
        len(tasks),
        tuple(gauges[:rows]),
        tuple(line for line in stock if line.short),
        free,
        busy,
        tuple(parts.rows("services", lambda: service_rows(context))),
        parts.unshown,
    )


def _our_tasks(context: ViewContext) -> list[Record]:
    """Open tasks for this staff, next due first."""
    found = context.reader.select(Query("task", open_only("task"), limit=400))
    tasks = [task for task in found if context.addressed(task)]
    return sorted(tasks, key=lambda task: (task.whole("due") or 2**40, task.id))


def helper_counts(context: ViewContext) -> tuple[int, int]:
    """Persons free (gemeldet) and busy: the others that are not dismissed."""
    free = busy = 0
    for row in context.reader.select(Query("helper", open_only("helper"), limit=5000)):
        persons = row.whole("count") or 1
        if row.text("status") == "gemeldet":
            free += persons
        else:
            busy += persons
    return free, busy


def service_rows(context: ViewContext, towns: Sequence[str] = ()) -> list[ServiceRow]:
    """Versorgungslage by municipality, in alphabetical order; of ``towns`` also without reports."""
    rows: dict[str, dict[str, Record]] = {town: {} for town in towns}
    for record in context.reader.service_states(probable_now(context)):
        services = rows.setdefault(record.text("municipality"), {})
        services[record.text("service")] = record
    result = []
    for municipality, services in sorted(rows.items(), key=lambda row: fold_text(row[0])):
        states = tuple(
            services[name].text("state") if name in services else None for name in SERVICES
        )
        hit = [r.whole("affected") for r in services.values()]
        known = [number for number in hit if number is not None]
        affected = max(known) if known else None
        limit = at_most(context, municipality, states, affected)
        result.append(ServiceRow(municipality, states, affected, limit))
    return result


def at_most(
    context: ViewContext, municipality: str, states: Sequence[str | None], affected: int | None
) -> int | None:
    """How many people an outage can affect at most; None for no outage, or a figure reported."""
    if affected is not None or "ausgefallen" not in states:
        return None
    return context.county.people(municipality)


def people_words(affected: int | None, limit: int | None) -> str:
    """``300``, ``bis 76218 Einw.`` or ``unbekannt``."""
    if affected is not None:
        return str(affected)
    return "unbekannt" if limit is None else f"bis {limit} Einw."


_GRAVITY = {"kritisch": 0, "hoch": 1, "mittel": 2, "niedrig": 3}


def _worst_incidents(context: ViewContext, rows: int) -> list[Record]:
    """Open incidents, the worst first, however many newer ones there are."""
    found: dict[EntityId, Record] = {}
    for priority in ("kritisch", "hoch", None):
        narrower = () if priority is None else (Where("priority", "=", priority),)
        if len(found) < rows:
            query = Query("incident", (*open_only("incident"), *narrower), limit=rows * 4)
            found |= {record.id: record for record in context.reader.select(query)}
    return sorted(found.values(), key=gravity)[:rows]


def gravity(record: Record) -> tuple[int, int]:
    """Sorts incidents: the worst first, of equals the newest."""
    return _GRAVITY.get(record.text("priority", "mittel"), 2), -record.event_time
