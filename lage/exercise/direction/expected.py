# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Injects whose expected reaction has come: what conditions and the evaluation call „erfüllt“.

A check that names no staff is for each that the inject went to, by itself: one that does it spares
no other. The inject as a whole, which is noted under no staff's name, is met once all have met it;
of one that went to nobody by name, once anybody has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from lage.exercise.checks import ENTRIES_MAX, Log, met
from lage.exercise.direction import events as e
from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.due import happened
from lage.exercise.script import model as m
from lage.station import Station

LATE_S = 2 * 3600
"""So long after its time is looked whether something arrives late that was done in time."""
ANYBODY = ""
"""In a staff's place: it is the same for all, whoever does it."""


class Expected:
    """Looks for one exercise; ``stations``: the logs that are at this computer, by staff, the
    direction's among them. What a staff has done stands in its own log first, so that is looked at
    where it is here; else the direction's, where all arrives in time."""

    def __init__(self, conductor: Conductor, stations: Mapping[str, Station]) -> None:
        self._conductor, self._stations = conductor, stations
        self._checked = [inject.nr for inject in conductor.script.injects if inject.checks]
        self._seen = dict.fromkeys(stations, 0)  # arrival number up to which was looked
        self._found: dict[tuple[str, int, str], int] = {}  # (nr, place of the check, staff)

    def look(self, s: int) -> list[e.Event]:
        """What is met since the last look, at that second of the exercise."""
        newest = {name: station.newest() for name, station in self._stations.items()}
        fresh = {name: newest[name] - self._seen[name] for name in newest}
        self._checked = [nr for nr in self._checked if not self._over(nr, s)]
        known, state = self._conductor.state.facts, m.State.MET.value
        found = [
            e.Seen(nr, state, who, at)
            for nr in self._checked
            for who, at in self._met(nr, fresh).items()
            if (nr, state, who) not in known
        ]
        self._seen = newest
        return [*found]

    def when_met(self, nr: str) -> int | None:
        """Second of the exercise at which an inject was met as a whole; None: not yet, or there
        is nothing to check."""
        self._found = {key: each for key, each in self._found.items() if key[0] != nr}
        return self._met(nr, dict.fromkeys(self._stations, ENTRIES_MAX)).get(ANYBODY)

    def _over(self, nr: str, s: int) -> bool:
        """Whether nothing more can come of it."""
        given, inject = self._conductor.state.given_at(nr), self._conductor.inject(nr)
        if given is None or inject is None:
            return False
        ends = [check.within for check in inject.checks if check.within is not None]
        late = bool(ends) and s > given + min(ends) * 60 + LATE_S
        known = self._conductor.state.facts
        judged = {ANYBODY, *self._staffs(inject)}
        return late or all((nr, m.State.MET.value, who) in known for who in judged)

    def _met(self, nr: str, fresh: Mapping[str, int]) -> dict[str, int]:
        """Since when all its checks hold, at each staff where they do, and as a whole."""
        inject, given = self._conductor.inject(nr), self._conductor.state.given_at(nr)
        if inject is None or given is None or not inject.checks:
            return {}
        staffs, each = self._staffs(inject), {}
        for staff in staffs:
            times = [
                self._time(inject, place, staff if check.each else ANYBODY, given, fresh)
                for place, check in enumerate(inject.checks)
            ]
            known = [time for time in times if time is not None]
            if len(known) == len(times):
                each[staff] = max(known)
        if not inject.to and each:
            each[ANYBODY] = min(each.values())
        elif each.keys() == set(staffs):
            each[ANYBODY] = max(each.values())
        return each

    def _staffs(self, inject: m.Inject) -> tuple[str, ...]:
        """Who is judged, each by itself: whom it went to, else, where there is something that each
        does by itself, wherever people sit."""
        if inject.to or not any(check.each for check in inject.checks):
            return inject.to or (ANYBODY,)
        conductor = self._conductor
        return tuple(
            member.name
            for member in conductor.script.cast
            if member.name not in (inject.staff, conductor.script.direction)
            and not conductor.played(member.name)
        )

    def _time(
        self, inject: m.Inject, place: int, who: str, given: int, fresh: Mapping[str, int]
    ) -> int | None:
        """Since when one check holds at a staff."""
        key = (inject.nr, place, who)
        if key not in self._found:
            happens = partial(happened, state=self._conductor.state)
            begin = self._conductor.script.begin
            check = _of(inject.checks[place], who)
            time = met(check, given, partial(self._logs, fresh), begin, happens)
            if time is None:
                return None
            self._found[key] = time
        return self._found[key]

    def _logs(self, fresh: Mapping[str, int], pattern: m.Pattern) -> Iterator[Log]:
        here = [name for name in pattern.by if name in self._stations]
        whole = bool(here) and len(here) == len(pattern.by)
        for name in here if whole else [self._conductor.script.direction]:
            yield self._stations[name], fresh[name]


def _of(check: m.Check, who: str) -> m.Check:
    """The check, of what that staff does."""
    if who == ANYBODY:
        return check
    if isinstance(check.what, m.Condition):
        return replace(check, what=replace(check.what, by=who))
    return replace(check, what=replace(check.what, by=(who,)))
