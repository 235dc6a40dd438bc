# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a radio answers by itself when another one asks: position, telemetry, the route.

Pure (firmware PositionModule.cpp, DeviceTelemetry.cpp, TraceRouteModule.cpp, MeshModule.cpp). The
node info is sent in ``mesh.virtual.voice``; whatever else asks for an answer gets NO_RESPONSE.
"""

from __future__ import annotations

from google.protobuf.message import DecodeError
from meshtastic.protobuf import mesh_pb2, portnums_pb2, telemetry_pb2

from mesh.firmware import DEFAULT_HOP_LIMIT, HOP_LIMIT_MAX
from mesh.link import BROADCAST
from mesh.virtual.settings import VirtualSettings

ROUTE_MAX = 8
"""Radios that a traced route can name (firmware TraceRouteModule.cpp, ROUTE_SIZE)."""

PRECISION_FULL = 32
SNR_UNKNOWN = -128

Port = portnums_pb2.PortNum


def hops_for_answer(packet: mesh_pb2.MeshPacket, hop_limit: int) -> int:
    """As many as the question took and two more (RoutingModule.cpp, ``getHopLimitForResponse``)."""
    limit = min(hop_limit or DEFAULT_HOP_LIMIT, HOP_LIMIT_MAX)
    used = int(packet.hop_start) - int(packet.hop_limit)
    if used > limit:
        return min(used, HOP_LIMIT_MAX)
    if packet.hop_start == 0:
        return 0
    return used + 2 if 0 <= used < limit - 2 else limit


def relayed(packet: mesh_pb2.MeshPacket) -> bool:
    """Whether it came over others."""
    return bool(packet.hop_limit < packet.hop_start)


def own_position(settings: VirtualSettings, channel: int, now_s: int) -> mesh_pb2.Position | None:
    """Where the radio says it is, as exactly as the channel may know; None: it does not tell."""
    precision = settings.channels[channel].settings.module_settings.position_precision
    known = settings.own.position
    if not precision or not (known.latitude_i or known.longitude_i):
        return None
    told = mesh_pb2.Position(time=now_s, location_source=known.location_source)
    told.latitude_i = _blurred(known.latitude_i, precision)
    told.longitude_i = _blurred(known.longitude_i, precision)
    told.precision_bits = min(precision, PRECISION_FULL)
    if known.HasField("altitude"):
        told.altitude = known.altitude
    return told


def _blurred(value: int, precision: int) -> int:
    """The middle of the square of that many bits (firmware Position precision)."""
    if precision >= PRECISION_FULL:
        return value
    cell = 1 << PRECISION_FULL - precision
    return value // cell * cell + cell // 2


def asked_telemetry(packet: mesh_pb2.MeshPacket) -> str | None:
    """Which telemetry is asked for, of those that a radio without sensors has."""
    if packet.to == BROADCAST and relayed(packet):
        return None
    try:
        question = telemetry_pb2.Telemetry.FromString(packet.decoded.payload)
    except DecodeError:
        return None
    kind = question.WhichOneof("variant")
    return kind if kind in {"device_metrics", "local_stats"} else None


def traced(
    payload: bytes, number: int, hops: int, snr_db: float, *, back: bool, end: bool
) -> bytes:
    """The route with this radio in it; ``end``: it is the one that was looked for or asked.

    ``hops`` is how many relays the packet has passed: those that did not enter themselves, as they
    lack the key, stand there as unknown.
    """
    try:
        route = mesh_pb2.RouteDiscovery.FromString(payload)
    except DecodeError:
        return payload
    numbers, levels = (
        (route.route_back, route.snr_back) if back else (route.route, route.snr_towards)
    )
    while len(numbers) < min(hops, ROUTE_MAX):
        numbers.append(BROADCAST)
    while len(levels) < min(len(numbers), ROUTE_MAX):
        levels.append(SNR_UNKNOWN)
    if len(levels) < ROUTE_MAX:
        levels.append(max(-127, min(127, int(snr_db * 4))))
    if not end and len(numbers) < ROUTE_MAX:
        numbers.append(number)
    return bytes(route.SerializeToString())
