# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When each inject can come at the earliest, and what conditions cannot ask: circles, and what
never happens to an inject of that kind. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

from lage.exercise.script.conditions import MANNED, UNMANNED
from lage.exercise.script.faults import Faults, Marked
from lage.exercise.script.model import (
    After,
    At,
    Chosen,
    Condition,
    Guard,
    Inject,
    Manned,
    OnCall,
    State,
    Unless,
)
from lage.exercise.script.referred import referred_to
from lage.exercise.script.times import said
from lage.kinds.inputs import choices_of

_STATUS = (State.ACCEPTED, State.BEGUN, State.CONTAINED, State.DONE, State.REFUSED)


@dataclass
class Order:
    """The injects of a script and what follows from their conditions."""

    injects: Mapping[str, Inject]
    faults: Faults
    places: Mapping[str, Marked] = field(default_factory=dict)  # where their times are written
    _earliest: dict[str, float] = field(default_factory=dict)
    _circles: set[str] = field(default_factory=set)

    def check(self, end: float | None) -> list[Inject]:
        """All injects in the order of their earliest time; what is wrong is named."""
        for inject in self.injects.values():
            faults = self.faults.of(f"Einlage {inject.nr}")
            for condition in conditions_of(inject):
                if reason := self._impossible(condition):
                    faults.add(self._at(inject), reason)
            minute = self.earliest(inject.nr)
            if inject.nr in self._circles:
                faults.add(self._at(inject), "ihre Bedingung führt im Kreis auf sie selbst zurück.")
            elif end is not None and minute > end:
                late = f"sie kommt frühestens {said(minute)}, nach dem Ende der Übung {said(end)}."
                faults.add(self._at(inject), late)
            elif reason := self._too_early(inject):
                faults.add(self._at(inject), reason)
        return sorted(self.injects.values(), key=lambda i: (self.earliest(i.nr), i.place))

    def earliest(self, nr: str) -> float:
        """The first minute in which an inject can come; 0 for one that is faulty itself."""
        path = [nr]
        while path:
            inject = self.injects.get(path[-1])
            if inject is None or inject.nr in self._earliest:
                path.pop()
                continue
            waits = [each for each in _waits_for(inject) if each not in self._earliest]
            for each in waits:
                if each in path:
                    self._circles |= set(path[path.index(each) :])
            ahead = next((n for n in waits if n in self.injects and n not in path), None)
            if ahead is None:
                self._earliest[inject.nr] = self._minute(inject)
            else:
                path.append(ahead)
        return self._earliest.get(nr, 0.0)

    def _minute(self, inject: Inject) -> float:
        """The first minute of an inject, where those are known that it waits for."""
        known = self._earliest
        match inject.when:
            case At(minute):
                found = minute
            case OnCall():
                found = max((known.get(nr, 0.0) for nr in referred_to(inject)), default=0.0)
            case After(condition, delay):
                found = known.get(condition.inject, 0.0) + delay
            case Unless(condition, until, within):
                start = known.get(condition.inject, 0.0)
                found = start + within if within is not None else until or 0.0
        return max([found, *(known.get(other, 0.0) for other in needed_by(inject))])

    def _impossible(self, condition: Condition) -> str:
        """Why that can never happen to that inject; empty where it can."""
        inject = self.injects.get(condition.inject)
        if inject is None:
            return ""  # faulty itself, and named
        entry, state = inject.entry, condition.state
        if state is State.MET and not inject.checks:
            return f"„erfüllt“ kann {inject.nr} nicht werden: dort fehlt „erfuellt“."
        if state in (State.RECEIVED, State.OPENED) and entry is None:
            return f"{inject.nr} ist kein Eintrag: „{state}“ ist davon nicht bekannt."
        if state is State.ACKNOWLEDGED and (entry is None or entry.kind != "message"):
            return f"{inject.nr} ist keine Nachricht: „{state}“ wird sie nie."
        if state in _STATUS and (
            entry is None or str(state) not in choices_of(entry.kind, "status")
        ):
            return f"{inject.nr} hat keinen Status „{state}“."
        if condition.by and inject.to and condition.by not in inject.to:
            return f"{inject.nr} geht nicht an {condition.by}."
        return ""

    def _at(self, inject: Inject) -> Marked:
        return self.places.get(inject.nr, SimpleNamespace(line=inject.line, column=1))

    def _too_early(self, inject: Inject) -> str:
        """Why its time is before what it waits for; empty where it is not."""
        when = inject.when
        if isinstance(when, At):
            for other in needed_by(inject):
                if self.earliest(other) > when.minute:
                    return f"dann ist {other} noch nicht da: {said(self.earliest(other))}."
        if isinstance(when, Unless) and when.until is not None:
            other = when.condition.inject
            if self.earliest(other) >= when.until:
                return f"{other} kommt erst {said(self.earliest(other))}: nie wäre es rechtzeitig."
        return ""


