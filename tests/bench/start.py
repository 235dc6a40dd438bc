# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long starting takes: ``python -m tests.bench start [--json] [--entries N]``.

From the start of the process to the end of ``lage --help``, and to the first screen that shows the
newest incident of a log with 10,000 entries (in a pseudo-terminal of 80 x 24); ``frame`` is the
first painted screen, before the log has been read. All with bytecode at hand, as ratios to
``python -c pass`` and ``python -c "import textual"`` of the same run, because milliseconds of
different machines do not compare. Medians of several starts, the first one left out.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lage.kinds.model import Draft
from lage.station import Station
from tests.fixtures import FixedClock, make_station

STARTS = 7
BATCH = 500
PATIENCE_S = 60.0
MARK = "Deichschaden"
"""Kind of the newest incident only: when it stands there, the screen shows the situation."""
FRAME = "Lage]"
"""The line of screens: when it stands there, the first screen has been painted."""
INSTALLED = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""Who installs Lage has its bytecode; without it every start compiles it anew."""


def measure(entries: int = 10_000) -> dict[str, Any]:
    """Medians in ms and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        station = make_station(folder, clock=FixedClock())
        fill(station, entries)
        data = station.folder
        station.close()
        bare = _median(lambda: _run("-c", "pass"))
        textual = _median(lambda: _run("-c", "import textual"))
        help_text = _median(lambda: _run("-m", "lage", "--help"))
        frame = _median(lambda: first_screen(data, FRAME))
        screen = _median(lambda: first_screen(data))
    return {
        "entries": entries,
        "starts": STARTS,
        "python_pass_ms": round(bare, 1),
        "import_textual_ms": round(textual, 1),
        "help_ms": round(help_text, 1),
        "frame_ms": round(frame, 1),
        "screen_ms": round(screen, 1),
        "help_to_pass": round(help_text / bare, 2),
        "help_to_import_textual": round(help_text / textual, 2),
        "frame_to_import_textual": round(frame / textual, 2),
        "screen_to_pass": round(screen / bare, 2),
        "screen_to_import_textual": round(screen / textual, 2),
    }


def fill(station: Station, entries: int) -> None:
    """Journal, incidents and readings, and as the last entry an incident that must be seen."""
    drafts = []
    for number in range(entries - 1):
        if number % 20 == 0:
            changes = {"type": "Überflutung", "text": f"Keller {number}", "status": "erledigt"}
            drafts.append(Draft("incident", changes))
        elif number % 5 == 0:
            drafts.append(Draft("reading", {"gauge": "Greven", "value": 300 + number % 97}))
        else:
            drafts.append(Draft("journal", {"text": f"Eintrag {number}: Deichwache unauffällig"}))
    newest = {"type": MARK, "text": "Deich bricht", "status": "offen", "priority": "kritisch"}
    drafts.append(Draft("incident", newest))
    for first in range(0, len(drafts), BATCH):
        station.write(drafts[first : first + BATCH])


def first_screen(folder: Path, mark: str = MARK) -> float:
    """Milliseconds from the start of ``lage tui`` until that word has been painted."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "lage", "--daten", str(folder), "tui"],
        stdin=child,
        stdout=child,
        stderr=child,
        env={**INSTALLED, "TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(child)
    try:
        return _read_until(parent, mark.encode(), started)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(parent)


def _read_until(terminal: int, mark: bytes, started: float) -> float:
    seen = bytearray()
    while time.perf_counter() - started < PATIENCE_S:
        readable, _, _ = select.select([terminal], [], [], 1.0)
        if not readable:
            continue
        try:
            seen += os.read(terminal, 65536)
        except OSError:
            break  # the program has ended
        if mark in seen:
            return (time.perf_counter() - started) * 1000
    raise RuntimeError("no first screen: " + seen[-2000:].decode("utf8", errors="replace"))


def _run(*arguments: str) -> float:
    started = time.perf_counter()
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=INSTALLED)
    return (time.perf_counter() - started) * 1000


def _median(start: Callable[[], float]) -> float:
    start()
    return statistics.median(start() for _ in range(STARTS))


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench start")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--entries", type=int, default=10_000)
    options = parser.parse_args(argv)
    result = measure(options.entries)
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        for name, value in result.items():
            print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
