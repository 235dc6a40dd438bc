# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""News of others at the end of one's own frames, so that who missed a flood hears of it soon.

A flood of one author reaches the whole mesh anyway; three bytes more tell everybody which operation
of another author came last. The first sender who holds it says so, and who hears it said strikes it
from its own list. A hint causes a question, never a change; a short MAC vouches for it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from sync.wire.frames import HINT_NUMBERS, HINT_SIZE, HINTS_HEAD, HINTS_MAX, Hint


class Hints:
    """What to tell with the next frame of one's own."""

    def __init__(self, lifetime_ms: int) -> None:
        self._lifetime_ms = lifetime_ms
        self._news: OrderedDict[int, tuple[Hint, int]] = OrderedDict()  # author -> what, when

    def heard(self, author: int, number: int, now: int, *, urgent: bool) -> None:
        """An original of another author was stored."""
        self._news.pop(author, None)
        self._news[author] = Hint(author, number, urgent), now

    def told(self, hints: Iterable[Hint]) -> None:
        """Somebody has told the mesh."""
        for hint in hints:
            ours = self._news.get(hint.author)
            if ours is not None and ours[0].number <= hint.number:
                del self._news[hint.author]

    def take(self, room: int, now: int) -> tuple[Hint, ...]:
        """What fits in ``room`` bytes: urgent ones and the latest first; it counts as told."""
        self._news = OrderedDict(
            (author, (hint, when))
            for author, (hint, when) in self._news.items()
            if when > now - self._lifetime_ms
        )
        count = min(HINTS_MAX, (room - HINTS_HEAD) // HINT_SIZE)
        latest = sorted(self._news.values(), key=lambda item: (not item[0].urgent, -item[1]))
        chosen = tuple(hint for hint, _ in latest[: max(0, count)])
        self.told(chosen)
        return chosen


def full_number(hint: Hint, head: int) -> int:
    """The number whose low bits a hint carries: the one nearest to the head that is held."""
    base = head - HINT_NUMBERS // 2
    return max(1, base + (hint.number - base) % HINT_NUMBERS)
