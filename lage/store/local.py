# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What only this node knows: settings, drafts, what peers hold."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Peer:
    """What is known of another node; None means never heard directly."""

    author: int
    heard: int | None  # unix seconds
    snr_db: float | None
    hops: int | None


class Local:
    """This node's own affairs; each call is one durable change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def setting(self, key: str, default: Any = None) -> Any:
        """A setting as JSON value."""
        row = self._db.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else default

    def keep(self, key: str, value: Any) -> None:
        """Keep a setting."""
        self._db.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (key, json.dumps(value, ensure_ascii=False)),
        )

    def save_draft(self, form: str, content: Mapping[str, Any], now_unix: int) -> None:
        """Keep what stands in a form, so that it survives a crash."""
        self._db.execute(
            "INSERT INTO draft VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
            " content = excluded.content, saved = excluded.saved",
            (form, json.dumps(dict(content), ensure_ascii=False), now_unix),
        )

    def draft(self, form: str) -> dict[str, Any] | None:
        """What was left in a form."""
        row = self._db.execute("SELECT content FROM draft WHERE form = ?", (form,)).fetchone()
        return dict(json.loads(row[0])) if row else None

    def drop_draft(self, form: str) -> None:
        """The form was sent or given up."""
        self._db.execute("DELETE FROM draft WHERE form = ?", (form,))

    def save_peers(self, peers: Iterable[Peer], vectors: Mapping[int, Mapping[int, int]]) -> None:
        """Keep what each peer is known to hold: peer -> author -> last number."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany(
                "INSERT INTO peer VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " heard = excluded.heard, snr = excluded.snr, hops = excluded.hops",
                [(p.author, p.heard, p.snr_db, p.hops) for p in peers],
            )
            self._db.executemany(
                "INSERT INTO peer_has VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
                " number = max(number, excluded.number)",
                [
                    (peer, author, number)
                    for peer, vector in vectors.items()
                    for author, number in vector.items()
                ],
            )
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def peers(self) -> list[Peer]:
        """All nodes ever heard of."""
        return [
            Peer(*row)
            for row in self._db.execute("SELECT author, heard, snr, hops FROM peer ORDER BY author")
        ]

    def vectors(self) -> dict[int, dict[int, int]]:
        """peer -> author -> last number that peer is known to hold."""
        found: dict[int, dict[int, int]] = {}
        for peer, author, number in self._db.execute("SELECT peer, author, number FROM peer_has"):
            found.setdefault(peer, {})[author] = number
        return found

    def holders(self, author: int, number: int) -> set[int]:
        """Nodes known to hold that operation, its author included."""
        rows = self._db.execute(
            "SELECT peer FROM peer_has WHERE author = ? AND number >= ?", (author, number)
        )
        return {author, *(row[0] for row in rows)}
