# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Copying a log without touching it: not its bytes, nor what waits in its write-ahead log.

It may be in use, left behind by a crash, or lie on a medium that takes no writing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from lage.kinds.model import Progress
from lage.language.errors import StoreError, why
from lage.store.durable import not_opened
from lage.store.readable import as_it_stands, copies, refuses_writing

_PAGES = 2_000
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
"""Only what is written can meet that."""


def copy_log(log: Path, target: Path, progress: Progress | None = None) -> None:
    """Write a copy of the log; ``target`` must not exist. Raises StoreError."""
    if not log.is_file():
        raise StoreError(f"Unter {log} liegt kein Lagebuch.")
    try:
        for way in (_beside_others, _alone):
            try:
                with way(log) as source:
                    _write(source, target, progress)
                return
            except sqlite3.DatabaseError as error:
                if way is _alone or not refuses_writing(error):
                    raise not_opened(log, error) from error
    except OSError as error:
        raise StoreError(f"{log} kann nicht gelesen werden: {why(error)}.") from error


@contextmanager
def _beside_others(log: Path) -> Iterator[sqlite3.Connection]:
    """As others may write it. Where something waits in its write-ahead log nothing is moved to the
    log itself; else the connection leaves nothing behind."""
    waiting = log.with_name(f"{log.name}-wal")
    mode = "ro" if waiting.exists() and waiting.stat().st_size else "rw"
    with closing(sqlite3.connect(f"{log.resolve().as_uri()}?mode={mode}", uri=True)) as source:
        yield source


@contextmanager
def _alone(log: Path) -> Iterator[sqlite3.Connection]:
    """As on a medium that takes no writing, where nobody else can write either."""
    if address := as_it_stands(log):
        with closing(sqlite3.connect(address, uri=True)) as source:
            yield source
        return
    for copy, folder in copies(log):
        with folder, closing(sqlite3.connect(copy)) as source:
            yield source
        return
    raise StoreError(f"Nirgends ist Platz für eine Kopie von {log}: bitte Platz schaffen.")


def _write(source: sqlite3.Connection, target: Path, progress: Progress | None) -> None:
    def tell(_: int, left: int, total: int) -> None:
        if progress:
            progress(total - left, total)

    with closing(sqlite3.connect(target)) as copy:
        try:
            source.backup(copy, pages=_PAGES, progress=tell)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode not in _NO_ROOM:
                raise
            raise StoreError(
                f"Die Kopie {target} kann nicht geschrieben werden ({why(error)}): bitte Platz"
                " schaffen oder einen anderen Ordner nehmen."
            ) from error
