# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading a log where nothing can be written: a full disk, a write-protected stick.

SQLite needs room beside a log even to read it (the index of its write-ahead log). Where there is
none, the log is read from a copy in a place for temporary files or in memory, or the file is taken
as nobody's who changes it, if nothing waits in its write-ahead log.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, on Linux
_REFUSALS = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
)


def refuses_writing(error: sqlite3.Error) -> bool:
    """Whether the medium is the trouble, not the file."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _REFUSALS


def copies(log: Path) -> Iterator[tuple[Path, tempfile.TemporaryDirectory[str]]]:
    """Copies of a log with its write-ahead log, in one place after the other that has room."""
    for place in (Path(tempfile.gettempdir()), _MEMORY):
        try:
            folder = tempfile.TemporaryDirectory(prefix="lage-lesen-", dir=place)
        except OSError:
            continue
        try:
            copy = Path(shutil.copyfile(log, Path(folder.name) / log.name))
            waiting = log.with_name(f"{log.name}-wal")
            if waiting.exists():
                shutil.copyfile(waiting, copy.with_name(waiting.name))
        except OSError:
            folder.cleanup()
            continue
        yield copy, folder


def as_it_stands(log: Path) -> str | None:
    """The address under which SQLite reads the file as unchanging; None where something waits."""
    waiting = log.with_name(f"{log.name}-wal")
    if not log.is_file() or (waiting.exists() and waiting.stat().st_size):
        return None
    return f"{log.resolve().as_uri()}?mode=ro&immutable=1"
