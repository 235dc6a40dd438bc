# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log in SQLite: ``sync.feed.log.Log`` for the engine, and appending one's own operations.

Every change is one ``BEGIN IMMEDIATE`` with FULL sync, together with the rows of the projection
that it touches: what a caller was told is saved, is saved, and the picture never lags the log.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

import msgpack

from lage.kinds.model import Draft, Signer
from lage.kinds.schema import SCHEMA
from lage.language.epoch import to_unix
from lage.store.basis import basis_of
from lage.store.durable import durable
from lage.store.projector import Projector
from lage.store.reading import Reading, content_of
from lage.store.shared_reading import SharedReading
from lage.store.tables import HEAD, ISLAND, QUARANTINED
from lage.store.unshown import put_aside
from sync.codec import versions as codec
from sync.feed.chain import next_chain
from sync.feed.clock import AHEAD_MAX_S, Clock
from sync.feed.log import ForkProof, SignaturePoint, VerifiedRun
from sync.feed.records import Alliance
from sync.feed.roster import ROOT, allied_blocks, succession
from sync.schema.definition import EntityId
from sync.schema.op import Operation
from sync.schema.urgency import Urgency


class _Coded(NamedTuple):
    """One operation of our own on its way into the log."""

    number: int
    draft: Draft
    operation: Operation
    data: bytes
    entity: EntityId


