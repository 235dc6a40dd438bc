# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where an entry is without a coordinate: at the middle of its municipality, and it says so.

What names no municipality of the county either is counted: a map that silently lacks entries would
be believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lage.kinds.card import MapSign
from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.language.folding import fold_text
from lage.views.fence import sound
from lage.views.scene import GAUGE, MARKERS_MAX, marker_at, town_in
from maps.draw.scene import Marker
from maps.draw.signs import Mark

if TYPE_CHECKING:
    from maps.read.layers import Municipality

ROUGH = "ungenau"


class Rough(NamedTuple):
    """Markers at the middle of a municipality, and how many entries have no place at all."""

    markers: tuple[Marker, ...]
    nowhere: int


def rough(context: ViewContext, towns: Sequence[Municipality]) -> Rough:
    """Everything open that has a sign on the map and no coordinate."""
    found: list[Marker] = []
    nowhere = 0
    for kind, card in CARDS.items():
        sign = card.sign
        if sign is None or kind == GAUGE:
            continue
        query = Query(kind, (*open_only(kind), Where("point", "unknown")), limit=MARKERS_MAX)
        rows = context.reader.select(query)
        located = [row for row in rows if _town(row, towns) is not None]
        nowhere += len(rows) - len(located)
        found += sound(located, partial(_marker, sign=sign, towns=towns, context=context), context)
    return Rough(tuple(found), nowhere)


def _town(row: Record, towns: Sequence[Municipality]) -> Municipality | None:
    """The municipality as entered, else one that stands in the words for the place."""
    named = fold_text(row.text("municipality"))
    entered = next((town for town in towns if named and fold_text(town.name) == named), None)
    return entered or town_in(row.text("place"), towns)


def _marker(
    row: Record, *, sign: MapSign, towns: Sequence[Municipality], context: ViewContext
) -> Marker:
    town = _town(row, towns)
    assert town is not None
    found = marker_at(row, sign, town.centre, context)
    note = f"{found.wording}, {ROUGH}: Mitte von {town.name}"
    return replace(found, label=f"{found.label} ({ROUGH})", mark=Mark.SUSPECTED, note=note)
