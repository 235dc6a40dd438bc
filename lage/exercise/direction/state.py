# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a conducted exercise stands: the fold of its journal. Pure.

Whoever reads the same rows stands at the same place, so an exercise goes on after a crash, and a
desk shows what the conducting process does. An event that says what has happened already (a second
firing, a note that came twice) changes nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from lage.exercise.direction import events as e
from lage.exercise.direction.clock import ExerciseClock
from lage.exercise.script.model import Broken

NOTES_MAX = 20_000
INJECTS_MAX = 20_000
FACTS_MAX = 200_000
Cuts = Collection[tuple[str, str]]
"""(name, what) of what fails; an empty name: everybody's."""


class Standing(enum.Enum):
    """What has become of an inject; where nothing is said of it, it waits."""

    WAITING = "wartet"
    OWED = "wird gegeben"  # fired, and not written or handed over yet
    GIVEN = "gegeben"
    REFUSED = "abgelehnt"
    SKIPPED = "ausgelassen"


@dataclass(frozen=True, slots=True)
class Doing:
    """What became of one inject."""

    standing: Standing = Standing.WAITING
    cause: e.Cause | None = None
    fired_s: int | None = None  # time of the exercise
    fired_ms: int | None = None  # unix ms
    fired_seq: int = 0  # row of the journal
    spoken: bool = False  # a card or sheet
    entries: tuple[tuple[int, int], ...] = ()
    given_s: int | None = None
    by: str = ""  # who handed a card or sheet over
    why: str = ""  # why it was refused or left out

    @property
    def settled(self) -> bool:
        """Whether nothing more will come of it by itself."""
        return self.standing not in (Standing.WAITING, Standing.OWED)


@dataclass(frozen=True, slots=True)
class Observation:
    """What somebody of the direction saw."""

    id: str
    s: int
    ms: int  # unix
    staff: str
    text: str
    by: str
    key: str


@dataclass(frozen=True, slots=True)
class HotWash:
    """A point for the talk after the exercise."""

    text: str
    s: int
    done: bool = False


