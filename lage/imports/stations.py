# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Stations of services: which of them are gauges of ours, and what they say of these."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lage.imports.series import gauge_named
from lage.kinds.model import Draft, Query, Record
from lage.kinds.reader import Reader
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.write import commands
from lage.write.parse import canonical_term
from lage.write.quantity import number
from lage.write.questions import near
from sync.schema.definition import Point, Value
from sync.schema.vocabulary import TERMS

NAME_MAX = 60
GAUGES_MAX = 5000


@dataclass(frozen=True, slots=True)
class Choice:
    """Which stations are ours: by name, by water, or those that are gauges here already."""

    names: Collection[str] = ()
    water: str = ""


class Ours:
    """Knows our gauges by the numbers that services give them."""

    def __init__(self, choice: Choice, reader: Reader) -> None:
        self._choice = choice
        self._reader = reader
        self._asked = {fold_text(name.strip()): name.strip() for name in choice.names}
        self._found: set[str] = set()
        self._titles: list[str] = []
        self._numbered = {
            gauge.text("station"): gauge.text("name")
            for gauge in reader.select(Query("gauge", limit=GAUGES_MAX))
            if "station" in gauge.values
        }

    def name(self, title: str, number: str, also: Iterable[str], waters: Iterable[str]) -> str:
        """Our name of a station, empty if it is not ours; ``also``: what else it is called.

        Raises UsageError for one without a usable name.
        """
        name = canonical_term(title, TERMS["gauge"])
        if not name or len(name) > NAME_MAX:
            raise UsageError("die Station hat keinen brauchbaren Namen.")
        self._titles.append(name)
        known = self._numbered.get(number)
        called = {fold_text(each) for each in (name, known or name, *also)}
        water = self._choice.water
        if self._asked or water:
            self._found |= called
            by_water = bool(water) and fold_text(water) in map(fold_text, waters)
            return (known or name) if by_water or self._asked.keys() & called else ""
        return known or (name if gauge_named(self._reader, name) else "")

    def missed(self) -> tuple[str, ...]:
        """A sentence on each name that was asked for and is none of the stations seen."""
        return tuple(
            f"Eine Station „{name}“ gibt es dort nicht"
            + (f": meinten Sie „{'“ oder „'.join(meant)}“?" if meant else ".")
            for folded, name in self._asked.items()
            if folded not in self._found
            for meant in [near(name, dict.fromkeys(self._titles))]
        )


def point_of(lat: object, lon: object) -> dict[str, Value]:
    """Where a station stands; nothing where it does not say so. Raises UsageError."""
    if lat in (None, "") or lon in (None, ""):
        return {}
    return {"point": Point(round(number(lat) * 10_000), round(number(lon) * 10_000))}


def described(gauge: Record | None, values: dict[str, Value]) -> list[Draft]:
    """Stammdaten to write: all for a new gauge, for a known one only what nobody has written."""
    if gauge is None:
        return commands.create("gauge", values, -1)
    missing = {name: value for name, value in values.items() if name not in gauge.values}
    return commands.change(gauge, missing) if missing else []


def told(data: object) -> str:
    """What a service says instead of data."""
    while isinstance(data, dict):
        for key in ("message", "error", "detail", "error_description"):
            if isinstance(data.get(key), str):
                return f": „{data[key][:100]}“"
        data = data.get("error") or data.get("errors")
        data = data[0] if isinstance(data, list) and data else data
    return ""
