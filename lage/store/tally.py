# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much was handed in lately, counted for all processes of a portal together.

A device is a number of sixteen bits, which changes by the hour: each stands for 65,000 addresses,
so that whoever steals the file learns no visitor's; two devices of one number share an account,
which costs one of them a sum to work out. What is older than an hour goes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from lage.store.databases import Database, Run

MINUTE_S, HOUR_S = 60, 3600
SPENT_MAX = 50_000
TABLES = """
CREATE TABLE IF NOT EXISTS taken (account TEXT NOT NULL, device INTEGER, at BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS taken_at ON taken (account, at);
CREATE TABLE IF NOT EXISTS spent (seq {serial}, id {bytes} NOT NULL UNIQUE);
"""
May = Callable[[int, int], bool]


class Tally:
    """The accounts of one inbox."""

    def __init__(self, database: Database) -> None:
        self._db = database
        database.prepare(TABLES)

    def weigh(
        self, account: str, device: int | None, now: int, may: May | None = None
    ) -> tuple[int, int]:
        """How many that device handed in within this hour, and all together within a minute.

        ``device`` None: one that is not counted. Where ``may`` says so of the two, one more is
        noted, in the same step: of two processes that ask at once, the second sees the first's.
        """
        if may is None:
            with self._db.look() as run:
                return _counts(run, account, device, now)
        with self._db.change() as run:
            self._db.lock(run, "taken")
            run("DELETE FROM taken WHERE at <= ? OR at > ?", (now - HOUR_S, now + MINUTE_S))
            mine, all_of_them = _counts(run, account, device, now)
            if may(mine, all_of_them):
                run("INSERT INTO taken VALUES (?, ?, ?)", (account, device, now))
        return mine, all_of_them

    def spend(self, ticket_id: bytes) -> None:
        """That ticket's form counts no more; of the oldest it is forgotten."""
        with self._db.change() as run:
            run("INSERT INTO spent (id) VALUES (?) ON CONFLICT (id) DO NOTHING", (ticket_id,))
            run("DELETE FROM spent WHERE seq <= (SELECT MAX(seq) FROM spent) - ?", (SPENT_MAX,))

    def is_spent(self, ticket_id: bytes) -> bool:
        """Whether that ticket's form counts no more."""
        with self._db.look() as run:
            return bool(run("SELECT 1 FROM spent WHERE id = ?", (ticket_id,)))


def device_number(device: str, now: float, secret: bytes) -> int | None:
    """The number of a device within this hour; None for one that is not counted."""
    if not device:
        return None
    hour = int(now // HOUR_S).to_bytes(8, "big", signed=True)
    short = hashlib.blake2b(hour + device.encode(), key=secret[:32], digest_size=2)
    return int.from_bytes(short.digest(), "big")


def _counts(run: Run, account: str, device: int | None, now: int) -> tuple[int, int]:
    span = "SELECT COUNT(*) FROM taken WHERE account = ? AND at > ? AND at <= ?"
    ((minute,),) = run(span, (account, now - MINUTE_S, now))
    if device is None:
        return 0, minute
    began = now // HOUR_S * HOUR_S
    ((mine,),) = run(f"{span} AND device = ?", (account, began - 1, now, device))
    return mine, minute
