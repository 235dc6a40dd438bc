# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came from outside, at the staff: boxes as they were fetched, and what became of each.

The boxes stay sealed on this disk as well; whoever looks opens them with the node's key. Beside
them stands only what everybody may know: kind, number, times, which entry was made of it. The
folder has one such file, ``aussen.db``; it is this node's own affair and never replicated.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lage.kinds.outside import CALL, NOTHING_WAITS, Waiting
from lage.language import running
from lage.language.epoch import from_unix
from lage.store.databases import Run, Sqlite
from lage.store.inbox import Box
from lage.store.tables import pack_id, unpack_id
from sync.schema.definition import EntityId

FILE = "aussen.db"
TABLES = """
CREATE TABLE IF NOT EXISTS arrived (
    id {bytes} PRIMARY KEY,            -- of the ticket
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    received INTEGER NOT NULL,
    sealed {bytes} NOT NULL,
    state TEXT NOT NULL,
    entity INTEGER,
    steps TEXT NOT NULL,
    until INTEGER,
    told TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS arrived_state ON arrived (kind, state, received);
CREATE INDEX IF NOT EXISTS arrived_entity ON arrived (entity) WHERE entity IS NOT NULL;
CREATE TABLE IF NOT EXISTS notice (
    id {bytes} PRIMARY KEY,            -- of what it says to whom: the same twice is one
    owner {bytes} NOT NULL,            -- the box of whoever gets it
    channel TEXT NOT NULL,
    sealed {bytes} NOT NULL,           -- address and text, to this node itself
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    due INTEGER NOT NULL,
    made INTEGER NOT NULL,
    why TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS notice_due ON notice (state, due);
CREATE INDEX IF NOT EXISTS notice_owner ON notice (owner);
"""
WAITING, SENT, STOPPED, FAILED = "wartet", "gesendet", "gestoppt", "gescheitert"
"""States of a letter."""
FAILED_MIN = 3
"""Letters in a row that a service refuses for good, from which on it is not their addresses."""
UNSENT = """
SELECT channel, SUM(state = ?), SUM(state = ?), MIN(made), MAX(why) FROM notice AS letter
WHERE ((state = ? AND tries >= 3) OR state = ?)
AND made > COALESCE(
    (SELECT MAX(made) FROM notice WHERE channel = letter.channel AND state = ?), 0)
GROUP BY channel ORDER BY channel
"""
"""Letters that a channel has not taken, of those written after the last that it took."""
NEW, ORDERED, TAKEN, PUT_ASIDE = "neu", "bestellt", "angenommen", "abgelegt"
"""``ORDERED``: a subscription that its address has not confirmed."""
CLOSED = "verschlossen"
"""The state of a box that this staff cannot open."""
BEGUN = "begonnen"
"""Step: the feed and its number after which an entry may have been made of a box that is NEW."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One box at the staff."""

    id: bytes
    source: str  # the inbox that it came from
    kind: str
    number: int
    received: int  # unix seconds, by the web process
    sealed: bytes
    state: str = NEW
    entity: EntityId | None = None  # what was made of it
    steps: Mapping[str, Any] = field(default_factory=dict)  # step -> unix seconds, or a word
    until: int | None = None  # unix second of its deletion
    told: str = ""  # the last word that the holder of the ticket was given

    @property
    def nr(self) -> str:
        """Its number as the receipt says it."""
        return running.shown(self.number)


_COLUMNS = "id, source, kind, number, received, sealed, state, entity, steps, until, told"
_SELECT = f"SELECT {_COLUMNS} FROM arrived"


