# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a radio says of itself, read from Meshtastic's messages into a ``MeshNode``.

Pure and total: any bytes give what can be understood of them, or None. Values outside what a sensor
can mean are left out.
"""

from __future__ import annotations

from typing import Any

from google.protobuf.message import DecodeError, Message
from meshtastic.protobuf import config_pb2, mesh_pb2, portnums_pb2, telemetry_pb2

from mesh.nodes import NAME_MAX, NEIGHBOURS_MAX, Measure, MeshNode, Place

Port = portnums_pb2.PortNum
TELLING = frozenset(
    {
        Port.NODEINFO_APP,
        Port.POSITION_APP,
        Port.TELEMETRY_APP,
        Port.DETECTION_SENSOR_APP,
        Port.NEIGHBORINFO_APP,
    }
)
"""Ports on which radios tell of themselves."""

ON_MAINS = 100
"""A battery level above says that the radio is fed (firmware PowerStatus.h: 101)."""

PERCENT_MAX = 100
SNR_MAX = 100  # dB

_MEASURES = {
    "temperature": Measure.TEMPERATURE,
    "relative_humidity": Measure.HUMIDITY,
    "barometric_pressure": Measure.PRESSURE,
    "distance": Measure.DISTANCE,
    "rainfall_1h": Measure.RAIN_1H,
    "rainfall_24h": Measure.RAIN_24H,
    "soil_moisture": Measure.SOIL_MOISTURE,
    "soil_temperature": Measure.SOIL_TEMPERATURE,
    "wind_speed": Measure.WIND_SPEED,
    "wind_gust": Measure.WIND_GUST,
    "wind_direction": Measure.WIND_DIRECTION,
    "lux": Measure.LIGHT,
    "weight": Measure.WEIGHT,
    "radiation": Measure.RADIATION,
}


_RANGES = {
    Measure.TEMPERATURE: (-100, 200),
    Measure.HUMIDITY: (0, 100),
    Measure.PRESSURE: (300, 1200),
    Measure.DISTANCE: (0, 100_000),
    Measure.RAIN_1H: (0, 1_000),
    Measure.RAIN_24H: (0, 5_000),
    Measure.SOIL_MOISTURE: (0, 100),
    Measure.SOIL_TEMPERATURE: (-100, 200),
    Measure.WIND_SPEED: (0, 150),
    Measure.WIND_GUST: (0, 150),
    Measure.WIND_DIRECTION: (0, 360),
    Measure.LIGHT: (0, 1_000_000),
    Measure.WEIGHT: (-10_000, 1_000_000),
    Measure.RADIATION: (0, 1e9),
    Measure.BATTERY: (0, ON_MAINS),
    Measure.VOLTAGE: (-100, 1_000),
    Measure.DETECTION: (0, 1),
}
"""What there can be on earth, generously; a broken or invented sensor says anything."""


def told(packet: mesh_pb2.MeshPacket) -> MeshNode | None:
    """What a decoded packet on one of the ``TELLING`` ports says of its sender."""
    number, data = int(getattr(packet, "from")), packet.decoded
    said: dict[str, Any] | None
    try:
        match data.portnum:
            case Port.NODEINFO_APP:
                said = _user(mesh_pb2.User.FromString(data.payload))
            case Port.POSITION_APP:
                said = _position(mesh_pb2.Position.FromString(data.payload))
            case Port.TELEMETRY_APP:
                said = _telemetry(telemetry_pb2.Telemetry.FromString(data.payload))
            case Port.DETECTION_SENSOR_APP:
                said = {"measured": {Measure.DETECTION: 1.0}}
            case Port.NEIGHBORINFO_APP:
                said = _neighbours(mesh_pb2.NeighborInfo.FromString(data.payload), number)
            case _:
                said = None
    except DecodeError:
        return None
    if said is None or not number:
        return None
    return MeshNode(number, radio_unix_s=packet.rx_time, **_way(packet), **said)


def listed(node: mesh_pb2.NodeInfo) -> MeshNode:
    """An entry of the attached radio's own list: not heard now, so no time and no signal."""
    said = _user(node.user) if node.HasField("user") else {}
    if node.HasField("position"):
        said |= _position(node.position)
    if node.HasField("device_metrics"):
        said |= _device(node.device_metrics)
    return MeshNode(node.num, **said)


