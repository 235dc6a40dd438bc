# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Faults of radio, cable and library: the link goes on and comes back, nothing is forgotten."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from meshtastic.protobuf import mesh_pb2

from mesh.link import LinkEvent, Packet, RadioState, Reason, Received, Refusal, Sent, Trouble
from mesh.radio.watch import WatchConfig
from mesh.virtual.framing import FrameReader, frame
from mesh.virtual.lines import PtyLine
from mesh.virtual.network import FIRST_NUMBER
from mesh.virtual.settings import VirtualSettings
from tests.contract.served_radios import HASTY, QUICK, RadioProcess, RadioThread, Watched
from tests.nodes import wait_for

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")


class EvilRadio:
    """A TCP radio written by hand: a proper handshake, then whatever the test says."""

    def __init__(self, *, handshake: bool = True, free: int = 16) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp:127.0.0.1:{self.listener.getsockname()[1]}"
        self.handshake, self.free, self.answers = handshake, free, True
        self.packets: list[int] = []
        self.clients: list[socket.socket] = []
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.clients.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        reader = FrameReader()
        with contextlib.suppress(OSError):
            while data := client.recv(4096):
                for body in reader.feed(data):
                    self._answer(client, mesh_pb2.ToRadio.FromString(body))

    def _answer(self, client: socket.socket, message: mesh_pb2.ToRadio) -> None:
        kind = message.WhichOneof("payload_variant")
        if kind == "want_config_id" and self.handshake:
            settings = VirtualSettings(FIRST_NUMBER, "Böse", "B")
            for part in settings.handshake(message.want_config_id):
                client.sendall(frame(part.SerializeToString()))
        if kind == "packet":
            self.packets.append(message.packet.id)
        if kind in ("packet", "heartbeat") and self.answers:
            self.status(client, message.packet.id)

    def status(self, client: socket.socket, packet_id: int) -> None:
        """Send a queueStatus."""
        status = mesh_pb2.QueueStatus(free=self.free, maxlen=16, mesh_packet_id=packet_id)
        client.sendall(frame(mesh_pb2.FromRadio(queueStatus=status).SerializeToString()))

    def close(self) -> None:
        """End it."""
        for item in (self.listener, *self.clients):
            item.close()


@pytest.fixture
def evil() -> Iterator[EvilRadio]:
    """A radio that will misbehave."""
    radio = EvilRadio()
    yield radio
    radio.close()


def test_killed_server_is_found_again() -> None:
    """The radio's process is killed and restarted: lost with a reason, connected again, usable."""
    first = RadioProcess()
    address = f"tcp:127.0.0.1:{first.ports[0]}"
    with Watched(address) as watched:
        watched.connected()
        first.kill()
        assert watched.lost().reason
        second = RadioProcess(first.ports[0])
        try:
            watched.connected()
            watched.link.send(Packet(b"wieder da", 5))
            sent = watched.wait(lambda e: isinstance(e, Sent))
            assert (sent.packet_id, sent.refusal) == (5, Refusal.NONE)
        finally:
            second.kill()


def test_cut_in_the_middle_of_a_frame(evil: EvilRadio) -> None:
    """Half a frame and the end of the line: a clean loss, and a clean new beginning."""
    with Watched(evil.address) as watched:
        watched.connected()
        body = mesh_pb2.FromRadio(config_complete_id=1).SerializeToString()
        evil.clients[0].sendall(frame(body)[:3])
        evil.clients[0].shutdown(socket.SHUT_RDWR)
        watched.lost()
        watched.connected()
        watched.link.send(Packet(b"x", 6))
        assert watched.wait(lambda e: isinstance(e, Sent)).refusal is Refusal.NONE


def test_garbage_on_the_line_costs_nothing(evil: EvilRadio) -> None:
    """Noise, console text and undecodable frames are skipped; no output, no loss."""
    printed = io.StringIO()
    rng = random.Random(4)
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        Watched(evil.address) as watched,
    ):
        watched.connected()
        line = evil.clients[0]
        line.sendall(b"ERROR | stack smashed\n" * 50 + b"\x94\x94\xc3\xff\xff")
        line.sendall(bytes(rng.choice(range(0x93)) for _ in range(5000)))
        for size in (0, 1, 40, 512):
            line.sendall(frame(rng.randbytes(size)))
        watched.link.send(Packet(b"x", 7))
        assert watched.wait(lambda e: isinstance(e, Sent)) == Sent(7, Refusal.NONE, 16)
    assert printed.getvalue() == ""


def test_full_queue_blocks_nobody(evil: EvilRadio) -> None:
    """free = 0: packets wait in the link, stopping still is prompt, room lets them go."""
    evil.free = 0
    with Watched(evil.address) as watched:
        watched.connected()
        watched.link.send(Packet(b"a", 1))  # taken, and the radio says: full
        watched.wait(lambda e: isinstance(e, Sent))
        watched.link.send(Packet(b"b", 2))
        evil.free = 3
        assert watched.wait(lambda e: isinstance(e, Sent)).packet_id == 2
        assert evil.packets == [1, 2]
        evil.free = 0
        watched.link.send(Packet(b"c", 3))
        watched.wait(lambda e: isinstance(e, Sent))
        watched.link.send(Packet(b"d", 4))
    assert watched.link.take_events()[0] == Sent(4, Refusal.DISCONNECTED)


def test_silent_radio_is_noticed(evil: EvilRadio) -> None:
    """The line stands but nobody answers: packets come back and the reason is told."""
    with Watched(evil.address, HASTY) as watched:
        watched.connected()
        evil.answers = False
        watched.link.send(Packet(b"x", 8))
        assert watched.wait(lambda e: isinstance(e, Sent)) == Sent(8, Refusal.DISCONNECTED)
        assert watched.lost().reason == Reason(Trouble.SILENT)
        evil.answers = True
        watched.connected()


