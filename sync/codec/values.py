# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the compact codec writes one value of each type of the schema; free text apart.

Every function walks a ``Coder`` both ways. What is read may still be out of its field's range:
the codec checks the whole operation afterwards, with the checks every codec uses.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sync.codec import odds
from sync.codec.odds import Odds
from sync.codec.stream import Coder, Reader, Writer, integer, signed, starts_of
from sync.codec.texts import read_text, write_text
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
    Scalar,
    ScalarType,
    SetChange,
    Term,
    Text,
)
from sync.schema.op import OperationError, UnknownCodec
from sync.schema.vocabulary import TERMS

_LAT_ALL, _LON_ALL = 1_800_001, 3_600_000
_INDEX = {name: {term: at for at, term in enumerate(terms)} for name, terms in TERMS.items()}


class Frame:
    """What values are relative to: the operation's own place and time."""

    __slots__ = ("author", "number", "spelled", "time")

    def __init__(self, author: int, number: int, time: int) -> None:
        self.author = author
        self.number = number
        self.time = time
        self.spelled: set[tuple[str, str]] = set()
        """(Vocabulary, term) found spelled: listed today, perhaps, but not in their author's."""


def code_change(
    coder: Coder, field: Field, change: Change, odds_: Odds, frame: Frame, *, creates: bool
) -> Change:
    """A field's change that is present and not None."""
    if field.merge is Merge.SET:
        return _code_set(coder, field, change, odds_, frame)
    if isinstance(field.type, Many):
        return _code_many(coder, field.type, change, odds_, frame)
    item = field.type
    if field.merge is Merge.LEDGER:
        item = Number(signed=True, typical=item.typical if isinstance(item, Number) else 64)
    return code_scalar(coder, item, change, odds_, frame, creates=creates)


def code_scalar(
    coder: Coder, item: ScalarType, value: Any, odds_: Odds, frame: Frame, *, creates: bool
) -> Scalar:
    """One value of a type."""
    match item:
        case Flag():
            return True
        case Number():
            return _code_number(coder, item, value or 0, odds_)
        case Choice():
            return _code_choice(coder, item, value, odds_.weights if creates else odds_.later)
        case Term():
            return _code_term(coder, item, value, frame)
        case Text(max_chars=limit):
            return code_text(coder, value or "", limit)
        case Moment():
            return _code_moment(coder, value or 0, odds_, frame)
        case Position():
            return _code_position(coder, value or Point(0, 0))
        case Ref():
            return code_ref(coder, value or EntityId(0, 1), odds_, frame)
        case Member():
            return code_member(coder, value or 0)
        case Blob(max_bytes=limit):
            return _code_blob(coder, value or b"", limit)
    raise AssertionError(item)


def code_ref(coder: Coder, value: EntityId, odds_: Odds, frame: Frame) -> EntityId:
    """Another entity: how far back in the own feed, or author and number."""
    own = value.author == frame.author and value.number < frame.number
    if coder.bit(odds_.own << 8 or 1, own):
        back = integer(coder, frame.number - value.number - 1, odds.OWN_BACK)
        return EntityId(frame.author, frame.number - 1 - back)
    author = code_member(coder, value.author)
    return EntityId(author, 1 + integer(coder, value.number - 1, odds.OTHERS_NUMBER))


def code_member(coder: Coder, value: int) -> int:
    """An author number."""
    return integer(coder, value, odds.MEMBERS, odds.MEMBER_FIRST)


def code_text(
    coder: Coder, value: str, limit: int, *, last: bool = False, plain: bool = False
) -> str:
    """A text of at most ``limit`` characters, the ``last`` part of the stream or not."""
    if isinstance(coder, Reader):
        return read_text(coder, limit, last=last, expected=value)
    assert isinstance(coder, Writer)
    write_text(coder, value, last=last, plain=plain)
    return value


