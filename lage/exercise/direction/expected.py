# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Injects whose expected reaction has come: what conditions and the evaluation call „erfüllt“."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from lage.exercise.checks import ENTRIES_MAX, Log, Met, met
from lage.exercise.direction import events as e
from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.due import happened
from lage.exercise.script import model as m
from lage.station import Station

LATE_S = 2 * 3600
"""So long after its time is looked whether something arrives late that was done in time."""


class Expected:
    """Looks for one exercise; ``stations``: the logs that are at this computer, by staff, the
    direction's among them. What a staff has done stands in its own log first, so that is looked at
    where it is here; else the direction's, where all arrives in time."""

    def __init__(self, conductor: Conductor, stations: Mapping[str, Station]) -> None:
        self._conductor, self._stations = conductor, stations
        self._checked = [inject.nr for inject in conductor.script.injects if inject.checks]
        self._seen = dict.fromkeys(stations, 0)  # arrival number up to which was looked
        self._found: dict[tuple[str, int], Met] = {}  # (nr, place of the check)

    def look(self, s: int) -> list[e.Event]:
        """What is met since the last look, at that second of the exercise."""
        newest = {name: station.newest() for name, station in self._stations.items()}
        fresh = {name: newest[name] - self._seen[name] for name in newest}
        self._checked = [nr for nr in self._checked if not self._over(nr, s)]
        found = [self._met(nr, fresh) for nr in self._checked]
        self._seen = newest
        return [e.Seen(nr, m.State.MET.value, who, at) for nr, at, who in filter(None, found)]

    def when_met(self, nr: str) -> Met | None:
        """Second of the exercise at which the last of an inject's checks was met, and by whom;
        None: not yet, or there is nothing to check."""
        self._found = {key: each for key, each in self._found.items() if key[0] != nr}
        found = self._met(nr, dict.fromkeys(self._stations, ENTRIES_MAX))
        return None if found is None else found[1:]

    def _over(self, nr: str, s: int) -> bool:
        """Whether nothing more can come of it."""
        given, inject = self._conductor.state.given_at(nr), self._conductor.inject(nr)
        if given is None or inject is None:
            return False
        ends = [check.within for check in inject.checks if check.within is not None]
        late = bool(ends) and s > given + min(ends) * 60 + LATE_S
        return late or (nr, m.State.MET.value) in self._conductor.state.first

    def _met(self, nr: str, fresh: Mapping[str, int]) -> tuple[str, int, str] | None:
        inject, given = self._conductor.inject(nr), self._conductor.state.given_at(nr)
        if inject is None or given is None or not inject.checks:
            return None
        happens = partial(happened, state=self._conductor.state)
        begin = self._conductor.script.begin
        for place, check in enumerate(inject.checks):
            if (nr, place) not in self._found:
                time = met(check, given, partial(self._logs, fresh), begin, happens)
                if time is not None:
                    self._found[nr, place] = time
        times = [self._found.get((nr, place)) for place in range(len(inject.checks))]
        known = [time for time in times if time is not None]
        return (nr, *max(known)) if len(known) == len(times) else None

    def _logs(self, fresh: Mapping[str, int], pattern: m.Pattern) -> Iterator[Log]:
        here = [name for name in pattern.by if name in self._stations]
        whole = bool(here) and len(here) == len(pattern.by)
        for name in here if whole else [self._conductor.script.direction]:
            yield self._stations[name], fresh[name]
