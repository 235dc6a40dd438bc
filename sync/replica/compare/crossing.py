# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came by cable, broker or stick and may be missing on the air.

Its author mostly sends it by radio as well, and several of us may stand between both ways. So each
waits a random while; what was heard on the air meanwhile, or is known to be everywhere, needs
nothing. Who waits shortest floods the rest once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sync.replica.config import EngineConfig
from sync.wire.packing import Span

if TYPE_CHECKING:
    import random


class Crossings:
    """Spans of operations that nobody was heard to send by radio yet."""

    def __init__(self, config: EngineConfig, rng: random.Random) -> None:
        self._config = config
        self._rng = rng
        self._waiting: dict[int, tuple[int, int, int]] = {}  # author -> (first, last, due)

    @property
    def deadline(self) -> int | None:
        """When something is due."""
        return min((due for _, _, due in self._waiting.values()), default=None)

    def came(self, author: int, first: int, last: int, now: int, *, urgent: bool) -> None:
        """These came by another way."""
        wait = self._config.crossing_urgent_ms if urgent else self._config.crossing_wait_ms
        due = now + wait + self._rng.randrange(2 * wait)
        if author in self._waiting:
            before, until, sooner = self._waiting[author]
            first, last, due = min(before, first), max(until, last), min(sooner, due)
        self._waiting[author] = (first, last, due)

    def heard(self, author: int, first: int, last: int) -> None:
        """These were sent by radio, by whomever."""
        waiting = self._waiting.get(author)
        if waiting is None:
            return
        start, end, due = waiting
        if first <= start <= last:
            start = last + 1
        elif first <= end <= last:
            end = first - 1
        if start > end:
            del self._waiting[author]
        else:
            self._waiting[author] = (start, end, due)

    def due(self, now: int, everywhere: Callable[[int, int], bool]) -> list[Span]:
        """What is to be flooded now; ``everywhere`` tells whether all members hold a number."""
        found = []
        for author, (first, last, due) in list(self._waiting.items()):
            if now >= due:
                del self._waiting[author]
                if not everywhere(author, last):
                    found.append((author, first, last))
        return found
