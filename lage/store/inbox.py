# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people outside hand in, until the staff has fetched it: sealed boxes and their answers.

The web process writes boxes and reads answers; the staff's node fetches boxes and writes answers.
Neither knows the other's keys: a box is sealed to the staff, an answer is encrypted under the
ticket of whoever asked (``lage.store.ticket``). What ``put`` returned is on the disk.

    box     one for each ticket: kind, running number, when it came, sealed content until fetched
    answer  the latest word to the holder of a ticket
    counter the next number of each kind
    sheet   what the node lays out for the pages: whose boxes they are, who is called for
    secret  what all processes of one portal share, to know their own forms again

SQL is written once; ``lage.store.databases`` runs it on SQLite or PostgreSQL.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from lage.language import running
from lage.language.errors import StoreError
from lage.store.databases import Database, open_database
from lage.store.tally import Tally

SEALED_MAX = 16_384
WAITING_MAX = 50_000
"""Boxes that may wait; about a disk of 800 MB. Beyond it nothing is confirmed any more."""
KEPT_S = 30 * 86_400
"""How long a fetched box's number and answer can be asked for, unless the staff says otherwise."""

TABLES = """
CREATE TABLE IF NOT EXISTS box (
    seq {serial},
    id {bytes} NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    number BIGINT NOT NULL,
    received BIGINT NOT NULL,
    sealed {bytes}
);
CREATE TABLE IF NOT EXISTS answer (
    id {bytes} PRIMARY KEY, sealed {bytes} NOT NULL, until BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS counter (kind TEXT PRIMARY KEY, number BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS sheet (name TEXT PRIMARY KEY, body {bytes} NOT NULL);
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value {bytes} NOT NULL);
"""


class InboxFull(StoreError):
    """Nobody has fetched for too long."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What is known of a box outside: that it is safe."""

    number: int  # running, of its kind
    received: int  # unix seconds
    fetched: bool
    new: bool = False  # False: it was there already, handed in twice


@dataclass(frozen=True, slots=True)
class Box:
    """A box that waits for the staff."""

    seq: int
    id: bytes
    kind: str
    number: int
    received: int
    sealed: bytes


