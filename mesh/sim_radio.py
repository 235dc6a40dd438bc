# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One simulated Meshtastic radio: its TX queue, its ears and its part in flooding.

It decides what the firmware decides (``mesh.firmware`` holds the formulas): when to send, what to
relay, what to cancel, when to try again, what to refuse. The ``Ether`` carries its frames to
others and calls it at the times it asked for. Simplifications stand in docs/developer/ether.md.

Limits: 16 packets to send, ``RECEIVED_MAX`` packets and notices for the client (the oldest go
first), ``PENDING_MAX`` packets waiting for an acknowledgement.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from mesh.airtime import (
    EU_868_LIMIT_PPM,
    FRAME_MAX,
    HOUR_MS,
    PREAMBLE_SYMBOLS,
    AirtimeKind,
    DutyLedger,
    Preset,
    frame_len,
    time_on_air_ms,
)
from mesh.firmware import (
    DEFAULT_HOP_LIMIT,
    HOP_LIMIT_MAX,
    POLITE_CHANNEL_PERCENT,
    PORT_NODE_INFO,
    PORT_ROUTING,
    PORT_TELEMETRY,
    PRIORITIES,
    PRIORITY_ACK,
    PRIORITY_BACKGROUND,
    PRIORITY_DEFAULT,
    RELIABLE_SENDS,
    TX_QUEUE_MAX,
    ChannelMeter,
    Frame,
    PacketHistory,
    Role,
    TransmitMeter,
    TxQueue,
    cad_ms,
    interval_scale,
    own_delay_slots,
    relay_delay_slots,
    retransmission_ms,
    slot_ms,
)
from mesh.link import BROADCAST, Acknowledged, Packet, QueueStatus, Received, Refusal
from mesh.propagation import SNR_MAX_DB, noise_floor_dbm, sensitivity_dbm

if TYPE_CHECKING:
    from random import Random

_T = TypeVar("_T")

RECEIVED_MAX = 256
PENDING_MAX = 32
CLIENT_IDS_MAX = 20
"""Packet ids of the client that are remembered against duplicates (firmware PhoneAPI.h)."""

PEERS_MAX = 250
CAPTURE_DB = 6.0
"""By how much a signal must exceed another on the same settings to survive it."""

NODE_INFO_LEN, TELEMETRY_LEN = 92, 28
"""Payload bytes of a radio's own node info (with public key) and device telemetry."""


@dataclass(frozen=True, slots=True)
class RadioConfig:
    """A radio and where it stands."""

    num: int  # 1..2**32-2
    position: tuple[float, float] | None = None  # metres east, north; None: explicit links only
    antenna_height_m: float = 10.0
    role: Role = Role.CLIENT
    tx_dbm: float = 22.0
    name: str = ""
    duty_limit_ppm: int = EU_868_LIMIT_PPM
    duty_gate: Literal["strict", "firmware"] = "strict"
    firmware: Literal["2.7", "2.8"] = "2.7"
    channels: frozenset[int] | None = None  # whose packets the client gets; None: all
    node_info_ms: int = 0  # interval of own node info (firmware: 3 h); 0: none
    telemetry_ms: int = 0  # interval of own telemetry (firmware: 30 min); 0: none


@dataclass(slots=True)
class AirCounters:
    """What a radio did so far; times in ms of air."""

    tx_own_ms: int = 0
    tx_relayed_ms: int = 0
    rx_ms: int = 0
    tx_own: int = 0
    tx_relayed: int = 0
    rx_good: int = 0
    rx_bad: int = 0  # spoiled by a collision, own sending or loss
    duplicates: int = 0
    relays_cancelled: int = 0
    relays_refused: int = 0  # over the duty cycle or queue full
    client_duplicates: int = 0
    client_lost: int = 0  # packets or notices that nobody fetched in time


@dataclass(slots=True, eq=False)
class Signal:
    """One transmission as one receiver hears it."""

    frame: Frame
    rssi_dbm: float
    start: int
    end: int
    spoiled: bool = False
    dead: bool = False  # the receiver lost power meanwhile


@dataclass(slots=True)
class _Pending:
    frame: Frame
    left: int
    at: int


