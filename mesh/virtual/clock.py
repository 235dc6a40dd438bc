# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The clock of a simulated air: real time times a speed, or one that may be set while it runs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

LOOK_S = 0.25
"""So often is looked whether a clock that may be set has been."""


class Clock(Protocol):
    """By what the air runs, where that is not real time times a speed; never goes backwards."""

    def monotonic_ms(self) -> int:
        """Milliseconds of the air."""

    def real_seconds(self, ms: int) -> float:
        """How long those take at present."""


@dataclass(frozen=True, slots=True)
class Steady:
    """Real time times a speed."""

    speed: float

    def monotonic_ms(self) -> int:
        """Milliseconds of the air."""
        return int(time.monotonic() * 1000 * self.speed)

    def real_seconds(self, ms: int) -> float:
        """How long those take."""
        return ms / 1000 / self.speed
