# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The compact codec: sizes, references, escapes, and nodes of different age in one network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lage.kinds.schema import SCHEMA
from sync.codec import compact as codec_compact
from sync.codec import texts as codec_text
from sync.codec import values as codec_values
from sync.codec import versions as codec
from sync.codec.compact import decode, encode
from sync.codec.stream import Reader, Writer, integer
from sync.codec.texts import read_text, write_text
from sync.schema.definition import (
    BASIS,
    Change,
    Choice,
    EntityId,
    Field,
    Kind,
    Member,
    Merge,
    Moment,
    Number,
    Point,
    Position,
    Ref,
    ScalarType,
    Schema,
    Term,
    Text,
)
from sync.schema.op import Operation, OperationError, OperationTooLong, UnknownCodec
from sync.schema.values import ValueRefused
from sync.schema.vocabulary import TERMS

NOW = 28_000_000
OLD = Schema(
    (
        Kind(
            1,
            "note",
            (
                Field(0, "text", Text(400), Merge.REGISTER, required=True),
                Field(1, "level", Choice(("low", "high"), room=4), Merge.REGISTER),
                Field(2, "place", Term("place"), Merge.REGISTER),
            ),
        ),
    )
)
NEW = Schema(
    (
        Kind(
            1,
            "note",
            (
                Field(0, "text", Text(400), Merge.REGISTER, required=True),
                Field(1, "level", Choice(("low", "high", "extreme"), room=4), Merge.REGISTER),
                Field(2, "place", Term("place"), Merge.REGISTER),
                Field(3, "cost", Number(typical=100), Merge.REGISTER, since=2),
                Field(4, "remark", Text(100), Merge.REGISTER, since=2),
                Field(9, "at", Moment(), Merge.ONCE, since=3),
            ),
        ),
        Kind(2, "tally", (Field(0, "value", Number(), required=True),)),
    )
)


def size(kind: str, changes: dict[str, Change], entity: EntityId | None = None) -> int:
    """Bytes of an operation of author 5, number 40."""
    data = codec.encode(Operation(NOW, kind, changes, entity), SCHEMA, 5, 40)
    assert codec.decode(data, SCHEMA, 5, 40).changes == changes
    return len(data)


def test_short_operations_are_short() -> None:
    """What the schema foresees costs little: time, kind and the values themselves."""
    assert size("reading", {"gauge": "Greven", "value": 412}) <= 7
    assert size("stock_movement", {"item": "Decken", "place": "Lotte", "amount": -50}) <= 8
    assert size("incident", {"status": "erledigt"}, EntityId(5, 33)) <= 7
    assert size("incident", {"status": "in Arbeit", "affected": 40}, EntityId(14, 33)) <= 9
    assert size("message", {"priority": "sofort", "to": (3,), "text": "Strom ausgefallen"}) <= 11


def test_own_entities_cost_less_than_others() -> None:
    """A reference back in the own feed takes a few bits, another author's more."""
    changes: dict[str, Change] = {"affected": 1}
    assert size("incident", changes, EntityId(5, 39)) < size("incident", changes, EntityId(700, 39))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("incident", {"type": "Brand", "status": "offen", "point": Point(-900_000, 1_799_999)}),
        ("incident", {"type": "Brand", "status": "offen", "at": 0}),
        ("incident", {"type": "Brand", "status": "offen", "at": 2**34 - 1}),
        ("journal", {"text": "x", "about": EntityId(5, 41)}),
        ("journal", {"text": "x", "about": EntityId(1023, 2**31 - 1)}),
        ("supply", {"item": "Gans", "place": "日本", "minimum": 2**31 - 1}),
        ("reading", {"gauge": "Greven", "value": -(2**31) + 1}),
        ("journal", {"text": "\x00\x7f\uffff\U0010ffff"}),
    ],
)
def test_what_nobody_expects_still_works(kind: str, changes: dict[str, Change]) -> None:
    """Values far from the likely ones escape to longer codes and come back."""
    operation = Operation(2**34 - 1, kind, changes)

    assert decode(encode(operation, SCHEMA, 5, 40), SCHEMA, 5, 40) == operation


def test_too_long() -> None:
    """More than 140 bytes are refused, with the excess."""
    with pytest.raises(OperationTooLong) as caught:
        encode(Operation(NOW, "journal", {"text": "日本語" * 100}), SCHEMA, 5, 1)
    assert caught.value.excess > 0


