# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The language in which a schema is written: kinds, fields, value types, merge kinds.

Both ends of the air know the schema, so names, types and defaults cost nothing. The schema itself
(which kinds there are) is data given by the product; nothing here knows German or crisis staffs.

Evolution: numbers are never reused, and ``BASIS`` is no field's. A field added after a kind was
first published gets a ``since`` above 1 and travels in the operation's extension part, where older
nodes keep it as unknown. ``Choice`` values may be appended as long as they fit ``room``.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

BASIS = 23
"""Number in every kind under which an operation names what it was made in view of."""


class EntityId(NamedTuple):
    """Name of an entity: the author and the number of the operation that created it.

    Where an operation is meant, the author and the number of that operation.
    """

    author: int
    number: int


class Point(NamedTuple):
    """A place on the ground in units of 1e-4 degrees (WGS84), about 11 m x 7 m in Germany."""

    lat_e4: int
    lon_e4: int


Scalar: TypeAlias = bool | int | str | bytes | Point | EntityId
Value: TypeAlias = Scalar | tuple[Scalar, ...]


class SetChange(NamedTuple):
    """What an operation does to a set: elements added, and earlier additions withdrawn.

    ``remove`` names the operations whose addition of that element the author had seen; an addition
    nobody has named stays, so adding wins over a concurrent removal.
    """

    add: tuple[Scalar, ...] = ()
    remove: tuple[tuple[EntityId, Scalar], ...] = ()


Change: TypeAlias = Value | SetChange | None
"""One field's change; ``None`` sets a register back to "not known"."""


class Merge(enum.Enum):
    """How several operations on one field become one value."""

    ONCE = "once"  # set by the creating operation, immutable
    REGISTER = "register"  # last writer in the order of sync.schema.causal
    SET = "set"  # additions win over concurrent removals
    LEDGER = "ledger"  # signed amounts that add up
    APPEND = "append"  # text that its author continues in the operations directly after


@dataclass(frozen=True, slots=True)
class Flag:
    """True, or absent."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number; ``typical`` is the size at which coding is cheapest."""

    signed: bool = False
    typical: int = 64
    maximum: int = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values, coded as an index below ``room``; the first is the most frequent."""

    values: tuple[str, ...]
    room: int = 16


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a closed list (``sync.schema.vocabulary``) by index, any other text as fallback."""

    vocabulary: str


@dataclass(frozen=True, slots=True)
class Text:
    """Free text, any Unicode, coded by the text model."""

    max_chars: int = 400


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in whole seconds since the epoch of ``sync.feed.clock``; often near its own."""


@dataclass(frozen=True, slots=True)
class Position:
    """A ``Point``."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Another entity; ``kind`` names the only kind it can be, None allows any."""

    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """An author number of the roster."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that only their receiver understands."""

    max_bytes: int = 100


ScalarType: TypeAlias = (
    Flag | Number | Choice | Term | Text | Moment | Position | Ref | Member | Blob
)


@dataclass(frozen=True, slots=True)
class Many:
    """Several scalars in order, or the elements of a set."""

    item: ScalarType
    maximum: int = 32


FieldType: TypeAlias = ScalarType | Many


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind."""

    number: int  # 0..63 within the kind
    name: str
    type: FieldType
    merge: Merge = Merge.ONCE
    required: bool = False  # the creating operation always carries it
    since: int = 1  # schema revision that introduced it


@dataclass(frozen=True, slots=True)
class Kind:
    """An entity type: its number on the air and its fields."""

    number: int  # 1..63
    name: str
    fields: tuple[Field, ...]
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    by_number: Mapping[int, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {item.name: item for item in self.fields})
        object.__setattr__(self, "by_number", {item.number: item for item in self.fields})
        assert len(self.by_name) == len(self.by_number) == len(self.fields), self.name
        assert BASIS not in self.by_number, self.name

    @property
    def immutable(self) -> bool:
        """Whether no operation can change an entity after its creation."""
        return all(item.merge is Merge.ONCE for item in self.fields)


@dataclass(frozen=True, slots=True)
class Schema:
    """All kinds both ends know."""

    kinds: tuple[Kind, ...]
    by_name: Mapping[str, Kind] = field(init=False, repr=False, compare=False)
    by_number: Mapping[int, Kind] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {kind.name: kind for kind in self.kinds})
        object.__setattr__(self, "by_number", {kind.number: kind for kind in self.kinds})
        assert len(self.by_name) == len(self.by_number) == len(self.kinds)
