# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Workbooks of Excel (.xlsx) as text of a table: one sheet, a line for each of its rows.

Values are taken, not formulas. What Excel keeps as a date is written as people write one, so a
column means the same whether the workbook or its CSV comes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterable, Sequence, Set
from pathlib import Path
from typing import Any

from lage.imports.plan import FILE_BYTES_MAX, ROWS_MAX
from lage.imports.table import BREAK, TITLES_MAX, is_heading
from lage.language.errors import ImportRefused
from lage.language.folding import fold_text
from lage.language.install import install_command
from maps.read.files import regular_size

_COLUMNS_MAX = 200
_UNPACKED_MAX = 4 * FILE_BYTES_MAX
_BROKEN = (
    SyntaxError, zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError,
    AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
"""What openpyxl raises for a workbook that is none, or half of one; bad XML is a SyntaxError."""


_JOINED = re.compile(r'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook of Excel, whatever it is called."""
    try:
        regular_size(path)
        with zipfile.ZipFile(path) as packed:
            return "xl/workbook.xml" in packed.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def read_workbook(path: Path, wanted: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
    """A sheet as text with ``;``, and what has to be said. Raises ImportRefused.

    It is the first that has a heading of ``wanted`` columns, else that on top.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise ImportRefused(
            f"{path.name} ist eine Excel-Arbeitsmappe: dafür fehlt der Zusatz [tabellen],"
            f" einrichten mit {install_command('tabellen')}; oder in Excel als „CSV UTF-8“"
            " speichern.",
            (),
        ) from error
    warnings.filterwarnings("ignore", module="openpyxl")  # what it leaves out is no table
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\n")
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(each.file_size for each in packed.infolist())
        if size > _UNPACKED_MAX:
            raise ImportRefused(f"{path.name} ist ausgepackt mit {size} Bytes zu groß.", ())
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise ImportRefused(f"{path.name} hat kein sichtbares Tabellenblatt.", ())
        sheet = _sheet_of(sheets, {fold_text(column) for column in wanted})
        joined, above = _joined(path, sheet), dict[int, str]()
        rows = sheet.iter_rows(max_col=_COLUMNS_MAX)
        filled = 0
        for count, row in enumerate(rows, 1):
            if count > 2 * ROWS_MAX:
                raise ImportRefused(f"{path.name} hat mehr als {2 * ROWS_MAX} Zeilen.", ())
            cells = _cells(row)
            for column in joined.get(count, ()) if cells else ():
                if column < len(cells):
                    filled += bool(above.get(column))
                    cells[column] = above.get(column, "")
            above = dict(enumerate(cells))
            writer.writerow(cells)
        book.close()
    except _BROKEN as error:
        raise ImportRefused(
            f"{path.name} ist keine lesbare Excel-Arbeitsmappe: bitte in Excel neu speichern.", ()
        ) from error
    note = f"Gelesen ist das Blatt „{sheet.title}“; die Mappe hat {len(sheets)}."
    notes = (note,) if len(sheets) > 1 else ()
    if filled:
        notes = (*notes, f"{filled} Zellen sind mit der darüber verbunden und sagen dasselbe.")
    return target.getvalue(), notes


def _sheet_of(sheets: Sequence[Any], wanted: Set[str]) -> Any:
    """The sheet that is meant: often a cover or instructions lie on top of it."""
    for sheet in sheets:
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_row=TITLES_MAX, max_col=_COLUMNS_MAX, values_only=True):
            if is_heading((str(cell) for cell in row if cell is not None), wanted):
                return sheet
    return sheets[0]


def _joined(path: Path, sheet: Any) -> dict[int, list[int]]:
    """Columns (from 0) of each row whose cell was joined with the one above: it says the same."""
    with zipfile.ZipFile(path) as packed:  # openpyxl does not tell while it reads row by row
        text = packed.read(sheet._worksheet_path.lstrip("/")).decode()  # noqa: SLF001
    rows: dict[int, list[int]] = {}
    for letters, first, last in _JOINED.findall(text)[:ROWS_MAX]:
        column = _column_number(letters)
        for row in range(int(first) + 1, min(int(last), 2 * ROWS_MAX) + 1):
            rows.setdefault(row, []).append(column)
    return rows


def _column_number(letters: str) -> int:
    """``A`` is 0, ``AA`` 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _cells(row: Iterable[Any]) -> list[str]:
    cells = [_cell(each.value, str(getattr(each, "number_format", ""))) for each in row]
    return cells if any(cells) else []


def _cell(value: object, shown: str) -> str:
    """As Excel shows it in Germany; ``shown``: the format, in which a mere date has no hours."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, int | float) and "%" in shown:
        return f"{value * 100:.10g} %".replace(".", ",")  # 0.253 is shown as 25,3 %
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    if isinstance(value, dt.datetime) and not (value.hour or value.minute or "h" in shown.lower()):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, dt.datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return BREAK.join(line.strip() for line in str(value).splitlines())
