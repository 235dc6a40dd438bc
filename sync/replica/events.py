# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What goes in and comes out of the replication engine: plain frozen values.

Frames go to the radio's scheduler, events to the node. Times are milliseconds of the clock whose
``now`` the engine is given.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from sync.feed.log import ForkProof
from sync.feed.why import Why
from sync.schema.urgency import Urgency


class Priority(enum.IntEnum):
    """Class of an outgoing frame; a smaller number goes first."""

    FLASH = 0
    IMMEDIATE = 1
    RECEIPT = 2
    ROUTINE = 3
    WANT = 4
    REPAIR = 5
    HAVE = 6


CARRIED_AS: Mapping[Urgency, Priority] = {
    Urgency.FLASH: Priority.FLASH,
    Urgency.IMMEDIATE: Priority.IMMEDIATE,
    Urgency.RECEIPT: Priority.RECEIPT,
    Urgency.ROUTINE: Priority.ROUTINE,
    Urgency.READING: Priority.ROUTINE,
}
"""In frames of which class operations of an urgency go out."""


class Reach(enum.Enum):
    """How far a frame has to go."""

    NEIGHBOURS = "neighbours"  # hop limit 0
    RELAYED = "relayed"  # hop limit 1: nine in ten, by towers, for a third of a flood's air
    MESH = "mesh"  # flooded with the configured hop limit


@dataclass(frozen=True, slots=True)
class Frame:
    """Bytes to be sent."""

    payload: bytes  # 1..231 bytes
    priority: Priority
    reach: Reach
    key: str | None  # a newer frame replaces one that still waits with the same key
    expires: int  # ms; not worth sending afterwards
    own: tuple[tuple[int, int], ...] = ()  # (first, last) of own operations that it carries
    insist: bool = True  # our radio repeats it until it hears a relay, if it may be relayed
    former: bool = False  # for those who still have the key before: on the channel before


@dataclass(frozen=True, slots=True)
class HeardFrame:
    """Bytes that came over the air."""

    payload: bytes
    snr_db: float | None = None
    hops: int = 0  # relays in between; 0 for a direct neighbour
    radio: int | None = None  # number of the radio that sent it
    relays: int = 0  # how many its sender allowed


@dataclass(frozen=True, slots=True)
class Accepted:
    """Operations were verified and stored."""

    author: int
    first: int
    last: int
    new: int  # how many of them were not in the log before
    island: bool = False  # something before them is still missing
    urgent: bool = False  # they came in a flood that says so


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something from the air was not taken; counted, never raised."""

    reason: Why
    author: int | None = None


@dataclass(frozen=True, slots=True)
class ForkFound:
    """One author signed two different feeds; it is frozen before ``number``."""

    author: int
    number: int
    proof: ForkProof


@dataclass(frozen=True, slots=True)
class Revoked:
    """The county's root ended a feed after ``last_good``."""

    author: int
    last_good: int


@dataclass(frozen=True, slots=True)
class RosterChanged:
    """Feed 0 has new records: members, keys or decisions on forks."""

    head: int


@dataclass(frozen=True, slots=True)
class PeerSeen:
    """A node was heard."""

    author: int
    snr_db: float | None
    hops: int
    radio: int | None = None


@dataclass(frozen=True, slots=True)
class PeerTells:
    """A node told how it is and how long it lasts."""

    author: int
    pages: tuple[int, ...]  # of ``sync.wire.heartbeat``; what they don't say stays


@dataclass(frozen=True, slots=True)
class PeerHears:
    """A node named another one as its radio neighbour: that one shall answer it."""

    author: int
    neighbour: int


@dataclass(frozen=True, slots=True)
class PeerHas:
    """What a node announced to hold: author -> last number without gap."""

    author: int
    vector: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Gap:
    """Operations first..last exist and are missing here."""

    author: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class OwnFeedAhead:
    """The net holds more of our own feed than our log: restored from a backup, publishing ended."""

    known: int  # highest number of ours that is signed out there
    held: int  # highest number in our log


@dataclass(frozen=True, slots=True)
class StoreFailed:
    """The log could not be written; what was heard is asked for again later."""

    reason: str


Event = (
    Accepted
    | Rejected
    | ForkFound
    | Revoked
    | RosterChanged
    | PeerSeen
    | PeerTells
    | PeerHears
    | PeerHas
    | Gap
    | OwnFeedAhead
    | StoreFailed
)
