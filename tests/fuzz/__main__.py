# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``python -m tests.fuzz --seconds N [--target NAME]``: throw bytes at every decoder.

With atheris installed each target runs in a process of its own, led by coverage; otherwise the
plain loop. ``--runs N`` stops after so many inputs instead.

The target ``situation`` is another kind of fuzz: operations of the whole grammar arrive at a node,
and then everything is asked that a staff may ask. A failure names world and seed; the same seed
makes it again.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz import situation
from tests.fuzz.loop import run
from tests.fuzz.targets import EXAMPLES, TARGETS

SITUATION = "situation"
OPERATIONS = 150  # in one world
HANG_S = 120  # for one input; libFuzzer's alarm comes at half of it, also to a process that ends


def main(argv: list[str]) -> int:
    """Run the campaign; 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, help="in all, shared by the targets")
    parser.add_argument("--runs", type=int, default=2000, help="inputs for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", choices=sorted([*TARGETS, SITUATION]), action="append")
    parser.add_argument("--plain", action="store_true", help="without atheris")
    args = parser.parse_args(argv)
    names = args.target or sorted([*TARGETS, SITUATION])
    each = args.seconds / len(names) if args.seconds else None
    led = not args.plain and importlib.util.find_spec("atheris") is not None
    failed = 0
    for name in names:
        if name == SITUATION:
            with tempfile.TemporaryDirectory() as folder:
                worlds = -(-args.runs // OPERATIONS)
                done = situation.run(Path(folder), worlds, args.seed, OPERATIONS, each)
            sys.stdout.write(f"{name}: {done} questions answered\n")
        elif led:
            failed += _led(name, args.runs, args.seed, each) != 0
        else:
            done = run(name, args.runs, args.seed, each)
            sys.stdout.write(f"{name}: {done} inputs\n")
    return 1 if failed else 0


def _led(name: str, runs: int, seed: int, seconds: float | None) -> int:
    """One target under atheris, which ends its process."""
    limit = f"-max_total_time={int(seconds) or 1}" if seconds else f"-atheris_runs={runs}"
    with tempfile.TemporaryDirectory() as folder:
        for place, example in enumerate(EXAMPLES[name]()):
            (Path(folder) / str(place)).write_bytes(example)
        command = [sys.executable, "-m", "tests.fuzz.led", name, limit, f"-seed={seed}"]
        done = subprocess.run(
            [*command, "-max_len=260", f"-timeout={HANG_S}", folder],
            capture_output=True,
            text=True,
            check=False,
        )
    sys.stdout.write(f"{name}: {_executed(done.stderr)} inputs, led by coverage\n")
    if done.returncode:
        sys.stdout.write(done.stdout + done.stderr)
    return done.returncode


def _executed(output: str) -> str:
    found = re.findall(r"^Done (\d+) ", output, re.MULTILINE)
    return found[-1] if found else "?"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
