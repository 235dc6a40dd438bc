# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What radios say of themselves becomes one record each, whatever the bytes."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshtastic.protobuf import mesh_pb2, telemetry_pb2

from mesh.nodes import NODES_MAX, Measure, MeshNode, NodeBook, Place, merged
from mesh.radio.reader import RadioReport
from mesh.radio.telling import TELLING, told
from mesh.radio.watch import OLD_NEWS_MS, RadioWatch
from mesh.virtual.settings import VirtualSettings

RELAY, OWN = 0xA1B2C3D4, 0xABCD
ENVIRONMENT = telemetry_pb2.EnvironmentMetrics(temperature=4.25, distance=1310, wind_speed=math.nan)


def packet(port: int, payload: bytes, **fields: Any) -> mesh_pb2.MeshPacket:
    """A packet of the relay, one hop away."""
    values = {"rx_snr": 5.5, "rx_rssi": -80, "hop_start": 3, "hop_limit": 2, "id": 7} | fields
    made = mesh_pb2.MeshPacket(to=0xFFFFFFFF, rx_time=1_800_000_000, **values)
    setattr(made, "from", RELAY)
    made.decoded.portnum, made.decoded.payload = port, payload
    return made


def telemetry(**fields: Any) -> bytes:
    """A serialised telemetry message."""
    return bytes(telemetry_pb2.Telemetry(**fields).SerializeToString())


def test_pieces_make_one_record() -> None:
    """Name, place, power and sensors come in packets of their own and stand together."""
    position = mesh_pb2.Position(
        latitude_i=522100000, longitude_i=76600000, altitude=88, location_source=2,
        timestamp=1_800_000_001, sats_in_view=9,
    )  # fmt: skip
    user = mesh_pb2.User(id="!a1b2c3d4", long_name="Relais Dörenthe", short_name="DOER", role=2)
    device = telemetry_pb2.DeviceMetrics(battery_level=34, voltage=3.61, uptime_seconds=90)
    packets = (
        packet(4, user.SerializeToString()),
        packet(3, position.SerializeToString()),
        packet(67, telemetry(device_metrics=device)),
        packet(67, telemetry(environment_metrics=ENVIRONMENT)),
        packet(10, b"Klappe offen"),
    )
    book = NodeBook()
    for piece in map(told, packets):
        assert piece is not None
        assert piece.radio_unix_s == 1_800_000_000
        assert book.learn(piece)
    node = book.get(RELAY)

    assert node is not None
    assert (node.called, node.short_name, node.role, node.id) == (
        "Relais Dörenthe", "DOER", "ROUTER", "!a1b2c3d4",
    )  # fmt: skip
    assert node.place == Place(52.21, 7.66, 88, True, 1_800_000_001, 9)
    assert (node.battery_percent, node.on_mains, node.voltage, node.uptime_s) == (
        34, False, 3.61, 90,
    )  # fmt: skip
    assert (node.snr_db, node.hops) == (5.5, 1)
    assert node.measured == {
        Measure.BATTERY: 34, Measure.VOLTAGE: 3.61, Measure.TEMPERATURE: 4.25,
        Measure.DISTANCE: 1310, Measure.DETECTION: 1,
    }  # fmt: skip


def test_a_fed_radio_says_101() -> None:
    """That is mains, not more than full."""
    device = telemetry_pb2.DeviceMetrics(battery_level=101)
    node = told(packet(67, telemetry(device_metrics=device)))
    assert node is not None
    assert (node.battery_percent, node.on_mains) == (100, True)


@pytest.mark.parametrize("fields", [{"via_mqtt": True}, {"channel": 1}])
def test_what_came_by_the_internet_or_a_foreign_channel_is_no_radio_of_ours(
    fields: dict[str, Any],
) -> None:
    """Neither is listed as a relay of the county."""
    user = mesh_pb2.User(id="!a1b2c3d4", long_name="Fremd").SerializeToString()
    report = RadioReport(number=OWN)
    body = mesh_pb2.FromRadio(packet=packet(4, user, **fields)).SerializeToString()
    assert report.read(body) == []
    body = mesh_pb2.FromRadio(packet=packet(4, user)).SerializeToString()
    assert [type(found) for found in report.read(body)] == [MeshNode]


