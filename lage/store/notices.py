# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Letters that wait to be sent, beside the boxes of those who get them (``lage.store.arrived``)."""

from __future__ import annotations

from dataclasses import dataclass

from lage.store.databases import Database

WAITING, SENT, STOPPED, FAILED = "wartet", "gesendet", "gestoppt", "gescheitert"
KEPT_S = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Notice:
    """One letter; address and text are sealed to this node."""

    id: bytes  # of what it says to whom: the same twice is one
    owner: bytes  # the box of whoever gets it; empty: nobody's, such as an appeal
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
        """Keep a letter; False where the same was put before."""
        with self._db.change() as run:
            return bool(
                run(
                    f"INSERT INTO notice ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (id) DO NOTHING RETURNING 1",
                    (
                        notice.id, notice.owner, notice.channel, notice.sealed, notice.state,
                        notice.tries, notice.due, notice.made, notice.why,
                    ),
                )
            )  # fmt: skip

    def due(self, now: int, limit: int) -> list[Notice]:
        """Those that wait and whose time has come, longest due first."""
        return self._rows(
            "WHERE state = ? AND due <= ? ORDER BY due, made LIMIT ?", (WAITING, now, limit)
        )

    def all(self) -> list[Notice]:
        """All that are kept, newest first."""
        return self._rows("ORDER BY made DESC, id LIMIT 5000", ())

    def tried(self, notice: Notice, state: str, due: int, why: str) -> None:
        """What came of a try; of one that was stopped meanwhile only that it was tried."""
        with self._db.change() as run:
            run(
                "UPDATE notice SET tries = tries + 1, due = ?, why = ?,"
                " state = CASE WHEN state = ? THEN ? ELSE state END WHERE id = ?",
                (due, why, WAITING, state, notice.id),
            )

    def stop(self, owner: bytes) -> None:
        """Nobody writes to that one any more."""
        with self._db.change() as run:
            run(
                "UPDATE notice SET state = ? WHERE owner = ? AND state = ?",
                (STOPPED, owner, WAITING),
            )

    def sweep(self, now: int) -> None:
        """Letters that are done go after a month."""
        with self._db.change() as run:
            run("DELETE FROM notice WHERE state <> ? AND made <= ?", (WAITING, now - KEPT_S))

    def _rows(self, where: str, values: tuple[object, ...]) -> list[Notice]:
        with self._db.look() as run:
            return [Notice(*row) for row in run(f"SELECT {_COLUMNS} FROM notice {where}", values)]
