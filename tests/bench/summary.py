# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A county's day over many seeds, in one table: how soon entries are everywhere, at what price.

    python -m tests.bench summary --seeds 102-121 [--loss 0.25] [--heal] [--nodes 25] [-n 200]
                                  [--firmware 2.8] [--federation] [--unplanned] [--chatty]
                                  [--set NAME=VALUE ...] [--json]

The days of ``county`` (or ``federation``), several at once. Latencies are those of all seeds
together, beside the least and the greatest that a single seed has. ``--set`` changes a value of
``EngineConfig``, so that a lever can be measured alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from functools import partial
from typing import Any

from mesh.airtime import PRESETS
from sync.replica.config import EngineConfig
from sync.schema.urgency import Urgency
from tests.bench import federation, workload
from tests.bench.county import PATIENCE_MS, heal, make, run_day
from tests.simulation.county import Plan, percentile

JOBS = 2
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def day(
    plan: Plan, config: EngineConfig, *, nodes: int, count: int, healing: bool
) -> dict[str, Any]:
    """One seed's day: figures that are summed up, and latencies that are thrown together."""
    lines = list(workload.lines(None, plan.seed, count, nodes))
    county = make("lage", plan, nodes, config)
    run_day(county, lines, PATIENCE_MS)
    entries, spent = len(county.entries), county.airtime()
    row: dict[str, Any] = {
        "urgent_s": county.latencies_s(urgent=True),
        "other_s": county.latencies_s(urgent=False),
        "complete_share": county.complete_share(),
        "air_s_per_op": sum(spent[name] for name in ("flood", "repair", "control"))
        / entries
        / 1000,
        "flood_s_per_op": spent["flood"] / entries / 1000,
        "control_s_per_op": spent["control"] / entries / 1000,
        "repair_s_per_op": spent["repair"] / entries / 1000,
        "max_duty_cycle": county.max_duty_cycle(),
        "flash_received_after_2_min": county.soon_known_share(Urgency.FLASH),
        "immediate_received_after_2_min": county.soon_known_share(Urgency.IMMEDIATE),
        "falsely_received": county.falsely_known,
        "received_known_share": county.received_known_share(),
    }
    if healing:
        healed = heal(plan, nodes, None, config)
        row["heal_s"], row["heal_to_floor"] = healed["seconds"], healed["ratio_to_floor"]
        row["complete_share"] = min(row["complete_share"], healed["complete_share"])
        row["max_duty_cycle"] = max(row["max_duty_cycle"], healed["max_duty_cycle"])
    return row


def federal(plan: Plan, config: EngineConfig, *, counties: int, count: int) -> dict[str, Any]:
    """One seed's federation."""
    found = federation.measure(counties, 25, count, plan, config)
    return {
        "word_s": found["latencies_s"],
        "complete_share": found["complete_share"],
        "air_s_per_op_and_node": found["airtime_ms_per_op_and_node"] / 1000,
        "max_duty_cycle": found["max_duty_cycle"],
    }


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All seeds in one: of latencies the percentiles, of figures the mean and the extremes."""
    result: dict[str, Any] = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        if isinstance(values[0], list):
            result[name] = {
                label: {
                    "all": percentile([each for value in values for each in value], share),
                    **_extremes([percentile(value, share) or 0.0 for value in values]),
                }
                for label, share in SHARES.items()
            }
        else:
            mean = round(sum(values) / len(values), 4)
            result[name] = {"mean": mean, **_extremes(values)}
    return result


def _extremes(values: Iterable[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {"least": round(ordered[0], 4), "greatest": round(ordered[-1], 4)}


def seeds(text: str) -> list[int]:
    """``102-121`` or ``1,5,9``."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found


def changed(settings: Sequence[str]) -> EngineConfig:
    """The engine's values with these ``NAME=VALUE`` in place of its own; all are numbers."""
    known = {field.name for field in fields(EngineConfig)}
    pairs = dict(setting.split("=", 1) for setting in settings)
    if unknown := pairs.keys() - known:
        raise SystemExit(f"EngineConfig has no {', '.join(sorted(unknown))}")
    return replace(EngineConfig(), **{name: int(value) for name, value in pairs.items()})  # type: ignore[arg-type]


def main(argv: list[str] | None = None) -> int:
    """Command line of the bench; 1 if an entry is not everywhere."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench summary",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seeds", type=seeds, default=seeds("1-12"))
    parser.add_argument("--loss", type=float, default=0.1)
    parser.add_argument("--preset", default="LONG_FAST", choices=sorted(PRESETS))
    parser.add_argument("--firmware", default="2.7", choices=("2.7", "2.8"))
    parser.add_argument("--nodes", type=int, default=25)
    parser.add_argument("-n", type=int)
    parser.add_argument("--heal", action="store_true", help="a partition of six hours as well")
    parser.add_argument("--federation", action="store_true", help="18 counties instead of one")
    parser.add_argument("--unplanned", action="store_true", help="radios as they come: all relay")
    parser.add_argument("--chatty", action="store_true", help="planned, but never set up by lage")
    parser.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE")
    parser.add_argument("--jobs", type=int, default=JOBS)
    options = parser.parse_args(argv)
    config = changed(options.set)
    play: Callable[[Plan], dict[str, Any]]
    if options.federation:
        play = partial(federal, config=config, counties=18, count=options.n or 60)
    else:
        count = options.n or 200
        play = partial(day, config=config, nodes=options.nodes, count=count, healing=options.heal)
    plans = [
        Plan(
            seed,
            options.preset,
            options.loss,
            firmware=options.firmware,
            planned=not options.unplanned,
            set_up=not (options.unplanned or options.chatty),
        )
        for seed in options.seeds
    ]
    with ProcessPoolExecutor(options.jobs) as pool:
        rows = list(pool.map(play, plans))
    result = {"seeds": options.seeds, "loss": options.loss, **summary(rows)}
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        for name, value in result.items():
            print(f"{name:24s} {value}")
    return 0 if min(row["complete_share"] for row in rows) == 1.0 else 1


if __name__ == "__main__":
    sys.exit(main())
