# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The state machine behind a radio link, on a virtual clock."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshtastic.protobuf import admin_pb2, config_pb2, mesh_pb2

from mesh.link import Acknowledged, Notice, Packet, RadioState, Reason, Refusal, Sent, Trouble
from mesh.nodes import MeshNode
from mesh.radio import watch as radio_watch
from mesh.radio.phases import TURNS, Phase, Turn
from mesh.radio.reader import RadioReport
from mesh.radio.watch import UNANSWERED_MAX, Act, RadioWatch, WatchConfig
from mesh.virtual.settings import VirtualSettings

CONFIG = WatchConfig(pending_max=4)


def status(packet_id: int = 0, free: int = 16, res: int = 0) -> bytes:
    """A queueStatus frame."""
    message = mesh_pb2.QueueStatus(mesh_packet_id=packet_id, free=free, maxlen=16, res=res)
    return bytes(mesh_pb2.FromRadio(queueStatus=message).SerializeToString())


def opened(now: int = 0) -> RadioWatch:
    """A watch whose radio has finished its handshake."""
    watch = RadioWatch("tcp:test:1", random.Random(1), CONFIG)
    watch.start(now)
    watch.advance(now)
    assert [command.act for command in watch.take_commands()] == [Act.OPEN]
    for message in VirtualSettings(0xABCD, "SAE Rheine", "RH").handshake(69420):
        watch.frame(watch.session, message.SerializeToString(), now)
    state = watch.take_events()[-1]
    assert isinstance(state, RadioState)
    assert state.connected
    assert [command.act for command in watch.take_commands()] == [Act.LIST]
    return watch


def acts(watch: RadioWatch) -> list[Act]:
    """What the shell was told to do."""
    return [command.act for command in watch.take_commands()]


def sent(watch: RadioWatch) -> list[tuple[int, Refusal]]:
    """Packet ids that were answered, and how."""
    return [
        (event.packet_id, event.refusal) for event in watch.take_events() if isinstance(event, Sent)
    ]


def test_handshake_tells_what_the_radio_is() -> None:
    """The connected state carries number, name, firmware, region and preset."""
    watch = RadioWatch("tcp:test:1", random.Random(1))
    watch.start(0)
    watch.advance(0)
    for message in VirtualSettings(0xABCD, "SAE Rheine", "RH").handshake(69420):
        watch.frame(1, message.SerializeToString(), 5)

    connecting, own, state = watch.take_events()
    assert isinstance(own, MeshNode)

    assert isinstance(connecting, RadioState)
    assert not connecting.connected
    assert isinstance(state, RadioState)
    assert (state.number, state.name, state.region) == (0xABCD, "SAE Rheine", "EU_868")
    assert (state.firmware, state.preset) == ("2.7.26.54e0d8d", "LONG_FAST")
    assert (state.channel_utilisation, state.reason) == (None, None)


def test_every_packet_is_answered_by_the_queue_status() -> None:
    """Accepted, refused with a known and with an unknown error number."""
    watch = opened()
    for packet_id in (1, 2, 3):
        watch.send(Packet(b"x", packet_id), 10)
    assert acts(watch) == [Act.SEND] * 2

    for body in (status(1), status(2, res=9), status(3, res=77)):
        watch.frame(watch.session, body, 20)

    assert acts(watch) == [Act.SEND]
    assert sent(watch) == [
        (1, Refusal.NONE),
        (2, Refusal.DUTY_CYCLE_LIMIT),
        (3, Refusal.OTHER),
    ]


def test_never_more_unanswered_than_the_radio_remembers() -> None:
    """Two packets are out; the third follows when one of them is answered."""
    watch = opened()
    for packet_id in (1, 2, 3, 4):
        watch.send(Packet(b"x", packet_id), 0)
    assert acts(watch) == [Act.SEND] * UNANSWERED_MAX
    watch.frame(watch.session, status(1), 10)
    assert acts(watch) == [Act.SEND]


