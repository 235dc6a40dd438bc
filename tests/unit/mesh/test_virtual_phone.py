# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a virtual radio answers to its client, without sockets."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshtastic.protobuf import admin_pb2, channel_pb2, config_pb2, mesh_pb2, telemetry_pb2

from mesh.air.config import AirCounters
from mesh.firmware import Role
from mesh.link import BROADCAST, Acknowledged, FrameClass, Packet, QueueStatus, Received, Refusal
from mesh.virtual.boards import BOARDS, USUAL
from mesh.virtual.manifest import Manifest, extra_bytes
from mesh.virtual.outbound import AWAY_MAX, STATUSES_MAX
from mesh.virtual.phone import RESTART_S, TO_SELF_MAX, VirtualPhone
from mesh.virtual.settings import NODE_INFO_LEAST_S, NODES_MAX, VirtualSettings, node_id

OWN, OTHER = 0x11111111, 0x22222222
ORDER = (
    ["my_info", "deviceuiConfig", "node_info", "metadata"]
    + ["channel"] * 8
    + ["config"] * 10
    + ["moduleConfig"] * (13 + 3)  # three without content
)


class StubRadio:
    """Takes or refuses as told."""

    def __init__(self) -> None:
        self.taken: list[Packet] = []
        self.answered_ids: list[int] = []
        self.refusal, self.free, self.use = Refusal.NONE, 16, 12.5
        self.airtime = AirCounters()

    def answered(self, packet_id: int) -> None:
        """Note the packet."""
        self.answered_ids.append(packet_id)

    def submit(self, packet: Packet, now: int) -> QueueStatus:
        """Note the packet."""
        self.taken.append(packet)
        return QueueStatus(packet.id, self.free, refusal=self.refusal)

    def queue_status(self) -> QueueStatus:
        """As set by the test."""
        return QueueStatus(0, self.free)

    def channel_utilisation(self, now: int) -> float:
        """As set by the test."""
        return self.use

    def air_util_tx(self, now: int) -> float:
        """Any figure."""
        return 1.25


class Desk:
    """A phone with its radio, and shorthands for what a client does."""

    def __init__(
        self, firmware: str = "2.7.26.54e0d8d", *, board: str = USUAL, factory_new: bool = False
    ) -> None:
        self.radio = StubRadio()
        self.manifest = Manifest()
        self.settings = VirtualSettings(
            OWN, "SAE Rheine", "RH", firmware, factory_new, BOARDS[board]
        )
        self.phone = VirtualPhone(self.settings, self.radio, self.manifest, random.Random(1), 1000)

    def ask(self, now: int = 0, **fields: object) -> list[mesh_pb2.FromRadio]:
        """Send one ToRadio; the answers."""
        self.phone.receive(mesh_pb2.ToRadio(**fields).SerializeToString(), now)
        if self.phone.next_deadline() == 0:  # something for the radio itself
            self.phone.advance(now)
        return self.answers()

    def answers(self) -> list[mesh_pb2.FromRadio]:
        """What the client gets."""
        return [mesh_pb2.FromRadio.FromString(body) for body in self.phone.take_frames()]

    def attach(self) -> None:
        """Complete a handshake."""
        self.ask(want_config_id=1)

    def send(self, now: int = 0, **fields: object) -> list[mesh_pb2.FromRadio]:
        """Send a packet with a payload on PRIVATE_APP unless told otherwise."""
        port = fields.pop("port", 256)
        values: dict[str, object] = {"id": 77, "to": BROADCAST} | fields
        packet = mesh_pb2.MeshPacket(**values)
        packet.decoded.portnum, packet.decoded.payload = port, b"hallo"
        return self.ask(now, packet=packet)

    def admin(self, request: admin_pb2.AdminMessage, packet_id: int = 5) -> None:
        """Send an admin message to the radio itself."""
        packet = mesh_pb2.MeshPacket(id=packet_id, to=OWN, want_ack=True)
        packet.decoded.portnum = 6
        packet.decoded.payload = request.SerializeToString()
        self.ask(packet=packet)

    def hear(self, packet: mesh_pb2.MeshPacket, sender: int = OTHER, now: int = 0) -> None:
        """Let another radio's packet arrive; it was entered there under the same channel."""
        setattr(packet, "from", sender)
        key = self.settings.channel_key(0)
        assert key is not None
        item = self.manifest.enter(packet, key)
        self.phone.heard([heard(item, sender)], now)


