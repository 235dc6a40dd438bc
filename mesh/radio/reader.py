# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a radio tells its client, read from ``FromRadio`` frames into our own terms.

Pure: bytes in, small values out. Any bytes give a list, empty if there is nothing for us; nothing
raises. What the radio has said of itself is gathered in ``RadioReport``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet
from meshtastic.protobuf import (
    admin_pb2,
    channel_pb2,
    config_pb2,
    mesh_pb2,
    module_config_pb2,
    portnums_pb2,
    telemetry_pb2,
)

from mesh.link import Acknowledged, Notice, Received, Refusal
from mesh.nodes import MeshNode
from mesh.radio.telling import PERCENT_MAX, TELLING, listed, told

if TYPE_CHECKING:
    from collections.abc import Iterable

PRIVATE_APP = 256
NEW_MODULES = {17: "mesh_beacon"}
"""Modules of firmware 2.8 that the client library does not know, by their field."""
CHANNELS = 8
SECTIONS_MAX = 64


@dataclass(frozen=True, slots=True)
class ConfigComplete:
    """The handshake with this number is done."""

    nonce: int


@dataclass(frozen=True, slots=True)
class Rebooted:
    """The radio has started again; what it had queued is lost."""


@dataclass(frozen=True, slots=True)
class QueueReport:
    """The radio's queue; ``packet_id`` 0 if not about a packet."""

    packet_id: int
    refusal: Refusal
    free: int
    code: int = 0  # the refusal in the radio's own number


Finding = ConfigComplete | Rebooted | QueueReport | Received | Acknowledged | Notice | MeshNode


def refusal_of(error: int) -> Refusal:
    """Our name for a Routing.Error; OTHER for those without one."""
    try:
        return Refusal(error)
    except ValueError:
        return Refusal.OTHER