@dataclass(frozen=True, slots=True)
class Modem:
    """What all radios of one ether share, computed once."""

    preset: Preset
    slot_ms: int = field(init=False)
    cad_ms: int = field(init=False)
    preamble_ms: int = field(init=False)
    clean_ms: int = field(init=False)  # part of the preamble that may be lost
    noise_dbm: float = field(init=False)
    sensitivity_dbm: float = field(init=False)
    extra_noise_db: float = 0.0

    def __post_init__(self) -> None:
        symbol = self.preset.symbol_us
        values = {
            "slot_ms": slot_ms(self.preset),
            "cad_ms": cad_ms(self.preset),
            "preamble_ms": (PREAMBLE_SYMBOLS * symbol + symbol * 17 // 4) // 1000,
            "clean_ms": (PREAMBLE_SYMBOLS - 5) * symbol // 1000,
            "noise_dbm": noise_floor_dbm(self.preset) + self.extra_noise_db,
            "sensitivity_dbm": sensitivity_dbm(self.preset) + self.extra_noise_db,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)


class Medium(Protocol):
    """What a radio needs of the ether around it."""

    rng: Random
    modem: Modem

    def advance(self, now: int) -> None:
        """Let everything happen that is due until ``now``."""

    def schedule(self, at: int, action: Callable[[Any, int], None], argument: object) -> None:
        """Call ``action(argument, at)`` when the time has come."""

    def transmit(self, radio: SimRadio, frame: Frame, now: int) -> None:
        """Put a frame on the air; ``sent`` is called at its end."""

    def abort(self, radio: SimRadio) -> None:
        """The radio has lost power while sending."""


class SimRadio:
    """A radio on a simulated ether; made by ``Ether.add_radio``."""

    def __init__(self, medium: Medium, config: RadioConfig) -> None:
        if not 1 <= config.num < BROADCAST:
            raise ValueError(f"radio number {config.num} is out of range")
        self.config = config
        self.num = config.num
        self.powered = True
        self.group = 0  # stations of different groups don't hear each other
        self.airtime = AirCounters()
        self.ledger = DutyLedger(config.duty_limit_ppm)
        self.signals: list[Signal] = []
        self._medium, self._rng, self._modem = medium, medium.rng, medium.modem
        self._lock: Signal | None = None
        self._sending = False
        self._queue = TxQueue()
        self._history = PacketHistory()
        self._channel = ChannelMeter()
        self._hour = TransmitMeter()
        self._timer = 0  # number of the timer that counts; older ones are void
        self._armed = False
        self._pending: dict[int, _Pending] = {}
        self._acks: dict[int, Frame] = {}
        self._client_ids: deque[int] = deque(maxlen=CLIENT_IDS_MAX)
        self._peers: set[int] = set()
        self._received: deque[Received] = deque(maxlen=RECEIVED_MAX)
        self._notices: deque[Acknowledged] = deque(maxlen=RECEIVED_MAX)
        for interval, port, length in (
            (config.node_info_ms, PORT_NODE_INFO, NODE_INFO_LEN),
            (config.telemetry_ms, PORT_TELEMETRY, TELEMETRY_LEN),
        ):
            if interval:
                first = self._rng.randrange(interval)
                medium.schedule(first, self._background, (interval, port, length))

    # -- the client's side ---------------------------------------------------------------------

    def submit(self, packet: Packet, now: int) -> QueueStatus:
        """Take a packet into the TX queue, or say why not.

        A packet whose id was handed in recently is dropped and reported as accepted, as the
        firmware does; so who tries again after a refusal uses a new id. ValueError for an id or
        hop limit out of range.
        """
        if not 1 <= packet.id <= 0xFFFFFFFF or not 0 <= packet.hop_limit <= HOP_LIMIT_MAX:
            raise ValueError("packet id or hop limit is out of range")
        self._medium.advance(now)
        if not self.powered:
            return QueueStatus(packet.id, 0, TX_QUEUE_MAX, Refusal.DISCONNECTED)
        refusal = Refusal.NONE
        if packet.id in self._client_ids:
            self.airtime.client_duplicates += 1
        else:
            self._client_ids.append(packet.id)
            refusal = self._accept(packet, now)
        return self.queue_status(packet.id, refusal)

    def queue_status(self, packet_id: int = 0, refusal: Refusal = Refusal.NONE) -> QueueStatus:
        """Room in the TX queue, as the radio answers a heartbeat (with packet id 0)."""
        return QueueStatus(packet_id, self._queue.free, TX_QUEUE_MAX, refusal)

    def take_received(self) -> list[Received]:
        """Packets heard for this radio's client since the last call, oldest first."""
        return _drain(self._received)

    def take_notices(self) -> list[Acknowledged]:
        """Implicit acknowledgements and failures of packets with ``want_ack``."""
        return _drain(self._notices)

    def power_off(self, now: int) -> None:
        """Lose power: what waits is lost, what is on the air breaks off."""
        self._medium.advance(now)
        self.powered, self._sending, self._armed, self._lock = False, False, False, None
        self._medium.abort(self)
        for signal in self.signals:
            signal.dead = True
        self.signals.clear()
        for forgetful in (self._queue, self._history, self._pending, self._acks, self._client_ids):
            forgetful.clear()
        self._received.clear()
        self._notices.clear()
        self._channel, self._hour = ChannelMeter(), TransmitMeter()

    def power_on(self, now: int) -> None:
        """Start again; only the lawful account of airtime was kept."""
        self._medium.advance(now)
        self.powered = True

    def channel_utilisation(self, now: int) -> float:
        """Use of the channel in the last minute as the radio reports it, in percent."""
        return self._channel.percent(now)

    def air_util_tx(self, now: int) -> float:
        """Own and relayed airtime of the last hour as the radio reports it, in percent."""
        return self._hour.used_ms(now) / HOUR_MS * 100

    # -- sending -------------------------------------------------------------------------------

    def _accept(self, packet: Packet, now: int) -> Refusal:
        length = frame_len(
            len(packet.payload),
            packet.port,
            signing=self.config.firmware == "2.8",
            broadcast=packet.destination == BROADCAST,
        )
        if length > FRAME_MAX:
            return Refusal.TOO_LARGE
        hops = packet.hop_limit
        if packet.want_ack and hops == 0:
            hops = DEFAULT_HOP_LIMIT
        priority = PRIORITIES[packet.urgency]
        frame = self._frame(packet, length, hops, priority)
        refusal = self._enqueue(frame, now)
        if refusal is Refusal.NONE:
            self._history.note(frame.key, hops)
            if packet.port == PORT_ROUTING and not frame.broadcast:
                _bounded(self._acks, PENDING_MAX)[packet.destination] = frame
            if packet.want_ack:
                self._await_ack(frame, now)
        return refusal

    def _frame(self, packet: Packet, length: int, hops: int, priority: int) -> Frame:
        broadcast = packet.destination == BROADCAST
        return Frame(
            sender=self.num,
            id=packet.id,
            destination=packet.destination,
            hop_limit=hops,
            hop_start=hops,
            channel=packet.channel,
            port=packet.port,
            payload=packet.payload,
            want_ack=packet.want_ack and not broadcast,  # never on the air for a broadcast
            urgency=packet.urgency,
            length=length,
            airtime_ms=time_on_air_ms(self._modem.preset, length),
            priority=PRIORITY_ACK if packet.port == PORT_ROUTING else priority,
        )

    def _enqueue(self, frame: Frame, now: int) -> Refusal:
        if not self._within_duty(frame, now):
            return Refusal.DUTY_CYCLE_LIMIT
        if not self._queue.put(frame):
            return Refusal.QUEUE_FULL
        self._delay_pending(frame)
        if not self._armed:
            self._arm(now)
        return Refusal.NONE

    def _within_duty(self, frame: Frame, now: int) -> bool:
        if self.config.duty_gate == "strict":
            planned = self._queue.airtime_ms + frame.airtime_ms
            return self.ledger.used_ms(now) + planned <= self.ledger.limit_ms
        used_ppm = self._hour.used_ms(now) * 1_000_000 // HOUR_MS
        return used_ppm <= self.config.duty_limit_ppm

    def _arm(self, now: int) -> None:
        """Wait a random number of slots for the packet in front; the end of what is on the air
        arms anew, so there is nothing to wait for meanwhile."""
        self._timer += 1
        self._armed = False
        if not len(self._queue) or self._sending or self._lock is not None:
            return
        front = self._queue.front()
        if front.relayed:
            slots = relay_delay_slots(front.snr_db, self.config.role, self._rng)
        else:
            slots = own_delay_slots(self._channel.percent(now), self._rng)
        self._armed = True
        self._medium.schedule(now + slots * self._modem.slot_ms, self._delay_over, self._timer)

    def _delay_over(self, timer: int, now: int) -> None:
        if timer != self._timer or not self._armed:
            return
        self._armed = False
        if not len(self._queue) or self._sending:
            return
        detectable = now - self._modem.cad_ms
        if self._lock is not None and self._lock.start <= detectable:
            return  # its end arms anew
        floor = self._modem.sensitivity_dbm
        if any(s.start <= detectable and s.rssi_dbm >= floor for s in self.signals):
            self._arm(now)
            return
        self._lock = None
        for signal in self.signals:
            signal.spoiled = True  # half duplex
        self._sending = True
        frame = self._queue.pop()
        self.ledger.record(
            now, frame.airtime_ms, AirtimeKind.RELAYED if frame.relayed else AirtimeKind.OWN
        )
        self._medium.transmit(self, frame, now)

    def sent(self, frame: Frame, now: int) -> None:
        """A transmission of this radio has ended."""
        self._sending = False
        self._channel.add(now, frame.airtime_ms)
        self._hour.add(now, frame.airtime_ms)
        if frame.relayed:
            self.airtime.tx_relayed += 1
            self.airtime.tx_relayed_ms += frame.airtime_ms
        else:
            self.airtime.tx_own += 1
            self.airtime.tx_own_ms += frame.airtime_ms
        self._arm(now)

    # -- acknowledgements ----------------------------------------------------------------------

    def _await_ack(self, frame: Frame, now: int) -> None:
        pending = _Pending(frame, RELIABLE_SENDS - 1, now + self._patience_ms(frame, now))
        _bounded(self._pending, PENDING_MAX)[frame.id] = pending
        self._medium.schedule(pending.at, self._retry, frame.id)

    def _patience_ms(self, frame: Frame, now: int) -> int:
        return retransmission_ms(self._modem.preset, frame.airtime_ms, self._channel.percent(now))

    def _delay_pending(self, frame: Frame) -> None:
        """While another packet is on the air no acknowledgement can be heard."""
        for packet_id, pending in self._pending.items():
            if packet_id != frame.id:
                pending.at += frame.airtime_ms

    def _retry(self, packet_id: int, now: int) -> None:
        pending = self._pending.get(packet_id)
        if pending is None:
            return
        if pending.at <= now:
            if pending.left == 0:
                del self._pending[packet_id]
                self._notify(Acknowledged(packet_id, False, Refusal.MAX_RETRANSMIT))
                return
            pending.left -= 1
            if not self._queue.holds(pending.frame.key):
                self._enqueue(pending.frame, now)
            pending.at = now + self._patience_ms(pending.frame, now)
        self._medium.schedule(pending.at, self._retry, packet_id)

    def _stop_retrying(self, packet_id: int) -> bool:
        pending = self._pending.pop(packet_id, None)
        if pending is None:
            return False
        self._queue.remove(pending.frame.key)
        return True

    def _notify(self, notice: Acknowledged) -> None:
        self.airtime.client_lost += len(self._notices) == RECEIVED_MAX
        self._notices.append(notice)

    # -- hearing -------------------------------------------------------------------------------

    def hear_start(self, signal: Signal, now: int) -> None:
        """A transmission reaches this radio."""
        modem = self._modem
        if self._sending:
            signal.spoiled = True
        for other in self.signals:
            stronger_by = signal.rssi_dbm - other.rssi_dbm
            if stronger_by > -CAPTURE_DB:
                other.spoiled = True
            if stronger_by < CAPTURE_DB and other.end > now + modem.clean_ms:
                signal.spoiled = True
        self.signals.append(signal)
        if self._sending or signal.rssi_dbm < modem.sensitivity_dbm:
            return
        lock = self._lock
        if lock is None or (
            now < lock.start + modem.preamble_ms and signal.rssi_dbm >= lock.rssi_dbm + CAPTURE_DB
        ):
            self._lock = signal

    def hear_end(self, signal: Signal, lost: bool, now: int) -> None:
        """A transmission is over; ``lost``: it is to be taken as not understood."""
        if signal.dead:
            return
        self.signals.remove(signal)
        if self._lock is not signal:
            return
        self._lock = None
        frame = signal.frame
        self._channel.add(now, frame.airtime_ms)
        self.airtime.rx_ms += frame.airtime_ms
        self._arm(now)
        if signal.spoiled or lost:
            self.airtime.rx_bad += 1
            return
        self.airtime.rx_good += 1
        self._receive(frame, signal, now)

    def _receive(self, frame: Frame, signal: Signal, now: int) -> None:
        """Firmware ReliableRouter, NextHopRouter and FloodingRouter on one packet heard."""
        if frame.sender == self.num:
            self.airtime.duplicates += 1
            if self._stop_retrying(frame.id):
                self._notify(Acknowledged(frame.id, implicit=True))
            return
        self._delay_pending(frame)
        snr_db = min(signal.rssi_dbm - self._modem.noise_dbm, SNR_MAX_DB)
        seen, upgraded = self._history.note(frame.key, frame.hop_limit)
        if seen:
            self.airtime.duplicates += 1
            self._heard_again(frame, upgraded, snr_db, now)
            return
        if len(self._peers) < PEERS_MAX:
            self._peers.add(frame.sender)
        if frame.broadcast or frame.destination == self.num:
            self._deliver(frame, signal, snr_db)
        if frame.port == PORT_ROUTING and not frame.broadcast:
            self._overheard_ack(frame)
        self._relay(frame, snr_db, now)

    def _deliver(self, frame: Frame, signal: Signal, snr_db: float) -> None:
        channels = self.config.channels
        if channels is not None and frame.channel not in channels:
            return
        self.airtime.client_lost += len(self._received) == RECEIVED_MAX
        self._received.append(
            Received(
                payload=frame.payload,
                sender=frame.sender,
                id=frame.id,
                snr_db=round(snr_db * 4) / 4,
                rssi_dbm=round(signal.rssi_dbm),
                hop_limit=frame.hop_limit,
                hop_start=frame.hop_start,
                destination=frame.destination,
                channel=frame.channel,
                port=frame.port,
            )
        )

    def _overheard_ack(self, frame: Frame) -> None:
        """An answer from D: the oldest packet to D that waits for one has arrived."""
        if frame.destination == self.num:
            for packet_id, pending in self._pending.items():
                if pending.frame.destination == frame.sender:
                    self._stop_retrying(packet_id)
                    return

    def _heard_again(self, frame: Frame, upgraded: bool, snr_db: float, now: int) -> None:
        if upgraded and self._queue.remove(frame.key, hop_limit_below=frame.hop_limit):
            self._relay(frame, snr_db, now)
            return
        if frame.hop_start == frame.hop_limit:  # its author tries again
            if self._queue.holds(frame.key):
                return
            if frame.destination == self.num and frame.want_ack:
                answer = self._acks.get(frame.sender)
                if answer is not None and not self._queue.holds(answer.key):
                    self._enqueue(answer, now)
            else:
                self._relay(frame, snr_db, now)
        elif self.config.role is not Role.ROUTER and self._queue.remove(frame.key):
            self.airtime.relays_cancelled += 1

    def _relay(self, frame: Frame, snr_db: float, now: int) -> None:
        if frame.hop_limit == 0 or frame.destination == self.num:
            return
        if self.config.role is Role.CLIENT_MUTE:
            return
        priority = PRIORITY_ACK if frame.port == PORT_ROUTING else PRIORITY_DEFAULT
        copy = replace(
            frame,
            hop_limit=frame.hop_limit - 1,
            relayed=True,
            snr_db=snr_db,
            priority=priority,
        )
        if self._enqueue(copy, now) is not Refusal.NONE:
            self.airtime.relays_refused += 1

    # -- the radio's own chatter ---------------------------------------------------------------

    def _background(self, kind: tuple[int, int, int], now: int) -> None:
        interval, port, length = kind
        again = int(interval * interval_scale(len(self._peers)))
        self._medium.schedule(now + again, self._background, kind)
        if not self.powered or not self._polite(now):
            return
        packet = Packet(bytes(length), self._rng.randrange(1, BROADCAST), port=port)
        size = frame_len(length, port, signing=self.config.firmware == "2.8")
        frame = self._frame(packet, size, DEFAULT_HOP_LIMIT, PRIORITY_BACKGROUND)
        frame.urgency = None
        if self._enqueue(frame, now) is Refusal.NONE:
            self._history.note(frame.key, frame.hop_limit)

    def _polite(self, now: int) -> bool:
        half_ppm = self.config.duty_limit_ppm // 2
        used_ppm = self._hour.used_ms(now) * 1_000_000 // HOUR_MS
        return self._channel.percent(now) < POLITE_CHANNEL_PERCENT and used_ppm < half_ppm


def _drain(items: deque[_T]) -> list[_T]:
    drained = list(items)
    items.clear()
    return drained


def _bounded(items: dict[int, _T], limit: int) -> dict[int, _T]:
    """The same dict with room for one more entry; the oldest goes."""
    while len(items) >= limit:
        del items[next(iter(items))]
    return items
