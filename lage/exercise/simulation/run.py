# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One simulation from beginning to end, in a folder that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lage.exercise.script.model import Script
from lage.exercise.script.settle import last_minute
from lage.exercise.simulation.county import AirPlan, SimulatedCounty
from lage.exercise.simulation.outcome import as_data
from lage.exercise.simulation.places import cast_of, relays_of, sites_of
from lage.exercise.simulation.playing import HOUR_MS, Playing
from lage.language.errors import UsageError
from mesh.airtime import PRESETS

SETTLE_MS = 10 * 60_000
"""Before X+00: the radios hear of each other."""
NAME_MAX = 40
PATIENCE_MS = 24 * HOUR_MS
"""After the end is waited at most so long until all have everything."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is simulated."""

    script: Script
    staffs: int | None = None  # None: those of the script
    until: float | None = None  # minute; None: to the end
    seed: int | None = None  # None: the script's
    air: AirPlan = field(default_factory=AirPlan)


def simulate(order: Order, tell: Tell = lambda *_: None) -> Any:
    """Everything that came of it, for programs; ``tell`` gets minutes done and to do.

    Raises UsageError for what cannot be simulated, before it begins.
    """
    air = order.air
    if air.preset not in PRESETS:
        raise UsageError(f"Die Einstellung „{air.preset}“ gibt es nicht: {', '.join(PRESETS)}.")
    if not 0 <= air.loss < 1:
        raise UsageError("Der Verlust muss zwischen 0 und 1 liegen, z. B. 0.1.")
    script = order.script if order.seed is None else replace(order.script, seed=order.seed)
    cast = cast_of(script, order.staffs)
    end = last_minute(script) if order.until is None else min(order.until, last_minute(script))
    end_ms = round(end * 60_000)
    with tempfile.TemporaryDirectory(prefix="lage-simulation-") as folder:
        begin = script.begin - SETTLE_MS // 1000
        sites, relays = sites_of(cast), relays_of(script)
        name = script.name[:NAME_MAX]
        with SimulatedCounty(Path(folder), name, begin, sites, relays, air, script.seed) as county:
            county.run_until(SETTLE_MS)
            playing = Playing(script, county, SETTLE_MS)
            playing.run(end_ms, lambda ms: tell(ms // 60_000, end_ms // 60_000))
            tell(end_ms // 60_000, end_ms // 60_000)
            over = county.now
            county.run_until(over + PATIENCE_MS, lambda: county.arrivals.complete)
            return as_data(playing, county, SETTLE_MS, end_ms=over)
