# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A federation of counties joined by gateways: how long a crisis staff's word takes to all.

python -m tests.bench federation --json [--counties 18] [--nodes 25] [-n 60] [--seed N] [--loss P]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from typing import Any

from lage.kinds.schema import SCHEMA
from sync.codec import versions as codec
from sync.replica.config import EngineConfig
from sync.schema.op import Operation
from sync.schema.urgency import Urgency
from tests.simulation.county import HOUR_MS, Plan, percentile
from tests.simulation.federation import Federation

SETTLE_MS = 10 * 60_000
SPAN_MS = 2 * HOUR_MS


def measure(
    counties: int, nodes: int, count: int, plan: Plan, config: EngineConfig | None = None
) -> dict[str, Any]:
    """Crisis staffs write ``count`` operations within two hours; then all wait for all."""
    started = time.process_time()
    federation = Federation(counties, nodes, plan, config)
    rng = random.Random(f"federation {plan.seed}")
    federation.run_until(SETTLE_MS)
    for number, moment in enumerate(sorted(rng.randrange(SPAN_MS) for _ in range(count))):
        federation.run_until(SETTLE_MS + moment)
        text = f"Lagemeldung {number}: Lage unverändert, Kräfte ausreichend"
        operation = Operation(28_000_000 + number, "journal", {"text": text})
        county = rng.randrange(counties)
        head = federation.counties[county].staffs[0].log.head(1)
        data = codec.encode(operation, SCHEMA, 1, head + 1)
        federation.write(county, data, Urgency.ROUTINE)
    federation.run_until(SETTLE_MS + SPAN_MS + 12 * HOUR_MS, stop_when_done=True)
    done = [(w.everywhere - w.born) / 1000 for w in federation.words if w.everywhere is not None]
    staffs = counties * nodes
    return {
        "counties": counties,
        "nodes": staffs,
        "operations": count,
        "complete_share": len(done) / count,
        "latency_s": {
            "p50": percentile(done, 0.5),
            "p95": percentile(done, 0.95),
        },
        "latencies_s": done,
        "airtime_ms_per_op_and_node": round(federation.airtime_ms() / count / staffs, 1),
        "max_duty_cycle": round(federation.max_duty_cycle(), 4),
        "cpu_s": round(time.process_time() - started, 1),
    }


def main(argv: list[str] | None = None) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench federation")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--counties", type=int, default=18)
    parser.add_argument("--nodes", type=int, default=25)
    parser.add_argument("-n", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--preset", default="LONG_FAST")
    parser.add_argument("--loss", type=float, default=0.1)
    options = parser.parse_args(argv)
    plan = Plan(options.seed, options.preset, options.loss)
    result = measure(options.counties, options.nodes, options.n, plan)
    del result["latencies_s"]
    print(json.dumps(result, indent=2) if options.json else result)
    return 0 if result["complete_share"] == 1.0 else 1


if __name__ == "__main__":
    sys.exit(main())
