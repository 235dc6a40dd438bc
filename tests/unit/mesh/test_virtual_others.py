# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a virtual radio behaves towards others: introductions, answers, boards, identity, memory."""

from __future__ import annotations

import random

import pytest
from meshtastic.protobuf import admin_pb2, config_pb2, mesh_pb2, telemetry_pb2

from mesh.air.config import AirCounters
from mesh.link import BROADCAST
from mesh.virtual.answers import hops_for_answer, own_position, traced
from mesh.virtual.boards import BOARDS
from mesh.virtual.framing import frame
from mesh.virtual.memory import memory, recall
from mesh.virtual.settings import VirtualSettings
from tests.unit.mesh.test_virtual_phone import OTHER, OWN, Desk, kinds

MINUTE = 60_000
PRIVATE, NODE_INFO, ROUTING, TELEMETRY, TRACE = 256, 4, 5, 67, 70


def packet(port: int = PRIVATE, **fields: object) -> mesh_pb2.MeshPacket:
    """A broadcast of the other radio unless told otherwise."""
    values: dict[str, object] = {"id": 4, "to": BROADCAST, "hop_limit": 3} | fields
    built = mesh_pb2.MeshPacket(**values)
    built.decoded.portnum, built.decoded.payload = port, b"x"
    return built


def aired(desk: Desk) -> list[tuple[int, int]]:
    """Port and destination of what went on the air."""
    return [(taken.port, taken.destination) for taken in desk.radio.taken]


def asks(desk: Desk, index: int = -1) -> bool:
    """Whether that packet on the air wants an answer."""
    taken = desk.radio.taken[index]
    kept = desk.manifest.kept(OWN, taken.id)
    assert kept is not None
    return bool(kept.decoded.want_response)


def test_a_new_radio_introduces_itself_after_half_a_minute_and_asks() -> None:
    """One that has only been started again does not ask."""
    desk = Desk()
    desk.phone.advance(30_000 - 1)
    assert aired(desk) == []
    desk.phone.advance(40_000)
    assert aired(desk) == [(NODE_INFO, BROADCAST)]
    assert asks(desk)
    desk.phone.reboot(20 * MINUTE)
    desk.phone.advance(20 * MINUTE + 40_000)
    assert aired(desk) == [(NODE_INFO, BROADCAST)] * 2
    assert not asks(desk)


def test_a_stranger_is_greeted_once_and_then_nobody_for_ten_minutes() -> None:
    """Directly, with a question; neither the broadcast nor another stranger changes that."""
    desk = Desk()
    desk.hear(packet())
    assert aired(desk) == [(NODE_INFO, OTHER)]
    assert asks(desk)
    desk.phone.advance(40_000)
    desk.hear(packet(id=5), sender=OTHER + 1, now=10 * MINUTE - 1)
    assert len(desk.radio.taken) == 1
    desk.hear(packet(id=6), sender=OTHER + 1, now=10 * MINUTE)
    assert aired(desk)[1:] == [(NODE_INFO, OTHER + 1)]


def test_a_known_radio_and_a_busy_channel_get_no_greeting() -> None:
    """Who has told its name needs none; above a quarter of the channel nobody gets one."""
    desk = Desk()
    desk.settings.heard(OTHER, 1, 1.0, 0).user.id = "!22222222"
    desk.hear(packet())
    desk.radio.use = 25.0
    desk.hear(packet(id=5), sender=OTHER + 1)
    assert aired(desk) == []


def test_who_asks_again_for_the_name_gets_none() -> None:
    """Within twelve hours, and in silence."""
    desk = Desk()
    user = mesh_pb2.User(id="!22222222").SerializeToString()
    for now, packet_id in ((0, 4), (11 * 60 * MINUTE, 5), (24 * 60 * MINUTE, 6)):
        question = packet(NODE_INFO, id=packet_id)
        question.decoded.payload, question.decoded.want_response = user, True
        desk.hear(question, now=now)
    assert aired(desk) == [(NODE_INFO, OTHER)] * 2


