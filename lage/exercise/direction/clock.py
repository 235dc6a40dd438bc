# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The clock of an exercise: it runs, stands, hurries and jumps as the direction wants. Pure.

A clock is a straight line: so much of the exercise had passed at a moment, and so fast it goes on
since. All numbers are whole milliseconds, so a clock that was folded anew stands where it stood.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lage.store.timebase import Line

TEMPO_MAX = 600.0
TEMPO_MIN = 0.1


@dataclass(frozen=True, slots=True)
class ExerciseClock:
    """Exercise time against the time on the wall."""

    wall_ms: int = 0  # when the line begins
    passed_ms: int = 0  # of the exercise at that moment
    tempo: float = 1.0
    running: bool = False

    def passed(self, wall_ms: int) -> int:
        """Milliseconds of the exercise at that moment; a wall clock set back stops nothing."""
        if not self.running:
            return self.passed_ms
        return self.passed_ms + round(max(0, wall_ms - self.wall_ms) * self.tempo)

    def wall(self, passed_ms: int) -> int | None:
        """When it will be so late in the exercise; None while the clock stands."""
        if passed_ms <= self.passed_ms:
            return self.wall_ms
        if not self.running:
            return None
        return self.wall_ms + round((passed_ms - self.passed_ms) / self.tempo)

    def line(self, begin: float) -> Line:
        """What all processes at one computer go by; ``begin``: unix time of the script at X+00."""
        now = begin + self.passed_ms / 1000
        return Line(self.wall_ms / 1000, now, self.tempo if self.running else 0.0)

    def run(self, wall_ms: int) -> ExerciseClock:
        """Go on from here."""
        return replace(self._at(wall_ms), running=True)

    def stand(self, wall_ms: int) -> ExerciseClock:
        """Stop here."""
        return replace(self._at(wall_ms), running=False)

    def hurry(self, wall_ms: int, tempo: float) -> ExerciseClock:
        """Go on at another tempo."""
        return replace(self._at(wall_ms), tempo=min(TEMPO_MAX, max(TEMPO_MIN, tempo)))

    def jump(self, wall_ms: int, passed_ms: int) -> ExerciseClock:
        """Go on from a later moment of the exercise; never back, what was written stays."""
        here = self._at(wall_ms)
        return replace(here, passed_ms=max(here.passed_ms, passed_ms))

    def _at(self, wall_ms: int) -> ExerciseClock:
        later = max(self.wall_ms, wall_ms)
        return replace(self, wall_ms=later, passed_ms=self.passed(wall_ms))
