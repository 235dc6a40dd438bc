# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which merged entries stand behind which other: the column ``behind`` of the projection.

The only column that depends on more than one entity; the rule is ``lage.kinds.merging``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable

from lage.kinds.cards import CARDS
from lage.kinds.merging import behind
from lage.kinds.schema import SCHEMA
from lage.store.tables import field_column, kind_table

MERGING = {name: card.merges for name, card in CARDS.items() if card.merges}
"""Names of kinds whose entries can be the same as another, with the field that says so."""

_CONNECTED = (
    "WITH RECURSIVE below(id) AS (SELECT value FROM json_each(?) UNION"
    " SELECT k.id FROM {0} k JOIN below b ON k.{1} = b.id),"
    " path(id) AS (SELECT id FROM below UNION"
    " SELECT k.{1} FROM {0} k JOIN path p ON k.id = p.id WHERE k.{1} IS NOT NULL)"
)
"""All that were merged into these, directly or not, and all that those go into."""

_PARTS = "SELECT k.id, k.{1}, {2}, k.behind FROM {0} k"


def set_behind(db: sqlite3.Connection, touched: Collection[int]) -> None:
    """Correct the column after rows of these entries were written anew or taken out."""
    for name in MERGING:
        sql = _sql(_CONNECTED + _PARTS + " JOIN path p ON k.id = p.id", name)
        _correct(db, name, db.execute(sql, (json.dumps(sorted(touched)),)).fetchall())


def set_all_behind(db: sqlite3.Connection) -> None:
    """Fill the column of a projection that was just built."""
    for name in MERGING:
        merged = " WHERE k.{1} IS NOT NULL OR k.id IN (SELECT {1} FROM {0})"
        _correct(db, name, db.execute(_sql(_PARTS + merged, name)).fetchall())


def _sql(text: str, name: str) -> str:
    kind = SCHEMA.by_name[name]
    return text.format(kind_table(kind), field_column(kind.by_name[MERGING[name]]), _ended(name))


def _ended(name: str) -> str:
    """Whether a row has ended, as SQL; the rule is ``lage.kinds.states``."""
    card, fields = CARDS[name], SCHEMA.by_name[name].by_name
    ends = [f"k.{field_column(fields[card.ended_by])} IS NOT NULL"] if card.ended_by else []
    if card.closed:
        listed = ", ".join(f"'{value}'" for value in card.closed)
        ends.append(f"coalesce(k.{field_column(fields['status'])}, '') IN ({listed})")
    return " OR ".join(ends) or "0"


def _correct(
    db: sqlite3.Connection, name: str, rows: Iterable[tuple[int, int | None, int, int | None]]
) -> None:
    parts = {entry: (into, ended, before) for entry, into, ended, before in rows}
    into = {entry: target for entry, (target, _, _) in parts.items() if target is not None}
    open_ = {entry for entry, (_, ended, _) in parts.items() if not ended}
    stands = behind(into, parts, open_)
    db.executemany(
        f"UPDATE {kind_table(SCHEMA.by_name[name])} SET behind = ? WHERE id = ?",
        [
            (stands.get(entry), entry)
            for entry, (_, _, before) in parts.items()
            if before != stands.get(entry)
        ],
    )
