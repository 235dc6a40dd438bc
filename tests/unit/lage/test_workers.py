# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Work beside the radio: processes that end with their node, and are started anew after a death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lage.node.workers import AGAIN_S, STEADY_S, WorkerDied, Workers
from lage.reports.board import FOLDER
from lage.views.board import FILE, from_json
from lage.write import commands
from tests.fixtures import FixedClock, make_station
from tests.nodes import PATIENCE_S, Cabled, wait_for


def lasts(pid: int) -> bool:
    """Whether that process is at work; one that has ended and waits for its parent is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_the_aushang_is_written_beside_the_node(tmp_path: Path) -> None:
    """kill -9 of its writer costs nothing: another goes on, and the node's end is its end."""
    station = make_station(tmp_path, clock=FixedClock(time.time()))
    aushang = tmp_path / "aushang" / FILE
    station.keep(FOLDER, str(aushang.parent))

    def shows(text: str) -> None:
        typed = {"text": text, "topic": "Ausgabestelle"}
        station.write(commands.enter("notice", typed, station.parse_context()))
        wait_for(lambda: aushang.exists() and text in
                 [item.words for item in from_json(aushang.read_bytes()).items])  # fmt: skip

    node = Cabled(station)
    node.start()
    try:
        shows("Wasser am Rathaus")
        assert node.loop is not None
        first = node.loop._workers.pids()["aushang"]
        if hasattr(os, "nice"):
            assert os.getpriority(os.PRIO_PROCESS, first) == os.getpriority(os.PRIO_PROCESS, 0) + 10
        os.kill(first, signal.SIGKILL)
        shows("Brot am Rathaus")
        second = node.loop._workers.pids()["aushang"]
        assert second != first
    finally:
        node.stop()
    assert not lasts(second)
    station.close()


def test_a_worker_ends_when_its_node_is_killed(tmp_path: Path) -> None:
    """Not told by anybody: its standard input has ended."""
    station = make_station(tmp_path)
    station.keep(FOLDER, str(tmp_path / "aushang"))
    station.close()
    worker = subprocess.Popen(
        [sys.executable, "-m", "lage", "--daten", str(station.folder), "aushang", "fuehren"],
        stdin=subprocess.PIPE,
    )
    wait_for(lambda: (tmp_path / "aushang" / FILE).exists())
    worker.stdin.close()  # type: ignore[union-attr]
    assert worker.wait(PATIENCE_S) == 0


def test_one_that_keeps_dying_is_told_and_left_in_peace(tmp_path: Path) -> None:
    """The first death is an accident; then it is said, and tried less and less often."""
    clock = FixedClock(0.0)
    workers = Workers(tmp_path / "nirgends", clock)
    wanted = {"x": ("kein-befehl",)}
    told = starts = 0
    before: dict[str, int] = {}
    for _ in range(200):
        if workers.pids() != before and (before := workers.pids()):
            starts += 1
            wait_for(lambda: not any(map(lasts, before.values())))
        try:
            workers.turn(wanted)
        except WorkerDied:
            told += 1
        clock.advance(AGAIN_S)
    assert 3 <= starts <= 6
    assert told == starts - 1
    assert STEADY_S > AGAIN_S
    workers.close()
