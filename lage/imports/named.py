# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Units and shelters from tables: entries that are known by their name.

The columns are called like the inputs of the form; Stärke as ``1/3/12`` or in three columns. An
entry of the same name (and, of a hall, in the same municipality) that this staff wrote is changed,
any other is new; what another staff wrote, that staff carries on. Halls are listed in peace and
filled at night, so a known one is written over only where ``update`` says so, and a new one of
which the table has no status is in preparation: a list opens no hall.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from lage.imports.ours import as_typed, entry_of, is_ours, joined_parts, own_columns
from lage.imports.plan import Plan, TableRow, rewrite, take_all, unused_columns
from lage.imports.rows import read_rows
from lage.kinds.cards import CARDS
from lage.kinds.inputs import refers_to
from lage.kinds.model import Draft, Progress, Query, Record
from lage.kinds.reader import Reader
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.views.words import label_of
from lage.write import commands
from lage.write.parse import UNKNOWN, Context

KINDS = ("unit", "shelter")
PLACE = "municipality"
"""Of kinds that have it: two of one name in different ones are two."""
PREPARED = {"shelter": {"status": "in Vorbereitung"}}
"""What is written of a new entry where a table of others says nothing of it."""
_MAX = 20_000


def plan_named(
    path: Path,
    kind: str,
    context: Context,
    reader: Reader,
    *,
    update: bool = True,
    progress: Progress | None = None,
) -> Plan:
    """What importing these entries would write. Raises ImportRefused naming every bad line."""
    columns = {i.name: i.label for i in CARDS[kind].form if not refers_to(kind, i.name)}
    defaults = [item.name for item in CARDS[kind].form if item.default]
    parts = [label_of(kind, part) for each in CARDS[kind].parts.values() for part in each]
    drafts: list[Draft] = []
    counts = {"new": 0, "changed": 0, "known": 0}
    others = prepared = 0
    known = _by_name(reader.select(Query(kind, limit=_MAX)))
    seen: dict[tuple[str, ...], int] = {}
    table = read_rows(path, (*columns.values(), *parts), context)
    ours = is_ours(table.rows)

    def take(row: TableRow) -> None:
        nonlocal others, prepared
        own = entry_of(row, kind, context, reader) if ours else None
        line = as_typed(row, kind, own, context, reader) if ours else joined_parts(row, kind)
        typed = {name: line.get(column) for name, column in columns.items()}
        said = {field: text for field, text in typed.items() if own or field != "name"}
        left = {name for name in PREPARED.get(kind, ()) if not typed[name]}
        if ours:
            typed |= {name: UNKNOWN[0] for name in defaults if not typed[name]}
        elif left:
            typed |= PREPARED[kind]
        written = commands.enter(kind, typed, context)
        said_of = written[0].changes
        name, place = str(said_of["name"]), str(said_of.get(PLACE) or "")
        staff = row.get("stelle") if ours else ""
        key = (str(own.id),) if own else (staff, fold_text(name), fold_text(place))
        if key in seen:
            raise UsageError(f"{name} steht schon in {table.noun} {seen[key]}.")
        seen[key] = row.line
        found = own or _meant(known.get(fold_text(name), ()), name, place, context)
        if found is None:
            drafts.extend(written)
            counts["new"] += 1
            prepared += bool(left) and not ours
        elif found.id.author not in context.directory.ours:
            counts["known"] += 1
            others += 1
        else:
            counts[rewrite(found, said, context, drafts) if update else "known"] += 1

    take_all(table.rows, path.name, take, progress, table.noun)
    used = {*columns.values(), *parts, *(own_columns(kind) if ours else ())}
    notes = (*table.notes, *_told(prepared, others, kind), *unused_columns(table.rows, used))
    return Plan(tuple(drafts), counts["new"], counts["changed"], counts["known"], notes=notes)


def _by_name(records: Iterable[Record]) -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(fold_text(record.text("name")), []).append(record)
    return found


def _meant(named: Iterable[Record], name: str, place: str, context: Context) -> Record | None:
    """Which of the entries of that name a line is about. Raises UsageError where it may be two."""
    several = [r for r in named if not place or r.text(PLACE) in ("", place)]
    mine = [record for record in several if record.id.author in context.directory.ours]
    if several and several[0].kind == "unit":  # every staff has its own first platoon
        return mine[-1] if mine else None
    if len(several) > 1 and len(mine) != 1:
        raise UsageError(f"„{name}“ gibt es mehrmals: bitte die Gemeinde angeben.")
    return next(iter(mine or several), None)


def _told(prepared: int, others: int, kind: str) -> tuple[str, ...]:
    """Sentences on what was not taken as it stands."""
    notes = []
    if prepared:
        status = PREPARED[kind]["status"]
        notes.append(f"{prepared}-mal nennt die Datei keinen Status: eingetragen ist „{status}“.")
    if others and kind != "unit":
        notes.append(f"{others}-mal steht es schon bei einer anderen Stelle, die es fortschreibt.")
    return tuple(notes)
