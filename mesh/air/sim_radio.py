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
from dataclasses import replace
from typing import TypeVar

from mesh.air.config import AirCounters, RadioConfig
from mesh.air.medium import Medium
from mesh.air.propagation import SNR_MAX_DB
from mesh.air.receiver import Receiver, Signal, UndisturbedReceiver
from mesh.air.retries import Retries
from mesh.air.transmitter import Transmitter
from mesh.airtime import FRAME_MAX, frame_len, time_on_air_ms
from mesh.firmware import (
    DEFAULT_HOP_LIMIT,
    HOP_LIMIT_MAX,
    PORT_NODE_INFO,
    PORT_ROUTING,
    PORT_TELEMETRY,
    PRIORITIES,
    PRIORITY_ACK,
    PRIORITY_BACKGROUND,
    PRIORITY_DEFAULT,
    TX_QUEUE_MAX,
    Frame,
    PacketHistory,
    Role,
    interval_scale,
    retransmission_ms,
)
from mesh.ledger import HOUR_MS
from mesh.link import BROADCAST, Acknowledged, Packet, QueueStatus, Received, Refusal

_T = TypeVar("_T")

Rewrite = Callable[[Frame, float], bytes]
"""What a relay makes of a payload, given the signal to noise with which it came."""

RECEIVED_MAX = 256
ACKS_MAX = 32
CLIENT_IDS_MAX = 20
"""Packet ids of the client that are remembered against duplicates (firmware PhoneAPI.h)."""

PEERS_MAX = 250
NODE_INFO_LEN, TELEMETRY_LEN = 92, 28
"""Payload bytes of a radio's own node info (with public key) and device telemetry."""


