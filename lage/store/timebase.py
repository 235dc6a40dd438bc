# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What time it is: the computer's clock, or in an exercise the clock of its script.

An exercise may run faster than real time. All processes of it read the same ``uhr.json`` beside
their logs, so screen, command line, nodes and the simulated air agree. A real network has none.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from lage.language.errors import StoreError, why
from maps.read.files import load_json, read_regular

CLOCK_FILE = "uhr.json"


@dataclass(frozen=True, slots=True)
class Timebase:
    """Script time passes ``speed`` times as fast as real time, from a common start."""

    real_start: float = 0.0  # unix seconds
    begin: float = 0.0  # unix seconds of script time at that moment
    speed: float = 1.0

    def unix(self) -> float:
        """Unix time as this network's staffs see it."""
        if self.speed == 1.0 and not self.real_start:
            return time.time()
        return self.begin + (time.time() - self.real_start) * self.speed

    def elapsed(self) -> float:
        """Script seconds since the start."""
        return (time.time() - self.real_start) * self.speed

    def monotonic_ms(self) -> int:
        """Milliseconds for timers, running at this timebase's speed, never backwards."""
        return int(time.monotonic() * 1000 * self.speed)

    def real_seconds(self, ms: int) -> float:
        """Real seconds that this many of our milliseconds take."""
        return ms / 1000 / self.speed


def write_timebase(folder: Path, timebase: Timebase) -> None:
    """Give an exercise folder its clock."""
    (folder / CLOCK_FILE).write_text(json.dumps(asdict(timebase)), "utf8")


def read_timebase(folder: Path, *, exercise: bool) -> Timebase:
    """The clock of a folder; only exercises may have one of their own. Raises StoreError."""
    path = folder / CLOCK_FILE
    if not exercise or not path.exists():
        return Timebase()
    try:
        return Timebase(**load_json(read_regular(path, 10_000).decode()))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise StoreError(f"Die Übungsuhr {path} ist nicht lesbar: {why(error)}.") from error
