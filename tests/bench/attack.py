# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What attacks on the air cost a county of 25, and whether urgent entries still get through.

    python -m tests.bench attack --json [--seed N ...] [--nodes 25] [--only NAME ...]

For each attack, two hours of it beside the same two hours in peace: ``extra_s`` is the airtime for
repairs, questions and announcements that all engines together asked for beyond that; ``ratio`` is
this to the attacker's airtime, ``ratio_node`` the same for the staff that it makes send most.
"""

from __future__ import annotations

import argparse
import json
import statistics
from typing import Any

from sync.feed.chain import SIGNATURE_SIZE
from sync.wire.frames import HINT_SIZE, HINTS_HEAD, MAC_SIZE, STAMP_SIZE
from tests.bench import workload
from tests.bench.county import positions
from tests.simulation import raids
from tests.simulation.county import Plan
from tests.simulation.raids import Entry, Outcome

COUNT = 120


def entries(seed: int, nodes: int) -> list[Entry]:
    """The county's workload over three hours."""
    lines = list(workload.lines(None, seed, COUNT, nodes))
    last = max(line.at_s for line in lines)
    return [
        Entry(600_000 + line.at_s * 9_600_000 // last, line.author, line.data, line.urgency)
        for line in lines
    ]


def compared(name: str, peace: Outcome, raid: Outcome) -> dict[str, Any]:
    """A raid beside the same hours in peace."""
    air = raid.attacker_ms
    extra = {node: ms - peace.demand_ms[node] for node, ms in raid.demand_ms.items()}
    has = "nothing" if name in raids.OUTSIDE else "key" if name in raids.STOLEN else "seat"
    return {
        "attacker_has": has,
        "attacker_s": round(air / 1000, 1),
        "extra_s": round(sum(extra.values()) / 1000, 1),
        "ratio": round(sum(extra.values()) / max(1, air), 2),
        "ratio_node": round(max(extra.values()) / max(1, air), 2),
        "urgent_in_2_min": raid.urgent_in_time,
        "urgent_in_2_min_peace": peace.urgent_in_time,
        "arrived": raid.arrived,
        "falsely_heard": raid.heard_off,
        "falsely_received": raid.received_off,
    }


def measure(seeds: list[int], nodes: int, only: list[str]) -> dict[str, Any]:
    """All attacks with all seeds: means, of false marks the sums."""
    found: dict[str, list[dict[str, Any]]] = {}
    for seed in seeds:
        places, plan, lines = positions(nodes, seed), Plan(seed), entries(seed, nodes)
        peace = raids.play(places, plan, None, lines)
        for name in only or raids.ALL:
            outcome = raids.play(places, plan, name, lines)
            found.setdefault(name, []).append(compared(name, peace, outcome))
    return {"seeds": seeds, "nodes": nodes, "attacks": {n: _mean(r) for n, r in found.items()}}


def _mean(rows: list[dict[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in rows[0].items():
        if isinstance(value, str):
            result[name] = value
        elif name.startswith("falsely"):
            result[name] = sum(row[name] for row in rows)
        else:
            result[name] = round(statistics.mean(row[name] for row in rows), 3)
    return result


def overhead() -> dict[str, int]:
    """Bytes that authentication takes in each frame."""
    return {
        "operation_alone": SIGNATURE_SIZE,
        "control_frame": MAC_SIZE + STAMP_SIZE,
        "control_frame_before": 10,
        "hints": HINTS_HEAD,
        "hints_before": 1,
        "each_hint": HINT_SIZE,
    }


def main(argv: list[str] | None = None) -> int:
    """Command line of the bench; 1 if an outsider gets more than twice what it sends."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench attack", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--nodes", type=int, default=25)
    parser.add_argument("--only", nargs="+", default=[], choices=list(raids.ALL))
    options = parser.parse_args(argv)
    result = measure(options.seed, options.nodes, options.only) | {"bytes": overhead()}
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        for name, row in result["attacks"].items():
            print(f"{name:14s} " + ", ".join(f"{key} {value}" for key, value in row.items()))
    outside = [row for row in result["attacks"].values() if row["attacker_has"] == "nothing"]
    return int(any(row["ratio_node"] > 2 or row["falsely_heard"] for row in outside))
