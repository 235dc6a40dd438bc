# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Real node processes whose radio is pulled out, killed, put back, or talks nonsense."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from lage.exercise.script.read import read_script
from lage.exercise.stage import set_stage
from lage.exercise.troupe import log_digest, picture_digest
from lage.kinds.model import Query
from lage.station import Station
from mesh.virtual.framing import frame
from mesh.virtual.lines import PtyLine
from mesh.virtual.phone import VirtualPhone
from tests.contract.served_radios import RadioThread
from tests.e2e.conftest import EMPTY_SCRIPT, TIMEOUT_S, lage, wait_for

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")
SPEED = 60.0


@contextmanager
def node(folder: Path, radio: str) -> Iterator[subprocess.Popen[bytes]]:
    """A node at work; at the end it must still be, stop when asked, and have complained of nothing.

    What the client library prints about a broken line is none of the user's business.
    """
    said = folder.with_suffix(".log")
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "lage", "--daten", str(folder), "knoten", "starten",
             "--radio", radio],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield process
        assert process.poll() is None
    finally:
        process.terminate()
        code = process.wait(TIMEOUT_S)
    assert (code, len(said.read_text("utf8").splitlines())) == (0, 1)


@contextmanager
def two_staffs(folder: Path) -> Iterator[list[Station]]:
    """Krisenstab and SAE Rheine of one exercise, without radios yet."""
    (folder / "drehbuch.yaml").write_text(EMPTY_SCRIPT, "utf8")
    folders, _ = set_stage(folder, read_script(folder / "drehbuch.yaml"), SPEED, time.time)
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Station.open(place))) for place in folders.values()]


@contextmanager
def on_serial_lines(folder: Path) -> Iterator[tuple[RadioThread, Station, Station]]:
    """Both staffs with a running node each, connected to a radio on a serial line."""
    with (
        two_staffs(folder) as (staff, town),
        RadioThread(pty=True, speed=SPEED, network=staff.network_keys) as radios,
        node(staff.folder, radios.address(0)),
        node(town.folder, radios.address(1)),
    ):
        wait_for(lambda: staff.radio().connected and town.radio().connected)
        yield radios, staff, town


def send(station: Station, text: str) -> None:
    """Write an urgent message in a process of its own."""
    lage("nachricht", "senden", "--vorrang", "sofort", text, folder=station.folder)


def messages(station: Station) -> list[str]:
    """Texts of all messages that this staff sees, oldest first."""
    rows = station.reader.select(Query("message", order="entered", descending=False))
    return [str(row.values["text"]) for row in rows]


@posix_only
def test_radio_pulled_out_and_put_back(tmp_path: Path) -> None:
    """On a serial line: the node says so and goes on; what was written meanwhile is sent then."""
    with on_serial_lines(tmp_path) as (radios, staff, town):
        send(staff, "Über die serielle Leitung")
        wait_for(lambda: messages(town) == ["Über die serielle Leitung"])

        radios.pull_out()
        wait_for(lambda: not (staff.radio().connected or town.radio().connected))
        send(staff, "Während der Trennung")
        shown = staff.radio()
        assert (shown.running, shown.connected, shown.unsent) == (True, False, 1)
        assert shown.reason
        wait_for(lambda: "angesteckt" in (staff.radio().reason or ""))

        radios.plug_in()
        wait_for(lambda: len(messages(town)) == 2)
        wait_for(lambda: staff.unsent() == 0)
        assert log_digest(staff) == log_digest(town)
        assert picture_digest(staff) == picture_digest(town)


@posix_only
def test_garbage_on_the_serial_line_of_a_node(tmp_path: Path) -> None:
    """Noise, console text, undecodable frames: nothing false is shown, and messages still pass."""
    rng = random.Random(7)
    noise = [
        b"ERROR | stack smashed\r\n" * 50,
        b"\x94\xc3\xff\xff",
        b"\x94" * 600,
        rng.randbytes(20_000),
    ]
    noise += [frame(rng.randbytes(size)) for size in (0, 1, 40, 300, 512)]
    with on_serial_lines(tmp_path) as (radios, staff, town):
        line = next(i for i in radios.server._stations[1].lines if isinstance(i, PtyLine))
        before = log_digest(town)
        for piece in noise:
            radios.do(partial(line.write, piece))
        assert log_digest(town) == before
        send(staff, "Trotz allem")
        send(town, "Auch zurück")

        wait_for(
            lambda: (
                sorted(messages(town)) == sorted(messages(staff)) == ["Auch zurück", "Trotz allem"]
            )
        )
        assert log_digest(staff) == log_digest(town)


def test_keys_change_on_two_nodes_and_their_radios(tmp_path: Path) -> None:
    """Both nodes and both radios are on the new channel at the stated time, without a restart, and
    what is written before and after arrives."""
    with (
        two_staffs(tmp_path) as (staff, town),
        RadioThread(speed=SPEED, network=staff.network_keys) as radios,
    ):
        phones = [radios.server.phone(number) for number in sorted(radios.server.ports)]
        network = staff.network_keys

        def epochs() -> list[int]:
            return [station.radio().key_epoch for station in (staff, town)]

        def keys_of(phone: VirtualPhone) -> list[bytes]:
            return [c.settings.psk for c in phone.settings.channels if c.role]

        with (
            node(staff.folder, radios.address(0)),
            node(town.folder, radios.address(1)),
        ):
            wait_for(lambda: staff.radio().connected and town.radio().connected)
            send(staff, "Vor dem Wechsel")
            wait_for(lambda: messages(town) == ["Vor dem Wechsel"])
            passphrase = (tmp_path / "kennwort.txt").read_text("utf8").strip()
            told = json.loads(
                lage("kreis", "schluesselwechsel", "--in", "3", "--kennwort", passphrase,
                     "--nach", str(tmp_path), "--json", folder=staff.folder)
            )  # fmt: skip
            assert len(told["mitglieder"]) == 2
            wait_for(lambda: all(len(keys_of(phone)) == 2 for phone in phones))
            wait_for(lambda: epochs() == [1, 1])

            def turned() -> bool:  # the new key before the old one, the same on both
                first, second = (keys_of(phone) for phone in phones)
                return first == second and first[1:] == [network.channel_key]

            wait_for(turned)
            send(town, "Danach")
            wait_for(lambda: "Danach" in messages(staff))
            assert not staff.radio().keys_refused


def test_killed_radio_process_is_found_again(tmp_path: Path) -> None:
    """Over TCP: kill -9 of the radios, a restart on the same port; the node sends what waited."""
    report = tmp_path / "luft.json"

    def radios(port: int, folder: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "lage", "--daten", str(folder), "funk", "simulieren",
             "--knoten", "1", "--port", str(port), "--tempo", str(SPEED), "--eingerichtet",
             "--bericht", str(report)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    with two_staffs(tmp_path) as (staff, _):
        air = radios(0, staff.folder)
        try:
            wait_for(report.exists)
            port = json.loads(report.read_text("utf8"))["radios"][0]["port"]
            with node(staff.folder, f"tcp:127.0.0.1:{port}"):
                wait_for(lambda: staff.radio().connected)
                air.kill()
                air.wait()
                wait_for(lambda: not staff.radio().connected)
                send(staff, "Niemand hört")
                assert staff.unsent() == 1
                os.unlink(report)
                air = radios(port, staff.folder)
                wait_for(lambda: staff.radio().connected and staff.unsent() == 0)
                wait_for(lambda: report.exists() and json.loads(report.read_text())["packets"] > 0)
        finally:
            air.kill()
            air.wait()
