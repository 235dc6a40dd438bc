# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""CSV as spreadsheets and other programs write it: where its heading is, what parts its cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import islice

from lage.imports.plan import ROWS_MAX, TableRow
from lage.language.errors import ImportRefused
from lage.language.folding import fold_text
from lage.language.guard import unguarded
from lage.language.spelling import clean

_DAMAGED = re.compile(
    r"#(?:NV|N/A|BEZUG!|REF!|WERT!|VALUE!|DIV/0!|NAME\?|ZAHL!|NUM!|NULL!|ÜBERLAUF!|SPILL!)|#{3,}"
)
"""What spreadsheets write where they could not reckon or show a cell."""
BREAK = "\x1f"
"""Stands for a line break within a cell where each row has to stay one line."""
COLUMNS_MAX = 200
LINE_MAX = 1_000_000
TITLES_MAX = 20
_HEADING_MAX = 100_000
_END = re.compile("\r\n|[\r\n\u0085\u2028\u2029]")
_DELIMITERS = (";", "\t", ",", "|")
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""What Excel takes as a first line that names the delimiter."""


def read_table(text: str, name: str, wanted: Iterable[str] = ()) -> list[TableRow]:
    """Rows of a CSV file with a heading; ``;``, tab, comma or ``|`` between.

    ``wanted``: names of columns, of which the heading has at least two; what stands above it are
    titles. Lines are counted as an editor does. Raises ImportRefused.
    """
    first = [line[:_HEADING_MAX] for line in islice(_lines(text, name), TITLES_MAX + 1)]
    above, delimiter = _heading(first, {fold_text(column) for column in wanted})
    below = islice(_lines(text, name), above, None)
    reader = csv.reader(below, delimiter=delimiter, strict=True)
    rows: list[TableRow] = []
    start = above + 1
    try:
        titles = [fold_text(title.strip()) for title in next(reader, [])]
        if not any(titles) or len(titles) > COLUMNS_MAX:
            raise ImportRefused(f"{name} hat keine Kopfzeile mit Spaltennamen.", ())
        known = {fold_text(column) for column in wanted}
        if known and not known & set(titles):
            raise ImportRefused(_strange(name, above + 1, titles, wanted), ())
        twice = frozenset(title for title in titles if title and titles.count(title) > 1)
        start = above + reader.line_num + 1
        for cells in reader:
            line, start = start, above + reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if [fold_text(cell.strip()) for cell in cells] == titles:
                continue  # the heading of the next printed page
            if len(rows) >= ROWS_MAX:
                raise ImportRefused(f"{name} hat mehr als {ROWS_MAX} Zeilen.", ())
            fault = ""
            if any(cell.strip() for cell in cells[len(titles) :]):
                fault = (
                    f"{len(cells)} Zellen statt {len(titles)}: enthält ein Text „{delimiter}“,"
                    " gehört er in Anführungszeichen."
                )
            fault = fault or _damage(titles, cells, known)
            texts = (unguarded(cell).replace(BREAK, "\n") for cell in cells)
            named = zip(titles, texts, strict=False)
            rows.append(TableRow(line, dict(named), twice, fault, above + 1))
    except csv.Error as error:
        reason = (
            "hier oder später ist ein Anführungszeichen falsch gesetzt oder nicht geschlossen."
            if any(said in str(error) for said in ("delimiter", "end of data", "field larger"))
            else "die Zeile ist nicht lesbar."
        )
        raise ImportRefused(f"{name} ist keine gültige CSV-Datei.", [(start, reason)]) from error
    return rows


def _damage(titles: Sequence[str], cells: Sequence[str], known: set[str]) -> str:
    """A sentence on a cell of a column that matters whose value the spreadsheet has lost."""
    for title, cell in zip(titles, cells, strict=False):
        if (not known or title in known) and _DAMAGED.fullmatch(cell.strip()):
            return (
                f"Spalte „{title}“: „{cell.strip()}“ ist ein Fehler der Tabellenkalkulation, kein"
                " Wert."
            )
    return ""


def _strange(name: str, line: int, titles: Sequence[str], wanted: Iterable[str]) -> str:
    """One sentence on a heading of which no column is known: it is the fault, not each line."""
    has = ", ".join(f"„{title:.30}“" for title in titles[:8] if title)
    needs = ", ".join(dict.fromkeys(wanted))
    return (
        f"{name} hat keine der Spalten, die gebraucht werden: die Kopfzeile (Zeile {line}) nennt"
        f" {has}; möglich sind {needs}."
    )


def _lines(text: str, name: str) -> Iterator[str]:
    """Lines in the one spelling, made as they are asked for: what is wrong early costs little."""
    start, number = 0, 0
    while start <= len(text):
        number += 1
        found = _END.search(text, start)
        end = found.start() if found else len(text)
        if end - start > LINE_MAX:
            said = f"die Zeile hat mehr als {LINE_MAX} Zeichen."
            raise ImportRefused(f"{name} ist keine gültige CSV-Datei.", [(number, said)])
        yield clean(text[start:end]) + "\n"
        start = found.end() if found else len(text) + 1


def is_heading(cells: Iterable[str], wanted: Set[str]) -> bool:
    """Whether these name at least two of the columns that are wanted, folded."""
    return len({fold_text(cell.strip()) for cell in cells} & wanted) >= min(2, len(wanted)) > 0


def _heading(lines: Sequence[str], wanted: set[str]) -> tuple[int, str]:
    """How many lines stand above the heading, and what is between its cells."""
    said = _SEP.fullmatch(lines[0])
    first = 1 if said and len(lines) > 1 else 0
    delimiters = (said[1],) if said and first else _DELIMITERS
    for place, line in enumerate(lines[first : first + TITLES_MAX], first):
        for delimiter in delimiters:
            if is_heading((cell.strip().strip('"') for cell in line.split(delimiter)), wanted):
                return place, delimiter
    return first, max(delimiters, key=lines[first].count)
