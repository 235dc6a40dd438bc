# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether what a script expects of staffs has come, as logs show it.

A check is met by an entry that was written after its inject had been given, or made so after it
(``Pattern``), or by what happened to the inject's own entry (``Condition``). In time it must be,
where the check says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lage.exercise.patterns import matches
from lage.exercise.script.model import Check, Condition, Pattern
from lage.kinds.model import Query, Record
from lage.station import Station

ENTRIES_MAX = 500
"""So many newest entries of a kind are looked through."""

Happened = Callable[[Condition], int | None]
"""Since which second of the exercise a condition holds; None: it does not yet."""
Log = tuple[Station, int]
"""A log, and how many of its newest operations are to be looked at."""


def met(
    check: Check,
    given: int,
    logs: Callable[[Pattern], Iterable[Log]],
    begin: int,
    happened: Happened,
) -> int | None:
    """Second of the exercise at which it was met; None: not yet.

    ``given``: the second at which its inject was given; ``begin``: the log time of X+00; ``logs``:
    where to look for such entries.
    """
    last = None if check.within is None else given + round(check.within * 60)
    if isinstance(check.what, Condition):
        found = happened(check.what)
    else:
        pattern = check.what
        places = [_found(pattern, given, begin, log) for log in logs(pattern)]
        found = min((each for each in places if each is not None), default=None)
    return None if found is None or (last is not None and found > last) else found


def _found(pattern: Pattern, given: int, begin: int, log: Log) -> int | None:
    """The first that fits."""
    station, newest = log
    if newest <= 0:
        return None
    context = station.context()
    query = Query(pattern.kind, order="arrival", limit=min(newest, ENTRIES_MAX))
    times = [
        made
        for record in station.reader.select(query)
        if record.changed - begin >= given and matches(record, pattern, context)
        if (made := _made(record, pattern, given, station, begin)) is not None
    ]
    return min(times, default=None)


def _made(record: Record, pattern: Pattern, given: int, station: Station, begin: int) -> int | None:
    """When it became what it is."""
    name = station.directory.name
    if pattern.action == "create":
        at = record.time - begin
        return at if at >= given else None
    steps = [
        step.time - begin
        for step in station.reader.history(record.id)
        if step.valid and not step.creates
        if not pattern.fields or set(pattern.fields) & set(step.changes)
        if not pattern.by or name(step.id.author) in pattern.by
    ]
    return min((at for at in steps if at >= given), default=None)
