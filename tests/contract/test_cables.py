# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happens to cables: real pseudo-terminals, the real client library, and a radio that lives.

One air with two radios serves all tests here, and one link most of them: each test finds it
connected and leaves it so.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading
import tty
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from meshtastic.protobuf import mesh_pb2
from serial import serialposix

from hardware.ports import PortKind, SerialPort
from lage.cli import cli
from mesh.link import Packet, RadioState, Reason, Refusal, Sent, Trouble
from mesh.radio import client as radio_client
from mesh.radio.plug import Plug
from mesh.radio.reader import RadioReport
from mesh.radio.supervisor import MeshtasticLink
from mesh.radio.watch import WatchConfig
from mesh.virtual.framing import frame
from mesh.virtual.lines import PtyLine
from mesh.virtual.network import FIRST_NUMBER
from tests.contract.served_radios import QUICK, RadioThread, Watched

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")


@pytest.fixture(scope="module")
def radios() -> Iterator[RadioThread]:
    """Two radios on pseudo-terminals."""
    with RadioThread(pty=True) as served:
        yield served


@pytest.fixture(scope="module")
def watched(radios: RadioThread) -> Iterator[Watched]:
    """A link to the first radio that looks after its threads often."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("mesh.radio.supervisor.LOOK_S", 0.1)
        patched.setattr("mesh.radio.supervisor.FAULT_S", 0.05)
        with Watched(radios.address(0), WatchConfig(answer_ms=1_500, backoff_first_ms=50)) as link:
            link.connected()
            yield link


def line_of(radios: RadioThread, index: int = 0) -> PtyLine:
    """The cable of a radio."""
    station = radios.server._by_number(FIRST_NUMBER + index)
    return next(line for line in station.lines if isinstance(line, PtyLine))


def answer(watched: Watched) -> tuple[int, Refusal]:
    """The next answer to a packet."""
    sent = watched.wait(lambda event: isinstance(event, Sent))
    return sent.packet_id, sent.refusal


class Ports:
    """USB ports that tests plug radios into; every chip is of the same make, without a number."""

    def __init__(self, radios: RadioThread, folder: Path) -> None:
        self.radios, self.folder = radios, folder

    def plug_in(self, name: str, index: int) -> None:
        """The radio appears under that name."""
        (self.folder / name).symlink_to(self.radios.folder / f"funk{index + 1}")

    def list(self) -> list[Plug]:
        """As the system lists them."""
        return [Plug(str(path), 0x10C4, 0xEA60) for path in sorted(self.folder.iterdir())]


def test_a_radio_that_comes_back_under_another_name(radios: RadioThread, tmp_path: Path) -> None:
    """It is found again by its chip and its number; another radio of the same make is left alone,
    and so is one of another staff that was there first."""
    ports = Ports(radios, tmp_path)
    ports.plug_in("ttyUSB0", 0)
    usb = Watched(f"serial:{tmp_path}/ttyUSB0")
    usb.meshtastic = usb.link = MeshtasticLink(
        f"serial:{tmp_path}/ttyUSB0",
        config=replace(QUICK, backoff_first_ms=50, backoff_max_ms=50),
        on_events=usb.arrived.set,
        plugs=ports.list,
    )
    with usb:
        first = usb.connected()
        assert (first.number, first.at, first.plug) == (FIRST_NUMBER, None, (0x10C4, 0xEA60, ""))
        (tmp_path / "ttyUSB0").unlink()
        ports.plug_in("ttyUSB1", 1)  # somebody else's
        radios.call(line_of(radios).close())
        another = Reason(Trouble.ANOTHER, f"serial:{tmp_path}/ttyUSB1")
        usb.wait(lambda e: isinstance(e, RadioState) and e.reason == another)
        usb.wait(
            lambda e: isinstance(e, RadioState) and e.reason is not None
            and e.reason.trouble is Trouble.NO_DEVICE
        )  # fmt: skip
        radios.call(line_of(radios).open())
        ports.plug_in("ttyUSB2", 0)
        back = usb.connected()
    assert (back.number, back.at) == (FIRST_NUMBER, f"serial:{tmp_path}/ttyUSB2")
    assert back.address == first.address


def test_a_radio_that_dies_in_the_middle_of_a_send(
    radios: RadioThread, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cable goes dead with the packet on it: given back, and taken when it is there again."""
    line, phone = line_of(radios), radios.server.phone(FIRST_NUMBER)
    receive = phone.receive

    def die(body: bytes, now: int) -> None:
        if mesh_pb2.ToRadio.FromString(body).HasField("packet"):
            radios.loop.create_task(line.close())
        else:
            receive(body, now)

    monkeypatch.setattr(phone, "receive", die)
    watched.link.send(Packet(b"mitten im Senden", 77))
    assert answer(watched) == (77, Refusal.DISCONNECTED)
    assert watched.lost().reason
    monkeypatch.undo()
    radios.call(line.open())
    watched.connected()
    watched.link.send(Packet(b"mitten im Senden", 77))
    assert answer(watched) == (77, Refusal.NONE)


