# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Folders that last as long as a process, and no longer than the next: with a copy of a log in
them, and the county's key.

A process that is killed clears nothing. So each folder holds a lock that dies with its process,
and whoever makes the next one first clears those that nobody holds.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lage.store.lock import FolderLock

YOUNG_S = 60.0
"""So long a folder may be without its lock: its process is just making it."""


@contextmanager
def passing_folder(prefix: str) -> Iterator[Path]:
    """A new folder in the system's place for such, only for its owner, gone afterwards."""
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        _clear(left)
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        folder = Path(name)
        lock = FolderLock(folder)
        lock.take()
        try:
            yield folder
        finally:
            lock.release()  # Windows removes no file that is open


def _clear(folder: Path) -> None:
    """Remove a folder of ours whose process is gone; never a link, nor one where others write."""
    try:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or time.time() - found.st_mtime < YOUNG_S:
            return
        if os.name == "posix" and (found.st_uid != os.getuid() or found.st_mode & 0o077):
            return
        lock = FolderLock(folder)
        if lock.take():
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)  # what does not go is tried the next time
    except OSError:
        return  # somebody else has just cleared it, or it cannot be looked at
