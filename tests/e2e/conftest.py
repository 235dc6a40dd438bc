# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Real processes for tests: the command line as a user runs it, and whole exercises."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lage.exercise.script.read import read_script
from lage.exercise.stage import set_stage
from lage.exercise.troupe import Troupe
from tests.nodes import PATIENCE_S, wait_for

__all__ = ["wait_for"]
TIMEOUT_S = PATIENCE_S


def lage(*arguments: str, folder: Path | None = None, code: int = 0) -> str:
    """Run ``lage`` in a process of its own; its output, after its exit code was checked."""
    place = ["--daten", str(folder)] if folder else []
    done = subprocess.run(
        [sys.executable, "-m", "lage", *place, *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if code == 0 else done.stderr


def lage_json(*arguments: str, folder: Path) -> Any:
    """As ``lage`` with ``--json``."""
    return json.loads(lage(*arguments, "--json", folder=folder))


EMPTY_SCRIPT = """
name: Probe
beginn: 24.11.2026 05:30
stellen:
  - {name: Krisenstab Steinfurt, rolle: krisenstab}
  - {name: SAE Rheine, rolle: sae}
ablauf: []
"""


def make_troupe(folder: Path, text: str, *, speed: float = 60.0, loss: float = 0.0) -> Troupe:
    """An exercise of its own keys and folder, ready to be entered."""
    path = folder / "drehbuch.yaml"
    path.write_text(text, "utf8")
    script = read_script(path)
    stage = folder / "buehne"
    stage.mkdir()
    folders, _ = set_stage(stage, script, speed, time.time)
    return Troupe(stage, path, script, folders, speed=speed, preset="LONG_FAST", loss=loss)


@pytest.fixture
def script_text() -> str:
    """A script of two staffs and no injects: what is written, the test writes."""
    return EMPTY_SCRIPT
