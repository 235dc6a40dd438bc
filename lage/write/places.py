# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which municipality an entry is in, where only its point or its address was given."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from lage.kinds.reader import County
from lage.kinds.schema import SCHEMA
from sync.schema.definition import Point, Value


def locate(
    kind: str,
    values: MutableMapping[str, Any],
    county: County,
    before: Mapping[str, Value] | None = None,
) -> None:
    """Add the municipality of a point that is written, unless it is written as well.

    ``before``: what an entity says whose point is changed; outside the county its municipality
    becomes unknown.
    """
    if "municipality" not in SCHEMA.by_name[kind].by_name:
        return
    known = before or {}
    point = values.get("point")
    if not isinstance(point, Point):
        _by_address(kind, values, county, known)
        return
    if point == known.get("point") or "municipality" in values:
        return
    found = county.at(point)
    if found is not None or "municipality" in known:
        values["municipality"] = found


def _by_address(
    kind: str, values: MutableMapping[str, Any], county: County, known: Mapping[str, Value]
) -> None:
    """Add what the words for the place tell: the municipality, and where the street is.

    What somebody has entered, now or before, stays; so does a point that was emptied on purpose.
    """
    place = values.get("place")
    if not isinstance(place, str) or {"point", "municipality"} & {*values, *known}:
        return
    town, point = county.address(place)
    if town is not None:
        values["municipality"] = town
    if point is not None and "point" in SCHEMA.by_name[kind].by_name:
        values["point"] = point