@pytest.mark.parametrize(
    ("start", "left", "expected"), [(0, 0, 0), (3, 3, 2), (3, 2, 3), (7, 2, 5), (3, 5, 3)]
)
def test_an_answer_takes_two_hops_more_than_the_question(
    start: int, left: int, expected: int
) -> None:
    """None for a neighbour's question that nobody relays; else no more than the setting."""
    assert hops_for_answer(packet(hop_start=start, hop_limit=left), 3) == expected


def test_a_traced_route_names_who_was_passed_and_who_could_not_read_it() -> None:
    """A relay without the key stands there as unknown, with an unknown signal."""
    there = traced(b"", 7, 0, 6.25, back=False, end=False)
    there = traced(there, 9, 2, -3.0, back=False, end=True)
    route = mesh_pb2.RouteDiscovery.FromString(there)
    assert (list(route.route), list(route.snr_towards)) == ([7, BROADCAST], [25, -128, -12])
    back = mesh_pb2.RouteDiscovery.FromString(traced(there, 7, 0, 1.0, back=True, end=False))
    assert (list(back.route_back), list(back.snr_back)) == ([7], [4])
    assert traced(b"\xff", 7, 0, 1.0, back=False, end=False) == b"\xff"


def test_an_answered_question_is_not_sent_again() -> None:
    """And the answer to a question with want_ack is its acknowledgement."""
    desk = Desk()
    question = packet(TRACE, to=OWN, want_ack=True)
    question.decoded.payload, question.decoded.want_response = b"", True
    desk.hear(question)
    assert [port for port, _ in aired(desk)] == [TRACE, NODE_INFO]
    reply = packet(TRACE, id=9, to=OWN)
    reply.decoded.payload, reply.decoded.request_id = b"", 77
    desk.hear(reply)
    assert desk.radio.answered_ids == [77]


def test_a_position_is_blurred_to_the_middle_of_its_cell() -> None:
    """All bits: as it is; none, or no position: nothing."""
    settings = VirtualSettings(OWN, "SAE Rheine", "RH")
    assert own_position(settings, 0, 1) is None
    settings.own.position.latitude_i, settings.own.position.longitude_i = 522_790_000, -1
    wide = settings.channels[0].settings.module_settings
    told = own_position(settings, 0, 1)
    assert told is not None
    assert 0 < abs(told.latitude_i - 522_790_000) < 1 << 19
    wide.position_precision = 32
    told = own_position(settings, 0, 1)
    assert told is not None
    assert (told.latitude_i, told.longitude_i) == (522_790_000, -1)
    wide.position_precision = 0
    assert own_position(settings, 0, 1) is None


def test_telemetry_on_the_air_fills_the_absent_client_s_places() -> None:
    """Where it is switched on; what is only for the client waits once."""
    desk = Desk()
    for minute in range(1, 5):
        desk.phone.advance(minute * MINUTE)
    assert kinds(desk.ask(want_config_id=1))[-2:] == ["packet", "packet"]  # of the first minute
    desk.ask(disconnect=True)
    desk.settings.modules["telemetry"].telemetry.device_telemetry_enabled = True
    for half_hour in range(1, 4):
        desk.phone.advance(half_hour * 30 * MINUTE)
    assert [port for port, _ in aired(desk)].count(TELEMETRY) == 3
    waited = desk.ask(want_config_id=2)
    payloads = [a.packet.decoded.payload for a in waited if a.HasField("packet")]
    told = [telemetry_pb2.Telemetry.FromString(p).WhichOneof("variant") for p in payloads]
    assert told == ["device_metrics"] * 3


def test_a_classic_esp32_has_eight_places() -> None:
    """For a client that is away."""
    desk = Desk(board="esp32")
    for packet_id in range(1, 20):
        desk.hear(packet(id=packet_id))
    waited = desk.ask(want_config_id=1)
    assert [a.packet.id for a in waited if a.HasField("packet")] == list(range(1, 9))


