# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The attached radio as the node minds it: verdict, orders, and how long nothing was heard."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lage.node.judge import Judge
from lage.node.set_up import Setter
from mesh.link import Link, RadioState

if TYPE_CHECKING:
    from lage.node.keys import KeyTender
    from lage.station import Station
    from lage.store.verdict import Verdict


class Attached:
    """Everything about the radio that is not about packets."""

    def __init__(self, station: Station, keys: KeyTender, link: Link | None) -> None:
        self._station, self._keys = station, keys
        self._judge = Judge(station, keys, link)
        self.setter = Setter(station, self._judge.profile)
        self.connected = self.answered = False  # now; ever since it was attached
        self._heard: float | None = None  # since when nothing was heard, station's unix seconds
        self._urgent: float | None = None  # when the first urgent packet since then went out

    def use(self, link: Link | None, address: str) -> None:
        """Another radio is attached."""
        self._keys.use(link)
        self._judge = Judge(self._station, self._keys, link)
        self.setter.address, self.setter.at = None, address
        self.connected = self.answered = False
        self._heard = None

    def changed(self, state: RadioState) -> None:
        """The link tells of its radio."""
        if state.connected and not self.connected:
            self._heard, self._urgent = self._station.unix(), None
        self.connected = state.connected
        self.answered |= state.connected

    def heard(self) -> None:
        """Something of the network's was heard."""
        self._heard, self._urgent = self._station.unix(), None

    def sent(self, *, urgent: bool) -> None:
        """A packet was handed to the radio."""
        if urgent and self._urgent is None:
            self._urgent = self._station.unix()

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
