# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who hears whom: gathered from what passes anyway, nothing is asked and nothing sent for it.

By radio: whom this node hears without a relay; and whom another one names as its neighbour, since
announcements and questions say who is to answer. By cable: whom each says it is connected with. At
a broker all hear all who are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from lage.store.hearing import FRESH_S, HEARD_MAX, HEARING, Heard, Source
from lage.store.lives import Way

if TYPE_CHECKING:
    from lage.node.report import Reporter
    from lage.station import Station

KEEP_S = 30


class Hearing:
    """The pairs, and when they are due to be kept."""

    def __init__(self, station: Station, me: int) -> None:
        self._station, self._me = station, me
        self._found: dict[tuple[int, int, Way, Source], Heard] = {}
        for each in station.setting(HEARING):
            self._found[each.hearer, each.heard, each.way, each.source] = each
        self._kept_at = 0.0
        self._news = False

    def here(self, member: int, way: Way, snr_db: float | None = None) -> None:
        """This node heard that member, nobody between."""
        self._note(self._me, member, way, Source.HERE, snr_db)

    def told(self, member: int, neighbour: int) -> None:
        """That member named a neighbour on the air."""
        self._note(member, neighbour, Way.RADIO, Source.TOLD)

    def linked(self, links: Mapping[int, Iterable[int]]) -> None:
        """Members at the other end of a cable, and whom each of them is connected with."""
        for member, others in links.items():
            self.here(member, Way.CABLE)
            for other in others:
                self._note(member, other, Way.CABLE, Source.LINKED)

    def jump(self, seconds: int) -> None:
        """The clock of an exercise was set by so much."""
        self._found = {k: replace(each, at=each.at + seconds) for k, each in self._found.items()}
        self._kept_at += seconds
        self._news = True

    def turn(self, reporter: Reporter) -> None:
        """Write it down where it is due."""
        unix = self._station.unix()
        if not self._news or 0 <= unix - self._kept_at < KEEP_S:
            return
        fresh = [each for each in self._found.values() if unix - each.at < FRESH_S]
        fresh.sort(key=lambda each: -each.at)
        del fresh[HEARD_MAX:]
        self._found = {(e.hearer, e.heard, e.way, e.source): e for e in fresh}
        if reporter.keep(HEARING, tuple(fresh)):
            self._kept_at, self._news = unix, False

    def _note(
        self, hearer: int, heard: int, way: Way, source: Source, snr_db: float | None = None
    ) -> None:
        if hearer == heard or (len(self._found) >= 2 * HEARD_MAX):
            return
        at = int(self._station.unix())
        self._found[hearer, heard, way, source] = Heard(hearer, heard, way, at, source, snr_db)
        self._news = True
