# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The band from upstream against simpler guesses, and the time to read ten thousand values.

The floods are modelled (``tests.bench.floods``), not recorded. The band's constants were set before
the first of them was written; that it keeps silent where its last forecasts were worse than none
was added after ``winter`` and ``sommer`` had been looked at, so ``herbst`` came after it.

At every second full hour from the sixth day on each method says the level at its leads from what
was known then: the band's middle, the level of now (persistence), and the straight line through the
last three hours that ``lage pegel`` calls linear. Compared are the hours at which the band says
anything; ``silent`` counts the others. ``inside``: how often the level that came lay in the band.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lage.imports.pegelonline import plan_measurements
from lage.language.epoch import EPOCH_UNIX_S
from lage.views.band import HOUR_S, expect
from lage.views.gauges import trend_of
from lage.views.judged import Reading
from tests.bench.floods import GAUGES, HOURS, STORMS, flood
from tests.fixtures import make_station

LEADS_H = (3, 6, 9, 12)
FIRST_H = 120
EVERY_H = 2
VALUES = 10_000


def readings(levels: list[int], until: int) -> list[Reading]:
    """What was known at an hour, newest first."""
    return [Reading(h * HOUR_S, levels[h], None, "", 1) for h in range(until, -1, -1)]


def errors_of(levels: Mapping[str, list[int]], gauge: str) -> dict[str, Any]:
    """Mean absolute errors in cm by lead, for a gauge and those before it."""
    upstream = GAUGES[: GAUGES.index(gauge)]
    sums = {lead: [0, 0.0, 0.0, 0.0, 0, 0.0] for lead in LEADS_H}
    silent = dict.fromkeys(LEADS_H, 0)
    for hour in range(FIRST_H, HOURS - max(LEADS_H), EVERY_H):
        own = readings(levels[gauge], hour)
        band = expect(own, {name: readings(levels[name], hour) for name in upstream})
        said = {point.time // HOUR_S: point for point in band.points} if band else {}
        pace = trend_of(own) or 0.0
        for lead in LEADS_H:
            point, came, now = said.get(hour + lead), levels[gauge][hour + lead], own[0].value
            if point is None:
                silent[lead] += 1
                continue
            each = sums[lead]
            each[0] += 1
            each[1] += abs(came - point.middle)
            each[2] += abs(came - now)
            each[3] += abs(came - now - pace * lead)
            each[4] += abs(came - point.middle) <= point.half
            each[5] += 2 * point.half
    return {
        f"{lead} h": {
            "forecasts": count,
            "silent": silent[lead],
            "band": round(band_error / count, 1),
            "persistence": round(still / count, 1),
            "straight line": round(line / count, 1),
            "inside": round(inside / count, 2),
            "width": round(width / count, 1),
        }
        for lead, (count, band_error, still, line, inside, width) in sums.items()
        if count
    }


def reading_time() -> dict[str, Any]:
    """Seconds for a file of ten thousand values of one gauge: read, and written to the log."""
    unix = EPOCH_UNIX_S + 200 * 86_400
    rows = [
        {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(unix + 900 * n)),
            "value": 200.0 + n % 97,
        }
        for n in range(VALUES)
    ]
    text = json.dumps(rows)
    with tempfile.TemporaryDirectory() as folder:
        station = make_station(Path(folder) / "bench")
        began = time.process_time()
        plan = plan_measurements(json.loads(text), "bench", "Greven", station.reader, station.now())
        planned = time.process_time()
        station.write(plan.drafts)
        written = time.process_time()
        station.close()
    return {
        "values": plan.new,
        "read_s": round(planned - began, 2),
        "write_s": round(written - planned, 2),
    }


def measure() -> dict[str, Any]:
    """Errors by flood, gauge and lead, in cm; processor seconds of reading."""
    floods = {name: flood(name) for name in STORMS}
    return {
        "floods": "modelled: winter (broad), sommer (two storms), herbst (three waves)",
        **{
            name: {gauge: errors_of(levels, gauge) for gauge in GAUGES[1:]}
            for name, levels in floods.items()
        },
        "reading": reading_time(),
    }