@given(st.sampled_from(sorted(TELLING)), st.binary(max_size=231))
def test_any_bytes_give_a_record_or_nothing(port: int, payload: bytes) -> None:
    """No exception, and no value that is no number."""
    node = told(packet(port, payload))
    if node is not None:
        assert all(math.isfinite(value) for value in node.measured.values())
        assert node.place is None or abs(node.place.latitude) <= 90


def test_old_news_after_the_handshake_has_no_time() -> None:
    """What the radio kept for an absent client tells the time of then: it judges no clock."""
    watch = RadioWatch("tcp:test:1", random.Random(1))
    watch.start(0)
    watch.advance(0)
    for message in VirtualSettings(OWN, "SAE Rheine", "RH").handshake(69420):
        watch.frame(watch.session, message.SerializeToString(), 0)
    body = mesh_pb2.FromRadio(packet=packet(10, b"x")).SerializeToString()
    times = []
    for now in (OLD_NEWS_MS - 1, OLD_NEWS_MS):
        watch.take_events()
        watch.frame(watch.session, body, now)
        times += [
            event.radio_unix_s for event in watch.take_events() if isinstance(event, MeshNode)
        ]
    assert times == [0, 1_800_000_000]


def test_the_book_forgets_those_silent_for_longest() -> None:
    """And learning the same again is no news, though the time of hearing goes on."""
    book = NodeBook(MeshNode(number, heard=number) for number in range(1, NODES_MAX + 1))
    assert book.learn(MeshNode(1000, heard=1000, name="Neu"))
    assert not book.learn(MeshNode(1000, heard=2000, name="Neu"))
    assert book.get(1) is None
    assert merged(MeshNode(1, battery_percent=3), MeshNode(1, name="a")).battery_percent == 3
    assert [node.number for node in book.all()][-1] == 1000
    assert len(book.all()) == NODES_MAX


def test_invented_radios_drive_out_none_of_a_staff() -> None:
    """Whoever has the channel key can invent thousands, all heard just now."""
    book = NodeBook([MeshNode(1, heard=1, member=3)])
    for number in range(2, NODES_MAX + 100):
        book.learn(MeshNode(number, heard=1_000 + number))
    assert book.get(1) is not None
    assert len(book.all()) == NODES_MAX


ABSURD = (math.nan, math.inf, -math.inf, 3.4e38, -3.4e38)


@pytest.mark.parametrize("value", ABSURD)
def test_absurd_figures_of_any_radio_are_left_out(value: float) -> None:
    """Seen: infinite airtime of the own radio failed in the outbox, and 39 digits on the screen."""
    own = VirtualSettings(OWN, "Eigenes", "EI")
    report = RadioReport()
    for frame in own.handshake(1):
        report.read(frame.SerializeToString())
    device = telemetry_pb2.DeviceMetrics(
        channel_utilization=value, air_util_tx=value, voltage=value
    )
    stats = telemetry_pb2.LocalStats(channel_utilization=value, air_util_tx=value)
    around = telemetry_pb2.EnvironmentMetrics(
        temperature=value, lux=value, weight=value, soil_moisture=4_000_000_000
    )
    for body in (
        telemetry(device_metrics=device),
        telemetry(local_stats=stats),
        telemetry(environment_metrics=around),
    ):
        said = told(packet(67, body))
        assert said is not None
        assert not said.measured
        assert (said.voltage, said.channel_utilisation, said.air_util_tx) == (None, None, None)
        mine = packet(67, body)
        setattr(mine, "from", OWN)
        report.read(mesh_pb2.FromRadio(packet=mine).SerializeToString())
    assert (report.channel_utilisation, report.air_util_tx) == (None, None)
