# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What only this node knows: settings, drafts, what peers hold, private parts, documents."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from lage.kinds.setting import Setting
from lage.store.durable import durable, not_written
from lage.store.tables import pack_id, unpack_id
from sync.schema.definition import EntityId
from sync.wire.statement import Statement

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Peer:
    """What is known of another node; None means never heard directly."""

    author: int
    heard: int | None  # unix seconds
    snr_db: float | None
    hops: int | None


_HOLDS = "INSERT INTO peer_has VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET number = "


def _rows(vectors: Mapping[int, Mapping[int, int]]) -> list[tuple[int, int, int]]:
    return [
        (peer, author, number)
        for peer, vector in vectors.items()
        for author, number in vector.items()
    ]


class Local:
    """This node's own affairs; each call is one durable change, or a StoreError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def _write(self, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
        try:
            return self._db.execute(sql, values)
        except sqlite3.OperationalError as error:
            raise not_written(error) from error

    def setting(self, setting: Setting[T]) -> T:
        """What is kept, or the setting's default."""
        query = "SELECT value FROM setting WHERE key = ?"
        row = self._db.execute(query, (setting.key,)).fetchone()
        try:
            return setting.read(json.loads(row[0])) if row else setting.default
        except ValueError:
            return setting.default

    def keep(self, setting: Setting[T], value: T) -> None:
        """Keep a setting."""
        self._write(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (setting.key, json.dumps(setting.kept(value), ensure_ascii=False)),
        )

    def save_draft(self, form: str, content: Mapping[str, Any], now_unix: int) -> None:
        """Keep what stands in a form, so that it survives a crash."""
        self._write(
            "INSERT INTO draft VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
            " content = excluded.content, saved = excluded.saved",
            (form, json.dumps(dict(content), ensure_ascii=False), now_unix),
        )

    def draft(self, form: str) -> dict[str, Any] | None:
        """What was left in a form."""
        row = self._db.execute("SELECT content FROM draft WHERE form = ?", (form,)).fetchone()
        return dict(json.loads(row[0])) if row else None

    def drafts(self) -> list[str]:
        """Forms in which something was left, the newest first."""
        rows = self._db.execute("SELECT form FROM draft ORDER BY saved DESC, form")
        return [str(row[0]) for row in rows]

    def drop_draft(self, form: str) -> None:
        """The form was sent or given up."""
        self._write("DELETE FROM draft WHERE form = ?", (form,))

    def save_peers(self, peers: Iterable[Peer], vectors: Mapping[int, Mapping[int, int]]) -> None:
        """Keep what each peer is believed to hold now: peer -> author -> last number, of which 0
        takes back what was believed before."""
        with durable(self._db):
            self._db.executemany(
                "INSERT INTO peer VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " heard = coalesce(excluded.heard, heard), snr = excluded.snr,"
                " hops = excluded.hops",
                [(p.author, p.heard, p.snr_db, p.hops) for p in peers],
            )
            self._db.executemany(_HOLDS + "excluded.number", _rows(vectors))

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

    def keep_statement(self, statement: Statement) -> None:
        """Keep what a member signed to hold; its latest word is handed on."""
        with durable(self._db):
            self._keep_statement(statement)

    def _keep_statement(self, statement: Statement) -> None:
        held = _rows({statement.member: statement.heads})
        self._db.executemany(_HOLDS + "max(number, excluded.number)", held)
        self._write(
            "INSERT INTO statement VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
            " stamp = excluded.stamp, bytes = excluded.bytes WHERE excluded.stamp > stamp",
            (statement.member, statement.stamp, statement.data),
        )

    def statements(self) -> list[bytes]:
        """The latest word of each member, signed."""
        return [row[0] for row in self._db.execute("SELECT bytes FROM statement ORDER BY member")]

    def statement_stamps(self) -> dict[int, int]:
        """Member -> log time of its latest word."""
        return dict(self._db.execute("SELECT member, stamp FROM statement"))

    def statement(self, member: int) -> bytes:
        """The latest word of a member; empty without one."""
        query = "SELECT bytes FROM statement WHERE member = ?"
        row = self._db.execute(query, (member,)).fetchone()
        return row[0] if row else b""

    def keep_private(self, helper: EntityId, content: bytes, delete_at: int | None) -> None:
        """Keep a helper's private part, encrypted, to be deleted at that log time."""
        self._write(
            "INSERT INTO private VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
            " content = excluded.content, delete_at = excluded.delete_at",
            (pack_id(helper), content, delete_at),
        )

    def private(self, helper: EntityId) -> bytes | None:
        """A helper's private part, encrypted."""
        row = self._db.execute(
            "SELECT content FROM private WHERE helper = ?", (pack_id(helper),)
        ).fetchone()
        return row[0] if row else None

    def drop_private(self, helper: EntityId) -> bool:
        """Drop a helper's private part; whether there was one."""
        gone = self._write("DELETE FROM private WHERE helper = ?", (pack_id(helper),))
        return gone.rowcount > 0

    def private_dates(self) -> list[tuple[EntityId, int | None]]:
        """Helpers with a private part here, and when it is to be deleted."""
        rows = self._db.execute("SELECT helper, delete_at FROM private ORDER BY helper")
        return [(unpack_id(helper), delete_at) for helper, delete_at in rows]

    def keep_document(self, digest: bytes, content: bytes, text: str | None) -> None:
        """Keep a document's content, with its words folded for searching."""
        self._write(
            "INSERT INTO document VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (digest, content, text)
        )

    def document(self, digest: bytes) -> bytes | None:
        """A document's content, if it was brought to this node."""
        row = self._db.execute("SELECT content FROM document WHERE hash = ?", (digest,)).fetchone()
        return row[0] if row else None

    def documents_held(self) -> set[bytes]:
        """Hashes of the documents whose content is here."""
        return {row[0] for row in self._db.execute("SELECT hash FROM document")}

    def documents_with(self, words: Iterable[str]) -> list[tuple[bytes, str]]:
        """(hash, folded text) of the text documents here that hold all these folded words."""
        chosen = list(words)
        condition = " AND ".join(["text IS NOT NULL", *("instr(text, ?) > 0" for _ in chosen)])
        rows = self._db.execute(f"SELECT hash, text FROM document WHERE {condition}", chosen)
        return [(digest, text) for digest, text in rows]