def test_a_lost_answer_is_found_by_the_next() -> None:
    """The radio answers in order: an answer to a later packet, or to a question asked after it,
    says that the earlier one was taken; one to the radio's own packets says nothing."""
    watch = opened()
    for packet_id in (1, 2):
        watch.send(Packet(b"x", packet_id), 0)
    watch.frame(watch.session, status(4711), 10)
    watch.frame(watch.session, status(0), 10)
    assert sent(watch) == []
    watch.frame(watch.session, status(2, res=9), 20)
    assert sent(watch) == [(1, Refusal.NONE), (2, Refusal.DUTY_CYCLE_LIMIT)]

    watch.send(Packet(b"x", 5), 100)
    watch.advance(100 + CONFIG.answer_ms)
    assert acts(watch)[-1] is Act.PROBE
    watch.frame(watch.session, status(0), 200 + CONFIG.answer_ms)
    assert sent(watch) == [(5, Refusal.NONE)]


def test_a_chatty_radio_is_asked_all_the_same() -> None:
    """What is heard meanwhile does not put off the question about an unanswered packet."""
    watch = opened()
    watch.send(Packet(b"x", 1), 0)
    note = mesh_pb2.FromRadio(clientNotification=mesh_pb2.ClientNotification(message="x"))
    for now in range(0, CONFIG.answer_ms, 1_000):
        watch.frame(watch.session, note.SerializeToString(), now)
    assert watch.next_deadline() == CONFIG.answer_ms


@pytest.mark.parametrize(
    ("fields", "trouble"),
    [
        ({"region": 0}, Trouble.REGION_UNSET),
        ({"tx_enabled": False}, Trouble.TRANSMITTER_OFF),
    ],
)
def test_radio_that_may_not_send_says_so_at_the_handshake(
    fields: dict[str, Any], trouble: Trouble
) -> None:
    """Connected, and mute by its settings, before anything was tried."""
    settings = VirtualSettings(0xABCD, "SAE Rheine", "RH")
    for name, value in fields.items():
        setattr(settings.lora, name, value)
    watch = RadioWatch("tcp:test:1", random.Random(1), CONFIG)
    watch.start(0)
    watch.advance(0)
    for message in settings.handshake(69420):
        watch.frame(watch.session, message.SerializeToString(), 0)
    state = watch.take_events()[-1]
    assert isinstance(state, RadioState)
    assert (state.connected, state.mute) == (True, Reason(trouble))


def test_refusal_without_a_name_is_a_state_until_something_is_taken() -> None:
    """The number is told; the next packet that is taken ends it."""
    watch = opened()
    for packet_id, result, mute in (
        (1, 77, Reason(Trouble.REFUSES, detail="77")),
        (2, 34, Reason(Trouble.REFUSES, detail="34")),
        (3, 0, None),
    ):
        watch.send(Packet(b"x", packet_id), 0)
        watch.frame(watch.session, status(packet_id, res=result), 10)
        told = [event for event in watch.take_events() if isinstance(event, RadioState)]
        assert [state.mute for state in told] == [mute]


def test_answers_about_settings_are_taken_in() -> None:
    """A radio asked for a section tells it; it stands in the report as after a handshake."""
    watch = opened()
    lora = config_pb2.Config.LoRaConfig(region=3, hop_limit=5, tx_enabled=True)
    answer = admin_pb2.AdminMessage(get_config_response=config_pb2.Config(lora=lora))
    packet = mesh_pb2.MeshPacket(to=0xABCD)
    setattr(packet, "from", 0xABCD)
    packet.decoded.portnum, packet.decoded.payload = 6, answer.SerializeToString()
    watch.frame(watch.session, mesh_pb2.FromRadio(packet=packet).SerializeToString(), 5)
    assert watch.report.sections["lora"] == lora.SerializeToString()


