# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Codec version 2: one range-coded stream of as few bits as the schema and its odds allow.

Both ends know the schema, so a field costs only what is surprising about it. The stream begins in
the five low bits of the envelope's second byte and fills the rest of the operation:

    time | kind | creates? | entity | fields: present?, value | later fields | texts

Times stand as seconds since the epoch, entities as a distance back in the author's own feed or as
author and number, choices and terms by index. Texts stand at the end, the last one up to the end
of the operation. Fields that a later schema added (``since`` > 1) stand as number, length and
bytes, so an older node keeps them as they are; so does what a change was made in view of.

The odds (``sync.codec.odds``) and the base text model belong to this version and never change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sync.codec import odds
from sync.codec.ahead import Ahead
from sync.codec.basis import read_basis, write_basis
from sync.codec.odds import DEFAULT, field_odds
from sync.codec.stream import Coder, Reader, Writer, integer
from sync.codec.values import Frame, code_change, code_ref, code_text
from sync.schema.definition import BASIS, Change, EntityId, Field, Kind, Merge, Schema, Text
from sync.schema.op import OPERATION_MAX, Operation, OperationError, UnknownCodec, unwrap, wrap
from sync.schema.values import TIME_MAX, check_operation

VERSION = 2
LEAD = 5  # bits of the stream in the envelope
_ERA_BITS = 24
_ERAS = 1024
_ERAS_LIKELY = 32
_FIELD_NUMBERS = 64

assert TIME_MAX == (_ERAS << _ERA_BITS) - 1, "every time can be written, and nothing else read"
assert LEAD + 3 == 8, "codec version and lead fill a byte"


def encode(operation: Operation, schema: Schema, author: int, number: int) -> bytes:
    """Bytes of an operation, envelope included.

    Raises ValueRefused for a value its field cannot hold, OperationTooLong above 140 bytes.
    """
    return _encode(operation, schema, Frame(author, number, operation.time))


def decode(
    data: bytes, schema: Schema, author: int, number: int, ahead: Ahead | None = None
) -> Operation:
    """The operation in these bytes, which stand at that place in that author's feed.

    Raises OperationError; UnknownCodec for a kind, choice, term or text model that is not known.
    """
    frame = Frame(author, number, 0)
    operation = _Walk(_reader(data, ahead), schema, frame).run(None)
    kind = schema.by_name[operation.kind]
    check_operation(operation, kind)
    if _encode(operation, schema, frame) != data:
        raise OperationError("not the canonical form")
    return operation


def read_back(
    data: bytes, operation: Operation, schema: Schema, author: int, number: int
) -> Operation:
    """As ``decode`` of bytes that were just written; OperationError unless they say the same.

    Every decision is taken from the bytes again; only the text model is not asked once more.
    """
    found = _Walk(_reader(data), schema, Frame(author, number, 0)).run(operation)
    if found != operation:
        raise OperationError("not what was written")
    return found


def _reader(data: bytes, ahead: Ahead | None = None) -> Reader:
    version, lead, content = unwrap(data)
    if version != VERSION:
        raise UnknownCodec(f"codec version {version}")
    value = lead << 8 * len(content) | int.from_bytes(content, "big")
    return Reader(value, LEAD, len(content), ahead)


def _encode(operation: Operation, schema: Schema, frame: Frame) -> bytes:
    kind = schema.by_name[operation.kind]
    check_operation(operation, kind)
    value, size = _closed(
        lambda writer, plain: _Walk(writer, schema, frame, plain=plain).run(operation), LEAD
    )
    return wrap(VERSION, value >> 8 * size, (value & (1 << 8 * size) - 1).to_bytes(size, "big"))


def _closed(write: Callable[[Writer, bool], object], lead: int) -> tuple[int, int]:
    """A stream that may end in a text; as UTF-8 where the model gives it no end."""
    for plain in (False, True):
        writer = Writer()
        write(writer, plain)
        closed = writer.close(lead)
        if closed is not None:
            return closed
    raise AssertionError("UTF-8 always ends")