def test_radio_that_never_finishes_its_handshake() -> None:
    """The attempt is given up and another follows, with threads that end."""
    evil = EvilRadio(handshake=False)
    config = WatchConfig(open_ms=1_000, backoff_first_ms=50, backoff_max_ms=50)
    with Watched(evil.address, config) as watched:
        for _ in range(2):
            watched.wait(_given_up(Reason(Trouble.NO_HANDSHAKE, evil.address)))
        evil.handshake = True
        watched.connected()
    evil.close()


def _given_up(reason: Reason) -> Callable[[LinkEvent], bool]:
    return lambda event: isinstance(event, RadioState) and event.reason == reason


def test_second_client_steals_the_radio() -> None:
    """A phone app that connects throws us out; we come back when it is gone."""
    with RadioThread() as radios, Watched(radios.address(0)) as watched:
        watched.connected()
        port = radios.server.ports[FIRST_NUMBER]
        with socket.create_connection(("127.0.0.1", port)):
            watched.lost()
        watched.connected()


@posix_only
def test_closed_terminal_is_noticed_and_found_again() -> None:
    """The USB plug is pulled and put back: the same link name leads to the new device."""
    with (
        RadioThread(pty=True) as radios,
        Watched(radios.address(0)) as watched,
    ):
        assert radios.address(0) == f"serial:{radios.folder / 'funk1'}"
        watched.connected()
        station = radios.server._by_number(FIRST_NUMBER)
        (line,) = [line for line in station.lines if isinstance(line, PtyLine)]
        radios.call(line.close())
        assert watched.lost().reason
        radios.call(line.open())
        watched.connected()


def test_radio_restarts_after_a_change_of_settings() -> None:
    """Admin messages reach the radio, it restarts, and the link reports the new preset."""
    from meshtastic.protobuf import admin_pb2

    with RadioThread() as radios, Watched(radios.address(0)) as watched:
        watched.connected()
        request = admin_pb2.AdminMessage()
        request.set_config.lora.ParseFromString(watched.meshtastic.sections()["lora"])
        request.set_config.lora.modem_preset = 4
        (packet_id,) = watched.meshtastic.configure([request.SerializeToString()])
        assert watched.wait(lambda e: isinstance(e, Sent)).packet_id == packet_id
        watched.lost()
        assert watched.connected().preset == "MEDIUM_FAST"


def test_library_leaves_the_process_alone() -> None:
    """No output, the global random generator untouched, no thread left when stopped."""
    before = {thread.name for thread in threading.enumerate()}
    random.seed(99)
    expected = random.Random(99).random()
    printed = io.StringIO()
    with RadioThread() as radios, contextlib.redirect_stdout(printed):
        with Watched(radios.address(0)) as one, Watched(radios.address(1)) as two:
            one.connected()
            two.connected()
            one.link.send(Packet(b"hallo", 11))
            two.wait(lambda e: isinstance(e, Received))
        assert random.random() == expected
    assert printed.getvalue() == ""
    for thread in threading.enumerate():
        if thread.name not in before and thread.name != "publishing":
            thread.join(10)
            assert not thread.is_alive(), thread.name


def test_exit_and_hang_of_the_library_are_contained(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library calls sys.exit, then hangs for ever: reasons are told, stopping is prompt."""
    from mesh.radio import client as radio_client

    calls = []
    release = threading.Event()

    def misbehave(self: object) -> None:
        calls.append(1)
        if len(calls) == 1:
            sys.exit(1)
        release.wait(30)

    monkeypatch.setattr(radio_client.RadioClient, "open", misbehave)
    config = WatchConfig(open_ms=100, backoff_first_ms=10, backoff_max_ms=10)
    with Watched("tcp:127.0.0.1:9", config) as watched:
        watched.lost()
        watched.lost()
        stuck = watched.wait(lambda e: getattr(e, "reason", None) == Reason(Trouble.STUCK))
        assert not stuck.connected
        wait_for(lambda: len(calls) >= 5)
        assert len(calls) == 5  # one exit and at most four that hang
    release.set()


@posix_only
def test_missing_and_occupied_devices_are_named(tmp_path: Path) -> None:
    """A device that is not there and a port that nobody serves are told apart."""
    with Watched(f"serial:{tmp_path}/fehlt", QUICK) as watched:
        watched.lost()
        missing = Reason(Trouble.NO_DEVICE, f"{tmp_path}/fehlt", "FileNotFoundError")
        assert watched.lost().reason == missing
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        address = f"tcp:127.0.0.1:{taken.getsockname()[1]}"
        with Watched(address, QUICK) as watched:
            watched.lost()
            reason = watched.lost().reason
            assert reason is not None
            assert (reason.trouble, reason.about) == (Trouble.NO_ANSWER, address)


def test_idle_client_is_dropped_by_the_radio() -> None:
    """Who is silent for the idle timeout loses the connection."""
    with RadioThread(idle_timeout_s=0.3) as radios:
        port = radios.server.ports[FIRST_NUMBER]
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            assert client.recv(10) == b""


def test_server_needs_a_positive_speed() -> None:
    """A clock that stands still is refused."""
    with pytest.raises(ValueError, match="speed"):
        RadioThread(speed=0).__enter__()


def test_pty_line_without_link_has_a_device_name() -> None:
    """The terminal's own name is offered."""
    if sys.platform == "win32":
        pytest.skip("no pseudo-terminals on Windows")

    async def run() -> str:
        line = PtyLine(None, lambda *_: None, lambda *_: None)
        await line.open()
        try:
            return line.device
        finally:
            await line.close()

    assert Path(asyncio.run(run())).name.isdigit()
