# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The dice of a script: the same seed throws the same, on every laptop and after every restart.

Each throw has a generator of its own, made from the seed and from what is thrown for: an inject
that is added to a script moves no other.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from lage.exercise.script.faults import Faults
from lage.exercise.script.model import After, At, Inject, OnCall, Script, When
from lage.exercise.script.order import Order
from lage.exercise.script.referred import referred_to


def generator(seed: int, *what: object) -> random.Random:
    """The dice for one thing."""
    return random.Random(":".join(map(str, (seed, *what))))


def falls(chance: float, seed: int, *what: object) -> bool:
    """Whether something that has a chance happens."""
    return chance >= 1 or generator(seed, *what).random() < chance


def thrown(script: Script, seed: int | None = None) -> Script:
    """The script as it is played: nothing left to chance but what answers have of it.

    ``seed``: another than its own. What is left out is named in ``left_out``; conditions on it
    never come true. Nothing comes before what it refers to.
    """
    seed = script.seed if seed is None else seed
    played: list[Inject] = []
    left_out: list[str] = []
    minutes: dict[str, float] = {}
    for inject in script.injects:
        if not falls(inject.chance, seed, "chance", inject.nr):
            left_out.append(inject.nr)
            continue
        when = _shifted(inject, seed, minutes, script.end)
        if isinstance(when, At):
            minutes[inject.nr] = when.minute
        played.append(replace(inject, when=when, chance=1.0, jitter=0.0))
    order = Order({inject.nr: inject for inject in played}, Faults())
    played.sort(key=lambda inject: (order.earliest(inject.nr), inject.place))
    return replace(script, injects=tuple(played), seed=seed, left_out=tuple(left_out))


def _shifted(inject: Inject, seed: int, minutes: Mapping[str, float], end: float | None) -> When:
    """When it comes, earlier or later by its jitter, in whole seconds."""
    if not inject.jitter or isinstance(inject.when, OnCall):
        return inject.when
    shift = generator(seed, "jitter", inject.nr).uniform(-inject.jitter, inject.jitter)
    when = inject.when
    if isinstance(when, At):
        first = max((minutes.get(nr, 0.0) for nr in referred_to(inject)), default=0.0)
        return At(_second(min(max(when.minute + shift, first), end or 1e9)))
    if isinstance(when, After):
        return replace(when, delay=_second(max(0.0, when.delay + shift)))
    if when.within is not None:
        return replace(when, within=_second(max(0.0, when.within + shift)))
    return replace(when, until=_second(max(0.0, (when.until or 0.0) + shift)))


def _second(minutes: float) -> float:
    return round(minutes * 60) / 60
