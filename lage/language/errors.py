# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that can go wrong in a way that a user can mend.

    LageError            exit 1   something failed
    +- UsageError        exit 2   the request itself is wrong
    |  +- NotFound       exit 2   names something that is not there
    |  +- NothingChanged exit 2   everything stands there already
    |  +- NotAllowed     exit 2   only another staff may do that
    |  +- ImportRefused  exit 2   a file with bad lines; carries every line's reason
    +- KeysError         exit 1   keys, passphrase, invitation
    +- StoreError        exit 1   the log on disk
    +- RadioError        exit 1   the radio or the way to it
    +- ServiceError      exit 1   a service on the internet

The message is one German sentence for the user: what is wrong, and how to mend it.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Sequence

from sync.feed.log import LogUnavailable

_REASONS = {
    errno.ENOENT: "gibt es nicht",
    errno.EEXIST: "gibt es schon",
    errno.EACCES: "keine Berechtigung",
    errno.EPERM: "keine Berechtigung",
    errno.EROFS: "der Datenträger ist schreibgeschützt",
    errno.ENOSPC: "auf dem Datenträger ist kein Platz mehr",
    errno.EIO: "der Datenträger ist fehlerhaft oder abgezogen",
    errno.EISDIR: "ist ein Ordner",
    errno.ESPIPE: "keine gewöhnliche Datei",
    errno.EFBIG: "zu groß",
    errno.ENOTDIR: "ein Teil des Pfades ist kein Ordner",
    errno.ECONNREFUSED: "die Verbindung wird abgelehnt",
    errno.ECONNRESET: "die Verbindung wurde abgebrochen",
    errno.ENETUNREACH: "es besteht keine Verbindung dorthin",
    errno.EHOSTUNREACH: "es besteht keine Verbindung dorthin",
    errno.EADDRINUSE: "schon belegt",
    errno.EADDRNOTAVAIL: "diese Adresse hat dieser Rechner nicht",
}
MEDIUM = {
    3: "keine Berechtigung",  # PERM
    5: "ein anderes Programm sperrt die Datei",  # BUSY
    6: "ein anderes Programm sperrt die Datei",  # LOCKED
    8: "die Datei ist schreibgeschützt",  # READONLY
    10: "der Datenträger ist voll oder fehlerhaft",  # IOERR
    13: "auf dem Datenträger ist kein Platz mehr",  # FULL
    14: "die Datei lässt sich nicht öffnen",  # CANTOPEN
}
"""By SQLite's primary result code. All of these leave the log as it was."""
_DATABASE = {**MEDIUM, 26: "die Datei ist keine Datenbank"}  # NOTADB


def why(error: Exception) -> str:
    """In German, what the operating system or a decoder complains of; to stand in a sentence.

    For what has no entry here the system's own words, which may be English.
    """
    if isinstance(error, UnicodeDecodeError):
        return "kein Text in UTF-8"
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0) or error.strerror or str(error)
    if isinstance(error, RecursionError):
        return "zu tief verschachtelt"
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return _DATABASE.get(code & 0xFF, "der Inhalt ist beschädigt")
    if str(error).startswith("Exceeds the limit"):
        return "eine Zahl hat zu viele Ziffern"
    return _misread(error) or "der Inhalt ist beschädigt"


def _misread(error: Exception) -> str:
    """Where a parser of JSON, TOML or YAML stopped; its own words are English."""
    mark = getattr(error, "problem_mark", None)  # YAML counts from 0
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))  # TOML
    if mark is not None:
        line, column = mark.line + 1, mark.column + 1
    elif hasattr(error, "lineno") and hasattr(error, "colno"):  # JSON
        line, column = error.lineno, error.colno
    elif found:
        line, column = found.groups()
    elif "(at end of document)" in str(error):
        return "am Ende fehlt etwas"
    else:
        return ""
    return f"ab Zeile {line}, Spalte {column} nicht zu verstehen"


class LageError(Exception):
    """Something failed; the message is for the user."""

    exit_code = 1


class UsageError(LageError):
    """The request itself is wrong."""

    exit_code = 2

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field  # name of the input that is wrong; empty where it is none of them


class NotFound(UsageError):
    """The request names something that is not there."""


class NothingChanged(UsageError):
    """What was typed is what the entry says already."""


class NotAllowed(UsageError):
    """Only another staff may do that (``lage.kinds.rights``)."""


class ImportRefused(UsageError):
    """A file with bad lines, or of a map bad objects: nothing was imported."""

    def __init__(
        self, message: str, problems: Sequence[tuple[int, str]], noun: str = "Zeile"
    ) -> None:
        super().__init__(message)
        self.noun = noun  # what the numbers count
        self.problems = tuple(problems)  # (line number from 1, reason)
        self.columns: tuple[int, ...] = ()  # of the problems, where a file has them


class Overruled(LageError):
    """What was written is saved and does not hold: somebody changed the same at the same time."""


class KeysError(LageError):
    """Keys, passphrase, request or invitation."""


class StoreError(LageError, LogUnavailable):
    """The log on disk cannot be read or written; the engine takes it for LogUnavailable."""


class RadioError(LageError):
    """The radio, or the way to it."""


class ServiceError(LageError):
    """A service on the internet, or the way to it."""
