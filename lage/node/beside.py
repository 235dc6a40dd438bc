# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything of a node beside the radio: local network and broker, as the settings want them."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from lage.bearers.broker.address import parse_broker
from lage.bearers.broker.service import Broker
from lage.bearers.lan.address import Address, parse_address
from lage.bearers.lan.discovery import Finder
from lage.bearers.lan.service import Lan
from lage.kinds.setting import LAN
from lage.language.errors import UsageError
from lage.node.gather import Gatherer
from lage.node.hearing import Hearing
from lage.node.lives import Lives
from lage.node.meeting import Meeting
from lage.node.ways import Ways
from lage.store.broker_login import broker_authority, broker_login
from lage.store.keys import load_node, network_mark
from lage.store.lives import Way
from lage.store.ways import WaysReport

if TYPE_CHECKING:
    from lage.county.rekey import KeyPlan
    from lage.station import Station
    from sync.replica.engine import Engine

LISTEN_MS = 60_000


class Beside:
    """The ways besides the radio, turn by turn."""

    def __init__(
        self,
        station: Station,
        engine: Engine,
        me: int,
        rng: random.Random,
        on_held: Callable[[int, int], None],
        on_air: Callable[[], bool],
        lives: Lives,
        wake: Callable[[], None],
        fence: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """``on_held`` hears of members who say how much of our own feed they hold; ``on_air`` says
        whether our radio sends; ``wake`` ends the node's wait between two turns; ``fence``: around
        what one event may cost."""
        self._station, self._engine, self._me, self._wake = station, engine, me, wake
        self._gatherer = Gatherer(station, engine, me, on_held, on_air, lives)
        self.ways = Ways(station, engine, me, self._gatherer, fence)
        self.meeting = Meeting(station, engine, me, self._gatherer, rng, fence)
        self._heard_at = -LISTEN_MS
        self._heard: tuple[dict[int, tuple[int, ...]], list[int]] = {}, []
        self._lan: dict[str, Any] = {}
        self._login = ("", "", "")

    def tend(self) -> None:
        """Look whether other ways are wanted than before."""
        wanted = self._station.setting(LAN)
        if wanted != self._lan:
            self._lan = wanted
            self._use_lan(*lan_of(wanted))
        folder = self._station.folder
        login = (*broker_login(folder), broker_authority(folder))
        if login != self._login:
            self._login = login
            self.meeting.use(self._broker(*login))

    def use_keys(self, plan: KeyPlan) -> None:
        """The network's keys at this moment."""
        self.meeting.use_keys(plan.epoch, plan.network_keys)

    def published(self, last: int, now: int, *, urgent: bool) -> None:
        """Our own feed goes on up to there."""
        if urgent:
            self._gatherer.note_urgent(self._me, last, now)

    def turn(self, now: int) -> None:
        """Everything that is due."""
        self.ways.turn(now)
        self.meeting.turn(now)
        self._gatherer.keep(now)

    def deadlines(self, now: int) -> list[int | None]:
        """When something is due without an event."""
        return [self.ways.deadline(now), self.meeting.deadline()]

    def report(self, now: int) -> WaysReport:
        """For the other processes."""
        troubles = [*self.ways.troubles.values(), *filter(None, [self.meeting.trouble])]
        broker = f"Vermittler {self._login[0]}"
        reached = dict.fromkeys(self.meeting.there(now), broker)
        reached |= {each.member: each.where for each in self.ways.reached}
        return WaysReport(self.ways.listening, reached, tuple(troubles), (broker,))

    def listen(self, hearing: Hearing, now: int) -> None:
        """Who hears whom there, once a minute and where that has changed."""
        links, there = self.ways.links, self.meeting.there(now)
        if now >= self._heard_at + LISTEN_MS or (links, there) != self._heard:
            self._heard_at, self._heard = now, (links, there)
            hearing.linked(links)
            for member in there:
                hearing.here(member, Way.BROKER)

    def close(self) -> None:
        """Let go of all."""
        self.ways.use(())
        self.meeting.use(None)

    def _use_lan(self, listen: Address | None, addresses: tuple[Address, ...]) -> None:
        if listen is None and not addresses:
            self.ways.use(())
            return
        sign = load_node(self._station.folder).sign
        network_id = self._station.network_keys.network_id
        finder = Finder(network_mark(network_id).hex(), self._me) if self._lan.get("find") else None
        lan = Lan(self._station.folder, sign, network_id, listen, addresses, self._wake, finder)
        self.ways.use((lan,))

    def _broker(self, address: str, password: str, authority: str) -> Broker | None:
        if not address:
            return None
        mark = network_mark(self._station.network_keys.network_id).hex()
        return Broker(parse_broker(address), password, mark, self._me, self._wake, authority)


def lan_of(setting: dict[str, Any]) -> tuple[Address | None, tuple[Address, ...]]:
    """Where to listen (None: nowhere) and whom to dial, as the settings say."""
    typed = setting.get("addresses")
    addresses = tuple(filter(None, map(_address, typed if isinstance(typed, list) else ())))
    return _address(setting.get("listen")), addresses


def _address(typed: object) -> Address | None:
    if not isinstance(typed, str) or not typed:
        return None
    if typed.startswith("*:") and typed[2:].isdecimal():
        return Address("", int(typed[2:]))
    try:
        return parse_address(typed)
    except UsageError:
        return None  # kept by a version that wrote it otherwise
