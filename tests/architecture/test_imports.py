# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who imports whom: the contracts of pyproject.toml, and what an import really loads."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT, name_of, python_files, tree_of

HEAVY = {"textual", "rich", "meshtastic", "pyproj", "shapely", "numpy", "sqlite_utils", "fpdf"}


def _contracts() -> list[dict[str, object]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    assert isinstance(contracts, list)
    return contracts


def test_import_contracts_are_kept() -> None:
    """import-linter finds no import against the directions of the house."""
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_the_generator_of_chance_comes_from_outside() -> None:
    """The pure rooms name ``random`` for its type only: who calls them hands the generator in."""
    pure = next(c["source_modules"] for c in _contracts() if c.get("id") == "pure")
    assert isinstance(pure, list)
    rooms = tuple(f"{module.replace('.', '/')}" for module in pure)
    found = [
        name_of(path)
        for path in python_files(*PACKAGES)
        if name_of(path).startswith(rooms)
        for node in tree_of(path).body
        if isinstance(node, ast.Import | ast.ImportFrom) and "random" in ast.unparse(node)
    ]

    assert found == []


@pytest.mark.parametrize(
    "module",
    [
        "lage.cli",
        "lage.cli.steering",
        "lage.write.commands",
        "lage.kinds.inputs",
        "lage.kinds.projection",
        "lage.views.lists",
        "tui",
    ],
)
def test_import_is_light(module: str) -> None:
    """Importing the command line or the core loads no screen, radio or map library."""
    code = f"import sys, {module}; print(*sorted(m for m in sys.modules if '.' not in m))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert set(run.stdout.split()) & HEAVY == set()


def test_meshtastic_client_has_one_door() -> None:
    """Only mesh.radio* imports the client; the virtual radio knows its protobuf only."""
    found = [
        f"{name_of(path)}: {name}"
        for path in python_files(*PACKAGES)
        for name in _imported(path)
        if name.split(".")[0] == "meshtastic"
        and not name.startswith("meshtastic.protobuf")
        and not name_of(path).startswith("mesh/radio/")
    ]

    assert found == []


def test_widgets_know_no_station() -> None:
    """Widgets draw what they are given: they import neither a station nor the rules."""
    unwanted = ("lage.station", "lage.write.commands", "lage.store")
    found = [
        f"{name_of(path)}: {name}"
        for path in python_files("tui")
        if name_of(path).startswith("tui/widgets/")
        for name in _imported(path)
        if name.startswith(unwanted)
    ]

    assert found == []


def test_only_the_bridge_opens_a_station() -> None:
    """Threads and stations of the screen begin and end in tui/bridge.py."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files("tui")
        if name_of(path) != "tui/bridge.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Station", "Station.open"}
    ]

    assert found == []


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_one_filter_stands_before_every_terminal() -> None:
    """Only ``lage/cli/common.py`` prints, and what it prints passes ``lage.language.plain``."""
    printing = {"click.echo", "click.secho", "print", "sys.stdout.write", "sys.stderr.write"}
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files("lage")
        if name_of(path) != "lage/cli/common.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in printing
    ]

    assert found == []
