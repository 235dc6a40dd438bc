# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Folders for screen tests: built once per process, copied for each test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tui.terminal import FRAMES_PER_SECOND

# As the command sets them (tui.terminal), before anything imports textual.
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)

from tests.screens import stage


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, the node that reported when a test began still runs."""
    monkeypatch.setattr("lage.store.report.ALIVE_S", 3600.0)


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures have their colours wherever the tests run; who looks without them says so."""
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county for pictures."""
    folder = tmp_path_factory.mktemp("county")
    stage.build(folder)
    return folder


@pytest.fixture(scope="session")
def built_exercise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as an exercise."""
    folder = tmp_path_factory.mktemp("exercise")
    stage.build(folder, exercise=True)
    return folder


@pytest.fixture
def county(built: Path, tmp_path: Path) -> Path:
    """A copy of one's own."""
    shutil.copytree(built, tmp_path / "county")
    return tmp_path / "county"


@pytest.fixture
def rheine(county: Path) -> Path:
    """Rheine's folder, its radio connected."""
    stage.connect_radio(county / "2")
    return county / "2"
