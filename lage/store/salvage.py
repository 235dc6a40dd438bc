# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a damaged log still holds: operations and signatures by their pages, the rest by SQL.

Nothing is believed here: who puts a log together again checks chains and signatures.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from lage.language.errors import StoreError, why
from lage.store.carve import Row, rows
from maps.read.files import regular_size
from sync.feed.log import ForkProof

LOCAL = ("setting", "draft", "register_in", "private", "document")
"""Tables of this node's own affairs, read as far as SQLite still reads them."""


@dataclass
class Remains:
    """Candidates, not yet proved: several for a number where an old page told another story."""

    operations: dict[tuple[int, int], set[tuple[bytes, bytes]]] = field(
        default_factory=lambda: defaultdict(set)
    )
    """By author and number: bytes and the chain value after them."""
    signatures: dict[tuple[int, int], set[bytes]] = field(default_factory=lambda: defaultdict(set))
    local: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.operations)


def read_remains(log: Path) -> Remains:
    """Everything that can still be read of a log. Raises StoreError where there is no file."""
    try:
        file = _bytes(log)
        beside = log.with_name(f"{log.name}-wal")
        wal = _bytes(beside) if beside.exists() else b""
    except OSError as error:
        raise StoreError(f"Das Lagebuch {log} ist nicht lesbar: {why(error)}.") from error
    remains = Remains()
    for row in rows(file, wal):
        _sort_in(remains, row)
    for table in LOCAL:
        remains.local[table] = list(_by_sql(log, table))
    return remains


def _bytes(path: Path) -> bytes:
    regular_size(path)  # a log may be as large as it likes, a pipe is none
    return path.read_bytes()


def write_local(db: sqlite3.Connection, table: str, found: list[tuple[object, ...]]) -> int:
    """Put rows of a local table into a new log; how many it took."""
    taken = 0
    for row in found:
        marks = ", ".join("?" * len(row))
        try:
            taken += db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row).rowcount
        except sqlite3.DatabaseError:
            continue  # a row that the damage has touched
    return taken


def _sort_in(remains: Remains, row: Row) -> None:
    match row:
        case (_, int(author), int(number), bytes(data), bytes(chain), int(), int(), *_) if (
            len(row) >= 12 and len(chain) == 16
        ):
            remains.operations[author, number].add((data, chain))
        case (int(author), int(number), bytes(signature)) if len(signature) == 64:
            remains.signatures[author, number].add(signature)


def _by_sql(log: Path, table: str) -> Iterator[tuple[object, ...]]:
    """The rows that SQLite reads, from the first on and, beyond what stops it, from the last."""
    seen: set[tuple[object, ...]] = set()
    for order in ("", " DESC"):
        try:
            with closing(sqlite3.connect(f"{log.resolve().as_uri()}?mode=ro", uri=True)) as db:
                for row in db.execute(f"SELECT * FROM {table} ORDER BY 1{order}"):
                    if row not in seen:
                        seen.add(row)
                        yield row
                return
        except sqlite3.DatabaseError:
            continue


def proofs(log: Path) -> Iterator[ForkProof]:
    """Fork proofs as far as SQLite reads them."""
    import msgpack

    for row in _by_sql(log, "fork"):
        try:
            sides = msgpack.unpackb(row[6], use_list=False)
            yield ForkProof(*row[:6], *sides)  # type: ignore[arg-type]
        except (ValueError, TypeError, msgpack.UnpackException):
            continue
