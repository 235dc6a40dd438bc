# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measured values as whole numbers of a gauge's decimals, without those that are there already.

Implausible values are taken like any other: they are kept and shown as doubtful by
``lage.views.gauges``, for what a sensor sent is evidence too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lage.imports.plan import Plan
from lage.kinds.model import Draft, Query, Record, Where
from lage.kinds.reader import Reader
from lage.language.errors import UsageError
from lage.language.tactical import parse_stamp
from lage.views.gauge_book import written
from lage.views.judged import AHEAD_S
from lage.write import commands
from lage.write.quantity import Scale, marks_missing, scale
from sync.schema.definition import Value


@dataclass(frozen=True, slots=True)
class Sample:
    """One measured value."""

    time: int  # log time
    value: float  # in the gauge's unit


def log_time(stamp: object) -> int:
    """Log time of an ISO 8601 stamp with its zone. Raises UsageError, also for one before 2026."""
    if not isinstance(stamp, str):
        raise UsageError("die Zeit fehlt.")
    return parse_stamp(stamp)


def gauge_named(reader: Reader, name: str) -> Record | None:
    """The Stammdaten of a gauge, by the name that it has or had."""
    found = reader.select(Query("gauge", (Where("name", "=", written(reader, name)),), limit=1))
    return found[0] if found else None


def reading_drafts(
    reader: Reader,
    name: str,
    samples: Iterable[Sample],
    source: str,
    now: int,
    *,
    spacing_s: int = 0,
    unit: str = "",
) -> tuple[list[Draft], int]:
    """Readings to write, oldest first, and how many are there already.

    ``spacing_s`` thins out: of the values of each such span only the highest is taken, and the
    newest of all, because every reading costs airtime for everybody; what does not count stands
    for nothing else. ``unit``: of the values, where the source says it. Raises UsageError where
    that does not fit the gauge.
    """
    name = written(reader, name)
    into = scale(gauge_named(reader, name), name, unit)
    chosen = sorted(samples, key=lambda sample: sample.time)
    if spacing_s > 0:
        levels = counting(chosen, into, now)
        counted = set(levels)
        others = [sample for sample in chosen if sample not in counted]
        kept = (*thinned(levels, spacing_s), *thinned(others, spacing_s))
        chosen = sorted(kept, key=lambda sample: sample.time)
    if not chosen:
        return [], 0
    where = (
        Where("gauge", "=", name),
        Where("sort_time", ">=", chosen[0].time),
        Where("sort_time", "<=", chosen[-1].time),
    )
    have: dict[int, int | None] = {}
    rows = reader.select(Query("reading", where, limit=100_000))
    for row in sorted(rows, key=lambda row: row.id):
        have[row.event_time] = row.whole("value")
    drafts: list[Draft] = []
    for sample in chosen:
        value = into.whole(sample.value)
        if have.get(sample.time) == value:
            continue  # another value for a known time is a correction
        have[sample.time] = value
        values: dict[str, Value] = {
            "gauge": name,
            "value": value,
            "at": sample.time,
            "source": source,
        }
        drafts.extend(commands.create("reading", values, -1))
    return drafts, len(chosen) - len(drafts)


def counting(samples: Iterable[Sample], into: Scale, now: int) -> list[Sample]:
    """Those that can be a level: neither ahead of now nor a mark of a missing value."""
    return [
        sample
        for sample in samples
        if sample.time <= now + AHEAD_S
        if not marks_missing(into.whole(sample.value), into.places)
    ]


def joined(plans: Sequence[Plan]) -> Plan:
    """Several plans as one; a value that two of them have of the same time is written once."""
    drafts: list[Draft] = []
    seen: set[tuple[object, object]] = set()
    for draft in (draft for plan in plans for draft in plan.drafts):
        place = (draft.changes.get("gauge"), draft.changes.get("at"))
        if draft.kind != "reading" or place not in seen:
            drafts.append(draft)
            seen.add(place)
    return Plan(
        tuple(drafts),
        sum(plan.new for plan in plans),
        sum(plan.changed for plan in plans),
        sum(plan.known for plan in plans),
        sum(plan.left_out for plan in plans),
        tuple(note for plan in plans for note in plan.notes),
    )


def thinned(ordered: Sequence[Sample], spacing_s: int) -> list[Sample]:
    """The crest of each span, and the newest value: neither a peak nor the present may go."""
    if spacing_s <= 0 or not ordered:
        return list(ordered)
    chosen: dict[int, Sample] = {}
    for sample in ordered:
        span = sample.time // spacing_s
        if span not in chosen or sample.value > chosen[span].value:
            chosen[span] = sample
    kept = list(chosen.values())
    return kept if kept[-1] is ordered[-1] else [*kept, ordered[-1]]
