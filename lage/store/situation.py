# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading the situation: lists with filters, single entities, histories, sums.

A list reads only the rows it is asked for; every filter that a screen offers has an index, so
answers stay below a tenth of a second with 100,000 operations.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from lage.kinds.model import (
    Contested,
    HistoryStep,
    Query,
    Record,
    UnshownOperation,
    VoidOperation,
    Where,
)
from lage.kinds.projection import FUTURE_S
from lage.kinds.schema import SCHEMA
from lage.language.folding import fold_text
from lage.language.near import nearest, slips_in
from lage.store.deeds import concerning, fork_arrivals
from lage.store.history import history_of
from lage.store.succession import Succession
from lage.store.tables import (
    QUARANTINED,
    field_column,
    from_column,
    kind_table,
    pack_id,
    to_column,
    unpack_id,
)
from lage.store.unshown import HIDDEN, unshown_counts, unshown_operations
from sync.schema.causal import Stamp, Step
from sync.schema.definition import EntityId, Field, Flag, Kind, Many, Position, Ref, Scalar
from sync.schema.merge import fold

_ORDER = {
    "event": "sort_time {0}, id {0}",
    "entered": "time {0}, id {0}",
    "changed": "changed {0}, id {0}",
    "arrival": "seq {0}",
    "nr": "author {0}, nr {0}",
}
_OWN = {"id", "author", "nr", "time", "changed", "seq", "sort_time", "behind"}


