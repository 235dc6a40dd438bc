# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is asked of whom: needs become a question to one neighbour, to all of them, to the mesh.

Most neighbours hold what is asked, and those that do not hear each other would all answer. So a few
are asked by name, one after the other; then whoever hears it, and in the end the whole mesh, by
relays. What nobody vouches for is paid from an account.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.feed.roster import ROOT
from sync.replica.compare.backlog import Backlog
from sync.replica.compare.neighbours import Neighbours
from sync.replica.compare.shares import Allowance, Shares
from sync.replica.compare.wants import DOUBTFUL_ATTEMPTS, Wants
from sync.replica.config import EngineConfig
from sync.replica.effects import Effects
from sync.replica.events import Gap, Reach
from sync.replica.feeds import Feeds
from sync.wire.frames import Missing

_OPEN_EVERY = 5
"""So often a question to the whole mesh names nobody, in case whom we know is gone."""

_RELAYED_TRIES = 3
"""So many attempts of the mesh go over one relay: a third of the air, and nine in ten hear them."""


@dataclass(frozen=True, slots=True)
class Question:
    """A WANT to be sent."""

    ranges: tuple[Missing, ...]
    target: int  # who is to answer; 0: whoever holds it
    reach: Reach
    mesh: bool = False  # so shall be the answer
    many: bool = False  # for all who lack it


class Questions:
    """What this node lacks, and its questions about it."""

    def __init__(
        self,
        feeds: Feeds,
        neighbours: Neighbours,
        backlog: Backlog,
        wants: Wants,
        effects: Effects,
        config: EngineConfig,
    ) -> None:
        self._feeds = feeds
        self._neighbours = neighbours
        self._backlog = backlog
        self._wants = wants
        self._effects = effects
        self._config = config
        self._mesh_asked = 0
        self.heard = Shares(config.peers_max)
        """Bytes that were new, by author."""
        self.doubts = Allowance(config.doubts_hour_max)
        """Of what nobody vouches for: unverified runs, hints, suspicions."""

    def lacking(
        self,
        author: int,
        target: int,
        now: int,
        *,
        vouched: bool,
        hurry: bool = False,
        attempts: int = DOUBTFUL_ATTEMPTS,
    ) -> None:
        """Operations up to ``target`` exist; ask for them if they are missing."""
        limit = self._feeds.limit(author)
        if limit is not None:
            target = min(target, limit)
        if target <= self._feeds.head(author) or self._feeds.roster.signer(author) is None:
            return
        if not (vouched or author in self._wants or self.doubts.take(now)):
            return
        patient = self.floods(author, now)
        if self._wants.lacking(
            author,
            target,
            now,
            vouched=vouched,
            hurry=hurry,
            attempts=attempts,
            patient=patient,
        ):
            self._effects.tell(Gap(author, self._feeds.head(author) + 1, target))

    def floods(self, author: int, now: int) -> bool:
        """Whether it wrote most of an hour's news: then nothing of it makes us hurry."""
        return self.heard.floods(author, now, self._config.flood_bytes)

    def ask(self, now: int, *, mesh: bool) -> Question | None:
        """The question that is due. ``mesh``: nobody is near, only relays can carry it."""
        ranges: list[Missing] = []
        asked: list[int] = []
        tries = 0
        needs: dict[int, int] = {}
        since = now - self._config.neighbour_ms
        for author, attempts in self._wants.ripe(now):
            target = self._wants.target(author)
            gaps = self._feeds.missing(author, target, self._config.want_ranges_max)
            if not gaps:
                self._wants.satisfied(author)
                continue
            if len(ranges) + len(gaps) > self._config.want_ranges_max and ranges:
                break
            asked.append(author)
            needs[author] = gaps[-1][1]
            tries = max(tries, attempts)
            ranges.extend(Missing(author, first, last - first + 1) for first, last in gaps)
            if attempts >= self._config.vain_neighbours_max:
                held = self._neighbours.direct_holder(author, gaps[0][0], since)
                mesh |= not held or attempts >= self._config.vain_neighbours_max + 2
        if not asked:
            return None
        # Who hears no staff well, but a tower, is heard by the tower.
        named = tries < self._config.want_named
        free = not self._backlog.sweeping(now)
        weak = self._neighbours.weak(since, self._config.weak_snr_db)
        mesh |= free and weak and (0 < tries <= self._config.want_named or tries % 2 == 1)
        self._wants.asked(asked, now)
        ranges.sort(key=lambda item: (item.author, item.first))
        if not mesh and named:
            vouched = [item for item in ranges if self._wants.vouched(item.author)]
            server = self._server(vouched, needs, tries, now)
            if server:
                self._wants.quiet(now, self._config.backlog_unanswered_ms)
                self._backlog.asked((item.author for item in vouched), server, now)
                return Question(tuple(vouched), server, Reach.RELAYED, many=True)
        near: list[int] = []
        if named:
            lacking = self._backlog.lacking(needs, now)
            near = [n for n in self._neighbours.ranked(needs, since) if n not in lacking]
            mesh |= free and bool(lacking) and not near
        reach = Reach.NEIGHBOURS
        if mesh:
            one = tries < self._config.vain_neighbours_max + _RELAYED_TRIES
            reach = Reach.RELAYED if one else Reach.MESH
        return Question(tuple(ranges), self._whom(needs, tries, near, reach), reach, mesh)

    def _server(self, ranges: list[Missing], needs: dict[int, int], tries: int, now: int) -> int:
        """Who is to send this to all, if many lack it and have not been sent it; 0: nobody."""
        spans = [
            (item.author, item.first, item.last)
            for item in ranges
            if not self._backlog.answered(item.author, now)
        ]
        if not self._backlog.among(spans, now):
            return 0
        asked = self._backlog.server(needs, now)
        if asked and not tries:
            return asked
        ranked = self._neighbours.ranked(needs)  # whoever was asked in vain is not asked again
        return next((node for node in ranked if node != asked), asked)

    def _whom(self, needs: dict[int, int], tries: int, near: list[int], reach: Reach) -> int:
        """``near``: neighbours that may be asked by name, best first."""
        if reach is not Reach.NEIGHBOURS:
            # One holder answers as far; holders that cannot hear each other would all do so.
            self._mesh_asked += 1
            if reach is Reach.MESH and self._mesh_asked % _OPEN_EVERY == 0:
                return 0
            ranked = self._neighbours.ranked(needs)[: self._config.want_named]
            return ranked[tries % len(ranked)] if ranked else next(iter(needs))
        if ROOT in needs or tries >= len(near):
            return 0
        return near[tries]
