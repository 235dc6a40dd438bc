# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Balances of material, with what is below its minimum first. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.model import Query, Where
from lage.kinds.reader import ViewContext


@dataclass(frozen=True, slots=True)
class StockLine:
    """Balance of one item at one place."""

    item: str
    place: str
    amount: int
    minimum: int | None
    unit: str

    @property
    def short(self) -> bool:
        """Below its minimum, or below zero (probably given out twice)."""
        return self.amount < 0 or (self.minimum is not None and self.amount < self.minimum)

    def plain(self) -> dict[str, str | int | bool | None]:
        """For machines."""
        return {
            "material": self.item,
            "ort": self.place,
            "bestand": self.amount,
            "einheit": self.unit,
            "minimum": self.minimum,
            "zu_wenig": self.short,
        }


def stock_lines(context: ViewContext) -> list[StockLine]:
    """All balances with unit and minimum, shortages first."""
    known: dict[tuple[str, str], tuple[int | None, str]] = {}
    units: dict[str, str] = {}  # of items that are counted at another place
    supplies = Query("supply", order="entered", descending=False, limit=5000)
    for row in context.reader.select(supplies):
        key = (row.text("item"), row.text("place"))
        unit = row.text("unit")
        known[key] = (row.whole("minimum"), unit)
        units.setdefault(key[0], unit)
    balances = {(item, place): amount for item, place, amount in context.reader.stock()}
    lines = [
        StockLine(
            item,
            place,
            balances.get((item, place), 0),
            *known.get((item, place), (None, units.get(item, ""))),
        )
        for item, place in sorted({*balances, *known})
    ]
    return sorted(lines, key=lambda line: not line.short)


def last_booked(item: str, place: str, context: ViewContext) -> int | None:
    """When this balance became what it is; None where nothing was ever booked there."""
    where = (Where("item", "=", item), Where("place", "=", place))
    for row in context.reader.select(Query("stock_movement", where, order="entered", limit=1)):
        return row.time
    return None
