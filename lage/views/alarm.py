# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""An alarm: of which sort, how bad, about what, and in words."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sync.schema.definition import EntityId


class Sort(enum.Enum):
    """What is the matter; the value begins the text by which a taken alarm is remembered."""

    URGENT = "blitz"  # Blitz or Staatsnot to this staff
    OWED = "offen"  # a message of another waits for our Quittung
    AWAITED = "quittung"  # one of ours is not confirmed in time
    TASK = "auftrag"  # overdue
    LEVEL = "pegel"  # a gauge is above one of its levels
    RISE = "anstieg"  # the water at a gauge rises faster than its limit
    SILENT = "stumm"  # a gauge has stopped reporting
    STOCK = "bestand"  # below its minimum, or below zero
    OVERRULED = "ueberstimmt"  # a concurrent change holds instead of ours
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


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that wants a person now."""

    sort: Sort
    weight: Weight
    text: str
    entity: EntityId | None = None
    kind: str = ""  # of that entry, where the sort does not tell it
    about: tuple[str | int, ...] = ()  # what it is about where the entry does not say it all

    @property
    def key(self) -> str:
        """The same for the same matter, so that a taken alarm stays taken; made only here."""
        return ":".join(map(str, (self.sort.value, *(self.entity or ()), *self.about)))


def urgent_key(message: EntityId) -> str:
    """Key of the alarm that an urgent message is."""
    return Alarm(Sort.URGENT, Weight.NOW, "", message).key
