# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""When an inject's time has come, by the clock and by what has happened so far. Pure.

All times are whole seconds of the exercise since X+00.
"""

from __future__ import annotations

from collections.abc import Mapping

from lage.exercise.direction.events import Manning
from lage.exercise.direction.state import Standing, State
from lage.exercise.script import model as m

NEVER = -1
"""It will not come any more: what it waited for to stay away has happened."""


def seconds(minutes: float) -> int:
    """A time or duration of the script."""
    return round(minutes * 60)


def due(inject: m.Inject, state: State) -> int | None:
    """When it is to be given; None: not known yet; ``NEVER``."""
    match inject.when:
        case m.At(minute):
            return seconds(minute)
        case m.After(condition, delay):
            since = happened(condition, state)
            return None if since is None else since + seconds(delay)
        case m.OnCall():
            return None
        case m.Unless(condition, until, within):
            return _unless(condition, until, within, state)


def _unless(
    condition: m.Condition, until: float | None, within: float | None, state: State
) -> int | None:
    if until is not None:
        end = seconds(until)
    else:
        fired = state.given_at(condition.inject)
        if fired is None:
            return None
        end = fired + seconds(within or 0.0)
    since = happened(condition, state)
    return NEVER if since is not None and since <= end else end


def happened(condition: m.Condition, state: State) -> int | None:
    """Since when a condition holds; None: not yet."""
    if condition.state is m.State.FIRED:
        return state.given_at(condition.inject)
    if condition.by or condition.state is m.State.MET:  # of all together it is a fact of its own
        return state.facts.get((condition.inject, condition.state.value, condition.by))
    return state.first.get((condition.inject, condition.state.value))


def lets_pass(guard: m.Guard, state: State, branches: Mapping[str, m.Branch], s: int) -> bool:
    """Whether a guard has nothing against an inject whose time has come at ``s``."""
    match guard.what:
        case m.Condition():
            since = happened(guard.what, state)
            return (since is not None and since <= s) == guard.holds
        case m.Chosen(branch, option):
            known = branches.get(branch)
            chosen = state.chosen.get(branch, known.otherwise if known else "")
            return (chosen == option) == guard.holds
        case m.Manned(staff):
            return (state.manning(staff) is not Manning.PLAYED) == guard.holds


def hopeless(inject: m.Inject, state: State) -> str:
    """Why it will never come, in a sentence; empty while it may."""
    if not isinstance(inject.when, m.After):
        return ""
    condition = inject.when.condition
    standing = state.doing(condition.inject).standing
    if standing in (Standing.SKIPPED, Standing.REFUSED) and happened(condition, state) is None:
        return f"Einlage {condition.inject} {standing.value}"
    return ""
