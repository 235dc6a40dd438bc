# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The official Meshtastic command line and library against our virtual radios.

The command line runs as a process of its own, over TCP and a pseudo-terminal, as a user would.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from meshtastic.protobuf import config_pb2

from mesh.virtual.network import FIRST_NUMBER
from mesh.virtual.settings import node_id
from tests.contract.served_radios import RadioThread
from tests.e2e.conftest import TIMEOUT_S

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")

CLIENT_RACE = re.compile(
    r"ERROR file:tcp_interface\.py _writeBytes line:\d+ Socket send error, reconnecting: "
    r"\[Errno 32\] Broken pipe\n"
    r"ERROR file:stream_interface\.py __reader line:\d+ Error while handling message from radio "
    r"\[Errno 32\] Broken pipe\n"
    r"Traceback \(most recent call last\):\n(?:  .*\n)*?.*in _startHeartbeat\n(?:  .*\n)*"
    r"BrokenPipeError: \[Errno 32\] Broken pipe\n"
)
"""The client closes while its reader thread still sends the first heartbeat: its own race."""


@pytest.fixture(scope="module")
def radios() -> Iterator[RadioThread]:
    """Two radios on TCP that have heard each other."""
    with RadioThread() as served:
        nodes = served.server.phone(FIRST_NUMBER).settings.nodes
        pause = threading.Event()
        for _ in range(400):
            if served.do(lambda: FIRST_NUMBER + 1 in nodes):
                break
            pause.wait(0.05)
        yield served


def run(*arguments: str) -> str:
    """Run the command line; it must succeed without error output."""
    done = subprocess.run(
        [sys.executable, "-m", "meshtastic", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert CLIENT_RACE.sub("", done.stderr, count=1) == ""
    assert "Traceback" not in done.stdout
    return done.stdout


def host(radios: RadioThread) -> tuple[str, str]:
    """How to name the first radio on the command line."""
    return "--host", f"localhost:{radios.server.ports[FIRST_NUMBER]}"


def test_info(radios: RadioThread) -> None:
    """Owner, number, firmware and preferences are shown."""
    output = run(*host(radios), "--info")
    assert "Owner: Krisenstab (F1)" in output
    assert str(FIRST_NUMBER) in output
    assert "2.7.26.54e0d8d" in output
    assert '"region": "EU_868"' in output
    assert "Primary channel URL" in output


def test_nodes_shows_who_was_heard_on_the_air(radios: RadioThread) -> None:
    """The other radio's name came by its node info."""
    output = run(*host(radios), "--nodes")
    assert "SAE Rheine" in output
    assert node_id(FIRST_NUMBER + 1) in output


def test_broadcast_is_acknowledged_by_a_relay(radios: RadioThread) -> None:
    """--sendtext --ack gets the implicit acknowledgement."""
    assert "implicit ACK" in run(*host(radios), "--sendtext", "Hallo", "--ack")


def test_direct_message_is_acknowledged_by_its_destination(radios: RadioThread) -> None:
    """The acknowledgement crossed the air as a packet of the other radio."""
    sent = radios.do(lambda: radios.server.statistics()["radios"][1]["counters"]["tx_own"])
    to = node_id(FIRST_NUMBER + 1)
    assert "Received an ACK." in run(*host(radios), "--dest", to, "--sendtext", "Hallo", "--ack")
    now = radios.do(lambda: radios.server.statistics()["radios"][1]["counters"]["tx_own"])
    assert now > sent


def test_nobody_there_is_told_after_the_last_try() -> None:
    """A radio alone: MAX_RETRANSMIT, as the firmware reports it."""
    with RadioThread(names=("Allein",), speed=60.0) as lonely:
        output = run(*host(lonely), "--sendtext", "Hallo", "--ack")
    assert "NAK, error reason: MAX_RETRANSMIT" in output


def until(served: RadioThread, done: Callable[[], bool], *arguments: str) -> None:
    """Run the command until its effect is there: a client that closes right after sending may
    lose its packet."""
    pause = threading.Event()
    for _ in range(6):
        run(*host(served), *arguments)
        for _ in range(40):
            if served.do(done):
                return
            pause.wait(0.05)
    raise AssertionError(f"{arguments} had no effect")


def test_settings_owner_and_channel_can_be_changed() -> None:
    """A new preset restarts the radio; afterwards all changes are there."""
    with RadioThread() as served:
        station = served.server._by_number(FIRST_NUMBER)
        settings = station.phone.settings

        def restarted() -> bool:
            return station.restarts > 0 and station.down is None

        until(served, restarted, "--set", "lora.modem_preset", "MEDIUM_FAST")
        user = settings.own.user
        until(served, lambda: user.long_name == "SAE Greven", "--set-owner", "SAE Greven")
        channel_arguments = ("--ch-set", "name", "lage", "--ch-set", "psk", "random")
        until(
            served,
            lambda: settings.channels[0].settings.name == "lage",
            *channel_arguments,
            "--ch-index",
            "0",
        )
        output = run(*host(served), "--info")
    assert "Owner: SAE Greven" in output
    assert '"name": "lage"' in output
    assert settings.lora.modem_preset == config_pb2.Config.LoRaConfig.MEDIUM_FAST
    assert len(settings.channels[0].settings.psk) == 32


@POSIX_ONLY
def test_serial_interface_on_a_pseudo_terminal() -> None:
    """The library's SerialInterface connects, knows itself and sends."""
    from meshtastic.serial_interface import SerialInterface

    with RadioThread(pty=True) as served:
        device = served.server.devices[FIRST_NUMBER]
        interface = SerialInterface(device, timeout=30)
        try:
            assert interface.myInfo.my_node_num == FIRST_NUMBER
            assert interface.getLongName() == "Krisenstab"
            interface.sendData(b"seriell", portNum=256)
        finally:
            interface.close()
        assert "Owner: Krisenstab (F1)" in run("--port", device, "--info")
        sent = served.do(lambda: served.server.statistics()["radios"][0]["counters"]["tx_own"])
    assert sent >= 1
