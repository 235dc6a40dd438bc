# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A conducted exercise as its direction sees it, in words: for the desk and for commands."""

from __future__ import annotations

from dataclasses import dataclass

from sync.schema.definition import EntityId


@dataclass(frozen=True, slots=True)
class InjectLine:
    """One inject in a list."""

    nr: str
    when: str  # X+00:40, or what it waits for
    sender: str
    to: str
    way: str
    text: str
    standing: str  # wartet, wird gegeben, gegeben, ausgelassen, abgelehnt
    why: str = ""
    expected: str = ""
    hint: str = ""
    delivered_by: str = ""
    entries: tuple[EntityId, ...] = ()  # what it became
    wording: str = ""  # all that it brings; ``text`` is its title, where it has one

    @property
    def label(self) -> str:
        """Its number, where it has one that says something to people."""
        return "Antw." if self.nr.startswith(ANSWER) else self.nr


ANSWER = ">"
"""Before the key of what a staff without people answers by itself."""


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card to read out or a sheet to hand over, until somebody says that it is done."""

    nr: str
    way: str
    to: str
    sender: str
    since: str
    text: str  # between the marks of an exercise


RELAY = "Relais"


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A staff that takes part, or a relay."""

    name: str
    manning: str  # ``RELAY`` for one
    state: str  # what fails there, in words
    folder: str  # of its log, where that is at this computer


@dataclass(frozen=True, slots=True)
class NoteLine:
    """An observation."""

    when: str
    staff: str
    text: str
    by: str
    nr: str


@dataclass(frozen=True, slots=True)
class WashLine:
    """A point for the talk afterwards."""

    place: int
    when: str
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A question that the direction answers."""

    name: str
    question: str
    options: tuple[str, ...]
    chosen: str  # what counts at present
    until: str


@dataclass(frozen=True, slots=True)
class DirectionView:
    """All of it at one moment."""

    title: str
    passed: str  # X+01:30:00
    clock: str  # time in the scene
    tempo: str
    state: str  # läuft, steht, wartet auf das Netz, beendet
    wanted: bool  # the clock is to run, even where it still waits
    conducted: bool  # a process conducts it at this moment
    phase: str
    coming: tuple[InjectLine, ...]
    cards: tuple[CardLine, ...]
    past: tuple[InjectLine, ...]  # newest first
    staffs: tuple[StaffLine, ...]
    branches: tuple[BranchLine, ...]
    notes: tuple[NoteLine, ...]  # newest first
    wash: tuple[WashLine, ...]