class Situation:
    """Answers questions about the folded log."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._succession = Succession(connection)

    def select(self, query: Query) -> list[Record]:
        """The rows of that window, in order."""
        kind = SCHEMA.by_name[query.kind]
        condition, values = _condition(kind, query)
        order = _ORDER[query.order].format("DESC" if query.descending else "ASC")
        rows = self._db.execute(
            f"SELECT * FROM {kind_table(kind)} WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, query.limit, query.offset),
        )
        return [_record(kind, row) for row in rows]

    def count(self, query: Query) -> int:
        """How many rows there are, whatever the window."""
        kind = SCHEMA.by_name[query.kind]
        condition, values = _condition(kind, query)
        row = self._db.execute(
            f"SELECT count(*) FROM {kind_table(kind)} WHERE {condition}",
            values,
        ).fetchone()
        return int(row[0])

    def get(self, entity: EntityId) -> Record | None:
        """One entity, whatever its kind."""
        packed = pack_id(entity)
        row = self._db.execute("SELECT kind FROM search WHERE rowid = ?", (packed,)).fetchone()
        if row is None:
            return None
        found = self.select(Query(row[0], (Where("id", "=", packed),), limit=1))
        return found[0] if found else None

    def by_number(self, kind: str, author: int, nr: int) -> Record | None:
        """The entity that staffs call by that running number."""
        found = self.select(Query(kind, (Where("author", "=", author), Where("nr", "=", nr))))
        return found[0] if found else None

    def history(self, entity: EntityId) -> list[HistoryStep]:
        """Every operation on an entity in common order, with which of its fields still hold."""
        return history_of(self._db, entity, self._succession.follows())

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 100) -> list[Record]:
        """Entities of any kind that hold all these words (or words beginning so)."""
        chosen = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        rows = self._db.execute(
            f"SELECT rowid FROM search WHERE search MATCH ?{chosen} ORDER BY rank LIMIT ?",
            (_match(text), *kinds, limit),
        ).fetchall()
        found = [self.get(unpack_id(row[0])) for row in rows]
        return [record for record in found if record is not None]

    def spelled(self, word: str) -> str:
        """A folded word as something here begins, else the nearest one that occurs; itself where
        none is near."""
        begins = self._db.execute(
            "SELECT 1 FROM terms WHERE term >= ? AND term < ? LIMIT 1", (word, f"{word}\U0010ffff")
        ).fetchone()
        slips = slips_in(word)
        if begins or not slips:
            return word
        terms = self._db.execute(
            "SELECT term, doc FROM terms WHERE length(term) BETWEEN ? AND ?",
            (len(word) - slips, len(word) + slips),
        ).fetchall()
        return nearest(word, terms, slips)

    def hits(self, text: str) -> dict[str, str]:
        """All entities that hold these words (or words beginning so), by kind: a list in JSON.

        Many may hold a common word, so the list never becomes objects: it goes back as it is.
        """
        rows = self._db.execute(
            "SELECT kind, json_group_array(rowid) FROM search WHERE search MATCH ? GROUP BY kind",
            (_match(text),),
        )
        return dict(rows.fetchall())

    def stock(self) -> list[tuple[str, str, int]]:
        """(item, place, balance) over all movements; a transfer leaves one place for another."""
        rows = self._db.execute(
            "SELECT item, place, sum(amount) FROM ("
            " SELECT f_item item, f_place place,"
            "  CASE WHEN f_to_place IS NULL THEN f_amount ELSE -f_amount END amount"
            "  FROM k_stock_movement"
            " UNION ALL SELECT f_item, f_to_place, f_amount FROM k_stock_movement"
            "  WHERE f_to_place IS NOT NULL)"
            " GROUP BY item, place ORDER BY item, place"
        )
        return [(item, place, amount) for item, place, amount in rows]

    def used(self, kind: str, name: str) -> list[str]:
        """All values of a field that has an index, each once, in order."""
        chosen = SCHEMA.by_name[kind]
        table, column = kind_table(chosen), field_column(chosen.by_name[name])
        rows = self._db.execute(
            f"WITH RECURSIVE v(value) AS (SELECT min({column}) FROM {table} UNION ALL SELECT"
            f" (SELECT min({column}) FROM {table} WHERE {column} > value) FROM v"
            " WHERE value IS NOT NULL) SELECT value FROM v WHERE value IS NOT NULL"
        )
        return [row[0] for row in rows]

    def service_states(self, now: int) -> list[Record]:
        """The latest report for each municipality and service; one from the future, by a clock
        that is wrong, only where there is no other."""
        kind = SCHEMA.by_name["supply_state"]
        rows = self._db.execute(
            "SELECT * FROM k_supply_state WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER"
            " (PARTITION BY f_municipality, f_service"
            " ORDER BY time <= ? DESC, time DESC, id DESC) place"
            " FROM k_supply_state) WHERE place = 1) ORDER BY f_municipality, f_service",
            (now + FUTURE_S,),
        )
        return [_record(kind, row) for row in rows]

    def incoming_number(self, message: EntityId) -> int | None:
        """Number in this staff's Eingangsnachweisung."""
        row = self._db.execute(
            "SELECT nr FROM register_in WHERE message = ?", (pack_id(message),)
        ).fetchone()
        return row[0] if row else None

    def incoming(self, nr: int) -> Record | None:
        """The message with that number in this staff's Eingangsnachweisung."""
        row = self._db.execute("SELECT message FROM register_in WHERE nr = ?", (nr,)).fetchone()
        return self.get(unpack_id(row[0])) if row else None

    def register(self, *, limit: int = 200, offset: int = 0) -> list[tuple[int, EntityId, int]]:
        """Eingangsnachweisung, newest first: (number, message, unix seconds of arrival)."""
        rows = self._db.execute(
            "SELECT r.nr, r.message, o.received FROM register_in r"
            " JOIN operation o ON o.author = r.message >> 32"
            "  AND o.number = r.message & 4294967295"
            " ORDER BY r.nr DESC LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return [(nr, unpack_id(message), received) for nr, message, received in rows]

    def roster_arrivals(self) -> list[tuple[bytes, int]]:
        """Records of feed 0 in order, with the unix seconds of their arrival."""
        rows = self._db.execute(
            "SELECT bytes, received FROM operation WHERE author = 0 ORDER BY number"
        )
        return [(data, received) for data, received in rows]

    def fork_arrivals(self) -> list[tuple[int, int, int]]:
        """(author, first number that differs, unix seconds when it came) of each forked feed."""
        return fork_arrivals(self._db)

    def concerning(
        self, kinds: Sequence[str], members: Collection[int], since: int, until: int
    ) -> list[tuple[EntityId, int]]:
        """Entries that one of the members wrote, changed or is named in, with their ``seq``."""
        return concerning(self._db, kinds, members, since, until)

    def additions(self, entity: EntityId, name: str) -> dict[Scalar, tuple[EntityId, ...]]:
        """Elements of a set field with the operations that added them."""
        steps = [
            Step(Stamp(step.time, *step.id), step.creates, step.counted)
            for step in self.history(entity)
            if step.valid
        ]
        record = self.get(entity)
        if record is None:
            return {}
        return dict(fold(SCHEMA.by_name[record.kind], entity, steps).additions.get(name, {}))

    def last_entries(self) -> list[tuple[int, int, int]]:
        """(author, time, unix seconds of arrival) of each feed's last readable operation."""
        rows = self._db.execute(
            "SELECT o.author, o.time, o.received FROM feed f JOIN operation o"
            " ON o.author = f.author AND o.number = f.head"
            f" WHERE o.time IS NOT NULL AND o.standing < {QUARANTINED} ORDER BY o.author"
        )
        return [(author, time, received) for author, time, received in rows]

    def overruled(self, members: Collection[int], since: int) -> list[Contested]:
        """Changes by these members that a concurrent one overruled which came since then."""
        rows = self._db.execute(
            "SELECT r.entity, r.field, r.author, r.number, r.by FROM overruled r"
            " JOIN operation o ON o.author = r.by >> 32 AND o.number = r.by & 4294967295"
            f" WHERE r.author IN ({_marks(members)}) AND o.received >= ?"
            " ORDER BY o.seq DESC, r.field",
            (*members, since),
        )
        return [
            Contested(unpack_id(entity), field, EntityId(author, number), unpack_id(by))
            for entity, field, author, number, by in rows
        ]

    def operation_count(self) -> int:
        """All operations in the log."""
        return int(self._db.execute("SELECT count(*) FROM operation").fetchone()[0])

    def void_counts(self) -> dict[int, int]:
        """author -> how many of its operations are kept here and do not count."""
        return dict(
            self._db.execute(f"SELECT author, count(*) FROM ({_VOID}) GROUP BY author").fetchall()
        )

    def void_operations(self) -> list[VoidOperation]:
        """Operations that are kept and do not count, by author and number."""
        rows = self._db.execute(f"SELECT * FROM ({_VOID}) ORDER BY author, number, aside")
        return [
            VoidOperation(author, number, data, received, bool(aside))
            for author, number, data, received, aside in rows
        ]

    def unshown_counts(self) -> dict[int, int]:
        """author -> how many of its operations are kept, relayed and cannot be shown."""
        return unshown_counts(self._db)

    def unshown(self) -> list[UnshownOperation]:
        """These operations, by author and number."""
        return list(unshown_operations(self._db))

    def unreadable_count(self) -> int:
        """Operations that only a newer version of Lage can show."""
        row = self._db.execute(
            f"SELECT count(*) FROM operation WHERE kind IS NULL AND author <> 0 AND NOT {HIDDEN}"
        ).fetchone()
        return int(row[0])

    def last_seq(self) -> int:
        """Arrival number of the newest operation; grows with every one."""
        row = self._db.execute("SELECT coalesce(max(seq), 0) FROM operation").fetchone()
        return int(row[0])


_VOID = (
    "SELECT author, number, bytes, received, 0 AS aside FROM operation"
    f" WHERE standing = {QUARANTINED}"
    " UNION ALL SELECT author, number, bytes, received, 1 FROM branch b"
    " WHERE NOT EXISTS (SELECT 1 FROM operation o WHERE (o.author, o.number, o.chain)"
    " = (b.author, b.number, b.chain))"
)
"""What lies beyond a revocation or an undecided fork, and other branches of forked feeds. A branch
that was set aside and became the county's choice after all counts again."""


def _condition(kind: Kind, query: Query) -> tuple[str, list[Any]]:
    parts = ["1"]
    values: list[Any] = []
    for where in query.where:
        column = where.field if where.field in _OWN else field_column(kind.by_name[where.field])
        if where.operator == "unknown":
            parts.append(f"{column} IS NULL")
        elif where.operator == "known":
            parts.append(f"{column} IS NOT NULL")
        elif where.operator in ("in", "not in"):
            assert isinstance(where.value, tuple)
            parts.append(f"{column} {where.operator} ({_marks(where.value)})")
            values.extend(to_column(item) for item in where.value)
        else:
            assert where.value is not None
            operator = "IS NOT" if where.operator == "!=" else where.operator
            parts.append(f"{column} {operator} ?")
            values.append(to_column(where.value))
    if query.among is not None:
        parts.append("id IN (SELECT value FROM json_each(?))")
        values.append(query.among)
    if query.to:
        chosen = f"SELECT message FROM addressed WHERE member IN ({_marks(query.to)})"
        parts.append(f"(f_to IS NULL OR id IN ({chosen}))")
        values.extend(query.to)
    if query.unconfirmed_by:
        parts.append(
            "NOT EXISTS (SELECT 1 FROM k_receipt r WHERE r.f_message = k_message.id"
            f" AND r.author IN ({_marks(query.unconfirmed_by)}))"
        )
        values.extend(query.unconfirmed_by)
    if query.text.strip():
        parts.append("id IN (SELECT rowid FROM search WHERE search MATCH ?)")
        values.append(_match(query.text))
    return " AND ".join(parts), values


def _marks(values: Collection[Any]) -> str:
    return ", ".join("?" * len(values))


def _match(text: str) -> str:
    """FTS5 query from a user's words: each a quoted prefix, so nothing in it is syntax."""
    words = [word.replace('"', '""') for word in fold_text(text).split()]
    return " ".join(f'"{word}"*' for word in words) or '""'


def _record(kind: Kind, row: sqlite3.Row) -> Record:
    """A row of the kind's table; its own columns come first, then the fields."""
    entity, _, nr, time, changed, seq, _, behind, *columns = row
    values = {
        name: column if field is None else from_column(field, column)
        for (name, field), column in zip(_fields(kind.name), columns, strict=True)
        if column is not None
    }
    stands = None if behind is None else unpack_id(behind)
    return Record(unpack_id(entity), kind.name, nr, time, changed, seq, values, stands)


@lru_cache(maxsize=64)
def _fields(kind: str) -> tuple[tuple[str, Field | None], ...]:
    """Names of a kind's fields; with the field where its column is not the value itself."""
    return tuple(
        (field.name, field if isinstance(field.type, Flag | Many | Position | Ref) else None)
        for field in SCHEMA.by_name[kind].fields
    )
