# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""CSV as spreadsheets and other programs write it: where its heading is, what parts its cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from lage.imports.plan import ROWS_MAX, TableRow
from lage.language.errors import ImportRefused
from lage.language.folding import fold_text
from lage.language.guard import unguarded
from lage.language.spelling import clean

COLUMNS_MAX = 200
_TITLES_MAX = 20
_DELIMITERS = (";", "\t", ",")
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""What Excel takes as a first line that names the delimiter."""


def read_table(text: str, name: str, wanted: Iterable[str] = ()) -> list[TableRow]:
    """Rows of a CSV file with a heading; ``;``, tab or comma between.

    ``wanted``: names of columns, of which the heading has at least two; what stands above it are
    titles. Lines are counted as an editor does. Raises ImportRefused.
    """
    lines = clean(text).split("\n")
    above, delimiter = _heading(lines, {fold_text(column) for column in wanted})
    below = io.StringIO("\n".join(lines[above:]), newline="")
    reader = csv.reader(below, delimiter=delimiter, strict=True)
    rows: list[TableRow] = []
    start = above + 1
    try:
        titles = [fold_text(title.strip()) for title in next(reader, [])]
        if not any(titles) or len(titles) > COLUMNS_MAX:
            raise ImportRefused(f"{name} hat keine Kopfzeile mit Spaltennamen.", ())
        twice = frozenset(title for title in titles if title and titles.count(title) > 1)
        start = above + reader.line_num + 1
        for cells in reader:
            line, start = start, above + reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) >= ROWS_MAX:
                raise ImportRefused(f"{name} hat mehr als {ROWS_MAX} Zeilen.", ())
            fault = ""
            if any(cell.strip() for cell in cells[len(titles) :]):
                fault = (
                    f"{len(cells)} Zellen statt {len(titles)}: enthält ein Text „{delimiter}“,"
                    " gehört er in Anführungszeichen."
                )
            named = zip(titles, map(unguarded, cells), strict=False)
            rows.append(TableRow(line, dict(named), twice, fault, above + 1))
    except csv.Error as error:
        reason = (
            "hier oder später ist ein Anführungszeichen falsch gesetzt oder nicht geschlossen."
            if "delimiter" in str(error) or "end of data" in str(error)
            else f"nicht lesbar ({error})."
        )
        raise ImportRefused(f"{name} ist keine gültige CSV-Datei.", [(start, reason)]) from error
    return rows


def _heading(lines: Sequence[str], wanted: set[str]) -> tuple[int, str]:
    """How many lines stand above the heading, and what is between its cells."""
    said = _SEP.fullmatch(lines[0])
    first = 1 if said and len(lines) > 1 else 0
    delimiters = (said[1],) if said and first else _DELIMITERS
    for place, line in enumerate(lines[first : first + _TITLES_MAX], first):
        for delimiter in delimiters:
            cells = {fold_text(cell.strip().strip('"')) for cell in line.split(delimiter)}
            if len(cells & wanted) >= min(2, len(wanted)) > 0:
                return place, delimiter
    return first, max(delimiters, key=lines[first].count)
