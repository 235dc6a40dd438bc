# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an entry says, in one line: for hits, for the Tagebuch, for what stands at another entry."""

from __future__ import annotations

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.plain import plain
from lage.views.scale import reading_words
from lage.views.sums import strength_of
from lage.views.words import short_value

FIRST = ("text", "note", "place", "status")
"""Of kinds whose cards name no fields, the first that is known."""


def movement_words(record: Record, context: ViewContext) -> str:
    """``500 Stück Sandsäcke nach Rheine``: what was booked, with the unit its place counts in."""
    item, place = record.text("item"), record.text("place")
    amount, to_place = record.whole("amount") or 0, record.text("to_place")
    kept = Query("supply", (Where("item", "=", item), Where("unit", "known")), limit=50)
    units = {row.text("place"): row.text("unit") for row in context.reader.select(kept)}
    unit = units.get(place) or next(iter(units.values()), "")
    where = (
        f"aus {place} nach {to_place}" if to_place else f"{'nach' if amount > 0 else 'aus'} {place}"
    )
    return plain(" ".join(filter(None, (str(abs(amount)), unit, item, where))))


def gist(record: Record, context: ViewContext) -> str:
    """The fields that the card names, or what most kinds have."""
    if record.kind in ("reading", "forecast"):
        return reading_words(record, context)
    if record.kind == "stock_movement":
        return movement_words(record, context)
    if record.kind == "unit":
        return f"{strength_of(record)} {plain(record.text('status'))}".strip()
    named = CARDS[record.kind].gist
    known = [name for name in named or FIRST if record.values.get(name)]
    said = known if named else known[:1]
    return ", ".join(short_value(record.kind, name, record.values[name], context) for name in said)
