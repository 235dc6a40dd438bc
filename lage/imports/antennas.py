# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where radios stand: a table with name, position, height of the antenna, and who always relays.

    Name;Lage;Höhe;Relais
    Krisenstab Steinfurt;52.1474, 7.3446;25;
    SAE Rheine;32U LD 9300 9270;12;
    Schafberg;52.300, 7.770;80;ja

The position in any notation of the forms, the height in metres above ground.
"""

from __future__ import annotations

from pathlib import Path

from lage.imports.plan import Problems, TableRow, each_row
from lage.imports.rows import read_rows
from lage.language.errors import UsageError
from lage.language.map_errors import position_sentence
from lage.views.relay_plan import Antenna
from lage.write.parse import parse_choice
from maps.geo import places as geo

COLUMNS = ("Name", "Lage", "Höhe", "Relais")
HEIGHT_MAX_M = 300.0


def read_antennas(path: Path, *, placed: bool = False) -> list[Antenna]:
    """In the order of the table; ``placed``: each must say where. Raises ImportRefused."""
    table = read_rows(path, COLUMNS)
    problems = Problems(noun=table.noun)
    found: list[Antenna] = []

    def take(row: TableRow) -> None:
        name, where, relay = (row.get(column) for column in ("Name", "Lage", "Relais"))
        if not name:
            raise UsageError("der Name fehlt.")
        position = _position(where) if where or placed else None
        always = bool(relay) and parse_choice(relay, ("ja", "nein")) == "ja"
        found.append(Antenna(name, position, _height(row.get("Höhe")), always))

    each_row(table.rows, problems, take)
    problems.refuse(path.name, ", ".join(COLUMNS))
    if not found:
        raise UsageError(f"{path.name} nennt keinen Standort: Spalten {', '.join(COLUMNS)}.")
    return found


def _position(text: str) -> geo.Position:
    try:
        position = geo.parse_position(text).position
        geo.to_grid(position)
        return position
    except geo.PositionError as error:
        raise UsageError(position_sentence(error)) from error


def _height(text: str) -> float | None:
    """Metres above ground."""
    if not text:
        return None
    try:
        height = float(text.removesuffix("m").strip().replace(",", "."))
    except ValueError as error:
        raise UsageError(f"die Höhe „{text}“ ist keine Zahl in Metern.") from error
    if not 0 < height <= HEIGHT_MAX_M:
        raise UsageError(f"die Höhe muss zwischen 0 und {HEIGHT_MAX_M:.0f} m liegen.")
    return height
