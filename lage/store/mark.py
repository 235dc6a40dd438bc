# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How far this node has written, noted outside the log.

A log that lost its write-ahead log, or was copied without it, or was put back by hand, looks whole
and would use numbers a second time that are out there already: the feed would fork. The mark is a
small file beside the log, written after each entry is durable; a log that holds less than its mark
says, or that knows of a mark where there is none, is not continued.

The file is written in place: after a power cut it may lag behind, which is harmless.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lage.kinds.setting import MARKED
from lage.language.errors import KeysError, StoreError
from maps.read.files import check_replaceable, read_regular

if TYPE_CHECKING:
    from lage.store import Store

MARK_FILE = "stand.txt"


class Held(Protocol):
    """What a log says of its feeds."""

    def head(self, author: int) -> int:
        """Last number with nothing missing before it."""

    def chain(self, author: int, number: int) -> bytes | None:
        """Chain value after that operation."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The last entry written here."""

    author: int
    number: int
    chain: bytes  # 16 bytes

    def fits(self, log: Held) -> bool:
        """Whether the log holds that very entry."""
        return self.number <= log.head(self.author) and (
            log.chain(self.author, self.number) == self.chain
        )


def read_mark(folder: Path) -> Mark | None:
    """The mark of a folder; None where there is none that can be read."""
    try:
        author, number, chain = read_regular(folder / MARK_FILE, 1000).decode("ascii").split()
        return Mark(int(author), int(number), bytes.fromhex(chain))
    except (OSError, ValueError):
        return None


def check_mark(folder: Path, author: int, store: Store) -> None:
    """Raises KeysError where the log holds less than was written: it must not be continued."""
    mark = read_mark(folder)
    if mark is not None and mark.author == author:
        lost = not mark.fits(store.log)
    else:  # gone or unreadable, although the log says that there is one
        lost = mark is None and store.local.setting(MARKED) == author
    if lost:
        raise KeysError(
            "Dem Lagebuch fehlen eigene Einträge, die schon geschrieben waren (unvollständig"
            " kopiert oder zurückgesetzt?): damit keine Nummer zweimal vergeben wird, bitte die"
            " vollständige Kopie samt lage.db-wal benutzen oder mit „lage knoten nachfolge“"
            " einen Nachfolger anmelden."
        )


def note_mark(folder: Path, author: int, store: Store) -> None:
    """Note beside the log how far this node has written; the log remembers that there is a mark.

    The first mark is synced; later ones overwrite the same bytes of the same sector, so a power
    cut leaves an older mark and never an unreadable one.
    """
    head = store.log.head(author)
    first = store.local.setting(MARKED) != author
    mark = Mark(author, head, store.log.chain(author, head) or bytes(16))
    if write_mark(folder, mark, sync=first) and first:
        with suppress(StoreError):  # what was written is safe; the next entry tries again
            store.local.keep(MARKED, author)


def write_mark(folder: Path, mark: Mark, *, sync: bool = False) -> bool:
    """Write the mark in place; whether the disk took it. One that refuses leaves the older mark."""
    line = f"{mark.author:5d} {mark.number:10d} {mark.chain.hex()}\n".encode()
    try:
        check_replaceable(folder / MARK_FILE)
        descriptor = os.open(folder / MARK_FILE, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
            if sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        return False  # the entry is safe; a mark that lags behind only sees less
    return True