class SqliteLog:
    """All feeds that this node holds."""

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], float]) -> None:
        self._db = connection
        self._clock = clock  # unix seconds
        self.told_time: Callable[[], bool] = lambda: False
        """Whether somebody else sets that clock, as the direction of an exercise does: what arrives
        before that word does was written by then all the same, and nobody's clock is wrong."""
        self.projector = Projector(connection)
        self.reading = SharedReading()
        self._alliances: tuple[int, tuple[Alliance, ...]] = (0, ())  # as of that head of feed 0

    def transaction(self) -> AbstractContextManager[None]:
        """One durable change; a full disk or a locked file becomes a StoreError."""
        return durable(self._db)

    # --- reading -------------------------------------------------------------------------------

    def authors(self) -> Iterable[int]:
        """Every author with at least one stored operation."""
        return [row[0] for row in self._db.execute("SELECT author FROM feed ORDER BY author")]

    def head(self, author: int) -> int:
        """Last number with nothing missing before it."""
        row = self._db.execute("SELECT head FROM feed WHERE author = ?", (author,)).fetchone()
        return row[0] if row else 0

    def chain(self, author: int, number: int) -> bytes | None:
        """Chain value after that operation."""
        row = self._db.execute(
            "SELECT chain FROM operation WHERE author = ? AND number = ?", (author, number)
        ).fetchone()
        return row[0] if row else None

    def operations(self, author: int, first: int, last: int) -> list[bytes]:
        """Stored operations from ``first`` on, up to ``last`` or the first one missing."""
        found: list[bytes] = []
        for number, data in self._db.execute(
            "SELECT number, bytes FROM operation WHERE author = ? AND number BETWEEN ? AND ?"
            " ORDER BY number",
            (author, first, last),
        ):
            if number != first + len(found):
                break
            found.append(data)
        return found

    def signatures(self, author: int, first: int, last: int) -> list[SignaturePoint]:
        """Signatures at numbers first..last, ascending."""
        return [
            SignaturePoint(number, signature)
            for number, signature in self._db.execute(
                "SELECT number, signature FROM signature"
                " WHERE author = ? AND number BETWEEN ? AND ? ORDER BY number",
                (author, first, last),
            )
        ]

    def islands(self, author: int) -> list[tuple[int, int]]:
        """(first, last) of what is held beyond the head."""
        spans: list[tuple[int, int]] = []
        for (number,) in self._db.execute(
            "SELECT number FROM operation WHERE author = ? AND number > ? ORDER BY number",
            (author, self.head(author)),
        ):
            if spans and spans[-1][1] == number - 1:
                spans[-1] = (spans[-1][0], number)
            else:
                spans.append((number, number))
        return spans

    def urgencies(self, author: int, first: int, last: int) -> list[tuple[int, int, Urgency]]:
        """(first, last, urgency) of consecutive operations written with the same urgency."""
        spans: list[tuple[int, int, Urgency]] = []
        for number, urgency in self._db.execute(
            "SELECT number, urgency FROM operation WHERE author = ? AND number BETWEEN ? AND ?"
            " ORDER BY number",
            (author, first, last),
        ):
            if spans and spans[-1][1] == number - 1 and spans[-1][2] == urgency:
                spans[-1] = (spans[-1][0], number, Urgency(urgency))
            else:
                spans.append((number, number, Urgency(urgency)))
        return spans

    def forks(self) -> list[ForkProof]:
        """All proofs kept."""
        proofs = []
        for row in self._db.execute("SELECT * FROM fork ORDER BY author, number"):
            sides = msgpack.unpackb(row[6], use_list=False)
            proofs.append(ForkProof(*row[:6], *sides))
        return proofs

    def branches(self, author: int, number: int) -> list[tuple[bytes, bytes]]:
        """(chain after it, operation) of all that is kept aside at that number."""
        rows = self._db.execute(
            "SELECT chain, bytes FROM branch WHERE author = ? AND number = ?", (author, number)
        )
        return [(chain, data) for chain, data in rows]

    def last_times(self, author: int, now: int) -> tuple[int, int]:
        """Last time stamp of that author (0 for none), highest of all others (-1 for none) that
        can be believed now."""
        own = self._db.execute(
            "SELECT time FROM operation WHERE author = ? AND time IS NOT NULL"
            " ORDER BY number DESC LIMIT 1",
            (author,),
        ).fetchone()
        others = self._db.execute(
            "SELECT time FROM operation WHERE author <> ? AND time <= ? ORDER BY time DESC LIMIT 1",
            (author, now + AHEAD_MAX_S),
        ).fetchone()
        return (own[0] if own else 0), (others[0] if others else -1)

    def alliances(self) -> tuple[Alliance, ...]:
        """Counties whose feeds are followed, as feed 0 says."""
        head = self.head(ROOT)
        if head != self._alliances[0]:
            self._alliances = head, allied_blocks(self.operations(ROOT, 1, head))
        return self._alliances[1]

    # --- writing -------------------------------------------------------------------------------

    def store(self, runs: Sequence[VerifiedRun]) -> None:
        """Add verified runs of any authors, durable on return."""
        jobs = [
            (run.author, number, data)
            for run in runs
            for number, data in enumerate(run.operations, run.first)
        ]
        readings = iter(self.reading.read(jobs, self.alliances()))  # before anybody has to wait
        with self.transaction():
            before = self.projector.succession.follows()
            for run in runs:
                for offset, data in enumerate(run.operations):
                    number, chain = run.first + offset, run.chains[offset]
                    reading = next(readings)
                    self._insert(run.author, number, data, chain, Urgency.ROUTINE, reading)
                self._db.execute(
                    "INSERT OR IGNORE INTO signature VALUES (?, ?, ?)",
                    (run.author, run.last, run.signature),
                )
            for author in {run.author for run in runs}:
                self._advance(author)
            self._judge_anew(before)
            self.projector.flush()

    def append(
        self, drafts: Iterable[Draft], signer: Signer, now: Callable[[], int]
    ) -> list[EntityId]:
        """Write drafts to this node's own feed; the ids of the entities they are about.

        ``now`` is this node's clock. Raises OperationError for a draft that cannot be coded: then
        nothing was written.
        """
        author = signer.author
        coded = self._code(drafts, author, now())  # before anybody has to wait for us
        with self.transaction():
            head = self.head(author)
            if coded and coded[0].number != head + 1:  # another process wrote meanwhile
                coded = self._code([each.draft for each in coded], author, now())
            chain = self.chain(author, head) if head else signer.origin
            assert chain is not None
            for number, draft, operation, data, _ in coded:
                chain = next_chain(chain, data)
                reading = Reading(content_of(author, number, operation))
                self._insert(author, number, data, chain, draft.urgency, reading)
                self._db.execute(
                    "INSERT INTO signature VALUES (?, ?, ?)",
                    (author, number, signer.sign(number, chain)),
                )
            self._advance(author)
            self.projector.flush()
        return [each.entity for each in coded]

    def _code(self, drafts: Iterable[Draft], author: int, now: int) -> list[_Coded]:
        """The next operations of that author; what was coded is read again before it is used."""
        head = self.head(author)
        time = Clock(*self.last_times(author, now)).stamp(now)
        coded: list[_Coded] = []
        for number, draft in enumerate(drafts, head + 1):
            about = draft.entity
            entity = coded[about].entity if isinstance(about, int) else about
            basis = basis_of(self._db, draft, author)
            operation = Operation(time, draft.kind, draft.changes, entity, basis=basis)
            data = codec.encode(operation, SCHEMA, author, number)
            operation = codec.read_back(data, operation, SCHEMA, author, number)
            created = EntityId(author, number)
            coded.append(_Coded(number, draft, operation, data, entity or created))
        return coded

    def store_fork(self, proof: ForkProof, branch: VerifiedRun | None) -> None:
        """Keep the proof, and the branch that is not the one in the log."""
        sides = msgpack.packb([proof.operations_a, proof.operations_b])
        with self.transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO fork VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    proof.author,
                    proof.number,
                    proof.chain_a,
                    proof.signature_a,
                    proof.chain_b,
                    proof.signature_b,
                    sides,
                ),
            )
            for offset, data in enumerate(branch.operations if branch else ()):
                assert branch is not None
                number = branch.first + offset
                signature = branch.signature if number == branch.last else None
                self._keep_branch(branch.author, number, branch.chains[offset], data, signature)

    def quarantine(self, author: int, after: int | None) -> None:
        """Take operations above ``after`` as not valid, later arrivals too; None lifts it."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO feed VALUES (?, 0, ?) ON CONFLICT DO UPDATE SET"
                " valid_to = excluded.valid_to",
                (author, after),
            )
            limit = 2**31 if after is None else after
            self._db.execute(
                "UPDATE operation SET standing = CASE WHEN number > ? THEN ? WHEN number <="
                " (SELECT head FROM feed WHERE author = ?) THEN ? ELSE ? END WHERE author = ?",
                (limit, QUARANTINED, author, HEAD, ISLAND, author),
            )
            self._touch(author, 0)
            self.projector.number(author, 1, self.head(author))
            self.projector.flush()

    def valid_to(self, author: int) -> int | None:
        """The mark that ``quarantine`` set; None without one."""
        row = self._db.execute("SELECT valid_to FROM feed WHERE author = ?", (author,)).fetchone()
        return row[0] if row else None

    def set_aside(self, author: int, after: int) -> None:
        """Move operations and signatures above ``after`` out of the feed to the kept branches."""
        with self.transaction():
            before = self.projector.succession.follows()
            self._touch(author, after)
            for number, chain, data, signature in self._db.execute(
                "SELECT o.number, o.chain, o.bytes, s.signature FROM operation o LEFT JOIN"
                " signature s USING (author, number) WHERE author = ? AND number > ?",
                (author, after),
            ).fetchall():
                self._keep_branch(author, number, chain, data, signature)
            for table in ("operation", "signature", "unshown"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE author = ? AND number > ?", (author, after)
                )
            self._db.execute(
                "UPDATE feed SET head = min(head, ?) WHERE author = ?", (after, author)
            )
            self._judge_anew(before)
            self.projector.flush()

    def _keep_branch(
        self, author: int, number: int, chain: bytes, data: bytes, signature: bytes | None
    ) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO branch VALUES (?, ?, ?, ?, ?, ?)",
            (author, number, chain, data, signature, int(self._clock())),
        )

    def _judge_anew(self, before: Mapping[int, int]) -> None:
        """Where the county says otherwise than before who succeeds whom, rights differ as well."""
        now = self.projector.succession.follows()
        if now != before:
            for author in self.authors():
                if succession(author, now) != succession(author, before):
                    self._touch(author, 0)

    def _touch(self, author: int, after: int) -> None:
        """Fold anew every entity that this author's operations above ``after`` are about."""
        for (entity,) in self._db.execute(
            "SELECT DISTINCT entity FROM operation"
            " WHERE author = ? AND number > ? AND entity IS NOT NULL",
            (author, after),
        ).fetchall():
            self.projector.touch(entity)

    def _insert(
        self,
        author: int,
        number: int,
        data: bytes,
        chain: bytes,
        urgency: Urgency,
        reading: Reading,
    ) -> None:
        time, kind, entity, body = reading.content
        received = int(self._clock())
        if time is not None and self.told_time():
            received = max(received, to_unix(time))
        valid_to = self.valid_to(author)
        standing = QUARANTINED if valid_to is not None and number > valid_to else ISLAND
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO operation (author, number, bytes, chain, standing, received,"
            " urgency, time, kind, entity, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                author,
                number,
                data,
                chain,
                standing,
                received,
                urgency,
                time,
                kind,
                entity,
                body,
            ),
        )
        if cursor.rowcount and reading.unshown is not None:
            put_aside(self._db, author, number, None, *reading.unshown)
        if cursor.rowcount and entity is not None:
            self.projector.touch(entity)

    def _advance(self, author: int) -> None:
        head = before = self.head(author)
        for (number,) in self._db.execute(
            "SELECT number FROM operation WHERE author = ? AND number > ? ORDER BY number",
            (author, before),
        ):
            if number != head + 1:
                break
            head = number
        self._db.execute(
            "INSERT INTO feed VALUES (?, ?, NULL) ON CONFLICT DO UPDATE SET head = excluded.head",
            (author, head),
        )
        self._db.execute(
            "UPDATE operation SET standing = ? WHERE author = ? AND number BETWEEN ? AND ?"
            " AND standing = ?",
            (HEAD, author, before + 1, head, ISLAND),
        )
        self.projector.number(author, before + 1, head)
