# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Plain frozen values that pass between store, commands, views and shells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from lage.kinds.verdict import Void
from sync.schema.definition import Change, EntityId, Value
from sync.schema.urgency import Urgency


@dataclass(frozen=True, slots=True)
class Draft:
    """What a user wants written, before it has a number, a time and a signature.

    ``entity`` None creates; an int names the entity that the draft at this index of the same
    batch creates (so a message and its continuation are written in one go).
    """

    kind: str
    changes: Mapping[str, Change]
    entity: EntityId | int | None = None
    urgency: Urgency = Urgency.ROUTINE


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

    @property
    def event_time(self) -> int:
        """When it happened, as the reporter says; else when it was entered."""
        at = self.values.get("at")
        return at if isinstance(at, int) else self.time


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

    @property
    def counted(self) -> Mapping[str, Change]:
        """What of it has an effect."""
        return {name: change for name, change in self.changes.items() if name not in self.void}


@dataclass(frozen=True, slots=True)
class VoidOperation:
    """An operation that is kept and does not count."""

    author: int
    number: int
    data: bytes
    received: int  # unix seconds, this node's clock
    aside: bool  # of another branch; else beyond a revocation or an undecided fork


Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "unknown", "known"]
Order = Literal["event", "entered", "changed", "arrival", "nr"]


@dataclass(frozen=True, slots=True)
class Where:
    """One condition on a field of the kind, or on id, author, nr, time, changed, seq, sort_time."""

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