LEADER = """
import sys, time
from mesh.link import Reason, Trouble
from mesh.radio.supervisor import MeshtasticLink

link = MeshtasticLink("serial:" + sys.argv[1])
link.start()
gone = []
while not gone:
    time.sleep(0.02)
    gone = [e for e in link.take_events() if e.reason != Reason(Trouble.CONNECTING)]
"""


def test_unplugging_does_not_end_a_process_that_leads_its_session() -> None:
    """As the node of ``lage start`` and every service does: the port is not its terminal."""
    master, slave = os.openpty()
    command = [sys.executable, "-c", LEADER, os.ttyname(slave)]
    with subprocess.Popen(command, start_new_session=True) as leader:
        os.read(master, 1)  # it is connected, and asks
        os.close(slave)
        os.close(master)
        try:
            assert leader.wait(60) == 0
        finally:
            leader.kill()


def test_half_a_frame_on_a_serial_line(radios: RadioThread, watched: Watched) -> None:
    """The rest never comes, so the answer that follows is swallowed: the link asks and finds back
    without losing the connection."""
    radios.do(lambda: line_of(radios).write(frame(bytes(16))[:12]))
    before = len(watched.events)
    watched.link.send(Packet(b"danach", 78))
    assert answer(watched) == (78, Refusal.NONE)
    states = [event for event in watched.events[before:] if isinstance(event, RadioState)]
    assert all(state.connected for state in states)


def test_a_port_where_nobody_answers() -> None:
    """A GPS mouse, a dead board: said as such, tried again, and stopping is prompt."""
    master, slave = os.openpty()
    tty.setraw(slave)
    config = WatchConfig(open_ms=500, backoff_first_ms=50, backoff_max_ms=50)
    with Watched(f"serial:{os.ttyname(slave)}", config) as watched:
        watched.lost()
        reason = watched.lost().reason
        assert reason is not None
        assert reason.trouble is Trouble.NO_HANDSHAKE
    os.close(master)
    os.close(slave)


def test_searching_asks_every_port_where_a_radio_may_be(
    radios: RadioThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The radio by name, a missing one with what to do, a GPS mouse left alone; or only a list."""
    radio = radios.address(1).removeprefix("serial:")
    ports = [
        SerialPort(radio, PortKind.RADIO, "RAK4631", 0x239A, 0x8029),
        SerialPort(str(tmp_path / "weg"), PortKind.MAYBE_RADIO, "CP210x", 0x10C4, 0xEA60),
        SerialPort("/dev/ttyGPS", PortKind.GPS, "u-blox", 0x1546, 0x01A8),
    ]
    monkeypatch.setattr("lage.cli.radio_search.find_ports", lambda: ports)
    call = ["--daten", str(tmp_path), "funk", "suchen"]
    told = CliRunner().invoke(cli, [*call, "--json"], catch_exceptions=False)
    found, gone, mouse = json.loads(told.stdout)
    assert (found["funkgeraet"]["name"], found["antwortet"]) == ("SAE Rheine", True)
    assert (gone["antwortet"], gone["gefragt"], mouse["gefragt"]) == (False, True, False)
    assert "angesteckt" in gone["grund"]

    waiting = RadioState(connected=False, address="x", reason=Reason(Trouble.CONNECTING))
    monkeypatch.setattr(
        "lage.cli.radio_search._ask",
        lambda asked, _: dict.fromkeys(asked, waiting),
    )
    silent = CliRunner().invoke(cli, call, catch_exceptions=False)
    assert "eingeschaltet" in silent.output
    listed = CliRunner().invoke(cli, [*call, "--nur-liste"], catch_exceptions=False)
    assert "eingeschaltet" not in listed.output
    assert f"serial:{radio}" in "".join(listed.output.split())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_threads_of_the_library_that_die(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader dies without a word, then the library exits while writing: each time the loss is
    noticed, the port is freed, and the next attempt succeeds."""
    with monkeypatch.context() as patched:
        patched.setattr(radio_client._Fenced, "_disconnected", lambda _: None)
        for thread in threading.enumerate():
            if thread.name == "stream reader":
                ident = ctypes.c_ulong(thread.ident or 0)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(SystemExit))
        assert watched.lost().reason == Reason(Trouble.BROKEN)
    watched.connected()

    def exit_in_write(self: object, data: bytes) -> int:
        monkeypatch.undo()
        sys.exit(3)

    monkeypatch.setattr(serialposix.Serial, "write", exit_in_write)
    watched.link.send(Packet(b"x", 79))
    assert answer(watched) == (79, Refusal.DISCONNECTED)
    watched.connected()


def test_a_fault_of_our_own_does_not_end_the_link(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a radio says that we stumble over: begun anew, what was handed in is answered."""
    read = RadioReport.read

    def stumble(self: RadioReport, body: bytes) -> Any:
        if mesh_pb2.FromRadio.FromString(body).HasField("queueStatus"):
            monkeypatch.setattr(RadioReport, "read", read)
            raise ZeroDivisionError
        return read(self, body)

    monkeypatch.setattr(RadioReport, "read", stumble)
    watched.link.send(Packet(b"x", 80))
    assert answer(watched) == (80, Refusal.DISCONNECTED)
    watched.connected()
    assert "the radio link failed" in caplog.text
