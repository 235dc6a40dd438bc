# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where radios stand: a table with name, position, height of the antenna, and who always relays.

    Name;Lage;Höhe;Relais
    Krisenstab Steinfurt;52.1474, 7.3446;25;
    SAE Rheine;32U LC 9366 9315;12;
    Schafberg;52.300, 7.770;80;ja

The position in any notation of the forms, or in two columns Breite and Länge; the height in metres
above ground. A unit may stand in a heading, as in „Höhe (m)“. What of a table is left alone is
said: a height that was overlooked makes a tower a roof.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lage.imports.features import COLUMN_OF_POINT
from lage.imports.plan import TableRow, take_all, unused_columns
from lage.imports.rows import read_rows
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.map_errors import position_sentence
from lage.language.numbers import read_number, split_unit
from lage.views.relay_plan import Antenna
from lage.write.parse import is_unknown, parse_choice
from maps.geo import places as geo

COLUMNS = ("Name", "Lage", "Höhe", "Relais")
POSITIONS = ("Lage", COLUMN_OF_POINT)
LATITUDE, LONGITUDE = "Breite", "Länge"
READ = (*COLUMNS, COLUMN_OF_POINT, LATITUDE, LONGITUDE)
HEIGHT_MIN_M, HEIGHT_MAX_M = 1.0, 300.0
NAME_MAX = 60
_METRES = frozenset({"", "m", "meter"})
_IN_METRES = re.compile(r"\s*(?:\[m\]|\(m\)|\bin m)$")


@dataclass(frozen=True, slots=True)
class AntennaTable:
    """What a file says, in its order, and what has to be said about it."""

    antennas: tuple[Antenna, ...]
    notes: tuple[str, ...] = ()


def read_antennas(path: Path, *, placed: bool = False) -> AntennaTable:
    """In the order of the table; ``placed``: each must say where. Raises ImportRefused."""
    table = read_rows(path, READ)
    rows = [replace(row, cells=_without_units(row.cells)) for row in table.rows]
    found: list[Antenna] = []

    def take(row: TableRow) -> None:
        name, relay = row.get("Name"), row.get("Relais")
        if not name:
            raise UsageError("der Name fehlt.")
        if len(name) > NAME_MAX:
            raise UsageError(f"der Name hat mehr als {NAME_MAX} Zeichen.")
        where = _where(row)
        position = _position(where) if where or placed else None
        always = bool(relay) and parse_choice(relay, ("ja", "nein")) == "ja"
        found.append(Antenna(name, position, _height(row.get("Höhe")), always))

    take_all(rows, path.name, take, noun=table.noun)
    if not found:
        raise UsageError(f"{path.name} nennt keinen Standort: Spalten {', '.join(COLUMNS)}.")
    return AntennaTable(tuple(found), (*table.notes, *unused_columns(rows, READ)))


def _without_units(cells: Mapping[str, str]) -> dict[str, str]:
    """„Höhe (m)“ is Höhe, unless there is one."""
    bare = {title: _IN_METRES.sub("", title) for title in cells}
    return {title if bare[title] in cells else bare[title]: cell for title, cell in cells.items()}


def _where(row: TableRow) -> str:
    """The position as it is written; empty where nothing is said, or that it is not known."""
    both = [row.get(LATITUDE), row.get(LONGITUDE)]
    if any(both) and not all(both):
        raise UsageError(f"von {LATITUDE} und {LONGITUDE} fehlt eines.")
    given = next(filter(None, map(row.get, POSITIONS)), ", ".join(filter(None, both)))
    return "" if is_unknown(given) else given


def _position(text: str) -> geo.Position:
    try:
        position = geo.parse_position(text).position
        geo.to_grid(position)
        return position
    except geo.PositionError as error:
        raise UsageError(position_sentence(error)) from error


def _height(text: str) -> float | None:
    """Metres above ground."""
    if not text or is_unknown(text):
        return None
    number, unit = split_unit(text)
    height = read_number(number, thousands=True)
    if height is None or fold_text(unit).strip() not in _METRES:
        raise UsageError(f"die Höhe „{text}“ ist keine Zahl in Metern.")
    if not HEIGHT_MIN_M <= height <= HEIGHT_MAX_M:
        raise UsageError(
            f"die Höhe {text} ist keine über Grund: möglich sind {HEIGHT_MIN_M:.0f} bis"
            f" {HEIGHT_MAX_M:.0f} m."
        )
    return float(height)
