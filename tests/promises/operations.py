# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bytes of every kind and field: they stand in signed logs, so they mean the same for ever.

A line is ``[codec version, hex, kind, entity, changes]``, all of author 7's operation 40.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lage.kinds.schema import SCHEMA
from sync.codec import versions as codec
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
from sync.schema.op import Operation, OperationError
from sync.schema.vocabulary import TERMS
from tests.unit.sync.golden_codec import plain

PATH = Path(__file__).with_name("operations.jsonl")
AUTHOR, NUMBER, TIME = 7, 40, 28_300_000
OWN, OTHERS = EntityId(AUTHOR, 31), EntityId(12, 700)

BASED = [
    Operation(TIME, "incident", {"status": "erledigt"}, OTHERS, basis=basis)
    for basis in (
        (EntityId(12, 703),),
        (EntityId(3, 18),),
        (EntityId(12, 2000), EntityId(900, 1), EntityId(12, 3)),
    )
]
"""Changes that name what they were made in view of."""

Line = list[Any]


def lines() -> list[Line]:
    """What the file holds."""
    found = PATH.read_text("utf8").splitlines() if PATH.exists() else []
    return [json.loads(line) for line in found]


def broken(line: Line, schema: Schema = SCHEMA) -> str | None:
    """What is wrong with the promise of that line, if anything."""
    version, data, *said = line
    try:
        found = codec.decode(bytes.fromhex(data), schema, AUTHOR, NUMBER)
    except OperationError as error:
        return f"{line}: written by an older version, and cannot be read any more: {error}"
    if _said(found) != said:
        return f"{line}: written by an older version, and now read as {_said(found)}"
    again = codec.encode(found, schema, AUTHOR, NUMBER, version).hex()
    return None if again == data else f"{line}: now written as {again}"


def missing() -> list[str]:
    """Fields of which no line of the latest codec version tells, with how they are used."""
    known = [line[1:] for line in lines() if line[0] == codec.LATEST]
    told = {
        (kind, name, entity is None, change is None)
        for _, kind, entity, changes, *_ in known
        for name, change in changes.items()
    }
    based = [] if any(len(line) > 5 for line in known) else ["what a change is based on"]
    return based + [
        f"{kind.name}.{field.name}, {'new' if creates else 'changed'}{', cleared' * cleared}"
        for kind in SCHEMA.kinds
        for field in kind.fields
        for creates, cleared in _uses(field)
        if (kind.name, field.name, creates, cleared) not in told
    ]


def write() -> list[str]:
    """Add lines for what is not told yet; what is broken instead, if anything is."""
    known = lines()
    problems = [problem for line in known if (problem := broken(line))]
    if problems or not missing():
        return problems
    for kind in SCHEMA.kinds:
        for operation in (*examples(kind), *(BASED if kind.name == "incident" else ())):
            data = codec.encode(operation, SCHEMA, AUTHOR, NUMBER)
            line = [codec.LATEST, data.hex(), *_said(operation)]
            if line not in known:
                known.append(line)
    PATH.write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in known), encoding="utf8"
    )
    return []


def examples(kind: Kind) -> Iterator[Operation]:
    """Operations that together use every field in every way."""
    usual = {field.name: _changes(field)[0] for field in kind.fields if field.required}
    for field in kind.fields:
        for change in _changes(field):
            yield Operation(TIME, kind.name, {**usual, field.name: change})
        for creates, cleared in _uses(field):
            if not creates:
                last = None if cleared else _changes(field)[-1]
                yield Operation(TIME, kind.name, {field.name: last}, OTHERS if cleared else OWN)


def _uses(field: Field) -> list[tuple[bool, bool]]:
    """(creates, cleared) that are possible with a field."""
    uses = [(True, False)]
    if field.merge is not Merge.ONCE:
        uses.append((False, False))
    if field.merge is Merge.REGISTER:
        uses.append((False, True))
    return uses


def _changes(field: Field) -> list[Change]:
    item = field.type.item if isinstance(field.type, Many) else field.type
    values = _values(item)
    if field.merge is Merge.SET:
        return [SetChange(tuple(values)), SetChange((values[0],), ((OWN, values[-1]),))]
    if isinstance(field.type, Many):
        return [(values[0],), tuple(values)]
    return values


def _values(item: ScalarType) -> list[Any]:
    match item:
        case Flag():
            return [True]
        case Number(signed=signed, typical=typical, maximum=most):
            return [typical // 2, *([-most] * signed), most]
        case Choice(values=values):
            return [values[0], values[-1]]
        case Term(vocabulary=name):
            return [TERMS[name][1], "Ems"]
        case Text():
            return ["Ems"]
        case Moment():
            return [TIME - 340, TIME // 60 * 60 + 7200]
        case Position():
            return [Point(522_790, 74_400), Point(480_000, -113_000)]
        case Ref():
            return [OWN, OTHERS]
        case Member():
            return [3, 1000]
        case Blob(max_bytes=most):
            return [bytes(range(min(most, 32)))]
    raise AssertionError(item)


def _said(operation: Operation) -> list[Any]:
    changes = {name: plain(change) for name, change in sorted(operation.changes.items())}
    said = [operation.kind, plain(operation.entity), changes]
    if operation.basis:
        return [*said, operation.time, plain(operation.basis)]
    return said if operation.time == TIME else [*said, operation.time]
