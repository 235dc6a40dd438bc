# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Letters that wait to be sent, beside the boxes of those who get them (``lage.store.arrived``)."""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.outside import ORDER
from lage.store.arrived import FAILED, STOPPED, WAITING
from lage.store.databases import Database

KEPT_S = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Notice:
    """One letter; address and text are sealed to this node."""

    id: bytes  # of what it says to whom: the same twice is one
    owner: bytes  # the box of whoever gets it, or what it is about; empty: neither
    channel: str
    sealed: bytes
    state: str
    tries: int
    due: int
    made: int
    why: str


_COLUMNS = "id, owner, channel, sealed, state, tries, due, made, why"


class Notices:
    """The letters of one folder."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, notice: Notice) -> bool:
        """Keep a letter; False where the same was put before and has not failed."""
        with self._db.change() as run:
            return bool(
                run(
                    f"INSERT INTO notice ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed,"
                    " state = excluded.state, tries = 0, due = excluded.due,"
                    " made = excluded.made, why = '' WHERE notice.state = ? RETURNING 1",
                    (
                        notice.id, notice.owner, notice.channel, notice.sealed, notice.state,
                        notice.tries, notice.due, notice.made, notice.why, FAILED,
                    ),
                )
            )  # fmt: skip

    def channels(self, now: int) -> list[str]:
        """The channels of letters whose time has come."""
        with self._db.look() as run:
            rows = run(
                "SELECT DISTINCT channel FROM notice WHERE state = ? AND due <= ? ORDER BY 1",
                (WAITING, now),
            )
        return [str(row[0]) for row in rows]

    def due(self, channel: str, now: int, limit: int) -> list[Notice]:
        """Those of a channel that wait and whose time has come, longest due first; those to helpers
        before the many that one crossing of a gauge makes."""
        return self._rows(
            "WHERE channel = ? AND state = ? AND due <= ? ORDER BY"
            " owner IN (SELECT id FROM arrived WHERE kind = ?), due, made LIMIT ?",
            (channel, WAITING, now, ORDER, limit),
        )

    def waits(self, notice: Notice) -> bool:
        """Whether one that was due is still to be sent."""
        return bool(self._rows("WHERE id = ? AND state = ?", (notice.id, WAITING)))

    def to_judge(self) -> list[Notice]:
        """Those that wait and may no longer hold: all but the many to subscribers."""
        return self._rows(
            "WHERE state = ? AND owner NOT IN (SELECT id FROM arrived WHERE kind = ?)",
            (WAITING, ORDER),
        )

    def postpone(self, channel: str, due: int) -> None:
        """A service wants nothing before ``due``."""
        with self._db.change() as run:
            run(
                "UPDATE notice SET due = ? WHERE channel = ? AND state = ? AND due < ?",
                (due, channel, WAITING, due),
            )

    def tally(self, kind: str) -> list[tuple[str, str, int, int]]:
        """(channel, state, how many, made when the oldest) of letters to those of whom there is a
        box of that kind."""
        with self._db.look() as run:
            rows = run(
                "SELECT channel, state, COUNT(*), MIN(made) FROM notice WHERE owner IN"
                " (SELECT id FROM arrived WHERE kind = ?) GROUP BY 1, 2 ORDER BY 1, 2",
                (kind,),
            )
        return [(str(row[0]), str(row[1]), int(row[2]), int(row[3])) for row in rows]

    def all(self) -> list[Notice]:
        """All that are kept, newest first."""
        return self._rows("ORDER BY made DESC, id LIMIT 5000", ())

    def tried(self, notice: Notice, state: str, due: int, why: str) -> None:
        """What came of a try; of one that was stopped meanwhile only that it was tried. Address and
        words of what is not tried again are kept no longer."""
        kept = notice.sealed if state == WAITING else b""
        with self._db.change() as run:
            run(
                "UPDATE notice SET tries = tries + 1, due = ?, why = ?, sealed = ?,"
                " state = CASE WHEN state = ? THEN ? ELSE state END WHERE id = ?",
                (due, why, kept, WAITING, state, notice.id),
            )

    def stop(self, owner: bytes) -> None:
        """Nobody writes to that one any more; what was to be written is kept no longer."""
        with self._db.change() as run:
            run(
                "UPDATE notice SET state = ?, sealed = ? WHERE owner = ? AND state = ?",
                (STOPPED, b"", owner, WAITING),
            )

    def stop_letter(self, letter: bytes) -> None:
        """One letter that waits is not sent; what it says is kept no longer."""
        with self._db.change() as run:
            run(
                "UPDATE notice SET state = ?, sealed = ? WHERE id = ? AND state = ?",
                (STOPPED, b"", letter, WAITING),
            )

    def stop_all(self, kind: str) -> None:
        """Nobody of whom there is a box of that kind is written to what waits."""
        with self._db.change() as run:
            run(
                "UPDATE notice SET state = ?, sealed = ? WHERE state = ? AND owner IN"
                " (SELECT id FROM arrived WHERE kind = ?)",
                (STOPPED, b"", WAITING, kind),
            )

    def sweep(self, now: int) -> None:
        """Letters that are done go after a month."""
        with self._db.change() as run:
            run("DELETE FROM notice WHERE state <> ? AND made <= ?", (WAITING, now - KEPT_S))

    def _rows(self, where: str, values: tuple[object, ...]) -> list[Notice]:
        with self._db.look() as run:
            return [Notice(*row) for row in run(f"SELECT {_COLUMNS} FROM notice {where}", values)]
