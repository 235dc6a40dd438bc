# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One door for tables, whatever they are saved as: CSV, workbook, GeoJSON, a list in JSON."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lage.imports.features import cell, read_features
from lage.imports.origin import check_origin, origin_of
from lage.imports.plan import ROWS_MAX, TableRow, read_json, read_noted
from lage.imports.stations import told
from lage.imports.table import read_table
from lage.imports.workbook import is_workbook, read_workbook
from lage.language.errors import ImportRefused
from lage.language.folding import fold_text
from lage.write.parse import Context


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file, what their numbers count, and what has to be said about them."""

    rows: list[TableRow]
    noun: Literal["Zeile", "Objekt"] = "Zeile"
    notes: tuple[str, ...] = ()


def read_rows(path: Path, wanted: Iterable[str], context: Context | None = None) -> Rows:
    """What is in a file, by how it begins, whatever it is called. Raises ImportRefused.

    ``wanted``: columns by which the heading of a table is known. ``context``: of the network that
    the rows are for; scripts of exercises have none.
    """
    rows, above = _read(path, wanted)
    if context is not None:
        check_origin(origin_of(rows.rows, above), path.name, context)
    return rows


def _read(path: Path, wanted: Iterable[str]) -> tuple[Rows, str]:
    """The rows, and what stands above a heading."""
    if is_workbook(path):
        wanted = list(wanted)
        sheet, notes = read_workbook(path, wanted)
        return _table(sheet, path.name, wanted, notes)
    text, guessed = read_noted(path)
    begins = text.lstrip("\x1e \r\n\t")[:1]
    if begins == "{" and "\n" in text.strip() and '"Feature' not in text:
        with suppress(ImportRefused):  # a list of objects, one on each line
            return Rows(_objects(text, path.name), "Objekt", guessed), ""
    if begins == "{":
        rows, notes = _features(text, path.name)
        return Rows(rows, "Objekt", (*guessed, *notes)), ""
    if begins == "[":
        return Rows(_objects(text, path.name), "Objekt", guessed), ""
    return _table(text, path.name, wanted, guessed)


def _table(text: str, name: str, wanted: Iterable[str], notes: tuple[str, ...]) -> tuple[Rows, str]:
    rows = read_table(text, name, wanted)
    above = text.splitlines()[: rows[0].heading - 1] if rows else ()
    return Rows(rows, "Zeile", notes), "\n".join(above)


def _features(text: str, name: str) -> tuple[list[TableRow], tuple[str, ...]]:
    """Features, or the refusal with what a service said instead of them."""
    try:
        return read_features(text, name)
    except ImportRefused:
        try:
            said = told(read_json(text, name))
        except ImportRefused:
            said = ""
        if not said:
            raise
        raise ImportRefused(f"{name} ist keine Liste von Einträgen{said}.", ()) from None


def _objects(text: str, name: str) -> list[TableRow]:
    data = read_json(text, name)
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise ImportRefused(f"{name} ist keine Liste von Objekten.", ())
    if len(data) > ROWS_MAX:
        raise ImportRefused(f"{name} hat mehr als {ROWS_MAX} Objekte.", ())
    return [
        TableRow(number, {fold_text(key): cell(value) for key, value in item.items()})
        for number, item in enumerate(data, 1)
    ]
