# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who asks the other side for what many lack here, and holds what many lack there.

Sent for all, each side's backlog would go over relays to everybody, and half of them hold it. So it
comes to the courier alone, near as it is, and goes on from there together with what the other side
lacks: in one block, of which each side fills in its own half (``sync.wire.index``).
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.replica.compare.backlog import Backlog
from sync.replica.compare.neighbours import Neighbours
from sync.replica.config import EngineConfig
from sync.replica.feeds import Feeds
from sync.wire.packing import Span

_CROSSING_MS = 10_000
"""Two questions within this time may have been on their way at once."""


@dataclass(slots=True)
class _Errand:
    server: int
    told: int  # who announced it
    spans: list[Span]  # that were asked for
    since: int  # ms, when we asked
    due: int  # ms, when we go with what has come
    begun: bool = False  # something came


class Courier:
    """The errand of one node, if it is on one."""

    def __init__(
        self, own: int, feeds: Feeds, backlog: Backlog, neighbours: Neighbours, config: EngineConfig
    ) -> None:
        self._own = own
        self._feeds = feeds
        self._backlog = backlog
        self._neighbours = neighbours
        self._config = config
        self._errand: _Errand | None = None
        self._vain = 0  # who did not send us all

    @property
    def server(self) -> int:
        """Whom we asked; 0: nobody."""
        return self._errand.server if self._errand else 0

    @property
    def failed(self) -> bool:
        """Whether not all came of what we asked for last."""
        return self._vain > 0

    @property
    def deadline(self) -> int | None:
        """When to go."""
        return None if self._errand is None else self._errand.due

    def waits(self, told: int, spans: list[Span]) -> int:
        """How long who hears of these from that node leaves asking to others, in ms: who hears the
        other side well asks first, and who hears it too weakly to be a courier last."""
        config = self._config
        low, high = config.courier_snr_db, config.courier_good_db
        share = (high - self._neighbours.link(self.whom(told, spans))) / (high - low)
        return int(config.courier_weak_ms * min(1.0, max(0.0, share)))

    def whom(self, server: int, spans: list[Span]) -> int:
        """Who of the other side is heard best: that node, or one that wrote some of this."""
        return max(
            (server, *(author for author, _, _ in spans if author != self._vain)),
            key=self._neighbours.link,
        )

    def asks(self, server: int, spans: list[Span], now: int) -> int:
        """We ask for these, for all who lack them; that node told of them. Whom we ask to send it
        to us, who bring it to them, as it lacks much in its turn; 0: nobody."""
        self._errand = None
        best = self.whom(server, spans)
        near = self._neighbours.link(best) >= self._config.courier_snr_db
        vain, self._vain = self._vain > 0, 0
        much = sum(last + 1 - first for _, first, last in spans) > self._config.courier_most
        if not self._own or not near or vain or much:
            return 0
        if not self._backlog.among(self._lacks(server, spans), now):
            return 0
        self._errand = _Errand(best, server, spans, now, now + self._config.courier_wait_ms)
        return best

    def came(self, server: int, now: int) -> None:
        """That node sent something."""
        errand = self._errand
        if errand is not None and (errand.server == server or not self._missing(errand)):
            errand.begun = True
            errand.due = now + self._config.courier_wait_ms * self._missing(errand)

    def overheard(self, node: int, authors: list[int], now: int) -> None:
        """That node, too, asks for what many lack of these, to bring it: it does not know of us,
        unless both questions were under way, and one is enough."""
        errand = self._errand
        if errand is None or not {author for author, _, _ in errand.spans}.intersection(authors):
            return
        if now > errand.since + _CROSSING_MS or node < self._own:
            self._errand = None

    def relieved(self) -> None:
        """Another brings it."""
        self._errand = None

    def back(self, now: int) -> tuple[list[Span], list[Span]] | None:
        """What is to be sent to all now: what the other side lacks, and what it sent us."""
        errand = self._errand
        if errand is None or now < errand.due:
            return None
        self._errand = None
        self._vain = errand.server * self._missing(errand)
        if not errand.begun:
            return None
        heads = ((span, self._feeds.head(span[0])) for span in errand.spans)
        theirs = [(a, first, min(last, head)) for (a, first, last), head in heads if head >= first]
        mine = self._lacks(errand.told, errand.spans)
        wide = self._backlog.among(mine + theirs, now)
        return [span for span in wide if span in mine], [span for span in wide if span in theirs]

    def _missing(self, errand: _Errand) -> bool:
        """Whether something that we asked for has not come."""
        return any(self._feeds.head(author) < last for author, _, last in errand.spans)

    def _lacks(self, node: int, spans: list[Span]) -> list[Span]:
        """What that node is not known to hold, of other authors than these."""
        without = {author for author, _, _ in spans}
        known, shown = self._neighbours.known, self._feeds.shown
        return [
            (name, known(node, name) + 1, shown(name))
            for name in (member.number for member in self._feeds.roster.county())
            if name not in without and known(node, name) < shown(name)
        ]
