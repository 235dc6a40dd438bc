# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the Meshtastic firmware about when a radio sends: pure tables and formulas.

Slots, contention windows, priorities, the 16-place TX queue, the memory of packets seen and the
meters of channel and transmitter use. Read in firmware 2.7.26 and 2.8.0: RadioInterface.cpp,
MeshPacketQueue.cpp, PacketHistory.cpp, airtime.cpp, NextHopRouter.cpp.
"""

from __future__ import annotations

import enum
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.airtime import Preset
from mesh.link import BROADCAST, FrameClass

if TYPE_CHECKING:
    from random import Random

TX_QUEUE_MAX = 16
CW_MIN, CW_MAX = 3, 8
CAD_SYMBOLS_X2 = 5  # 2.5 symbols of channel activity detection
PROCESSING_MS = 4_500
RELIABLE_SENDS = 3
DEFAULT_HOP_LIMIT = 3
HOP_LIMIT_MAX = 7
POLITE_CHANNEL_PERCENT = 25.0
HISTORY_MAX = 200
NODES_BEFORE_SCALING = 40

PRIORITY_BACKGROUND, PRIORITY_DEFAULT, PRIORITY_ACK = 10, 64, 120
PRIORITIES: dict[FrameClass, int] = {
    FrameClass.FLASH: 110,
    FrameClass.IMMEDIATE: 100,
    FrameClass.RECEIPT: 70,
    FrameClass.ROUTINE: PRIORITY_DEFAULT,
    FrameClass.WANT: PRIORITY_BACKGROUND,
    FrameClass.REPAIR: PRIORITY_BACKGROUND,
    FrameClass.HAVE: PRIORITY_BACKGROUND,
}
"""MeshPacket.Priority of our classes: ALERT, HIGH, RELIABLE, DEFAULT, BACKGROUND."""

PORT_NODE_INFO, PORT_ROUTING, PORT_TELEMETRY = 4, 5, 67


class Role(enum.Enum):
    """What a radio does for others (Config.DeviceConfig.Role)."""

    CLIENT = "client"
    ROUTER = "router"
    CLIENT_MUTE = "client_mute"


@dataclass(slots=True)
class Frame:
    """One packet as it stands in a TX queue or goes through the air."""

    sender: int
    id: int
    destination: int
    hop_limit: int
    hop_start: int
    channel: int
    port: int
    payload: bytes
    want_ack: bool
    urgency: FrameClass | None  # None: the radio's own telemetry and node info
    length: int  # bytes on the air
    airtime_ms: int
    priority: int
    relayed: bool = False  # somebody else's packet in our queue
    snr_db: float = 0.0  # with which the relay heard it
    relay: int = 0  # last byte of the number of who passed it on last; 0: nobody, or not known

    @property
    def key(self) -> tuple[int, int]:
        """What makes a packet the same on all its ways."""
        return self.sender, self.id

    @property
    def broadcast(self) -> bool:
        """Whether everybody is meant."""
        return self.destination == BROADCAST


def slot_ms(preset: Preset) -> int:
    """Slot of the contention window: 2.5 symbols and 7.6 ms for turnaround and processing."""
    return (CAD_SYMBOLS_X2 * preset.symbol_us + 15_200) // 2_000


def cad_ms(preset: Preset) -> int:
    """How long a transmission must have lasted before others can detect it."""
    return -(-CAD_SYMBOLS_X2 * preset.symbol_us // 2_000)


def window_by_use(channel_percent: float) -> int:
    """Exponent of the contention window for own packets, by channel utilisation 0..100 %."""
    return CW_MIN + int(channel_percent) * (CW_MAX - CW_MIN) // 100


def window_by_snr(snr_db: float) -> int:
    """Exponent of the contention window for a relay: weak signals, short windows."""
    return CW_MIN + int((int(snr_db) + 20) * (CW_MAX - CW_MIN) / 30)


def own_delay_slots(channel_percent: float, rng: Random) -> int:
    """Slots to wait before an own packet."""
    return rng.randrange(1 << window_by_use(channel_percent))


def relay_delay_slots(snr_db: float, role: Role, rng: Random) -> int:
    """Slots to wait before relaying; every ROUTER goes before everybody else."""
    window = window_by_snr(snr_db)
    if role is Role.ROUTER:
        return rng.randrange(2 * window)
    return 2 * CW_MAX + rng.randrange(1 << window)


def retransmission_ms(preset: Preset, airtime_ms: int, channel_percent: float) -> int:
    """How long to wait for an acknowledgement before sending again."""
    slots = (1 << window_by_use(channel_percent)) + 2 * CW_MAX + (1 << (CW_MAX + CW_MIN) // 2)
    return 2 * airtime_ms + slots * slot_ms(preset) + PROCESSING_MS


def interval_scale(nodes: int) -> float:
    """Factor on the intervals of telemetry and node info in a large mesh."""
    return 1.0 + max(0, nodes - NODES_BEFORE_SCALING) * 0.075


def signs_broadcasts(version: object) -> bool:
    """Whether a radio with that firmware signs small broadcasts: from 2.8 on (Router.cpp)."""
    match = re.match(r"(\d+)\.(\d+)", str(version))
    return match is not None and (int(match[1]), int(match[2])) >= (2, 8)


HOPLESS_HEARD = frozenset(
    {"2.7.21.1370b23", "2.7.22.96dd647", "2.7.23.b246bcd", "2.7.24.472b14c", "2.8.0.7754068"}
)
"""Builds with a suspicious number that are known to take packets with hop start 0."""


def may_drop_hopless(version: object) -> bool:
    """Whether a radio with that firmware may be deaf to packets that are not to be relayed.

    Ours mostly go one hop, with hop start 0. Builds of the develop branch between 16 March and
    11 July 2026 drop those before they decrypt (NodeDB.cpp, MESHTASTIC_PREHOP_DROP; mended in pull
    request 10758). They call themselves 2.7.21 to 2.7.24 and 2.8.0, and nothing but the hash at
    the end tells them from releases: of an unknown hash this says only that it may be one.
    """
    match = re.match(r"(\d+\.\d+\.\d+)\.\w+", str(version))
    if match is None or str(version) in HOPLESS_HEARD:
        return False
    return match[1] in {"2.7.21", "2.7.22", "2.7.23", "2.7.24", "2.8.0"}


LEAST_TRIED = (2, 7, 20)
"""The oldest firmware that was tried with our frames; older ones are used, and said to be old."""


def is_old(version: object) -> bool:
    """Whether a firmware is older than any that was tried; False where no version is told."""
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", str(version))
    return match is not None and tuple(map(int, match.groups())) < LEAST_TRIED


class TxQueue:
    """Packets waiting in the radio: by priority, then relayed before own, then by age."""

    def __init__(self) -> None:
        self._frames: list[Frame] = []
        self.dropped = 0  # evicted in favour of a higher priority

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def free(self) -> int:
        """Places left."""
        return TX_QUEUE_MAX - len(self._frames)

    @property
    def airtime_ms(self) -> int:
        """Airtime of everything that waits."""
        return sum(frame.airtime_ms for frame in self._frames)

    def front(self) -> Frame:
        """What goes next; IndexError when empty."""
        return self._frames[0]

    def put(self, frame: Frame) -> bool:
        """Take a packet, if need be instead of the last one of lower priority; False if full."""
        if len(self._frames) >= TX_QUEUE_MAX:
            if self._frames[-1].priority >= frame.priority:
                return False
            self._frames.pop()
            self.dropped += 1
        rank = (-frame.priority, not frame.relayed)
        at = len(self._frames)
        while at and (-self._frames[at - 1].priority, not self._frames[at - 1].relayed) > rank:
            at -= 1
        self._frames.insert(at, frame)
        return True

    def pop(self) -> Frame:
        """Take out what goes next; IndexError when empty."""
        return self._frames.pop(0)

    def holds(self, key: tuple[int, int]) -> bool:
        """Whether a copy of the packet waits."""
        return any(frame.key == key for frame in self._frames)

    def remove(self, key: tuple[int, int], hop_limit_below: int | None = None) -> bool:
        """Drop the waiting copy, optionally only one with fewer hops left; whether there was."""
        for index, frame in enumerate(self._frames):
            if frame.key == key and (hop_limit_below is None or frame.hop_limit < hop_limit_below):
                del self._frames[index]
                return True
        return False

    def clear(self) -> None:
        """Forget everything, as on loss of power."""
        self._frames.clear()


class PacketHistory:
    """The newest packets seen, each with the most hops it had left."""

    def __init__(self) -> None:
        self._hops: OrderedDict[tuple[int, int], int] = OrderedDict()

    def note(self, key: tuple[int, int], hop_limit: int) -> tuple[bool, bool]:
        """Enter a packet; (seen before, now with more hops left than ever)."""
        known = self._hops.get(key)
        self._hops[key] = hop_limit if known is None else max(known, hop_limit)
        self._hops.move_to_end(key)
        if len(self._hops) > HISTORY_MAX:
            self._hops.popitem(last=False)
        return known is not None, known is not None and hop_limit > known

    def __contains__(self, key: tuple[int, int]) -> bool:
        return key in self._hops

    def clear(self) -> None:
        """Forget everything, as on loss of power."""
        self._hops.clear()


class ChannelMeter:
    """Use of the channel as the radio reports it: the last minute in six buckets of ten seconds."""

    def __init__(self) -> None:
        self._buckets = [0] * 6
        self._period = 0

    def add(self, now: int, airtime_ms: int) -> None:
        """Something was sent or heard."""
        self._roll(now)
        self._buckets[self._period % 6] += airtime_ms

    def percent(self, now: int) -> float:
        """Channel utilisation, 0..100."""
        self._roll(now)
        return min(100.0, sum(self._buckets) / 600)

    def _roll(self, now: int) -> None:
        period = now // 10_000
        if period == self._period:
            return
        for step in range(1, min(6, period - self._period) + 1):
            self._buckets[(self._period + step) % 6] = 0
        self._period = period


class TransmitMeter:
    """Own and relayed airtime of the last hour as the firmware counts it: sixty whole minutes."""

    def __init__(self) -> None:
        self._buckets = [0] * 60
        self._minute = 0

    def add(self, now: int, airtime_ms: int) -> None:
        """A transmission has ended."""
        self._roll(now)
        self._buckets[self._minute % 60] += airtime_ms

    def used_ms(self, now: int) -> int:
        """Airtime of the running minute and the fifty-nine before it."""
        self._roll(now)
        return sum(self._buckets)

    def _roll(self, now: int) -> None:
        minute = now // 60_000
        if minute == self._minute:
            return
        for step in range(1, min(60, minute - self._minute) + 1):
            self._buckets[(self._minute + step) % 60] = 0
        self._minute = minute
