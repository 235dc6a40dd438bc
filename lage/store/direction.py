# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The direction's journal: what was decided in an exercise, one row each, only ever appended to.

Several programs may write (the conducting process, its desk, commands): whoever decides says up to
which row it has read, and decides anew where somebody else was faster. Beside the rows stands the
pulse, the last moment at which the exercise was conducted: where a crash stopped its clock.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lage.language.errors import StoreError, why
from lage.store.durable import durable

DIRECTION_FILE = "leitung.db"
BUSY_S = 15.0
ROWS_MAX = 200_000

_TABLES = """
CREATE TABLE IF NOT EXISTS step (
    seq INTEGER PRIMARY KEY,
    wall_ms INTEGER NOT NULL,          -- unix ms by the clock of whoever wrote it
    kind TEXT NOT NULL,
    said TEXT NOT NULL                 -- JSON
);
CREATE TABLE IF NOT EXISTS pulse (id INTEGER PRIMARY KEY CHECK (id = 1), wall_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS desk (id INTEGER PRIMARY KEY CHECK (id = 1), closed INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One row."""

    seq: int
    wall_ms: int
    kind: str
    said: dict[str, Any]


class DirectionJournal:
    """The open journal; it stays in the thread that opened it."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Raises StoreError where there is none, or it is not readable."""
        path = folder / DIRECTION_FILE
        if not create and not path.is_file():
            raise StoreError(
                f"Im Ordner {folder} wird keine Übung geleitet: bitte mit „lage uebung leiten“"
                " eine beginnen oder den Ordner der Übung angeben."
            )
        try:
            self._db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"Das Protokoll der Leitung {path} ist nicht lesbar ({why(error)}): bitte den"
                " Ordner aus einer Sicherung nehmen oder die Übung neu beginnen."
            ) from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def since(self, seq: int) -> list[Step]:
        """All rows after that one, in order."""
        rows = self._db.execute(
            "SELECT seq, wall_ms, kind, said FROM step WHERE seq > ? ORDER BY seq LIMIT ?",
            (seq, ROWS_MAX),
        )
        return [Step(row[0], row[1], row[2], _object(row[3])) for row in rows]

    def append(self, known: int, steps: Sequence[tuple[int, str, dict[str, Any]]]) -> bool:
        """Write rows if ``known`` is still the last one; False where somebody was faster.

        Durable when it returns. Raises StoreError where the disk refuses.
        """
        with durable(self._db):
            last = self._db.execute("SELECT coalesce(max(seq), 0) FROM step").fetchone()[0]
            if last != known:
                return False
            self._db.executemany(
                "INSERT INTO step (seq, wall_ms, kind, said) VALUES (?, ?, ?, ?)",
                [
                    (known + place, wall_ms, kind, json.dumps(said, ensure_ascii=False))
                    for place, (wall_ms, kind, said) in enumerate(steps, 1)
                ],
            )
        return True

    @property
    def pulse(self) -> int | None:
        """When the exercise was last conducted, unix ms; None: never."""
        row = self._db.execute("SELECT wall_ms FROM pulse").fetchone()
        return None if row is None else int(row[0])

    def beat(self, wall_ms: int) -> None:
        """It is being conducted at this moment."""
        with durable(self._db):
            self._db.execute(
                "INSERT INTO pulse VALUES (1, ?) ON CONFLICT DO UPDATE SET"
                " wall_ms = excluded.wall_ms",
                (wall_ms,),
            )

    @property
    def closed(self) -> int:
        """How often somebody has closed a desk."""
        row = self._db.execute("SELECT closed FROM desk").fetchone()
        return 0 if row is None else int(row[0])

    def close_desk(self) -> None:
        """A desk was closed: who conducts for desks ends, whichever of them had started it."""
        with durable(self._db):
            self._db.execute(
                "INSERT INTO desk VALUES (1, 1) ON CONFLICT DO UPDATE SET closed = closed + 1"
            )


def _object(text: str) -> dict[str, Any]:
    """What a row says; damaged ones say nothing."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
