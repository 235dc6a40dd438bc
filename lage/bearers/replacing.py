# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file in place of another, unless somebody else has put one there meanwhile.

Sticks and shared drives know few locks, but all make a folder for one only. It stands for the
blink of an eye in which is looked and replaced; one that was left by a pulled stick is taken away.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lage.store.keys import sync_folder

LEFT_S = 5.0
PAUSE_S = 0.02
HEAD = 4096


def identity(path: Path) -> bytes | None:
    """By what is seen that it is another file than before: the beginning, where each has a key of
    its own. None where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except FileNotFoundError:
        return None


def replaced(fresh: Path, target: Path, before: bytes | None) -> bool:
    """Put ``fresh`` where ``target`` is; False where that is not as ``before``. OSError."""
    with _alone(target):
        if identity(target) != before:
            return False
        os.replace(fresh, target)
        sync_folder(target.parent)
        return True


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    mark = target.with_name(f"{target.name}.sperre")
    patience = time.monotonic() + LEFT_S
    while True:
        try:
            mark.mkdir()
            break
        except FileExistsError:
            if time.monotonic() > patience:
                with suppress(OSError):  # another was quicker to take it away
                    mark.rmdir()
                patience = time.monotonic() + LEFT_S
            time.sleep(PAUSE_S)
    try:
        yield
    finally:
        with suppress(OSError):  # the stick is gone
            mark.rmdir()
