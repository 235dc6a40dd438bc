# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log as it was at a moment: a copy without what came, or was written, later.

The log remembers when each operation arrived here, and each operation says when it was written. So
three questions have an answer: what did this node hold at that moment, what had been written by
then as far as is known today, and what must another staff have held at least, since its own
entries speak of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from lage.kinds.model import Progress
from lage.kinds.schema import SCHEMA
from lage.language.errors import StoreError, why
from lage.store import Store
from lage.store.tables import HEAD, ISLAND, unpack_id
from sync.codec.packed import unpack_changes
from sync.feed.roster import ROOT
from sync.schema.definition import EntityId

_LATER = {
    "held": "received > :unix",
    "written": "author <> 0 AND (time IS NULL OR time > :time)",
}
"""What is left out, by question."""


def copy_at(
    store: Store, target: Path, question: str, unix: int, time: int, progress: Progress | None
) -> None:
    """Write the log as it was: ``held`` here at that unix time, or ``written`` by that log time.

    ``target`` must not exist. Raises StoreError.
    """
    _copy(store, target, _LATER[question], {"unix": unix, "time": time}, progress)


def copy_of(
    store: Store, target: Path, member: int, time: int, progress: Progress | None
) -> dict[int, int]:
    """Write what that member must have held at that log time; author -> last number."""
    proved = _evidence(store.connection, member, time)
    rows = " ".join(f"WHEN {author} THEN {number}" for author, number in proved.items())
    limit = f"CASE author {rows} ELSE 0 END" if rows else "0"
    later = f"author <> {ROOT} AND number > {limit}"
    _copy(store, target, later, {}, progress)
    return proved


def _evidence(db: sqlite3.Connection, member: int, time: int) -> dict[int, int]:
    """Author -> last number that the member's entries up to that time name; its own included."""
    found: dict[int, int] = {}

    def names(entities: Iterable[EntityId]) -> None:
        for entity in entities:
            found[entity.author] = max(found.get(entity.author, 0), entity.number)

    for number, kind, entity, body in db.execute(
        "SELECT number, kind, entity, body FROM operation"
        " WHERE author = ? AND time <= ? AND entity IS NOT NULL",
        (member, time),
    ):
        names((EntityId(member, number), unpack_id(entity)))
        if kind in SCHEMA.by_number and body is not None:
            changes, basis = unpack_changes(body, SCHEMA.by_number[kind])
            names(basis)
            for value in changes.values():
                if isinstance(value, EntityId):
                    names((value,))
                elif isinstance(value, tuple):
                    names(each for each in value if isinstance(each, EntityId))
    return found


def _copy(
    store: Store, target: Path, later: str, bound: dict[str, int], progress: Progress | None
) -> None:
    try:
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            store.connection.backup(
                copy,
                pages=2_000,
                progress=lambda _, left, total: progress(total - left, total) if progress else None,
            )
            copy.execute("BEGIN")
            copy.execute(f"DELETE FROM operation WHERE {later}", bound)
            copy.execute(
                "DELETE FROM signature WHERE NOT EXISTS (SELECT 1 FROM operation o WHERE"
                " o.author = signature.author AND o.number = signature.number)"
            )
            for table in ("peer", "peer_has", "draft", "register_in", "statement", "unshown"):
                copy.execute(f"DELETE FROM {table}")
            copy.execute(
                "DELETE FROM fork WHERE NOT EXISTS (SELECT 1 FROM operation o WHERE"
                " o.author = fork.author AND o.number = fork.number)"
            )
            copy.execute("DELETE FROM setting WHERE key IN ('projection', 'radio', 'ways')")
            _count_anew(copy)
            copy.execute("COMMIT")
            copy.execute("VACUUM")
        finally:
            copy.close()
    except sqlite3.Error as error:
        raise StoreError(
            f"Die Wiedergabe kann nicht nach {target} geschrieben werden: {why(error)}."
        ) from error


def _count_anew(copy: sqlite3.Connection) -> None:
    """Heads as far as nothing is missing; what lies beyond stays, as behind a gap."""
    for (author,) in copy.execute("SELECT author FROM feed").fetchall():
        head = 0
        for (number,) in copy.execute(
            "SELECT number FROM operation WHERE author = ? ORDER BY number", (author,)
        ):
            if number != head + 1:
                break
            head = number
        copy.execute("UPDATE feed SET head = ?, valid_to = NULL WHERE author = ?", (head, author))
        copy.execute(
            "UPDATE operation SET standing = CASE WHEN number <= ? THEN ? ELSE ? END"
            " WHERE author = ?",
            (head, HEAD, ISLAND, author),
        )