def heard(item: Packet, sender: int) -> Received:
    """A packet of the ether as a direct neighbour hears it."""
    return Received(
        payload=item.payload,
        sender=sender,
        id=item.id,
        snr_db=6.25,
        rssi_dbm=-90,
        hop_limit=item.hop_limit,
        hop_start=item.hop_limit,
        destination=item.destination,
        channel=item.channel,
        port=item.port,
    )


def kinds(answers: list[mesh_pb2.FromRadio]) -> list[str]:
    """Which variants came."""
    return [str(answer.WhichOneof("payload_variant")) for answer in answers]


def routing(answer: mesh_pb2.FromRadio) -> tuple[int, int, int]:
    """Sender, request and error of a routing reply; the error must be on the wire."""
    data = answer.packet.decoded
    reply = mesh_pb2.Routing.FromString(data.payload)
    assert reply.WhichOneof("variant") == "error_reason"
    return getattr(answer.packet, "from"), data.request_id, reply.error_reason


@pytest.mark.parametrize(
    ("nonce", "expected"),
    [
        (123, [*ORDER, "node_info", "fileInfo", "config_complete_id"]),
        (69420, [*ORDER, "fileInfo", "config_complete_id"]),
        (69421, ["node_info", "node_info", "config_complete_id"]),
    ],
)
def test_handshake_in_the_order_of_the_firmware(nonce: int, expected: list[str]) -> None:
    """Everything, configuration only, nodes only; the nonce comes back."""
    desk = Desk()
    desk.settings.heard(OTHER, 1, 5.0, 0)
    answers = desk.ask(want_config_id=nonce)
    assert kinds(answers) == expected
    assert answers[-1].config_complete_id == nonce


def test_new_request_restarts_and_disconnect_silences() -> None:
    """Reconfiguration at any time; after disconnect nothing is sent until the next request."""
    desk = Desk()
    desk.phone.receive(mesh_pb2.ToRadio(want_config_id=1).SerializeToString(), 0)
    answers = desk.ask(want_config_id=2)
    assert [a.config_complete_id for a in answers if a.HasField("config_complete_id")] == [2]
    assert desk.ask(disconnect=True) == []
    assert desk.ask(heartbeat=mesh_pb2.Heartbeat()) == []


def test_heartbeat_is_answered_with_the_queue() -> None:
    """Except nonce 1, which sends the own node info instead."""
    desk = Desk()
    desk.attach()
    desk.radio.free = 7
    (answer,) = desk.ask(heartbeat=mesh_pb2.Heartbeat())
    assert (answer.queueStatus.free, answer.queueStatus.maxlen) == (7, 16)
    (own,) = desk.ask(heartbeat=mesh_pb2.Heartbeat(nonce=1))
    assert own.queueStatus.mesh_packet_id == desk.radio.taken[0].id
    assert [packet.port for packet in desk.radio.taken] == [4]


def test_every_packet_gets_a_queue_status_but_a_known_id_nothing() -> None:
    """The second packet with one id is dropped silently."""
    desk = Desk()
    desk.attach()
    (answer,) = desk.send(id=9)
    assert (answer.queueStatus.mesh_packet_id, answer.queueStatus.res) == (9, 0)
    assert desk.send(id=9) == []
    assert len(desk.radio.taken) == 1


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (Refusal.QUEUE_FULL, ["queueStatus"]),
        (Refusal.TOO_LARGE, ["queueStatus", "packet"]),
        (Refusal.DUTY_CYCLE_LIMIT, ["queueStatus", "packet", "clientNotification"]),
    ],
)
def test_refusals_are_told(refusal: Refusal, expected: list[str]) -> None:
    """Always in the queueStatus; TOO_LARGE and the duty cycle as NAK, the latter to the user."""
    desk = Desk()
    desk.attach()
    desk.radio.refusal = refusal
    answers = desk.send(id=9)
    assert kinds(answers) == expected
    assert answers[0].queueStatus.res == refusal.value
    if len(answers) > 1:
        assert routing(answers[1]) == (OWN, 9, refusal.value)
    if len(answers) > 2:
        assert answers[2].clientNotification.reply_id == 9


