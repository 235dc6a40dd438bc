# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Looking at the stored log from outside: SQLite's own check, caches, the projection folded anew.

Nothing here changes the log: folding anew happens in a copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from lage.kinds.model import Progress
from lage.kinds.schema import SCHEMA
from lage.language.errors import StoreError, why
from lage.store.projector import Projector
from lage.store.reading import Content, interpret_all
from lage.store.tables import QUARANTINED, VERSION, kind_table
from sync.feed.records import Alliance

_BACKUP_PAGES = 2000
_BACKUP_TABLE = "CREATE TABLE backup (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT"


@dataclass(frozen=True, slots=True)
class StoredOperation:
    """A row of the log as the audit reads it."""

    author: int
    number: int
    data: bytes
    chain: bytes
    quarantined: bool


def integrity(db: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with the file; empty for nothing."""
    rows = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)")]
    broken = db.execute("PRAGMA foreign_key_check").fetchall()
    damaged = [f"beschädigt (SQLite: „{row}“)" for row in rows if row != "ok"]
    return damaged + [f"Verweis fehlt: {row[0]}" for row in broken]


def stored(db: sqlite3.Connection, author: int) -> Iterator[StoredOperation]:
    """Every operation of an author in order."""
    for number, data, chain, standing in db.execute(
        "SELECT number, bytes, chain, standing FROM operation WHERE author = ? ORDER BY number",
        (author,),
    ):
        yield StoredOperation(author, number, data, chain, standing == QUARANTINED)


Cached: TypeAlias = tuple[int, int, bytes, Content]
"""Author, number and bytes of an operation, and what is kept beside them."""


def cached(db: sqlite3.Connection, size: int) -> Iterator[list[Cached]]:
    """Every operation with what is cached of it, ``size`` at a time."""
    rows = db.execute(
        "SELECT author, number, bytes, time, kind, entity, body FROM operation"
        " ORDER BY author, number"
    )
    while batch := rows.fetchmany(size):
        yield [(*row[:3], (*row[3:],)) for row in batch]


def misread(alliances: Sequence[Alliance], batch: Sequence[Cached]) -> list[tuple[int, int]]:
    """Author and number of those whose cached columns are not what their bytes say."""
    readings = interpret_all([row[:3] for row in batch], alliances)
    return [
        (author, number)
        for (author, number, _, content), reading in zip(batch, readings, strict=True)
        if content != reading.content
    ]


def projection_differences(db: sqlite3.Connection, progress: Progress | None = None) -> list[str]:
    """Tables whose rows differ from what folding the whole log anew gives."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    copy.row_factory = sqlite3.Row
    try:
        db.backup(copy, pages=_BACKUP_PAGES)
        copy.execute("BEGIN")
        Projector(copy).rebuild(progress)
        differing = []
        for table, order in _projected():
            before = db.execute(f"SELECT * FROM {table} ORDER BY {order}")
            after = copy.execute(f"SELECT * FROM {table} ORDER BY {order}")
            if any(_pairs_differ(before, after)):
                differing.append(table)
        return differing
    finally:
        copy.close()


def _projected() -> list[tuple[str, str]]:
    tables = [(kind_table(kind), "id") for kind in SCHEMA.kinds]
    return [
        *tables,
        ("search", "rowid"),
        ("addressed", "member, message"),
        ("overruled", "author, number, field"),
    ]


def _pairs_differ(before: sqlite3.Cursor, after: sqlite3.Cursor) -> Iterator[bool]:
    while True:
        one, two = before.fetchone(), after.fetchone()
        if one is None or two is None:
            yield one is not two
            return
        yield tuple(one) != tuple(two)


def write_backup(
    db: sqlite3.Connection, target: Path, files: dict[str, bytes], progress: Progress | None
) -> None:
    """A consistent copy of the log while others go on writing, with some files beside it.

    ``target`` must not exist. Raises StoreError.
    """
    try:
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            db.backup(
                copy,
                pages=_BACKUP_PAGES,
                progress=lambda _, left, total: progress(total - left, total) if progress else None,
                sleep=0.01,
            )
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute(_BACKUP_TABLE)
            copy.executemany("INSERT INTO backup VALUES (?, ?)", files.items())
            # What somebody has only begun to write is not for every stick.
            copy.execute("DELETE FROM draft")
            problems = integrity(copy)
        finally:
            copy.close()
    except sqlite3.Error as error:
        raise StoreError(
            f"Die Sicherung {target} kann nicht geschrieben werden: {why(error)}."
        ) from error
    if problems:
        raise StoreError(f"Die Sicherung {target} ist beschädigt: bitte „lage pruefen“ rufen.")


def read_backup(source: Path, target: Path, progress: Progress | None) -> dict[str, bytes]:
    """Copy the log in a backup to ``target``, marked as restored; the files that were beside it.

    Raises StoreError for a file that is no backup or is damaged.
    """
    try:
        backup = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
        try:
            problems = integrity(backup)
            if problems:
                raise StoreError(
                    f"Die Sicherung {source} ist beschädigt: bitte eine andere nehmen."
                )
            files = dict(backup.execute("SELECT name, content FROM backup"))
            version = backup.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise StoreError(f"Die Sicherung {source} stammt von einer neueren Version.")
            copy = sqlite3.connect(target, isolation_level=None)
            try:
                backup.backup(copy, pages=_BACKUP_PAGES)
                copy.execute("DROP TABLE backup")
                copy.execute(
                    "INSERT INTO setting VALUES ('restored', 'true')"
                    " ON CONFLICT DO UPDATE SET value = excluded.value"
                )
            finally:
                copy.close()
        finally:
            backup.close()
    except sqlite3.Error as error:
        raise StoreError(
            f"Die Datei {source} ist keine Sicherung von Lage: {why(error)}."
        ) from error
    if progress:
        progress(1, 1)
    return {str(name): bytes(content) for name, content in files.items()}


def in_use(path: Path) -> bool:
    """Whether another process has that log open; a file that is no log is used by nobody."""
    db = sqlite3.connect(path, timeout=0.2, isolation_level=None)
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("BEGIN IMMEDIATE")
        db.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.DatabaseError:
        return False
    finally:
        db.close()
    return False
