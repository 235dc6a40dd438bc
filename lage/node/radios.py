# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The radios around this node: what they tell, when they were heard, whose frames they send.

Kept for the other processes at most every few seconds. A radio belongs to the staff whose verified
frames it sends; one that sends none of any staff is a relay.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lage.store.radios import RADIOS
from mesh.link import Received
from mesh.nodes import MeshNode, NodeBook

if TYPE_CHECKING:
    from lage.node.report import Reporter
    from lage.station import Station

NEWS_MS = 5_000
HEARD_MS = 60_000
"""How often it is kept where only the time of hearing has changed."""


class Radios:
    """The book of radios, and when it is due to be kept."""

    def __init__(self, station: Station) -> None:
        self._station = station
        known: tuple[MeshNode, ...] = station.setting(RADIOS)
        self._book = NodeBook(known)
        self.own: int | None = None  # number of the attached radio
        self._kept_at: int | None = None
        self._news = self._heard = False

    def received(self, packet: Received) -> None:
        """A packet of ours came from that radio."""
        heard = int(self._station.unix())
        self._learn(MeshNode(packet.sender, heard, packet.snr_db, packet.hops))

    def told(self, news: MeshNode) -> MeshNode:
        """A radio said something of itself, or the attached one of another; with its times."""
        now = int(self._station.unix())
        if news.hops is not None and not news.late:
            news = replace(news, heard=now)
        if news.measured and not news.late:
            news = replace(news, measured_unix_s=now)
        self._learn(news)
        return news

    def belongs(self, number: int, member: int) -> None:
        """That radio sends frames of that staff."""
        if number != self.own:
            self._learn(MeshNode(number, member=member))

    def jump(self, seconds: int) -> None:
        """The clock of an exercise was set by so much."""
        self._book = NodeBook(_later(node, seconds) for node in self._book.all())
        self._news = True

    def get(self, number: int) -> MeshNode | None:
        """What is known of a radio."""
        return self._book.get(number)

    def all(self) -> tuple[MeshNode, ...]:
        """Every radio that is known."""
        return self._book.all()

    def keep(self, reporter: Reporter, now: int) -> None:
        """Write it down where it is due."""
        wait = NEWS_MS if self._news else HEARD_MS
        due = self._kept_at is None or now >= self._kept_at + wait
        if due and (self._news or self._heard) and reporter.keep(RADIOS, self._book.all()):
            self._news = self._heard = False
            self._kept_at = now

    def _learn(self, news: MeshNode) -> None:
        self._heard = True
        self._news |= self._book.learn(news)


def _later(node: MeshNode, seconds: int) -> MeshNode:
    heard, measured = (
        None if at is None else at + seconds for at in (node.heard, node.measured_unix_s)
    )
    return replace(node, heard=heard, measured_unix_s=measured)
