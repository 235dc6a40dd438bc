# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The attached radio as the node minds it: verdict, orders, what it hears and from whom no more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lage.node.judge import Judge
from lage.node.relaying import Relaying
from lage.node.set_up import Setter
from lage.node.surroundings import Surroundings
from mesh.link import BROADCAST, Acknowledged, Link, Packet, RadioState, Received, Refusal

if TYPE_CHECKING:
    from lage.node.keys import KeyTender
    from lage.station import Station
    from lage.store.verdict import Verdict


class Attached:
    """Everything about the radio that is not about what its packets say."""

    def __init__(self, station: Station, keys: KeyTender, link: Link | None) -> None:
        self._station, self._keys = station, keys
        self._judge = Judge(station, keys, link)
        self.setter = Setter(station, self._judge.profile)
        self.unanswered = RadioState(
            connected=False, address=self.setter.at if link is not None else ""
        )
        """What is known of it at first; without an address a screen asks which it shall be."""
        self.connected = self.answered = False  # now; ever since it was attached
        self.relaying, self.surroundings = Relaying(), Surroundings()
        self._alone_since = 0.0  # station's unix seconds; 0: relays are there
        self._heard: float | None = None  # since when nothing was heard, station's unix seconds
        self._urgent: float | None = None  # when the first urgent packet since then went out

    def use(self, link: Link | None, address: str) -> None:
        """Another radio is attached."""
        self._keys.use(link)
        self._judge = Judge(self._station, self._keys, link)
        self.setter.address, self.setter.at = None, address
        self.connected = self.answered = False
        self.relaying, self.surroundings = Relaying(), Surroundings()
        self._heard = None

    def changed(self, state: RadioState) -> None:
        """The link tells of its radio."""
        if state.connected and not self.connected:
            self._heard, self._urgent = self._station.unix(), None
        self.connected = state.connected
        self.answered |= state.connected

    def heard(self, packet: Received, now: int) -> None:
        """Something of the network's was heard."""
        self._heard, self._urgent = self._station.unix(), None
        self.relaying.note(packet.relay, packet.hops, packet.sender, now)
        self.surroundings.heard(packet.relay, packet.hops, now)

    def sent(self, packet: Packet, now: int) -> None:
        """A packet was handed to the radio."""
        if packet.urgency.urgent and self._urgent is None:
            self._urgent = self._station.unix()
        if packet.destination == BROADCAST and packet.want_ack:
            self.surroundings.flooded(packet.id, now)

    def acknowledged(self, ack: Acknowledged) -> None:
        """A relay of a packet was heard, or the radio has given it up."""
        if ack.refusal in (Refusal.NONE, Refusal.MAX_RETRANSMIT):
            self.surroundings.passed_on(ack.packet_id, heard=ack.refusal is Refusal.NONE)

    def alone(self, now: int) -> tuple[bool, bool, int]:
        """Whether relays around it are gone, whether nobody passes on what it sends, and when the
        first of the two began, in station's unix seconds."""
        signs = self.surroundings.few(now), self.surroundings.unrelayed
        if any(signs) and not self._alone_since:
            self._alone_since = self._station.unix()
        elif not any(signs):
            self._alone_since = 0.0
        return *signs, int(self._alone_since)

    def jump(self, seconds: int) -> None:
        """The clock of an exercise was set by so much."""
        self._heard = None if self._heard is None else self._heard + seconds
        self._urgent = None if self._urgent is None else self._urgent + seconds

    def turn(self) -> bool:
        """Judge and set up; whether there is something to be told at once."""
        now = time.monotonic_ns() // 1_000_000
        before = self.setter.state, self.setter.order_at
        other = self._judge.look(now, connected=self.connected)
        self.setter.turn(now, self._judge.radio, connected=self.connected)
        return other or before != (self.setter.state, self.setter.order_at)

    @property
    def verdict(self) -> Verdict | None:
        """How the radio's settings are judged; None while there is no radio to judge."""
        return self._judge.verdict

    @property
    def holds(self) -> bool:
        """Whether the radio must not be given anything: it could not carry it."""
        return self.verdict is not None and self.verdict.holds

    def asked_by_us(self, packet_id: int) -> bool:
        """Whether that packet was a question to the radio, and nothing of the network's."""
        return packet_id in self._judge.questions

    def quiet_s(self) -> int | None:
        """How long a connected radio has heard nothing; None where that tells nothing."""
        if not self.connected or self._heard is None:
            return None
        return max(0, int(self._station.unix() - self._heard))

    def unanswered_s(self) -> int | None:
        """How long ago something urgent went out, since when nothing was heard."""
        if self._urgent is None or not self.connected:
            return None
        return max(0, int(self._station.unix() - self._urgent))
