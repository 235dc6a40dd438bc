# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What official files call their columns: VG250 of the BKG, DVG of NRW, and common names.

Columns are compared without case, since VG250 changed it between editions. Values are data from
files: numbers may be text, text may be anything; only its length is limited here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TEXT_MAX = 200
PEOPLE_MAX = 100_000_000

_KEY = ("ags", "kn")
_NAME = ("gen", "gn", "name", "bezeichnung", "titel", "title")
_KIND = ("bez", "art", "kind", "typ", "type")
_PEOPLE = ("ewz", "einwohner", "population")
LAND_AREA = 4
"""VG250 field GF: 4 is land with structure; other values repeat a unit for its waters."""

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Facts:
    """The columns that mean something to us."""

    name: str
    key: str
    kind: str
    people: int | None
    land: bool  # false for the extra water shapes of VG250


def is_municipal(columns: Iterable[str]) -> bool:
    """Whether columns are those of official boundaries: a key and a name (VG250 or DVG)."""
    names = {column.casefold() for column in columns}
    return {"ags", "gen"} <= names or {"kn", "gn"} <= names


def facts(values: Values) -> Facts:
    """Pick the known columns out of a row."""
    lower = {column.casefold(): value for column, value in values.items()}
    area_kind = _whole(lower.get("gf"))
    return Facts(
        name=_text(lower, _NAME),
        key=_text(lower, _KEY),
        kind=_text(lower, _KIND),
        people=next((n for c in _PEOPLE if (n := _whole(lower.get(c))) is not None), None),
        land=area_kind is None or area_kind == LAND_AREA,
    )


def _text(values: Values, columns: tuple[str, ...]) -> str:
    for column in columns:
        value = values.get(column)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()[:TEXT_MAX]
    return ""


def _whole(value: object) -> int | None:
    """A whole number from 0 to PEOPLE_MAX, also written as text; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= PEOPLE_MAX else None
