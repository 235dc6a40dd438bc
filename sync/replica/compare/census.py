# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""In a large county who holds what is gathered near and told to all, by few for all.

Each says in its announcements what it holds itself; its neighbours, a hundred where 450 share an
air, hear that. Passed on from one to the next, in announcements again, it would need a floor for
each span of members and each range of authors, and hours. So whoever knows most that the others
have not been told floods it: one vector and all members who hold it, in a frame or so of bytes as
many as there are members in eight. Whoever hears it strikes what was told.

When it is worth a flood follows from what waits: each (entry, member) that is known here and was
not told costs by the minute, a flood costs always the same. So the more there is to tell the sooner
it is told, and little that is left over waits for hours. Each draws a share of that time, mostly a
long one (RFC 5740), so that one speaks and the others hear it before their time has come. What
another tells counts as far as it waited here, too: so each region of a large county has its turn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.replica.compare.backoff import backoff
from sync.replica.compare.neighbours import Neighbours
from sync.replica.config import EngineConfig
from sync.replica.effects import Effects
from sync.replica.events import Priority, Reach
from sync.replica.feeds import Feeds
from sync.wire.census import encode_census
from sync.wire.frames import FRAME_MAX, Census, Group, Seal

if TYPE_CHECKING:
    import random

_CUTS = 16
"""So many sets of members are tried: near enough, and each takes time."""

_FEW = 4
"""Sets so small are all tried: where each holds something else, larger ones have nothing in
common."""

_AUTHORS = 60
"""Most authors that one vector speaks of, those of whom most is to be told."""

_GROUPS, _PART = 6, 12
"""Groups in one frame at most, and what part of the first one's news a further one must have. Those
who announced one after the other hold ever more, so one vector is not enough: of 90 staffs up to
three groups told three quarters of what was known in 32 bytes, six tell four fifths in 45."""

_SMALL_MS = 3_600_000
"""A county that is too small now may have grown by then."""

_STEP = 7_919  # ms; a prime

_BACKLOG = 8
"""So many entries of one author that a member holds count as news, not more: a whole feed, as
after a start, is nothing to hurry for."""


@dataclass(slots=True)
class _Row:
    """A member: what it is known to hold and what all were told of it, of each author."""

    member: int
    known: list[int]
    told: list[int]


