# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The simplest air: everybody hears everything after a fixed delay; for tests of what is above."""

from __future__ import annotations

from mesh.link import Acknowledged, Packet, QueueStatus, Received, Refusal


class PlainRadio:
    """A radio that takes everything unless told otherwise."""

    def __init__(self, air: PlainAir, number: int) -> None:
        self.air, self.number = air, number
        self.taken: list[Packet] = []
        self.received: list[Received] = []
        self.notices: list[Acknowledged] = []
        self.free, self.refusal, self.on = 16, Refusal.NONE, True

    def submit(self, packet: Packet, now: int) -> QueueStatus:
        self.taken.append(packet)
        if self.refusal is Refusal.NONE:
            self.air.queue.append((now + self.air.delay_ms, self, packet))
        return QueueStatus(packet.id, self.free, refusal=self.refusal)

    def take_received(self) -> list[Received]:
        received, self.received = self.received, []
        return received

    def take_notices(self) -> list[Acknowledged]:
        notices, self.notices = self.notices, []
        return notices

    def power_off(self, now: int) -> None:
        self.on = False

    def power_on(self, now: int) -> None:
        self.on = True


class PlainAir:
    """Carries packets between its radios."""

    def __init__(self, delay_ms: int = 100) -> None:
        self.delay_ms = delay_ms
        self.radios: list[PlainRadio] = []
        self.queue: list[tuple[int, PlainRadio, Packet]] = []

    def add(self, number: int) -> PlainRadio:
        self.radios.append(PlainRadio(self, number))
        return self.radios[-1]

    def next_deadline(self) -> int | None:
        return self.queue[0][0] if self.queue else None

    def advance(self, now: int) -> None:
        while self.queue and self.queue[0][0] <= now:
            _, sender, packet = self.queue.pop(0)
            for radio in self.radios:
                if radio is not sender and radio.on:
                    radio.received.append(heard(packet, sender.number))


def heard(packet: Packet, sender: int) -> Received:
    """A packet as a direct neighbour hears it."""
    return Received(
        payload=packet.payload,
        sender=sender,
        id=packet.id,
        snr_db=6.25,
        rssi_dbm=-90,
        hop_limit=packet.hop_limit,
        hop_start=packet.hop_limit,
        destination=packet.destination,
        channel=packet.channel,
        port=packet.port,
    )
