# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What time it is: the computer's clock, or in an exercise the clock of its script.

An exercise may run faster than real time, stand still or jump. All processes of it read the same
``uhr.json`` beside their logs, again whenever it changes, so screen, command line, nodes and the
simulated air agree. A real network has none.

Where staffs sit at several computers, on real radios, only the time of what is written follows the
exercise: timers, airtime and announcements keep real time.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from lage.language.errors import StoreError, why
from maps.read.files import load_json, read_regular

CLOCK_FILE = "uhr.json"
LOOK_S = 0.2
"""So often is looked whether the clock was set."""


@dataclass(frozen=True, slots=True)
class Line:
    """Script time passes ``speed`` times as fast as real time, from a common start."""

    real_start: float = 0.0  # unix seconds
    begin: float = 0.0  # unix seconds of script time at that moment
    speed: float = 1.0  # 0: it stands
    hurries: bool = True  # timers and the air go by it too, for all of the air is simulated

    @property
    def pace(self) -> float:
        """How fast timers and the air run: while the script stands radios go on as usual."""
        return (self.speed or 1.0) if self.hurries else 1.0

    def unix(self, real: float) -> float:
        """Unix time of the script at that moment."""
        return self.begin + (real - self.real_start) * self.speed


class Timebase:
    """The clock of a folder. Timers on it never go backwards, however it is set."""

    def __init__(
        self,
        real_start: float = 0.0,
        begin: float = 0.0,
        speed: float = 1.0,
        *,
        hurries: bool = True,
        file: Path | None = None,
        stamp: tuple[int, int] = (0, 0),
    ) -> None:
        """``file``: where the line stands, to be read again when its stamp changes."""
        self.line = Line(real_start, begin, speed, hurries)
        self._file = file
        self._stamp = stamp
        self._looked = time.monotonic()
        self._turned = 0.0, 0.0  # monotonic seconds, and milliseconds that timers had then

    @property
    def own(self) -> bool:
        """Whether this is another clock than the computer's."""
        return self.line != Line()

    def unix(self) -> float:
        """Unix time as this network's staffs see it."""
        line = self._now()
        if line == Line():
            return time.time()
        return line.unix(time.time())

    @property
    def steady(self) -> bool:
        """Whether it stands, jumps and hurries without its timers."""
        return not self.line.hurries

    @property
    def outrun(self) -> float:
        """So many times as fast as its timers it runs."""
        return self.line.speed / self.line.pace if self.line.speed else 1.0

    def elapsed(self) -> float:
        """Script seconds since the start, where the clock was never set anew."""
        line = self._now()
        return (time.time() - line.real_start) * line.speed

    def monotonic_ms(self) -> int:
        """Milliseconds for timers, running at this timebase's pace, never backwards."""
        line = self._now()
        since, ms = self._turned
        return int(ms + (time.monotonic() - since) * 1000 * line.pace)

    def real_seconds(self, ms: int) -> float:
        """Real seconds that this many of our milliseconds take."""
        return ms / 1000 / self.line.pace

    def _now(self) -> Line:
        """The line as it is now; one that cannot be read leaves the clock as it was."""
        now = time.monotonic()
        if self._file is None or now - self._looked < LOOK_S:
            return self.line
        self._looked = now
        stamp = _stamp(self._file)
        if stamp == self._stamp:
            return self.line
        try:
            line = _read(self._file)
        except StoreError:
            return self.line
        since, ms = self._turned
        self._turned = now, ms + (now - since) * 1000 * self.line.pace
        self._stamp, self.line = stamp, line
        return line


def write_timebase(folder: Path, timebase: Timebase) -> None:
    """Give an exercise folder its clock, or set it; a reader never sees half of it."""
    write_line(folder, timebase.line)


def write_line(folder: Path, line: Line) -> None:
    """The same by its line alone."""
    path = folder / CLOCK_FILE
    fresh = path.with_suffix(".neu")
    fresh.write_text(json.dumps(asdict(line)), "utf8")
    os.replace(fresh, path)


def read_timebase(folder: Path, *, exercise: bool) -> Timebase:
    """The clock of a folder; only exercises may have one of their own, and may be given it while
    somebody reads this one. Raises StoreError."""
    path = folder / CLOCK_FILE
    if not exercise:
        return Timebase()
    if not path.exists():
        return Timebase(file=path)
    stamp = _stamp(path)
    line = _read(path)
    about = line.real_start, line.begin, line.speed
    return Timebase(*about, hurries=line.hurries, file=path, stamp=stamp)


def _read(path: Path) -> Line:
    try:
        return Line(**load_json(read_regular(path, 10_000).decode()))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise StoreError(f"Die Übungsuhr {path} ist nicht lesbar: {why(error)}.") from error


def _stamp(path: Path) -> tuple[int, int]:
    """Differs after a change of the file."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_ino
