# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A county's day on the air: our replication beside plain flooding and flooding with receipts.

    python -m tests.bench county --json [--preset LONG_FAST|MEDIUM_FAST] [--nodes 25]
                                 [--texts FILE] [--seed N] [-n 200] [--loss 0.1] [--no-partition]
                                 [--unplanned] [--chatty]

Kreis Steinfurt's town coordinates and three towers on the firmware-true ether; the same operations,
seed and losses for all three in one run. Only those radios relay that the plan for their positions
needs (``mesh.air.relays``), and the staffs' chatter as ``lage funk einrichten`` leaves them, which
is how they are told not to relay; towers are as they come. Or all radios are (``--unplanned``).
Latency is the time until every node has an operation.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from pathlib import Path
from typing import Any

from maps.geo.places import Position, to_grid
from mesh.airtime import PRESETS, payload_airtime_ms
from sync.feed.chain import run_size
from sync.replica.config import EngineConfig
from sync.schema.urgency import Urgency
from tests.bench import workload
from tests.simulation.county import HOUR_MS, SOON_MS, TOWERS, County, Plan, percentile

SETTLE_MS = 10 * 60_000
PATIENCE_MS = 24 * HOUR_MS
FRAME_ROOM = 230
KREISHAUS = (52.1497, 7.3405)


def positions(nodes: int, seed: int) -> list[tuple[float, float]]:
    """Metres east and north: the county's staff and towns first, then places between them."""
    towns = list(workload.load().PLACES.values())
    places = [KREISHAUS, *towns][:nodes]
    rng = random.Random(f"places {seed}")
    while len(places) < nodes:
        lat, lon = rng.choice(towns)
        places.append((lat + rng.uniform(-0.06, 0.06), lon + rng.uniform(-0.1, 0.1)))
    return [metres(place) for place in places]


def metres(place: tuple[float, float]) -> tuple[float, float]:
    """Latitude and longitude on the UTM grid."""
    point = to_grid(Position(*place))
    return point.east, point.north


def make(kind: str, plan: Plan, nodes: int, config: EngineConfig | None = None) -> County:
    """A county with its towers."""
    towers = [metres(place) for place in TOWERS.values()]
    places = positions(nodes, plan.seed)
    return County(places, plan, kind=kind, towers=towers, config=config)


def run_day(county: County, lines: list[workload.Line], patience_ms: int) -> float:
    """Play the operations and wait for convergence; virtual hours it took."""
    county.run_until(SETTLE_MS)
    for line in lines:
        county.run_until(SETTLE_MS + line.at_s * 1000)
        county.write(line.author, line.data, Urgency(line.urgency))
    county.run_until(county.now + SOON_MS)
    county.run_until(county.now + patience_ms, county.converged)
    return county.now / HOUR_MS


def figures(county: County) -> dict[str, Any]:
    """What a run came to."""
    count = len(county.entries)
    spent = county.airtime()
    latency = {}
    for name, urgent in (("urgent", True), ("other", False)):
        values = county.latencies_s(urgent=urgent)
        latency[name] = {
            "p50": percentile(values, 0.5),
            "p95": percentile(values, 0.95),
            "p99": percentile(values, 0.99),
        }
    return {
        "delivered_share": round(county.delivered_share(), 5),
        "complete_share": round(county.complete_share(), 5),
        "max_duty_cycle": round(county.max_duty_cycle(), 4),
        "latency_s": latency,
        "airtime_ms_per_op": {
            name: round(spent[name] / count, 1) for name in ("flood", "repair", "control")
        },
        "airtime_background_ms": spent["background"],
        "transmissions": county.ether.transmissions,
    }