def _way(packet: mesh_pb2.MeshPacket) -> dict[str, Any]:
    """Signal and relays; the radio's own packets to us came by no air."""
    if not packet.rx_rssi and not packet.rx_snr:
        return {}
    hops = max(0, packet.hop_start - packet.hop_limit)
    return {"snr_db": round(packet.rx_snr, 2), "hops": hops}


def _user(user: mesh_pb2.User) -> dict[str, Any]:
    return {
        "name": user.long_name[:NAME_MAX] or None,
        "short_name": user.short_name[:4] or None,
        "hardware": _enum_name(mesh_pb2.HardwareModel, user.hw_model),
        "role": _enum_name(config_pb2.Config.DeviceConfig.Role, user.role),
    }


def _neighbours(info: mesh_pb2.NeighborInfo, number: int) -> dict[str, Any] | None:
    """Whom that radio hears without a relay; another's list that it passes on is not its own."""
    if info.node_id != number:
        return None
    listed = [each for each in info.neighbors if each.node_id not in (0, number)]
    return {
        "hears": {
            each.node_id: round(each.snr, 2)
            for each in listed[:NEIGHBOURS_MAX]
            if abs(each.snr) <= SNR_MAX
        }
    }


def _position(position: mesh_pb2.Position) -> dict[str, Any]:
    latitude, longitude = position.latitude_i * 1e-7, position.longitude_i * 1e-7
    unknown = not position.latitude_i and not position.longitude_i
    if unknown or abs(latitude) > 90 or abs(longitude) > 180:
        return {}
    source = mesh_pb2.Position.LocSource
    gps = position.location_source in (source.LOC_INTERNAL, source.LOC_EXTERNAL)
    return {
        "place": Place(
            round(latitude, 7),
            round(longitude, 7),
            position.altitude if position.HasField("altitude") else None,
            gps,
            position.timestamp if gps else 0,
            position.sats_in_view or None,
        )
    }


def _telemetry(telemetry: telemetry_pb2.Telemetry) -> dict[str, Any] | None:
    match telemetry.WhichOneof("variant"):
        case "device_metrics":
            return _device(telemetry.device_metrics)
        case "environment_metrics":
            return {"measured": _environment(telemetry.environment_metrics)}
        case "local_stats":
            return _percents(
                channel_utilisation=telemetry.local_stats.channel_utilization,
                air_util_tx=telemetry.local_stats.air_util_tx,
            ) | {"uptime_s": telemetry.local_stats.uptime_seconds}
        case _:
            return None


def _device(metrics: telemetry_pb2.DeviceMetrics) -> dict[str, Any]:
    said: dict[str, Any] = {}
    measured = {}
    if metrics.HasField("battery_level"):
        said["on_mains"] = metrics.battery_level > ON_MAINS
        said["battery_percent"] = min(metrics.battery_level, ON_MAINS)
        measured[Measure.BATTERY] = float(said["battery_percent"])
    said |= _percents(
        channel_utilisation=_given(metrics, "channel_utilization"),
        air_util_tx=_given(metrics, "air_util_tx"),
    )
    voltage = _given(metrics, "voltage")
    if voltage is not None and _can_be(Measure.VOLTAGE, voltage):
        said["voltage"] = measured[Measure.VOLTAGE] = round(voltage, 3)
    if metrics.HasField("uptime_seconds"):
        said["uptime_s"] = metrics.uptime_seconds
    return said | {"measured": measured}


def _environment(metrics: telemetry_pb2.EnvironmentMetrics) -> dict[Measure, float]:
    values = {measure: _given(metrics, name) for name, measure in _MEASURES.items()}
    return {
        measure: round(value, 3)
        for measure, value in values.items()
        if value is not None and _can_be(measure, value)
    }


def _given(message: Message, name: str) -> float | None:
    """A field's value if this library knows it and the radio has sent it."""
    known = name in message.DESCRIPTOR.fields_by_name
    return float(getattr(message, name)) if known and message.HasField(name) else None


def _percents(**values: float | None) -> dict[str, Any]:
    return {n: round(v, 3) for n, v in values.items() if v is not None and 0 <= v <= PERCENT_MAX}


def _can_be(measure: Measure, value: float) -> bool:
    least, most = _RANGES[measure]
    return least <= value <= most


def _enum_name(enum: Any, value: int) -> str:
    """Name of an enum value, or its number if this library doesn't know it."""
    try:
        return str(enum.Name(value))
    except ValueError:
        return str(value)
