# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A folder that shows a past moment and is only read.

A file beside the log says so. The moment stands in the log itself where the folder can go on to
others (``lage.store.reel``), so that no reader ever sees one moment's time and another's entries.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lage.kinds.setting import Setting, exactly
from lage.language.epoch import to_unix
from lage.language.errors import StoreError, why
from lage.language.tactical import tactical
from lage.store.local import Local
from maps.read.files import load_json, read_regular

STANDSTILL_FILE = "wiedergabe.json"


@dataclass(frozen=True, slots=True)
class Standstill:
    """Which moment, and in whose eyes."""

    moment: int  # log time
    view: str

    @property
    def title(self) -> str:
        """What is said of it everywhere."""
        return f"WIEDERGABE {tactical(self.moment)}, {self.view}"


def _read(kept: Any) -> Standstill:
    return Standstill(exactly(int)(kept["moment"]), exactly(str)(kept["view"]))


MOMENT = Setting("augenblick", Standstill(0, ""), _read, asdict)
"""What a log shows that can go on to other moments."""


class Past:
    """What a folder shows, as it goes on."""

    def __init__(self, first: Standstill, local: Local) -> None:
        """``first``: as the folder says; the log knows better where it has gone on."""
        self._first, self._local = first, local

    @property
    def now(self) -> Standstill:
        """The moment that is shown."""
        moved = self._local.setting(MOMENT)
        return moved if moved.view else self._first

    def __str__(self) -> str:
        """What is said of it everywhere."""
        return self.now.title

    def unix(self) -> float:
        """Unix seconds of it."""
        return float(to_unix(self.now.moment))


def write_standstill(folder: Path, moment: Standstill) -> None:
    """From now on the folder shows the past."""
    (folder / STANDSTILL_FILE).write_text(json.dumps(asdict(moment), ensure_ascii=False), "utf8")


def read_standstill(folder: Path) -> Standstill | None:
    """The moment that a folder shows; None for one that lives. Raises StoreError."""
    path = folder / STANDSTILL_FILE
    if not path.exists():
        return None
    try:
        return _read(load_json(read_regular(path, 10_000).decode()))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise StoreError(f"Die Datei {path} ist nicht lesbar: {why(error)}.") from error
