# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The projection in SQLite: writing what the fold gives.

An entity is folded anew from all its operations whenever one arrives, so the rows depend on the
set of operations only, never on the order they came in.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import TypeAlias

from lage.kinds.model import Progress, Unshown
from lage.kinds.projection import Row, row_of, searchable
from lage.kinds.schema import SCHEMA
from lage.language.fence import Fault, Fence, Place
from lage.store.merged import MERGING, set_all_behind, set_behind
from lage.store.succession import Succession
from lage.store.tables import (
    QUARANTINED,
    drop_projection,
    field_column,
    kind_table,
    pack_id,
    projection_tables,
    to_column,
    unpack_id,
)
from lage.store.unshown import failed_entities, put_aside, take_back
from sync.codec.packed import unpack_changes
from sync.schema.causal import Stamp, Step
from sync.schema.definition import EntityId

_STEPS = (
    "SELECT entity, kind, time, author, number, body, seq FROM operation"
    f" WHERE entity IS NOT NULL AND standing < {QUARANTINED}"
)

Stored: TypeAlias = tuple[int, int, int, int, int, bytes, int]
"""Entity, kind, time, author, number, values and arrival of an operation."""

ASIDE_MAX = 16
"""So many operations on one entity are put aside one by one; if that does not help, all are."""

_OF_THE_DISK = (sqlite3.OperationalError, sqlite3.InternalError)

_OURS = "(SELECT o.value FROM setting s, json_each(s.value) o WHERE s.key = 'author')"
"""This node's number, or the list of it and of those it had before."""
_REGISTER = (
    "INSERT OR IGNORE INTO register_in (message, received) SELECT m.id, m.seq"
    f" FROM k_message m WHERE EXISTS {_OURS} AND m.author NOT IN {_OURS} AND (m.f_to IS NULL OR"
    f" EXISTS (SELECT 1 FROM addressed a WHERE a.message = m.id AND a.member IN {_OURS}))"
)
"""Eingangsnachweisung: every message to this staff gets the next number, once."""
MESSAGE = SCHEMA.by_name["message"]