@dataclass(slots=True)
class State:
    """The whole."""

    seq: int = 0  # last row that was folded
    begun: e.Begun | None = None
    clock: ExerciseClock = field(default_factory=ExerciseClock)
    stood: bool = False
    wanted: bool = False  # the clock is to run; it does as soon as the network stands
    ended: bool = False
    doings: dict[str, Doing] = field(default_factory=dict)
    changed: dict[str, dict[str, str]] = field(default_factory=dict)
    inserted: dict[str, dict[str, str]] = field(default_factory=dict)
    cut: set[tuple[str, str]] = field(default_factory=set)  # (name, what)
    outages: list[tuple[int, e.Cut | e.Mended]] = field(default_factory=list)  # with their rows
    facts: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """(key, state, staff) -> since when, as the log showed it."""
    first: dict[tuple[str, str], int] = field(default_factory=dict)  # the same of any staff
    chosen: dict[str, str] = field(default_factory=dict)  # branch -> option
    reached: dict[str, e.Reached] = field(default_factory=dict)  # answers that are under way
    jumps: list[tuple[int, e.Jumped]] = field(default_factory=list)  # from where, and the jump
    notes: dict[str, Observation] = field(default_factory=dict)
    wash: list[HotWash] = field(default_factory=list)
    marks: list[tuple[int, ExerciseClock]] = field(default_factory=list)  # the clock over time

    def doing(self, key: str) -> Doing:
        """What became of that inject."""
        return self.doings.get(key, _WAITING)

    def passed_s(self, wall_ms: int) -> int:
        """Time of the exercise, whole seconds."""
        return self.clock.passed(wall_ms) // 1000

    def passed_at(self, wall_ms: int) -> int:
        """The same of a moment that has gone by."""
        earlier = [clock for since, clock in self.marks if since <= wall_ms]
        return (earlier[-1] if earlier else ExerciseClock()).passed(wall_ms) // 1000

    def manning(self, staff: str) -> e.Manning:
        """Who sits there; whoever is not of the exercise is played by the direction."""
        if self.begun is None or staff not in self.begun.staffs:
            return e.Manning.PLAYED
        return e.Manning(self.begun.manning[self.begun.staffs.index(staff)])

    def given_at(self, key: str) -> int | None:
        """When it was given; a card or sheet counts from when it was handed over."""
        did = self.doing(key)
        return did.given_s if did.spoken else did.fired_s

    def owed(self) -> list[str]:
        """Injects that were fired and are not done yet, in the order of firing."""
        return [key for key, did in self.doings.items() if did.standing is Standing.OWED]

    def fold(self, seq: int, ms: int, event: e.Event) -> None:
        """One more row."""
        self.seq = seq
        match event:
            case e.Begun():
                self.begun = self.begun or event
            case e.Stood() | e.Ran() | e.Paused() | e.Hurried() | e.Jumped() | e.Lost() | e.Ended():
                self._time(ms, event)
            case e.Fired() | e.Written() | e.Refused() | e.Delivered() | e.Skipped():
                self._inject(ms, event)
            case e.Changed(key, said):
                if self.doing(key).standing in OPEN:
                    self.changed[key] = {**self.changed.get(key, {}), **said}
            case e.Inserted(key, said):
                if len(self.inserted) < INJECTS_MAX:
                    self.inserted.setdefault(key, said)
            case e.Cut(name, what):
                self.cut.add((name, what))
                self.outages.append((seq, event))
            case e.Mended(name, what):
                self.cut.discard((name, what))
                self.outages.append((seq, event))
            case e.Seen(key, fact, staff, s):
                if len(self.facts) < FACTS_MAX:
                    self.facts.setdefault((key, fact, staff), s)
                    self.first[key, fact] = min(s, self.first.get((key, fact), s))
            case e.Reached(key):
                if len(self.reached) < INJECTS_MAX:
                    self.reached.setdefault(key, event)
            case e.Took(branch, option):
                self.chosen[branch] = option
            case e.Noted():
                self._note(ms, event)
            case e.Wash(text, s):
                if len(self.wash) < NOTES_MAX:
                    self.wash.append(HotWash(text, s))
            case e.Washed(place):
                if 0 < place <= len(self.wash):
                    self.wash[place - 1] = replace(self.wash[place - 1], done=True)

    def _time(self, ms: int, event: e.Event) -> None:
        before = self.clock
        match event:
            case e.Stood():
                self.stood = True
            case e.Ran():
                self.wanted = not self.ended
            case e.Paused():
                self.wanted = False
            case e.Ended():
                self.ended, self.wanted = True, False
            case e.Hurried(tempo):
                self.clock = self.clock.hurry(ms, tempo)
            case e.Jumped(s):
                self.jumps.append((self.passed_s(ms), event))
                self.clock = self.clock.jump(ms, s * 1000)
            case e.Lost(since_ms):
                self.clock = self.clock.stand(since_ms)
                self.stood = False
        if self.wanted and self.stood:
            self.clock = self.clock.run(ms)
        elif self.clock.running:
            self.clock = self.clock.stand(ms)
        if self.clock != before:  # after a crash from when it stood, so that looking back agrees
            since = event.since_ms if isinstance(event, e.Lost) else ms
            self.marks.append((since, self.clock))

    def _inject(self, ms: int, event: e.Event) -> None:
        match event:
            case e.Fired(key, cause, s, spoken):
                did = self.doing(key)
                if did.standing in OPEN and len(self.doings) < INJECTS_MAX:
                    known = next((one for one in e.Cause if one.value == cause), e.Cause.HAND)
                    self.doings[key] = Doing(Standing.OWED, known, s, ms, self.seq, spoken)
            case e.Written(key, entries):
                self._given(key, entries=entries, given_s=self.passed_s(ms))
            case e.Delivered(key, s, by):
                self._given(key, by=by, given_s=s)
            case e.Refused(key, why):
                if self.doing(key).standing is Standing.OWED:
                    self.doings[key] = replace(self.doings[key], standing=Standing.REFUSED, why=why)
            case e.Skipped(key, why):
                if self.doing(key).standing is Standing.WAITING:
                    self.doings[key] = Doing(Standing.SKIPPED, why=why)

    def _given(
        self,
        key: str,
        *,
        given_s: int,
        entries: tuple[tuple[int, int], ...] = (),
        by: str = "",
    ) -> None:
        did = self.doing(key)
        if did.standing is Standing.OWED:
            self.doings[key] = replace(
                did, standing=Standing.GIVEN, entries=entries, by=by, given_s=given_s
            )

    def _note(self, ms: int, event: e.Noted) -> None:
        if event.id in self.notes or len(self.notes) >= NOTES_MAX:
            return
        self.notes[event.id] = Observation(
            event.id, event.s, ms, event.staff, event.text, event.by, event.key
        )


OPEN = (Standing.WAITING, Standing.SKIPPED)
"""Standings in which an inject can still be given."""

_WAITING = Doing()


def fails(name: str, what: Broken, cut: Cuts) -> bool:
    """Whether that means of somebody fails, by itself or everybody's."""
    return (name, what.value) in cut or ("", what.value) in cut