class ArrivedBoxes:
    """The boxes of one folder."""

    def __init__(self, folder: Path) -> None:
        self.database = Sqlite(folder / FILE)
        self.database.prepare(TABLES)

    def close(self) -> None:
        """Let go."""
        self.database.close()

    def keep(self, boxes: list[Box], source: str, until: int) -> int:
        """Keep what was fetched until that unix second, durable when it returns; how many new."""
        with self.database.change() as run:
            return sum(
                len(
                    run(
                        "INSERT INTO arrived VALUES (?, ?, ?, ?, ?, ?, ?, NULL, '{}', ?, '')"
                        " ON CONFLICT (id) DO NOTHING RETURNING 1",
                        (
                            box.id,
                            source,
                            box.kind,
                            box.number,
                            box.received,
                            box.sealed,
                            NEW,
                            until,
                        ),
                    )
                )
                for box in boxes
            )

    def get(self, box_id: bytes) -> Arrived | None:
        """One box."""
        return next(iter(self._rows("WHERE id = ?", (box_id,))), None)

    def of_entity(self, entity: EntityId) -> list[Arrived]:
        """What an entry was made of."""
        return self._rows("WHERE entity = ?", (pack_id(entity),))

    def numbered(self, kind: str, number: int) -> list[Arrived]:
        """Boxes of a kind with that running number, of whichever inbox."""
        return self._rows("WHERE kind = ? AND number = ? ORDER BY received", (kind, number))

    def select(self, kind: str, states: tuple[str, ...], limit: int = 5000) -> list[Arrived]:
        """Boxes of a kind that stand so, oldest first."""
        marks = ", ".join("?" * len(states))
        return self._rows(
            f"WHERE kind = ? AND state IN ({marks}) ORDER BY received, number LIMIT ?",
            (kind, *states, limit),
        )

    def untold(self, kind: str, source: str) -> list[Arrived]:
        """Boxes of a kind and an inbox whose holders are to be told something."""
        return self._rows(
            "WHERE kind = ? AND told = '' AND source = ? AND state IN (?, ?) ORDER BY received",
            (kind, source, ORDERED, TAKEN),
        )

    def watched(self, kind: str, step: str, news: str) -> list[tuple[str, int, bool]]:
        """What confirmed boxes of a kind name in ``step``, how many, and whether some lack the step
        ``news``; quick where there are thousands."""
        query = (
            "SELECT json_extract(steps, '$.' || ?), COUNT(*),"
            " MAX(json_extract(steps, '$.' || ?) IS NULL)"
            " FROM arrived WHERE kind = ? AND state = ? GROUP BY 1 ORDER BY 1"
        )
        with self.database.look() as run:
            rows = run(query, (step, news, kind, TAKEN))
        return [(str(value), int(count), bool(lacks)) for value, count, lacks in rows]

    def watching(self, kind: str, step: str, value: str) -> list[Arrived]:
        """Confirmed boxes of a kind that name that value in ``step``, oldest first."""
        return self._rows(
            "WHERE kind = ? AND state = ? AND json_extract(steps, '$.' || ?) = ?"
            " ORDER BY received, number",
            (kind, TAKEN, step, value),
        )

    def succeed(self, old: Arrived, trace: Arrived, by: Arrived) -> bool:
        """Another box takes the place of one that is as it was read, and of that one only the trace
        stays. Durable when it returns."""
        with self.database.change() as run:
            rows = run(f"{_SELECT} WHERE id = ?", (old.id,))
            if not rows or _arrived(rows[0]) != old:
                return False
            _update(run, trace)
            run(
                "INSERT INTO arrived VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)",
                (
                    *(by.id, by.source, by.kind, by.number, by.received, by.sealed, by.state),
                    *(json.dumps(dict(by.steps), ensure_ascii=False), by.until, by.told),
                ),
            )
        self.database.scrub()
        return True

    def exchange(self, old: Arrived, new: Arrived) -> bool:
        """What became of a box, where it still is as it was read: somebody may have decided about
        it meanwhile. Durable when it returns."""
        with self.database.change() as run:
            rows = run(f"{_SELECT} WHERE id = ?", (old.id,))
            if not rows or _arrived(rows[0]) != old:
                return False
            _update(run, new)
            return True

    def begin(self, box: Arrived, feed: tuple[int, int]) -> None:
        """Note on a box that is NEW that an entry may be made of it after ``feed`` (author,
        number), where nothing is noted yet; durable when it returns."""
        with self.database.change() as run:
            now = _waiting(run, box.id)
            if now is not None and BEGUN not in now.steps:
                _update(run, stepped(now, BEGUN, list(feed)))

    def decide(self, box: Arrived, decided: Callable[[Arrived], Arrived]) -> bool:
        """Decide about a box that nobody has decided yet; False where somebody was faster.

        ``decided`` gets the box as it is, writes whatever is written and gives the box as it is
        then. Where it raises, or the computer dies, the box waits as before.
        """
        with self.database.change() as run:
            now = _waiting(run, box.id)
            if now is None:
                return False
            _update(run, decided(now))
            return True

    def drop(self, box_id: bytes) -> None:
        """Everything about it goes, its messages too."""
        with self.database.change() as run:
            run("DELETE FROM notice WHERE owner = ?", (box_id,))
            run("DELETE FROM arrived WHERE id = ?", (box_id,))
        self.database.scrub()

    def rename(self, source: str, name: str) -> None:
        """The inbox ``source`` is called otherwise from now on."""
        with self.database.change() as run:
            run("UPDATE arrived SET source = ? WHERE source = ?", (name, source))

    def past(self, now: int) -> list[Arrived]:
        """Boxes whose day of deletion has come."""
        return self._rows("WHERE until <= ?", (now,))

    def highest(self, source: str = "") -> list[tuple[str, int]]:
        """(kind, number): the highest of each kind and series, of all inboxes or one."""
        query = (
            "SELECT kind, MAX(number) FROM arrived WHERE ? IN ('', source)"
            " GROUP BY kind, number / ?"
        )
        with self.database.look() as run:
            return [(kind, number) for kind, number in run(query, (source, running.SERIES))]

    def _rows(self, where: str, values: tuple[Any, ...]) -> list[Arrived]:
        with self.database.look() as run:
            return [_arrived(row) for row in run(f"{_SELECT} {where}", values)]


