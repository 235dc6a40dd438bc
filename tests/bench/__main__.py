# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measurements by name: ``python -m tests.bench NAME [--json …]``; without a name, which there are.

A measurement is a module beside this one with ``main(argv)``, ``main()`` or ``measure()``; the last
is printed here, as JSON with ``--json``.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import sys
from pathlib import Path

HELPERS = {"__main__", "day", "floods", "workload"}


def names() -> list[str]:
    """All measurements."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(module.name for module in found if module.name not in HELPERS)


def main(argv: list[str]) -> int:
    """Run one measurement; its exit code."""
    if not argv or argv[0] not in names():
        print("usage: python -m tests.bench NAME [--json ...]", file=sys.stderr)
        print("NAME is one of: " + ", ".join(names()), file=sys.stderr)
        return 2
    module = importlib.import_module(f"tests.bench.{argv[0]}")
    entry = getattr(module, "main", None)
    if entry is None:
        result = module.measure()
        if "--json" in argv[1:]:
            print(json.dumps(result, indent=2, ensure_ascii=False))
        else:
            for name, value in result.items():
                print(f"{name}: {value}")
        return 0
    if inspect.signature(entry).parameters:
        return int(entry(argv[1:]) or 0)
    sys.argv = [f"tests.bench.{argv[0]}", *argv[1:]]
    return int(entry() or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