class SimRadio:
    """A radio on a simulated ether; made by ``Ether.add_radio``."""

    def __init__(self, medium: Medium, config: RadioConfig) -> None:
        if not 1 <= config.num < BROADCAST:
            raise ValueError(f"radio number {config.num} is out of range")
        self.config = config
        self.num = config.num  # its place on the ether
        self.address = config.num  # what it goes by; a radio may take another
        self.rewrite: Rewrite = _unchanged
        self.powered = True
        self.on_client: Callable[[], None] = _nobody  # there is something for the client to fetch
        self.group = 0  # only equal groups hear each other; negative: other LoRa settings
        self.airtime = AirCounters()
        self._medium, self._rng, self._modem = medium, medium.rng, medium.modem
        receiver = Receiver if self._modem.collisions else UndisturbedReceiver
        self._receiver = receiver(self._modem)
        self._transmitter = Transmitter(
            medium, config, self._receiver, self.airtime, self._put_on_air
        )
        self._queue = self._transmitter.queue
        self.ledger = self._transmitter.ledger
        self._history = PacketHistory()
        self._retries = Retries()
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
                first = medium.now + self._rng.randrange(interval)
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

    def answered(self, packet_id: int) -> None:
        """A reply to this packet has come: it need not be sent again."""
        frame = self._retries.end(packet_id)
        if frame is not None:
            self._queue.remove(frame.key)

    def power_off(self, now: int) -> None:
        """Lose power: what waits is lost, what is on the air breaks off."""
        self._medium.advance(now)
        self.powered = False
        self._medium.abort(self.num, now)
        self._receiver.power_off()
        self._transmitter.power_off()
        self._history.clear()
        self._retries.clear()
        self._acks.clear()
        self._client_ids.clear()
        self._received.clear()
        self._notices.clear()

    def power_on(self, now: int) -> None:
        """Start again; only the lawful account of airtime was kept."""
        self._medium.advance(now)
        self.powered = True

    def take_role(self, role: Role) -> None:
        """From now on it does for others what that role does."""
        self.config = self._transmitter.config = replace(self.config, role=role)

    def channel_utilisation(self, now: int) -> float:
        """Use of the channel in the last minute as the radio reports it, in percent."""
        return self._transmitter.channel.percent(now)

    def air_util_tx(self, now: int) -> float:
        """Own and relayed airtime of the last hour as the radio reports it, in percent."""
        return self._transmitter.hour.used_ms(now) / HOUR_MS * 100

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
        frame = self._frame(packet, length, hops, PRIORITIES[packet.urgency])
        refusal = self._enqueue(frame, now)
        if refusal is Refusal.NONE:
            self._history.note(frame.key, hops)
            if packet.port == PORT_ROUTING and not frame.broadcast:
                self._remember_answer(frame)
            if packet.want_ack:
                self._await_ack(frame, now)
        return refusal

    def _remember_answer(self, frame: Frame) -> None:
        """Kept to answer again when its receiver asks again."""
        while len(self._acks) >= ACKS_MAX:
            del self._acks[next(iter(self._acks))]
        self._acks[frame.destination] = frame

    def _frame(self, packet: Packet, length: int, hops: int, priority: int) -> Frame:
        broadcast = packet.destination == BROADCAST
        return Frame(
            sender=self.address,
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
        refusal = self._transmitter.enqueue(frame, now)
        if refusal is Refusal.NONE:
            self._retries.postpone(frame)
        return refusal

    def _put_on_air(self, frame: Frame, now: int) -> None:
        self._medium.transmit(self.num, frame, now)

    def sent(self, frame: Frame, now: int) -> None:
        """A transmission of this radio has ended."""
        self._transmitter.sent(frame, now)

    # -- acknowledgements ----------------------------------------------------------------------

    def _await_ack(self, frame: Frame, now: int) -> None:
        at = now + self._patience_ms(frame, now)
        self._retries.begin(frame, at)
        self._medium.schedule(at, self._retry, frame.id)

    def _patience_ms(self, frame: Frame, now: int) -> int:
        return retransmission_ms(
            self._modem.preset, frame.airtime_ms, self._transmitter.channel.percent(now)
        )

    def _retry(self, packet_id: int, now: int) -> None:
        pending = self._retries.get(packet_id)
        if pending is None:
            return
        if pending.at <= now:
            if pending.left == 0:
                self._retries.end(packet_id)
                self._notify(Acknowledged(packet_id, False, Refusal.MAX_RETRANSMIT))
                return
            pending.left -= 1
            if not self._queue.holds(pending.frame.key):
                self._enqueue(pending.frame, now)
            pending.at = now + self._patience_ms(pending.frame, now)
        self._medium.schedule(pending.at, self._retry, packet_id)

    def _notify(self, notice: Acknowledged) -> None:
        self.airtime.client_lost += len(self._notices) == RECEIVED_MAX
        self._notices.append(notice)
        self.on_client()

    # -- hearing -------------------------------------------------------------------------------

    def hear_start(self, signal: Signal, now: int) -> None:
        """A transmission reaches this radio."""
        self._receiver.begin(signal, now, deaf=self._transmitter.sending)

    def hear_end(self, signal: Signal, lost: bool, now: int) -> None:
        """A transmission is over; ``lost``: it is to be taken as not understood."""
        if not self._receiver.end(signal):
            return
        frame = signal.frame
        self._transmitter.channel.add(now, frame.airtime_ms)
        self.airtime.rx_ms += frame.airtime_ms
        self._transmitter.arm(now)
        if signal.spoiled or lost:
            self.airtime.rx_bad += 1
            return
        self.airtime.rx_good += 1
        self._receive(frame, signal, now)

    def _receive(self, frame: Frame, signal: Signal, now: int) -> None:
        """Firmware ReliableRouter, NextHopRouter and FloodingRouter on one packet heard."""
        if frame.sender == self.address:
            self.airtime.duplicates += 1
            if self._retries.end(frame.id) is not None:
                self._queue.remove(frame.key)
                self._notify(Acknowledged(frame.id, implicit=True))
            return
        self._retries.postpone(frame)
        snr_db = min(signal.rssi_dbm - self._modem.noise_dbm, SNR_MAX_DB)
        seen, upgraded = self._history.note(frame.key, frame.hop_limit)
        if seen:
            self.airtime.duplicates += 1
            self._heard_again(frame, upgraded, snr_db, now)
            return
        if len(self._peers) < PEERS_MAX:
            self._peers.add(frame.sender)
        if frame.broadcast or frame.destination == self.address:
            self._deliver(frame, signal, snr_db)
        if frame.port == PORT_ROUTING and frame.destination == self.address:
            answered = self._retries.end_oldest_to(frame.sender)
            if answered is not None:
                self._queue.remove(answered.key)
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
                relay=frame.relay,
            )
        )
        self.on_client()

    def _heard_again(self, frame: Frame, upgraded: bool, snr_db: float, now: int) -> None:
        if upgraded and self._queue.remove(frame.key, hop_limit_below=frame.hop_limit):
            self._relay(frame, snr_db, now)
            return
        if frame.hop_start == frame.hop_limit:  # its author tries again
            if self._queue.holds(frame.key):
                return
            if frame.destination == self.address and frame.want_ack:
                answer = self._acks.get(frame.sender)
                if answer is not None and not self._queue.holds(answer.key):
                    self._enqueue(answer, now)
            else:
                self._relay(frame, snr_db, now)
        elif self.config.role is not Role.ROUTER and self._queue.remove(frame.key):
            self.airtime.relays_cancelled += 1

    def _relay(self, frame: Frame, snr_db: float, now: int) -> None:
        if frame.hop_limit == 0 or frame.destination == self.address:
            return
        if self.config.role is Role.CLIENT_MUTE:
            return
        priority = PRIORITY_ACK if frame.port == PORT_ROUTING else PRIORITY_DEFAULT
        copy = replace(
            self._rewritten(frame, snr_db),
            hop_limit=frame.hop_limit - 1,
            relayed=True,
            relay=self.address & 0xFF or 0xFF,
            snr_db=snr_db,
            priority=priority,
        )
        if self._enqueue(copy, now) is not Refusal.NONE:
            self.airtime.relays_refused += 1

    def _rewritten(self, frame: Frame, snr_db: float) -> Frame:
        """What this radio adds to a packet on its way, if there is room."""
        payload = self.rewrite(frame, snr_db)
        length = frame.length + len(payload) - len(frame.payload)
        if payload == frame.payload or length > FRAME_MAX:
            return frame
        airtime = time_on_air_ms(self._modem.preset, length)
        return replace(frame, payload=payload, length=length, airtime_ms=airtime)

    # -- the radio's own chatter ---------------------------------------------------------------

    def _background(self, kind: tuple[int, int, int], now: int) -> None:
        interval, port, length = kind
        again = int(interval * interval_scale(len(self._peers)))
        self._medium.schedule(now + again, self._background, kind)
        if not self.powered or not self._transmitter.polite(now):
            return
        packet = Packet(bytes(length), self._rng.randrange(1, BROADCAST), port=port)
        size = frame_len(length, port, signing=self.config.firmware == "2.8")
        frame = self._frame(packet, size, DEFAULT_HOP_LIMIT, PRIORITY_BACKGROUND)
        frame.urgency = None
        if self._enqueue(frame, now) is Refusal.NONE:
            self._history.note(frame.key, frame.hop_limit)


def _nobody() -> None:
    """No client waits."""


def _unchanged(frame: Frame, snr_db: float) -> bytes:
    return frame.payload


def _drain(items: deque[_T]) -> list[_T]:
    drained = list(items)
    items.clear()
    return drained
