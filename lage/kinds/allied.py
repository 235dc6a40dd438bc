# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What members of an allied county wrote, said in our numbers. Pure.

An allied county's author 7 is 107 here if its block begins at 100. Everything in its operations
that names a member or an entry means that county's own numbers, so all of them move by the same
amount; else its word about its own entry RHE-12 would change ours. What it says to all its staffs
is addressed to that county, not to us.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from lage.kinds.schema import SCHEMA
from sync.codec import versions as codec
from sync.codec.ahead import Ahead
from sync.feed.records import Alliance
from sync.schema.definition import Change, EntityId, Field, Many, Member, Ref, Scalar, SetChange
from sync.schema.op import Operation


class NotFollowed(Exception):
    """A kind that we don't show of that county, or an entry of somebody whom we don't know of."""


def block_of(author: int, alliances: Sequence[Alliance]) -> Alliance | None:
    """The allied county that this author belongs to, its feed 0 included."""
    for block in alliances:
        if block.first <= author < block.first + block.count:
            return block
    return None


def read(
    data: bytes,
    author: int,
    number: int,
    alliances: Sequence[Alliance],
    ahead: Ahead | None = None,
) -> Operation:
    """The operation in these bytes, in our numbers. Raises OperationError, NotFollowed, Unread."""
    block = block_of(author, alliances)
    if block is None:
        return codec.read(data, SCHEMA, author, number, ahead)
    operation = codec.read(data, SCHEMA, author - block.first, number, ahead)
    if block.kinds and not block.kinds >> SCHEMA.by_name[operation.kind].number & 1:
        raise NotFollowed(operation.kind)
    entity = operation.entity
    if entity is not None:
        entity = _entity(entity, block)
        if entity is None:
            raise NotFollowed(operation.kind)
    basis = tuple(there for each in operation.basis if (there := _entity(each, block)) is not None)
    return replace(operation, entity=entity, changes=_changes(operation, block), basis=basis)


def _changes(operation: Operation, block: Alliance) -> Mapping[str, Change]:
    kind = SCHEMA.by_name[operation.kind]
    moved: dict[str, Change] = {}
    for name, change in operation.changes.items():
        there = _change(kind.by_name[name], change, block)
        if there is not None or change is None:
            moved[name] = there
    addressed = kind.by_name.get("to")
    creates = operation.entity is None
    if creates and addressed and isinstance(addressed.type, Many) and "to" not in moved:
        moved["to"] = (block.first,)
    return moved


def _change(field: Field, change: Change, block: Alliance) -> Change:
    item = field.type.item if isinstance(field.type, Many) else field.type
    if change is None or not isinstance(item, Member | Ref):
        return change
    if isinstance(change, SetChange):
        gone = ((_entity(op, block), _scalar(value, block)) for op, value in change.remove)
        return SetChange(
            tuple(there for each in change.add if (there := _scalar(each, block)) is not None),
            tuple((op, value) for op, value in gone if op is not None and value is not None),
        )
    if isinstance(field.type, Many):
        several = cast("tuple[Scalar, ...]", change)
        return tuple(there for each in several if (there := _scalar(each, block)) is not None)
    return _scalar(cast("Scalar", change), block)


def _scalar(value: Scalar, block: Alliance) -> Scalar | None:
    if isinstance(value, EntityId):
        return _entity(value, block)
    assert isinstance(value, int)
    return value + block.first if value < block.count else None


def _entity(entity: EntityId, block: Alliance) -> EntityId | None:
    if entity.author >= block.count:
        return None
    return EntityId(entity.author + block.first, entity.number)
