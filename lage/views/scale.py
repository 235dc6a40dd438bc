# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Values of measuring points in their decimals: kept whole, shown as people write them."""

from __future__ import annotations

from collections.abc import Mapping

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from sync.schema.definition import Value


def places_of(record: Record, context: ViewContext) -> int:
    """Decimals of the measuring point that an entry is or is about; 0 for anything else."""
    if not CARDS[record.kind].scaled:
        return 0
    places = _gauge(record, context).get("decimals")
    return places if isinstance(places, int) else 0


def reading_words(record: Record, context: ViewContext) -> str:
    """A reading's value with its unit."""
    value, unit = record.values["value"], _gauge(record, context).get("unit", "cm")
    assert isinstance(value, int)
    return f"{with_places(value, places_of(record, context))} {unit!s}"


def _gauge(record: Record, context: ViewContext) -> Mapping[str, Value]:
    """What is known of the measuring point that an entry is or is about."""
    if record.kind != "reading":
        return record.values
    query = Query("gauge", (Where("name", "=", record.values["gauge"]),), limit=1)
    found = context.reader.select(query)
    return found[0].values if found else {}


def with_places(value: float, places: int) -> str:
    """A value as people write it: 385 with one decimal is ``38,5``."""
    return f"{value / 10**places:.{places}f}".replace(".", ",")


def exact(record: Record, name: str, context: ViewContext) -> int | float | None:
    """A field that counts in decimals, for machines; None for any other field."""
    value = record.values.get(name)
    if name not in CARDS[record.kind].scaled or not isinstance(value, int):
        return None
    places = places_of(record, context)
    return value / 10**places if places else value