@pytest.mark.parametrize(
    ("port", "limit", "second"),
    [
        (1, 2_000, ["queueStatus"]),
        (3, 10_000, ["queueStatus"]),
        (8, 10_000, ["queueStatus"]),
        (67, 10_000, ["queueStatus"]),
        (70, 30_000, ["clientNotification", "queueStatus"]),
    ],
)
def test_rate_limits(port: int, limit: int, second: list[str]) -> None:
    """The status says OK. A text's NAK goes on the air to number 0, the client's empty sender;
    others vanish, a traced route with a notice."""
    desk = Desk()
    desk.attach()
    desk.send(0, id=1, port=port)
    answers = desk.send(limit - 1, id=2, port=port)
    assert kinds(answers) == second
    assert answers[-1].queueStatus.res == 0
    desk.send(limit, id=3, port=port)
    refused = [packet for packet in desk.radio.taken if packet.port == 5]
    assert [packet.id for packet in desk.radio.taken if packet.port != 5] == [1, 3]
    assert [packet.destination for packet in refused] == [0] * (port == 1)


def test_a_client_that_names_itself_is_told_of_its_refused_text() -> None:
    """As the sender of the packet says."""
    desk = Desk()
    desk.attach()
    desk.send(0, id=1, port=1)
    answers = desk.send(1, id=2, port=1, **{"from": OWN})
    assert routing(answers[1]) == (OWN, 2, 38)


def test_our_port_is_not_limited() -> None:
    """Ten packets in one millisecond."""
    desk = Desk()
    desk.attach()
    for packet_id in range(1, 11):
        desk.send(0, id=packet_id)
    assert len(desk.radio.taken) == 10


@pytest.mark.parametrize(
    ("hop_limit", "want_ack", "expected"),
    [(0, False, 0), (0, True, 3), (5, True, 5), (9, False, 7)],
)
def test_hop_limit_as_the_firmware_sets_it(hop_limit: int, want_ack: bool, expected: int) -> None:
    """0 is kept without want_ack, replaced by the default with it; never above 7."""
    desk = Desk()
    desk.send(hop_limit=hop_limit, want_ack=want_ack)
    assert desk.radio.taken[0].hop_limit == expected


def test_absent_client_finds_the_oldest_packets() -> None:
    """32 wait and come after the handshake; what came later is gone, but for a text message, which
    makes room for itself."""
    desk = Desk()
    for packet_id in range(1, AWAY_MAX + 4):
        packet = mesh_pb2.MeshPacket(id=packet_id, to=BROADCAST)
        packet.decoded.portnum, packet.decoded.payload = 256, b"x"
        desk.hear(packet)
    text = mesh_pb2.MeshPacket(id=99, to=BROADCAST)
    text.decoded.portnum, text.decoded.payload = 1, b"hallo"
    desk.hear(text)
    answers = desk.ask(want_config_id=1)
    done = kinds(answers).index("config_complete_id")
    ids = [answer.packet.id for answer in answers[done + 1 :]]
    assert ids == [*range(2, AWAY_MAX + 1), 99]
    assert desk.phone.dropped_for_client == 4


def test_of_many_answers_two_are_kept() -> None:
    """A batch is read as a whole before the client gets anything; the oldest answers are lost."""
    desk = Desk()
    desk.attach()
    for packet_id in (1, 2, 3, 4):
        packet = mesh_pb2.MeshPacket(id=packet_id, to=BROADCAST)
        packet.decoded.portnum, packet.decoded.payload = 256, b"x"
        desk.phone.receive(mesh_pb2.ToRadio(packet=packet).SerializeToString(), 0)
    told = [a.queueStatus.mesh_packet_id for a in desk.answers() if a.HasField("queueStatus")]
    assert told == [3, 4]
    assert len(told) == STATUSES_MAX


