# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The client API of one virtual radio: what the firmware answers to its client, without I/O.

Between a client that speaks ``ToRadio``/``FromRadio`` and a radio on the air. It imitates firmware
PhoneAPI.cpp, MeshService.cpp and the local part of Router.cpp: handshake, flow control by
queueStatus, rate limits, duplicate ids, admin messages, routing replies, node database, and the
small queues of ``mesh.virtual.outbound``.

Whoever runs it feeds ``receive``, ``heard`` and ``noticed``, calls ``advance`` at
``next_deadline`` and fetches ``take_frames``. Times are milliseconds of the radio's own clock.

Limits: ``TO_SELF_MAX`` packets to the radio itself until it looks at them, the oldest go first.
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
from mesh.virtual.outbound import Outbound
from mesh.virtual.settings import VirtualSettings

TO_SELF_MAX = 4
"""Packets from the client to its own radio that wait to be handled; a whole batch is read before
the first is (firmware Router.cpp, MAX_RX_FROMRADIO)."""

RESTART_S = 7
"""From a change to the restart that it needs (firmware AdminModule.h, DEFAULT_REBOOT_SECONDS)."""

TELEMETRY_EVERY_MS = 60_000
NODE_INFO_FIRST_MS = (2_000, 12_000)
NODE_INFO_LEAST_S = 3_600
"""Shortest interval of the own node info, whatever the settings say (firmware Default.h)."""

Port = portnums_pb2.PortNum
Error = mesh_pb2.Routing.Error


class PhoneRadio(Protocol):
    """What is needed of the radio on the air; ``mesh.air.sim_radio.SimRadio`` has it."""

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
        self.restart_in_s: int | None = None  # None: not wanted
        self.shutdown_wanted = False
        self.air_changed = False
        self._radio = radio
        self._gate = ClientGate()
        self._manifest = manifest
        self._rng = rng
        self._unix_offset_s = unix_offset_s
        self._out = Outbound()
        self._self: deque[mesh_pb2.MeshPacket] = deque(maxlen=TO_SELF_MAX)
        self._editing = False
        self._restart_after_edit = False
        self._node_info_at = rng.randint(*NODE_INFO_FIRST_MS)
        self._telemetry_at = TELEMETRY_EVERY_MS
        self.bad_frames = 0  # ToRadio that could not be decoded

    @property
    def attached(self) -> bool:
        """Whether a client has asked for the configuration and not hung up."""
        return self._out.attached

    @property
    def dropped_for_client(self) -> int:
        """Packets that the absent client will never see."""
        return self._out.dropped

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
        """Do what is due: packets to the radio itself, own node info, telemetry for the client."""
        while self._self:
            self._to_self(self._self.popleft(), now)
        if now >= self._node_info_at:
            wanted_s = self.settings.config["device"].device.node_info_broadcast_secs or 10_800
            self._node_info_at = now + max(wanted_s, NODE_INFO_LEAST_S) * 1000
            self.send_node_info(BROADCAST, now)
        if now >= self._telemetry_at:
            self._telemetry_at = now + TELEMETRY_EVERY_MS
            if self.attached or self._out.empty:
                self._out.packet(self._telemetry(now))

    def next_deadline(self) -> int:
        """When ``advance`` has something to do."""
        return 0 if self._self else min(self._node_info_at, self._telemetry_at)

    def take_frames(self) -> list[bytes]:
        """Bodies of the frames for the client since the last call."""
        return self._out.take()

    # -- the client's side ---------------------------------------------------------------------

    def detach(self) -> None:
        """The client has hung up or was lost: from now on packets wait."""
        self._out.detach()
        self._editing = False

    def reboot(self, now: int) -> None:
        """The radio starts again: nobody is attached, what waited is lost, settings stay."""
        self.detach()
        self._out.forget()
        self._self.clear()
        self._gate = ClientGate()
        self.restart_in_s, self.shutdown_wanted = None, False
        self._node_info_at = now + self._rng.randint(*NODE_INFO_FIRST_MS)
        self._telemetry_at = now + TELEMETRY_EVERY_MS

    def greet(self) -> None:
        """Tell a serial client, once it talks, that the radio has started again."""
        self._out.greet(mesh_pb2.FromRadio(rebooted=True))

    def _start_config(self, nonce: int) -> None:
        self._out.attach(self.settings.handshake(nonce))

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
        self._out.status(status)

    def notify(self, text: str, reply_id: int, now: int) -> None:
        """A notification for the client's user."""
        note = mesh_pb2.ClientNotification(
            message=text, reply_id=reply_id, time=self._unix_s(now), level="WARNING"
        )
        self._out.tell(mesh_pb2.FromRadio(clientNotification=note))

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
            self._self.append(packet)  # of too many the oldest is gone
        else:
            self.transmit(packet, now)

    def transmit(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        """Hand a packet of this radio to the air, tell the client what became of it."""
        key = self.settings.channel_key(packet.channel)
        if key is None:
            self._queue_status(packet.id, Error.NO_CHANNEL)
            self._routing(packet.id, Error.NO_CHANNEL, now)
            return
        if not self.settings.may_transmit:
            self._queue_status(packet.id, Refusal.DISABLED.value)
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
            if self._restart_after_edit:
                self.restart_in_s = RESTART_S
            self._restart_after_edit = False
        elif self._editing:
            self._restart_after_edit |= outcome.restart
        elif outcome.restart:
            self.restart_in_s = outcome.restart_in_s or RESTART_S
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
        self._out.packet(self._own_packet(self.settings.number, data, now))
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
        self._out.packet(packet)

    def _learn(self, entry: mesh_pb2.NodeInfo, data: mesh_pb2.Data) -> None:
        try:
            user = mesh_pb2.User.FromString(data.payload)
        except DecodeError:
            return
        if user.id:
            entry.user.CopyFrom(user)
            self._out.tell(mesh_pb2.FromRadio(node_info=entry))

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
        self._out.packet(packet)
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
        if key is not None and self.settings.may_transmit:
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
