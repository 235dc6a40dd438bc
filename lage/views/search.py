# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Searching everything with filters: staff, municipality, kind, time, priority, what is new.

Without filters the best match comes first; with filters the newest. A filter on a field that a
kind does not have (priority of a helper) leaves that kind out.
"""

from __future__ import annotations

from dataclasses import dataclass

from lage.model import Query, Record, Where
from lage.ops import SCHEMA
from lage.views.reader import ViewContext

HIDDEN = ("sealed", "sealing_key", "receipt", "distribution")
"""Kinds that stand at the entry they are about, not for themselves."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries; what is empty does not restrict."""

    kinds: tuple[str, ...] = ()
    staffs: tuple[int, ...] = ()
    municipality: str = ""
    priority: str = ""
    since: int | None = None  # event time, log time
    until: int | None = None
    after_seq: int | None = None  # arrived here later than this: since the last look

    @property
    def empty(self) -> bool:
        """Whether nothing is restricted but the kind."""
        return self == Filters(self.kinds)


def search(context: ViewContext, text: str, filters: Filters, limit: int = 100) -> list[Record]:
    """Entries that hold all these words (or words beginning so) and pass the filters."""
    chosen = filters.kinds or tuple(k.name for k in SCHEMA.kinds if k.name not in HIDDEN)
    if filters.empty and text.strip():
        return context.reader.search(text, chosen, limit)
    found: list[Record] = []
    for kind in chosen:
        where = _where(kind, filters)
        if where is not None:
            query = Query(kind, where, text=text, order="event", limit=limit)
            found += context.reader.select(query)
    found.sort(key=lambda record: (record.event_time, record.id), reverse=True)
    return found[:limit]


def _where(kind: str, filters: Filters) -> tuple[Where, ...] | None:
    """Conditions on a kind; None where it lacks a field that is asked for."""
    fields = SCHEMA.by_name[kind].by_name
    where: list[Where] = []
    if filters.staffs:
        where.append(Where("author", "in", filters.staffs))
    if filters.municipality:
        name = "municipality" if "municipality" in fields else "place"
        if name not in fields:
            return None
        where.append(Where(name, "=", filters.municipality))
    if filters.priority:
        if "priority" not in fields:
            return None
        where.append(Where("priority", "=", filters.priority))
    if filters.since is not None:
        where.append(Where("sort_time", ">=", filters.since))
    if filters.until is not None:
        where.append(Where("sort_time", "<=", filters.until))
    if filters.after_seq is not None:
        where.append(Where("seq", ">", filters.after_seq))
    return tuple(where)
