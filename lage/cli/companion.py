# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The node that ``lage start`` runs beside the screen: a process of its own, which outlives it.

Whatever becomes of the screen or its terminal (a fault, SIGKILL, a window that is closed), the
node goes on with its radio. The next ``lage start`` finds it by ``begleiter.json`` in the data
folder; leaving the screen as one should ends both. A node that was started otherwise is left alone.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from lage.language.errors import LageError
from lage.store.lock import LOCK_FILE, FolderLock
from maps.read.files import check_replaceable, load_json, read_regular

RUNS = "Knoten läuft"
"""How a node begins to speak that has come up."""
NOTE_FILE = "begleiter.json"
OUTPUT_FILE = "knoten.log"
START_S, STOP_S = 30.0, 15.0
POLL_S = 0.05
SAID_MAX = 600
OUTPUT_MAX = 100_000_000


class Companion:
    """The node of one data folder, as ``lage start`` sees it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note = folder / NOTE_FILE
        self._process: subprocess.Popen[bytes] | None = None
        self.number: int | None = None  # of the process; None: another window runs the node

    def begin(self, radio: str | None) -> None:
        """Start the node, or find it running; ``confirm`` tells whether it came up."""
        if not self._folder.is_dir():
            raise LageError(f"Den Datenordner {self._folder} gibt es nicht: „lage knoten anlegen“.")
        if self._running_elsewhere():
            self.number = self._noted()
            return
        output = self._folder / OUTPUT_FILE
        check_replaceable(self._note)  # a node that no note tells of is not found again
        self._process = process = _spawned(self._folder, radio, output)
        self.number = process.pid
        self._write_note(process.pid)

    def confirm(self) -> None:
        """Wait until it runs. Raises LageError with what it says where it has ended."""
        process, output = self._process, self._folder / OUTPUT_FILE
        if process is None:
            return
        end = time.monotonic() + START_S
        # A node that complains has said something as well, and may not have ended yet.
        while not _runs(output) and process.poll() is None and time.monotonic() < end:
            time.sleep(POLL_S)
        if process.poll() is not None:
            self._note.unlink(missing_ok=True)
            raise LageError(_last_words(output))

    @property
    def lasts(self) -> bool:
        """Whether the node runs, ours or another's."""
        return self._running_elsewhere() if self._process is None else self._process.poll() is None

    def end(self) -> None:
        """End the node that belongs to this screen, and wait until its log is closed."""
        if self.number is None:
            return
        if self.lasts:
            os.kill(self.number, signal.SIGTERM)
        end = time.monotonic() + STOP_S
        while self.lasts and time.monotonic() < end:
            time.sleep(POLL_S)
        self._note.unlink(missing_ok=True)

    def farewell(self) -> str:
        """What is said where the screen ended otherwise than by its keys."""
        if self.number is None or not self.lasts:
            return ""
        return (
            f"Der Knoten läuft weiter (Prozess {self.number}): „lage start“ öffnet den Bildschirm"
            " wieder."
        )

    def last_words(self) -> str:
        """Why the node ended while the screen was open; empty where it did not."""
        if self._process is None or not self._process.poll():
            return ""
        return _last_words(self._folder / OUTPUT_FILE)

    def _running_elsewhere(self) -> bool:
        """Whether some process holds the node's lock."""
        if not (self._folder / LOCK_FILE).exists():
            return False
        lock = FolderLock(self._folder)
        if not lock.take():
            return True
        lock.release()
        return False

    def _noted(self) -> int | None:
        """The process that an earlier ``lage start`` left behind, if it is that one that runs."""
        try:
            number = load_json(read_regular(self._note, 1000).decode())["prozess"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return number if type(number) is int and _is_lage(number) else None

    def _write_note(self, number: int) -> None:
        check_replaceable(self._note)
        descriptor = os.open(self._note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf8") as file:
            json.dump({"prozess": number}, file)


def _spawned(folder: Path, radio: str | None, output: Path) -> subprocess.Popen[bytes]:
    """The node, deaf to what happens to this terminal; what it says goes into a file."""
    command = [sys.executable, "-m", "lage", "--daten", str(folder), "knoten", "starten"]
    command += ["--radio", radio] if radio else []
    check_replaceable(output)
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # Windows' way of the same
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            creationflags=flags,
        )
    finally:
        os.close(descriptor)


def _runs(output: Path) -> bool:
    """Whether the node has said that it runs."""
    said = read_regular(output, OUTPUT_MAX).decode("utf8", "replace")
    return any(line.startswith(RUNS) for line in said.splitlines())


def _last_words(output: Path) -> str:
    lines = read_regular(output, OUTPUT_MAX).decode("utf8", "replace").strip().splitlines()
    said = lines[-1].removeprefix("Fehler: ") if lines else ""
    return said[:SAID_MAX] or "Der Knoten ist ohne ein Wort zu Ende gegangen."


def _is_lage(number: int) -> bool:
    """Whether that process is still ours: numbers are used again."""
    try:
        os.kill(number, 0)
    except OSError:
        return False
    line = Path(f"/proc/{number}/cmdline")
    return not line.exists() or b"knoten" in line.read_bytes()