def test_of_many_admin_messages_four_are_kept() -> None:
    """Seven in one go lose the first three: begin_edit and what stands behind it."""
    desk = Desk()
    desk.attach()
    for number in range(7):
        request = admin_pb2.AdminMessage(set_owner=mesh_pb2.User(long_name=f"Name {number}"))
        if not number:
            request = admin_pb2.AdminMessage(begin_edit_settings=True)
        packet = mesh_pb2.MeshPacket(id=number + 1, to=OWN, want_ack=True)
        packet.decoded.portnum, packet.decoded.payload = 6, request.SerializeToString()
        desk.phone.receive(mesh_pb2.ToRadio(packet=packet).SerializeToString(), 0)
    assert desk.phone.next_deadline() == 0
    desk.answers()
    desk.phone.advance(0)
    acknowledged = [a.packet.decoded.request_id for a in desk.answers() if a.HasField("packet")]
    assert acknowledged == [4, 5, 6, 7]
    assert len(acknowledged) == TO_SELF_MAX
    assert desk.settings.long_name != desk.settings.own.user.long_name == "Name 6"


@pytest.mark.parametrize("change", ["region", "transmitter"])
def test_radio_without_region_or_transmitter_sends_nothing(change: str) -> None:
    """The answer is 34 (ERRNO_DISABLED), and nothing goes on the air."""
    desk = Desk()
    desk.settings.reset()
    if change == "transmitter":
        desk.settings.lora.region = 3
        desk.settings.lora.tx_enabled = False
    desk.attach()
    (answer,) = desk.send()
    assert (answer.queueStatus.res, answer.queueStatus.mesh_packet_id) == (34, 77)
    assert desk.radio.taken == []


def test_received_packet_carries_what_the_radio_measured() -> None:
    """Sender, signal, hops, time and channel index."""
    desk = Desk()
    desk.attach()
    packet = mesh_pb2.MeshPacket(id=4, to=BROADCAST, hop_limit=3)
    packet.decoded.portnum, packet.decoded.payload = 256, b"\x94\xc3"
    desk.hear(packet, now=5_000)
    (got,) = [answer.packet for answer in desk.answers() if answer.HasField("packet")]
    assert (getattr(got, "from"), got.to, got.channel) == (OTHER, BROADCAST, 0)
    assert (got.rx_snr, got.rx_rssi, got.rx_time) == (6.25, -90, 1005)
    assert (got.hop_start, got.decoded.payload) == (3, b"\x94\xc3")


def test_packets_of_a_channel_without_key_are_not_delivered() -> None:
    """Another key: heard on the air, but nothing for the client."""
    desk = Desk()
    desk.attach()
    stranger = heard(Packet(b"geheim", 3, channel=12345), OTHER)
    desk.phone.heard([stranger], 0)
    assert desk.answers() == []


def test_unicast_with_want_ack_is_answered_over_the_air() -> None:
    """A routing packet to the sender, with error_reason on the wire and its size paid."""
    desk = Desk()
    packet = mesh_pb2.MeshPacket(id=4, to=OWN, want_ack=True, hop_limit=3)
    packet.decoded.portnum, packet.decoded.payload = 256, b"x"
    desk.hear(packet)
    (answer,) = [packet for packet in desk.radio.taken if packet.port == 5]
    assert (answer.port, answer.destination) == (5, OTHER)
    assert len(answer.payload) == 2 + 5  # error_reason, and the request id beside it


def test_notices_become_routing_replies() -> None:
    """Implicit ack and MAX_RETRANSMIT come from the own number."""
    desk = Desk()
    desk.attach()
    desk.phone.noticed(
        [Acknowledged(8, implicit=True), Acknowledged(9, False, Refusal.MAX_RETRANSMIT)], 0
    )
    assert [routing(answer) for answer in desk.answers()] == [(OWN, 8, 0), (OWN, 9, 5)]


