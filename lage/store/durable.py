# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Changes of the log file: whole or not at all, and what refuses them in words for the user."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lage.language.errors import MEDIUM, StoreError, why


@contextmanager
def durable(db: sqlite3.Connection) -> Iterator[None]:
    """One durable change; a full disk or a locked file becomes a StoreError.

    Within another one it is a part of that, which stands or falls as a whole.
    """
    if db.in_transaction:
        yield
        return
    try:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if db.in_transaction:  # some refusals have already rolled back
                db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise not_written(error) from error


def not_written(error: sqlite3.Error) -> StoreError:
    """What the user is told when something could not be saved."""
    return StoreError(
        f"Das Lagebuch kann nicht geschrieben werden ({why(error)}): Platz und Rechte"
        " prüfen und ob ein anderes Programm die Datei sperrt, dann noch einmal versuchen."
    )


def not_opened(path: Path, error: sqlite3.Error) -> StoreError:
    """What the user is told when a log does not open: it is damaged, or only out of reach."""
    reason = _reason(error)
    if reason is None:
        return StoreError(
            f"Die Datei {path} ist als Lagebuch nicht mehr lesbar: bitte mit „lage retten"
            " NEUER-ORDNER“ alles Lesbare herausholen, sonst eine Sicherung mit „lage"
            " wiederherstellen“ einspielen oder einen anderen Ordner mit --daten wählen."
        )
    return StoreError(
        f"Das Lagebuch {path} ist nicht zugänglich ({reason}): Platz und Rechte prüfen, dann noch"
        " einmal versuchen."
    )


def _reason(error: sqlite3.Error) -> str | None:
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else MEDIUM.get(code & 0xFF)
