# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The clock of an exercise at a computer that its direction is not at: set by the direction's word.

All processes of the folder read it from there (``lage.store.timebase``). A jump of the clock makes
nobody silent: what this node knows of the others' last sign of life jumps along.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from lage.store.timebase import write_line
from lage.views.exercise_clock import told_clock

if TYPE_CHECKING:
    from lage.station import Station

JUMP_S = 30
"""Less is no matter for anybody's silence."""


class ExerciseClock:
    """Follows the direction's word, from turn to turn of the node."""

    def __init__(self, station: Station, jumped: Callable[[int], None]) -> None:
        """``jumped`` is told by how many seconds the clock was set, back if negative."""
        self._station, self._jumped = station, jumped
        self._newest = -1
        self._line = station.timebase.line

    def turn(self) -> None:
        """Set it where the direction has said something new."""
        if not self._station.exercise:
            return
        newest = self._station.newest()
        if newest != self._newest:
            self._newest = newest
            self._follow()
        self._station.unix()  # looks whether it was set
        line = self._station.timebase.line
        if line != self._line:
            now = time.time()
            by, self._line = round(line.unix(now) - self._line.unix(now)), line
            if abs(by) > JUMP_S:
                self._jumped(by)

    def _follow(self) -> None:
        told = told_clock(self._station.reader, self._station.directory)
        if told is not None and told.line != self._station.timebase.line:
            write_line(self._station.folder, told.line)
