# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which municipality an entry is in, where only its point was given."""

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
    point = values.get("point")
    if not isinstance(point, Point) or "municipality" not in SCHEMA.by_name[kind].by_name:
        return
    known = before or {}
    if point == known.get("point") or "municipality" in values:
        return
    found = county.at(point)
    if found is not None or "municipality" in known:
        values["municipality"] = found
