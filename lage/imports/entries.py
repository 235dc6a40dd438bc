# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Entries of others from CSV or GeoJSON, by a mapping that says which column is what.

Of every kind that keeps the number which others gave an entry (``external_id``): incidents of the
Leitstelle, and what comes after them.

A mapping is a TOML file; without one the columns must be called like the fields of the form and
``Nr. der Leitstelle``:

    [felder]                      # field = column, or several columns joined
    "Nr. der Leitstelle" = "Einsatznummer"
    Art = "Stichwort"
    Koordinate = ["Breite", "Länge"]
    [werte.Art]                   # column's value = our value
    "TH WASSER" = "Überflutung"
    [fest]                        # for every line that says nothing of it
    Prioritaet = "mittel"          # TOML wants umlauts spelt out, or the name in quotes

Every line needs that number: by it a line is recognised when the file comes again. What a form asks
of everybody a line must say too, or ``[fest]`` for it. An entry that is there already is left as
the staffs have carried it on, unless ``update`` says that what the lines say shall be written over
it; what ``[fest]`` says is for new ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lage.imports.features import COLUMN_OF_POINT
from lage.imports.ours import as_typed, entry_of, is_ours, lost_references, number_of, own_columns
from lage.imports.plan import (
    Plan,
    TableRow,
    read_toml,
    rewrite,
    take_all,
    unused_columns,
)
from lage.imports.rows import read_rows
from lage.kinds.cards import CARDS
from lage.kinds.inputs import input_of
from lage.kinds.model import Draft, Progress, Query, Where
from lage.kinds.reader import Reader
from lage.language.errors import ImportRefused, UsageError
from lage.language.folding import fold_text
from lage.views.words import label_of
from lage.write import commands
from lage.write.parse import Context, is_unknown

NUMBER = "external_id"
_CUT = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE | re.ASCII)
"""A long number as Excel writes it into CSV: several entries become one."""
KINDS = tuple(kind for kind, card in CARDS.items() if NUMBER in card.kind.by_name)
"""What can be taken in so."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column feeds which field, how values translate, what is always the same."""

    kind: str
    columns: Mapping[str, tuple[str, ...]]  # schema field -> columns
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


def default_mapping(kind: str) -> ColumnMap:
    """Columns called like the fields."""
    return ColumnMap(kind, {name: (label_of(kind, name),) for name in _fields(kind)})


def _fields(kind: str) -> list[str]:
    """What a file may say; which entries are the same, staffs say."""
    card = CARDS[kind]
    return [field.name for field in card.kind.fields if field.name != card.merges]


def _needed(kind: str, *, ours: bool) -> tuple[str, ...]:
    """The number, what no entry of that kind can be without, and what its form asks of everybody.

    Rows of ours were entries already, and stay those even where a form asked for less.
    """
    card = CARDS[kind]
    stored = (f.name for f in card.kind.fields if f.required and f.name not in card.fixed)
    asked = (item.name for item in card.form if item.required and not item.default and not ours)
    return tuple(dict.fromkeys((NUMBER, *stored, *asked)))


def read_mapping(path: Path, kind: str) -> ColumnMap:
    """A mapping from a TOML file. Raises ImportRefused naming what is wrong in it."""
    data = read_toml(path)
    try:
        named = _table(data, "felder").items()
        columns = {_field_name(kind, label): _strings(given) for label, given in named}
        values = {
            _field_name(kind, label): {fold_text(str(k)): str(v) for k, v in _dict(given).items()}
            for label, given in _table(data, "werte").items()
        }
        fixed = {_field_name(kind, label): str(v) for label, v in _table(data, "fest").items()}
    except UsageError as error:
        raise ImportRefused(f"Die Zuordnung {path.name}: {error}", ()) from error
    return ColumnMap(kind, columns, values, fixed)