class Inbox:
    """The place where web and node meet."""

    def __init__(self, database: Database) -> None:
        self._db = database
        database.prepare(TABLES)
        self.tally = Tally(database)

    @classmethod
    def open(cls, address: str) -> Inbox:
        """A file, or ``postgresql://…``. Raises StoreError."""
        return cls(open_database(address))

    def close(self) -> None:
        """Let go of it."""
        self._db.close()

    def begin(self, kinds: Iterable[str], number: int) -> None:
        """Count from after that number, where nothing has been counted yet."""
        with self._db.change() as run:
            for kind in kinds:
                run("INSERT INTO counter VALUES (?, ?) ON CONFLICT (kind) DO NOTHING",
                    (kind, number))  # fmt: skip

    def count_on(self, highest: Iterable[tuple[str, int]]) -> None:
        """Give none of these numbers (kind, number) again: this may be an older copy of itself."""
        with self._db.change() as run:
            for kind, number in highest:
                first = number - number % running.SERIES
                run("UPDATE counter SET number = ? WHERE kind = ? AND number >= ? AND number < ?",
                    (number, kind, first, number))  # fmt: skip

    def put(self, box_id: bytes, kind: str, sealed: bytes, now: int) -> Entered:
        """Keep a box; durable when it returns. The same ticket twice is one box.

        Raises InboxFull, StoreError.
        """
        assert len(sealed) <= SEALED_MAX
        with self._db.change() as run:
            known = run("SELECT number, received, sealed IS NULL FROM box WHERE id = ?", (box_id,))
            if known:
                return Entered(known[0][0], known[0][1], bool(known[0][2]))
            ((waiting,),) = run("SELECT COUNT(*) FROM box WHERE sealed IS NOT NULL")
            if waiting >= WAITING_MAX:
                raise InboxFull("Der Eingang ist voll: bitte sprechen Sie die Helfenden hier an.")
            ((number,),) = run(
                "INSERT INTO counter VALUES (?, 1) ON CONFLICT (kind)"
                " DO UPDATE SET number = counter.number + 1 RETURNING number",
                (kind,),
            )
            added = run(
                "INSERT INTO box (id, kind, number, received, sealed) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO NOTHING RETURNING number",
                (box_id, kind, number, now, sealed),
            )
            if added:
                return Entered(number, now, fetched=False, new=True)
            # another process was given the same ticket at the same moment
            ((number, received),) = run("SELECT number, received FROM box WHERE id = ?", (box_id,))
            return Entered(number, received, fetched=False)

    def entered(self, box_id: bytes) -> Entered | None:
        """What is known of a ticket's box."""
        with self._db.look() as run:
            rows = run("SELECT number, received, sealed IS NULL FROM box WHERE id = ?", (box_id,))
        return Entered(rows[0][0], rows[0][1], bool(rows[0][2])) if rows else None

    def waiting(self, after: int = 0, limit: int = 200) -> list[Box]:
        """Boxes that nobody has fetched, oldest first."""
        query = (
            "SELECT seq, id, kind, number, received, sealed FROM box"
            " WHERE sealed IS NOT NULL AND seq > ? ORDER BY seq LIMIT ?"
        )
        with self._db.look() as run:
            rows = run(query, (after, limit))
        return [
            Box(seq, bytes(box_id), kind, number, received, bytes(sealed))
            for seq, box_id, kind, number, received, sealed in rows
        ]

    def fetched(self, ids: Iterable[bytes]) -> None:
        """The staff has these on its own disk: their content goes, their number stays."""
        with self._db.change() as run:
            for box_id in ids:
                run("UPDATE box SET sealed = NULL WHERE id = ?", (box_id,))
        self._db.scrub()

    def answer(self, box_id: bytes, sealed: bytes, until: int) -> None:
        """The latest word to the holder of a ticket, kept until that unix second."""
        with self._db.change() as run:
            run(
                "INSERT INTO answer VALUES (?, ?, ?) ON CONFLICT (id)"
                " DO UPDATE SET sealed = excluded.sealed, until = excluded.until",
                (box_id, sealed, until),
            )

    def answered(self, box_id: bytes) -> bytes | None:
        """The latest word to the holder of a ticket, encrypted."""
        with self._db.look() as run:
            rows = run("SELECT sealed FROM answer WHERE id = ?", (box_id,))
        return bytes(rows[0][0]) if rows else None

    def unanswer(self, box_id: bytes) -> None:
        """The holder of a ticket has no answer any more."""
        with self._db.change() as run:
            run("DELETE FROM answer WHERE id = ?", (box_id,))
        self._db.scrub()

    def forget(self, box_id: bytes) -> None:
        """Everything about a ticket goes."""
        with self._db.change() as run:
            run("DELETE FROM answer WHERE id = ?", (box_id,))
            run("DELETE FROM box WHERE id = ?", (box_id,))
        self._db.scrub()

    def lay_out(self, name: str, body: bytes) -> None:
        """What the pages read under that name from now on."""
        with self._db.change() as run:
            run(
                "INSERT INTO sheet VALUES (?, ?) ON CONFLICT (name)"
                " DO UPDATE SET body = excluded.body WHERE sheet.body <> excluded.body",
                (name, body),
            )

    def laid_out(self, name: str) -> bytes | None:
        """What the node laid out under that name."""
        with self._db.look() as run:
            rows = run("SELECT body FROM sheet WHERE name = ?", (name,))
        return bytes(rows[0][0]) if rows else None

    def sweep(self, now: int) -> None:
        """What is past its time goes; a box that nobody fetched stays until somebody has."""
        with self._db.change() as run:
            run("DELETE FROM answer WHERE until <= ?", (now,))
            run(
                "DELETE FROM box WHERE sealed IS NULL AND received <= ?"
                " AND id NOT IN (SELECT id FROM answer)",
                (now - KEPT_S,),
            )
        self._db.scrub()

    def shared_secret(self, name: str) -> bytes:
        """32 bytes that all processes of this portal know, made by the first."""
        with self._db.change() as run:
            run(
                "INSERT INTO secret VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                (name, secrets.token_bytes(32)),
            )
            ((value,),) = run("SELECT value FROM secret WHERE name = ?", (name,))
        return bytes(value)

    def raise_counter(self, name: str, number: int) -> int | None:
        """Raise a counter to that number, durable when it returns; what it stands at where that is
        no less, and stays."""
        with self._db.change() as run:
            raised = run(
                "INSERT INTO counter VALUES (?, ?) ON CONFLICT (kind)"
                " DO UPDATE SET number = excluded.number"
                " WHERE counter.number < excluded.number RETURNING number",
                (name, number),
            )
            if raised:
                return None
            ((last,),) = run("SELECT number FROM counter WHERE kind = ?", (name,))
        return int(last)
