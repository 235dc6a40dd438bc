# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The statements of every migration, by hash: logs on disk were made by them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from lage.store.tables import MIGRATIONS

PATH = Path(__file__).with_name("migrations.json")


def hashes() -> dict[str, str]:
    """Each migration's name and the hash of its statements."""
    return {
        name: hashlib.blake2b(sql.encode(), digest_size=16).hexdigest() for name, sql in MIGRATIONS
    }


def promised() -> dict[str, str]:
    """What the file says."""
    found: dict[str, str] = json.loads(PATH.read_text("utf8")) if PATH.exists() else {}
    return found


def broken(known: dict[str, str], now: dict[str, str]) -> list[str]:
    """Migrations that ran on logs and now read differently."""
    problems = [
        f"{name} has run on every log there is and cannot be changed: write the next migration"
        for name, digest in known.items()
        if now.get(name) != digest
    ]
    if list(now)[: len(known)] != list(known):
        problems.append(f"migrations {list(now)} are not {list(known)} and more")
    return problems


def write() -> list[str]:
    """Add what is new; what is broken instead, if anything is."""
    problems = broken(promised(), hashes())
    if not problems:
        PATH.write_text(json.dumps(hashes(), indent=1) + "\n", "utf8")
    return problems
