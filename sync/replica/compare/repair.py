# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answering: what others lack is sent again, once, by one of those who hold it.

Everybody who hears a request and holds what is asked draws a random delay. Who hears another
repair it strikes it from its own list. Each holder begins with another author, so several of them
share a large request instead of racing for its beginning. Runs are cut anew and packed, several
authors to a frame; what was urgent goes first, and feeds that had little of our air lately before
those that had much.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.feed.chain import Run, cut, run_size
from sync.replica.compare.shares import Allowance, Requesters, Shares
from sync.replica.config import EngineConfig
from sync.replica.events import Reach
from sync.replica.feeds import Feeds
from sync.wire.frames import Part, Runs
from sync.wire.packing import LEAST, ROOM, Span, fill

if TYPE_CHECKING:
    import random

_HOUR_MS = 3_600_000
_FARTHER = list(Reach)


@dataclass(frozen=True, slots=True)
class Repair:
    """A frame that answers."""

    content: Runs | Part
    runs: tuple[Run, ...]  # what has been sent with it
    reach: Reach
    many: bool = False  # for all who lack it

    def of(self, author: int) -> tuple[tuple[int, int], ...]:
        """What of it is that author's feed: (first, last)."""
        return tuple((run.first, run.last) for run in self.runs if run.author == author)


