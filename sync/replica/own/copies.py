# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Urgent frames are sent once more, before anybody can know that somebody missed them.

A flood that a node missed is noticed with the next one, minutes later. So what is urgent is flooded
again as soon as the first flood is over. That is decided by the author alone, so nobody else can
make a node repeat anything; and no more often an hour than ``copies_hour_max``, whatever is
written.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from sync.replica.config import EngineConfig
from sync.replica.events import Priority

COPIES_MAX = 32
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Copy:
    """Own operations first..last, to be sent again."""

    first: int
    last: int
    priority: Priority
    due: int
    latest: int  # if others' urgent floods hold it up
    left: int  # copies to come after this one


class Copies:
    """What of one's own goes out again, and when."""

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._made: deque[int] = deque(maxlen=config.copies_hour_max)  # when
        self._copies: deque[Copy] = deque(maxlen=COPIES_MAX)

    @property
    def deadline(self) -> int | None:
        """When a copy is due."""
        return min((copy.due for copy in self._copies), default=None)

    @property
    def ends(self) -> int:
        """When the last copy of all is due, as it looks now; 0 if there is none."""
        gap = self._config.copy_gap_ms
        return max((copy.due + copy.left * gap for copy in self._copies), default=0)

    def of(self, priority: Priority) -> int:
        """How many copies follow a frame of that class."""
        if priority is Priority.FLASH:
            return self._config.flash_copies
        return self._config.urgent_copies if priority is Priority.IMMEDIATE else 0

    def _may(self, now: int) -> bool:
        """Whether the hour has room for one more, which is counted."""
        made = self._made
        if len(made) == made.maxlen and (not made or made[0] > now - _HOUR_MS):
            return False
        made.append(now)
        return True

    def sent(self, first: int, last: int, priority: Priority, now: int) -> None:
        """A frame of these went out for the first time."""
        left = self.of(priority)
        if left and self._may(now):
            self._copies.append(Copy(first, last, priority, *self._times(now), left - 1))

    def repeat(self, first: int, last: int, priority: Priority, now: int) -> None:
        """Once more, now. Whoever asks for that keeps the account: it takes no later copy away."""
        self._copies.append(Copy(first, last, priority, now, now, 0))

    def yields(self, now: int) -> None:
        """Another's urgent flood is on its way: copies leave it the air for a moment.

        Where several write urgent things within seconds, the copy of one is no match for the
        first flood of another, and both are lost where they meet.
        """
        free = now + self._config.copy_yield_ms
        later = (replace(copy, due=max(copy.due, min(free, copy.latest))) for copy in self._copies)
        self._copies = deque(later, COPIES_MAX)

    def _times(self, now: int) -> tuple[int, int]:
        """When the copy after a flood is due, and when at the latest."""
        due = now + self._config.copy_gap_ms
        return due, due + 2 * self._config.copy_yield_ms

    def take(self, now: int) -> list[Copy]:
        """Copies that are due; ``left`` says whether more follow."""
        found = []
        for copy in [copy for copy in self._copies if copy.due <= now]:
            self._copies.remove(copy)
            left = copy.left if copy.left and self._may(now) else 0
            if left:
                due, latest = self._times(now)
                self._copies.append(replace(copy, due=due, latest=latest, left=left - 1))
            found.append(replace(copy, left=left))
        return found

    def spare(self, upto: int) -> None:
        """Everybody has what goes no further than that."""
        self._copies = deque((copy for copy in self._copies if copy.last > upto), COPIES_MAX)

    def clear(self) -> None:
        """Nothing of it is to be sent any more."""
        self._copies.clear()
