# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Codec version 1: msgpack with integer keys.

The plain codec: easy to read in a debugger and in ten years, not thrifty. Content after the
envelope: ``[kind, time, entity, changes]`` with entity nil or ``[author, number]`` and changes a
map from field number to value, keys ascending. A set change is ``[added, [[author, number,
element], ...]]``. Decoding accepts only the one canonical form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgpack

from sync.schema.definition import (
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
from sync.schema.values import check_changes, scalar_fits

VERSION = 1
_FIELD_NUMBERS = 64
_PARTIAL = -1  # no field's number


def encode(operation: Operation, schema: Schema) -> bytes:
    """Bytes of an operation, envelope included.

    Raises ValueRefused for a value its field cannot hold, OperationTooLong above 140 bytes.
    """
    kind = schema.by_name[operation.kind]
    check_changes(kind, dict(operation.changes), creates=operation.entity is None)
    coded: dict[int, Any] = {
        number: msgpack.unpackb(raw, use_list=False) for number, raw in operation.unknown.items()
    }
    for name, change in operation.changes.items():
        coded[kind.by_name[name].number] = _plain(change)
    entity = None if operation.entity is None else list(operation.entity)
    content = [kind.number, operation.time, entity, dict(sorted(coded.items()))]
    return wrap(VERSION, 0, bytes(msgpack.packb(content, use_bin_type=True)))


def decode(data: bytes, schema: Schema) -> Operation:
    """The operation in these bytes.

    Raises OperationError; UnknownCodec for another codec version or a kind not in the schema.
    """
    version, low, content = unwrap(data)
    if version != VERSION:
        raise UnknownCodec(f"codec version {version}")
    try:
        number, time, entity, coded = msgpack.unpackb(
            content, strict_map_key=False, use_list=False, max_ext_len=0
        )
        kind = schema.by_number.get(number) if isinstance(number, int) else None
        if kind is None:
            raise UnknownCodec(f"kind {number!r}")
        changes: dict[str, Change] = {}
        unknown: dict[int, bytes] = {}
        for key, value in coded.items():
            if type(key) is not int or not 0 <= key < _FIELD_NUMBERS:
                raise OperationError("bad field number")
            field = kind.by_number.get(key)
            if field is None:
                unknown[key] = bytes(msgpack.packb(value, use_bin_type=True))
            else:
                changes[field.name] = _typed(field, value)
        target = None if entity is None else EntityId(*entity)
    except OperationError:
        raise
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise OperationError(f"not msgpack of an operation: {error}") from None
    if type(time) is not int or time < 0 or low:
        raise OperationError("bad time or flags")
    if target is not None and not scalar_fits(Ref(), target):
        raise OperationError("bad entity")
    check_changes(kind, changes, creates=target is None)
    operation = Operation(time, kind.name, changes, target, unknown)
    if encode(operation, schema) != data:
        raise OperationError("not the canonical form")
    return operation


def pack_changes(changes: Mapping[str, Change], kind: Kind, *, partial: bool = False) -> bytes:
    """Changes as msgpack alone, for keeping beside the operation's own bytes (a cache).

    ``partial``: there is more in the operation, which only a newer schema can read.
    """
    plain = {kind.by_name[name].number: _plain(change) for name, change in changes.items()}
    if partial:
        plain[_PARTIAL] = True
    return bytes(msgpack.packb(plain, use_bin_type=True))


def is_partial(data: bytes) -> bool:
    """Whether packed changes lack what only a newer schema can read."""
    return _PARTIAL in msgpack.unpackb(data, strict_map_key=False, use_list=False)


def unpack_changes(data: bytes, kind: Kind) -> dict[str, Change]:
    """Inverse of ``pack_changes``; the data must be its own."""
    plain = msgpack.unpackb(data, strict_map_key=False, use_list=False)
    return {
        field.name: _typed(field, value)
        for number, value in plain.items()
        if (field := kind.by_number.get(number)) is not None
    }


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
