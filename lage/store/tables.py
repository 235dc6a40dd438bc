# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of a situation log, their migrations, and how values stand in columns.

Three groups, told apart by what may happen to them:

* the log (``operation``, ``signature``, ``fork``): only ever appended to;
* the projection (``k_<kind>`` per kind, ``search``): can be dropped and rebuilt at any time;
* local (``setting``, ``draft``, ``peer`` ...): this node's own affairs, never replicated.

An entity id is one integer, ``author << 32 | number``; a position packs both coordinates.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from lage.kinds.cards import CARDS
from lage.kinds.rights import OWN_ONLY, RIGHTS, Right
from lage.kinds.schema import SCHEMA
from sync.schema.definition import (
    Blob,
    EntityId,
    Field,
    Flag,
    Kind,
    Many,
    Point,
    Position,
    Ref,
    Scalar,
    ScalarType,
    Value,
)
from sync.schema.values import MEMBER_MAX, NUMBER_MAX

if TYPE_CHECKING:
    from sqlite_utils import Database

FOLD_VERSION = 10
"""Raised whenever the fold's code makes other rows of the same log, as ``tests.promises`` notices.

What the fold reads from tables (rights, cards, schema) counts by itself: ``projection_version``."""

HEAD, ISLAND, QUARANTINED = 0, 1, 2
"""Standing of an operation: in the chain, verified beyond a gap, not valid."""

LOG_TABLES = """
CREATE TABLE operation (
    seq INTEGER PRIMARY KEY,           -- order of arrival here
    author INTEGER NOT NULL,
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    chain BLOB NOT NULL,
    standing INTEGER NOT NULL,
    received INTEGER NOT NULL,         -- unix seconds by this node's clock
    urgency INTEGER NOT NULL DEFAULT 3,
    time INTEGER,                      -- from here on a cache of what the bytes say
    kind INTEGER,
    entity INTEGER,
    body BLOB,
    UNIQUE (author, number)
) STRICT;
CREATE INDEX operation_entity ON operation (entity);
CREATE INDEX operation_time ON operation (time, author);
CREATE TABLE signature (
    author INTEGER NOT NULL,
    number INTEGER NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (author, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE fork (
    author INTEGER NOT NULL,
    number INTEGER NOT NULL,
    chain_a BLOB NOT NULL,
    signature_a BLOB NOT NULL,
    chain_b BLOB NOT NULL,
    signature_b BLOB NOT NULL,
    operations BLOB NOT NULL,          -- msgpack: operations of both sides up to the signatures
    PRIMARY KEY (author, number, chain_a, chain_b)
) STRICT, WITHOUT ROWID;
CREATE TABLE branch (
    author INTEGER NOT NULL,
    number INTEGER NOT NULL,
    chain BLOB NOT NULL,
    bytes BLOB NOT NULL,
    signature BLOB,
    received INTEGER NOT NULL,
    PRIMARY KEY (author, number, chain)
) STRICT, WITHOUT ROWID;
CREATE TABLE feed (
    author INTEGER PRIMARY KEY,
    head INTEGER NOT NULL,
    valid_to INTEGER                   -- revoked beyond this number
) STRICT;
"""

LOCAL_TABLES = """
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE draft (
    form TEXT PRIMARY KEY, content TEXT NOT NULL, saved INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE peer (
    author INTEGER PRIMARY KEY, heard INTEGER, snr REAL, hops INTEGER
) STRICT;
CREATE TABLE peer_has (
    peer INTEGER NOT NULL, author INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (peer, author)
) STRICT, WITHOUT ROWID;
CREATE INDEX peer_has_author ON peer_has (author, number);
CREATE TABLE register_in (
    nr INTEGER PRIMARY KEY, message INTEGER NOT NULL UNIQUE, received INTEGER NOT NULL
) STRICT;
CREATE TABLE private (
    helper INTEGER PRIMARY KEY, content BLOB NOT NULL, delete_at INTEGER
) STRICT;
CREATE TABLE document (hash BLOB PRIMARY KEY, content BLOB NOT NULL, text TEXT) STRICT;
"""

UNSHOWN_TABLE = """
CREATE TABLE unshown (
    author INTEGER NOT NULL,
    number INTEGER NOT NULL,
    entity INTEGER,                    -- what it could not be folded into
    why TEXT NOT NULL,
    reason TEXT NOT NULL,              -- for who mends the program
    PRIMARY KEY (author, number)
) STRICT, WITHOUT ROWID;
"""

STATEMENT_TABLE = """
CREATE TABLE statement (
    member INTEGER PRIMARY KEY,
    stamp INTEGER NOT NULL,            -- log time by the member's clock
    bytes BLOB NOT NULL                -- what it signed to hold, as it is handed on
) STRICT;
"""

MIGRATIONS = (
    ("0001_log_and_local", LOG_TABLES + LOCAL_TABLES),
    ("0002_unshown", UNSHOWN_TABLE),
    ("0003_statement", STATEMENT_TABLE),
)
"""Name and statements of each step; what has run on a log is never changed."""

VERSION = len(MIGRATIONS)
"""Stands in ``PRAGMA user_version`` of every log."""


def column_type(field: Field) -> str:
    """SQLite type of a field's column."""
    kind = field.type
    if isinstance(kind, Many):
        return "TEXT"
    if isinstance(kind, Blob):
        return "BLOB"
    return "INTEGER" if _is_integer(kind) else "TEXT"


def _is_integer(kind: ScalarType) -> bool:
    return type(kind).__name__ in ("Flag", "Number", "Moment", "Member", "Ref", "Position")


