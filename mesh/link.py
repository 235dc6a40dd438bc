# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What any link must do: the common language of real radios, virtual radios and the outbox.

A link carries opaque payloads of at most ``PAYLOAD_MAX`` bytes to whoever hears them. It promises
nothing about delivery; what was lost is repaired above. The types here are plain values, so the
same outbox drives a Meshtastic radio on a cable, a virtual one in a test, and a simulated county.

Limits: payload 0..231 bytes (Meshtastic on PRIVATE_APP, docs/developer/ether.md); hop limit 0..7.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mesh.nodes import MeshNode

PAYLOAD_MAX = 231
"""Largest payload in bytes: 255 B LoRa - 16 B header - 8 B Data overhead (firmware Router.cpp)."""

BROADCAST = 0xFFFFFFFF
"""Destination number that every radio takes."""


class FrameClass(enum.IntEnum):
    """Class of an outgoing frame; a smaller number goes first."""

    FLASH = 0  # blitz, staatsnot
    IMMEDIATE = 1  # sofort
    RECEIPT = 2  # Quittungen
    ROUTINE = 3  # einfach
    WANT = 4
    REPAIR = 5
    HAVE = 6

    @property
    def urgent(self) -> bool:
        """Whether the reserve of the airtime budget may be spent on it."""
        return self <= FrameClass.IMMEDIATE


@dataclass(frozen=True, slots=True)
class Packet:
    """One payload on its way to the radio."""

    payload: bytes
    id: int  # 1..2**32-1, unique per sender within an hour
    destination: int = BROADCAST
    hop_limit: int = 3
    want_ack: bool = False
    urgency: FrameClass = FrameClass.ROUTINE
    channel: int = 0  # channel index in a real radio, channel hash in the ether
    port: int = 256  # Meshtastic PRIVATE_APP


@dataclass(frozen=True, slots=True)
class Received:
    """One payload that the radio heard."""

    payload: bytes
    sender: int  # radio number of the originator, not of the relay
    id: int
    snr_db: float
    rssi_dbm: int
    hop_limit: int  # what was left on arrival
    hop_start: int  # what the originator set
    destination: int = BROADCAST
    channel: int = 0
    port: int = 256
    radio_unix_s: int = 0  # the radio's own clock on arrival; 0: it has no time
    relay: int = 0  # last byte of the number of who passed it on last; 0: nobody, or not known

    @property
    def hops(self) -> int:
        """How many relays lay between: 0 for a direct neighbour."""
        return max(0, self.hop_start - self.hop_limit)


class Refusal(enum.Enum):
    """Why the radio did not take a packet; the value is Meshtastic's Routing.Error number."""

    NONE = 0
    NO_ROUTE = 1
    MAX_RETRANSMIT = 5
    TOO_LARGE = 7
    DUTY_CYCLE_LIMIT = 9
    QUEUE_FULL = 32
    DISABLED = 34  # no region set, or the transmitter switched off
    RATE_LIMIT_EXCEEDED = 38
    OTHER = 254  # ours: a number that we have no name for
    DISCONNECTED = 255  # ours: the radio went away before it took the packet


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """The radio's answer to a packet handed in: flow control."""

    packet_id: int
    free: int  # places left
    size: int = 16
    refusal: Refusal = Refusal.NONE


@dataclass(frozen=True, slots=True)
class Sent:
    """The radio has taken the packet from us (``refusal`` NONE) or has not."""

    packet_id: int
    refusal: Refusal
    free: int | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A neighbour was heard relaying it (implicit), or its destination answered, or it failed."""

    packet_id: int
    implicit: bool
    refusal: Refusal = Refusal.NONE
    snr_db: float | None = None  # of the destination's answer, as heard here
    rssi_dbm: int | None = None
    hops: int | None = None


class Trouble(enum.Enum):
    """Why a radio is not there or does not send; the value is the same in every version."""

    CONNECTING = "connecting"
    REBOOTING = "rebooting"
    STOPPED = "stopped"
    REREAD = "reread"  # the settings are being read anew
    NO_HANDSHAKE = "no handshake"
    SILENT = "silent"
    BROKEN = "broken"  # the connection broke off
    STUCK = "stuck"  # the client library hangs
    NO_HOST = "no host"
    NO_ANSWER = "no answer"  # nobody at that address of the network
    NO_BLUETOOTH = "no bluetooth"
    NO_DEVICE = "no device"
    NO_PERMISSION = "no permission"
    IN_USE = "in use"
    ANOTHER = "another"  # not the radio that was attached before
    CANNOT_OPEN = "cannot open"
    # connected, and yet nothing is sent:
    REGION_UNSET = "region unset"
    TRANSMITTER_OFF = "transmitter off"
    SHARED = "rival"  # another program uses the same radio
    REFUSES = "refuses"  # detail: the radio's number for it


@dataclass(frozen=True, slots=True)
class Reason:
    """A trouble and what it is about."""

    trouble: Trouble
    about: str = ""  # device, host or address
    detail: str = ""  # in the system's own words


@dataclass(frozen=True, slots=True)
class RadioState:
    """What the link knows of the attached radio; ``None`` means not known, never zero."""

    connected: bool
    address: str  # as given by the user: "tcp:HOST:PORT", "serial:DEVICE", "ble:ADDRESS"
    number: int | None = None
    name: str | None = None
    firmware: str | None = None
    hardware: str | None = None
    region: str | None = None
    preset: str | None = None
    channel_utilisation: float | None = None  # percent of the last minute
    air_util_tx: float | None = None  # percent of the last hour, own and relayed
    battery_percent: int | None = None
    reason: Reason | None = None  # while not connected
    mute: Reason | None = None  # connected, and does not send
    rival: Reason | None = None  # another program seems to use it, too
    at: str | None = None  # address where it came back, if it is another
    plug: tuple[int, int, str] | None = None  # its USB chip: maker, product, serial number


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the radio wants its user to know, in the radio's own words (English)."""

    text: str
    packet_id: int | None = None  # the packet it is about


LinkEvent = Received | Sent | Acknowledged | RadioState | Notice | MeshNode


@runtime_checkable
class SetUp(Protocol):
    """A link whose radio can be set up from here."""

    def sections(self) -> dict[str, bytes]:
        """Serialised settings as the radio reported them, by name; empty before it did."""

    def configure(self, requests: Sequence[bytes]) -> tuple[int, ...]:
        """Send serialised admin messages to the attached radio; the ids of their packets."""

    def reread(self) -> None:
        """Connect anew, so that ``sections`` tells what the radio now has."""


class Link(Protocol):
    """A way to the other nodes. Calls never block; what happened is fetched as events."""

    def start(self) -> None:
        """Begin to connect; returns at once and reconnects for ever."""

    def stop(self) -> None:
        """Give up the connection within a few seconds, whatever the library below does."""

    def send(self, packet: Packet) -> None:
        """Hand in a packet; a ``Sent`` event with its id follows, refused or not.

        Raises ValueError for a payload above ``PAYLOAD_MAX``: a programmer's error.
        """

    def take_events(self) -> list[LinkEvent]:
        """What happened since the last call, oldest first (at most ``events_max``)."""
