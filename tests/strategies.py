# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Strategies that follow a schema: any operation that its kinds allow."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sync.schema.causal import BASIS_MAX
from sync.schema.definition import (
    Blob,
    Change,
    Choice,
    EntityId,
    Field,
    Flag,
    Kind,
    Many,
    Member,
    Merge,
    Moment,
    Number,
    Point,
    Position,
    Ref,
    ScalarType,
    Schema,
    SetChange,
    Term,
    Text,
)
from sync.schema.op import Operation
from sync.schema.values import MEMBER_MAX, NUMBER_MAX, TIME_MAX
from sync.schema.vocabulary import TERMS

WORDS = ("Pegel", "Rheine", "steigt", "auf", "451 cm", "um 14:20 Uhr", "Strom", "ausgefallen,")

entities = st.builds(EntityId, st.integers(0, MEMBER_MAX), st.integers(1, NUMBER_MAX))
near_entities = st.builds(EntityId, st.integers(0, 30), st.integers(1, 500))
times = st.integers(0, 2**29) | st.integers(0, TIME_MAX)
points = st.builds(Point, st.integers(519_000, 526_000), st.integers(69_000, 81_000)) | st.builds(
    Point, st.integers(-900_000, 900_000), st.integers(-1_800_000, 1_799_999)
)


def texts(limit: int) -> st.SearchStrategy[str]:
    """Prose as staffs write it, and any other Unicode."""
    prose = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
    anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
    return (prose | anything).map(lambda text: text[:limit])


def scalars(item: ScalarType) -> st.SearchStrategy[Any]:
    """Values of a scalar type."""
    match item:
        case Flag():
            return st.just(True)
        case Number(signed=signed, typical=typical, maximum=maximum):
            least = -maximum if signed else 0
            near = st.integers(max(least, -typical), min(maximum, 2 * typical))
            return near | st.integers(least, maximum)
        case Choice(values=values):
            return st.sampled_from(values)
        case Term(vocabulary=name):
            return st.sampled_from(TERMS[name]) | texts(120)
        case Text(max_chars=limit):
            return texts(limit)
        case Moment():
            return times | st.integers(0, 2**24).map(lambda minute: minute * 60)
        case Position():
            return points
        case Ref():
            return near_entities | entities
        case Member():
            return st.integers(0, 30) | st.integers(0, MEMBER_MAX)
        case Blob(max_bytes=limit):
            return st.binary(min_size=1, max_size=min(limit, 24))
    raise AssertionError(item)


def changes_of(field: Field) -> st.SearchStrategy[Change]:
    """What an operation can do to a field."""
    item = field.type.item if isinstance(field.type, Many) else field.type
    values = scalars(item)
    if field.merge is Merge.SET:
        removed = st.lists(st.tuples(entities, values), max_size=3).map(tuple)
        added = st.lists(values, max_size=4).map(tuple)
        return st.builds(SetChange, added, removed).filter(lambda c: bool(c.add or c.remove))
    if field.merge is Merge.LEDGER:
        return st.integers(-NUMBER_MAX, NUMBER_MAX)
    if isinstance(field.type, Many):
        most = min(field.type.maximum, 4)
        return st.lists(values, min_size=1, max_size=most).map(tuple)
    return values


@st.composite
def operations(draw: st.DrawFn, schema: Schema, kind: Kind | None = None) -> Operation:
    """Any operation; few optional fields, so that most are short enough to be coded."""
    chosen = kind or draw(st.sampled_from(schema.kinds))
    target = None if chosen.immutable else draw(st.none() | near_entities | entities)
    creates = target is None
    possible = [f for f in chosen.fields if creates or f.merge is not Merge.ONCE]
    taken = draw(st.lists(st.sampled_from(possible), max_size=3)) if possible else []
    changes: dict[str, Change] = {}
    for field in possible:
        if creates and field.required:
            changes[field.name] = draw(changes_of(field))
        elif field in taken:
            cleared = st.none() if field.merge is Merge.REGISTER else st.nothing()
            changes[field.name] = draw(changes_of(field) | cleared)
    basis = () if target is None else tuple(draw(st.lists(entities, max_size=BASIS_MAX)))
    return Operation(draw(times), chosen.name, changes, target, basis=basis)