@dataclass(slots=True)
class RadioReport:
    """What the attached radio has said of itself since the connection was opened."""

    number: int | None = None
    name: str | None = None
    firmware: str | None = None
    hardware: str | None = None
    region: str | None = None
    preset: str | None = None
    transmits: bool | None = None  # the transmitter is switched on
    channel_utilisation: float | None = None
    air_util_tx: float | None = None
    battery_percent: int | None = None
    sections: dict[str, bytes] = field(default_factory=dict)  # serialised settings by name
    bad_frames: int = 0

    def read(self, body: bytes) -> list[Finding]:
        """Take in one frame."""
        try:
            message = mesh_pb2.FromRadio.FromString(body)
        except DecodeError:
            self.bad_frames += 1
            return []
        match message.WhichOneof("payload_variant"):
            case "my_info":
                self.number = message.my_info.my_node_num or None
            case "node_info":
                self._node(message.node_info)
                return [listed(message.node_info)] if message.node_info.num else []
            case "metadata":
                self.firmware = message.metadata.firmware_version or None
                self.hardware = _enum_name(mesh_pb2.HardwareModel, message.metadata.hw_model)
            case "config":
                self._config(message.config)
            case "moduleConfig":
                self._module(message.moduleConfig)
            case "channel":
                self._channel(message.channel)
            case "config_complete_id":
                return [ConfigComplete(message.config_complete_id)]
            case "rebooted":
                return [Rebooted()]
            case "queueStatus":
                status = message.queueStatus
                refusal = refusal_of(status.res)
                return [QueueReport(status.mesh_packet_id, refusal, status.free, status.res)]
            case "clientNotification":
                note = message.clientNotification
                return [Notice(note.message[:500], note.reply_id or None)]
            case "packet":
                return self._packet(message.packet)
            case _:
                pass
        return []

    def _config(self, config: config_pb2.Config) -> None:
        name = config.WhichOneof("payload_variant")
        if name is None:
            self._unknown("config", config)
            return
        self.sections[name] = getattr(config, name).SerializeToString()
        if name == "lora":
            lora = config_pb2.Config.LoRaConfig
            self.region = _enum_name(lora.RegionCode, config.lora.region)
            self.transmits = config.lora.tx_enabled
            self.preset = (
                _enum_name(lora.ModemPreset, config.lora.modem_preset)
                if config.lora.use_preset
                else None
            )

    def _module(self, module: module_config_pb2.ModuleConfig) -> None:
        name = module.WhichOneof("payload_variant")
        if name is None:
            self._unknown("module", module)
        else:
            self.sections[name] = getattr(module, name).SerializeToString()

    def _unknown(
        self, kind: str, message: config_pb2.Config | module_config_pb2.ModuleConfig
    ) -> None:
        """A section of a firmware newer than the library: kept by name or number, for the judge."""
        for item in cast("Iterable[Any]", UnknownFieldSet(message)):
            if isinstance(item.data, bytes) and len(self.sections) < SECTIONS_MAX:
                name = NEW_MODULES.get(item.field_number) if kind == "module" else None
                self.sections[name or f"{kind}:{item.field_number}"] = item.data

    def _channel(self, channel: channel_pb2.Channel) -> None:
        if 0 <= channel.index < CHANNELS:
            self.sections[f"channel:{channel.index}"] = channel.SerializeToString()

    def _admin(self, payload: bytes) -> None:
        """The radio's answer to a question about a section."""
        try:
            message = admin_pb2.AdminMessage.FromString(payload)
        except DecodeError:
            self.bad_frames += 1
            return
        match message.WhichOneof("payload_variant"):
            case "get_config_response":
                self._config(message.get_config_response)
            case "get_module_config_response":
                self._module(message.get_module_config_response)
            case "get_channel_response":
                self._channel(message.get_channel_response)
            case "get_owner_response":
                self._owner(message.get_owner_response)
            case _:
                pass

    def _node(self, node: mesh_pb2.NodeInfo) -> None:
        if node.num != self.number:
            return
        self._owner(node.user)
        if node.HasField("device_metrics"):
            self._metrics(node.device_metrics)

    def _owner(self, user: mesh_pb2.User) -> None:
        self.name = user.long_name or None
        self.sections["owner"] = user.SerializeToString()

    def _metrics(self, metrics: telemetry_pb2.DeviceMetrics) -> None:
        if metrics.HasField("battery_level"):
            self.battery_percent = min(metrics.battery_level, 100)
        if metrics.HasField("channel_utilization"):
            self._use(channel=metrics.channel_utilization)
        if metrics.HasField("air_util_tx"):
            self._use(own=metrics.air_util_tx)

    def _use(self, channel: float = -1.0, own: float = -1.0) -> None:
        """How much of the air is used, in percent; what can be none is passed over."""
        if 0 <= channel <= PERCENT_MAX:
            self.channel_utilisation = round(channel, 2)
        if 0 <= own <= PERCENT_MAX:
            self.air_util_tx = round(own, 3)

    def _packet(self, packet: mesh_pb2.MeshPacket) -> list[Finding]:
        if packet.WhichOneof("payload_variant") != "decoded":
            return []
        sender = int(getattr(packet, "from"))
        data = packet.decoded
        if data.portnum == PRIVATE_APP and sender not in (0, self.number):
            return [_received(packet, sender)]
        if data.portnum == portnums_pb2.PortNum.ROUTING_APP and data.request_id:
            return self._routing(packet, sender)
        if data.portnum == portnums_pb2.PortNum.TELEMETRY_APP and sender == self.number:
            self._telemetry(data.payload)
        if data.portnum == portnums_pb2.PortNum.ADMIN_APP and sender in (0, self.number):
            self._admin(data.payload)
        # What came over the internet, or on a channel of somebody else, is no radio of ours.
        ours = packet.channel == 0 and not packet.via_mqtt
        news = told(packet) if ours and data.portnum in TELLING else None
        return [] if news is None else [news]

    def _routing(self, packet: mesh_pb2.MeshPacket, sender: int) -> list[Finding]:
        data = packet.decoded
        try:
            routing = mesh_pb2.Routing.FromString(data.payload)
        except DecodeError:
            self.bad_frames += 1
            return []
        refusal = refusal_of(routing.error_reason)
        if sender == self.number:
            return [Acknowledged(data.request_id, implicit=True, refusal=refusal)]
        answer = Acknowledged(data.request_id, implicit=False, refusal=refusal)
        if packet.rx_rssi or packet.rx_snr:
            hops = max(0, packet.hop_start - packet.hop_limit)
            answer = replace(answer, snr_db=packet.rx_snr, rssi_dbm=packet.rx_rssi, hops=hops)
        return [answer]

    def _telemetry(self, payload: bytes) -> None:
        try:
            telemetry = telemetry_pb2.Telemetry.FromString(payload)
        except DecodeError:
            self.bad_frames += 1
            return
        match telemetry.WhichOneof("variant"):
            case "device_metrics":
                self._metrics(telemetry.device_metrics)
            case "local_stats":
                stats = telemetry.local_stats
                self._use(stats.channel_utilization, stats.air_util_tx)
            case _:
                pass


def _received(packet: mesh_pb2.MeshPacket, sender: int) -> Received:
    return Received(
        payload=packet.decoded.payload,
        sender=sender,
        id=packet.id,
        snr_db=packet.rx_snr,
        rssi_dbm=packet.rx_rssi,
        hop_limit=packet.hop_limit,
        hop_start=packet.hop_start,
        destination=packet.to,
        channel=packet.channel,
        port=packet.decoded.portnum,
        radio_unix_s=packet.rx_time,
        relay=packet.relay_node & 0xFF,
    )


def _enum_name(enum: object, value: int) -> str:
    """Name of an enum value, or its number if this library doesn't know it."""
    try:
        return str(enum.Name(value))  # type: ignore[attr-defined]
    except ValueError:
        return str(value)
