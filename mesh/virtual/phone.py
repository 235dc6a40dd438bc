# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The client API of one virtual radio: what the firmware answers to its client, without I/O.

Between a client that speaks ``ToRadio``/``FromRadio`` and a radio on the air. It imitates firmware
PhoneAPI.cpp, MeshService.cpp and the local part of Router.cpp: handshake, flow control by
queueStatus, rate limits, duplicate ids, admin messages, routing replies, node database, and the
short memory for a client that is away.

Whoever runs it feeds ``receive``, ``heard`` and ``noticed``, calls ``advance`` at
``next_deadline`` and fetches ``take_frames``. Times are milliseconds of the radio's own clock.

Limits: ``BUFFERED_MAX`` packets for an absent client, ``FRAMES_MAX`` frames not fetched.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable
from typing import Protocol

from google.protobuf.message import DecodeError
from meshtastic.protobuf import admin_pb2, mesh_pb2, portnums_pb2, telemetry_pb2

from mesh.link import BROADCAST, Acknowledged, Packet, QueueStatus, Received, Refusal
from mesh.virtual.admin import handle_admin
from mesh.virtual.gate import ClientGate, Verdict
from mesh.virtual.manifest import Manifest
from mesh.virtual.settings import VirtualSettings

BUFFERED_MAX = 32
"""Packets kept for a client that is away; the oldest go first (firmware mesh-pb-constants.h)."""

FRAMES_MAX = 4096
TELEMETRY_EVERY_MS = 60_000
NODE_INFO_FIRST_MS = (2_000, 12_000)
NODE_INFO_LEAST_S = 3_600
"""Shortest interval of the own node info, whatever the settings say (firmware Default.h)."""

Port = portnums_pb2.PortNum
Error = mesh_pb2.Routing.Error


class PhoneRadio(Protocol):
    """What is needed of the radio on the air; ``mesh.sim_radio.SimRadio`` has it."""

    def submit(self, packet: Packet, now: int) -> QueueStatus:
        """Take a packet into the TX queue, or refuse it."""

    def queue_status(self) -> QueueStatus:
        """Room in the TX queue."""

    def channel_utilisation(self, now: int) -> float:
        """Use of the channel in the last minute, percent."""

    def air_util_tx(self, now: int) -> float:
        """Own and relayed airtime of the last hour, percent."""