def plan_entries(
    path: Path,
    mapping: ColumnMap,
    context: Context,
    reader: Reader,
    *,
    update: bool = False,
    progress: Progress | None = None,
) -> Plan:
    """What importing that file would write. Raises ImportRefused naming every bad line."""
    kind = mapping.kind
    wanted = list(dict.fromkeys(name for names in mapping.columns.values() for name in names))
    table, used = read_rows(path, wanted, context), set(wanted)
    rows, noun = table.rows, table.noun
    ours = is_ours(rows)
    drafts: list[Draft] = []
    counts = {"new": 0, "changed": 0, "known": 0}
    seen: dict[str, int] = {}
    elsewhere: list[TableRow] = []

    def take(row: TableRow) -> None:
        own = entry_of(row, kind, context, reader) if ours else None
        line = as_typed(row, kind, own, context, reader) if ours else row
        typed = _typed(line, mapping, ours=ours)
        if ours and own is None:
            elsewhere.append(row)
        written = commands.enter(kind, typed, context, needed=_needed(kind, ours=ours))
        number = str(written[0].changes[NUMBER])
        if _CUT.fullmatch(number):
            raise UsageError(
                f"{label_of(kind, NUMBER)} „{number}“ hat eine Tabellenkalkulation gekürzt: bitte"
                " die Spalte als Text formatieren und neu ausgeben.",
                field=NUMBER,
            )
        place = str(own.id) if own else number
        if place in seen:
            raise UsageError(f"die Nummer {number} steht schon in {noun} {seen[place]}.")
        seen[place] = row.line
        numbered = Query(kind, (Where(NUMBER, "=", number),), limit=1)
        found = [own] if own else reader.select(numbered)
        if not found:
            drafts.extend(written)
            counts["new"] += 1
            return
        said = {
            n: t for n, t in typed.items() if n not in mapping.fixed or _cells(line, mapping, n)
        }
        counts[rewrite(found[0], said, context, drafts) if update else "known"] += 1

    take_all(rows, path.name, take, progress, noun)
    used |= {COLUMN_OF_POINT, *(own_columns(kind) if ours else ())}
    notes = (*table.notes, *lost_references(elsewhere, kind), *unused_columns(rows, used))
    return Plan(tuple(drafts), counts["new"], counts["changed"], counts["known"], notes=notes)


def _typed(row: TableRow, mapping: ColumnMap, *, ours: bool) -> dict[str, str]:
    """What the line says, by field; what came without a number from us has ours."""
    kind, typed = mapping.kind, dict[str, str]()
    for name in {**mapping.columns, **mapping.fixed}:
        text = _cells(row, mapping, name) or mapping.fixed.get(name, "")
        if name in mapping.values:
            text = mapping.values[name].get(fold_text(text), text)
        typed[name] = text
    if "point" in _fields(kind) and not typed.get("point"):
        typed["point"] = row.get(COLUMN_OF_POINT)
    if ours and not typed.get(NUMBER):
        typed[NUMBER] = number_of(row)
    for name in _needed(kind, ours=ours):
        if not typed.get(name) or is_unknown(typed[name]):
            columns = " + ".join(mapping.columns.get(name, ())) or "keine Spalte zugeordnet"
            label = label_of(kind, name)
            mend = "" if name == NUMBER else f"; sonst in der Zuordnung: [fest] {label} = …"
            raise UsageError(f"{label} fehlt (Spalte: {columns}{mend}).", field=name)
    return typed


def _cells(row: TableRow, mapping: ColumnMap, name: str) -> str:
    """What the line itself says of a field, in one or several columns."""
    parts = [row.get(column) for column in mapping.columns.get(name, ())]
    between = " " if input_of(mapping.kind, name) == "point" else ", "
    return between.join(part for part in parts if part)


def _field_name(kind: str, label: str) -> str:
    wanted, names = fold_text(label), _fields(kind)
    for name in names:
        if wanted in (name, fold_text(label_of(kind, name))):
            return name
    known = ", ".join(label_of(kind, name) for name in names)
    raise UsageError(f"das Feld „{label}“ gibt es nicht; möglich: {known}.")


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _dict(data.get(name, {}))


def _dict(given: object) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise UsageError(f"„{given}“ ist keine Tabelle.")
    return given


def _strings(given: object) -> tuple[str, ...]:
    parts: Sequence[object] = given if isinstance(given, list) else [given]
    return tuple(str(part) for part in parts)
