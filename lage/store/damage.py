# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log whose file is damaged: what SQLite complains of, in a sentence that says how to mend it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lage.language.errors import StoreError, why
from lage.store.durable import not_written


def sentence_of(error: BaseException) -> StoreError | None:
    """What the user is told; None for what is no trouble of the file's."""
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return None  # these are ours
    if isinstance(error, sqlite3.OperationalError):
        return not_written(error)
    if isinstance(error, sqlite3.DatabaseError):
        return StoreError(
            "Das Lagebuch ist beschädigt: bitte alle Programme von Lage beenden und mit"
            " „lage retten NEUER-ORDNER“ alles Lesbare herausholen; den Rest liefern die"
            " Nachbarn nach."
        )
    return None


@contextmanager
def noted(tell: Callable[[str], None]) -> Iterator[None]:
    """Go on after what cannot be read, having said so."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        tell(f"Datei: beschädigt, hier nicht weiter lesbar ({why(error)}); siehe „lage retten“")