@pytest.mark.parametrize(
    "operation",
    [
        Operation(NOW, "journal", {"text": "half \ud800"}),
        Operation(-1, "journal", {"text": "x"}),
        Operation(2**34, "journal", {"text": "x"}),
        Operation(NOW, "reading", {"gauge": "Greven", "value": 1}, EntityId(1, 1)),
        Operation(NOW, "journal", {"text": "x"}, unknown={0: b"x"}),
        Operation(NOW, "journal", {"text": "x"}, unknown={64: b"x"}),
    ],
)
def test_what_cannot_be_coded_is_refused(operation: Operation) -> None:
    """Surrogates, impossible times, changes of what is immutable, wrong numbers of fields."""
    with pytest.raises(OperationError):
        encode(operation, SCHEMA, 5, 1)


def test_values_are_checked() -> None:
    """A value that its field cannot hold names the field."""
    with pytest.raises(ValueRefused) as caught:
        encode(Operation(NOW, "reading", {"gauge": "Greven", "value": 2**31}), SCHEMA, 5, 1)
    assert caught.value.field == "value"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 400,
        "ab" * 60,
        " " * 50,
        "Lang " * 40,
        "0" * 100,
        "é" * 50,
        "Ω" * 30,
        "\u2028",
        "zq" * 9,
    ],
)
@pytest.mark.parametrize("last", [True, False])
def test_no_text_costs_more_than_utf8(text: str, last: bool) -> None:
    """Text alone costs at most its UTF-8 and one byte, with its length one more."""
    writer = Writer()
    write_text(writer, text, last=last)
    closed = writer.close(0)
    if closed is None:
        writer = Writer()
        write_text(writer, text, last=last, plain=True)
        closed = writer.close(0)
    assert closed is not None

    value, count = closed
    assert count <= len(text.encode()) + (1 if last else 2)
    assert read_text(Reader(value, 0, count), 400, last=last) == text


def test_numbers_around_the_typical_are_cheapest() -> None:
    """An integer's cost grows with its distance above the typical size."""

    def bits(value: int) -> int:
        writer = Writer()
        integer(writer, value, 64)
        return writer.bits_used

    assert bits(0) == bits(63) < bits(64) < bits(200) < bits(10_000) < bits(2**31)


def test_a_new_field_survives_an_old_node() -> None:
    """An old node keeps fields of a newer schema and gives the same bytes back."""
    changes: dict[str, Change] = {"text": "Sand", "cost": 120, "remark": "teuer", "at": NOW - 60}
    written = Operation(NOW, "note", changes)
    data = encode(written, NEW, 3, 1)

    seen = decode(data, OLD, 3, 1)
    assert seen.changes == {"text": "Sand"}
    assert set(seen.unknown) == {3, 4, 9}
    assert encode(seen, OLD, 3, 1) == data
    assert decode(data, NEW, 3, 1) == written


def test_what_a_change_is_based_on_costs_little() -> None:
    """Nothing where it goes without saying; else four bytes if the entity's author said it."""

    def based(*basis: EntityId) -> int:
        changes: dict[str, Change] = {"status": "erledigt"}
        written = Operation(NOW, "incident", changes, EntityId(14, 33), basis=basis)
        data = codec.encode(written, SCHEMA, 5, 40)
        assert codec.decode(data, SCHEMA, 5, 40) == written
        return len(data)

    assert based(EntityId(14, 36)) <= based() + 4
    assert based(EntityId(3, 60)) <= based() + 5
    assert based(EntityId(3, 60), EntityId(20, 400), EntityId(900, 2**20)) <= based() + 15


