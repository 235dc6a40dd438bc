# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What all tests share: hypothesis without dice or stopwatch, and the optional shared folder."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
WAITING = {"e2e", "contract"}
"""Folders of tests that wait for processes and radios."""

if sys.dont_write_bytecode:
    # Four workers and some two hundred processes would each compile all that they import.
    BYTECODE = str(ROOT / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode, sys.pycache_prefix = False, BYTECODE
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = BYTECODE

MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 << 30:
    # Each entry waits for the disk, as it should; what tests write is gone in a minute.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("long", deadline=None, max_examples=5000)
settings.load_profile("ci")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of workloads and geodata beside the repository; tests skip where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not there")
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread what mostly waits; skip, visibly, what is marked ``needs_shared`` where that folder is
    missing."""
    items[:] = spread(items)
    if SHARED.is_dir():
        return
    for item in items:
        if item.get_closest_marker("needs_shared"):
            item.add_marker(pytest.mark.skip(reason="../shared is not there"))


def spread(items: list[pytest.Item]) -> list[pytest.Item]:
    """Files of tests that mostly wait evenly among the others: each worker begins
    with a stretch of the list, and all of them in one of it kept that one waiting to the end."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = [path for path in files if WAITING & set(path.relative_to(ROOT).parts)]
    others = [path for path in files if path not in waiting]
    place = {
        path: (k + 0.5) / len(group) for group in (waiting, others) for k, path in enumerate(group)
    }
    return [item for path in sorted(files, key=place.__getitem__) for item in files[path]]


def pytest_collection_finish() -> None:
    """All modules and cases stay to the end; to look through them for circles again and again took
    an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 20)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--radio`` runs the contract of ``tests/contract/test_any_radio.py`` against that radio."""
    parser.addoption("--radio", default="", help="tcp:HOST:PORT or serial:DEVICE, to be set up")
    parser.addoption(
        "--neighbour", default="", help="another one that hears it, for test_any_air.py"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """A radio serves one client: what runs against a given one runs one after the other."""
    if config.getoption("--radio"):
        config.option.numprocesses, config.option.dist = 0, "no"
