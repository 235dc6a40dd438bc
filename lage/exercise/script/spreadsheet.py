# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Drehbuch as a table for spreadsheets: CSV, or a workbook where the extra for it is there.

An inject in a row, a key in a column; columns that nobody needs are left out. Below stands the
frame (staffs, phases, branches, series, outages), so that ``intake`` gives back the whole script.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lage.exercise.script.cells import content_cell, in_one_line, lines_cell, people_cell
from lage.exercise.script.columns import CLOCK, COLUMNS, FRAME
from lage.exercise.script.model import Script
from lage.exercise.script.table import clock_of
from lage.exercise.script.written import as_plain
from lage.language.errors import UsageError
from lage.language.guard import guarded
from lage.language.install import install_command
from lage.reports.tables import table_csv

_ALWAYS = ("nr", "zeit", CLOCK, "von", "an", "weg", "titel", "inhalt", "erwartet", "bewertung",
           "bemerkung")  # fmt: skip
_ORDER = ("nr", "id", "zeit", CLOCK, "phase", "von", "an", "weg", "vorrang", "titel", "inhalt",
          "erwartet", "erfuellt", "bewertung", "bemerkung", "nur_wenn", "stoerung",
          "wahrscheinlichkeit", "streuung")  # fmt: skip
_WIDE = {"inhalt": 60, "erwartet": 45, "erfuellt": 45, "bewertung": 35, "bemerkung": 35,
         "nur_wenn": 25, "stoerung": 30, "von": 22, "an": 22, "zeit": 22, "nr": 8}  # fmt: skip
_WIDTH = 14
CELL_MAX = 32_767
"""Characters in a cell of a workbook; the library cuts what is longer."""


def script_csv(script: Script) -> bytes:
    """As German Excel opens it by a double click."""
    keys, rows = _sheet(script)
    return table_csv(list(map(_title, keys)), rows, exercise=True)


def script_workbook(script: Script) -> bytes:
    """An Excel workbook with a heading that stays. Raises UsageError where the extra is missing,
    or a text is longer than a cell can be."""
    try:
        import openpyxl
        from openpyxl.styles import Alignment, Font
    except ImportError as error:
        raise UsageError(
            "Für Excel-Arbeitsmappen fehlt der Zusatz [tabellen], einrichten mit"
            f" {install_command('tabellen')}; oder --ziel mit der Endung .csv."
        ) from error
    keys, rows = _sheet(script)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Drehbuch"
    sheet.append([f"ÜBUNG: {script.name}"])
    sheet.append(list(map(_title, keys)))
    for row in rows:
        if max(map(len, row)) >= CELL_MAX:
            raise UsageError(
                f"„{row[0]}“ ist länger, als eine Zelle in Excel sein kann: bitte --ziel mit der"
                " Endung .csv."
            )
        sheet.append([guarded(cell) for cell in row])
    for cells in sheet.iter_rows(min_row=3):
        for cell in cells:
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for place, key in enumerate(keys):
        letter = openpyxl.utils.get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = _WIDE.get(key, _WIDTH)
    for cell in (*sheet[1], *sheet[2]):
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(
        fitToPage=True
    )
    sheet.oddHeader.center.text = "ÜBUNG ÜBUNG ÜBUNG"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet(script: Script) -> tuple[list[str], list[list[str]]]:
    """Which columns there are, and the rows: injects, then the frame."""
    plain = as_plain(script)
    cells = [
        {**_cells(step), CLOCK: clock_of(inject, script)}
        for inject, step in zip(script.injects, plain.pop("ablauf", []), strict=True)
    ]
    used = {key for row in cells for key, text in row.items() if text} | set(_ALWAYS)
    keys = [key for key in _ORDER if key in used]
    cells += [{"nr": key, "zeit": FRAME, "inhalt": text} for key, text in _frame(plain)]
    return keys, [[row.get(key, "") for key in keys] for row in cells]


def _cells(step: Mapping[str, Any]) -> dict[str, str]:
    """One inject, a text for each key."""
    found = {key: said for key, said in step.items() if key in _ORDER and isinstance(said, str)}
    found["inhalt"] = content_cell(step)
    if "an" in step:
        found["an"] = people_cell(step["an"])
    for key in ("erfuellt", "nur_wenn"):
        if key in step:
            found[key] = lines_cell(step[key])
    if "stoerung" in step:
        found["stoerung"] = in_one_line(step["stoerung"])
    return found


def _frame(plain: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each key, and its value, or one part of it."""
    for key, said in plain.items():
        for part in said if isinstance(said, Sequence) and not isinstance(said, str) else [said]:
            yield key, part if isinstance(part, str) else in_one_line(part)


def _title(key: str) -> str:
    return CLOCK if key == CLOCK else COLUMNS[key][0]
