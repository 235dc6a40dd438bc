# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Supplies and units from CSV, as a spreadsheet gives them.

Supplies: ``Material;Ort;Bestand;Einheit;Mindestbestand``. The file says what is there; what is
written is the difference to the balance known here, so a file taken twice adds nothing.

Units: ``Name;Organisation;Stärke;Status;Ort;Ablösung;Bemerkung``, Stärke as ``1/3/12``. A unit of
the same name that this staff wrote is changed, any other is new.
"""

from __future__ import annotations

from pathlib import Path

from lage.imports.ours import as_typed, entry_of, is_ours, own_columns
from lage.imports.plan import (
    Plan,
    TableRow,
    rewrite,
    take_all,
    unused_columns,
)
from lage.imports.rows import read_rows
from lage.kinds.cards import CARDS
from lage.kinds.inputs import refers_to
from lage.kinds.model import Draft, Progress, Query, Where
from lage.kinds.reader import Reader
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.write import commands
from lage.write.parse import Context, is_unknown, parse_field
from sync.schema.definition import Value

_SUPPLY_COLUMNS = ("Material", "Ort", "Bestand", "Einheit", "Mindestbestand")
_OF_BALANCES = ("zu wenig", "zu_wenig", "minimum", "ÜBUNG", "uebung")
"""What ``lage bericht daten bestaende`` writes besides, as CSV and JSON."""
_UNIT_COLUMNS = {
    item.name: item.label for item in CARDS["unit"].form if not refers_to("unit", item.name)
}


def plan_supplies(
    path: Path, context: Context, reader: Reader, progress: Progress | None = None
) -> Plan:
    """What importing these balances would write. Raises ImportRefused."""
    drafts: list[Draft] = []
    counts = {"new": 0, "changed": 0, "known": 0}
    balances = {(item, place): amount for item, place, amount in reader.stock()}
    seen: dict[tuple[str, str], int] = {}
    table = read_rows(path, _SUPPLY_COLUMNS, context)

    def take(row: TableRow) -> None:
        item, place = _typed(row, "Material", "item", context), _typed(row, "Ort", "place", context)
        key = (str(item), str(place))
        if key in seen:
            raise UsageError(f"{key[0]} in {key[1]} steht schon in {table.noun} {seen[key]}.")
        seen[key] = row.line
        stated = parse_field("stock_movement", "amount", row.get("Bestand"), context)
        extra = {
            "unit": row.get("Einheit"),
            "minimum": row.get("Mindestbestand") or row.get("minimum"),
        }
        written = len(drafts)
        described = reader.select(
            Query("supply", (Where("item", "=", key[0]), Where("place", "=", key[1])), limit=1)
        )
        if described:
            rewrite(described[0], extra, context, drafts)
        elif any(text.strip() and not is_unknown(text) for text in extra.values()):
            drafts.extend(
                commands.enter("supply", {"item": key[0], "place": key[1], **extra}, context)
            )
        if isinstance(stated, int) and stated != balances.get(key, 0):
            moved: dict[str, Value] = {
                "item": key[0],
                "place": key[1],
                "amount": stated - balances.get(key, 0),
                "reason": f"Bestand laut {path.name}"[:120],
            }
            drafts.extend(commands.create("stock_movement", moved, -1))
        if len(drafts) == written:
            counts["known"] += 1
        else:
            counts["changed" if described or key in balances else "new"] += 1

    take_all(table.rows, path.name, take, progress, table.noun)
    notes = (*table.notes, *unused_columns(table.rows, (*_SUPPLY_COLUMNS, *_OF_BALANCES)))
    return Plan(tuple(drafts), counts["new"], counts["changed"], counts["known"], notes=notes)


def plan_units(
    path: Path, context: Context, reader: Reader, progress: Progress | None = None
) -> Plan:
    """What importing these units would write. Raises ImportRefused."""
    drafts: list[Draft] = []
    counts = {"new": 0, "changed": 0, "known": 0}
    me = context.directory.me
    own = Query("unit", (Where("author", "=", -1 if me is None else me),), limit=20_000)
    known = {fold_text(unit.text("name")): unit for unit in reader.select(own)}
    seen: dict[tuple[str, str], int] = {}
    table = read_rows(path, _UNIT_COLUMNS.values(), context)
    ours = is_ours(table.rows)

    def take(row: TableRow) -> None:
        own = entry_of(row, "unit", context, reader) if ours else None
        row = as_typed(row, "unit", own, context, reader) if ours else row
        typed = {name: row.get(column) for name, column in _UNIT_COLUMNS.items()}
        written = commands.enter("unit", typed, context)
        name = str(written[0].changes["name"])
        staff = row.get("stelle") if ours else ""
        if (key := (staff, fold_text(name))) in seen:
            raise UsageError(f"{name} steht schon in {table.noun} {seen[key]}.")
        seen[key] = row.line
        if own is not None and own.id.author != me:
            counts["known"] += 1  # another staff's, which that staff carries on
            return
        unit = own or known.get(fold_text(name))
        if unit is None:
            drafts.extend(written)
            counts["new"] += 1
        else:
            counts[rewrite(unit, typed, context, drafts)] += 1

    take_all(table.rows, path.name, take, progress, table.noun)
    used = {*_UNIT_COLUMNS.values(), *(own_columns("unit") if ours else ())}
    notes = (*table.notes, *unused_columns(table.rows, used))
    return Plan(tuple(drafts), counts["new"], counts["changed"], counts["known"], notes=notes)


def _typed(row: TableRow, column: str, name: str, context: Context) -> Value:
    value = parse_field("supply", name, row.get(column), context)
    if value is None:
        raise UsageError(f"{column} fehlt.")
    return value
