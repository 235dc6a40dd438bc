# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Three laptops on a switch: real processes in networks of their own, with loss, cuts, SIGKILL."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lage.kinds.setting import LAN
from lage.station import Station
from tests.fixtures import make_county, picture
from tests.nodes import report, same, wait_for

NAMES = ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"]


def ip(*words: str) -> None:
    """One command of iproute2."""
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _namespaces() -> bool:
    if sys.platform != "linux" or os.geteuid() or not shutil.which("ip") or not shutil.which("tc"):
        return False
    name = f"lage{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return made.returncode == 0


pytestmark = pytest.mark.skipif(not _namespaces(), reason="no network namespaces here")


class Laptop:
    """A node's process in a network of its own, on the switch by one cable."""

    def __init__(self, station: Station, place: int, switch: str) -> None:
        self.station, self.space = station, f"{switch}n{place}"
        self._cable, self._switch = f"{switch}v{place}", switch
        self._process: subprocess.Popen[bytes] | None = None
        ip("netns", "add", self.space)
        ip("-n", switch, "link", "add", self._cable, "type", "veth", "peer", "name", "eth0",
           "netns", self.space)  # fmt: skip
        ip("-n", switch, "link", "set", self._cable, "master", "br0", "up")
        ip("-n", self.space, "addr", "add", f"10.77.0.{place}/24", "dev", "eth0")
        ip("-n", self.space, "link", "set", "eth0", "up")
        ip("-n", self.space, "route", "add", "224.0.0.0/4", "dev", "eth0")
        station.keep(LAN, {"listen": "*:4411", "find": True})

    def start(self) -> None:
        """Begin; on its own the node finds the others."""
        command = [sys.executable, "-m", "lage", "--daten", str(self.station.folder)]
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", self.space, *command, "knoten", "starten"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """As a battery that is pulled."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def spoil(self) -> None:
        """From now on the cable carries 128 kbit/s, and what does not fit in 20 ms is lost."""
        words = ["dev", self._cable, "root", "tbf", "rate", "128kbit", "burst", "3kb"]
        ip("netns", "exec", self._switch, "tc", "qdisc", "add", *words, "latency", "20ms")

    def cut(self, *, mended: bool = False) -> None:
        """Pull the cable, or plug it in again."""
        ip("-n", self._switch, "link", "set", self._cable, "up" if mended else "down")


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[list[Laptop]]:
    """Three staffs on a switch."""
    switch = f"lg{os.getpid()}"
    with ExitStack() as stack:
        ip("netns", "add", switch)
        stack.callback(ip, "netns", "del", switch)
        ip("-n", switch, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        ip("-n", switch, "link", "set", "br0", "up")
        found = []
        for place, station in enumerate(make_county(tmp_path, NAMES).values(), 1):
            laptop = Laptop(station, place, switch)
            stack.callback(ip, "netns", "del", laptop.space)
            stack.callback(laptop.kill)
            stack.callback(station.close)
            found.append(laptop)
        yield found


def test_a_bad_switch_a_pulled_cable_and_a_dead_battery(laptops: list[Laptop]) -> None:
    """They find each other, and whatever happens to cable and process, all end with one log."""
    stations = [laptop.station for laptop in laptops]
    for laptop in laptops:
        laptop.start()
    report(stations[0], "eins")
    wait_for(lambda: same(stations))
    for laptop in laptops:
        laptop.spoil()
    for number in range(20):
        report(stations[number % 3], f"im Sturm {number}")
    laptops[1].cut()
    for number in range(60):
        report(stations[0], f"Rheine ist weg {number}")
    laptops[2].kill()  # in the middle of it
    report(stations[1], "Rheine ist allein")
    laptops[2].start()
    laptops[1].cut(mended=True)
    wait_for(lambda: same(stations))
    pictures = [picture(station.store) for station in stations]
    assert pictures[0] == pictures[1] == pictures[2]
    assert len(pictures[0]["incident"]) == 82
