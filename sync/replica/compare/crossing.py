# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came by cable, broker or stick and may be missing on the air.

An author with a radio sends it there himself, and several may stand between both ways. So each
waits a random while, long where the author is on the air; what was heard there meanwhile, or is
known to be everywhere, needs nothing. Who waits shortest floods the rest once. As long as a flood
of its author may be on its way, nobody who only has a radio is told of it: he would ask for it. Not
longer: our neighbours take us at our word, and would send us what we hold.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from sync.feed.roster import ROOT
from sync.replica.config import EngineConfig
from sync.replica.feeds import Feeds
from sync.wire.packing import Span

if TYPE_CHECKING:
    import random

HIDDEN_MAX = 64
"""Arrivals of one author that are hidden each for its own time; what comes beyond is for the time
of the last of them."""


class Crossings:
    """Spans of operations that nobody was heard to send by radio yet."""

    def __init__(self, feeds: Feeds, config: EngineConfig, rng: random.Random) -> None:
        self._feeds = feeds
        self._config = config
        self._rng = rng
        self._waiting: dict[int, tuple[int, int, int]] = {}  # author -> (first, last, due)
        self._hidden: dict[int, deque[tuple[int, int]]] = {}  # author -> (first, until), ascending
        self.radio: dict[int, bool] = {}
        """Member -> whether its radio sends, as it said last."""

    @property
    def deadline(self) -> int | None:
        """When something is due."""
        shown = (spans[0][1] for spans in self._hidden.values())
        return min((*shown, *(due for _, _, due in self._waiting.values())), default=None)

    def __contains__(self, author: int) -> bool:
        """Whether anything of that author waits."""
        return author in self._waiting

    def came(self, author: int, first: int, last: int, now: int, *, urgent: bool) -> None:
        """These came by another way."""
        wait = self._config.crossing_urgent_ms if urgent else self._config.crossing_wait_ms
        if author != ROOT and self.radio.get(author, True):
            wait = self._config.crossing_spared_ms
        due = now + wait + self._rng.randrange(2 * wait)
        hidden = self._hidden.setdefault(author, deque())
        if len(hidden) < HIDDEN_MAX:
            hidden.append((first, now + self._config.crossing_hidden_ms))
        if author in self._waiting:
            before, until, sooner = self._waiting[author]
            first, last, due = min(before, first), max(until, last), min(sooner, due)
        self._keep(author, (first, last, due))

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
        self._keep(author, (start, end, due) if start <= end else None)

    def due(self, now: int, everywhere: Callable[[int, int], bool]) -> list[Span]:
        """What is to be flooded now; ``everywhere`` tells whether all members hold a number."""
        for author in list(self._hidden):
            self._hide(author, now)
        found = []
        for author, (first, last, due) in list(self._waiting.items()):
            if now >= due:
                self._keep(author, None)
                if not everywhere(author, last):
                    found.append((author, first, last))
        return found

    def _keep(self, author: int, waiting: tuple[int, int, int] | None) -> None:
        if waiting is None:
            self._waiting.pop(author, None)
        else:
            self._waiting[author] = waiting
        self._hide(author)

    def _hide(self, author: int, now: int = 0) -> None:
        """What others may not hear of: what waits, as far as it came just now."""
        waiting, hidden = self._waiting.get(author), self._hidden.get(author)
        while hidden and (waiting is None or hidden[0][1] <= now):
            hidden.popleft()
        if waiting and hidden:
            self._feeds.unaired[author] = max(waiting[0], hidden[0][0])
        else:
            self._hidden.pop(author, None)
            self._feeds.unaired.pop(author, None)
