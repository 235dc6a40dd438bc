# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The conductor: which inject is given now, and what has to be done for those that were. Pure.

Rows of the journal in, rows to be written out: what it decides counts only when the journal has
taken it and it has been received back. So a crash at any moment costs nothing and gives nothing
twice, and two programs that write at once agree.

    steps = conductor.advance(now)        # to be appended to the journal, then received
    for deed in conductor.deeds(): …      # to be done, then told by Written, Refused or Delivered
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lage.exercise.direction import events as e
from lage.exercise.direction.due import NEVER, due, hopeless, lets_pass, seconds
from lage.exercise.direction.inserted import as_changed, as_inject
from lage.exercise.direction.state import Standing, State
from lage.exercise.script import model as m

STEPS_MAX = 200
"""So many are decided in one turn."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was decided and is not done yet."""

    key: str
    inject: m.Inject
    staff: str  # in whose log it is written; empty for what is told, read out or handed over
    told: tuple[str, ...] = ()  # staffs with people that the direction tells it
    about: tuple[int, int] | None = None  # the entry that a played staff answers to


class Conductor:
    """Conducts one exercise. ``script`` after the dice were thrown; ``samples``: the values of its
    series as injects, each with a key of its own."""

    def __init__(self, script: m.Script, samples: Sequence[m.Inject] = ()) -> None:
        self.script = script
        self.state = State()
        self._injects = {inject.nr: inject for inject in script.injects}
        self._samples = {sample.nr: sample for sample in samples}
        self._outages = dict(_turns(script.outages))
        self._branches = {branch.name: branch for branch in script.branches}
        self._open = dict.fromkeys([*self._injects, *self._samples])  # in this order

    def receive(self, seq: int, ms: int, event: e.Event) -> None:
        """A row that stands in the journal."""
        self.state.fold(seq, ms, event)
        match event:
            case e.Inserted(key) | e.Reached(key):
                self._open.setdefault(key)

    def inject(self, key: str) -> m.Inject | None:
        """An inject as it is given: by the script, or as the direction has changed it."""
        found = self._injects.get(key) or self._samples.get(key)
        if found is None and key in self.state.inserted:
            found = as_inject(key, self.state.inserted[key], self.script, self.played)
        if found is None and key in self.state.reached:
            found = self._answer(self.state.reached[key])
        changes = self.state.changed.get(key)
        return as_changed(found, changes) if found is not None and changes else found

    def waiting(self) -> list[tuple[int | None, m.Inject]]:
        """What may still come, with its time where that is known; the soonest first."""
        found = []
        for key in self._still_open():
            inject = self.inject(key)
            at = None if inject is None else due(inject, self.state)
            if inject is not None and at != NEVER:
                found.append((at, inject))
        return sorted(found, key=lambda each: (each[0] is None, each[0] or 0, each[1].place))

    def advance(self, now_ms: int) -> list[e.Event]:
        """What is to be written down now; nothing while the clock stands."""
        state = self.state
        if not state.clock.running or state.ended:
            return []
        s = state.passed_s(now_ms)
        found = [*self._broken(s), *self._given(s)]
        return found[:STEPS_MAX]

    def next_deadline(self) -> int | None:
        """Unix ms at which something is given, as far as that is known; None while it stands."""
        if self.state.ended:
            return None
        times = [at for at, _ in self.waiting()[:1] if at is not None]
        times += [at for key, (at, _) in self._outages.items() if not self._done(key)]
        return self.state.clock.wall(min(times) * 1000) if times else None

    def deeds(self) -> Iterator[Deed]:
        """What is owed, in the order in which it was decided."""
        for key in self.state.owed():
            inject = self.inject(key)
            if inject is not None:
                yield self._deed(key, inject)

    def played(self, staff: str) -> bool:
        """Whether nobody sits there."""
        return self.state.manning(staff) is e.Manning.PLAYED

    @property
    def people(self) -> list[str]:
        """Staffs where somebody sits."""
        return [member.name for member in self.script.cast if not self.played(member.name)]

    def reaches_people(self, inject: m.Inject) -> bool:
        """Whether somebody sits where it goes to; at the direction somebody always does."""
        if self.script.direction in inject.to:
            return True
        return any(not inject.to or name in inject.to for name in self.people)

    def for_people(self, inject: m.Inject) -> bool:
        """Whether people are to react to it, so that one that is jumped over is not given."""
        if inject.entry is not None and not self.played(inject.staff):
            return True
        sent = inject.entry is not None and inject.entry.kind == "message"
        told = inject.way is not m.Way.OWN or bool(inject.to) or sent
        return told and self.reaches_people(inject)

    # --- what is decided ------------------------------------------------------------------------

    def _given(self, s: int) -> Iterator[e.Event]:
        ready = []
        for key in self._still_open():
            inject = self.inject(key)
            if inject is None:
                continue
            why = hopeless(inject, self.state)
            at = due(inject, self.state)
            if why or at == NEVER:
                yield e.Skipped(key, why or "nicht nötig: es ist geschehen")
            elif at is not None and at <= s:
                ready.append((at, inject.place, key, inject))
        for at, _, key, inject in sorted(ready, key=lambda each: each[:3]):
            yield self._decision(key, inject, at, s)

    def _decision(self, key: str, inject: m.Inject, at: int, s: int) -> e.Event:
        if not all(lets_pass(g, self.state, self._branches, s) for g in inject.only_if):
            return e.Skipped(key, "die Bedingung ist nicht erfüllt")
        jump = self._jumped_over(at)
        if jump is not None and not jump.catch_up and self.for_people(inject):
            return e.Skipped(key, f"beim Sprung auf X+{jump.s // 60:02d} übergangen")
        timed = isinstance(inject.when, m.At)
        cause = e.Cause.CAUGHT_UP if jump else e.Cause.TIME if timed else e.Cause.CONDITION
        return e.Fired(key, cause.value, s, inject.entry is None)

    def _jumped_over(self, at: int) -> e.Jumped | None:
        jumps = self.state.jumps
        return next((jump for start, jump in jumps if start < at < jump.s), None)

    def _broken(self, s: int) -> Iterator[e.Event]:
        """Outages begin and end: what is cut is a set, which the processes are brought up to."""
        for key, (at, event) in self._outages.items():
            if at <= s and not self._done(key):
                yield e.Fired(key, e.Cause.TIME.value, s)
                yield e.Written(key)
                yield event

    def _done(self, key: str) -> bool:
        return self.state.doing(key).standing is not Standing.WAITING

    def _still_open(self) -> list[str]:
        self._open = {key: None for key in self._open if not self._done(key)}
        return list(self._open)

    # --- what is owed ---------------------------------------------------------------------------

    def _deed(self, key: str, inject: m.Inject) -> Deed:
        if inject.entry is None:
            return Deed(key, inject, "")
        reached = self.state.reached.get(key)
        about = None if reached is None else reached.entry
        if self.played(inject.staff):
            return Deed(key, inject, inject.staff, about=about)
        return Deed(key, inject, "", told=(inject.staff,))

    def _answer(self, reached: e.Reached) -> m.Inject | None:
        """An answer of a staff without people as the inject that it amounts to."""
        member = self.script.member(reached.staff)
        if member is None or not 0 <= reached.place < len(member.answers):
            return None
        answer = member.answers[reached.place]
        return m.Inject(
            0, reached.key, m.At(reached.due / 60), reached.staff, answer.entry, title="Antwort"
        )


def _turns(outages: Sequence[m.Outage]) -> Iterator[tuple[str, tuple[int, e.Event]]]:
    """Beginning and end of each outage: key, time and what happens; by time, and ends first, so
    that one which begins where another ends is not mended by that."""
    found = list(_all_turns(outages))
    return iter(sorted(found, key=lambda turn: (turn[1][0], isinstance(turn[1][1], e.Cut))))


def _all_turns(outages: Sequence[m.Outage]) -> Iterator[tuple[str, tuple[int, e.Event]]]:
    for n, outage in enumerate(outages, 1):
        for name in outage.whom or ("",):
            key = f"!{n}{name}"
            yield key, (seconds(outage.start), e.Cut(name, outage.what.value))
            if outage.end is not None:
                yield f"{key}/ende", (seconds(outage.end), e.Mended(name, outage.what.value))