def test_keys_come_with_the_region_and_from_28_the_number_with_the_next_start() -> None:
    """The old number is gone."""
    request = admin_pb2.AdminMessage()
    request.set_config.lora.region = config_pb2.Config.LoRaConfig.EU_868
    for firmware, changes in (("2.7.26", False), ("2.8.0", True)):
        desk = Desk(firmware, factory_new=True)
        assert desk.settings.own.user.public_key == b""
        desk.admin(request)
        key = desk.settings.own.user.public_key
        assert (len(key), desk.settings.number) == (32, OWN)
        desk.phone.reboot(1)
        assert (desk.settings.number != OWN) is changes
        assert desk.settings.own.user.id == f"!{desk.settings.number:08x}"
        assert desk.settings.own.user.public_key == key


def test_a_build_with_simulated_lora_sends_without_a_region() -> None:
    """Others do not; from 2.8 it has keys at once, and their number."""
    for firmware, keys in (("2.7.26", 0), ("2.8.0", 32)):
        desk = Desk(firmware, factory_new=True, board="nativ")
        desk.send()
        assert len(desk.radio.taken) == 1
        assert len(desk.settings.own.user.public_key) == keys
        assert (desk.settings.number == OWN) is (keys == 0)
    real = Desk(factory_new=True)
    real.send()
    assert real.radio.taken == []


def test_a_radio_fills_in_what_it_is_not_told() -> None:
    """Power, spreading factor and coding rate; a first region switches the transmitter on, from
    2.8 unsetting it switches it off.
    """
    regions = config_pb2.Config.LoRaConfig.RegionCode
    for firmware, sends_after in (("2.7.26", True), ("2.8.0", False)):
        desk = Desk(firmware, factory_new=True)
        for region, sends in ((regions.EU_868, True), (regions.UNSET, sends_after)):
            request = admin_pb2.AdminMessage()
            told = request.set_config.lora
            told.use_preset, told.region = True, region
            told.tx_enabled = region == regions.UNSET
            desk.admin(request, 5 + region)
            lora = desk.settings.lora
            assert (lora.tx_power, lora.spread_factor, lora.coding_rate) == (22, 11, 5)
            assert lora.tx_enabled is sends


def test_handshake_of_28_tells_presets_by_region_and_more_modules() -> None:
    """After the metadata, in a field that the client library does not know; seventeen sections."""
    answers = Desk("2.8.0").ask(want_config_id=1)
    told = kinds(answers)
    assert told[3:5] == ["metadata", "None"]
    assert answers[4].SerializeToString()[:2] == b"\x9a\x01"
    assert told.count("moduleConfig") == 17


def test_memory_brings_everything_back() -> None:
    """Owner, number, channels, sections, other radios; garbage between is passed over."""
    one = VirtualSettings(OWN, "SAE Rheine", "RH")
    one.number = one.own.num = OTHER
    one.own.user.long_name = "Krisenstab"
    one.channels[1].settings.name = "lage"
    one.lora.hop_limit = 5
    one.modules["telemetry"].telemetry.device_telemetry_enabled = True
    one.heard(99, 5, 1.0, 2)
    one.make_keys(random.Random(1))
    other = VirtualSettings(OWN, "neu", "N", factory_new=True)
    recall(other, b"\x94" + frame(b"\xff\xff") + memory(one))
    assert [m.SerializeToString() for m in other.handshake(1)] == [
        m.SerializeToString() for m in one.handshake(1)
    ]
    assert not other.fresh


def test_statistics_are_those_of_the_radio() -> None:
    """Sent, heard, relayed."""
    desk = Desk()
    desk.radio.airtime = AirCounters(tx_own=3, tx_relayed=2, rx_good=5, rx_bad=1)
    desk.attach()
    desk.phone.advance(MINUTE)
    stats = telemetry_pb2.Telemetry.FromString(desk.answers()[-1].packet.decoded.payload)
    told = stats.local_stats
    assert (told.num_packets_tx, told.num_packets_rx, told.num_tx_relay) == (5, 6, 2)


def test_boards_are_known_to_the_command() -> None:
    """Their names are choices of ``lage funk simulieren``."""
    from lage.cli.simulating import simulate

    choice = next(option for option in simulate.params if option.name == "bauart")
    assert set(choice.type.to_info_dict()["choices"]) == set(BOARDS)
