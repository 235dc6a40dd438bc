# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A folder whose time stands still: it shows a past moment and is only read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from lage.language.errors import StoreError, why
from maps.read.files import load_json, read_regular

STANDSTILL_FILE = "wiedergabe.json"


@dataclass(frozen=True, slots=True)
class Standstill:
    """Which moment, and what is said of it everywhere."""

    unix: int
    title: str


def write_standstill(folder: Path, moment: Standstill) -> None:
    """From now on the folder shows that moment."""
    (folder / STANDSTILL_FILE).write_text(json.dumps(asdict(moment), ensure_ascii=False), "utf8")


def read_standstill(folder: Path) -> Standstill | None:
    """The moment that a folder shows; None for one that lives. Raises StoreError."""
    path = folder / STANDSTILL_FILE
    if not path.exists():
        return None
    try:
        moment = Standstill(**load_json(read_regular(path, 10_000).decode()))
        if type(moment.unix) is not int or type(moment.title) is not str:
            raise TypeError("no moment")
        return moment
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise StoreError(f"Die Datei {path} ist nicht lesbar: {why(error)}.") from error
