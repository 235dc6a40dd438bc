# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Supplies from tables, as a spreadsheet gives them.

``Material;Ort;Bestand;Einheit;Mindestbestand``. The file says what is there; what is
written is the difference to the balance known here, so a file taken twice adds nothing.
"""

from __future__ import annotations

from pathlib import Path

from lage.imports.plan import (
    Plan,
    TableRow,
    rewrite,
    take_all,
    unused_columns,
)
from lage.imports.rows import read_rows
from lage.kinds.model import Draft, Progress, Query, Where
from lage.kinds.reader import Reader
from lage.language.errors import UsageError
from lage.write import commands
from lage.write.parse import Context, is_unknown, parse_field
from sync.schema.definition import Value

_SUPPLY_COLUMNS = ("Material", "Ort", "Bestand", "Einheit", "Mindestbestand")
_OF_BALANCES = ("zu wenig", "zu_wenig", "minimum", "ÜBUNG", "uebung")
"""What ``lage bericht daten bestaende`` writes besides, as CSV and JSON."""


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


def _typed(row: TableRow, column: str, name: str, context: Context) -> Value:
    value = parse_field("supply", name, row.get(column), context)
    if value is None:
        raise UsageError(f"{column} fehlt.")
    return value