def test_node_database_learns_from_the_air_and_is_limited() -> None:
    """Names by node info; the one silent for longest is forgotten."""
    desk = Desk()
    packet = mesh_pb2.MeshPacket(id=4, to=BROADCAST)
    user = mesh_pb2.User(id=node_id(OTHER), long_name="SAE Greven", short_name="GR")
    packet.decoded.portnum, packet.decoded.payload = 4, user.SerializeToString()
    desk.hear(packet)
    assert desk.settings.nodes[OTHER].user.long_name == "SAE Greven"
    for number in range(1, NODES_MAX + 1):
        desk.settings.heard(number, 2, 0.0, 1)
    assert len(desk.settings.nodes) == NODES_MAX
    assert OTHER not in desk.settings.nodes


def test_lora_change_restarts_up_to_27_and_not_from_28() -> None:
    """And within a transaction only at its end."""
    request = admin_pb2.AdminMessage()
    request.set_config.lora.modem_preset = config_pb2.Config.LoRaConfig.SHORT_FAST
    for firmware, restarts in (("2.7.26", True), ("2.8.0", False)):
        desk = Desk(firmware)
        desk.admin(request)
        assert (desk.phone.restart_in_s == RESTART_S) is restarts
        assert desk.phone.air_changed
    desk = Desk()
    desk.admin(admin_pb2.AdminMessage(begin_edit_settings=True), 1)
    desk.admin(request, 2)
    assert desk.phone.restart_in_s is None
    desk.admin(admin_pb2.AdminMessage(commit_edit_settings=True), 3)
    assert desk.phone.restart_in_s == RESTART_S


def test_a_role_restarts_the_radio_and_counts_on_the_air_at_once() -> None:
    """The radio tells it of itself after the restart; other device settings start nothing anew."""
    desk = Desk()
    device = admin_pb2.AdminMessage()
    device.set_config.device.CopyFrom(desk.settings.config["device"].device)
    device.set_config.device.node_info_broadcast_secs = 60
    desk.admin(device, 1)
    assert (desk.phone.restart_in_s, desk.settings.air_role) == (None, Role.CLIENT)
    assert desk.settings.config["device"].device.node_info_broadcast_secs == NODE_INFO_LEAST_S
    device.set_config.device.role = config_pb2.Config.DeviceConfig.Role.CLIENT_MUTE
    desk.admin(device, 2)
    assert (desk.phone.restart_in_s, desk.settings.air_role) == (RESTART_S, Role.CLIENT_MUTE)
    assert (desk.phone.air_changed, desk.settings.own.user.role) == (True, 0)
    desk.phone.reboot(3)
    assert desk.settings.own.user.role == device.set_config.device.role


def test_admin_questions_are_answered() -> None:
    """Owner, channel, configuration; an impossible one is refused."""
    desk = Desk()
    desk.attach()
    packet = mesh_pb2.MeshPacket(id=5, to=OWN, want_ack=True)
    packet.decoded.portnum, packet.decoded.want_response = 6, True
    question = admin_pb2.AdminMessage(get_channel_request=1)
    packet.decoded.payload = question.SerializeToString()
    status, own, answer = desk.ask(packet=packet)
    assert own.queueStatus.mesh_packet_id == answer.packet.id  # as for all that a radio sends
    assert status.queueStatus.mesh_packet_id == 5
    reply = admin_pb2.AdminMessage.FromString(answer.packet.decoded.payload)
    assert reply.get_channel_response.settings.psk == b"\x01"
    assert answer.packet.decoded.request_id == 5

    packet.id = 6
    packet.decoded.payload = admin_pb2.AdminMessage(get_channel_request=99).SerializeToString()
    assert routing(desk.ask(packet=packet)[1]) == (OWN, 6, 32)


def test_channel_key_depends_on_name_and_key() -> None:
    """Short keys stand for the well-known one; an unnamed channel is named by its preset."""
    one, two = Desk().settings, Desk().settings
    assert one.channel_key(0) == two.channel_key(0)
    two.lora.modem_preset = config_pb2.Config.LoRaConfig.SHORT_FAST
    assert one.channel_key(0) != two.channel_key(0)
    two.channels[0].settings.name = "LongFast"
    two.channels[0].settings.psk = bytes.fromhex("d4f1bb3a20290759f0bcffabcf4e6901")
    assert one.channel_key(0) == two.channel_key(0)
    assert one.channel_key(1) is None


