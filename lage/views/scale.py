# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Values of measuring points in their decimals: kept whole, shown as people write them."""

from __future__ import annotations

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.decimals import with_places


def places_of(record: Record, context: ViewContext) -> int:
    """Decimals of the measuring point that an entry is or is about; 0 for anything else."""
    if not CARDS[record.kind].scaled:
        return 0
    gauge = gauge_of(record, context)
    return (gauge.whole("decimals") or 0) if gauge else 0


def reading_words(record: Record, context: ViewContext) -> str:
    """A reading's value with its unit."""
    places = places_of(record, context)
    return f"{with_places(record.whole('value') or 0, places)} {unit_of(record, context)}"


def unit_of(record: Record, context: ViewContext) -> str:
    """The unit of the measuring point that an entry is or is about."""
    gauge = gauge_of(record, context)
    return gauge.text("unit", "cm") if gauge else "cm"


def gauge_of(record: Record, context: ViewContext) -> Record | None:
    """The measuring point that an entry is or is about, where somebody described it."""
    if record.kind == "gauge":
        return record
    named = Where("name", "=", record.text("gauge"))
    return next(iter(context.reader.select(Query("gauge", (named,), limit=1))), None)


def exact(record: Record, name: str, context: ViewContext) -> int | float | None:
    """A field that counts in decimals, for machines; None for any other field."""
    value = record.whole(name)
    if name not in CARDS[record.kind].scaled or value is None:
        return None
    places = places_of(record, context)
    return value / 10**places if places else value
