# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""No circle anywhere: whatever module is opened, what it needs does not need it.

Imports under TYPE_CHECKING and inside functions count as any other: who reads must follow them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT, python_files, tree_of


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path, known: frozenset[str]) -> Iterator[str]:
    """Our modules that a file imports; of ``from package import name`` the module of that name."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found = whole if whole in known else node.module
                if found in known:
                    yield found


def circles(imports: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Groups of modules each of which needs all others of its group (Tarjan 1972)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        path.append(module)
        for needed in sorted(imports[module]):
            if needed not in number:
                visit(needed)
                lowest[module] = min(lowest[module], lowest[needed])
            elif needed in path:
                lowest[module] = min(lowest[module], number[needed])
        if lowest[module] == number[module]:
            group = path[path.index(module) :]
            del path[path.index(module) :]
            if len(group) > 1:
                found.append(sorted(group))

    for module in sorted(imports):
        if module not in number:
            visit(module)
    return found


def test_no_module_needs_itself() -> None:
    """In all six packages together, between rooms and within them."""
    files = {_module(path): path for path in python_files(*PACKAGES)}
    known = frozenset(files)
    imports = {
        module: frozenset(_imports(path, known)) - {module} for module, path in files.items()
    }

    assert circles(imports) == []


def test_a_circle_would_be_found() -> None:
    """Three modules in a ring, and one that only looks at it."""
    ring = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("a"), "d": frozenset("a")}

    assert circles(ring) == [["a", "b", "c"]]
