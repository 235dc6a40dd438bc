# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which values a field may hold: the one check that every codec and every command uses.

What passes here can be coded by every codec that knows the schema; what comes out of a decoder
has passed here, so nothing downstream meets a value, a time or an entity out of range.
"""

from __future__ import annotations

from collections.abc import Mapping

from sync.schema.causal import BASIS_MAX
from sync.schema.definition import (
    Blob,
    Change,
    Choice,
    EntityId,
    Field,
    FieldType,
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
    SetChange,
    Term,
    Text,
)
from sync.schema.op import Operation, OperationError

TIME_MAX = 2**34 - 1
MEMBER_MAX = 1023
NUMBER_MAX = 2**31 - 1
"""Of amounts, and of entries that are referred to."""


class ValueRefused(OperationError):
    """A value that its field cannot hold."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


def scalar_fits(item: ScalarType, value: object) -> bool:
    """Whether one scalar has the field's type and range."""
    match item:
        case Flag():
            return value is True
        case Number(signed=signed, maximum=maximum):
            return type(value) is int and (-maximum if signed else 0) <= value <= maximum
        case Choice(values=values):
            return type(value) is str and value in values
        case Term():
            return type(value) is str and 0 < len(value) <= 120
        case Text(max_chars=limit):
            return type(value) is str and 0 < len(value) <= limit
        case Moment():
            return type(value) is int and 0 <= value <= TIME_MAX
        case Position():
            return (
                isinstance(value, Point)
                and all(type(part) is int for part in value)
                and -900_000 <= value.lat_e4 <= 900_000
                and -1_800_000 <= value.lon_e4 < 1_800_000
            )
        case Ref():
            return (
                isinstance(value, EntityId)
                and all(type(part) is int for part in value)
                and 0 <= value.author <= MEMBER_MAX
                and 1 <= value.number <= NUMBER_MAX
            )
        case Member():
            return type(value) is int and 0 <= value <= MEMBER_MAX
        case Blob(max_bytes=limit):
            return type(value) is bytes and 0 < len(value) <= limit
    raise AssertionError(item)


def _fits(kind: FieldType, value: object) -> bool:
    if isinstance(kind, Many):
        return (
            isinstance(value, tuple)
            and not isinstance(value, EntityId | Point | SetChange)
            and 0 < len(value) <= kind.maximum
            and all(scalar_fits(kind.item, item) for item in value)
        )
    return scalar_fits(kind, value)


def check_change(field: Field, change: Change) -> None:
    """Raise ValueRefused unless the field can hold that change."""
    if change is None:
        if field.merge is not Merge.REGISTER:
            raise ValueRefused(field.name, "only a register can be set back to unknown")
        return
    if field.merge is Merge.SET:
        _check_set(field, change)
    elif field.merge is Merge.LEDGER:
        if type(change) is not int or not -NUMBER_MAX <= change <= NUMBER_MAX:
            raise ValueRefused(field.name, "a ledger takes whole numbers")
    elif not _fits(field.type, change):
        raise ValueRefused(field.name, f"{change!r} does not fit {field.type}")


def _check_set(field: Field, change: Change) -> None:
    item: ScalarType = field.type.item if isinstance(field.type, Many) else field.type
    limit = field.type.maximum if isinstance(field.type, Many) else 32
    if (
        not isinstance(change, SetChange)
        or not 0 < len(change.add) + len(change.remove) <= limit
        or not all(scalar_fits(item, value) for value in change.add)
        or not all(scalar_fits(item, value) for _, value in change.remove)
        or not all(scalar_fits(Ref(), dot) for dot, _ in change.remove)
    ):
        raise ValueRefused(field.name, f"{change!r} is no change of a set of {item}")


def check_operation(operation: Operation, kind: Kind) -> None:
    """Raise OperationError unless every part of an operation is in its range.

    Every codec calls it for what it writes and for what it has read.
    """
    if not scalar_fits(Moment(), operation.time):
        raise OperationError("time out of range")
    creates = operation.entity is None
    if not creates and not scalar_fits(Ref(), operation.entity):
        raise OperationError("entity out of range")
    if not creates and kind.immutable:
        raise OperationError(f"{kind.name} is immutable")
    check_changes(kind, operation.changes, creates=creates)
    if len(operation.basis) > (0 if creates else BASIS_MAX) or not all(
        scalar_fits(Ref(), each) for each in operation.basis
    ):
        raise ValueRefused("basis", f"{operation.basis!r} is none")


def check_changes(kind: Kind, changes: Mapping[str, Change], *, creates: bool) -> None:
    """Raise ValueRefused unless an operation on that kind may carry these changes."""
    for name, change in changes.items():
        field = kind.by_name.get(name)
        if field is None:
            raise ValueRefused(name, f"{kind.name} has no such field")
        if not creates and field.merge is Merge.ONCE:
            raise ValueRefused(name, "immutable once written")
        check_change(field, change)
    if creates:
        for field in kind.fields:
            if field.required and changes.get(field.name) is None:
                raise ValueRefused(field.name, "required")
