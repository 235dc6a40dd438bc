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