class Gathering:
    """The censuses of one node."""

    def __init__(
        self,
        me: int,
        feeds: Feeds,
        neighbours: Neighbours,
        effects: Effects,
        seal: Seal,
        config: EngineConfig,
        rng: random.Random,
        now: int,
    ) -> None:
        self._me = me
        self._feeds = feeds
        self._neighbours = neighbours
        self._effects = effects
        self._seal = seal
        self._config = config
        self._rng = rng
        self._own: dict[int, int] = {}  # what all were told that we hold: author -> number
        self._waits = 0  # how much waited to be told when that was last looked at,
        self._since = now  # and since when, on average
        self._apart = now  # another's flood is over
        self._share: float | None = None  # drawn when there is something to tell
        self._due = now + 1 + me * _STEP % config.census_poll_ms  # not all at once

    @property
    def deadline(self) -> int:
        """When ``advance`` has something to do."""
        return self._due

    def heard(self, census: Census, now: int) -> None:
        """A member told all who holds what. Nothing is asked for: what exists others tell, too.

        Of what we do not hold nothing is believed: an invented number would silence us for good,
        and who announces it may be who invented it. What tells nothing new may be a recording: it
        holds nobody up.
        """
        if census.epoch < self._seal.epoch or self._feeds.roster.doubted(census.epoch):
            return
        county = self._feeds.roster.numbers
        told, news = 0, False
        for group in census.groups:
            heads = [(author, min(n, self._feeds.shown(author))) for author, n in group.heads]
            members = [member for member in group.members if member in county]
            told += self._told(members, heads)
            others = (member for member in members if member != self._me)
            news |= self._neighbours.hearsay(others, heads)
        if told:
            self._spared(told, now)
        if told or news:  # most wait long, as those whose time has come would all speak then
            share = 0.5 + _draw(self._feeds.roster.size, self._rng)
            self._apart = now + int(self._config.census_apart_ms * share)

    def advance(self, now: int) -> None:
        """Tell all, if that is due."""
        if now < self._due:
            return
        size = self._feeds.roster.size
        if size <= self._config.census_above:
            self._due, self._waits = now + _SMALL_MS, 0
            return
        self._due = now + self._config.census_poll_ms
        authors, rows, news = self._table()
        if news > self._waits:  # what is new has not waited yet
            self._since = now - (now - self._since) * self._waits // news
        self._waits = news
        if not news:
            return
        if not self._worth(news, size, now):  # not even if one vector told it all
            return
        found, most = _best(authors, rows)
        if found is None or not self._worth(most, size, now):
            return
        groups: list[Group] = []
        payload, gain = b"", most
        while found is not None and len(groups) < _GROUPS and gain * _PART >= most:
            longer, found = self._fitting(groups, found)
            if found is None:
                break
            payload = longer
            groups.append(found)
            self._told(found.members, found.heads)
            _strike(authors, rows, found)
            found, gain = _best(authors, rows)
        expires = now + self._config.control_expires_ms
        self._effects.send(payload, Priority.WANT, Reach.MESH, "census", expires)
        self._pause(now)

    def _worth(self, news: int, size: int, now: int) -> bool:
        """Whether so much news is worth a flood by now; if not, it is looked at again then."""
        if self._share is None:
            self._share = _draw(size, self._rng)
        wait = max(self._config.census_least_ms, self._config.census_worth_ms * size // news)
        due = max(self._since + int(wait * self._share), self._apart)
        if now < due:
            self._due = min(self._due, due)
        return now >= due

    def _fitting(self, before: Sequence[Group], group: Group) -> tuple[bytes, Group | None]:
        """The frame with that group; a first one gives up authors until it fits."""
        while True:
            payload = encode_census(Census((*before, group)), self._seal)
            if len(payload) <= FRAME_MAX:
                return payload, group
            if before:
                return b"", None
            group = replace(group, heads=group.heads[: len(group.heads) * 3 // 4])

    def _told(self, members: Sequence[int], heads: Iterable[tuple[int, int]]) -> int:
        """Strike what all were told; how much of it waited here."""
        items = list(heads)
        told = self._neighbours.passed_on((each for each in members if each != self._me), items)
        if self._me in members:
            more = {author: n for author, n in items if n > self._own.get(author, 0)}
            told += sum(n - self._own.get(author, 0) for author, n in more.items())
            self._own.update(more)
        return told

    def _spared(self, told: int, now: int) -> None:
        """Another told so much of what waits here: as much less of the time it waited counts."""
        part = min(1.0, told / max(1, self._waits))
        self._waits -= min(told, self._waits)
        self._since += int((now - self._since) * part)
        if part > 0.5:
            self._share = None

    def _pause(self, now: int) -> None:
        """All were told something, and those who wait draw anew."""
        self._since, self._share, self._waits = now, None, 0

    def _table(self) -> tuple[list[int], list[_Row], int]:
        """Authors of whom there is news, what is known of each member about them, and how much of
        all that is news."""
        heads = {author: self._feeds.shown(author) for author in self._feeds.heads()}
        authors = sorted(author for author, head in heads.items() if head)
        ours = [heads[author] for author in authors]
        members = self._feeds.roster.numbers
        rows = [
            _Row(one.member, list(map(min, one.known, ours)), list(one.passed))
            for one in self._neighbours.accounts(authors)
            if one.member in members and one.member != self._me
        ]
        if self._me in members:
            rows.append(_Row(self._me, ours, [self._own.get(author, 0) for author in authors]))
        news = [
            sum(max(0, row.known[place] - row.told[place]) for row in rows)
            for place in range(len(authors))
        ]
        told = (place for place, new in enumerate(news) if new)
        most = sorted(told, key=lambda place: -news[place])[:_AUTHORS]
        for row in rows:
            row.known, row.told = (
                [row.known[n] for n in sorted(most)],
                [row.told[n] for n in sorted(most)],
            )
        return [authors[n] for n in sorted(most)], rows, sum(news)


def _draw(size: int, rng: random.Random) -> float:
    """From 0.5 to 1.5, and of as many draws only a few near the least."""
    return 0.5 + backoff(math.log(max(2, size)), rng)


def _best(authors: Sequence[int], rows: Sequence[_Row]) -> tuple[Group | None, int]:
    """The vector and members that tell most, and how much of it is news."""
    order = sorted(rows, key=lambda row: -sum(row.known))
    best: list[int] = []
    most = 0
    low = list(order[0].known) if order else []
    for count, row in enumerate(order, 1):
        low = list(map(min, low, row.known))
        if count > _FEW and count * _CUTS // len(order) == (count - 1) * _CUTS // len(order):
            continue
        new = sum(
            min(_BACKLOG, head - told)
            for each in order[:count]
            for head, told in zip(low, each.told, strict=True)
            if head > told
        )
        if new > most:
            best, most = low, new
    if not most:
        return None, 0
    members = [row for row in rows if all(map(int.__ge__, row.known, best))]
    heads = tuple(
        (author, head)
        for place, (author, head) in enumerate(zip(authors, best, strict=True))
        if any(head > row.told[place] for row in members)
    )
    return Group(heads, tuple(sorted(row.member for row in members))), most


def _strike(authors: Sequence[int], rows: Iterable[_Row], group: Group) -> None:
    """That group was told."""
    heads, members = dict(group.heads), set(group.members)
    for row in rows:
        if row.member in members:
            row.told = [
                max(told, heads.get(author, 0))
                for author, told in zip(authors, row.told, strict=True)
            ]