def waiting_in(folder: Path) -> Waiting:
    """What waits there for a person.

    Quick and harmless: nothing is made or changed, and in a file that cannot be read nothing waits.
    """
    path = folder / FILE
    if not path.exists():
        return NOTHING_WAITS
    query = "SELECT COUNT(*), MIN(received) FROM arrived WHERE state = ?"
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)
        try:
            calls, since = db.execute(f"{query} AND kind = ?", (NEW, CALL)).fetchone()
            closed, closed_since = db.execute(query, (CLOSED,)).fetchone()
            rows = db.execute("SELECT DISTINCT source FROM arrived WHERE state = ?", (CLOSED,))
            sources = tuple(sorted(row[0] for row in rows))
            unsent = db.execute(UNSENT, (WAITING, FAILED, WAITING, FAILED, SENT)).fetchall()
        finally:
            db.close()
    except sqlite3.Error:
        return NOTHING_WAITS
    letters = tuple((channel, waits + failed, why) for channel, waits, failed, _, why in unsent
                    if waits or failed >= FAILED_MIN)  # fmt: skip
    oldest = min((row[3] for row in unsent), default=None) if letters else None
    return Waiting(
        calls, closed, sources, _log_time(since), _log_time(closed_since), letters,
        _log_time(oldest),
    )  # fmt: skip


def _log_time(unix: int | None) -> int | None:
    return None if unix is None else from_unix(unix)


def _waiting(run: Run, box_id: bytes) -> Arrived | None:
    rows = run(f"{_SELECT} WHERE id = ? AND state = ?", (box_id, NEW))
    return _arrived(rows[0]) if rows else None


def _arrived(row: tuple[Any, ...]) -> Arrived:
    entity = None if row[7] is None else unpack_id(row[7])
    box_id, source, kind, number, received, sealed, state, _, steps, until, told = row
    return Arrived(
        *(box_id, source, kind, number, received, sealed, state),
        *(entity, json.loads(steps), until, told),
    )


def _update(run: Run, box: Arrived) -> None:
    run(
        "UPDATE arrived SET sealed = ?, state = ?, entity = ?, steps = ?, until = ?, told = ?"
        " WHERE id = ?",
        (
            box.sealed,
            box.state,
            None if box.entity is None else pack_id(box.entity),
            json.dumps(dict(box.steps), ensure_ascii=False),
            box.until,
            box.told,
            box.id,
        ),
    )


def stepped(box: Arrived, step: str, value: Any) -> Arrived:
    """The box with one more step."""
    return replace(box, steps={**box.steps, step: value})