def test_priority_becomes_the_class_in_the_queue() -> None:
    """ALERT goes first, BACKGROUND last, unset is the default."""
    desk = Desk()
    for packet_id, priority in enumerate((110, 100, 70, 64, 0, 10), start=1):
        desk.send(id=packet_id, priority=priority)
    assert [packet.urgency for packet in desk.radio.taken] == [
        *(FrameClass.FLASH, FrameClass.IMMEDIATE, FrameClass.RECEIPT),
        *(FrameClass.ROUTINE, FrameClass.ROUTINE, FrameClass.WANT),
    ]


def test_fields_beside_the_payload_are_paid() -> None:
    """request_id takes five bytes, want_response two."""
    assert extra_bytes(mesh_pb2.Data(portnum=256, payload=b"abc", bitfield=1)) == 0
    assert extra_bytes(mesh_pb2.Data(request_id=1, want_response=True)) == 7


def test_own_telemetry_tells_the_client_the_use_of_the_air() -> None:
    """Once a minute, to the client only."""
    desk = Desk()
    desk.attach()
    desk.phone.advance(60_000)
    told = [a.packet.decoded.payload for a in desk.answers() if a.HasField("packet")]
    figures = [telemetry_pb2.Telemetry.FromString(payload) for payload in told]
    assert [f.WhichOneof("variant") for f in figures] == ["device_metrics", "local_stats"]
    assert figures[0].device_metrics.channel_utilization == 12.5
    assert [packet.port for packet in desk.radio.taken] == [4]
    assert desk.phone.next_deadline() == 120_000
    desk.phone.advance(120_000)
    assert len(desk.answers()) == 1  # statistics every quarter of an hour


@given(st.lists(st.binary(max_size=120), max_size=12))
def test_any_frames_are_survived(bodies: list[bytes]) -> None:
    """Nonsense from a client never raises; its answers stay bounded."""
    desk = Desk()
    for now, body in enumerate(bodies):
        desk.phone.receive(body, now)
    assert len(desk.phone.take_frames()) <= 4096


ADMIN = st.builds(
    lambda preset, hops, node_info, channel, name: [
        admin_pb2.AdminMessage(
            set_config=config_pb2.Config(
                lora=config_pb2.Config.LoRaConfig(modem_preset=preset, hop_limit=hops)
            )
        ),
        admin_pb2.AdminMessage(
            set_config=config_pb2.Config(
                device=config_pb2.Config.DeviceConfig(node_info_broadcast_secs=node_info)
            )
        ),
        admin_pb2.AdminMessage(
            set_channel=channel_pb2.Channel(
                index=channel, settings=channel_pb2.ChannelSettings(name=name)
            )
        ),
    ],
    st.integers(-(2**31), 2**31 - 1),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.integers(-9, 9),
    st.text(max_size=5),
)


@given(ADMIN, st.integers(0, 2**32 - 1), st.integers(0, 600), st.integers(0, 2**32 - 1))
def test_impossible_settings_are_survived(
    requests: list[admin_pb2.AdminMessage], hop_limit: int, channel: int, port: int
) -> None:
    """Unknown presets, absurd numbers: packets still have legal ids and hop limits."""
    desk = Desk()
    for packet_id, request in enumerate(requests, start=100):
        desk.admin(request, packet_id)
    desk.send(hop_limit=hop_limit, channel=channel % 8, port=port % 512, want_ack=True)
    desk.ask(heartbeat=mesh_pb2.Heartbeat(nonce=1))
    desk.phone.advance(10**7)
    assert "config_complete_id" in kinds(desk.ask(want_config_id=3))
    for packet in desk.radio.taken:
        assert 0 <= packet.hop_limit <= 7
        assert 1 <= packet.id <= 0xFFFFFFFF
