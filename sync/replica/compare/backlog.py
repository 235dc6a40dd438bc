# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What many lack: after a partition each half holds what the other has never heard of.

Were it left to neighbours, each would ask and answer for itself, hop by hop, and all of it would be
on the air many times. So one asks for all of them, over a relay, and the one who is asked sends it,
over a relay: what a tower repeats reaches nine in ten of a county. Who still lacks something then
asks its neighbours, as always.

Many lack what few are known to hold; that is judged by each node for itself, so no question can
make anybody relay what is everywhere, and what was relayed is not relayed again for a while.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sync.replica.compare.neighbours import Neighbours
from sync.replica.compare.shares import Allowance
from sync.replica.config import EngineConfig
from sync.replica.events import HeardFrame, Reach
from sync.replica.feeds import Feeds
from sync.wire.frames import Want
from sync.wire.packing import Span

RELAYED = 1
"""How many relays a frame for many is allowed, and an answer that goes so far for one."""


class Backlog:
    """Tells a backlog of many from the loss of one, and knows what is done about it."""

    def __init__(
        self, own: int, feeds: Feeds, neighbours: Neighbours, config: EngineConfig
    ) -> None:
        self._own = own
        self._feeds = feeds
        self._neighbours = neighbours
        self._config = config
        self._relayed: dict[int, tuple[int, int]] = {}  # author -> (up to, when)
        self._swept: dict[int, tuple[int, int]] = {}  # the same, of what went out for many
        self._asked: dict[int, int] = {}  # author -> when somebody asked for many
        self._answered: dict[int, int] = {}  # moment of such a question -> of its last answer
        self._servers: dict[int, tuple[int, int]] = {}  # author -> who was asked, and when
        self._sweeping: tuple[int, int] | None = None  # since when, and when something last came
        self._often = Allowance(config.relay_askers_hour)
        self._wanted: dict[int, dict[int, tuple[int, int]]] = {}  # author -> by node: from, when

    def among(self, spans: Iterable[Span], now: int) -> list[Span]:
        """Those of these spans that many lack; none if they are few operations."""
        found = [span for span in spans if self._many_lack(span, now)]
        size = sum(last + 1 - first for _, first, last in found)
        return found if size >= self._config.backlog_least else []

    def missed(self, spans: Iterable[Span], now: int) -> list[Span]:
        """Those of these spans that were not sent for many a moment ago, nor are about to be."""
        found = []
        for author, first, last in spans:
            upto, when = self._swept.get(author, (0, 0))
            if self._coming(author, now):
                continue
            if now < when + self._config.backlog_under_way_ms:
                first = max(first, upto + 1)
            if first <= last:
                found.append((author, first, last))
        return found

    def _coming(self, author: int, now: int) -> bool:
        """Whether another was asked to send that author's for many, is sending, and has not come
        to it yet. What is only asked for keeps nobody from answering."""
        server, asked = self._servers.get(author, (self._own, 0))
        sent = self._swept.get(author, (0, 0))[1] >= asked
        return server != self._own and not sent and self.sweeping(now)

    def wanted(self, want: Want, now: int) -> None:
        """A member asks: so it does not hold that."""
        since = now - self._config.relay_askers_ms
        for item in want.ranges:
            if self._feeds.roster.signer(item.author) is None:
                continue
            asked = self._wanted.get(item.author, {}).items()
            late = {node: (first, when) for node, (first, when) in asked if when > since}
            self._wanted[item.author] = late | {want.sender: (item.first, now)}

    def lacking(self, needs: Mapping[int, int], now: int) -> set[int]:
        """Who asked for one of these (author -> number) a short while ago."""
        since = now - self._config.relay_askers_ms
        return {
            node
            for author, number in needs.items()
            for node, (first, when) in self._wanted.get(author, {}).items()
            if first <= number and when > since
        }

    def sweeping(self, now: int) -> bool:
        """Whether a backlog is being sent, which is new to us: other answers over relays leave it
        the air. Nobody can keep them back that way for more than ten minutes in twenty."""
        if self._sweeping is None:
            return False
        since, last = self._sweeping
        most = since + self._config.backlog_quiet_most_ms
        return now < min(last + 3 * self._config.backlog_gap_ms, most)

    def reach(
        self, want: Want, frame: HeardFrame, spans: Sequence[Span], now: int, *, urgent: bool
    ) -> Reach:
        """How far an answer goes to a member: where the question came over relays, as far.

        Who missed the floods of something urgent is seldom alone, so over a relay, and so goes what
        several ask for; unless it just went that way.
        """
        if want.mesh and frame.relays != RELAYED:
            return Reach.MESH
        if want.mesh or frame.hops:
            return Reach.RELAYED
        since = now - self._config.relay_again_ms
        relayed = [(self._relayed.get(author, (0, 0)), first) for author, first, _ in spans]
        just = any(upto >= first and when > since for (upto, when), first in relayed)
        if just:
            return Reach.NEIGHBOURS
        if urgent:
            return Reach.RELAYED
        askers = max((len(self.lacking({name: last}, now)) for name, _, last in spans), default=0)
        several = askers >= self._config.relay_askers and not self.sweeping(now)
        return Reach.RELAYED if several and self._often.take(now) else Reach.NEIGHBOURS

    def spent(self, now: int) -> None:
        """Another's answer went over a relay: all who hear each other share that account."""
        self._often.take(now)

    def relayed(self, author: int, last: int, now: int, *, sweep: bool) -> None:
        """Operations of that author, up to there, went over a relay; ``sweep``: for many."""
        _farther(self._relayed, author, last, now, self._config.backlog_again_ms)
        self._wanted.pop(author, None)
        if sweep:
            _farther(self._swept, author, last, now, self._config.backlog_under_way_ms)
            self.goes_on(now)
            if author in self._asked:
                self.brought((author,), now)

    def goes_on(self, now: int) -> None:
        """Something that is sent for many was heard."""
        since, before = self._sweeping or (now, now)
        fresh = now >= before + self._config.backlog_quiet_most_ms
        self._sweeping = (now if fresh else since, now)

    def asked(self, authors: Iterable[int], server: int, now: int) -> None:
        """Somebody asked that node for what many lack of these authors."""
        for author in authors:
            self._servers[author] = (server, now)
            if not self.answered(author, now):
                self._asked[author] = now
        moments = set(self._asked.values())
        self._answered = {at: when for at, when in self._answered.items() if at in moments}

    def answered(self, author: int, now: int) -> bool:
        """Whether such a question about that author has been answered: what is still missing was
        missed here."""
        when = self._answered.get(self._asked.get(author, -1))
        return when is not None and now < when + self._config.backlog_again_ms

    def brought(self, authors: Iterable[int], now: int) -> None:
        """All that many lack of these is being sent: what is missing then was missed here. Nobody
        was asked for it because of that: so what a recording brings again counts for nothing."""
        for author in authors:
            self._answered[self._asked.setdefault(author, now)] = now

    def expects(self, node: int, now: int) -> bool:
        """Whether that node was asked lately to send something, or is to bring it."""
        since = now - self._config.backlog_quiet_most_ms
        return any(name == node and when > since for name, when in self._servers.values())

    def server(self, authors: Iterable[int], now: int) -> int:
        """Who was asked lately for one of these; 0: nobody."""
        since = now - self._config.backlog_quiet_most_ms
        asked = (self._servers.get(author, (0, 0)) for author in authors)
        return next((node for node, when in asked if node and when > since), 0)

    def _many_lack(self, span: Span, now: int) -> bool:
        author, first, last = span
        upto, when = self._relayed.get(author, (0, 0))
        if last <= upto and now < when + self._config.backlog_again_ms:
            return False
        others = [
            member.number
            for member in self._feeds.roster.county()
            if member.number not in (self._own, author)
        ]
        lacking = sum(self._neighbours.known(name, author) < first for name in others)
        return 100 * lacking >= self._config.backlog_lacked_percent * max(1, len(others))


def _farther(sent: dict[int, tuple[int, int]], author: int, last: int, now: int, ms: int) -> None:
    """Operations of that author up to there were sent now: how far is remembered for so long."""
    upto, when = sent.get(author, (0, 0))
    sent[author] = (last if now >= when + ms else max(last, upto), now)
