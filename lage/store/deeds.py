# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a staff did and what was done to it: entries by who wrote, changed or was named in them.

Also what the log itself tells beside entries: decisions of the county and forks, with when they
came. For the Tagebuch, which is a view: nothing is written for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from lage.kinds.cards import CARDS
from lage.kinds.schema import SCHEMA
from lage.language.epoch import to_unix
from lage.store.tables import field_column, kind_table, unpack_id
from sync.schema.definition import EntityId, Many, Member


def concerning(
    db: sqlite3.Connection, kinds: Sequence[str], members: Collection[int], since: int, until: int
) -> list[tuple[EntityId, int]]:
    """Entries of these kinds that one of the members wrote, changed or is named in, each with the
    arrival number of its last operation; only those on which something was stamped or arrived
    between these log times."""
    if not members:
        return []
    found: list[tuple[EntityId, int]] = []
    ours = f"({', '.join(map(str, members))})"
    times = (since, until, to_unix(since), to_unix(until))
    for name in kinds:
        touched = f"EXISTS (SELECT 1 FROM operation o WHERE o.entity = k.id AND o.author IN {ours})"
        rows = db.execute(
            f"SELECT k.id, k.seq FROM {kind_table(SCHEMA.by_name[name])} k"
            f" WHERE ({' OR '.join((f'k.author IN {ours}', *_named(name, ours), touched))})"
            " AND EXISTS (SELECT 1 FROM operation o WHERE o.entity = k.id"
            "  AND (o.time BETWEEN ? AND ? OR o.received BETWEEN ? AND ?))",
            times,
        )
        found += [(unpack_id(entity), seq) for entity, seq in rows]
    return found


def _named(name: str, ours: str) -> list[str]:
    """Conditions for naming one of them, or nobody where that means all."""
    conditions = []
    merges = CARDS[name].merges
    if merges:
        conditions.append(f"k.{field_column(SCHEMA.by_name[name].by_name[merges])} >> 32 IN {ours}")
    for field in SCHEMA.by_name[name].fields:
        column = f"k.{field_column(field)}"
        if isinstance(field.type, Member):
            conditions.append(f"{column} IN {ours}")
        elif isinstance(field.type, Many) and isinstance(field.type.item, Member):
            conditions.append(f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value IN {ours})")
            if CARDS[name].to_all:
                conditions.append(f"{column} IS NULL")
    return conditions


def fork_arrivals(db: sqlite3.Connection) -> list[tuple[int, int, int]]:
    """(author, first number that differs, unix seconds when it came) of each forked feed."""
    rows = db.execute(
        "SELECT f.author, min(f.number), coalesce("
        " (SELECT min(b.received) FROM branch b WHERE b.author = f.author),"
        " (SELECT o.received FROM operation o WHERE o.author = f.author"
        "  ORDER BY o.number DESC LIMIT 1)) came"
        " FROM fork f GROUP BY f.author"
    )
    return [(author, number, came) for author, number, came in rows if came is not None]
