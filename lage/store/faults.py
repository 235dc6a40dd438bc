# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What nobody expected: each fault under a number that the user can tell the support.

``fehler.log`` in the data folder holds where it happened and why, never the values that were at
hand there; it is its owner's alone and keeps the newest ``FILE_MAX`` bytes. Noting never raises:
who is told of a fault must not have a second one.
"""

from __future__ import annotations

import os
import re
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from maps.read.files import check_replaceable, read_regular

FAULTS_FILE = "fehler.log"
FILE_MAX = 256_000
ENTRY_MAX = 8_000
KNOWN_MAX = 200
"""So many faults keep their number while a process runs; the same one is written once."""

_HEAD = re.compile(rb"^Vermerk (\d+) ", re.MULTILINE)
_Signature = tuple[str, str, int]


class Faults:
    """The faults of one data folder, as one process sees them."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = folder / FAULTS_FILE
        self._clock = clock
        self._known: dict[_Signature, int] = {}
        self._last = 0
        self._one_at_a_time = threading.Lock()  # screens note from three threads

    @property
    def noted(self) -> int:
        """How many different faults this process has seen."""
        return len(self._known)

    def note(self, error: BaseException) -> int:
        """Its number: a new one, or the one it got before."""
        with self._one_at_a_time:
            signature = _signature(error)
            number = self._known.get(signature)
            if number is None:
                number = self._number()
                self._write(f"Vermerk {number} {self._moment()}\n{_told(error)}\n\n")
                if len(self._known) >= KNOWN_MAX:
                    self._known.pop(next(iter(self._known)))
                self._known[signature] = number
            return number

    def _number(self) -> int:
        """One more than the last in the file; other processes count there as well."""
        numbers = [int(found) for found in _HEAD.findall(self._read())]
        self._last = max(numbers[-1] if numbers else 0, self._last) + 1
        return self._last

    def _moment(self) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(max(0.0, self._clock())))
        return f"{moment} Prozess {os.getpid()}"

    def _read(self) -> bytes:
        try:
            return read_regular(self._path, 100 * FILE_MAX)[-2 * FILE_MAX :]
        except OSError:
            return b""

    def _write(self, entry: str) -> None:
        content = entry.encode("utf8", "backslashreplace")
        try:
            check_replaceable(self._path)
            if self._path.exists() and self._path.stat().st_size + len(content) > FILE_MAX:
                self._forget_the_oldest()
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        except OSError:
            return  # a full or read-only disk: the number is told all the same

    def _forget_the_oldest(self) -> None:
        kept = self._read()[-FILE_MAX // 2 :]
        first = _HEAD.search(kept)
        kept = kept[first.start() :] if first else b""
        fresh = self._path.with_suffix(".neu")
        check_replaceable(fresh)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(kept)
        os.replace(fresh, self._path)


def _signature(error: BaseException) -> _Signature:
    """What it is and where it happened: the same fault a hundred times is one."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return type(error).__name__, last.filename if last else "", (last.lineno or 0) if last else 0


def _told(error: BaseException) -> str:
    """Kind and place without control characters; the newest end where it is long."""
    lines = "".join(traceback.format_exception(error))
    shown = "".join(c if c == "\n" or c.isprintable() else "\ufffd" for c in lines)
    return shown.rstrip()[-ENTRY_MAX:]
