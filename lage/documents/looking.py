# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Searching in everything: entries, what stands in documents that lie here, and dangerous goods.

What finds nothing as typed is looked for as it was probably meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lage.documents import hazards, library
from lage.documents.hazards import Substance
from lage.kinds.cards import CARDS
from lage.kinds.model import Record
from lage.station import Station
from lage.views.search import Filters, meant, search
from sync.schema.definition import EntityId

GOODS_MAX = 20
_PLATE = re.compile(r"(?:X?\d{2,3}\s*/\s*)?(?:un)?\s*(\d{4})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found."""

    words: str  # that were looked for; others than typed where those find nothing
    records: tuple[Record, ...]  # the best first, but what somebody wrote before figures
    excerpts: Mapping[EntityId, str]  # of documents: where the words stand in them
    goods: tuple[Substance, ...]


def look_for(station: Station, words: str, filters: Filters, limit: int) -> Hits:
    """Everything that holds the words; documents' contents and goods where no filter is set."""
    found = _found(station, words, filters, limit)
    if found.records or found.goods or not words.strip():
        return found
    other = meant(station.context(), words)
    return found if other == words else _found(station, other, filters, limit)


def _found(station: Station, words: str, filters: Filters, limit: int) -> Hits:
    records = search(station.context(), words, filters, limit)
    if filters != Filters() or not words.strip():
        return Hits(words, tuple(records), {}, ())
    records.sort(key=lambda record: CARDS[record.kind].figure)
    inside = [hit for hit in library.search(station, words) if hit.excerpt]
    ids = {hit.record.id for hit in inside}
    records = [hit.record for hit in inside] + [each for each in records if each.id not in ids]
    return Hits(words, tuple(records), {hit.record.id: hit.excerpt for hit in inside}, goods(words))


def goods(words: str) -> tuple[Substance, ...]:
    """By UN number, by plate (``33/1203``) or by name."""
    plate = _PLATE.fullmatch(words.strip())
    if plate is not None:
        found = hazards.substances().get(int(plate[1]))
        return () if found is None else (found,)
    return tuple(hazards.search(words)[:GOODS_MAX])
