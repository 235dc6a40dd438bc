# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where simulated radios stand: a table with name, position and height of the antenna.

    Name;Lage;Höhe
    Krisenstab Steinfurt;52.1474, 7.3446;25
    SAE Rheine;32U LD 9300 9270;12

The position in any notation of the forms; the height in metres above ground, 10 where it is left
out. Hills between them are not known to the simulated air.
"""

from __future__ import annotations

from pathlib import Path

from lage.imports.plan import Problems, TableRow, each_row
from lage.imports.rows import read_rows
from lage.language.errors import UsageError
from lage.language.map_errors import position_sentence
from maps.geo import places as geo
from mesh.virtual.network import SITE_HEIGHT_M, Site

COLUMNS = ("Name", "Lage", "Höhe")
HEIGHT_MAX_M = 300.0


def read_sites(path: Path) -> list[Site]:
    """The sites in the order of the table. Raises ImportRefused."""
    table = read_rows(path, COLUMNS)
    problems = Problems(noun=table.noun)
    sites: list[Site] = []

    def take(row: TableRow) -> None:
        name = row.get("Name")
        if not name:
            raise UsageError("der Name fehlt.")
        try:
            grid = geo.to_grid(geo.parse_position(row.get("Lage")).position)
        except geo.PositionError as error:
            raise UsageError(position_sentence(error)) from error
        sites.append(Site(name, grid.east, grid.north, _height(row.get("Höhe"))))

    each_row(table.rows, problems, take)
    problems.refuse(path.name, ", ".join(COLUMNS))
    if not sites:
        raise UsageError(f"{path.name} nennt keinen Standort: Spalten {', '.join(COLUMNS)}.")
    return sites


def _height(text: str) -> float:
    """Metres above ground."""
    if not text:
        return SITE_HEIGHT_M
    try:
        height = float(text.removesuffix("m").strip().replace(",", "."))
    except ValueError as error:
        raise UsageError(f"die Höhe „{text}“ ist keine Zahl in Metern.") from error
    if not 0 < height <= HEIGHT_MAX_M:
        raise UsageError(f"die Höhe muss zwischen 0 und {HEIGHT_MAX_M:.0f} m liegen.")
    return height
