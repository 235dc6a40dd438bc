# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Three modelled floods of a river with three gauges, as test data: nothing here was measured.

Rain makes inflow at the first gauge and from the side on the way to the others; each reach is two
stores in a row whose delay falls as the river swells and doubles where it leaves its banks; levels
follow from flow by a rating that flattens over the banks, with a centimetre of noise. Names, order
and rough travel times are those of the Ems at Einen, Greven and Rheine; the figures are not.

* ``winter``: long rain over the whole basin, a broad wave over the banks, few inflows on the way.
* ``sommer``: two storms within two days, steep, and much of it falls below the first gauge.
* ``herbst``: three waves that grow, each steeper than the last; made when the band was finished.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

GAUGES = ("Einen", "Greven", "Rheine")
HOURS = 20 * 24
BANKFULL = 120.0  # m³/s
WARM_H = 240  # of steady flow before the first hour that is told
DELAY_H = {"Greven": 7.0, "Rheine": 10.0}

Rain = Callable[[int], float]


def flood(name: str) -> Mapping[str, list[int]]:
    """Levels in cm by gauge, one an hour."""
    rng = random.Random(f"flood {name}")
    pulses, aside = STORMS[name]
    flow = [25.0 + _inflow(hour, pulses, 1.0) for hour in range(HOURS)]
    levels = {"Einen": [_level(q, rng) for q in flow]}
    for gauge in GAUGES[1:]:
        side = [6.0 + _inflow(hour + 4, pulses, aside) for hour in range(HOURS)]
        flow = [a + b for a, b in zip(_routed(flow, DELAY_H[gauge]), side, strict=True)]
        levels[gauge] = [_level(q, rng) for q in flow]
    return levels


STORMS: Mapping[str, tuple[tuple[tuple[int, float, float], ...], float]] = {
    "winter": (((150, 150.0, 30.0), (260, 210.0, 40.0)), 0.12),
    "sommer": (((190, 90.0, 9.0), (236, 140.0, 8.0)), 0.45),
    "herbst": (((100, 60.0, 28.0), (190, 110.0, 20.0), (290, 230.0, 14.0)), 0.2),
}
"""(hour of the rain, flow at its crest, hours to it), and the share that falls on each reach."""


def _inflow(hour: int, pulses: tuple[tuple[int, float, float], ...], share: float) -> float:
    total = 0.0
    for begin, crest, rise in pulses:
        x = (hour - begin) / rise
        if x > 0:
            total += crest * share * x**2 * 2.718281828 ** (2 * (1 - x))
    return total


def _routed(flow: list[float], delay: float) -> list[float]:
    """Through two stores in a row; each gives what it holds divided by its present delay."""
    for _ in range(2):
        held, out = flow[0] * delay / 2, []
        for q in (*flow[:1] * WARM_H, *flow):
            now = delay / 2 * (40.0 / max(held / (delay / 2), 10.0)) ** 0.2
            bank = BANKFULL * now
            gone = held / now if held <= bank else BANKFULL + (held - bank) / (2 * now)
            held += q - gone
            out.append(gone)
        flow = out[WARM_H:]
    return flow


def _level(flow: float, rng: random.Random) -> int:
    bank = 18.0 * BANKFULL**0.6
    stage = 18.0 * flow**0.6 if flow <= BANKFULL else bank * (flow / BANKFULL) ** 0.35
    return round(stage + rng.gauss(0, 1))
