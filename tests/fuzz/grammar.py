# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Operations that a hostile or merely odd member may sign: whatever the schema's grammar allows.

Every value at the ends of its range, texts of all that terminals and databases trip over,
references to nothing, to oneself, in circles and to entries of a wrong kind, required fields taken
back, times of all ages; and now and then bytes that are no operation at all.
"""

from __future__ import annotations

import random
from typing import Any

from lage.kinds.schema import SCHEMA
from sync.codec import compact, packed
from sync.schema.causal import BASIS_MAX
from sync.schema.definition import (
    Blob,
    Change,
    Choice,
    EntityId,
    Field,
    Flag,
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
from sync.schema.op import Operation, OperationTooLong
from sync.schema.values import MEMBER_MAX, NUMBER_MAX, TIME_MAX
from sync.schema.vocabulary import TERMS
from tests.fuzz.loop import mutated

TEXTS = (
    "Pegel Rheine steigt auf 451 cm",
    *("x", " ", "\n\n", "0", "-1", "None", "a" * 60, "Wort " * 12, "\t|\r\n;,", "=1+1"),
    *("\x00", "\x1b]52;c;eA==\a", "\u202eneddos", "\ufeff\u200b", "\U0010ffff\uffff"),
    *("[red]rot[/] [/nichts] [@click=app.quit]x[/]", "<b>&amp;</b>", "%s %d {0} {x}"),
    *("e\u0301\u0301\u0301", "\U0001f469\u200d\U0001f467\U0001f692", "日本語"),
    *("'; DROP TABLE operation; --", '"Keller" OR NEAR(', "../../etc/passwd"),
)
POINTS = (
    Point(522_790, 74_400), Point(900_000, 0), Point(-900_000, -1_800_000), Point(0, 1_799_999),
    Point(0, 0), Point(521_500, 76_300), Point(521_501, 76_300), Point(521_500, 76_301),
)  # fmt: skip
NOW = 28_340_000
MEMBERS = 3


def _coded(operation: Operation, author: int, number: int, *, plain: bool) -> bytes:
    """As a codec would write it that does not look where it stands."""
    if plain:
        return packed.encode(operation, SCHEMA)
    return compact.encode(operation, SCHEMA, author, number)


class Grammar:
    """Makes operations; remembers what there is, so that some of them are about it."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._known: list[tuple[EntityId, str]] = []

    def operation(self, author: int, number: int) -> bytes:
        """The bytes of that author's next operation."""
        rng = self._rng
        while True:
            try:
                made = self._operation(author, number)
                data = _coded(made, author, number, plain=rng.random() < 0.15)
            except OperationTooLong:
                continue
            if made.entity is None:
                self._known.append((EntityId(author, number), made.kind))
            if rng.random() < 0.05:
                data = mutated(data, rng)[:140]
                data = bytes((max(1, len(data) - 1),)) + data[1:].ljust(1, b"\0")
            return data

    def _operation(self, author: int, number: int) -> Operation:
        rng = self._rng
        about: EntityId | None = None
        kind = rng.choice(SCHEMA.kinds)
        if self._known and rng.random() < 0.5:
            about, name = rng.choice(self._known)
            kind = SCHEMA.by_name[name] if rng.random() < 0.95 else kind
        elif rng.random() < 0.05:
            about = self._entity(author, number)
        if kind.immutable:
            about = None
        changes: dict[str, Change] = {}
        for field in kind.fields:
            if about is None and field.required:
                changes[field.name] = self._change(field, author, number)
            elif (about is None or field.merge is not Merge.ONCE) and rng.random() < 0.25:
                cleared = about is not None and field.merge is Merge.REGISTER
                changes[field.name] = (
                    None if cleared and rng.random() < 0.3 else self._change(field, author, number)
                )
        basis: tuple[EntityId, ...] = ()
        if about is not None and rng.random() < 0.5:
            claimed = (self._entity(author, number) for _ in range(rng.randint(1, BASIS_MAX)))
            basis = tuple(sorted(set(claimed)))
        return Operation(self._time(), kind.name, changes, about, basis=basis)

    def _time(self) -> int:
        rng = self._rng
        return rng.choice((NOW, NOW, NOW, 0, TIME_MAX, 28_300_000)) if rng.random() < 0.4 else (
            NOW + rng.randint(-90_000, 90_000)
        )  # fmt: skip

    def _change(self, field: Field, author: int, number: int) -> Change:
        rng = self._rng
        many = field.type if isinstance(field.type, Many) else None
        item = many.item if many else field.type
        assert not isinstance(item, Many)
        if field.merge is Merge.SET:
            added = tuple(self._value(item, author, number) for _ in range(rng.randint(1, 3)))
            gone = ((self._entity(author, number), self._value(item, author, number)),)
            return SetChange(added, gone if rng.random() < 0.3 else ())
        if many:
            count = rng.choice((1, 2, 3, min(8, many.maximum)))
            return tuple(self._value(item, author, number) for _ in range(count))
        return self._value(item, author, number)

    def _value(self, item: ScalarType, author: int, number: int) -> Any:
        rng = self._rng
        match item:
            case Flag():
                return True
            case Number(signed=signed, typical=typical, maximum=most):
                least = -most if signed else 0
                return rng.choice((0, 1, min(typical, most), most, least, rng.randint(least, most)))
            case Choice(values=values):
                return rng.choice(values)
            case Term(vocabulary=name):
                return rng.choice(
                    (rng.choice(TERMS[name]), rng.choice(TERMS[name][:3]), self._text(120))
                )
            case Text(max_chars=most):
                return self._text(most)
            case Moment():
                return rng.choice((0, TIME_MAX, NOW, NOW + 60, NOW + rng.randint(-90_000, 90_000)))
            case Position():
                return rng.choice(POINTS)
            case Ref():
                return self._entity(author, number)
            case Member():
                return rng.choice((0, 1, 2, 3, 2, MEMBERS + 1, MEMBER_MAX))
            case Blob(max_bytes=most):
                return rng.choice((b"\0" * most, rng.randbytes(most), b"x"))
        raise AssertionError(item)

    def _text(self, most: int) -> str:
        return self._rng.choice(TEXTS)[:most]

    def _entity(self, author: int, number: int) -> EntityId:
        rng = self._rng
        if self._known and rng.random() < 0.8:
            return rng.choice(self._known)[0]
        return rng.choice(
            (EntityId(author, number), EntityId(0, 1), EntityId(author, number + 1),
             EntityId(MEMBER_MAX, NUMBER_MAX))
        )  # fmt: skip
