# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One simulated staff: its station with log and keys, the engine, the sender and the radio.

What ``lage.node`` does with a real radio, without its process: frames of the engine go through the
outbox, which spends the lawful airtime, to the simulated radio, and what that hears goes back. A
laptop that is off does nothing and keeps what it has; a radio that is cut off hears nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lage.kinds.model import Draft
from lage.station import Station
from mesh.air.ether import SimRadio
from mesh.link import FrameClass
from mesh.send.outbox import Outbox
from mesh.send.outgoing import outgoing
from mesh.send.policy import OutboxConfig, new_account
from sync.replica.config import EngineConfig
from sync.replica.engine import Engine
from sync.replica.events import Accepted, HeardFrame
from sync.schema.definition import EntityId
from sync.schema.urgency import Urgency

if TYPE_CHECKING:
    import random

PRIVATE_APP = 256
Span = tuple[int, int, int]
"""Author, first and last number of operations."""


class Laptop:
    """A staff at work."""

    def __init__(
        self,
        station: Station,
        radio: SimRadio,
        rng: random.Random,
        policy: OutboxConfig,
        now: int,
    ) -> None:
        network = station.network_keys
        assert network.author is not None
        self.number, self.station, self.radio = network.author, station, radio
        self.off = False
        self._published = station.store.log.head(network.author)
        self._outbox = Outbox(policy, new_account(), rng)
        self._engine = Engine(
            station.store.log,
            network_id=network.network_id,
            network_key=network.network_key,
            root_public=network.root_public,
            author=network.author,
            rng=rng,
            now=now,
            config=EngineConfig(radio_signs=policy.signing),
        )

    @property
    def name(self) -> str:
        """The staff's name."""
        me = self.station.me
        assert me is not None
        return me.name

    def write(self, drafts: Sequence[Draft]) -> list[EntityId]:
        """Append drafts to the own feed; the next turn sends them. Raises as the station does."""
        return self.station.write(drafts)

    def written(self, now: int) -> list[tuple[int, int, Urgency]]:
        """What stands in the own feed since the last time, whoever wrote it: it is published."""
        log = self.station.store.log
        head = log.head(self.number)
        if head == self._published or self.off:
            return []
        spans = log.urgencies(self.number, self._published + 1, head)
        for first, last, urgency in spans:
            self._engine.publish(first, last, urgency, now)
        self._published = head
        return spans

    def cut_off(self, now: int) -> None:
        """The radio fails: what comes of it waits here."""
        self._outbox.shut = True
        self.radio.power_off(now)

    def back(self, now: int) -> None:
        """The radio is there again."""
        self.radio.power_on(now)
        self._outbox.shut = False
        self._engine.reconnected(now)

    def turn(self, now: int) -> tuple[list[Span], int | None]:
        """Do what is due: what was taken over from others, and when the next turn is due."""
        heard = self.radio.take_received()
        notices = self.radio.take_notices()
        if self.off:
            return [], None
        for received in heard:
            if received.port == PRIVATE_APP:
                frame = HeardFrame(
                    received.payload, received.snr_db, received.hops, relays=received.hop_start
                )
                self._engine.receive(frame, now)
        self._engine.advance(now)
        taken = [
            (event.author, event.first, event.last)
            for event in self._engine.take_events()
            if isinstance(event, Accepted)
        ]
        for out in self._engine.take_frames():
            urgency, reach = FrameClass[out.priority.name], out.reach.value
            item = outgoing(out.payload, urgency, reach, out.key, out.expires, insist=out.insist)
            self._outbox.put(item, now)
        self._outbox.on_radio(now, self.radio.channel_utilisation(now), None)
        self._outbox.advance(now)
        for packet in self._outbox.take_frames():
            self._outbox.on_status(self.radio.submit(packet, now), now)
        for notice in notices:
            self._outbox.on_ack(notice, now)
        self._outbox.advance(now)
        self._engine.lapsed(self._outbox.take_lapsed(), now)
        due = [self._engine.next_deadline(), self._outbox.next_deadline()]
        return taken, max(now + 1, min(each for each in due if each is not None))
