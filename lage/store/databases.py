# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One small SQL on two engines: a file of SQLite, or PostgreSQL for several processes.

Statements use ``?`` for values and, in tables, ``{serial}`` and ``{bytes}`` for what the engines
name differently. Everything may be called from any thread.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lage.language.errors import StoreError, why
from lage.language.install import install_command

if TYPE_CHECKING:
    import psycopg

Run = Callable[..., list[tuple[Any, ...]]]
"""``run(statement, values)`` gives the rows."""
_ONE_AT_A_TIME = 7_301_842  # of PostgreSQL's advisory locks: who prepares the tables


class Database(Protocol):
    """What an inbox needs."""

    def prepare(self, tables: str) -> None:
        """Make what is not there."""

    def change(self) -> AbstractContextManager[Run]:
        """One durable change, whole or not at all. Raises StoreError."""

    def look(self) -> AbstractContextManager[Run]:
        """Reading. Raises StoreError."""

    def lock(self, run: Run, table: str) -> None:
        """Within a change: no other change of that table goes on beside it."""

    def scrub(self) -> None:
        """What was deleted leaves the disk too, not only the tables; as far as it can be now."""

    def close(self) -> None:
        """Let go."""


def open_database(address: str) -> Database:
    """The engine that an address names. Raises StoreError."""
    if address.startswith(("postgresql://", "postgres://")):
        return Postgres(address)
    return Sqlite(Path(address))


class Sqlite:
    """A file; also several processes of one computer may have it open."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make(path)
            self._db = sqlite3.connect(
                path, timeout=20, isolation_level=None, check_same_thread=False
            )
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                self._db.execute(f"PRAGMA {pragma}")
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{path} ist nicht zu öffnen: {why(error)}.") from error

    def prepare(self, tables: str) -> None:
        """Make what is not there."""
        with self.change() as run:
            for statement in _each(tables):
                run(statement.format(serial="INTEGER PRIMARY KEY AUTOINCREMENT", bytes="BLOB"))

    @contextmanager
    def change(self) -> Iterator[Run]:
        """One durable change."""
        with self._lock, _told("nimmt nichts an"):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._run
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    @contextmanager
    def look(self) -> Iterator[Run]:
        """Reading."""
        with self._lock, _told("ist nicht lesbar"):
            yield self._run

    def lock(self, run: Run, table: str) -> None:
        """A change has the whole file for itself."""

    def scrub(self) -> None:
        """Empty the write-ahead log, in which deleted rows stand until it is written over.

        Where the disk is full, or another process is in the middle of something, the next does it:
        what was changed is durable already, and must not look as if it were not.
        """
        with self._lock, suppress(sqlite3.Error):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Let go."""
        with self._lock:
            self._db.close()

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._db.execute(statement, values).fetchall()


class Postgres:
    """A server; each process has one connection, made anew where it broke.

    It may be away when a process begins: whatever is asked is refused until it is there.
    """

    def __init__(self, address: str) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise StoreError(
                "Für PostgreSQL fehlt ein Baustein: bitte Lage mit dem Zusatz [portal]"
                f" installieren ({install_command('portal')})."
            ) from error
        self._errors = psycopg.Error
        self._connect = partial(psycopg.connect, address, connect_timeout=10)
        self._lock = threading.Lock()
        self._db: psycopg.Connection[tuple[Any, ...]] | None = None
        self._unprepared: list[str] = []

    def prepare(self, tables: str) -> None:
        """Make what is not there, one process after the other; as soon as the server is there."""
        with self._lock:
            self._unprepared.append(tables)
        with suppress(StoreError), self.change():
            pass

    def _prepare(self, db: psycopg.Connection[tuple[Any, ...]]) -> None:
        run = self._runs(db)
        with db.transaction():
            run("SELECT pg_advisory_xact_lock(?)", (_ONE_AT_A_TIME,))
            for tables in self._unprepared:
                for statement in _each(tables):
                    run(statement.format(serial="BIGSERIAL PRIMARY KEY", bytes="BYTEA"))
        self._unprepared.clear()

    @contextmanager
    def change(self) -> Iterator[Run]:
        """One durable change: confirmed only after the server's commit (synchronous_commit)."""
        with self._lock:
            try:
                db = self._connected()
                with db.transaction():
                    db.execute("SET LOCAL synchronous_commit = on")
                    yield self._runs(db)
            except self._errors as error:
                # what the driver says may hold address and password
                raise StoreError(
                    f"Der Eingang auf PostgreSQL antwortet nicht ({type(error).__name__}): läuft"
                    " der Server, stimmen Adresse und Kennwort?"
                ) from error

    @contextmanager
    def look(self) -> Iterator[Run]:
        """Reading."""
        with self.change() as run:
            yield run

    def lock(self, run: Run, table: str) -> None:
        """Until the change is done; who only reads does not wait."""
        run(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")

    def scrub(self) -> None:
        """The server's own affair: autovacuum and its log's retention."""

    def close(self) -> None:
        """Let go."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._db is None or self._db.closed or self._db.broken:
            self._db = self._connect()
        if self._unprepared:
            self._prepare(self._db)
        return self._db

    @staticmethod
    def _runs(db: psycopg.Connection[tuple[Any, ...]]) -> Run:
        def run(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
            done = db.execute(statement.replace("?", "%s").encode(), values)
            return done.fetchall() if done.description is not None else []

        return run


def _make(path: Path) -> None:
    """The file, readable for its owner alone; for both accounts in a folder of both.

    Node and pages are two accounts, which meet in one folder: made for a group (2770), so that
    what anybody makes in it is the group's.
    """
    with suppress(FileExistsError):
        made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            shared = stat.S_ISGID | stat.S_IWGRP
            if path.parent.stat().st_mode & shared == shared:
                os.fchmod(made, 0o660)
        finally:
            os.close(made)


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"Der Eingang {what} ({why(error)}): Platz und Rechte prüfen, dann noch einmal."
        ) from error


def _each(tables: str) -> list[str]:
    return [statement for statement in tables.split(";") if statement.strip()]
