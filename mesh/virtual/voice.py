# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a radio says by itself, on the air and to its client: node info, telemetry, routing replies.

Half a minute after the start it tells everybody who it is, and asks the same of them if it is new;
later in the interval set, and to every radio that it hears for the first time. But in ten minutes
no more than one such packet leaves it, whatever asks for it, and none while the channel is busy
(firmware NodeInfoModule.cpp, DeviceTelemetry.cpp, MeshService.cpp). Pure.
"""

from __future__ import annotations

import random
from typing import Protocol

from meshtastic.protobuf import mesh_pb2, portnums_pb2, telemetry_pb2

from mesh.air.config import AirCounters
from mesh.firmware import POLITE_CHANNEL_PERCENT
from mesh.link import BROADCAST, Packet, QueueStatus, Refusal
from mesh.virtual.manifest import Manifest
from mesh.virtual.outbound import Outbound
from mesh.virtual.settings import VirtualSettings

NODE_INFO_FIRST_MS = 30_000
NODE_INFO_SPREAD_MS = 10_000
"""Radios that are simulated together were not switched on in the same moment."""

NODE_INFO_LEAST_S = 3_600
"""Shortest interval of the own node info, whatever the settings say (firmware Default.h)."""

NODE_INFO_GAP_MS = 600_000
NODE_INFO_URGENT_GAP_MS = 60_000
"""Shortest distance of two own node infos, and of two that the client asks for."""

BUSY_PERCENT = 40.0
"""Use of the channel above which no node info is sent at all."""

TELEMETRY_EVERY_MS = 60_000
STATISTICS_EVERY_MS = 900_000
TELEMETRY_LEAST_S = 1_800

Port = portnums_pb2.PortNum
Error = mesh_pb2.Routing.Error
Priority = mesh_pb2.MeshPacket.Priority


class PhoneRadio(Protocol):
    """What is needed of the radio on the air; ``mesh.air.sim_radio.SimRadio`` has it."""

    airtime: AirCounters

    def submit(self, packet: Packet, now: int) -> QueueStatus:
        """Take a packet into the TX queue, or refuse it."""

    def queue_status(self) -> QueueStatus:
        """Room in the TX queue."""

    def answered(self, packet_id: int) -> None:
        """A packet was answered and need not be sent again."""

    def channel_utilisation(self, now: int) -> float:
        """Use of the channel in the last minute, percent."""

    def air_util_tx(self, now: int) -> float:
        """Own and relayed airtime of the last hour, percent."""


class Voice:
    """One radio's own packets."""

    def __init__(
        self,
        settings: VirtualSettings,
        radio: PhoneRadio,
        manifest: Manifest,
        out: Outbound,
        rng: random.Random,
        unix_offset_s: int,
    ) -> None:
        self._settings, self._radio, self._manifest = settings, radio, manifest
        self._out, self._rng, self._unix_offset_s = out, rng, unix_offset_s
        self._started = 0
        self._introduced: int | None = None  # when the last node info went out; outlives restarts
        self._node_info_at = NODE_INFO_FIRST_MS + rng.randint(0, NODE_INFO_SPREAD_MS)
        self._telemetry_at = TELEMETRY_EVERY_MS
        self._statistics_at = 0
        self._aired_at: int | None = None  # when telemetry last went on the air

    def restart(self, now: int) -> None:
        """The radio has started again."""
        self._started = now
        self._node_info_at = now + NODE_INFO_FIRST_MS + self._rng.randint(0, NODE_INFO_SPREAD_MS)
        self._telemetry_at, self._statistics_at = now + TELEMETRY_EVERY_MS, now

    def advance(self, now: int) -> None:
        """Say what is due."""
        if now >= self._node_info_at:
            wanted_s = self._settings.config["device"].device.node_info_broadcast_secs or 10_800
            self._node_info_at = now + max(wanted_s, NODE_INFO_LEAST_S) * 1000
            self.introduce(BROADCAST, now, ask=self._settings.fresh)
            self._settings.fresh = False
        if now >= self._telemetry_at:
            self._telemetry_at = now + TELEMETRY_EVERY_MS
            self._say_telemetry(now)

    def next_deadline(self) -> int:
        """When ``advance`` has something to do."""
        return min(self._node_info_at, self._telemetry_at)

    # -- node info -----------------------------------------------------------------------------

    def introduce(
        self,
        destination: int,
        now: int,
        *,
        ask: bool = False,
        urgent: bool = False,
        answering: mesh_pb2.MeshPacket | None = None,
    ) -> bool:
        """Tell one radio or all who this is, unless it was told lately; whether it goes out.

        ``ask``: they shall tell too; ``urgent``: the client wants it.
        """
        gap = NODE_INFO_URGENT_GAP_MS if urgent else NODE_INFO_GAP_MS
        if self._introduced is not None and now - self._introduced < gap:
            return False
        if self._radio.channel_utilisation(now) >= BUSY_PERCENT:
            return False
        self._introduced = now
        user = self._settings.own.user.SerializeToString()
        data = mesh_pb2.Data(portnum=Port.NODEINFO_APP, payload=user, want_response=ask)
        packet = self.packet(destination, data, now)
        packet.hop_limit = min(self._settings.lora.hop_limit, 7)
        packet.priority = Priority.DEFAULT if urgent else Priority.BACKGROUND
        if answering is not None:
            data.request_id, packet.channel = answering.id, answering.channel
            packet.decoded.CopyFrom(data)
        self.send(packet, now)
        return True

    def greet(self, newcomer: mesh_pb2.MeshPacket, now: int) -> None:
        """A radio is heard of which no name is known: tell it ours and ask for its."""
        if self._radio.channel_utilisation(now) < POLITE_CHANNEL_PERCENT:
            self.introduce(getattr(newcomer, "from"), now, ask=True)

    # -- telemetry -----------------------------------------------------------------------------

    def _say_telemetry(self, now: int) -> None:
        """On the air if that is switched on and due; else to a client that has read the last."""
        own = self._settings.modules["telemetry"].telemetry
        least_ms = max(own.device_update_interval, TELEMETRY_LEAST_S) * 1000
        due = self._aired_at is None or now - self._aired_at >= least_ms
        calm = self._radio.channel_utilisation(now) < POLITE_CHANNEL_PERCENT
        packet = self.packet(BROADCAST, self.telemetry("device_metrics", now), now)
        packet.priority = Priority.BACKGROUND
        if own.device_telemetry_enabled and due and calm:
            self._aired_at = now
            packet.hop_limit = min(self._settings.lora.hop_limit, 7)
            self.send(packet, now)
            self._out.packet(packet)
        elif self._out.attached or self._out.empty:
            self._out.packet(packet)
            if now >= self._statistics_at:
                self._statistics_at = now + STATISTICS_EVERY_MS
                self._out.packet(self.packet(BROADCAST, self.telemetry("local_stats", now), now))

    def telemetry(self, kind: str, now: int) -> mesh_pb2.Data:
        """What the radio measures of itself: ``device_metrics`` or ``local_stats``."""
        telemetry = telemetry_pb2.Telemetry(time=self.unix_s(now))
        if kind == "device_metrics":
            metrics = self._settings.own.device_metrics
            metrics.battery_level = 101  # firmware's value for "on mains"
            telemetry.device_metrics.CopyFrom(metrics)
            figures: telemetry_pb2.DeviceMetrics | telemetry_pb2.LocalStats
            figures = telemetry.device_metrics
        else:
            figures = telemetry.local_stats
            did = self._radio.airtime
            figures.num_packets_tx = did.tx_own + did.tx_relayed
            figures.num_packets_rx = did.rx_good + did.rx_bad
            figures.num_packets_rx_bad = did.rx_bad
            figures.num_rx_dupe = did.duplicates
            figures.num_tx_relay = did.tx_relayed
            figures.num_tx_relay_canceled = did.relays_cancelled
            figures.num_total_nodes = figures.num_online_nodes = 1 + len(self._settings.nodes)
        figures.channel_utilization = self._radio.channel_utilisation(now)
        figures.air_util_tx = self._radio.air_util_tx(now)
        figures.uptime_seconds = (now - self._started) // 1000
        if kind == "device_metrics":
            self._settings.own.device_metrics.CopyFrom(telemetry.device_metrics)
        return mesh_pb2.Data(portnum=Port.TELEMETRY_APP, payload=telemetry.SerializeToString())

    # -- packets -------------------------------------------------------------------------------

    def routing(
        self, destination: int, request_id: int, error: int, now: int
    ) -> mesh_pb2.MeshPacket:
        """A routing reply: acknowledgement or NAK."""
        routing = mesh_pb2.Routing()
        routing.error_reason = error  # a oneof: NONE must be on the wire too
        data = mesh_pb2.Data(
            portnum=Port.ROUTING_APP, payload=routing.SerializeToString(), request_id=request_id
        )
        packet = self.packet(destination, data, now)
        packet.priority = Priority.ACK
        return packet

    def packet(self, destination: int, data: mesh_pb2.Data, now: int) -> mesh_pb2.MeshPacket:
        """A packet of this radio."""
        packet = mesh_pb2.MeshPacket(
            to=destination, decoded=data, id=self.new_id(), rx_time=self.unix_s(now)
        )
        setattr(packet, "from", self._settings.number)
        return packet

    def send(self, packet: mesh_pb2.MeshPacket, now: int, *, silent: bool = False) -> None:
        """Put an own packet on the air; the client is told, but not of acknowledgements."""
        key = self._settings.channel_key(packet.channel)
        result = Error.NO_CHANNEL
        if key is not None:
            result = Refusal.DISABLED.value
            if self._settings.may_transmit:
                taken = self._radio.submit(self._manifest.enter(packet, key), now)
                result = taken.refusal.value
        if not silent:
            self.status(packet.id, result)

    def status(self, packet_id: int, result: int) -> None:
        """Room in the queue, and what became of a packet."""
        queue = self._radio.queue_status()
        self._out.status(
            mesh_pb2.QueueStatus(
                res=result, free=queue.free, maxlen=queue.size, mesh_packet_id=packet_id
            )
        )

    def new_id(self) -> int:
        """A packet id."""
        return self._rng.randint(1, 0xFFFFFFFF)

    def unix_s(self, now: int) -> int:
        """The wall clock."""
        return (self._unix_offset_s + now // 1000) & 0xFFFFFFFF