def test_full_radio_is_asked_for_room_and_nothing_is_pushed() -> None:
    """With free = 0 packets wait; every two seconds the radio is asked; room releases them."""
    watch = opened()
    watch.frame(watch.session, status(free=0), 0)
    watch.send(Packet(b"x", 1), 0)
    assert acts(watch) == []
    watch.advance(watch.next_deadline() or 0)
    assert watch.next_deadline() == 2000 + CONFIG.answer_ms
    assert acts(watch) == [Act.PROBE]

    watch.frame(watch.session, status(free=2), 2100)

    assert acts(watch) == [Act.SEND]


def test_packet_that_never_finds_room_is_given_back() -> None:
    """A radio that stays full for a minute: QUEUE_FULL, for the outbox to try again."""
    watch = opened()
    watch.frame(watch.session, status(free=0), 0)
    watch.send(Packet(b"x", 1), 0)
    now = 0
    while now < CONFIG.full_max_ms:
        now = watch.next_deadline() or 0
        watch.advance(now)
        watch.frame(watch.session, status(free=0), now)

    assert sent(watch) == [(1, Refusal.QUEUE_FULL)]


def test_silent_radio_is_probed_then_dropped() -> None:
    """A minute of silence costs one probe; no answer ends the connection with a reason."""
    watch = opened()
    watch.send(Packet(b"x", 1), 0)
    watch.take_commands()
    watch.advance(15_000)
    assert acts(watch) == [Act.PROBE]
    watch.advance(30_000)

    assert acts(watch) == [Act.DROP]
    events = watch.take_events()
    assert Sent(1, Refusal.DISCONNECTED) in events
    assert isinstance(events[-1], RadioState)
    assert events[-1].reason == Reason(Trouble.SILENT)


def test_idle_radio_costs_one_probe_a_minute() -> None:
    """Sixty probes in an idle hour, and nothing else."""
    watch = opened()
    now, found = 0, []
    while (now := watch.next_deadline() or 0) < 3_600_000:
        watch.advance(now)
        found += acts(watch)
        watch.frame(watch.session, status(), now)

    assert found == [Act.PROBE] * 59


def test_packet_swallowed_by_a_living_radio_counts_as_taken() -> None:
    """The firmware drops a known id without a word; asked for its queue it shows it has read it."""
    watch = opened()
    watch.send(Packet(b"x", 1), 0)
    now = 0
    while now < CONFIG.answer_ms:
        now = watch.next_deadline() or 0
        watch.advance(now)
        watch.frame(watch.session, status(), now)

    assert sent(watch) == [(1, Refusal.NONE)]


def test_loss_gives_back_all_pending_packets_and_backs_off() -> None:
    """Waiting packets are unsent; attempts follow at growing distance, at most 36 s."""
    watch = opened()
    for packet_id in (1, 2):
        watch.send(Packet(b"x", packet_id), 0)
    watch.lost(watch.session, Reason(Trouble.BROKEN), 50)
    assert sent(watch) == [(1, Refusal.DISCONNECTED), (2, Refusal.DISCONNECTED)]

    gaps, now = [], 50
    for _ in range(8):
        due = watch.next_deadline() or 0
        gaps.append(due - now)
        now = due
        watch.advance(now)
        watch.lost(watch.session, Reason(Trouble.BROKEN), now)

    assert gaps[0] <= 1200
    assert max(gaps) <= 36_000
    assert sum(gaps) > 60_000
    assert watch.take_events() == []  # the same reason is not told again and again


def test_frames_of_an_abandoned_attempt_are_ignored() -> None:
    """What an old connection still says changes nothing."""
    watch = opened()
    old = watch.session
    watch.lost(old, Reason(Trouble.BROKEN), 10)
    watch.take_events()
    watch.advance(10_000)

    watch.frame(old, status(1), 10_001)
    watch.lost(old, Reason(Trouble.BROKEN), 10_002)

    assert watch.take_events() == []
    assert watch.session == old + 1


def test_without_connection_packets_are_refused_at_once() -> None:
    """So the outbox keeps them."""
    watch = RadioWatch("tcp:test:1", random.Random(1))
    watch.send(Packet(b"x", 1), 0)
    assert sent(watch) == [(1, Refusal.DISCONNECTED)]