def _code_number(coder: Coder, item: Number, value: int, odds_: Odds) -> int:
    size, scale = max(1, item.typical), 1
    if odds_.tens and coder.bit(odds_.tens << 8, value % 10 == 0):
        size, scale, value = max(1, size // 10), 10, value // 10
    if item.signed:
        return scale * signed(coder, value, size, odds_.negative << 8)
    return scale * integer(coder, value, size)


def _code_choice(coder: Coder, item: Choice, value: str, weights: tuple[int, ...]) -> str:
    index = 0 if coder.reading else item.values.index(value)
    index = coder.span(_choice_starts(item.room, weights), index)
    if index >= len(item.values):
        raise UnknownCodec(f"choice {index}")
    return item.values[index]


@lru_cache(maxsize=256)
def _choice_starts(room: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    return starts_of(odds.choice_weights(room, weights))


def _code_term(coder: Coder, item: Term, value: str, frame: Frame) -> str:
    terms = TERMS.get(item.vocabulary, ())
    index = -1
    if not coder.reading and (item.vocabulary, value) not in frame.spelled:
        index = _INDEX.get(item.vocabulary, {}).get(value, -1)
    if not coder.bit(odds.TERM_LISTED << 8, index >= 0):
        value = code_text(coder, value or "", 120)
        if coder.reading:
            frame.spelled.add((item.vocabulary, value))
        return value
    first = odds.FIRST_TERMS.get(item.vocabulary, odds.FIRST_TERMS_DEFAULT)
    index = integer(coder, index, first, odds.TERM_FIRST)
    if index >= len(terms):
        raise UnknownCodec(f"term {index} of {item.vocabulary}")
    return terms[index]


def _code_moment(coder: Coder, value: int, odds_: Odds, frame: Frame) -> int:
    negative = odds_.negative << 8
    if coder.bit(odds.WHOLE_MINUTE << 8, value % 60 == 0):
        return 60 * (frame.time // 60 + signed(coder, value // 60 - frame.time // 60, 64, negative))
    return frame.time + signed(coder, value - frame.time, 64, negative)


def _code_position(coder: Coder, value: Point) -> Point:
    lat, lon = value
    inside = odds.BOX_SOUTH <= lat <= odds.BOX_NORTH and odds.BOX_WEST <= lon <= odds.BOX_EAST
    if coder.bit(odds.IN_BOX << 8, inside):
        lat = coder.uniform(odds.BOX_NORTH - odds.BOX_SOUTH + 1, lat - odds.BOX_SOUTH)
        lon = coder.uniform(odds.BOX_EAST - odds.BOX_WEST + 1, lon - odds.BOX_WEST)
        return Point(lat + odds.BOX_SOUTH, lon + odds.BOX_WEST)
    lat = coder.uniform(_LAT_ALL, lat + 900_000)
    return Point(lat - 900_000, coder.uniform(_LON_ALL, lon + 1_800_000) - 1_800_000)


def _code_blob(coder: Coder, value: bytes, limit: int) -> bytes:
    size = 1 + coder.uniform(limit, len(value) - 1)
    if coder.reading:
        return bytes(coder.uniform(256, 0) for _ in range(size))
    for byte in value:
        coder.uniform(256, byte)
    return value


def _code_many(
    coder: Coder, kind: Many, value: Any, odds_: Odds, frame: Frame
) -> tuple[Scalar, ...]:
    given: tuple[Any, ...] = value or ()
    count = 1 + integer(coder, len(given) - 1, 1)
    _check_count(count, kind.maximum)
    items: list[Scalar] = []
    for at in range(count):
        coder.check()
        item = None if coder.reading else given[at]
        if items and isinstance(items[-1], Point):
            items.append(_code_corner(coder, item, items[-1]))
        else:
            items.append(code_scalar(coder, kind.item, item, odds_, frame, creates=True))
    return tuple(items)


def _code_corner(coder: Coder, value: Point | None, before: Point) -> Point:
    """A position near the one before it."""
    lat, lon = (0, 0) if value is None else (value[0] - before[0], value[1] - before[1])
    lat = before.lat_e4 + signed(coder, lat, odds.NEAR_DEGREES)
    return Point(lat, before.lon_e4 + signed(coder, lon, odds.NEAR_DEGREES))


def _code_set(coder: Coder, field: Field, value: Any, odds_: Odds, frame: Frame) -> SetChange:
    item = field.type.item if isinstance(field.type, Many) else field.type
    limit = field.type.maximum if isinstance(field.type, Many) else 32
    given: SetChange = value or SetChange()
    adds = integer(coder, len(given.add), 2)
    removes = integer(coder, len(given.remove), 1)
    _check_count(adds + removes, limit)
    added, removed = [], []
    for at in range(adds):
        coder.check()
        new = None if coder.reading else given.add[at]
        added.append(code_scalar(coder, item, new, odds_, frame, creates=True))
    for at in range(removes):
        coder.check()
        dot, old = (EntityId(0, 1), None) if coder.reading else given.remove[at]
        dot = code_ref(coder, dot, odds_, frame)
        removed.append((dot, code_scalar(coder, item, old, odds_, frame, creates=True)))
    return SetChange(tuple(added), tuple(removed))


def _check_count(count: int, limit: int) -> None:
    if not 0 < count <= limit:
        raise OperationError(f"{count} values")
