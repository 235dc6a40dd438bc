# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a simulated node keeps its log, and what happens to disks.

A disk can be full, be copied as a backup, and lose its power in the middle of a change: just before
the change is durable, or just after, when nobody has been told yet. ``MemoryDisk`` is quick;
``SqlDisk`` is the product's own store, with the situation folded from what the nodes write.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lage.kinds.schema import SCHEMA
from lage.store import SqliteLog, Store
from lage.store.audit import projection_differences
from lage.store.tables import QUARANTINED, kind_table
from sync.feed import chain as feed
from sync.feed.clock import Clock
from sync.feed.log import ForkProof, Log, VerifiedRun
from sync.feed.memory_log import MemoryLog
from tests.simulation.entries import draw_entry
from tests.simulation.sight import Sights

ENOSPC = 28
PAGES_WITHOUT_LIMIT = 1_000_000


class PowerCut(Exception):
    """The power failed while a log was being written."""


@dataclass(frozen=True, slots=True)
class Author:
    """A node's right to write its feed (``lage.kinds.model.Signer``)."""

    author: int
    origin: bytes
    key: Ed25519PrivateKey
    network_id: bytes

    def sign(self, number: int, chain: bytes) -> bytes:
        """Signature over the chain at that number."""
        return feed.sign(self.key, self.network_id, self.author, number, chain)


class Disk(Log, Protocol):
    """A log on a disk."""

    full: bool
    cut: str  # "before" or "after": when the next change loses its power; "" for not at all

    def write(self, author: Author, wall_s: int, size: int, rng: random.Random) -> None:
        """Append one entry of the user's to the own feed."""

    def copied(self) -> Disk:
        """A backup."""

    def rebooted(self) -> Disk:
        """What is found when the power is back."""

    def keeps(self, author: int, number: int, chain: bytes) -> bool:
        """Whether that operation is in a feed or among the branches set aside."""

    def valid(self, heads: Mapping[int, int]) -> bytes:
        """Digest of the operations that count, given the engine's heads."""

    def picture(self, heads: Mapping[int, int]) -> bytes:
        """Digest of what a user sees."""

    def faults(self) -> list[str]:
        """What does not fit together within the store."""

    def close(self) -> None:
        """Give the disk back."""


