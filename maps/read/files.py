# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files of others: what they are is looked at before they are read, and how long it may take.

A name may be a pipe that never ends, a device that gives zeros for ever, or a database with a view
that counts to infinity. None of them may hold a staff's laptop.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sqlite3
import stat
import tomllib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

_HALF = re.compile(r"\\u[dD][89abAB]|\\u[dD][cdefCDEF]")
_KEY = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_TOML_DEPTH_MAX = 20
_LONG_PATH = re.compile(rf"(?<![\w-])(?:{_KEY}[ \t]*+\.[ \t]*+){{{_TOML_DEPTH_MAX}}}")
"""a.b.c.…: the reader's time grows with the square of their number."""
_STEPS_AT_A_TIME = 50_000
_ROUNDS_WITHOUT_A_ROW = 400
"""Twenty million steps of SQLite's machine, about a second, with no row to show for it."""


def regular_size(path: Path) -> int:
    """Bytes of an ordinary file. Raises OSError: ESPIPE for a pipe, a device or a socket."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.ESPIPE, "not an ordinary file", str(path))
    return status.st_size


def check_replaceable(path: Path) -> None:
    """Raises OSError where a folder, a pipe or a device has the name of a file to be written."""
    with suppress(FileNotFoundError):
        regular_size(path)


def read_regular(path: Path, limit: int) -> bytes:
    """The bytes of an ordinary file. Raises OSError: EFBIG for more than ``limit``."""
    if regular_size(path) > limit:
        raise OSError(errno.EFBIG, "too large", str(path))
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:  # it grew meanwhile, or its size is not told (/proc)
        raise OSError(errno.EFBIG, "too large", str(path))
    return content


def load_json(text: str, parse_constant: Callable[[str], Any] | None = None) -> Any:
    """A JSON document; halves of characters (``\\ud800``) that no text may hold become U+FFFD.

    Raises ValueError, RecursionError.
    """
    document = json.loads(text, parse_constant=parse_constant)
    return _whole(document) if _HALF.search(text) else document


def load_toml(text: str) -> dict[str, Any]:
    """A TOML document. Raises ValueError, RecursionError: too deep for a file written by hand."""
    if _LONG_PATH.search(text):
        raise RecursionError("dotted keys")
    document = tomllib.loads(text)
    level: list[Any] = [document]
    for _ in range(_TOML_DEPTH_MAX):
        if any(isinstance(item, int) and item.bit_length() > 64 for item in level):
            raise ValueError("Exceeds the limit of TOML's integers")
        level = [inner for item in level for inner in _within(item)]
    if level:
        raise RecursionError("nested tables")
    return document


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return value


class Patience:
    """Ends a query that computes for ever without giving a row (sqlite3.OperationalError)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._rounds = 0
        connection.set_progress_handler(self._wait, _STEPS_AT_A_TIME)

    def _wait(self) -> bool:
        self._rounds += 1
        return self._rounds > _ROUNDS_WITHOUT_A_ROW

    def row(self) -> None:
        """There was one: it may take as long again for the next."""
        self._rounds = 0
