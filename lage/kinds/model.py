# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Plain frozen values that pass between store, commands, views and shells."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, cast

from lage.kinds.verdict import Void
from sync.schema.definition import Change, EntityId, Point, Scalar, Value
from sync.schema.urgency import Urgency


@dataclass(frozen=True, slots=True)
class Draft:
    """What a user wants written, before it has a number, a time and a signature.

    ``entity`` None creates; an int names the entity that the draft at this index of the same
    batch creates (so a message and its continuation are written in one go). ``seen``: what of the
    entity its user had before him, as ``Record.seq``; None: all that is here.
    """

    kind: str
    changes: Mapping[str, Change]
    entity: EntityId | int | None = None
    urgency: Urgency = Urgency.ROUTINE
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One entity as it stands: the row of a list."""

    id: EntityId
    kind: str
    nr: int | None  # running number per staff and kind; None until the gap before it is closed
    time: int  # when it was entered, seconds since EPOCH_UNIX_S
    changed: int  # last operation on it
    seq: int  # order of arrival of its last operation at this node
    values: Mapping[str, Value] = field(default_factory=dict)
    behind: EntityId | None = None  # the entry that is the same and stands for this one

    @property
    def event_time(self) -> int:
        """When it happened, as the reporter says; else when it was entered."""
        at = self.moment("at")
        return self.time if at is None else at

    # A field as its type, for who knows the kind; None or empty where it is not known.

    def text(self, name: str, unknown: str = "") -> str:
        """A text, a choice or a term; as its author wrote it, so not yet harmless to show."""
        value = self.values.get(name)
        return value if isinstance(value, str) else unknown

    def texts(self, name: str) -> tuple[str, ...]:
        """Several of these."""
        return tuple(value for value in self._several(name) if isinstance(value, str))

    def whole(self, name: str) -> int | None:
        """A number."""
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    def moment(self, name: str) -> int | None:
        """A log time."""
        return self.whole(name)

    def flag(self, name: str) -> bool:
        """Whether it is said."""
        return self.values.get(name) is True

    def ref(self, name: str) -> EntityId | None:
        """The entry that it names."""
        value = self.values.get(name)
        return value if isinstance(value, EntityId) else None

    def members(self, name: str) -> tuple[int, ...] | None:
        """The staffs that it names, where it may name several."""
        if not isinstance(self.values.get(name), tuple):
            return None
        return tuple(value for value in self._several(name) if isinstance(value, int))

    def point(self, name: str = "point") -> Point | None:
        """A place on the ground."""
        value = self.values.get(name)
        return value if isinstance(value, Point) else None

    def corners(self, name: str = "outline") -> tuple[Point, ...]:
        """The corners of an area."""
        return tuple(value for value in self._several(name) if isinstance(value, Point))

    def data(self, name: str) -> bytes:
        """Bytes."""
        value = self.values.get(name)
        return value if isinstance(value, bytes) else b""

    def _several(self, name: str) -> tuple[Scalar, ...]:
        value = self.values.get(name)
        several = isinstance(value, tuple) and not isinstance(value, EntityId | Point)
        return cast("tuple[Scalar, ...]", value) if several else ()


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One operation on an entity, for its history."""

    id: EntityId  # author and number of the operation
    time: int
    received: int  # unix seconds, this node's clock
    creates: bool
    changes: Mapping[str, Change]
    effective: frozenset[str]  # fields whose value still comes from this operation
    valid: bool = True  # False: quarantined after a revocation
    time_doubtful: bool = False  # stamped far ahead of the clock that received it
    void: Mapping[str, Void] = field(default_factory=dict)  # fields in which it has no effect, why
    astray: bool = False  # speaks of the entry as of another kind; then it has no changes
    beside: frozenset[int] = (
        frozenset()
    )  # who changed the same without knowing of it, nor it of him
    overruled: Mapping[str, int] = field(default_factory=dict)
    """Fields in which the concurrent word of that author stands instead."""

    @property
    def counted(self) -> Mapping[str, Change]:
        """What of it has an effect."""
        return {name: change for name, change in self.changes.items() if name not in self.void}


@dataclass(frozen=True, slots=True)
class Contested:
    """A change of a field, and the concurrent one that holds instead."""

    entity: EntityId
    field: str
    operation: EntityId
    by: EntityId  # the operation that holds


@dataclass(frozen=True, slots=True)
class VoidOperation:
    """An operation that is kept and does not count."""

    author: int
    number: int
    data: bytes
    received: int  # unix seconds, this node's clock
    aside: bool  # of another branch; else beyond a revocation or an undecided fork


class Unshown(enum.Enum):
    """Why an operation is in the log and in no list."""

    GARBLED = "garbled"  # no operation, or a value out of its range
    OUTDATED = "outdated"  # written in a form that had been given up by then
    FAILED = "failed"  # an error of the program, caught by a fence


@dataclass(frozen=True, slots=True)
class UnshownOperation:
    """An operation that is kept and relayed and cannot be shown."""

    author: int
    number: int
    received: int  # unix seconds, this node's clock
    why: Unshown
    reason: str


Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "unknown", "known"]
Order = Literal["event", "entered", "changed", "arrival", "nr"]


@dataclass(frozen=True, slots=True)
class Where:
    """One condition on a field of the kind, or on id, author, nr, time, changed, seq, sort_time,
    behind."""

    field: str
    operator: Operator
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """Which entities of one kind, in which order."""

    kind: str
    where: tuple[Where, ...] = ()
    text: str = ""  # words that must occur, each as a prefix
    among: str | None = None  # only these, as ``Reader.hits`` gave them
    to: Collection[int] = ()  # messages addressed to one of these members or to all
    unconfirmed_by: Collection[int] = ()  # messages without a Quittung by any of these members
    order: Order = "event"
    descending: bool = True
    limit: int = 200
    offset: int = 0


class Signer(Protocol):
    """This node's right to append to its feed."""

    @property
    def author(self) -> int:
        """Roster number."""

    @property
    def origin(self) -> bytes:
        """chain(0), the hash of the certificate, 16 bytes."""

    def sign(self, number: int, chain: bytes) -> bytes:
        """Signature over the chain at that number, 64 bytes."""


Progress = Callable[[int, int], None]
"""Called with (done, total) during long work."""
