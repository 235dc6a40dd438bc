# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What mains outages do to staffs and relays: they live by battery for a while, then they are off.

A battery is drained while the mains are away and charged twice as fast while they are there, so
that ten minutes of mains do not give a whole night. Pure; times are minutes of the exercise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lage.exercise.script.model import Broken, Outage, Script

CHARGING = 2.0
"""Minutes of battery that a minute of mains gives."""
Span = tuple[float, float]
"""Beginning and end; the end is infinite where nothing mends it."""


def exhausted(script: Script) -> tuple[Outage, ...]:
    """The outages that follow from those of the mains, where the script does not say them itself:
    laptop and radio of a staff, a relay."""
    lasting: list[tuple[str, float, tuple[Broken, ...]]]
    lasting = [(m.name, m.battery, (Broken.LAPTOP, Broken.RADIO)) for m in script.cast]
    lasting += [(relay.name, relay.battery, (Broken.RELAY,)) for relay in script.relays]
    found = []
    for name, battery, means in lasting:
        dark = list(_dark(_spans(script, Broken.MAINS, name), battery))
        for what in means:
            said = _spans(script, what, name)
            for start, end in (left for span in dark for left in _without(span, said)):
                until = None if math.isinf(end) else end
                found.append(Outage(what, (name,), start, until, "Akku leer"))
    return tuple(found)


def _spans(script: Script, what: Broken, name: str) -> list[Span]:
    """When that of somebody fails, in order; what touches is one."""
    spans = sorted(
        (each.start, math.inf if each.end is None else each.end)
        for each in script.outages
        if each.what is what and (not each.whom or name in each.whom)
    )
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _dark(outages: Sequence[Span], battery: float) -> Iterator[Span]:
    """When a battery is empty and the mains are away."""
    level, charged_since = battery, 0.0
    for start, end in outages:
        level = min(battery, level + CHARGING * (start - charged_since))
        if start + level < end:
            yield start + level, end
        level, charged_since = max(0.0, level - (end - start)), end


def _without(span: Span, said: Sequence[Span]) -> Iterator[Span]:
    """What is left of a span beside those."""
    edges = [span[0], *(edge for each in said for edge in each), span[1]]
    for start, end in list(pairwise(edges))[::2]:
        start, end = max(start, span[0]), min(end, span[1])
        if start < end:
            yield start, end
