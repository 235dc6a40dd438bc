# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A portal's inbox, mirrored on the staff's own disk: the node knows this file only.

What waits on the portal comes here and is fetched as from any inbox; what the node writes here goes
there. ``mirrored`` has one line for each box that ever came from there, and for each ticket that
the staff drew itself and answers: those have no box. It says how much of it the portal knows:
whether that it is safe here (``confirmed``), and which answer it has (``mark``: the first bytes of
it, which are drawn by lot for each), so that only what is news is told.
"""

from __future__ import annotations

from lage.kinds.exchange import NUMBER_MAX, SAID, Ask, Reply, Waiting, digest
from lage.language.errors import StoreError
from lage.store.counterpart import SHEETS
from lage.store.databases import Run, Sqlite
from lage.store.inbox import Inbox

TABLES = """
CREATE TABLE IF NOT EXISTS mirrored (
    id {bytes} PRIMARY KEY, confirmed INTEGER NOT NULL, mark {bytes} NOT NULL
);
"""
_NONE, _FORGOTTEN = b"", b"-"
_PLACE, _QUESTION = "gegenstelle", "frage"
_MARK = 12  # bytes of an answer that no other has


class Mirror:
    """The mirror of one portal."""

    def __init__(self, database: Sqlite) -> None:
        self.inbox = Inbox(database)
        self._db = database
        database.prepare(TABLES)

    def close(self) -> None:
        """Let go of it."""
        self._db.close()

    def number(self, beyond: int = 0) -> int:
        """The number of the next question, greater than all before and than ``beyond``."""
        last = self.inbox.raise_counter(_QUESTION, beyond + 1)
        if last is None:
            return beyond + 1
        if last >= NUMBER_MAX or self.inbox.raise_counter(_QUESTION, last + 1) is not None:
            raise StoreError("Die Verbindung ist verbraucht: bitte das Portal neu verbinden.")
        return last + 1

    def follow(self) -> None:
        """A line for each ticket of the staff's own, before the portal is told of it: so that it
        will surely be told of its end."""
        with self._db.change() as run:
            run(
                "INSERT INTO mirrored SELECT id, 1, ? FROM answer"
                " WHERE id NOT IN (SELECT id FROM mirrored)",
                (_NONE,),
            )

    def due(self, reply: Reply | None) -> Ask:
        """What the portal is to be told now; ``reply``: what it said last, for what it lacks."""
        with self._db.look() as run:
            fetched = _ids(run, "SELECT id FROM mirrored WHERE confirmed = 0 LIMIT ?")
            answers = run(
                "SELECT m.id, COALESCE(a.sealed, x''), COALESCE(a.until, 0) FROM mirrored m"
                " LEFT JOIN box b ON b.id = m.id LEFT JOIN answer a ON a.id = m.id"
                " WHERE (b.id IS NOT NULL OR a.id IS NOT NULL)"
                " AND m.mark <> substr(COALESCE(a.sealed, x''), 1, ?) LIMIT ?",
                (_MARK, SAID),
            )
            forget = _ids(
                run,
                "SELECT m.id FROM mirrored m LEFT JOIN box b ON b.id = m.id"
                " LEFT JOIN answer a ON a.id = m.id"
                " WHERE b.id IS NULL AND a.id IS NULL AND m.mark <> x'2d' LIMIT ?",
            )
        sheets = {}
        for name in SHEETS if reply is not None else ():
            body = self.inbox.laid_out(name)
            if body is not None and reply is not None and reply.sheets.get(name) != digest(body):
                sheets[name] = body
        said = tuple((bytes(box), bytes(sealed), until) for box, sealed, until in answers)
        return Ask(fetched, said, forget, sheets, numbers=self.numbers())

    def numbers(self) -> dict[str, int]:
        """The highest number of each kind that was given, as far as is known here."""
        query = (
            "SELECT c.kind, MAX(c.number, COALESCE((SELECT MAX(number) FROM box"
            " WHERE kind = c.kind), 0)) FROM counter c WHERE c.kind <> ?"
        )
        with self._db.look() as run:
            return {str(kind): int(number) for kind, number in run(query, (_QUESTION,))}

    def done(self, asked: Ask, reply: Reply) -> int:
        """The portal has done what was asked; what waited there is durable here when it returns.

        How many boxes were new.
        """
        with self._db.change() as run:
            _note_place(run, reply.place)
            for box_id in asked.fetched:
                run("UPDATE mirrored SET confirmed = 1 WHERE id = ?", (box_id,))
            for box_id, sealed, _ in asked.answers:
                run("UPDATE mirrored SET mark = ? WHERE id = ?", (sealed[:_MARK], box_id))
            for box_id in asked.forget:
                run("UPDATE mirrored SET mark = ? WHERE id = ?", (_FORGOTTEN, box_id))
            return sum(_adopted(run, box) for box in reply.boxes)


def _ids(run: Run, statement: str) -> tuple[bytes, ...]:
    return tuple(bytes(box_id) for (box_id,) in run(statement, (SAID,)))


def _adopted(run: Run, box: Waiting) -> bool:
    """Whether it came for the first time. Of one that came before, the portal is told once more
    that it is safe, or that it is to be forgotten: it may have been put back from a copy."""
    if run("SELECT 1 FROM mirrored WHERE id = ?", (box.id,)):
        run(
            "UPDATE mirrored SET confirmed = 0,"
            " mark = CASE mark WHEN x'2d' THEN x'' ELSE mark END WHERE id = ?",
            (box.id,),
        )
        return False
    run("INSERT INTO mirrored VALUES (?, 0, ?)", (box.id, _NONE))
    run(
        "INSERT INTO box (id, kind, number, received, sealed) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO NOTHING",
        (box.id, box.kind, box.number, box.received, box.sealed),
    )
    return True


def _note_place(run: Run, place: bytes) -> None:
    """A portal that was set up anew has no answer of ours any more."""
    known = run("SELECT body FROM sheet WHERE name = ?", (_PLACE,))
    if known and bytes(known[0][0]) == place:
        return
    run("UPDATE mirrored SET mark = x'' WHERE mark <> x'2d'")
    run(
        "INSERT INTO sheet VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
        (_PLACE, place),
    )
