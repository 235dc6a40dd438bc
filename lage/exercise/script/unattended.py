# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A script as it plays by itself, with nobody who directs and nobody who sits anywhere.

Every laptop comes to the same, from the file alone: the dice are thrown, each branch goes as it
would if nobody chose, series become values at their times. What waits for people, as for a
Quittung, never comes and is named in ``left_out``; what is spoken or printed is nobody's entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lage.exercise.script.dice import thrown
from lage.exercise.script.model import (
    After,
    At,
    Chosen,
    Guard,
    Inject,
    Manned,
    Script,
    State,
)
from lage.exercise.script.referred import referred_to
from lage.exercise.script.series import samples

FIRST_SAMPLE = 1_000_000
"""Place of the first value of a series: behind all that a file can hold."""


def unattended(script: Script) -> Script:
    """Only injects at known times, under no condition."""
    script = thrown(script)
    options = {branch.name: branch.otherwise for branch in script.branches}
    minutes: dict[str, float] = {}
    played: list[Inject] = []
    left_out = list(script.left_out)
    for inject in script.injects:
        minute = _minute(inject, minutes)
        holds = all(_holds(guard, minutes, options) for guard in inject.only_if)
        if minute is None or not holds or not referred_to(inject) <= minutes.keys():
            left_out.append(inject.nr)
            continue
        minutes[inject.nr] = minute
        played.append(replace(inject, when=At(minute), only_if=()))
    played += _values(script)
    played.sort(key=lambda inject: (inject.minute or 0.0, inject.place))
    return replace(script, injects=tuple(played), series=(), left_out=tuple(left_out))


def _minute(inject: Inject, minutes: Mapping[str, float]) -> float | None:
    """When it comes; None for what nobody can know before."""
    when = inject.when
    if isinstance(when, At):
        return when.minute
    if isinstance(when, After) and when.condition.state is State.FIRED:
        start = minutes.get(when.condition.inject)
        return None if start is None else start + when.delay
    return None


def _holds(guard: Guard, minutes: Mapping[str, float], options: Mapping[str, str]) -> bool:
    """Whether it comes to that by itself; what people would have to do is not done."""
    what = guard.what
    if isinstance(what, Manned):
        return not guard.holds
    if isinstance(what, Chosen):
        return (options[what.branch] == what.option) == guard.holds
    done = what.state is State.FIRED and what.inject in minutes
    return done == guard.holds


def _values(script: Script) -> list[Inject]:
    found: list[Inject] = []
    for series in script.series:
        for sample in samples(series, script.seed):
            place = FIRST_SAMPLE + len(found)
            nr = f"{sample.gauge} {len(found)}"
            found.append(Inject(place, nr, At(sample.minute), sample.staff, sample.entry))
    return found
