# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Gauges, readings and forecasts from tables, those of ``lage bericht daten`` among them.

A gauge is known by its name. A reading is known where its gauge has that value at that minute, a
forecast where the same one was issued then: so a file taken twice adds nothing, and another value
for a known minute is a correction. The unit stands with the value, in its cell or in a column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from lage.imports.ours import as_typed, is_ours, lost_references, own_columns
from lage.imports.plan import Plan, TableRow, rewrite, take_all, unused_columns
from lage.imports.rows import read_rows
from lage.kinds.cards import CARDS
from lage.kinds.model import Draft, Progress, Query, Record, Where
from lage.kinds.reader import Reader
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.numbers import split_unit
from lage.views.gauge_book import GAUGES_MAX
from lage.views.words import label_of
from lage.write import commands
from lage.write.parse import UNKNOWN, Context
from sync.schema.definition import Change

KINDS = ("gauge", "reading", "forecast")
_NEEDED = {"gauge": ("name",), "reading": ("gauge", "value", "at"),
           "forecast": ("gauge", "value", "at")}  # fmt: skip
_UNIT = ("Einheit", "unit")
_ENTERED = "eintrag"
_ALL = 1_000_000
"""Readings of one gauge that are looked through."""


def plan_measured(
    path: Path,
    kind: str,
    context: Context,
    reader: Reader,
    *,
    update: bool = False,
    progress: Progress | None = None,
) -> Plan:
    """What importing that file would write. Raises ImportRefused naming every bad line.

    ``update``: write what the lines say of known gauges over what is there.
    """
    labels = {name: label_of(kind, name) for name in _fields(kind)}
    table = read_rows(path, labels.values(), context)
    ours = is_ours(table.rows)
    context = replace(
        context,
        measure=cache(context.measure),
        written=cache(context.written),
        known=cache(context.known),
    )
    nothing = {item.name: UNKNOWN[0] for item in CARDS[kind].form if item.default and ours}
    drafts: list[Draft] = []
    elsewhere: list[TableRow] = []
    counts = {"new": 0, "changed": 0, "known": 0}
    take_one = (
        _gauges(reader, context, update=update)
        if kind == "gauge"
        else _values(reader, context, kind)
    )

    def take(row: TableRow) -> None:
        line = as_typed(row, kind, None, context, reader) if ours else row
        typed = {name: line.get(label) or nothing.get(name, "") for name, label in labels.items()}
        if kind != "gauge":
            _with_unit(typed, line)
        if kind == "forecast" and ours and not typed["issued"]:
            typed["issued"] = row.get(_ENTERED)
        for name in _NEEDED[kind]:
            if not typed[name]:
                raise UsageError(f"{labels[name]} fehlt.", field=name)
        sort = take_one(typed, drafts)
        counts[sort] += 1
        if sort == "new":
            elsewhere.append(row)

    take_all(table.rows, path.name, take, progress, table.noun)
    used = {*labels.values(), *_UNIT, *(own_columns(kind) if ours else ())}
    lost = lost_references(elsewhere, kind) if ours else ()
    notes = (*table.notes, *lost, *unused_columns(table.rows, used))
    return Plan(tuple(drafts), counts["new"], counts["changed"], counts["known"], notes=notes)


Take = Callable[[dict[str, str], list[Draft]], str]
"""Which of the plan's counts an entry is; what there is to write is added to the drafts."""


def _fields(kind: str) -> list[str]:
    card = CARDS[kind]
    return [field.name for field in card.kind.fields if field.name != card.merges]


def _with_unit(typed: dict[str, str], row: TableRow) -> None:
    """The unit of a column stands behind the value, where none stands there."""
    unit = next(filter(None, map(row.get, _UNIT)), "")
    number, own = split_unit(typed["value"])
    if number and unit and not own:
        typed["value"] = f"{number} {unit}"


def _gauges(reader: Reader, context: Context, *, update: bool) -> Take:
    known: dict[str, Record] = {}
    ours = context.directory.ours
    described = reader.select(Query("gauge", limit=GAUGES_MAX))
    for record in sorted(described, key=lambda each: each.id.author not in ours):
        for name in (record.text("name"), record.text("title")):
            known.setdefault(fold_text(name), record)
    taken: set[str] = set()

    def take(typed: dict[str, str], drafts: list[Draft]) -> str:
        name = fold_text(typed["name"].strip())
        found = known.get(name)
        if name in taken:
            return "known"  # described by two staffs
        taken.add(name)
        if found is None:
            drafts += commands.enter("gauge", typed, context, needed=_NEEDED["gauge"])
            return "new"
        return rewrite(found, typed, context, drafts) if update else "known"

    return take


def _values(reader: Reader, context: Context, kind: str) -> Take:
    known: dict[str, set[tuple[Change, ...]]] = {}

    def take(typed: dict[str, str], drafts: list[Draft]) -> str:
        written = commands.enter(kind, typed, context, needed=_NEEDED[kind])
        said = written[0].changes
        name = str(said["gauge"])
        if name not in known:
            where = (Where("gauge", "=", name),)
            there = [
                _value(row.event_time, row.whole("value"), row.moment("issued") or row.time, kind)
                for row in reader.select(Query(kind, where, limit=_ALL))
            ]
            known[name] = {*there, *((*value[:2], None) for value in there)}
        value = _value(said["at"], said["value"], said.get("issued"), kind)
        if value in known[name]:
            return "known"
        known[name] |= {value, (*value[:2], None)}
        drafts += written
        return "new"

    return take


def _value(at: Change, value: Change, issued: Change, kind: str) -> tuple[Change, ...]:
    """What tells values of one gauge apart; tables know no seconds.

    Where a table does not say when a forecast was issued, any of that value is the same.
    """
    assert isinstance(at, int)
    minute = issued // 60 if isinstance(issued, int) and kind == "forecast" else None
    return (at // 60, value, minute)
