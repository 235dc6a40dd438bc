# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ground on which public pages show what is public: lines, names and where things stand on a
sheet, as a document. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

FILE = "karte.json"
LINES_MAX = 20_000
SIGNS_MAX = 200
"""Shelters and supply points on the sheet; more would lie on each other."""


class ChartError(ValueError):
    """This is no chart."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Lines of one sort: ``county``, ``town``, ``water``, ``road``; each is points of the sheet."""

    sort: str
    lines: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A name and its lower left corner."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something public is, and where its sign stands, so that none hides another."""

    key: str  # of the board's item
    x: float
    y: float
    sign_x: float
    sign_y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A sheet in millimetres."""

    width: float
    height: float
    ground: tuple[Ground, ...] = ()
    names: tuple[Name, ...] = ()
    places: tuple[tuple[str, float, float], ...] = ()  # key of a gauge, x, y
    sources: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()


def to_json(chart: Chart) -> bytes:
    """The document as it lies in the folder."""
    return json.dumps(asdict(chart), ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> Chart:
    """Read a document. Raises ChartError."""
    try:
        said = json.loads(data)
        ground = tuple(
            Ground(
                str(each["sort"]),
                tuple(
                    tuple((float(x), float(y)) for x, y in line)
                    for line in each["lines"][:LINES_MAX]
                ),
            )
            for each in said["ground"]
        )
        return Chart(
            float(said["width"]),
            float(said["height"]),
            ground,
            tuple(Name(float(n["x"]), float(n["y"]), str(n["text"])) for n in said["names"]),
            tuple((str(key), float(x), float(y)) for key, x, y in said["places"]),
            tuple(map(str, said["sources"])),
            tuple(_spot(each) for each in said.get("spots", ())[:SIGNS_MAX]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ChartError("Die Karte ist nicht lesbar.") from error


def _spot(said: dict[str, Any]) -> Spot:
    x, y, sign_x, sign_y = (float(said[name]) for name in ("x", "y", "sign_x", "sign_y"))
    return Spot(str(said["key"]), x, y, sign_x, sign_y)
