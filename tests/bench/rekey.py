# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A change of keys after a theft in a county of 25: bytes, airtime, and until all have switched.

    python -m tests.bench rekey --json [--seed N] [--nodes 25] [--minutes 120]

Three staffs are off while it happens and come back an hour later and on; clocks are wrong by up to
four minutes; the thief listens on.
"""

from __future__ import annotations

import argparse
import json

from tests.bench import workload
from tests.bench.county import make
from tests.simulation.county import Plan
from tests.simulation.rekey import play


def main(argv: list[str] | None = None) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench rekey", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nodes", type=int, default=25)
    parser.add_argument("--minutes", type=int, default=120)
    options = parser.parse_args(argv)
    line = next(iter(workload.lines(None, options.seed, 1, options.nodes)))
    county = make("lage", Plan(options.seed), options.nodes)
    off = frozenset((5, 11, 17)) if options.nodes >= 18 else frozenset((3,))
    result = play(county, in_s=options.minutes * 60, hours=8, off=off, operation=line.data)
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        for name, value in result.items():
            print(f"{name:22s} {value}")
    return 0 if not result["not_switched"] and not result["thief_got_of_them"] else 1
