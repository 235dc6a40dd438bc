# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m tests.simulation --seeds 1000``: a campaign; prints every seed that fails."""

from __future__ import annotations

import argparse
import sys
import time
import traceback

from tests.simulation import forks
from tests.simulation.scenario import play


def main() -> int:
    """Play many seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--nodes", type=int, default=None, help="nodes in each world")
    parser.add_argument("--hours", type=int, default=2, help="virtual hours of trouble")
    parser.add_argument("--real", action="store_true", help="nodes keep the product's store")
    parser.add_argument("--forks", action="store_true", help="worlds of forks and decisions")
    options = parser.parse_args()
    failed = []
    started = time.monotonic()
    longest = 0.0
    for seed in range(options.first, options.first + options.seeds):
        try:
            if options.forks:
                hours = forks.play(seed, real=options.real)
            else:
                hours = play(
                    seed, nodes=options.nodes, hours=options.hours, real=options.real
                ).hours
            longest = max(longest, hours)
        except Exception as error:  # noqa: BLE001 - a campaign goes on
            failed.append(seed)
            place = traceback.extract_tb(error.__traceback__)[-1]
            sys.stdout.write(
                f"{seed}  {type(error).__name__} {place.name}:{place.lineno} {error}\n"
            )
            sys.stdout.flush()
    seconds = time.monotonic() - started
    sys.stdout.write(
        f"{options.seeds} seeds, {len(failed)} failed, {seconds:.1f} s, "
        f"slowest agreement after {longest:.1f} virtual hours\n"
    )
    return bool(failed)


if __name__ == "__main__":
    raise SystemExit(main())