def test_pending_packets_are_limited() -> None:
    """The fifth of four is refused as QUEUE_FULL; an id pending twice is one packet."""
    watch = opened()
    for packet_id in (1, 2, 3, 3, 4, 5):
        watch.send(Packet(b"x", packet_id), 0)
    assert sent(watch) == [(5, Refusal.QUEUE_FULL)]


def test_reboot_restarts_the_handshake() -> None:
    """``rebooted`` gives pending packets back; the next complete handshake connects again."""
    watch = opened()
    watch.send(Packet(b"x", 1), 0)
    watch.frame(watch.session, mesh_pb2.FromRadio(rebooted=True).SerializeToString(), 5)
    events = watch.take_events()
    assert events[0] == Sent(1, Refusal.DISCONNECTED)
    assert isinstance(events[1], RadioState)
    assert not events[1].connected

    watch.frame(watch.session, mesh_pb2.FromRadio(config_complete_id=1).SerializeToString(), 9)

    (state,) = watch.take_events()
    assert isinstance(state, RadioState)
    assert state.connected


def test_acks_and_notices_are_passed_on() -> None:
    """Implicit ack, real ack, NAK and client notification become events."""
    watch = opened()

    def routing(sender: int, error: int) -> bytes:
        reply = mesh_pb2.Routing()
        reply.error_reason = error
        packet = mesh_pb2.MeshPacket(to=0xABCD, id=9)
        setattr(packet, "from", sender)
        packet.decoded.portnum, packet.decoded.request_id = 5, 42
        packet.decoded.payload = reply.SerializeToString()
        return bytes(mesh_pb2.FromRadio(packet=packet).SerializeToString())

    for body in (routing(0xABCD, 0), routing(0x9999, 0), routing(0xABCD, 5)):
        watch.frame(watch.session, body, 1)
    note = mesh_pb2.ClientNotification(message="Duty cycle", reply_id=42)
    note_body = mesh_pb2.FromRadio(clientNotification=note).SerializeToString()
    watch.frame(watch.session, note_body, 1)

    assert watch.take_events() == [
        Acknowledged(42, implicit=True),
        Acknowledged(42, implicit=False),
        Acknowledged(42, implicit=True, refusal=Refusal.MAX_RETRANSMIT),
        Notice("Duty cycle", 42),
    ]


def test_handshake_that_never_ends_is_given_up() -> None:
    """After a minute the attempt is dropped and the next one planned."""
    watch = RadioWatch("tcp:test:1", random.Random(1))
    watch.start(0)
    watch.advance(0)
    watch.advance(60_000)
    assert acts(watch) == [Act.OPEN, Act.DROP]


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_any_frames_are_survived(bodies: list[bytes]) -> None:
    """Nonsense from the radio never raises."""
    watch = opened()
    for body in bodies:
        watch.frame(watch.session, body, 1)
    watch.advance(10)


@pytest.mark.parametrize("seed", range(20))
def test_exactly_one_answer_per_packet(seed: int) -> None:
    """Whatever happens, each packet handed in gets one ``Sent`` in the end."""
    rng = random.Random(seed)
    watch = opened()
    answers: list[int] = []
    now = 0
    for packet_id in range(1, 60):
        now += rng.randrange(4000)
        watch.advance(now)
        watch.send(Packet(b"x", packet_id), now)
        event = rng.randrange(6)
        if event == 0:
            watch.lost(watch.session, Reason(Trouble.BROKEN), now)
        elif event < 4:
            body = status(rng.randrange(packet_id + 1), rng.randrange(3), rng.choice([0, 0, 32]))
            watch.frame(watch.session, body, now)
        for message in VirtualSettings(7, "A", "A").handshake(69420):
            watch.frame(watch.session, message.SerializeToString(), now)
        answers += [packet for packet, _ in sent(watch)]
    watch.stop(now)
    answers += [packet for packet, _ in sent(watch)]

    assert sorted(answers) == list(range(1, 60))


