# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Packets that the radio has and whose airtime is not on the account yet.

A packet has *left* when the room in the radio's queue or the time shows it. Then it is settled, or,
if it asked for a relay, still watched: the radio sends it up to three times until it hears one.
Until that is known it counts as dear as it can get.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from mesh.firmware import PROCESSING_MS, RELIABLE_SENDS

DWELL_MS = 5_000
"""A packet leaves the radio within twice its airtime and this."""
ACK_PATIENCE_MS = 60_000
"""Afterwards the radio has given up waiting for a relay."""
UNCONFIRMED_MS = 30_000
"""The link owes an answer that long."""

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Handed(Generic[T]):
    item: T
    once_ms: int  # airtime of one transmission
    sends: int  # how many the radio may make
    at: int
    confirmed: bool = False
    left: bool = False

    @property
    def cost_ms(self) -> int:
        return self.sends * self.once_ms


class HandedOver(Generic[T]):
    """All of one radio, oldest first; ``bill(now, airtime)`` enters what was sent."""

    def __init__(self, bill: Callable[[int, int], None]) -> None:
        self._bill = bill
        self._packets: dict[int, _Handed[T]] = {}
        self._turn_since = 0  # when the oldest packet in the radio became the oldest

    @property
    def in_radio(self) -> int:
        """Packets that have not left the radio as far as is known."""
        return sum(not packet.left for packet in self._packets.values())

    @property
    def costs_ms(self) -> list[int]:
        """Airtime that is not on the account yet, by packet."""
        return [packet.cost_ms for packet in self._packets.values()]

    def add(self, packet_id: int, item: T, cost_ms: int, now: int, *, repeats: bool) -> None:
        """The radio gets a packet; ``cost_ms`` is that of all transmissions it may make."""
        if not self.in_radio:
            self._turn_since = now
        sends = RELIABLE_SENDS if repeats else 1
        self._packets[packet_id] = _Handed(item, cost_ms // sends, sends, now)

    def confirm(self, packet_id: int) -> None:
        """The radio has taken it."""
        if packet_id in self._packets:
            self._packets[packet_id].confirmed = True

    def refused(self, packet_id: int) -> T | None:
        """The radio has not taken it; what it was."""
        packet = self._packets.pop(packet_id, None)
        return None if packet is None else packet.item

    def relayed(self, packet_id: int, now: int, *, heard: bool) -> None:
        """A relay was heard, or the radio has given the packet up.

        A repetition comes no sooner than twice the airtime and the processing time after the one
        before (NextHopRouter.cpp), which bounds what can have been sent when a relay is heard.
        """
        packet = self._packets.get(packet_id)
        if packet is None or packet.sends == 1:
            return
        sends = 1 + (now - packet.at) // (2 * packet.once_ms + PROCESSING_MS)
        if not heard or sends > packet.sends:
            sends = packet.sends
        self._settle(packet_id, now, sends * packet.once_ms)

    def occupied(self, places: int, now: int) -> None:
        """Of the packets that the radio has taken at most ``places`` still wait in it."""
        taken = [key for key, p in self._packets.items() if p.confirmed and not p.left]
        for packet_id in taken[: max(0, len(taken) - places)]:
            self._leave(packet_id, now)

    def advance(self, now: int) -> None:
        """Let time pass."""
        while (following := self._next()) and following[0] <= now:
            packet_id = following[1]
            if self._packets[packet_id].left:
                self._settle(packet_id, now, self._packets[packet_id].cost_ms)
            else:
                self._leave(packet_id, now)

    def next_deadline(self) -> int | None:
        """When ``advance`` has something to do."""
        following = self._next()
        return following[0] if following else None

    def _next(self) -> tuple[int, int] | None:
        """When the next one is done with, and which: the first in the radio, or one that left."""
        found: list[tuple[int, int]] = []
        in_turn = True
        for packet_id, packet in self._packets.items():
            if packet.left:
                found.append((packet.at + ACK_PATIENCE_MS, packet_id))
            elif in_turn:
                in_turn = False
                found.append((self._leaves_at(packet), packet_id))
        return min(found, default=None)

    def _leaves_at(self, packet: _Handed[T]) -> int:
        if not packet.confirmed:
            return packet.at + UNCONFIRMED_MS
        return max(packet.at, self._turn_since) + 2 * packet.once_ms + DWELL_MS

    def _leave(self, packet_id: int, now: int) -> None:
        packet = self._packets[packet_id]
        if packet.sends > 1:
            packet.left = True
            self._turn_since = now
        else:
            self._settle(packet_id, now, packet.cost_ms)

    def _settle(self, packet_id: int, now: int, cost_ms: int) -> None:
        if not self._packets.pop(packet_id).left:
            self._turn_since = now
        self._bill(now, cost_ms)
