# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Operations that are in the log and in no list, because they cannot be shown: which, and why.

They are judged by their bytes and by those of the same entity alone, so every node with the same
program puts the same ones aside, whatever order they came in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from lage.kinds.model import Unshown, UnshownOperation

HIDDEN = (
    "EXISTS (SELECT 1 FROM unshown u WHERE u.author = operation.author"
    " AND u.number = operation.number)"
)
"""Condition on rows of ``operation``."""


def put_aside(
    db: sqlite3.Connection, author: int, number: int, entity: int | None, why: Unshown, reason: str
) -> None:
    """That operation is not shown, within the caller's transaction."""
    db.execute(
        "INSERT OR REPLACE INTO unshown VALUES (?, ?, ?, ?, ?)",
        (author, number, entity, why.value, reason),
    )


def take_back(db: sqlite3.Connection, entity: int) -> None:
    """That entity is about to be folded anew: what failed is tried again."""
    db.execute("DELETE FROM unshown WHERE entity = ? AND why = ?", (entity, Unshown.FAILED.value))


def failed_entities(db: sqlite3.Connection) -> list[int]:
    """Entities of which something could not be folded."""
    rows = db.execute("SELECT DISTINCT entity FROM unshown WHERE entity IS NOT NULL")
    return [row[0] for row in rows]


def unshown_operations(db: sqlite3.Connection) -> Iterable[UnshownOperation]:
    """All of them, by author and number."""
    rows = db.execute(
        "SELECT u.author, u.number, o.received, u.why, u.reason FROM unshown u"
        " JOIN operation o USING (author, number) ORDER BY u.author, u.number"
    )
    for author, number, received, why, reason in rows:
        yield UnshownOperation(author, number, received, Unshown(why), reason)


def unshown_counts(db: sqlite3.Connection) -> dict[int, int]:
    """author -> how many of its operations there are."""
    return dict(db.execute("SELECT author, count(*) FROM unshown GROUP BY author").fetchall())
