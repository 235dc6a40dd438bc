# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The municipalities of the shipped county as a table, without any geometry: quick to read."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Town:
    """One row of the official figures."""

    key: str  # AGS, 8 digits
    name: str
    kind: str  # "Stadt" or "Gemeinde"
    population: int
    lat: float
    lon: float


@cache
def shipped_towns() -> tuple[Town, ...]:
    """All rows, in order of their keys."""
    text = files("maps").joinpath("data", "gemeinden.csv").read_text("utf-8")
    return tuple(
        Town(
            row["ags"],
            row["name"],
            row["type"],
            int(row["population"]),
            float(row["lat"]),
            float(row["lon"]),
        )
        for row in csv.DictReader(io.StringIO(text))
    )
