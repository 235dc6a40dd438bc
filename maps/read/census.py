# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The census grid: people per 100-m (or 1-km) cell, read from the CSV of Zensus 2022.

Layout (destatis): ``GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner``, UTF-8, ``;``. The id names the
south-west corner (``CRS3035RES100mN2689100E4337000``), x and y the middle, all in EPSG:3035. A
cell with a dash instead of a number is inhabited but kept secret; an uninhabited one is absent.
The 1-km twin and the older grid (``1kmN3212E4147``) have the same columns.

Figures carry deliberate noise, so only sums over several cells mean anything.
Limits: 4 million lines, cells outside the region are left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maps.geo.errors import Fault, Flaw, ImportRefusedError, Problem, Refusal

LINES_MAX = 4_000_000
PEOPLE_MAX = 100_000
"""More people in one cell are a wrong column, not a city."""

SECRET = -1
Ints = npt.NDArray[np.int32]

_SECRET_TEXTS = ("–", "-", "\ufffd", "", "-1")  # -1 is the mark of the 2011 edition
_CELL_SIZES = {"100m": 100, "1km": 1_000, "10km": 10_000}
_ID = re.compile(r"(?:CRS3035RES)?([0-9]+k?m)N([0-9]{1,7})E([0-9]{1,7})", re.ASCII)


@dataclass(frozen=True, eq=False, slots=True)
class Census:
    """Inhabited cells: middles in EPSG:3035 and people, ``SECRET`` where not published."""

    cell_m: int
    east: Ints
    north: Ints
    people: Ints

    def __post_init__(self) -> None:
        assert len(self.east) == len(self.north) == len(self.people)


@dataclass(frozen=True, slots=True)
class CensusReading:
    """What a file held."""

    census: Census | None
    problems: tuple[Problem, ...]
    outside: int  # good lines beyond the region


def read_census(lines: Iterable[str], region: tuple[float, float, float, float]) -> CensusReading:
    """Read a census file; ``region`` is west, south, east, north in EPSG:3035.

    Raises ImportRefusedError when the first line is not the header of a census grid, or the file
    is longer than LINES_MAX. ``census`` is None if any line is bad.
    """
    rows = iter(lines)
    size = _cell_size(next(rows, ""))
    problems: list[Problem] = []
    cells: dict[tuple[int, int], int] = {}
    outside = 0
    west, south, east, north = region
    for number, line in enumerate(rows, start=2):
        if number > LINES_MAX:
            raise ImportRefusedError(Refusal.TOO_MANY_LINES, detail=str(LINES_MAX))
        if not line.strip():
            continue
        parsed = _parse(line, size)
        if isinstance(parsed, Flaw):
            problems.append(Problem(number, parsed))
            continue
        x, y, people = parsed
        if (x, y) in cells:
            problems.append(Problem(number, Flaw(Fault.CELL_TWICE)))
        elif west <= x <= east and south <= y <= north:
            cells[x, y] = people
        else:
            outside += 1
    if problems:
        return CensusReading(None, tuple(problems), outside)
    table = np.array([(x, y, n) for (x, y), n in cells.items()], dtype=np.int32).reshape(-1, 3)
    census = Census(size, table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())
    return CensusReading(census, (), outside)


def _cell_size(header: str) -> int:
    columns = [
        column.strip().strip('"').casefold() for column in header.lstrip("\ufeff").split(";")
    ]
    for name, size in _CELL_SIZES.items():
        expected = [f"gitter_id_{name}", f"x_mp_{name}", f"y_mp_{name}", "einwohner"]
        if columns[:4] == expected:
            return size
    raise ImportRefusedError(Refusal.NO_CENSUS)


def _parse(line: str, size: int) -> tuple[int, int, int] | Flaw:
    """(x, y, people) of a line, or its flaw."""
    fields = [field.strip().strip('"') for field in line.rstrip("\r\n").split(";")]
    if len(fields) < 4:
        return Flaw(Fault.COLUMNS, str(len(fields)))
    name, x_text, y_text, people_text = fields[:4]
    if not (_is_number(x_text) and _is_number(y_text)):
        return Flaw(Fault.CELL_MIDDLE)
    x, y = int(x_text), int(y_text)
    if x % size != size // 2 or y % size != size // 2:
        return Flaw(Fault.CELL_GRID, str(size))
    match = _ID.fullmatch(name)
    if match is None:
        return Flaw(Fault.CELL_ID)
    unit = 1 if name.startswith("CRS") else size  # the older ids count cells, not metres
    if (int(match[3]) * unit, int(match[2]) * unit) != (x - size // 2, y - size // 2):
        return Flaw(Fault.CELL_MISMATCH)
    if people_text in _SECRET_TEXTS:
        return x, y, SECRET
    if not _is_number(people_text) or int(people_text) > PEOPLE_MAX:
        return Flaw(Fault.CELL_PEOPLE)
    return x, y, int(people_text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 7