def test_old_nodes_keep_what_a_change_is_based_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that knows of no basis reads the change, and gives the same bytes back."""
    written = Operation(
        NOW, "incident", {"status": "erledigt"}, EntityId(14, 33), basis=(EntityId(3, 60),)
    )
    data = encode(written, SCHEMA, 5, 40)
    monkeypatch.setattr(codec_compact, "BASIS", 64)

    seen = decode(data, SCHEMA, 5, 40)
    assert seen.changes == written.changes
    assert set(seen.unknown) == {BASIS}
    assert encode(seen, SCHEMA, 5, 40) == data


def test_what_begins_is_based_on_nothing() -> None:
    """An operation that creates cannot name a basis; nor can bytes that claim one be read."""
    changes: dict[str, Change] = {"type": "Brand", "status": "offen"}
    with pytest.raises(ValueRefused):
        encode(Operation(NOW, "incident", changes, basis=(EntityId(3, 1),)), SCHEMA, 5, 40)
    many = (EntityId(3, 1),) * 4
    with pytest.raises(ValueRefused):
        encode(Operation(NOW, "incident", {"units": "x"}, EntityId(1, 1), basis=many), SCHEMA, 5, 4)


def test_a_new_field_can_be_cleared() -> None:
    """Setting a later register back to unknown travels as well."""
    written = Operation(NOW, "note", {"cost": None, "level": None}, EntityId(3, 1))
    data = encode(written, NEW, 3, 2)

    assert decode(data, NEW, 3, 2) == written
    assert set(decode(data, OLD, 3, 2).unknown) == {3}


def test_old_operations_mean_the_same_after_an_upgrade() -> None:
    """A newer schema reads what an older one wrote, and codes it to the same bytes."""
    written = Operation(NOW, "note", {"text": "Sand", "level": "high", "place": "Rheine"})

    assert encode(written, OLD, 3, 1) == encode(written, NEW, 3, 1)
    assert decode(encode(written, OLD, 3, 1), NEW, 3, 1) == written


def test_what_only_newer_nodes_know_is_named() -> None:
    """A new kind, choice or codec version is no garbage: the bytes are to be kept."""
    for operation, what in (
        (Operation(NOW, "tally", {"value": 3}), "kind 2"),
        (Operation(NOW, "note", {"text": "x", "level": "extreme"}), "choice 2"),
    ):
        with pytest.raises(UnknownCodec, match=what):
            decode(encode(operation, NEW, 3, 1), OLD, 3, 1)
    with pytest.raises(UnknownCodec, match="codec version 6"):
        codec.decode(bytes((2, 6 << 5, 0)), SCHEMA, 1, 1)


def test_a_term_that_only_another_list_has() -> None:
    """Spelled as material, listed as place: written by one node, it is read by every other."""
    for changes in (
        {"item": "Rheine", "place": "Rheine"},
        {"item": "Decken", "place": "Rheine", "unit": "Rheine"},
    ):
        operation = Operation(28_300_000, "supply", changes)
        assert decode(encode(operation, SCHEMA, 3, 1), SCHEMA, 3, 1) == operation


def test_a_term_listed_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A term spelled before its list had it is read after the upgrade; its index is not before."""
    operation = Operation(NOW, "note", {"text": "x", "place": "Quakenbrück"})
    spelled = encode(operation, OLD, 3, 1)
    terms = (*TERMS["place"], "Quakenbrück")
    monkeypatch.setitem(TERMS, "place", terms)
    monkeypatch.setitem(codec_values._INDEX, "place", {term: at for at, term in enumerate(terms)})

    assert decode(spelled, OLD, 3, 1) == operation
    indexed = encode(operation, OLD, 3, 1)
    assert len(indexed) < len(spelled)
    monkeypatch.undo()
    with pytest.raises(UnknownCodec, match="term"):
        decode(indexed, OLD, 3, 1)


def test_an_unknown_text_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text of a model that this node lacks gives UnknownCodec with the model's number."""
    writer = Writer()
    writer.bit(codec_text._PLAIN, 0)
    writer.bit(codec_text._MODEL_BASE, 0)
    writer.uniform(256, 9)
    closed = writer.close(0)
    assert closed is not None

    with pytest.raises(UnknownCodec, match="text model 9"):
        read_text(Reader(closed[0], 0, closed[1]), 100, last=True)


def test_only_canonical_bytes_are_read() -> None:
    """A longer form of the same operation is refused."""
    data = encode(Operation(NOW, "reading", {"gauge": "Greven", "value": 412}), SCHEMA, 5, 40)

    longer = bytes((data[0] + 1,)) + data[1:] + b"\0"
    with pytest.raises(OperationError):
        decode(longer, SCHEMA, 5, 40)


def test_no_field_added_later_is_required() -> None:
    """Older nodes go on writing operations without it, so a later field is never required."""
    for kind in SCHEMA.kinds:
        for field in kind.fields:
            assert not (field.required and field.since > 1), f"{kind.name}.{field.name}"


def test_every_type_of_later_field_survives() -> None:
    """Whatever type a later field has, its bytes stand for themselves."""
    types: dict[str, tuple[ScalarType, Change]] = {
        "ref": (Ref(), EntityId(3, 1)),
        "member": (Member(), 4),
        "position": (Position(), Point(522_000, 74_000)),
        "term": (Term("item"), "Decken"),
    }
    for name, (kind_of_value, value) in types.items():
        (note, *_) = OLD.kinds
        later = Field(7, name, kind_of_value, Merge.REGISTER, since=2)
        schema = Schema((replace(note, fields=(*note.fields, later)),))
        written = Operation(NOW, "note", {"text": "x", name: value})
        data = encode(written, schema, 3, 5)

        assert decode(data, schema, 3, 5) == written
        assert encode(decode(data, OLD, 3, 5), OLD, 3, 5) == data
