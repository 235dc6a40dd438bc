# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A copy of a log that shows any of its moments, forwards and backwards.

The log remembers when each operation arrived here, and each operation says when it was written. So
three questions have an answer: what did this node hold at that moment, what had been written by
then as far as is known today, and what must another staff have held at least (``evidence``).

The whole log stands beside the part that is shown. Going to another moment takes out or puts back
only the operations between, and folds anew only the entries that they are about: a fold depends on
the set of operations, not on the way to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from lage.kinds.setting import AUTHORS
from lage.store import Store
from lage.store.comings import comings
from lage.store.evidence import Evidence, evidence
from lage.store.log import SqliteLog
from lage.store.standstill import MOMENT, Standstill
from lage.store.tables import HEAD, ISLAND, QUARANTINED, unpack_id
from sync.feed.roster import ROOT
from sync.schema.definition import EntityId


class Question(Enum):
    """What of the log is asked for."""

    HELD = "held"  # here, by then
    WRITTEN = "written"  # anywhere, by then, as is known today
    PROVED = "proved"  # what the member whose reel it is must have held by then


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of the log is shown."""

    question: Question
    moment: int  # log time


@dataclass(frozen=True, slots=True)
class Moved:
    """What lies between two cuts."""

    shown: int  # operations that are shown now
    hidden: int  # operations that are not
    entities: frozenset[EntityId]  # what the operations between them are about


_TABLES = (
    "CREATE TABLE whole AS SELECT * FROM operation",
    "CREATE UNIQUE INDEX whole_seq ON whole (seq)",
    "CREATE TABLE whole_unshown AS SELECT * FROM unshown WHERE entity IS NULL",
    "CREATE TABLE whole_register AS SELECT * FROM register_in",
    "CREATE TABLE whole_branch AS SELECT * FROM branch",
    (
        "CREATE TABLE frame (seq INTEGER PRIMARY KEY, author INTEGER NOT NULL,"
        " number INTEGER NOT NULL, arrived INTEGER NOT NULL, written INTEGER NOT NULL,"
        " doubtful INTEGER NOT NULL, shown INTEGER NOT NULL) STRICT"
    ),
    "CREATE TABLE proof (author INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT",
)
_OURS_ALONE = ("peer", "peer_has", "draft", "statement")
"""What the node knew lately, of which nobody can say what it was then."""

_LATER = {
    Question.HELD: "f.arrived > :moment",
    Question.WRITTEN: "f.author NOT IN rosters AND f.written > :moment",
    Question.PROVED: "f.author NOT IN rosters AND f.number >"
    " coalesce((SELECT last FROM proof p WHERE p.author = f.author), 0)",
}


class Reel:
    """A store on a copy, which is the reel's own; it stays in the thread that made it."""

    def __init__(self, store: Store, settled: Callable[[SqliteLog], None]) -> None:
        """``settled`` makes a log what its feed 0 decides."""
        self._store, self._db = store, store.connection
        self._settled = settled
        self._rosters = {ROOT, *(block.first for block in store.log.alliances())}
        self._forked = bool(self._count("fork") or self._count("branch"))
        self._evidence = Evidence((), ())
        self._member: int | None = None  # whose view it is, where that is not this node

    def wind(self, members: Sequence[int] = (), me: int | None = None) -> None:
        """Make the copy ready; ``members``: another staff and whom it goes on from, whose view
        it is to be, under the number ``me``."""
        came = comings(self._db)
        self._member = me
        self._db.execute("PRAGMA synchronous=OFF")  # a copy that is made anew if need be
        with self._store.log.transaction():
            for statement in _TABLES:
                self._db.execute(statement)
            self._db.executemany(
                "INSERT INTO frame VALUES (?, ?, ?, ?, ?, ?, 1)",
                [(c.seq, *c.id, c.arrived, c.written, c.doubtful) for c in came],
            )
            if members:
                written = {each.id: each.written for each in came}
                self._evidence = evidence(self._db, members, written)
                self._store.local.keep(AUTHORS, tuple(members))
            for table in _OURS_ALONE:
                self._db.execute(f"DELETE FROM {table}")
            self._db.execute("DELETE FROM setting WHERE key IN ('radio', 'ways')")

    def span(self) -> tuple[int, int]:
        """First and last moment at which something came or was written."""
        row = self._db.execute("SELECT min(written), max(arrived, max(written)) FROM frame")
        first, last = row.fetchone()
        return first or 0, last or 0

    def next_from(self, cut: Cut, *, back: bool = False) -> int | None:
        """The nearest moment at which that cut would show something else; None: there is none."""
        column = "arrived" if cut.question is Question.HELD else "written"
        least, sign, moment = ("max", "<", cut.moment) if back else ("min", ">", cut.moment)
        row = self._db.execute(
            f"SELECT {least}({column}) FROM frame WHERE {column} {sign} ?", (moment,)
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def doubtful(self) -> dict[int, int]:
        """Author -> how many of its shown operations were written or taken in under a wrong
        clock."""
        rows = self._db.execute(
            "SELECT author, count(*) FROM frame f WHERE shown AND doubtful"
            f" AND author NOT IN ({_listed(self._rosters)}) GROUP BY author"
        )
        return dict(rows.fetchall())

    def doubtful_entities(self) -> set[EntityId]:
        """Entries whose creation stands at a moment that a wrong clock says."""
        rows = self._db.execute("SELECT author, number FROM frame WHERE doubtful")
        return {EntityId(*row) for row in rows}

    def show(self, cut: Cut, view: str) -> Moved:
        """Show that part of the log; ``view`` says in words which it is."""
        with self._store.log.transaction():
            self._ask(cut)
            later = _LATER[cut.question].replace("rosters", f"({_listed(self._rosters)})")
            seqs = {
                name: [row[0] for row in self._db.execute(sql, {"moment": cut.moment})]
                for name, sql in (
                    ("out", f"SELECT f.seq FROM frame f WHERE shown AND ({later})"),
                    ("back", f"SELECT f.seq FROM frame f WHERE NOT shown AND NOT ({later})"),
                )
            }
            entities = self._move(seqs["out"], seqs["back"])
            self._store.local.keep(MOMENT, Standstill(cut.moment, view))
            shown = self._count("operation")
            return Moved(shown, self._count("whole") - shown, frozenset(map(unpack_id, entities)))

    def cut_off(self) -> None:
        """Forget all that is not shown: from now on it is the log of that moment."""
        with self._store.log.transaction():
            for table in (
                "whole",
                "whole_unshown",
                "whole_register",
                "whole_branch",
                "frame",
                "proof",
            ):
                self._db.execute(f"DROP TABLE {table}")
            for table in ("signature", "fork"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE NOT EXISTS (SELECT 1 FROM operation o WHERE"
                    f" o.author = {table}.author AND o.number = {table}.number)"
                )
        self._db.execute("VACUUM")

    def _count(self, table: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _ask(self, cut: Cut) -> None:
        if cut.question is Question.PROVED:
            self._db.execute("DELETE FROM proof")
            until = self._evidence.until(cut.moment)
            self._db.executemany("INSERT INTO proof VALUES (?, ?)", until.items())

    def _move(self, out: list[int], back: list[int]) -> set[int]:
        """Take these out and put those back; the entries that they are about."""
        if not out and not back:
            return set()
        moved = self._db.execute(
            "SELECT author, number, entity FROM whole"
            " WHERE seq IN (SELECT value FROM json_each(?))",
            (json.dumps(out + back),),
        ).fetchall()
        for seqs, deed, shown in (
            (out, "DELETE FROM operation", 0),
            (back, "INSERT INTO operation SELECT * FROM whole", 1),
        ):
            chosen = "WHERE seq IN (SELECT value FROM json_each(?))"
            self._db.execute(f"{deed} {chosen}", (json.dumps(seqs),))
            self._db.execute(f"UPDATE frame SET shown = {shown} {chosen}", (json.dumps(seqs),))
        self._db.execute(
            "DELETE FROM unshown WHERE NOT EXISTS (SELECT 1 FROM operation o WHERE"
            " (o.author, o.number) = (unshown.author, unshown.number))"
        )
        self._db.execute(
            "INSERT OR IGNORE INTO unshown SELECT u.* FROM whole_unshown u JOIN operation"
            " USING (author, number)"
        )
        entities = {row[2] for row in moved if row[2] is not None}
        authors = {row[0] for row in moved}
        if self._forked or authors & self._rosters:
            self._anew()
        else:
            for author in sorted(authors):
                self._advance(author)
            for entity in entities:
                self._store.log.projector.touch(entity)
            self._store.log.projector.flush()
        self._register()
        return entities

    def _anew(self) -> None:
        """Who belongs, or which branch counts, may be another: judge and fold everything anew."""
        self._db.execute("DELETE FROM branch")
        self._db.execute("INSERT INTO branch SELECT * FROM whole_branch")
        self._db.execute("UPDATE feed SET valid_to = NULL")
        for (author,) in self._db.execute("SELECT author FROM feed").fetchall():
            self._advance(author)
        self._store.log.projector.rebuild()
        self._settled(self._store.log)

    def _advance(self, author: int) -> None:
        """The head of a feed as far as nothing is missing; what lies beyond is as behind a gap."""
        before, valid_to = self._db.execute(
            "SELECT head, valid_to FROM feed WHERE author = ?", (author,)
        ).fetchone()
        head = 0
        for (number,) in self._db.execute(
            "SELECT number FROM operation WHERE author = ? ORDER BY number", (author,)
        ):
            if number != head + 1:
                break
            head = number
        self._db.execute("UPDATE feed SET head = ? WHERE author = ?", (head, author))
        self._db.execute(
            "UPDATE operation SET standing = CASE WHEN number > ? THEN ? WHEN number <= ? THEN ?"
            " ELSE ? END WHERE author = ?",
            (2**31 if valid_to is None else valid_to, QUARANTINED, head, HEAD, ISLAND, author),
        )
        if head > before:
            self._store.log.projector.number(author, before + 1, head)
        else:
            self._store.log.projector.unnumber(author, head)

    def _register(self) -> None:
        """The Eingangsnachweisung: the numbers that messages were given; of another staff, which
        gave others, those that it would have given."""
        self._db.execute("DELETE FROM register_in")
        if self._member is None:
            self._db.execute(
                "INSERT INTO register_in SELECT r.* FROM whole_register r"
                " JOIN k_message m ON m.id = r.message"
            )
        else:
            self._store.log.projector.register_anew()


def _listed(values: set[int]) -> str:
    return ", ".join(map(str, sorted(values)))