def kind_table(kind: Kind) -> str:
    """Name of a kind's table."""
    return f"k_{kind.name}"


def field_column(field: Field) -> str:
    """Name of a field's column; the prefix keeps it apart from the table's own columns."""
    return f"f_{field.name}"


def projection_tables() -> str:
    """Statements that create the projection, made from the schema."""
    statements = []
    for kind in SCHEMA.kinds:
        columns = ", ".join(f"{field_column(f)} {column_type(f)}" for f in kind.fields)
        table = kind_table(kind)
        statements.append(
            f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, author INTEGER NOT NULL,"
            f" nr INTEGER, time INTEGER NOT NULL, changed INTEGER NOT NULL, seq INTEGER NOT NULL,"
            f" sort_time INTEGER NOT NULL, behind INTEGER, {columns}) STRICT;"
            f"CREATE INDEX {table}_time ON {table} (sort_time, id);"
            f"CREATE INDEX {table}_entered ON {table} (time, id);"
            f"CREATE INDEX {table}_nr ON {table} (author, nr);"
            f"CREATE INDEX {table}_seq ON {table} (seq);"
            f"CREATE INDEX {table}_behind ON {table} (behind) WHERE behind IS NOT NULL;"
        )
        for field in kind.fields:
            if field.name in CARDS[kind.name].indexed:
                column = field_column(field)
                statements.append(
                    f"CREATE INDEX {table}_{field.name} ON {table} ({column}, sort_time);"
                )
    statements.append(
        "CREATE VIRTUAL TABLE search USING fts5(text, kind UNINDEXED, tokenize='unicode61');"
        "CREATE TABLE addressed (message INTEGER NOT NULL, member INTEGER NOT NULL,"
        " PRIMARY KEY (member, message)) STRICT, WITHOUT ROWID;"
        "CREATE TABLE overruled (author INTEGER NOT NULL, number INTEGER NOT NULL,"
        " field TEXT NOT NULL, entity INTEGER NOT NULL, by INTEGER NOT NULL,"
        " PRIMARY KEY (author, number, field)) STRICT, WITHOUT ROWID;"
        "CREATE INDEX overruled_entity ON overruled (entity);"
    )
    return "".join(statements)


def drop_projection() -> str:
    """Statements that remove the projection, whatever version made it."""
    return "".join(f"DROP TABLE IF EXISTS {kind_table(kind)};" for kind in SCHEMA.kinds) + (
        "DROP TABLE IF EXISTS search; DROP TABLE IF EXISTS addressed;"
        "DROP TABLE IF EXISTS overruled;"
    )


def projection_version() -> str:
    """What a stored projection was made by; a store with another one rebuilds itself."""
    made_by = f"{projection_tables()}\n{fold_rules()}"
    return f"{FOLD_VERSION} {hashlib.blake2b(made_by.encode(), digest_size=8).hexdigest()}"


@cache
def this_projection() -> str:
    """``projection_version`` of this program: the same as long as it runs, and asked at each
    opening of a log."""
    return projection_version()


def fold_rules() -> str:
    """Everything besides its code that the fold's rows depend on, the same text on every node."""
    ends = [(card.kind, card.closed, card.ended_by, card.merges) for card in CARDS.values()]
    return "\n".join(map(repr, (*ends, *sorted(RIGHTS.items(), key=_named), *sorted(OWN_ONLY))))


def _named(item: tuple[tuple[str, str], Right]) -> tuple[str, str]:
    return item[0]


def migrate(db: Database) -> None:
    """Bring log and local tables to ``VERSION``; each step in one transaction."""
    from sqlite_utils import Migrations

    migrations = Migrations("lage")
    for name, statements in MIGRATIONS:
        migrations(name=name)(_runs(statements))
    migrations.apply(db)


def _runs(statements: str) -> Callable[[Database], None]:
    def run(db: Database) -> None:
        for statement in statements.split(";"):
            if statement.strip():
                db.execute(statement)

    return run


assert MEMBER_MAX << 32 | NUMBER_MAX < 1 << 63, "an id fits into one integer of SQLite"
assert NUMBER_MAX < 1 << 32, "a number leaves the author alone"
assert 3_600_000 <= 1 << 22, "a longitude fits beside a latitude"


def pack_id(entity: EntityId) -> int:
    """Entity id as one integer."""
    return entity.author << 32 | entity.number


def unpack_id(packed: int) -> EntityId:
    """Inverse of ``pack_id``."""
    return EntityId(packed >> 32, packed & 0xFFFFFFFF)


def to_column(value: Value) -> int | str | bytes:
    """A field's value as it stands in its column."""
    if isinstance(value, EntityId):
        return pack_id(value)
    if isinstance(value, Point):
        return (value.lat_e4 + 900_000) << 22 | (value.lon_e4 + 1_800_000)
    if isinstance(value, tuple):
        return json.dumps([to_column(item) for item in value], ensure_ascii=False)
    return int(value) if isinstance(value, bool) else value


def from_column(field: Field, column: int | str | bytes) -> Value:
    """Inverse of ``to_column``."""
    kind = field.type
    if isinstance(kind, Many):
        assert isinstance(column, str)
        return tuple(_scalar(kind.item, item) for item in json.loads(column))
    return _scalar(kind, column)


def _scalar(kind: ScalarType, column: int | str | bytes) -> Scalar:
    if isinstance(column, int):
        if isinstance(kind, Flag):
            return bool(column)
        if isinstance(kind, Ref):
            return unpack_id(column)
        if isinstance(kind, Position):
            return Point((column >> 22) - 900_000, (column & 0x3FFFFF) - 1_800_000)
    return column
