# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an evaluation goes by: scripts, logs and the direction's journal, as plain values. Pure.

Times are log times; a staff is called by its number in the county.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.schema.definition import EntityId


class Step(enum.Enum):
    """How far a staff has come with what was brought to it."""

    RECEIVED = "empfangen"
    OPENED = "geöffnet"
    ACKNOWLEDGED = "quittiert"
    DECIDED = "entschieden"
    DONE = "erledigt"


@dataclass(frozen=True, slots=True)
class Place:
    """A staff that took part."""

    number: int
    name: str
    role: str
    manned: bool  # by people; else the script played it
    log: bool  # its own log is at hand: when something came there is known to the second
    size: int = 0  # bytes of what it wrote
    airtime_ms: int | None = None  # of the last hour, as its node reported; None: nobody knows


@dataclass(frozen=True, slots=True)
class Deed:
    """What a staff did about an entry."""

    about: EntityId
    staff: int
    at: int
    step: Step | None  # None: it wrote or changed something that settles nothing
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a staff wrote, whatever it is about."""

    staff: int
    at: int
    words: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed entries of a staff."""

    staff: int
    name: str
    first: int
    last: int
    entries: int
    counts: tuple[tuple[str, int], ...] = ()  # kind -> how many of them


@dataclass(frozen=True, slots=True)
class Asked:
    """What was brought to staffs, and what should have come of it: an inject, or without a script
    a message, an order, a request."""

    nr: str
    title: str
    text: str
    way: str
    sender: str
    to: tuple[int, ...]
    planned: int | None  # None: on a condition, or nobody planned it
    given: int | None  # None: it was not given
    standing: str  # why not, or how
    expected: str = ""
    hint: str = ""
    checked: bool = False  # a machine could see whether the expected was done
    entries: tuple[EntityId, ...] = ()
    deadline: int | None = None  # for the Quittung, or for getting it done


@dataclass(frozen=True, slots=True)
class Note:
    """What an observer saw."""

    at: int
    staff: str
    text: str
    by: str
    nr: str


@dataclass(frozen=True, slots=True)
class World:
    """All that is known of it."""

    title: str
    network: str
    exercise: bool
    script: str  # name of the script; empty: there was none
    begin: int
    end: int
    ended: bool | None  # whether it was brought to its end; None: nobody directed it
    places: tuple[Place, ...]
    asked: tuple[Asked, ...]
    deeds: tuple[Deed, ...]  # in the order of time
    entries: tuple[Entry, ...]  # in the order of time
    came: Mapping[int, Mapping[EntityId, int]]  # staff with a log -> operation -> arrival
    written: Mapping[EntityId, tuple[int, int]]  # operation -> when, and by whom
    doubtful: int  # operations under a wrong clock
    facts: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    """(nr, state, staff's name) -> log time, as the direction's conditions saw it."""
    persons: tuple[Person, ...] = ()
    notes: tuple[Note, ...] = ()
    wash: tuple[tuple[str, bool], ...] = ()  # points for the talk afterwards, talked about or not
    packets: int | None = None  # on the simulated air
    airtime_ms: int | None = None
    outages: tuple[tuple[int, str, str, bool], ...] = ()  # when, whose, what, whether it begins
    played: int | None = None  # log time by the wall when it began; None: nobody knows
    unread: tuple[str, ...] = ()  # logs that lie there and cannot be read, why
