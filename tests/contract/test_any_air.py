# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What holds between any two radios: virtual, native builds, or on cables (--radio, --neighbour).

Both must have the same open settings and a region. The two tests of what a radio does when it has
just been started each need a fresh pair (``-k stranger``, ``-k half``) and skip an older one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from meshtastic.protobuf import mesh_pb2, telemetry_pb2

from mesh.link import BROADCAST
from mesh.virtual.boards import USUAL
from tests.contract.bare import Bare, Port
from tests.contract.served_radios import RadioThread

NO_RESPONSE = 8
PORTDUINO, CLASSIC_ESP32 = 37, {1, 2, 3, 4, 5, 6, 8, 10, 11, 39}
"""Hardware models with other places for an absent client than 32: 100, and 8."""
MARGIN_S = 20.0


@dataclass
class Pair:
    """A radio and another one that hears it."""

    radio: Bare
    other: Bare
    speed: float  # of their clock
    given: bool  # real ones, which cannot be started anew


@pytest.fixture
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Two radios in reach of each other, each with a client that has shaken hands."""
    given = [request.config.getoption(name) for name in ("--radio", "--neighbour")]
    if any(given) and not all(given):
        pytest.skip("needs --radio and --neighbour")
    with ExitStack() as stack:
        speed = 1.0
        if not all(given):
            speed, board = getattr(request, "param", (20.0, USUAL))
            served = stack.enter_context(RadioThread(speed=speed, board=board))
            given = [served.address(0), served.address(1)]
        radio, other = (stack.enter_context(Bare(str(address))) for address in given)
        radio.shake_hands()
        other.shake_hands()
        yield Pair(radio, other, speed, given=speed == 1.0)


def device_metrics() -> bytes:
    """A question for device telemetry."""
    asked = telemetry_pb2.Telemetry()
    asked.device_metrics.SetInParent()
    return asked.SerializeToString()


def ask(pair: Pair, port: int, payload: bytes = b"") -> tuple[mesh_pb2.MeshPacket, int]:
    """Ask the other radio; the answer, and the id of the question.

    Asked again when nothing comes, for radios may talk at once.
    """
    for attempt in range(3):
        asked = pair.radio.send(port, payload, pair.other.number, hop_limit=3, want_response=True)
        try:
            return pair.radio.answer(asked, MARGIN_S), asked
        except AssertionError:
            if attempt == 2:
                raise
            time.sleep(31 / pair.speed)  # the radio lets its client ask so often
    raise AssertionError


def test_a_traced_route_comes_back_with_the_signal_both_ways(pair: Pair) -> None:
    """Directly: nobody between, one signal there and one back; the own client gets a status."""
    answer, asked = ask(pair, Port.TRACEROUTE_APP)
    assert answer.decoded.portnum == Port.TRACEROUTE_APP
    route = mesh_pb2.RouteDiscovery.FromString(answer.decoded.payload)
    assert (list(route.route), list(route.route_back)) == ([], [])
    assert (len(route.snr_towards), len(route.snr_back)) == (1, 1)
    request = pair.other.packet(lambda p: p.id == asked)
    assert mesh_pb2.RouteDiscovery.FromString(request.decoded.payload).snr_towards
    told = [m.queueStatus.mesh_packet_id for m in pair.other.got if m.HasField("queueStatus")]
    assert answer.id in told  # of a packet that no client has sent


def test_telemetry_is_told_to_who_asks(pair: Pair) -> None:
    """Battery, use of the air, uptime."""
    answer, _ = ask(pair, Port.TELEMETRY_APP, device_metrics())
    metrics = telemetry_pb2.Telemetry.FromString(answer.decoded.payload).device_metrics
    assert metrics.HasField("air_util_tx")
    assert metrics.HasField("uptime_seconds")


def test_who_asks_what_nobody_can_answer_is_told_so(pair: Pair) -> None:
    """A position that the radio does not have, and a port that no module serves."""
    done = pair.other.admin(remove_fixed_position=True)
    pair.other.packet(lambda p: p.decoded.request_id == done)
    for port in (Port.POSITION_APP, Port.PRIVATE_APP):
        answer, _ = ask(pair, port)
        assert answer.decoded.portnum == Port.ROUTING_APP
        assert mesh_pb2.Routing.FromString(answer.decoded.payload).error_reason == NO_RESPONSE


def test_a_position_is_told_as_exactly_as_the_channel_may_know(pair: Pair) -> None:
    """One that was fixed; thirteen bits are about three kilometres, none is a refusal."""
    channel = next(m.channel for m in pair.other.got if m.HasField("channel"))
    place = mesh_pb2.Position(latitude_i=522_790_000, longitude_i=74_400_000, altitude=40)
    done = pair.other.admin(set_fixed_position=place)
    pair.other.packet(lambda p: p.decoded.request_id == done)
    answer, _ = ask(pair, Port.POSITION_APP)
    if not channel.settings.module_settings.position_precision:
        assert mesh_pb2.Routing.FromString(answer.decoded.payload).error_reason == NO_RESPONSE
        return
    told = mesh_pb2.Position.FromString(answer.decoded.payload)
    assert 0 < abs(told.latitude_i - place.latitude_i) < 1 << 19
    assert 0 < abs(told.longitude_i - place.longitude_i) < 1 << 19


def test_the_refusal_of_a_second_text_is_not_told_to_the_client(pair: Pair) -> None:
    """The status says OK, nothing more comes: the NAK goes on the air, to number 0."""
    first, second = (pair.radio.send(Port.TEXT_MESSAGE_APP, b"hallo") for _ in range(2))
    for packet_id in (first, second):
        status = pair.radio.wait(lambda m, i=packet_id: m.queueStatus.mesh_packet_id == i)
        assert status.queueStatus.res == 0
    said = pair.radio.rest(10 / pair.speed)
    assert [m for m in said if m.packet.decoded.request_id == second] == []


@pytest.mark.parametrize("pair", [(60.0, "esp32")], indirect=True)
def test_an_absent_client_finds_the_oldest_packets(pair: Pair) -> None:
    """As many as the board has places for; what came later is gone."""
    own = next(m for m in pair.radio.got if m.HasField("metadata")).metadata.hw_model
    places = 100 if own == PORTDUINO else 8 if own in CLASSIC_ESP32 else 32
    pair.radio.come_back()
    sent = []
    while len(sent) < places + 5:
        sent.append(pair.other.send(Port.PRIVATE_APP, bytes([len(sent)])))
        status = pair.other.wait(lambda m: m.queueStatus.mesh_packet_id == sent[-1])
        while status.queueStatus.free < 8:
            time.sleep(0.5 / pair.speed)
            pair.other.say(heartbeat=mesh_pb2.Heartbeat())
            status = pair.other.wait(lambda m: m.HasField("queueStatus"))
    pair.other.rest(15 / pair.speed)
    pair.radio.shake_hands(8)
    kept = [m.packet for m in pair.radio.rest(3 if pair.given else 0.2) if m.HasField("packet")]
    heard = [p.id for p in kept if p.id in sent]
    assert places - 8 <= len(heard) <= places
    assert heard == [packet_id for packet_id in sent if packet_id in heard]
    assert sent.index(heard[0]) <= 3
    assert sent[-1] not in heard
    others = {p.decoded.portnum for p in kept if p.id not in sent}
    assert others <= {Port.TELEMETRY_APP, Port.NODEINFO_APP, Port.ROUTING_APP}


@pytest.mark.parametrize("pair", [(100.0, USUAL)], indirect=True)
def test_the_client_is_told_of_the_radio_once_a_minute(pair: Pair) -> None:
    """Device telemetry; in the first minute, and every quarter of an hour, local statistics."""
    kinds: set[str | None] = set()
    while kinds < ({"device_metrics"} if pair.given else {"device_metrics", "local_stats"}):
        packet = pair.radio.packet(
            lambda p: (
                p.decoded.portnum == Port.TELEMETRY_APP and getattr(p, "from") == pair.radio.number
            )
        )
        told = telemetry_pb2.Telemetry.FromString(packet.decoded.payload)
        kinds.add(told.WhichOneof("variant"))


def introduction(pair: Pair, client: Bare, by: Bare, deadline_s: float) -> mesh_pb2.MeshPacket:
    """The node info of a radio; skipped where a given one has told it lately and keeps silent."""
    try:
        return client.packet(
            lambda p: p.decoded.portnum == Port.NODEINFO_APP and getattr(p, "from") == by.number,
            deadline_s,
        )
    except AssertionError:
        if pair.given:
            pytest.skip("the radio has been running for longer")
        raise


@pytest.mark.parametrize("pair", [(5.0, USUAL)], indirect=True)
def test_a_stranger_is_greeted_directly_and_then_nobody(pair: Pair) -> None:
    """Heard for the first time: told the node info, asked for its own; no more in ten minutes."""
    pair.radio.send(Port.PRIVATE_APP, b"wer da?")
    greeting = introduction(pair, pair.radio, pair.other, 40)
    if greeting.to == BROADCAST and pair.given:
        pytest.skip("the radio has been running for longer")
    assert (greeting.to, greeting.decoded.want_response) == (pair.radio.number, True)
    others = [
        m.packet
        for m in pair.radio.rest(40 if pair.given else 0.2)
        if m.packet.decoded.portnum == Port.NODEINFO_APP
        and getattr(m.packet, "from") == pair.other.number
    ]
    assert others == []


@pytest.mark.parametrize("pair", [(60.0, USUAL)], indirect=True)
def test_half_a_minute_after_the_start_everybody_is_told(pair: Pair) -> None:
    """The first own packet of a radio that has heard nobody; a new one asks for theirs."""
    first = introduction(pair, pair.radio, pair.other, 50)
    if first.to == pair.radio.number:  # an answer: ours was first
        first = introduction(pair, pair.other, pair.radio, 50)
    assert first.to == BROADCAST
    assert first.decoded.want_response or pair.given
