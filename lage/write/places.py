# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Places of the log on the map: which municipality a point is in, how many people live there."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from functools import cache
from typing import Any

from lage.kinds.projection import fold_text
from lage.kinds.schema import SCHEMA
from lage.store.charts import layers_of, position_of
from sync.schema.definition import Point, Value
from sync.schema.vocabulary import TERMS

MUNICIPALITIES = tuple(sorted(TERMS["place"][:24]))
"""Names of the county's municipalities, in alphabetical order; the log's word list begins so."""


def locate(
    kind: str, values: MutableMapping[str, Any], before: Mapping[str, Value] | None = None
) -> None:
    """Add the municipality of a point that is written, unless it is written as well.

    ``before``: what an entity says whose point is changed; outside the county its municipality
    becomes unknown.
    """
    point = values.get("point")
    if not isinstance(point, Point) or "municipality" not in SCHEMA.by_name[kind].by_name:
        return
    known = before or {}
    if point == known.get("point") or "municipality" in values:
        return
    found = municipality_at(point)
    if found is not None or "municipality" in known:
        values["municipality"] = found


def inhabitants(municipality: str) -> int | None:
    """People living in a municipality by the map's table; None where it has no such name."""
    return _populations().get(fold_text(municipality))


@cache
def _populations() -> dict[str, int | None]:
    """By name; made once, because every overview asks for each outage."""
    return {fold_text(town.name): town.population for town in layers_of().municipalities}


def municipality_at(point: Point) -> str | None:
    """Name of the municipality in which a point lies; None outside the county."""
    found = layers_of().municipality_at(position_of(point))
    return None if found is None else found.name
