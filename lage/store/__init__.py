# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The situation log on disk: one SQLite file per node, and the only SQL of the product.

Several processes may hold it open (node, screen, command line); each opens its own ``Store``, and
a ``Store`` stays in the thread that opened it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import lage
from lage.kinds.model import Progress, Query, Where
from lage.kinds.schema import SCHEMA
from lage.kinds.setting import PROGRAM, PROJECTION
from lage.language.errors import StoreError
from lage.store.durable import not_opened
from lage.store.local import Local, Peer
from lage.store.log import SqliteLog
from lage.store.readable import as_it_stands, copies, refuses_writing
from lage.store.situation import Situation
from lage.store.tables import VERSION, migrate, this_projection
from lage.store.unshown import failed_entities, put_aside
from sync.codec.packed import is_partial
from sync.schema.values import TIME_MAX

__all__ = ["Local", "Peer", "Query", "Situation", "SqliteLog", "Store", "Where"]

BUSY_TIMEOUT_S = 15.0


class Store:
    """One open log: ``log`` to append to, ``situation`` to read, ``local`` for this node's own."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, clock: Callable[[], float]
    ) -> None:
        self.path = path
        self.connection = connection
        self.log = SqliteLog(connection, clock)
        self.situation = Situation(connection)
        self.local = Local(connection)
        self.writable = True  # False where the medium is full or write-protected
        self._borrowed: TemporaryDirectory[str] | None = None  # where a copy of it is read

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Callable[[], float] = time.time,
        progress: Progress | None = None,
    ) -> Store:
        """Open or create a log, migrate it, rebuild the projection where its version is older.

        Where the medium is full or write-protected the log can still be read (``writable``).
        Raises StoreError for a file that is no log or was written by a newer version.
        """
        try:
            return cls._open(str(path), path, clock, progress)
        except sqlite3.DatabaseError as error:
            refused = error
        if refuses_writing(refused) and (store := cls._open_to_read(path, clock, progress)):
            return store
        raise not_opened(path, refused) from refused

    @classmethod
    def _open(
        cls, address: str, path: Path, clock: Callable[[], float], progress: Progress | None
    ) -> Store:
        connection = sqlite3.connect(
            address,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            cached_statements=256,
            uri=address.startswith("file:"),
        )
        try:
            connection.row_factory = sqlite3.Row
            if "immutable=1" not in address:
                for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                    connection.execute(f"PRAGMA {pragma}")
            store = cls(path, connection, clock)
            store._prepare(progress)
            connection.execute(
                "CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'search', 'row')"
            )
        except BaseException:
            connection.close()
            raise
        return store

    @classmethod
    def _open_to_read(
        cls, path: Path, clock: Callable[[], float], progress: Progress | None
    ) -> Store | None:
        """The log of a medium that takes no writing; None where it cannot be read either."""
        for copy, folder in copies(path):
            try:
                store = cls._open(str(copy), path, clock, progress)
            except sqlite3.DatabaseError:
                folder.cleanup()
                continue
            return store.only_read(folder)
        if address := as_it_stands(path):
            with suppress(sqlite3.DatabaseError):
                return cls._open(address, path, clock, progress).only_read()
        return None

    def only_read(self, borrowed: TemporaryDirectory[str] | None = None) -> Store:
        """This log takes no more writing; what it was copied to goes when it is closed."""
        self.writable, self._borrowed = False, borrowed
        self.refuse_writes()
        return self

    def fleeting(self) -> Store:
        """What is written here need not outlive the program: nothing waits for the disk."""
        self.connection.execute("PRAGMA synchronous=OFF")
        return self

    def check_writable(self) -> None:
        """Raises StoreError where the medium takes no writing."""
        if not self.writable:
            raise StoreError(
                "Der Datenträger ist voll oder schreibgeschützt, das Lagebild ist nur zu lesen:"
                " bitte Platz schaffen oder den Schreibschutz aufheben und Lage neu starten."
            )

    def close(self) -> None:
        """Close the file; everything that was said to be saved is saved already."""
        self.log.reading.rest()
        self.connection.close()
        if self._borrowed is not None:
            self._borrowed.cleanup()

    def refuse_writes(self) -> None:
        """From now on this connection reads only, whatever is asked of it."""
        self.connection.execute("PRAGMA query_only=ON")

    def data_version(self) -> int:
        """Changes whenever another process has written."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def rebuild(self, progress: Progress | None = None) -> None:
        """Fold the whole log anew, reading again what earlier versions could not read."""
        with self.log.transaction():
            self._read_again()
            self.log.projector.rebuild(progress)
            self.local.keep(PROJECTION, this_projection())

    def _prepare(self, progress: Progress | None) -> None:
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise StoreError(
                f"Das Lagebuch {self.path} stammt von einer neueren Version von Lage:"
                " bitte diese Version auch hier installieren."
            )
        if version < VERSION:
            from sqlite_utils import Database

            migrate(Database(self.connection))
            self.connection.execute(f"PRAGMA user_version = {VERSION}")
        if self.local.setting(PROJECTION) != this_projection():
            self.rebuild(progress)
        failed = failed_entities(self.connection)
        if failed and self.local.setting(PROGRAM) != lage.__version__:
            self._try_again(failed)

    def _try_again(self, failed: Sequence[int]) -> None:
        """Another version of the program may fold what an earlier one could not."""
        with self.log.transaction():
            for entity in failed:
                self.log.projector.touch(entity)
            self.log.projector.flush()
            self.local.keep(PROGRAM, lage.__version__)

    def _read_again(self) -> None:
        rows = self.connection.execute(
            "SELECT seq, author, number, bytes, kind, body, time FROM operation ORDER BY seq"
        )
        unread = [
            row
            for row in rows
            if row["kind"] not in SCHEMA.by_number
            or is_partial(row["body"])
            or not 0 <= row["time"] <= TIME_MAX  # earlier versions knew no range
        ]
        jobs = [(author, number, data) for _, author, number, data, *_ in unread]
        readings = self.log.reading.read(jobs, self.log.alliances())
        self.connection.execute("DELETE FROM unshown")
        for (seq, author, number, *_), (content, unshown) in zip(unread, readings, strict=True):
            self.connection.execute(
                "UPDATE operation SET time = ?, kind = ?, entity = ?, body = ? WHERE seq = ?",
                (*content, seq),
            )
            if unshown is not None:
                put_aside(self.connection, author, number, None, *unshown)
