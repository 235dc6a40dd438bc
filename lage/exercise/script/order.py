# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When each inject can come at the earliest, and what conditions cannot ask: circles, and what
never happens to an inject of that kind. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

from lage.exercise.script.faults import Faults, Marked
from lage.exercise.script.model import (
    After,
    At,
    Chosen,
    Condition,
    Guard,
    Inject,
    Manned,
    State,
    Unless,
)
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
    _open: list[str] = field(default_factory=list)
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
        """The first minute in which an inject can come."""
        if nr in self._earliest:
            return self._earliest[nr]
        if nr not in self.injects:
            return 0.0  # faulty itself
        if nr in self._open:
            self._circles |= set(self._open[self._open.index(nr) :])
            return 0.0
        self._open.append(nr)
        inject = self.injects[nr]
        match inject.when:
            case At(minute):
                found = minute
            case After(condition, delay):
                found = self.earliest(condition.inject) + delay
            case Unless(condition, until, within):
                start = self.earliest(condition.inject)
                found = start + within if within is not None else until or 0.0
        for other in needed_by(inject):
            found = max(found, self.earliest(other))
        self._open.pop()
        self._earliest[nr] = found
        return found

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
    if not isinstance(inject.when, At):
        yield inject.when.condition
    yield from (guard.what for guard in inject.only_if if isinstance(guard.what, Condition))
    yield from (check.what for check in inject.checks if isinstance(check.what, Condition))


def needed_by(inject: Inject) -> Iterator[str]:
    """Injects that its guards ask about: they are decided before it."""
    yield from (guard.what.inject for guard in inject.only_if if isinstance(guard.what, Condition))


Token = tuple[str, str]


def tokens_of(injects: Sequence[Inject]) -> dict[str, frozenset[Token]]:
    """For each inject, what must come true for it to come; nothing for those that always come.

    What has the same or fewer tokens has happened, or can have, where it has. ``injects`` in order.
    """
    found: dict[str, frozenset[Token]] = {}
    for inject in injects:
        tokens: set[Token] = set()
        own = inject.chance < 1
        when = inject.when
        if isinstance(when, After):
            tokens |= found.get(when.condition.inject, frozenset())
            own |= when.condition.state is not State.FIRED
        own |= isinstance(when, Unless)
        for guard in inject.only_if:
            extra = _guarded(guard, found)
            own |= extra is None
            tokens |= extra or frozenset()
        if own:
            tokens.add(("inject", inject.nr))
        found[inject.nr] = frozenset(tokens)
    return found


def _guarded(guard: Guard, found: Mapping[str, frozenset[Token]]) -> frozenset[Token] | None:
    """The tokens of a guard; None where it is a matter of its own whether it holds."""
    what = guard.what
    if isinstance(what, Manned):
        return frozenset({(what.staff, "besetzt" if guard.holds else "unbesetzt")})
    if isinstance(what, Chosen):
        return frozenset({(what.branch, what.option)}) if guard.holds else None
    if not guard.holds or what.state is not State.FIRED:
        return None
    return found.get(what.inject, frozenset())
