# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Drehbuch as a table for spreadsheets: CSV, or a workbook where the extra for it is there."""

from __future__ import annotations

import io

from lage.exercise.script.model import Script
from lage.exercise.script.table import COLUMNS, table
from lage.language.errors import UsageError
from lage.language.guard import guarded
from lage.language.install import install_command
from lage.reports.tables import table_csv

_WIDTHS = (8, 22, 14, 22, 22, 16, 60, 45, 35, 35)


def script_csv(script: Script) -> bytes:
    """As German Excel opens it by a double click."""
    return table_csv(COLUMNS, table(script), exercise=True)


def script_workbook(script: Script) -> bytes:
    """An Excel workbook with a heading that stays. Raises UsageError where the extra is missing."""
    try:
        import openpyxl
        from openpyxl.styles import Alignment, Font
    except ImportError as error:
        raise UsageError(
            "Für Excel-Arbeitsmappen fehlt der Zusatz [tabellen], einrichten mit"
            f" {install_command('tabellen')}; oder --ziel mit der Endung .csv."
        ) from error
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Drehbuch"
    sheet.append([f"ÜBUNG: {script.name}"])
    sheet.append(list(COLUMNS))
    for row in table(script):
        sheet.append([guarded(cell) for cell in row])
    for cells in sheet.iter_rows(min_row=3):
        for cell in cells:
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place + 1)].width = width
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