def heal(
    plan: Plan, nodes: int, text_file: Path | None, config: EngineConfig | None = None
) -> dict[str, Any]:
    """Six hours in two halves with 100 operations on each side, then one air again."""
    county = make("lage", plan, nodes, config)
    places = positions(nodes, plan.seed)
    middle = sorted(east for east, _ in places)[nodes // 2]
    west = [number for number, (east, _) in enumerate(places, 1) if east < middle]
    west += [10_000 + n for n, place in enumerate(TOWERS.values()) if metres(place)[0] < middle]
    rest = [number for number in county.ether.radios if number not in west]
    county.run_until(SETTLE_MS)
    county.ether.partition([west, rest])
    lines = list(workload.lines(text_file, plan.seed + 7, 3000, nodes))
    chosen: list[workload.Line] = []
    for side in (set(west), set(rest)):
        chosen += [line for line in lines if line.author in side][:100]
    rng = random.Random(f"partition {plan.seed}")
    moments = sorted(rng.uniform(0, 5.5 * HOUR_MS) for _ in chosen)
    rng.shuffle(chosen)
    for moment, line in zip(moments, chosen, strict=True):
        county.run_until(SETTLE_MS + int(moment))
        county.write(line.author, line.data, Urgency(line.urgency))
    county.run_until(SETTLE_MS + 6 * HOUR_MS)
    before = county.airtime()
    healed = county.now
    county.ether.heal()
    county.run_until(healed + PATIENCE_MS, county.converged)
    after = county.airtime()
    done = max((entry.everywhere or 0) for entry in county.entries.values())
    floor = packed_floor_ms(chosen, plan.preset)
    spent = sum(after[name] - before[name] for name in ("flood", "repair", "control"))
    return {
        "operations": len(chosen),
        "complete_share": county.complete_share(),
        "seconds": round((done - healed) / 1000),
        "airtime_ms": spent,
        "floor_ms": floor,
        "ratio_to_floor": round(spent / floor, 2),
        "max_duty_cycle": round(county.max_duty_cycle(), 4),
    }


def packed_floor_ms(lines: list[workload.Line], preset: str) -> int:
    """Each operation once across the cut, one signature per author, in full frames."""
    by_author: dict[int, list[bytes]] = {}
    for line in lines:
        by_author.setdefault(line.author, []).append(line.data)
    total = sum(run_size(1, operations, prefix=False) for operations in by_author.values())
    frames = math.ceil(total / FRAME_ROOM)
    return frames * payload_airtime_ms(PRESETS[preset], FRAME_ROOM + 1)


def measure(
    *,
    seed: int = 1,
    preset: str = "LONG_FAST",
    nodes: int = 25,
    count: int = 200,
    loss: float = 0.1,
    text_file: Path | None = None,
    partition: bool = True,
    baselines: bool = True,
    planned: bool = True,
    chatty: bool = False,
) -> dict[str, Any]:
    """Everything that is measured on the air."""
    plan = Plan(seed, preset, loss, planned=planned, set_up=planned and not chatty)
    lines = list(workload.lines(text_file, seed, count, nodes))
    result: dict[str, Any] = {
        "nodes": nodes,
        "preset": preset,
        "operations": count,
        "loss": loss,
        "seed": seed,
    }
    started = time.process_time()
    ours = make("lage", plan, nodes)
    result["virtual_hours"] = round(run_day(ours, lines, PATIENCE_MS), 2)
    result |= figures(ours)
    for urgency in (Urgency.FLASH, Urgency.IMMEDIATE):
        known = ours.soon_known_share(urgency)
        result[f"{urgency.name.lower()}_received_after_2_min"] = round(known, 4)
    result["falsely_received"] = ours.falsely_known
    result["received_known_share"] = round(ours.received_known_share(), 4)
    ours.run_until(ours.now + 2 * HOUR_MS)  # quiet: only "empfangen" still travels
    result["received_known_share_2h_later"] = round(ours.received_known_share(), 4)
    spent = result["airtime_ms_per_op"]
    result["repair_and_control_to_flood"] = round(
        (spent["repair"] + spent["control"]) / max(1, spent["flood"]), 3
    )
    result["cpu_s"] = round(time.process_time() - started, 1)
    if baselines:
        result["baselines"] = {}
        for kind in ("flood", "acked"):
            other = make(kind, plan, nodes)
            run_day(other, lines, HOUR_MS)
            result["baselines"][kind] = figures(other)
    if partition:
        result["partition"] = heal(plan, nodes, text_file)
    return result


def main(argv: list[str] | None = None) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench county",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--preset", default="LONG_FAST", choices=sorted(PRESETS))
    parser.add_argument("--nodes", type=int, default=25)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-n", type=int, default=200)
    parser.add_argument("--loss", type=float, default=0.1)
    parser.add_argument("--no-partition", action="store_true")
    parser.add_argument("--no-baselines", action="store_true")
    parser.add_argument("--unplanned", action="store_true", help="radios as they come: all relay")
    parser.add_argument("--chatty", action="store_true", help="planned, but never set up by lage")
    options = parser.parse_args(argv)
    result = measure(
        seed=options.seed,
        preset=options.preset,
        nodes=options.nodes,
        count=options.n,
        loss=options.loss,
        text_file=options.texts,
        partition=not options.no_partition,
        baselines=not options.no_baselines,
        planned=not options.unplanned,
        chatty=options.chatty,
    )
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        for name, value in result.items():
            print(f"{name:28s} {value}")
    return 0 if result["complete_share"] == 1.0 else 1


if __name__ == "__main__":
    sys.exit(main())