def test_every_turn_of_a_connection_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row of the table is idle; a turn that it lacks would be a KeyError in any test here."""
    taken: set[tuple[Phase, Turn]] = set()

    class Watched(dict[tuple[Phase, Turn], Phase]):
        def __getitem__(self, key: tuple[Phase, Turn]) -> Phase:
            taken.add(key)
            return super().__getitem__(key)

    monkeypatch.setattr(radio_watch, "TURNS", Watched(TURNS))
    reason, rebooted = Reason(Trouble.BROKEN), mesh_pb2.FromRadio(rebooted=True)
    for end in ("stop", "lost", "reboot", "late"):
        for now, watch in ((0, opened()), (0, RadioWatch("tcp:test:1", random.Random(1)))):
            watch.start(now)
            if end == "late":
                for _ in range(9):
                    now = watch.next_deadline() or now
                    watch.advance(now)
            for opening in (False, True):
                if opening:
                    watch.advance(watch.next_deadline() or now)
                if end == "lost":
                    watch.lost(watch.session, reason, now)
                elif end == "reboot":
                    watch.frame(watch.session, rebooted.SerializeToString(), now)
                elif end == "stop":
                    watch.stop(now)
                    watch.start(now)
            watch.stop(now)
            watch.start(now)
            watch.advance(now)
            watch.stop(now)

    assert set(TURNS) - taken == set()


def test_sections_that_the_library_does_not_know_are_kept_by_name_or_number() -> None:
    """What firmware 2.8 and later bring beside the library's protobufs reaches whoever judges."""
    report = RadioReport()
    for field, kind in ((17, 9), (18, 9), (11, 5)):
        inner = bytes([field << 3 & 0x7F | 0x82, field >> 4, 2, 8, 2])
        report.read(bytes([kind << 3 | 2, len(inner)]) + inner)
    kept = {name: body for name, body in report.sections.items() if name != "owner"}
    assert kept == {"mesh_beacon": b"\x08\x02", "module:18": b"\x08\x02", "config:11": b"\x08\x02"}
    assert report.bad_frames == 0


def test_hours_of_silence_cost_a_question_a_minute_and_nothing_else() -> None:
    """A radio that nobody hears and that hears nobody stays connected as long as it answers."""
    watch, now, probes = opened(), 0, 0
    while now < 8 * 3_600_000:
        due = watch.next_deadline()
        assert due is not None
        assert due > now
        now = due
        watch.advance(now)
        for act in acts(watch):
            assert act is Act.PROBE
            probes += 1
            watch.frame(watch.session, status(), now + 5)
    assert probes == pytest.approx(8 * 60, abs=1)
    assert watch.take_events() == []
    watch.send(Packet(b"x", 1), now)
    assert acts(watch) == [Act.SEND]


class Quay:
    """Says of each radio whether it is the one that is meant."""

    moved: str | None = "serial:/dev/ttyUSB1"
    plug = (1, 2, "3")

    def __init__(self, number: int) -> None:
        self.number = number

    def connected(self, number: int) -> bool:
        """Only that one."""
        return number == self.number


@pytest.mark.parametrize(("number", "meant"), [(0xABCD, True), (0xBEEF, False)])
def test_another_radio_under_another_name_is_not_taken(number: int, meant: bool) -> None:
    """The state says where the radio came back, or that it is somebody else's."""
    watch = RadioWatch("serial:/dev/ttyUSB0", random.Random(1), CONFIG, Quay(number))
    watch.start(0)
    watch.advance(0)
    for message in VirtualSettings(0xABCD, "SAE Rheine", "RH").handshake(69420):
        watch.frame(watch.session, message.SerializeToString(), 0)
    state = watch.take_events()[-1]
    assert isinstance(state, RadioState)
    assert (state.connected, state.at) == (meant, Quay.moved if meant else None)
    assert (state.reason is None) or state.reason == Reason(Trouble.ANOTHER, "serial:/dev/ttyUSB1")
    assert state.connected is (state.reason is None)
