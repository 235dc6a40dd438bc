# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether we may be behind a cut: many who were there today are silent, and are not known to hold
what we wrote an hour ago. The sooner they hear us after it, the sooner they have it.
"""

from __future__ import annotations

from collections import deque

from sync.replica.compare.neighbours import Neighbours
from sync.replica.config import EngineConfig
from sync.replica.feeds import Feeds


class Apart:
    """The cut that one node may be behind."""

    def __init__(
        self, author: int, feeds: Feeds, neighbours: Neighbours, config: EngineConfig
    ) -> None:
        self._author = author
        self._feeds = feeds
        self._neighbours = neighbours
        self._config = config
        self._wrote = deque[tuple[int, int]]()  # when, and how much we had written
        self._began = 0  # who was not heard since may have been before
        self._met: int | None = None  # when a cut ended

    def begin(self, now: int) -> None:
        """The program starts, or the radio is back."""
        self._began = self._began or now

    def met(self, now: int) -> None:
        """A backlog is asked for or sent: there is no cut any more."""
        self._met = now

    def pause(self, now: int) -> int:
        """How long to wait at most between announcements, as there may be one; 0: there is none.

        The more are near the longer, so that all of them together do not take more air. Relays do
        not get across, so there is none for who hears nobody.
        """
        config = self._config
        head = self._written(now - config.have_apart_after_ms, now)
        if not head or (self._met is not None and now < self._met + config.backlog_again_ms):
            return 0
        near = self._neighbours.near_count(now - config.neighbour_ms)
        members = [m.number for m in self._feeds.roster.county() if m.number != self._author]
        lacking = sum(self._lost(member, head, now) for member in members)
        if not near or 100 * lacking < config.have_apart_percent * max(1, len(members)):
            return 0
        return max(config.have_apart_ms, near * config.have_apart_ms // config.have_apart_speakers)

    def _written(self, then: int, now: int) -> int:
        """How much we had written by that moment; 0: nothing, as far as is known."""
        self._wrote.append((now, self._feeds.head(self._author)))
        while len(self._wrote) > 1 and self._wrote[1][0] <= then:
            self._wrote.popleft()
        when, head = self._wrote[0]
        return head if when <= then else 0

    def _lost(self, member: int, head: int, now: int) -> bool:
        """Whether it is silent, not for so long that it is off, and not known to hold that much."""
        heard = self._neighbours.heard_last(member) or self._began
        silent = self._config.have_apart_after_ms < now - heard <= self._config.have_apart_most_ms
        return silent and self._neighbours.known(member, self._author) < head
