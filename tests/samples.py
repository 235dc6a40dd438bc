# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""An entry of any kind with every field filled, for tests that walk through all kinds."""

from __future__ import annotations

from lage.kinds.cards import CARDS
from lage.kinds.schema import SCHEMA
from sync.schema.definition import (
    Change,
    Choice,
    EntityId,
    Flag,
    Many,
    Member,
    Merge,
    Moment,
    Number,
    Point,
    Position,
    Ref,
    Scalar,
    ScalarType,
    SetChange,
    Term,
    Text,
)

WHEN = 28_300_000
CORNERS = (Point(522790, 74400), Point(522890, 74400), Point(522890, 74600))


def sample(kind: str) -> dict[str, Change]:
    """A value for each field but those that would end the entry or say it is another."""
    found: dict[str, Change] = {}
    for field in SCHEMA.by_name[kind].fields:
        if field.name in (CARDS[kind].ended_by, CARDS[kind].merges):
            continue
        if not isinstance(field.type, Many):
            found[field.name] = _scalar(field.type, field.name)
        elif isinstance(field.type.item, Position):
            found[field.name] = CORNERS
        else:
            several = (_scalar(field.type.item, field.name),)
            found[field.name] = SetChange(several) if field.merge is Merge.SET else several
    return found


def _scalar(item: ScalarType, name: str) -> Scalar:
    match item:
        case Flag():
            return True
        case Number():
            return 3
        case Choice():
            return item.values[0]
        case Term():
            return "Rheine"
        case Text():
            return f"{name} ä"[: item.max_chars]
        case Moment():
            return WHEN
        case Position():
            return CORNERS[0]
        case Ref():
            return EntityId(2, 1)
        case Member():
            return 3
    return bytes(range(16))