class VirtualPhone:
    """One radio's side of the client API."""

    def __init__(
        self,
        settings: VirtualSettings,
        radio: PhoneRadio,
        manifest: Manifest,
        rng: random.Random,
        unix_offset_s: int = 0,
    ) -> None:
        """``unix_offset_s`` is the wall clock at time 0, in seconds since 1970."""
        self.settings = settings
        self.attached = False  # a client has asked for the configuration and not hung up
        self.restart_wanted = False
        self.shutdown_wanted = False
        self.air_changed = False
        self._radio = radio
        self._gate = ClientGate()
        self._manifest = manifest
        self._rng = rng
        self._unix_offset_s = unix_offset_s
        self._frames: deque[mesh_pb2.FromRadio] = deque(maxlen=FRAMES_MAX)
        self._waiting: deque[mesh_pb2.FromRadio] = deque(maxlen=BUFFERED_MAX)
        self._editing = False
        self._restart_after_edit = False
        self._node_info_at = rng.randint(*NODE_INFO_FIRST_MS)
        self._telemetry_at = TELEMETRY_EVERY_MS
        self.bad_frames = 0  # ToRadio that could not be decoded
        self.dropped_for_client = 0  # packets the absent client will never see

    # -- the five methods ----------------------------------------------------------------------

    def receive(self, body: bytes, now: int) -> None:
        """One frame from the client; undecodable ones are counted and ignored."""
        try:
            message = mesh_pb2.ToRadio.FromString(body)
        except DecodeError:
            self.bad_frames += 1
            return
        match message.WhichOneof("payload_variant"):
            case "want_config_id":
                self._start_config(message.want_config_id)
            case "disconnect":
                self.detach()
            case "heartbeat":
                self._heartbeat(message.heartbeat.nonce, now)
            case "packet":
                self._from_client(message.packet, now)
            case _:
                pass  # xmodem and MQTT: nothing to do for a radio without files and internet

    def advance(self, now: int) -> None:
        """Do what is due: own node info, and telemetry for the client."""
        if now >= self._node_info_at:
            wanted_s = self.settings.config["device"].device.node_info_broadcast_secs or 10_800
            self._node_info_at = now + max(wanted_s, NODE_INFO_LEAST_S) * 1000
            self.send_node_info(BROADCAST, now)
        if now >= self._telemetry_at:
            self._telemetry_at = now + TELEMETRY_EVERY_MS
            if self.attached:
                self._to_client(self._telemetry(now))

    def next_deadline(self) -> int:
        """When ``advance`` has something to do."""
        return min(self._node_info_at, self._telemetry_at) if self.attached else self._node_info_at

    def take_frames(self) -> list[bytes]:
        """Bodies of the frames for the client since the last call."""
        frames = [message.SerializeToString() for message in self._frames]
        self._frames.clear()
        return frames

    # -- the client's side ---------------------------------------------------------------------

    def detach(self) -> None:
        """The client has hung up or was lost: from now on packets wait."""
        self.attached = False
        self._frames.clear()
        self._editing = False

    def reboot(self, now: int) -> None:
        """The radio starts again: nobody is attached, what waited is lost, settings stay."""
        self.detach()
        self._waiting.clear()
        self._gate = ClientGate()
        self.restart_wanted = self.shutdown_wanted = False
        self._node_info_at = now + self._rng.randint(*NODE_INFO_FIRST_MS)
        self._telemetry_at = now + TELEMETRY_EVERY_MS

    def greet(self) -> None:
        """Tell a serial client, once it talks, that the radio has started again."""
        self._frames.append(mesh_pb2.FromRadio(rebooted=True))

    def _start_config(self, nonce: int) -> None:
        self._frames.clear()  # a new request restarts the sequence
        self._frames.extend(self.settings.handshake(nonce))
        self._frames.extend(self._waiting)
        self._waiting.clear()
        self.attached = True

    def _heartbeat(self, nonce: int, now: int) -> None:
        if nonce == 1:  # "tell the others who I am"; not answered
            self.send_node_info(BROADCAST, now)
        elif self.attached:
            self._queue_status(0, Error.NONE)

    def _queue_status(self, packet_id: int, result: int) -> None:
        queue = self._radio.queue_status()
        status = mesh_pb2.QueueStatus(
            res=result, free=queue.free, maxlen=queue.size, mesh_packet_id=packet_id
        )
        if self.attached:
            self._frames.append(mesh_pb2.FromRadio(queueStatus=status))

    def _to_client(self, packet: mesh_pb2.MeshPacket) -> None:
        message = mesh_pb2.FromRadio(packet=packet)
        if self.attached:
            self._frames.append(message)
            return
        if len(self._waiting) == BUFFERED_MAX:
            self.dropped_for_client += 1
        self._waiting.append(message)

    def notify(self, text: str, reply_id: int, now: int) -> None:
        """A notification for the client's user."""
        note = mesh_pb2.ClientNotification(
            message=text, reply_id=reply_id, time=self._unix_s(now), level="WARNING"
        )
        if self.attached:
            self._frames.append(mesh_pb2.FromRadio(clientNotification=note))

    # -- packets from the client ---------------------------------------------------------------

    def _from_client(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        if packet.id == 0:
            packet.id = self._new_id()
        verdict = self._gate.judge(packet.id, packet.decoded.portnum, now)
        if verdict is Verdict.DUPLICATE:
            return  # without a queueStatus, as the firmware does
        if packet.WhichOneof("payload_variant") != "decoded":
            self._queue_status(packet.id, Error.BAD_REQUEST)
            return
        if verdict is not Verdict.ADMIT:
            self._queue_status(packet.id, Error.NONE)
            if verdict is Verdict.NAK:
                self._routing(packet.id, Error.RATE_LIMIT_EXCEEDED, now)
            return
        setattr(packet, "from", self.settings.number)
        if packet.to == self.settings.number:
            self._queue_status(packet.id, Error.NONE)
            self._to_self(packet, now)
        else:
            self.transmit(packet, now)

    def transmit(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        """Hand a packet of this radio to the air, tell the client what became of it."""
        key = self.settings.channel_key(packet.channel)
        if key is None:
            self._queue_status(packet.id, Error.NO_CHANNEL)
            self._routing(packet.id, Error.NO_CHANNEL, now)
            return
        packet.hop_limit = min(packet.hop_limit, 7)
        if packet.want_ack and packet.hop_limit == 0:
            default = min(self.settings.lora.hop_limit, 7) or 3
            packet.hop_limit = default  # firmware Router.cpp sendLocal
        status = self._radio.submit(self._manifest.enter(packet, key), now)
        self._queue_status(packet.id, status.refusal.value)
        if status.refusal not in (Refusal.NONE, Refusal.QUEUE_FULL):
            self._routing(packet.id, status.refusal.value, now)

    def _to_self(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        error = Error.NONE
        answered = False
        if packet.decoded.portnum == Port.ADMIN_APP:
            error, answered = self._admin(packet, now)
        if error != Error.NONE or (packet.want_ack and not answered):
            self._routing(packet.id, error, now)

    def _admin(self, packet: mesh_pb2.MeshPacket, now: int) -> tuple[int, bool]:
        try:
            request = admin_pb2.AdminMessage.FromString(packet.decoded.payload)
        except DecodeError:
            return Error.BAD_REQUEST, False
        outcome = handle_admin(self.settings, request)
        variant = request.WhichOneof("payload_variant")
        if variant == "begin_edit_settings":
            self._editing = True
        elif variant == "commit_edit_settings":
            self._editing = False
            self.restart_wanted |= self._restart_after_edit
            self._restart_after_edit = False
        elif self._editing:
            self._restart_after_edit |= outcome.restart
        else:
            self.restart_wanted |= outcome.restart
        self.shutdown_wanted |= outcome.shutdown
        self.air_changed |= outcome.air_changed
        if outcome.owner_changed:
            self.send_node_info(BROADCAST, now)
        if outcome.response is None:
            return outcome.error, False
        data = mesh_pb2.Data(
            portnum=Port.ADMIN_APP,
            payload=outcome.response.SerializeToString(),
            request_id=packet.id,
        )
        self._to_client(self._own_packet(self.settings.number, data, now))
        return outcome.error, True

    # -- the air's side ------------------------------------------------------------------------

    def heard(self, received: Iterable[Received], now: int) -> None:
        """Packets that the radio received."""
        for item in received:
            self._heard_one(item, now)

    def _heard_one(self, item: Received, now: int) -> None:
        index = self.settings.channel_keys().get(item.channel)
        if index is None or item.sender == self.settings.number:
            return
        packet = self._manifest.leave(item)
        if packet is None:
            return  # background of radios that are not served here
        packet.channel = index
        packet.rx_time = self._unix_s(now)
        entry = self.settings.heard(item.sender, self._unix_s(now), item.snr_db, item.hops)
        data = packet.decoded
        if data.portnum == Port.NODEINFO_APP:
            self._learn(entry, data)
            if data.want_response and item.destination == self.settings.number:
                self.send_node_info(item.sender, now, request_id=item.id)
        if item.destination not in (BROADCAST, self.settings.number):
            return
        if packet.want_ack and item.destination == self.settings.number:
            self._acknowledge(packet, now)
        if data.portnum == Port.ADMIN_APP:
            return  # remote administration is not imitated
        self._to_client(packet)

    def _learn(self, entry: mesh_pb2.NodeInfo, data: mesh_pb2.Data) -> None:
        try:
            user = mesh_pb2.User.FromString(data.payload)
        except DecodeError:
            return
        if user.id:
            entry.user.CopyFrom(user)
            if self.attached:
                self._frames.append(mesh_pb2.FromRadio(node_info=entry))

    def _acknowledge(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        routing = mesh_pb2.Routing(error_reason=Error.NONE)
        data = mesh_pb2.Data(
            portnum=Port.ROUTING_APP,
            payload=routing.SerializeToString(),
            request_id=packet.id,
        )
        answer = self._own_packet(getattr(packet, "from"), data, now)
        answer.channel = packet.channel
        answer.priority = mesh_pb2.MeshPacket.Priority.ACK
        answer.hop_limit = min(7, max(packet.hop_start - packet.hop_limit, 0) + 1)
        self._send_silently(answer, now)

    def noticed(self, notices: Iterable[Acknowledged], now: int) -> None:
        """What became of packets sent earlier."""
        for notice in notices:
            self._routing(notice.packet_id, notice.refusal.value, now)

    def _routing(self, request_id: int, error: int, now: int) -> None:
        """A routing reply of the radio itself: implicit ack or NAK."""
        routing = mesh_pb2.Routing()
        routing.error_reason = error  # a oneof: NONE must be on the wire too
        data = mesh_pb2.Data(
            portnum=Port.ROUTING_APP, payload=routing.SerializeToString(), request_id=request_id
        )
        packet = self._own_packet(self.settings.number, data, now)
        packet.priority = mesh_pb2.MeshPacket.Priority.ACK
        self._to_client(packet)
        if error == Error.DUTY_CYCLE_LIMIT:
            self.notify("Duty cycle limit exceeded. You can send again soon.", request_id, now)

    # -- own packets ---------------------------------------------------------------------------

    def send_node_info(self, destination: int, now: int, request_id: int = 0) -> None:
        """Tell one radio or all who this is."""
        data = mesh_pb2.Data(
            portnum=Port.NODEINFO_APP, payload=self.settings.own.user.SerializeToString()
        )
        if request_id:
            data.request_id = request_id
        packet = self._own_packet(destination, data, now)
        packet.hop_limit = min(self.settings.lora.hop_limit, 7)
        packet.priority = mesh_pb2.MeshPacket.Priority.BACKGROUND
        self._send_silently(packet, now)

    def _send_silently(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        key = self.settings.channel_key(packet.channel)
        if key is not None:
            self._radio.submit(self._manifest.enter(packet, key), now)

    def _telemetry(self, now: int) -> mesh_pb2.MeshPacket:
        metrics = self.settings.own.device_metrics
        metrics.battery_level = 101  # firmware's value for "on mains"
        metrics.channel_utilization = self._radio.channel_utilisation(now)
        metrics.air_util_tx = self._radio.air_util_tx(now)
        metrics.uptime_seconds = now // 1000
        telemetry = telemetry_pb2.Telemetry(time=self._unix_s(now), device_metrics=metrics)
        data = mesh_pb2.Data(portnum=Port.TELEMETRY_APP, payload=telemetry.SerializeToString())
        return self._own_packet(BROADCAST, data, now)

    def _own_packet(self, destination: int, data: mesh_pb2.Data, now: int) -> mesh_pb2.MeshPacket:
        packet = mesh_pb2.MeshPacket(
            to=destination, decoded=data, id=self._new_id(), rx_time=self._unix_s(now)
        )
        setattr(packet, "from", self.settings.number)
        return packet

    def _new_id(self) -> int:
        return self._rng.randint(1, 0xFFFFFFFF)

    def _unix_s(self, now: int) -> int:
        return (self._unix_offset_s + now // 1000) & 0xFFFFFFFF
