# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The node beside the screen: its files are files, or nothing is started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lage.cli.companion import NOTE_FILE, OUTPUT_FILE, Companion
from lage.language.errors import LageError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes with names")


@pytest.mark.parametrize("name", [NOTE_FILE, OUTPUT_FILE])
def test_no_node_is_started_where_a_pipe_lies_in_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Neither waits for the pipe, nor leaves a node behind that nobody finds again."""
    started: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **_: started.append(args))
    os.mkfifo(tmp_path / name)

    with pytest.raises(OSError, match="not an ordinary file"):
        Companion(tmp_path).begin(None)

    assert not started
    assert (tmp_path / name).is_fifo()


def test_a_node_that_complains_and_takes_its_time_to_end_has_not_come_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it said something is no sign that it runs."""
    dying = (
        "import time; print('Fehler: kein Gerät', flush=True); time.sleep(0.5); raise SystemExit(1)"
    )

    def spawned(folder: Path, radio: str | None, output: Path) -> subprocess.Popen[bytes]:
        with output.open("wb") as file:
            return subprocess.Popen([sys.executable, "-c", dying], stdout=file)

    monkeypatch.setattr("lage.cli.companion._spawned", spawned)
    companion = Companion(tmp_path)
    companion.begin(None)
    with pytest.raises(LageError, match=r"^kein Gerät"):
        companion.confirm()
    assert not (tmp_path / NOTE_FILE).exists()
