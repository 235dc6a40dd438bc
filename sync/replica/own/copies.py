# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Urgent frames are sent once more, before anybody can know that somebody missed them.

A flood that a node missed is noticed with the next one, minutes later. So what is urgent is flooded
again as soon as the first flood is over. A blitz goes once more, and so does a sofort while the
roll is being called for another's entry, when most floods are lost; but not soon after another's
flood, nor after a later one of one's own: the third loses more there than it brings. That is
decided by the author alone, so nobody else can make a node repeat anything; and for no more entries
an hour than ``copies_hour_max``, whatever is written, and a second time for half as many.
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
    again: bool = False  # a copy went before it, with all that belongs to it


class Copies:
    """What of one's own goes out again, and when."""

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._made: deque[int] = deque()  # when each entry's first copy was put down
        self._copies: deque[Copy] = deque(maxlen=COPIES_MAX)
        self._others: int | None = None  # when another wrote something urgent

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
        """How many copies of a frame of that class follow at most."""
        return self._config.urgent_copies if priority <= Priority.IMMEDIATE else 0

    def _room(self, now: int) -> int:
        """How many copies the hour has left."""
        while self._made and self._made[0] <= now - _HOUR_MS:
            self._made.popleft()
        return self._config.copies_hour_max - len(self._made)

    def sent(self, first: int, last: int, priority: Priority, now: int, *, dear: bool) -> None:
        """A frame of these went out for the first time. ``dear``: one copy of it is enough."""
        left = min(self.of(priority), 1) if dear else self.of(priority)
        self._overtake(priority)
        if left and self._room(now) > 0:
            self._made.append(now)
            self._copies.append(Copy(first, last, priority, *self._times(now), left - 1))

    def _overtake(self, priority: Priority) -> None:
        """What is as urgent and comes after leaves nothing older to go out a third time: that
        would meet its own floods."""
        before, self._copies = self._copies, deque(maxlen=COPIES_MAX)
        for copy in before:
            if copy.priority < priority:
                self._copies.append(copy)
            elif not copy.again:
                self._copies.append(replace(copy, left=0))

    def repeat(self, first: int, last: int, priority: Priority, now: int) -> None:
        """Once more, now. Whoever asks for that keeps the account: it takes no later copy away."""
        self._copies.append(Copy(first, last, priority, now, now, 0))

    def yields(self, now: int) -> None:
        """Another's urgent flood is on its way: copies leave it the air for a moment.

        Where several write urgent things within seconds, the copy of one is no match for the
        first flood of another, and both are lost where they meet.
        """
        self._others = now
        free = now + self._config.copy_yield_ms
        later = (replace(copy, due=max(copy.due, min(free, copy.latest))) for copy in self._copies)
        self._copies = deque(later, COPIES_MAX)

    def _times(self, now: int) -> tuple[int, int]:
        """When the copy after a flood is due, and when at the latest."""
        due = now + self._config.copy_gap_ms
        return due, due + 2 * self._config.copy_yield_ms

    def take(self, now: int) -> list[Copy]:
        """Copies that are due."""
        found = []
        for copy in [copy for copy in self._copies if copy.due <= now]:
            self._copies.remove(copy)
            if copy.again and not self._calm(now):
                continue
            found.append(copy)
            if copy.left and self._once_more(copy.priority, now):
                due, latest = self._times(now)
                left = copy.left - 1
                self._copies.append(replace(copy, due=due, latest=latest, left=left, again=True))
        return found

    def _calm(self, now: int) -> bool:
        """Whether nobody else has just written something urgent."""
        return self._others is None or now >= self._others + self._config.copy_calm_ms

    def _once_more(self, priority: Priority, now: int) -> bool:
        """Whether a second copy is worth its air."""
        called = self._others is not None and now < self._others + self._config.roll_call_ms
        room = 2 * self._room(now) >= self._config.copies_hour_max
        return room and self._calm(now) and (called or priority is Priority.FLASH)

    def spare(self, upto: int) -> None:
        """Everybody has what goes no further than that."""
        self._copies = deque((copy for copy in self._copies if copy.last > upto), COPIES_MAX)

    def clear(self) -> None:
        """Nothing of it is to be sent any more."""
        self._copies.clear()
