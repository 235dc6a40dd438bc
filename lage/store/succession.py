# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who goes on from whom, as the fold needs it: from feed 0 in the log and those of allies."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from sync.feed.roster import ROOT, allied_blocks, read_roster

_Held = tuple[tuple[int, bytes], ...]


class Succession:
    """Successions by the county's word; read anew where feed 0 has another end than last time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._ends: _Held = ()
        self._blocks: tuple[int, ...] = ()
        self._follows: Mapping[int, int] = {}

    def follows(self) -> Mapping[int, int]:
        """Successor's number -> the number it goes on from."""
        if self._held((ROOT, *self._blocks)) != self._ends:
            records = self._records(ROOT)
            self._blocks = tuple(block.first for block in allied_blocks(records))
            allied = {first: self._records(first) for first in self._blocks}
            members = read_roster(b"", b"", records, allied).members  # whose keys: not asked here
            self._follows = {n: m.successor_of for n, m in members.items() if m.successor_of}
            self._ends = self._held((ROOT, *self._blocks))
        return self._follows

    def _held(self, feeds: tuple[int, ...]) -> _Held:
        """The feeds that have operations, each with the chain value at its end."""
        rows = self._db.execute(
            "SELECT f.author, o.chain FROM feed f JOIN operation o"
            " ON o.author = f.author AND o.number = f.head"
            f" WHERE f.author IN ({', '.join('?' * len(feeds))}) ORDER BY f.author",
            feeds,
        )
        return tuple((author, chain) for author, chain in rows)

    def _records(self, feed: int) -> list[bytes]:
        rows = self._db.execute(
            "SELECT bytes FROM operation WHERE author = ?1 AND number <="
            " (SELECT head FROM feed WHERE author = ?1) ORDER BY number",
            (feed,),
        )
        return [data for (data,) in rows]