class Repairs:
    """Spans of operations that somebody lacks and that nobody has repaired yet."""

    many = False
    """Whether what is sent is for all who lack it."""

    def __init__(self, own: int, feeds: Feeds, config: EngineConfig, rng: random.Random) -> None:
        self._own = own
        self._feeds = feeds
        self._config = config
        self._rng = rng
        self._spans: dict[int, list[tuple[int, int]]] = {}
        self._count = 0
        self._due: int | None = None
        self._reach = Reach.NEIGHBOURS
        self._burst = 0
        self._frames = Allowance(config.repair_frames_hour_max)
        self._requesters = Requesters(config.repeats_hour_max, config.peers_max)
        self._for: dict[int, set[int]] = {}  # author -> who asked for it
        self._had = Shares(config.peers_max)  # bytes that each feed had of our air
        # What came as urgent: (author, first) -> (last, when), the latest at the end.
        self._urgent: OrderedDict[tuple[int, int], tuple[int, int]] = OrderedDict()

    @property
    def deadline(self) -> int | None:
        """When to send."""
        return self._due

    def urgent(self, spans: list[Span], now: int) -> bool:
        """Whether any of this came as urgent a short while ago."""
        since = now - self._config.urgent_news_ms
        return any(
            name == author and first <= start <= last and came > since
            for author, first, last in spans
            for (name, start), (_, came) in self._urgent.items()
        )

    def mark_urgent(self, author: int, first: int, last: int, now: int) -> None:
        """These operations came as urgent ones: to be repaired first."""
        _, came = self._urgent.get((author, first), (last, now))
        self._urgent[author, first] = last, came
        same = [mark for mark in self._urgent if mark[0] == author]
        if len(same) > self._config.urgent_marks_author:
            del self._urgent[same[0]]
        while len(self._urgent) > self._config.urgent_marks_max:
            self._urgent.popitem(last=False)

    def answer(
        self,
        node: int,
        spans: list[Span],
        now: int,
        *,
        reach: Reach = Reach.NEIGHBOURS,
        hurry: bool = False,
        named: bool = False,
    ) -> None:
        """A node asks for these (author, first, last), as far as it may; ``named``: it asks us."""
        admitted = [
            (author, *part)
            for author, first, last in spans
            for part in self._requesters.admit(node, author, (first, last), now)
        ]
        if admitted:
            self.spread(admitted, now, reach=reach, hurry=hurry, named=named)
            for author, _, _ in admitted:
                if author in self._spans:
                    self._for.setdefault(author, set()).add(node)

    def spread(
        self,
        spans: list[Span],
        now: int,
        *,
        reach: Reach = Reach.NEIGHBOURS,
        hurry: bool = False,
        named: bool = False,
    ) -> None:
        """Others lack these (author, first, last)."""
        if not self._add(spans):
            return
        hurry |= any(
            first <= start <= last
            for author, first, last in spans
            for name, start in self._urgent
            if name == author
        )
        factor = self._config.repair_mesh_factor if reach is Reach.MESH else 1
        spread = self._config.repair_spread_ms * factor
        delay = self._config.repair_first_ms + self._rng.randrange(spread)
        if named:
            due = now + self._rng.randrange(self._config.repair_named_ms)
        else:
            due = now + (delay // 8 if hurry else delay)
        self._reach = max(self._reach, reach, key=_FARTHER.index)
        self._due = due if self._due is None else min(self._due, due)

    def _add(self, spans: list[Span]) -> bool:
        """Keep these to be sent; whether anything is."""
        for author, first, last in spans:
            if self._count >= self._config.repair_spans_max:
                break
            self._strike(author, first, last)
            self._spans.setdefault(author, []).append((first, last))
            self._count += 1
        return bool(self._spans)

    def heard(self, author: int, first: int, last: int, now: int) -> None:
        """These were sent, by somebody else or by us: strike them."""
        asked = self._for.get(author, set())
        for start, end in self._spans.get(author, ()) if asked else ():
            if start <= last and end >= first:
                part = (max(start, first), min(end, last))
                for node in asked:
                    self._requesters.gave(node, author, part, now)
        self.strike(author, first, last)

    def strike(self, author: int, first: int, last: int) -> None:
        """These need not be sent."""
        self._strike(author, first, last)
        if author not in self._spans:
            self._for.pop(author, None)

    def _strike(self, author: int, first: int, last: int) -> None:
        spans = self._spans.pop(author, None)
        if spans is None:
            return
        rest: list[tuple[int, int]] = []
        for start, end in spans:
            if start < first:
                rest.append((start, min(end, first - 1)))
            if end > last:
                rest.append((max(start, last + 1), end))
        self._count += len(rest) - len(spans)
        if rest:
            self._spans[author] = rest
        if not self._spans:
            self._clear()

    def _clear(self) -> None:
        self._spans.clear()
        self._for.clear()
        self._count, self._burst = 0, 0
        self._due, self._reach = None, Reach.NEIGHBOURS

    def advance(self, now: int) -> Repair | None:
        """The frame that is due."""
        if self._due is None or now < self._due:
            return None
        reach = self._reach
        if not self._frames.take(now):
            self._due = now + _HOUR_MS // self._config.repair_frames_hour_max
            return None
        runs = self._pack(now)
        self._burst += 1
        if self._burst >= self._config.repair_burst_max:
            self._clear()
        elif self._spans:
            mesh = reach is Reach.MESH
            gap = self._config.repair_gap_ms * (self._config.repair_mesh_factor if mesh else 1)
            self._due = now + gap + self._rng.randrange(2 * gap)
        return self._frame(runs, reach, now)

    def _frame(self, runs: list[Run], reach: Reach, now: int) -> Repair | None:
        if not runs:
            return None
        for run in runs:
            self._had.add(run.author, sum(map(len, run.operations)), now)
        urgent = self.urgent([(run.author, run.first, run.last) for run in runs], now)
        content = Runs(tuple(runs), urgent=urgent, many=self.many)
        return Repair(content, content.runs, reach, self.many)

    def _pack(self, now: int) -> list[Run]:
        """Runs for a frame: urgent ones, or the longest of the first span; then what fills it."""
        log, room = self._feeds.log, ROOM
        runs: list[Run] = []
        for author, first, last, prefix in self._order(now):
            if room < LEAST or (runs and prefix is None):
                break
            end = min(last, self._feeds.shown(author))
            run = cut(log, author, first, end, room, prefix) if first <= end else None
            if run is None and prefix is not None:
                run = cut(log, author, first, end, room)
            if run is None:
                if not runs:
                    self.strike(author, first, last)  # gone from the log: nobody to answer
                continue
            runs.append(run)
            room -= run_size(run.first, run.operations, prefix=run.prefix is not None)
            self.heard(author, run.first, run.last, now)
        for run in fill(log, self._others({run.author for run in runs}, now), room):
            runs.append(run)
            self.heard(run.author, run.first, run.last, now)
        return runs

    def _others(self, taken: set[int], now: int) -> Iterator[Span]:
        """First span of every author that the frame holds nothing of."""
        for author, first, last, _ in self._order(now):
            if author not in taken:
                yield author, first, min(last, self._feeds.shown(author))

    def _order(self, now: int) -> Iterator[tuple[int, int, int, bytes | None]]:
        """Spans in the order to send them: urgent ones, then from an author of our own on; feeds
        that had much of our air in the last hour come after those that had little.

        What is urgent goes with what comes before it if that fits in the same run: one signature
        then serves both. Else it goes alone, with the chain value before it.
        """
        for (author, first), (last, _) in sorted(
            self._urgent.items(), key=lambda mark: self._fill_of(mark[0][0], now)
        ):
            for start, end in list(self._spans.get(author, ())):
                if not start < first <= end:
                    continue
                whole = cut(self._feeds.log, author, start, end, ROOM)
                if whole is not None and whole.last >= first:
                    yield author, start, end, None
                else:
                    prefix = self._feeds.chain(author, first - 1)
                    yield author, first, min(last, end), prefix
        for author in sorted(self._spans, key=lambda name: self._rank(name, now)):
            for first, last in list(self._spans.get(author, ())):
                yield author, first, last, None

    def _rank(self, author: int, now: int) -> tuple[int, int]:
        return self._fill_of(author, now), (author * 7919 + self._own * 104729) % 1021

    def _fill_of(self, author: int, now: int) -> int:
        """How many bursts' worth of our air that feed had lately."""
        return int(self._had.of(author, now) / (ROOM * self._config.repair_burst_max))