def conditions_of(inject: Inject) -> Iterator[Condition]:
    """All that an inject asks of others or itself."""
    if isinstance(inject.when, After | Unless):
        yield inject.when.condition
    yield from (guard.what for guard in inject.only_if if isinstance(guard.what, Condition))
    yield from (check.what for check in inject.checks if isinstance(check.what, Condition))


def needed_by(inject: Inject) -> Iterator[str]:
    """Injects that its guards ask about: they are decided before it."""
    yield from (guard.what.inject for guard in inject.only_if if isinstance(guard.what, Condition))


def _waits_for(inject: Inject) -> Iterator[str]:
    """Injects that must be decided before its time is known."""
    if isinstance(inject.when, After | Unless):
        yield inject.when.condition.inject
    elif isinstance(inject.when, OnCall):
        yield from referred_to(inject)
    yield from needed_by(inject)


Token = tuple[str, str]
_INJECT = ""
"""What stands before the number of an inject that is a token of its own."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What must come true for an inject to come: ``all`` of it, and in few words (``brief``), which
    hold if and only if all does, so that thousands that hang on each other are compared quickly."""

    all: frozenset[Token] = frozenset()
    brief: frozenset[Token] = frozenset()
    by_choice: bool = True
    """Whether branches, dice and who sits where decide all of it; else what happens does."""

    def given(self, other: Needs) -> bool:
        """Whether this has come true wherever the other has."""
        return self.brief <= other.all

    def beside(self, other: Needs) -> Needs | None:
        """Both together; None where they cannot be, or where nobody knows before whether they can.

        A branch has one answer, and a staff people or none. Of what waits for something to happen,
        or for its staying away, nobody knows.
        """
        both = self.all | other.all
        answers = {(kind, name) for kind, name in both if kind != _INJECT}
        if not (self.by_choice and other.by_choice) or len({k for k, _ in answers}) < len(answers):
            return None
        return Needs(both, self.brief | other.brief)

    def says(self) -> str:
        """The choices in words: ``deich = bricht, SAE Rheine unbesetzt``; empty for none."""
        words = []
        for kind, name in sorted(self.brief):
            if kind != _INJECT:
                words.append(f"{kind} {name}" if name in (MANNED, UNMANNED) else f"{kind} = {name}")
        return ", ".join(words)


def needs_of(injects: Sequence[Inject]) -> dict[str, Needs]:
    """For each inject, what it needs; nothing for those that always come. ``injects`` in order."""
    found: dict[str, Needs] = {}
    for inject in injects:
        when = inject.when
        parts: list[Needs] = []
        open_still = isinstance(when, Unless | OnCall)
        if isinstance(when, After):
            parts.append(found.get(when.condition.inject, Needs()))
            open_still |= when.condition.state is not State.FIRED
        for guard in inject.only_if:
            part = _guarded(guard, found)
            open_still |= part is None
            parts.append(part or Needs())
        own = open_still or inject.chance < 1
        every = frozenset[Token]().union(*(part.all for part in parts))
        brief = frozenset[Token]().union(*(part.brief for part in parts))
        if own:
            brief = frozenset({(_INJECT, inject.nr)})
        by_choice = not open_still and all(part.by_choice for part in parts)
        found[inject.nr] = Needs(every | brief, brief, by_choice)
    return found


def _guarded(guard: Guard, found: Mapping[str, Needs]) -> Needs | None:
    """What a guard needs; None where it is a matter of its own whether it holds."""
    what = guard.what
    if isinstance(what, Manned):
        tokens = frozenset({(what.staff, MANNED if guard.holds else UNMANNED)})
        return Needs(tokens, tokens)
    if isinstance(what, Chosen):
        tokens = frozenset({(what.branch, what.option)})
        return Needs(tokens, tokens) if guard.holds else None
    if not guard.holds or what.state is not State.FIRED:
        return None
    return found.get(what.inject, Needs())