class MemoryDisk(MemoryLog):
    """Operations of random bytes in memory; the picture is their common order."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False
        self.cut = ""
        self._clock = Clock()

    @contextmanager
    def _change(self) -> Iterator[None]:
        if self.full:
            raise OSError(ENOSPC, "No space left on device")
        if self.cut == "before":
            raise PowerCut
        yield
        if self.cut == "after":
            raise PowerCut

    def store(self, runs: Sequence[VerifiedRun]) -> None:
        """As MemoryLog, or OSError."""
        with self._change():
            super().store(runs)

    def store_fork(self, proof: ForkProof, branch: VerifiedRun | None) -> None:
        """As MemoryLog, or OSError."""
        with self._change():
            super().store_fork(proof, branch)

    def quarantine(self, author: int, after: int | None) -> None:
        """As MemoryLog, or OSError."""
        with self._change():
            super().quarantine(author, after)

    def set_aside(self, author: int, after: int) -> None:
        """As MemoryLog, or OSError."""
        with self._change():
            super().set_aside(author, after)

    def write(self, author: Author, wall_s: int, size: int, rng: random.Random) -> None:
        """Append random bytes behind a time."""
        body = self._clock.stamp(max(0, wall_s)).to_bytes(5, "big") + rng.randbytes(size)
        operation = bytes((len(body) + 1, 1 << 5)) + body
        feed.append(self, author.key, author.network_id, author.author, author.origin, [operation])

    def copied(self) -> MemoryDisk:
        """A backup."""
        return copy.deepcopy(self)

    def rebooted(self) -> MemoryDisk:
        """Everything is there: a change is whole or not at all."""
        self.cut = ""
        self._clock = Clock()
        return self

    def keeps(self, author: int, number: int, chain: bytes) -> bool:
        """Whether that operation is in a feed or among the branches."""
        return self.chain(author, number) == chain or any(
            run.author == author
            and run.first <= number <= run.last
            and run.chains[number - run.first] == chain
            for run in self.aside
        )

    def valid(self, heads: Mapping[int, int]) -> bytes:
        """Here the picture is nothing but the operations that count."""
        return self.picture(heads)

    def picture(self, heads: Mapping[int, int]) -> bytes:
        """The valid operations in the common order (time, author, number), hashed."""
        shown = []
        for author in self.authors():
            for number, data in enumerate(self.operations(author, 1, heads.get(author, 0)), 1):
                time = int.from_bytes(data[2:7], "big") if author else 0
                shown.append((time, author, number, data))
        state = hashlib.sha256()
        for _, author, number, data in sorted(shown):
            state.update(author.to_bytes(2, "big") + number.to_bytes(4, "big") + data)
        return state.digest()

    def faults(self) -> list[str]:
        """Nothing is kept twice here."""
        return []

    def close(self) -> None:
        """Nothing to give back."""


class SqlDisk(SqliteLog):
    """The product's store in a file; after a power cut the node goes on with a copy of the files
    as they stood at that moment, the write-ahead log included."""

    def __init__(self, folder: Path, serial: Iterator[int], clock: Callable[[], float]) -> None:
        """``serial`` names files; ``clock`` gives unix seconds."""
        self._folder, self._serial, self._time = folder, serial, clock
        self._sights = Sights()
        self._open(folder / f"{next(serial)}.db")

    def _open(self, path: Path) -> None:
        self.path = path
        self._store = Store.open(path, clock=self._time)
        super().__init__(self._store.connection, self._time)
        # Real power cuts are played by copying the files, so nothing has to wait for the disk. A
        # small cache lets changes spill into the files before they are whole.
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA cache_size=16")
        self.cut = ""
        self._full = False
        self._found: Path | None = None  # the files as they stood when the power failed

    @property
    def full(self) -> bool:
        """Whether the file can grow no more."""
        return self._full

    @full.setter
    def full(self, value: bool) -> None:
        self._full = value
        pages = self._db.execute("PRAGMA page_count").fetchone()[0]
        limit = pages if value else PAGES_WITHOUT_LIMIT
        self._db.execute(f"PRAGMA max_page_count={limit}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As SqliteLog, or PowerCut."""
        with super().transaction():
            yield
            if self._full:  # no page is left, so SQLite itself refuses
                self._db.execute("CREATE TABLE filler AS SELECT zeroblob(100000)")
            if self.cut == "before":
                self._power_fails()
        if self.cut == "after":
            self._power_fails()

    def _power_fails(self) -> None:
        self._found = self._files_as_they_are()
        raise PowerCut

    def _files_as_they_are(self) -> Path:
        target = self._folder / f"{next(self._serial)}.db"
        for ending in ("", "-wal"):
            source = Path(f"{self.path}{ending}")
            if source.exists():
                shutil.copyfile(source, f"{target}{ending}")
        return target

    def write(self, author: Author, wall_s: int, size: int, rng: random.Random) -> None:
        """Append an entry about something this node's picture shows, or about something new."""
        draft = draw_entry(rng, self._store, size)
        seen = self._sights.before(self._store, draft)
        self.append([draft], author, lambda: max(0, wall_s))
        self._sights.after(self._store, draft, author.author, seen)

    def copied(self) -> SqlDisk:
        """A backup."""
        other = SqlDisk.__new__(SqlDisk)
        other._folder, other._serial, other._time = self._folder, self._serial, self._time
        other._sights = self._sights
        other._open(self._files_as_they_are())
        return other

    def rebooted(self) -> SqlDisk:
        """Opened anew from the files."""
        found, full = self._found or self._files_as_they_are(), self._full
        self.close()
        self._open(found)
        self.full = full
        return self

    def keeps(self, author: int, number: int, chain: bytes) -> bool:
        """Whether that operation is in a feed or among the branches."""
        kept = "SELECT 1 FROM branch WHERE author = ? AND number = ? AND chain = ?"
        return (
            self.chain(author, number) == chain
            or self._db.execute(kept, (author, number, chain)).fetchone() is not None
        )

    def valid(self, heads: Mapping[int, int]) -> bytes:
        """Digest of the operations that are not in quarantine."""
        state = hashlib.sha256()
        for row in self._db.execute(
            "SELECT author, number, standing, chain FROM operation"
            " WHERE standing < ? AND author > 0 ORDER BY author, number",
            (QUARANTINED,),
        ):
            state.update(repr(tuple(row)).encode())
        return state.digest()

    def picture(self, heads: Mapping[int, int]) -> bytes:
        """Digest of every row of the projection, save the order in which things arrived here."""
        state = hashlib.sha256()
        for table, order in _TABLES:
            rows = self._db.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 - ours
            for row in rows:
                shown = {name: row[name] for name in row.keys() if name != "seq"}  # noqa: SIM118
                state.update(repr((table, sorted(shown.items()))).encode())
        return state.digest()

    def faults(self) -> list[str]:
        """Tables that folding the log anew would fill otherwise; changes in vain."""
        return [*projection_differences(self._db), *self._sights.faults(self._store)]

    def close(self) -> None:
        """Close the file."""
        self._store.close()


_TABLES = [
    *((kind_table(kind), "id") for kind in SCHEMA.kinds),
    ("search", "rowid"),
    ("addressed", "member, message"),
    ("overruled", "author, number, field"),
]


def sql_disks(folder: Path, clock: Callable[[], float]) -> Callable[[], SqlDisk]:
    """Makes empty SQLite logs; all after the first are copies of it."""
    serial = itertools.count(1)
    first: list[SqlDisk] = []

    def make() -> SqlDisk:
        if not first:
            first.append(SqlDisk(folder, serial, clock))
        return first[0].copied()

    return make
