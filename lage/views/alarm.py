# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What waits for a staff: of which sort, how bad, since when, how to answer it, and in words."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sync.schema.definition import EntityId


class Sort(enum.Enum):
    """What is the matter; the value begins the text by which a taken alarm is remembered."""

    URGENT = "blitz"  # Blitz or Staatsnot to this staff
    CALL = "notruf"  # emergency calls of an Infopunkt that nobody has checked
    CLOSED = "verschlossen"  # what came from outside and cannot be opened here
    POST = "briefe"  # letters to people outside that no service takes
    WITHDRAWN = "abgesagt"  # a helper who was sent somewhere does not come
    OWED = "offen"  # a message of another waits for our Quittung
    AWAITED = "quittung"  # one of ours is not confirmed in time
    ORDER = "annehmen"  # an order to this staff that it has not accepted
    REQUEST = "anforderung"  # others ask for something, and nobody has answered
    TASK = "auftrag"  # an order is overdue, ours or to us
    LATE = "spaet"  # a request is overdue, ours or to us
    REFUSED = "abgelehnt"  # an order or request of ours
    REPORTED = "rueckmeldung"  # others say how an order or request of ours stands
    UNANSWERED = "ohne_antwort"  # a request of ours
    HANDOVER = "uebergabe"  # the last shift has handed over
    LEVEL = "pegel"  # a gauge is above one of its levels
    RISE = "anstieg"  # the water at a gauge rises faster than its limit
    SILENT = "stumm"  # a gauge has stopped reporting
    STOCK = "bestand"  # below its minimum, or below zero
    UNHEARD = "ungehoert"  # another staff, or all beyond a relay
    BATTERY = "akku"  # this computer's is nearly empty
    AIRTIME = "sendezeit"  # hardly any is left in this hour
    OVERRULED = "ueberstimmt"  # a concurrent change holds instead of ours
    RADIO = "funk"  # the attached radio is set wrong, does not send, hears nothing
    CLOCK = "uhr"  # this computer's or another staff's is wrong
    LISTS = "mitgliederlisten"  # the county has two, and the root has not decided
    UNSHOWN = "unlesbar"  # entries of a staff that cannot be shown
    FAULT = "fehler"  # an error of the program was caught


class Weight(enum.IntEnum):
    """How bad; the smaller, the worse."""

    NOW = 0
    SOON = 1
    OPEN = 2
    NOTICE = 3

    @property
    def sign(self) -> str:
        """The same without colour, three cells."""
        return ("!!!", "!! ", "!  ", "-  ")[self]


class Answer(enum.Enum):
    """What ends it, where not the matter itself does."""

    RECEIPT = enum.auto()  # a Quittung by name
    ACCEPT = enum.auto()  # accepting the order or request
    REPORT = enum.auto()  # saying how it stands
    DECIDE = enum.auto()  # looking there and deciding
    NOTE = enum.auto()  # somebody has taken note


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that wants a person now."""

    sort: Sort
    weight: Weight
    text: str
    entity: EntityId | None = None
    kind: str = ""  # of that entry, where the sort does not tell it
    about: tuple[str | int, ...] = ()  # what it is about where the entry does not say it all
    since: int | None = None  # log time; None is not known
    answer: Answer = Answer.NOTE
    seq: int = 0  # arrival of that entry where another staff wrote it, for what is unread

    @property
    def key(self) -> str:
        """The same for the same matter, so that a taken alarm stays taken; made only here."""
        return ":".join(map(str, (self.sort.value, *(self.entity or ()), *self.about)))


def urgent_key(message: EntityId) -> str:
    """Key of the alarm that an urgent message is."""
    return Alarm(Sort.URGENT, Weight.NOW, "", message).key
