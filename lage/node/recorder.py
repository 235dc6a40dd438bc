# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The record of everything that passed between node and radio, kept in two files that take turns.

Who wants to know at night why something was not heard needs what came before. A line for each
packet, answer and change of state, as ``mesh.record`` writes it; the older file is dropped when the
newer is full. A disk that refuses costs the record some lines, never the node anything.

Limits: two files of ``FILE_MAX`` bytes, about a day of a busy channel.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mesh.record import LINE_MAX, Entry, Passed, RecordError, from_line, to_line

NEWER, OLDER = "funkprotokoll.log", "funkprotokoll.1.log"
FILE_MAX = 4_000_000
AGAIN_MS = 60_000
"""After a refusal of the disk it is left alone so long."""


class Recorder:
    """Writes the record of one node."""

    def __init__(self, folder: Path) -> None:
        self._path, self._older = folder / NEWER, folder / OLDER
        self._lines: list[str] = []
        self._not_before = 0
        self.lost = 0  # lines that the disk refused

    def note(self, what: Passed, now: int) -> None:
        """Something passed the link."""
        self._lines.append(to_line(Entry(now, what)))

    def write(self, now: int) -> None:
        """Put down what was noted."""
        if not self._lines:
            return
        lines, self._lines = self._lines, []
        if now < self._not_before:
            self.lost += len(lines)
            return
        try:
            self._append("\n".join(lines) + "\n")
        except OSError:
            self.lost += len(lines)
            self._not_before = now + AGAIN_MS

    def _append(self, text: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe refuses
        with open(os.open(self._path, flags, 0o600), "a", encoding="utf8") as file:
            file.write(text)
            full = file.tell() >= FILE_MAX
        if full:
            os.replace(self._path, self._older)


def recorded(folder: Path) -> Iterator[Entry]:
    """All that is kept, oldest first; lines that were cut off or damaged are left out."""
    for name in (OLDER, NEWER):
        path = folder / name
        if path.is_file():
            yield from entries_of(path)


def entries_of(path: Path) -> Iterator[Entry]:
    """The entries of a file. Raises OSError."""
    with path.open("rb") as file:
        while line := file.readline(4 * LINE_MAX):
            try:
                yield from_line(line.decode("utf8"))
            except (RecordError, UnicodeDecodeError):
                continue