class _Walk:
    """One operation's way through its stream, either way."""

    def __init__(self, coder: Coder, schema: Schema, frame: Frame, *, plain: bool = False) -> None:
        self._coder = coder
        self._plain = plain
        self._schema = schema
        self._frame = frame
        self._found: dict[str, Change] = {}
        self._texts: list[Field] = []
        self._basis: tuple[EntityId, ...] = ()

    def run(self, given: Operation | None) -> Operation:
        """Write what is given, or read."""
        coder, frame = self._coder, self._frame
        frame.time = _code_time(coder, given.time if given else 0)
        kind = self._kind(given)
        entity = self._entity(kind, given.entity if given else None)
        changes = given.changes if given else {}
        for field in _early(kind):
            if entity is None or field.merge is not Merge.ONCE:
                self._field(kind, field, changes, creates=entity is None)
        unknown = self._later(kind, entity, given)
        for field in self._texts:
            last = field is self._texts[-1]
            text, limit, plain = changes.get(field.name), _text_max(field), self._plain and last
            assert text is None or isinstance(text, str)
            self._found[field.name] = code_text(coder, text or "", limit, last=last, plain=plain)
        return Operation(frame.time, kind.name, self._found, entity, unknown, self._basis)

    def _kind(self, given: Operation | None) -> Kind:
        number = self._schema.by_name[given.kind].number if given else 0
        number = self._coder.span(odds.KINDS, number)
        kind = self._schema.by_number.get(number)
        if kind is None:
            raise UnknownCodec(f"kind {number}")
        return kind

    def _entity(self, kind: Kind, given: EntityId | None) -> EntityId | None:
        if all(field.merge is Merge.ONCE for field in _early(kind)):
            if given is not None:
                raise OperationError(f"{kind.name} is immutable")
            return None
        creates = odds.CREATES.get(kind.number, odds.CREATES_DEFAULT) << 8
        if self._coder.bit(creates, given is None):
            return None
        return code_ref(self._coder, given or EntityId(0, 1), DEFAULT, self._frame)

    def _field(
        self, kind: Kind, field: Field, changes: Mapping[str, Change], *, creates: bool
    ) -> None:
        coder, odds_ = self._coder, field_odds(kind.number, field.number)
        change = changes.get(field.name)
        if not (creates and field.required):
            chance = (odds_.present if creates else odds_.changed) << 8
            if not coder.bit(chance, field.name in changes):
                return
            if field.merge is Merge.REGISTER and coder.bit(
                odds_.cleared << 8, change is None and not coder.reading
            ):
                self._found[field.name] = None
                return
        if _is_text(field):
            self._texts.append(field)
        else:
            self._found[field.name] = code_change(
                coder, field, change, odds_, self._frame, creates=creates
            )

    def _later(
        self, kind: Kind, entity: EntityId | None, given: Operation | None
    ) -> dict[int, bytes]:
        """Fields of later schemas, those we know into what was found; the others."""
        parts = {} if given is None else self._parts(kind, given)
        unknown: dict[int, bytes] = {}
        before = -1
        left = sorted(parts)
        while self._coder.bit(odds.EXTENDED if before < 0 else 32768, bool(left)):
            number = left.pop(0) if left else 0
            number = before + 1 + integer(self._coder, number - before - 1, 8)
            if number >= _FIELD_NUMBERS:
                raise OperationError("field number out of range")
            before = number
            data = self._part(parts.get(number, b""))
            field = kind.by_number.get(number)
            if number == BASIS and entity is not None:
                self._basis = read_basis(data, entity)
            elif field is None:
                unknown[number] = data
            elif field.since == 1:
                raise OperationError("field of the first schema among later ones")
            else:
                self._found[field.name] = _read_part(kind, field, data, self._frame)
        return unknown

    def _part(self, data: bytes) -> bytes:
        size = integer(self._coder, len(data), 16)
        if size > OPERATION_MAX:
            raise OperationError("field too long")
        reading = self._coder.reading
        return bytes(self._coder.uniform(256, 0 if reading else data[at]) for at in range(size))

    def _parts(self, kind: Kind, given: Operation) -> dict[int, bytes]:
        parts = dict(given.unknown)
        if any(not 0 <= number < _FIELD_NUMBERS for number in parts) or any(
            number in parts for number in (BASIS, *(field.number for field in _early(kind)))
        ):
            raise OperationError("no number of a later field")
        for field in kind.fields:
            if field.since > 1 and field.name in given.changes:
                parts[field.number] = _write_part(
                    kind, field, given.changes[field.name], self._frame
                )
        if given.entity is not None and given.basis:
            parts[BASIS] = write_basis(given.basis, given.entity)
        return parts


def _code_time(coder: Coder, time: int) -> int:
    """Seconds since the epoch: spans of 194 days, the later the rarer, and 24 bits."""
    era, found = time >> _ERA_BITS, 0
    while found < _ERAS_LIKELY and not coder.bit(odds.ERA_STOP, era == found):
        found += 1
    if found == _ERAS_LIKELY:
        found = coder.uniform(_ERAS, era)
    return found << _ERA_BITS | coder.uniform(1 << _ERA_BITS, time & (1 << _ERA_BITS) - 1)


def _write_part(kind: Kind, field: Field, change: Change, frame: Frame) -> bytes:
    """A later field's change as bytes of its own."""
    value, size = _closed(
        lambda writer, plain: _code_part(writer, kind, field, change, frame, plain=plain), 0
    )
    return value.to_bytes(size, "big")


def _read_part(kind: Kind, field: Field, data: bytes, frame: Frame) -> Change:
    reader = Reader(int.from_bytes(data, "big"), 0, len(data))
    return _code_part(reader, kind, field, None, frame)


def _code_part(
    coder: Coder, kind: Kind, field: Field, change: Change, frame: Frame, *, plain: bool = False
) -> Change:
    odds_ = field_odds(kind.number, field.number)
    if field.merge is Merge.REGISTER and coder.bit(
        odds_.cleared << 8, change is None and not coder.reading
    ):
        return None
    if _is_text(field):
        assert change is None or isinstance(change, str)
        return code_text(coder, change or "", _text_max(field), last=True, plain=plain)
    return code_change(coder, field, change, odds_, frame, creates=True)


def _early(kind: Kind) -> list[Field]:
    """Fields of the first schema, by number: what a stream's main part is about."""
    return sorted((f for f in kind.fields if f.since == 1), key=lambda field: field.number)


def _is_text(field: Field) -> bool:
    return isinstance(field.type, Text) and field.merge is not Merge.SET


def _text_max(field: Field) -> int:
    assert isinstance(field.type, Text)
    return field.type.max_chars