class Projector:
    """Writes the rows of entities that operations touched."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.succession = Succession(connection)
        self._touched: set[int] = set()
        self._numbered: list[tuple[int, int, int]] = []
        self._merged: set[int] = set()

    def touch(self, entity: int) -> None:
        """That entity's operations have changed; ``flush`` folds it anew."""
        self._touched.add(entity)

    def number(self, author: int, first: int, last: int) -> None:
        """These operations have joined the chain: what they create gets running numbers."""
        if last >= first:
            self._numbered.append((author, first, last))

    def flush(self) -> None:
        """Write everything touched, within the caller's transaction.

        What it fails at it forgets: the caller's change is taken back, and the next one has no
        part in it.
        """
        touched, self._touched = self._touched, set()
        numbered, self._numbered = self._numbered, []
        self._merged.clear()
        follows = self.succession.follows()
        failed = set(failed_entities(self._db))
        for entity in sorted(touched):
            steps = self._db.execute(f"{_STEPS} AND entity = ? ORDER BY seq", (entity,)).fetchall()
            if entity in failed:
                take_back(self._db, entity)
            number = self._forget(entity)
            if steps:
                self._put(entity, steps, number, follows)
        if self._merged:
            set_behind(self._db, self._merged)
        for author, first, last in numbered:
            self._assign_numbers(author, first, last)
        self._db.execute(
            f"{_REGISTER} AND m.id IN (SELECT value FROM json_each(?)) ORDER BY m.seq",
            (json.dumps(list(touched)),),
        )

    def rebuild(self, progress: Progress | None = None) -> None:
        """Throw the projection away and fold the whole log, within the caller's transaction."""
        for statement in (drop_projection() + projection_tables()).split(";"):
            if statement.strip():
                self._db.execute(statement)
        for entity in failed_entities(self._db):
            take_back(self._db, entity)
        total = self._db.execute("SELECT count(*) FROM operation").fetchone()[0]
        steps = self._db.execute(f"{_STEPS} ORDER BY entity, seq")
        follows = self.succession.follows()
        for done, (entity, group) in enumerate(itertools.groupby(steps, key=itemgetter(0))):
            self._put(entity, list(group), None, follows)
            if progress and done % 2000 == 0:
                progress(min(done, total), total)
        set_all_behind(self._db)
        self._merged.clear()
        for (author,) in self._db.execute("SELECT author FROM feed").fetchall():
            self._assign_numbers(author, 1, 2**31)
        self.register_anew()
        if progress:
            progress(total, total)

    def register_anew(self) -> None:
        """Give every message to this staff that has no number the next one, as they came."""
        self._db.execute(f"{_REGISTER} ORDER BY m.seq")

    def unnumber(self, author: int, head: int) -> None:
        """What that author created beyond ``head`` stands behind a gap: no number is certain."""
        gone = "UPDATE {} SET nr = NULL WHERE author = ? AND id > ? AND nr IS NOT NULL"
        for kind in SCHEMA.kinds:
            last = pack_id(EntityId(author, head))
            self._db.execute(gone.format(kind_table(kind)), (author, last))

    def _forget(self, entity: int) -> int | None:
        """Take the entity's row out; its running number, which stays the same for ever."""
        row = self._db.execute("SELECT kind FROM search WHERE rowid = ?", (entity,)).fetchone()
        if row is None:
            return None
        self._db.execute("DELETE FROM search WHERE rowid = ?", (entity,))
        self._db.execute("DELETE FROM overruled WHERE entity = ?", (entity,))
        kind = SCHEMA.by_name[row[0]]
        table = kind_table(kind)
        if kind.name in MERGING:
            self._merged.add(entity)
        if row[0] == MESSAGE.name:
            self._db.execute(
                "DELETE FROM addressed WHERE message = ?1 AND member IN"
                " (SELECT value FROM json_each((SELECT f_to FROM k_message WHERE id = ?1)))",
                (entity,),
            )
        gone = self._db.execute(f"DELETE FROM {table} WHERE id = ? RETURNING nr", (entity,))
        return next((number for (number,) in gone.fetchall()), None)

    def _put(
        self, entity: int, rows: Sequence[Stored], number: int | None, follows: Mapping[int, int]
    ) -> None:
        """Write the row of an entity; what cannot be folded is put aside, the rest without it."""
        fault = self._tried(entity, rows, number, follows)
        if fault is None:
            return
        kept = sorted(rows, key=_stamp)
        for _ in range(ASIDE_MAX):
            low, high = 0, len(kept)  # so many of the first ones can be folded, so many cannot
            while high - low > 1:
                middle = (low + high) // 2
                if self._tried(entity, kept[:middle], None, follows, probe=True):
                    high = middle
                else:
                    low = middle
            self._put_aside(kept.pop(high - 1), fault)
            fault = self._tried(entity, kept, number, follows)
            if fault is None:
                return
        for row in kept:
            self._put_aside(row, fault)

    def _put_aside(self, row: Stored, fault: Fault) -> None:
        put_aside(self._db, row[3], row[4], row[0], Unshown.FAILED, fault.reason)

    def _tried(
        self,
        entity: int,
        rows: Sequence[Stored],
        number: int | None,
        follows: Mapping[int, int],
        *,
        probe: bool = False,
    ) -> Fault | None:
        """Fold these operations into the entity's row; what went wrong, and then nothing stands."""
        caught: list[Fault] = []
        self._db.execute("SAVEPOINT fold")
        with Fence(Place.FOLD, caught.append, passes=_OF_THE_DISK):
            row = _row(entity, rows, follows)
            if row is not None:
                self._write(row, number)
        if caught or probe:
            self._db.execute("ROLLBACK TO fold")
        self._db.execute("RELEASE fold")
        return caught[0] if caught else None

    def _write(self, row: Row, number: int | None) -> None:
        if row.kind.name in MERGING:
            self._merged.add(row.id)
        columns = {
            field_column(row.kind.by_name[name]): to_column(value)
            for name, value in row.values.items()
        }
        names = "".join(f", {name}" for name in columns)
        marks = ", ?" * len(columns)
        self._db.execute(
            f"INSERT INTO {kind_table(row.kind)}"
            f" (id, author, nr, time, changed, seq, sort_time{names})"
            f" VALUES (?, ?, ?, ?, ?, ?, ?{marks})",
            (
                row.id,
                row.id >> 32,
                number,
                row.time,
                row.changed,
                row.seq,
                row.sort_time,
                *columns.values(),
            ),
        )
        self._db.execute(
            "INSERT INTO search (rowid, text, kind) VALUES (?, ?, ?)",
            (row.id, searchable(row), row.kind.name),
        )
        for each in row.overruled:
            self._db.execute(
                "INSERT INTO overruled VALUES (?, ?, ?, ?, ?)",
                (*each.operation, each.field, row.id, pack_id(each.by)),
            )
        to = row.values.get("to")
        if row.kind is MESSAGE and isinstance(to, tuple):
            self._db.executemany(
                "INSERT OR IGNORE INTO addressed VALUES (?, ?)",
                [(row.id, member) for member in to],
            )

    def _assign_numbers(self, author: int, first: int, last: int) -> None:
        """Running numbers per staff and kind, in the order of the feed: the same everywhere."""
        following: dict[int, int] = {}
        created = self._db.execute(
            "SELECT entity, kind FROM operation WHERE author = ? AND number BETWEEN ? AND ?"
            " AND standing = 0 AND entity = (author << 32 | number) ORDER BY number",
            (author, first, last),
        ).fetchall()
        for entity, number in created:
            table = kind_table(SCHEMA.by_number[number])
            if number not in following:
                row = self._db.execute(
                    f"SELECT coalesce(max(nr), 0) FROM {table} WHERE author = ?",
                    (author,),
                ).fetchone()
                following[number] = row[0]
            changed = self._db.execute(
                f"UPDATE {table} SET nr = ? WHERE id = ? AND nr IS NULL",
                (following[number] + 1, entity),
            )
            following[number] += changed.rowcount


def _row(entity: int, rows: Sequence[Stored], follows: Mapping[int, int]) -> Row | None:
    """The entity's row; None while the operation that creates it is missing.

    That one says what kind an entity is; changes that disagree are ignored.
    """
    identity = unpack_id(entity)
    created = next((row[1] for row in rows if (row[3], row[4]) == identity), None)
    if created is None:
        return None
    kind = SCHEMA.by_number[created]
    steps, seqs = [], []
    for _, of_kind, time, author, number, body, seq in rows:
        if of_kind == created:
            creates = (author, number) == identity
            stamp = Stamp(time, author, number)
            steps.append(Step(stamp, creates, *unpack_changes(body, kind)))
            seqs.append(seq)
    return row_of(kind, entity, steps, seqs, follows)


def _stamp(row: Stored) -> tuple[bool, int, int, int]:
    """Where an operation stands among those of its entity, by its bytes alone."""
    entity, _, time, author, number, _, _ = row
    return (author, number) != unpack_id(entity), time, author, number
