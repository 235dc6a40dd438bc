# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a radio does with packets from the air: learn who is there, answer, acknowledge, pass on.

The order is that of firmware MeshModule.cpp (the modules, which may answer) and RoutingModule.cpp
(greeting, client, acknowledgement). Pure.

Limits: the newest ``ASKERS_MAX`` radios that were told the node info.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from google.protobuf.message import DecodeError
from meshtastic.protobuf import mesh_pb2, portnums_pb2, telemetry_pb2

from mesh.firmware import Frame
from mesh.link import BROADCAST, Received
from mesh.virtual.answers import asked_telemetry, hops_for_answer, own_position, relayed, traced
from mesh.virtual.manifest import Manifest, plain_payload
from mesh.virtual.outbound import Outbound
from mesh.virtual.settings import NODES_MAX, VirtualSettings
from mesh.virtual.voice import PhoneRadio, Voice

POSITION_GAP_MS = 180_000
"""Shortest distance of two answers about the position."""

ASKED_AGAIN_MS = 12 * 3_600_000
"""Who asks for the node info again within this time gets none."""

ASKERS_MAX = NODES_MAX

Port = portnums_pb2.PortNum
Error = mesh_pb2.Routing.Error


class Hearing:
    """One radio's ears, above the air."""

    def __init__(
        self,
        settings: VirtualSettings,
        radio: PhoneRadio,
        manifest: Manifest,
        out: Outbound,
        voice: Voice,
    ) -> None:
        self._settings, self._radio, self._manifest = settings, radio, manifest
        self._out, self._voice = out, voice
        self._position_at: int | None = None
        self._askers: OrderedDict[int, int] = OrderedDict()

    def heard(self, received: Iterable[Received], now: int) -> None:
        """Packets that the radio received."""
        for item in received:
            self._one(item, now)

    def rewrite(self, frame: Frame, snr_db: float) -> bytes:
        """A relay with the channel's key enters itself in a traced route."""
        kept = self._manifest.kept(frame.sender, frame.id)
        readable = frame.channel in self._settings.channel_keys()
        if frame.port != Port.TRACEROUTE_APP or kept is None or not readable:
            return frame.payload
        plain = plain_payload(frame.payload, kept.decoded)
        route = traced(
            plain,
            self._settings.number,
            max(0, frame.hop_start - frame.hop_limit),
            snr_db,
            back=bool(kept.decoded.request_id),
            end=False,
        )
        return route + frame.payload[len(plain) :]

    def _one(self, item: Received, now: int) -> None:
        settings = self._settings
        index = settings.channel_keys().get(item.channel)
        if index is None or item.sender == settings.number:
            return
        packet = self._manifest.leave(item)
        if packet is None:
            return  # background of radios that are not served here
        packet.channel = index
        packet.rx_time = self._voice.unix_s(now)
        entry = settings.heard(item.sender, packet.rx_time, item.snr_db, item.hops)
        data = packet.decoded
        self._learn(entry, data)
        if item.destination not in (BROADCAST, settings.number):
            return
        if data.portnum == Port.ADMIN_APP:
            self._acknowledge(packet, now)
            return  # remote administration is not imitated
        if data.portnum == Port.TRACEROUTE_APP:
            data.payload = traced(
                data.payload,
                settings.number,
                item.hops,
                item.snr_db,
                back=bool(data.request_id),
                end=item.destination == settings.number,
            )
        answered = data.want_response and self._answer(packet, now)
        if item.destination == settings.number and data.request_id:
            self._radio.answered(data.request_id)
        if not entry.user.id and not (data.portnum == Port.TELEMETRY_APP and data.request_id):
            self._voice.greet(packet, now)
        self._out.packet(packet)
        if not answered:
            self._acknowledge(packet, now)

    def _learn(self, entry: mesh_pb2.NodeInfo, data: mesh_pb2.Data) -> None:
        """Name, place and telemetry of another radio; the client is told of a name at once."""
        try:
            match data.portnum:
                case Port.NODEINFO_APP:
                    user = mesh_pb2.User.FromString(data.payload)
                    if user.id:
                        entry.user.CopyFrom(user)
                        self._out.tell(mesh_pb2.FromRadio(node_info=entry))
                case Port.POSITION_APP:
                    place = mesh_pb2.Position.FromString(data.payload)
                    if place.latitude_i or place.longitude_i:
                        entry.position.CopyFrom(place)
                case Port.TELEMETRY_APP:
                    figures = telemetry_pb2.Telemetry.FromString(data.payload)
                    if figures.HasField("device_metrics"):
                        entry.device_metrics.CopyFrom(figures.device_metrics)
        except DecodeError:
            return

    # -- answers -------------------------------------------------------------------------------

    def _answer(self, packet: mesh_pb2.MeshPacket, now: int) -> bool:
        """Answer, or say that nobody does; False: the question is passed over in silence."""
        asker, port = getattr(packet, "from"), packet.decoded.portnum
        data: mesh_pb2.Data | None = None
        if port == Port.NODEINFO_APP:
            before = self._askers.pop(asker, None)
            self._askers[asker] = now
            while len(self._askers) > ASKERS_MAX:
                self._askers.popitem(last=False)
            if before is not None and now - before < ASKED_AGAIN_MS:
                return False
            return self._voice.introduce(asker, now, answering=packet)
        if port == Port.POSITION_APP:
            if self._position_at is not None and now - self._position_at < POSITION_GAP_MS:
                return False
            position = own_position(self._settings, packet.channel, self._voice.unix_s(now))
            if position is not None:
                self._position_at = now
                data = mesh_pb2.Data(portnum=port, payload=position.SerializeToString())
        elif port in (Port.TELEMETRY_APP, Port.TRACEROUTE_APP):
            if packet.to == BROADCAST and relayed(packet):
                return False
            if port == Port.TRACEROUTE_APP:
                data = mesh_pb2.Data(portnum=port, payload=packet.decoded.payload)
            elif kind := asked_telemetry(packet):
                data = self._voice.telemetry(kind, now)
        if data is None:
            answer = self._voice.routing(asker, packet.id, Error.NO_RESPONSE, now)
            self._reply(answer, packet, now, silent=True)
            return False
        data.request_id = packet.id
        answer = self._voice.packet(asker, data, now)
        answer.want_ack = packet.want_ack
        answer.priority = mesh_pb2.MeshPacket.Priority.RELIABLE
        self._reply(answer, packet, now)
        return True

    def _acknowledge(self, packet: mesh_pb2.MeshPacket, now: int) -> None:
        """A direct packet that wants it; an answer only where its sender hears nobody relay it."""
        if not packet.want_ack or packet.to != self._settings.number:
            return
        answer = self._voice.routing(getattr(packet, "from"), packet.id, Error.NONE, now)
        if packet.decoded.request_id or packet.decoded.reply_id:
            if not relayed(packet):
                answer.channel = packet.channel
                self._voice.send(answer, now, silent=True)
            return
        self._reply(answer, packet, now, silent=True)

    def _reply(
        self,
        answer: mesh_pb2.MeshPacket,
        to: mesh_pb2.MeshPacket,
        now: int,
        *,
        silent: bool = False,
    ) -> None:
        answer.channel = to.channel
        answer.hop_limit = hops_for_answer(to, self._settings.lora.hop_limit)
        self._voice.send(answer, now, silent=silent)
