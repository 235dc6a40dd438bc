# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Codec version 1: msgpack with integer keys.

The plain codec: easy to read in a debugger and in ten years, not thrifty. Content after the
envelope: ``[kind, time, entity, changes]`` with entity nil or ``[author, number]`` and changes a
map from field number to value, keys ascending. A set change is ``[added, [[author, number,
element], ...]]``. Decoding accepts only the one canonical form.
"""

from __future__ import annotations

from typing import Any

import msgpack

from sync.schema.definition import (
    BASIS,
    Change,
    EntityId,
    Field,
    Kind,
    Many,
    Merge,
    Point,
    Position,
    Ref,
    Schema,
    SetChange,
)
from sync.schema.op import Operation, OperationError, UnknownCodec, unwrap, wrap
from sync.schema.values import check_operation

VERSION = 1
_FIELD_NUMBERS = 64
_PARTIAL = -1  # no field's number
_DEPTH_MAX = 3  # a set: [added, [[author, number, element], ...]]


def encode(operation: Operation, schema: Schema) -> bytes:
    """Bytes of an operation, envelope included.

    Raises ValueRefused for a value its field cannot hold, OperationTooLong above 140 bytes.
    """
    kind = schema.by_name[operation.kind]
    check_operation(operation, kind)
    coded: dict[int, Any] = {number: _unpack(raw) for number, raw in operation.unknown.items()}
    for name, change in operation.changes.items():
        coded[kind.by_name[name].number] = _plain(change)
    if operation.basis:
        coded[BASIS] = [list(each) for each in operation.basis]
    entity = None if operation.entity is None else list(operation.entity)
    content = [kind.number, operation.time, entity, dict(sorted(coded.items()))]
    return wrap(VERSION, 0, _pack(content))


def decode(data: bytes, schema: Schema) -> Operation:
    """The operation in these bytes.

    Raises OperationError; UnknownCodec for another codec version or a kind not in the schema.
    """
    version, low, content = unwrap(data)
    if version != VERSION:
        raise UnknownCodec(f"codec version {version}")
    if low:
        raise OperationError("bad flags")
    plain = _unpack(content)
    if not isinstance(plain, tuple) or len(plain) != 4:
        raise OperationError("not four parts")
    number, time, entity, coded = plain
    kind = schema.by_number.get(number) if type(number) is int else None
    if kind is None:
        raise UnknownCodec(f"kind {number!r}")
    if not isinstance(coded, dict) or type(time) is not int:
        raise OperationError("bad time or changes")
    changes: dict[str, Change] = {}
    unknown: dict[int, bytes] = {}
    basis: tuple[EntityId, ...] = ()
    for key, value in coded.items():
        if type(key) is not int or not 0 <= key < _FIELD_NUMBERS:
            raise OperationError("bad field number")
        field = kind.by_number.get(key)
        if key == BASIS and value and entity is not None:
            basis = _shaped_basis(value)
        elif field is None:
            unknown[key] = _pack(_only_plain(value))
        else:
            changes[field.name] = _shaped(field, value)
    target = None if entity is None else _shaped_entity(entity)
    operation = Operation(time, kind.name, changes, target, unknown, basis)
    if encode(operation, schema) != data:
        raise OperationError("not the canonical form")
    return operation


def _unpack(data: bytes) -> Any:
    try:
        return msgpack.unpackb(data, strict_map_key=False, use_list=False, max_ext_len=0)
    except (ValueError, TypeError, RecursionError) as error:
        raise OperationError(f"no msgpack: {error}") from None


def _pack(content: Any) -> bytes:
    try:
        return bytes(msgpack.packb(content, use_bin_type=True))
    except (ValueError, TypeError, OverflowError) as error:
        raise OperationError(f"cannot be packed: {error}") from None


def _only_plain(value: Any, depth: int = 0) -> Any:
    """An unknown field's value, if it is what fields hold: whole numbers, texts, bytes, lists."""
    if isinstance(value, tuple) and depth < _DEPTH_MAX:
        return tuple(_only_plain(item, depth + 1) for item in value)
    if value is None or type(value) in (bool, int, str, bytes):
        return value
    raise OperationError("no field holds that")


def _shaped(field: Field, value: Any) -> Change:
    """A known field's value; whether it fits is checked with the whole operation."""
    try:
        return _typed(field, value)
    except (ValueError, TypeError) as error:
        raise OperationError(f"{field.name}: {error}") from None


def _shaped_entity(entity: Any) -> EntityId:
    if not isinstance(entity, tuple) or len(entity) != 2:
        raise OperationError("bad entity")
    return EntityId(*entity)


def _shaped_basis(value: Any) -> tuple[EntityId, ...]:
    if not isinstance(value, tuple):
        raise OperationError("bad basis")
    return tuple(_shaped_entity(each) for each in value)


def pack_changes(operation: Operation, kind: Kind) -> bytes:
    """Changes and basis as msgpack alone, for keeping beside the operation's own bytes (a cache).

    It is marked where there is more in the operation, which only a newer schema can read.
    """
    plain = {
        kind.by_name[name].number: _plain(change) for name, change in operation.changes.items()
    }
    if operation.basis:
        plain[BASIS] = [list(each) for each in operation.basis]
    if operation.unknown:
        plain[_PARTIAL] = True
    return bytes(msgpack.packb(plain, use_bin_type=True))


def is_partial(data: bytes) -> bool:
    """Whether packed changes lack what only a newer schema can read."""
    return _PARTIAL in msgpack.unpackb(data, strict_map_key=False, use_list=False)


def unpack_changes(data: bytes, kind: Kind) -> tuple[dict[str, Change], tuple[EntityId, ...]]:
    """Inverse of ``pack_changes``, changes and basis; the data must be its own."""
    plain = msgpack.unpackb(data, strict_map_key=False, use_list=False)
    changes = {
        field.name: _typed(field, value)
        for number, value in plain.items()
        if (field := kind.by_number.get(number)) is not None
    }
    return changes, tuple(EntityId(*each) for each in plain.get(BASIS, ()))


def _plain(change: object) -> Any:
    if isinstance(change, SetChange):
        added = [_plain(item) for item in change.add]
        return [added, [[*dot, _plain(item)] for dot, item in change.remove]]
    if isinstance(change, tuple):
        return [_plain(item) for item in change]
    return change


def _typed(field: Field, value: Any) -> Change:
    item = field.type.item if isinstance(field.type, Many) else field.type

    def build(plain: Any) -> Any:
        if isinstance(item, Position):
            return Point(*plain)
        return EntityId(*plain) if isinstance(item, Ref) else plain

    if value is None:
        return None
    if field.merge is Merge.SET:
        added, removed = value
        return SetChange(
            tuple(build(plain) for plain in added),
            tuple((EntityId(author, number), build(plain)) for author, number, plain in removed),
        )
    if isinstance(field.type, Many):
        return tuple(build(plain) for plain in value)
    result: Change = build(value)
    return result
