# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The running node and a disk that refuses: it goes on, and catches up when there is room."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lage.kinds.model import Draft
from lage.kinds.setting import AIRTIME, RADIO_ADDRESS
from lage.language.errors import StoreError
from lage.node.loop import Loop
from lage.node.process import Node
from lage.node.report import AHEAD_MS
from lage.station import Station
from lage.store import Local
from lage.store.timebase import Timebase, write_timebase
from mesh.airtime import LONG_FAST, payload_airtime_ms
from mesh.firmware import RELIABLE_SENDS
from mesh.link import LinkEvent, Packet, RadioState, Reason, Refusal, Sent, Trouble
from sync.replica.engine import Engine
from sync.schema.urgency import Urgency
from sync.wire.frames import Runs, Seal
from sync.wire.packet import decode
from tests.e2e.conftest import wait_for
from tests.fixtures import make_county, replicate

AHEAD_FEW_MS = 18_000
"""Airtime booked ahead where a test shall see the end of it."""


class WillingRadio:
    """A link that takes every packet at once."""

    def __init__(self) -> None:
        self.sent = threading.Semaphore(0)
        self.airtime_ms = 0
        self.payloads: list[bytes] = []
        self._events: list[LinkEvent] = [RadioState(connected=True, address="probe")]

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    def send(self, packet: Packet) -> None:
        """Take it."""
        self._events.append(Sent(packet.id, Refusal.NONE))
        self.payloads.append(packet.payload)
        sends = RELIABLE_SENDS if packet.want_ack else 1  # no relay is ever heard
        self.airtime_ms += sends * payload_airtime_ms(LONG_FAST, len(packet.payload))
        self.sent.release()

    def take_events(self) -> list[LinkEvent]:
        """What happened since the last call."""
        events, self._events = self._events, []
        return events


def hurried(folder: Path) -> Station:
    """A station whose time passes a hundred times as fast, so that nobody waits for the air."""
    station = make_county(folder, ["SAE Rheine"], exercise=True)["SAE Rheine"]
    now = time.time()
    write_timebase(station.folder, Timebase(now, now, 100.0))
    return station


@contextmanager
def running(folder: Path, link: WillingRadio) -> Iterator[None]:
    """A node at work in a thread."""
    stop = threading.Event()
    node = Node(folder, None, link=link)
    thread = threading.Thread(target=node.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        node.wake()
        thread.join()


def test_full_disk_does_not_stop_the_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When nothing can be saved any more the node still sends what airtime it has booked ahead, and
    no more: a restart counts all of it. When there is room again the rest goes out."""
    station = hurried(tmp_path)
    monkeypatch.setattr("lage.node.report.AHEAD_MS", AHEAD_FEW_MS)
    room, refused = threading.Event(), threading.Event()
    room.set()

    def keep(local: Local, key: str, value: Any) -> None:
        if not room.is_set():
            refused.set()
            raise StoreError("voll")
        really_keep(local, key, value)

    really_keep = Local.keep
    monkeypatch.setattr(Local, "keep", keep)
    link = WillingRadio()
    with running(station.folder, link):
        wait_for(lambda: booked_ms(station) == AHEAD_FEW_MS)
        room.clear()
        for number in range(10):
            text = f"Deich {number} " + "hält " * 60
            draft = Draft(
                "message", {"text": text, "priority": "sofort"}, urgency=Urgency.IMMEDIATE
            )
            station.write([draft])
        assert link.sent.acquire(timeout=30)
        assert refused.wait(30)
        wait_for(lambda: link.airtime_ms > AHEAD_FEW_MS - 7_000)
        assert link.airtime_ms <= AHEAD_FEW_MS == booked_ms(station)
        assert station.unsent() >= 6
        room.set()
        wait_for(lambda: station.unsent() == 0)
    assert booked_ms(station) >= link.airtime_ms > AHEAD_FEW_MS  # exactly what was sent: none ahead
    assert booked_ms(station) < link.airtime_ms + AHEAD_FEW_MS
    station.close()


def test_what_cannot_be_booked_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that starts on a full disk keeps quiet until its account of airtime can be saved."""
    station = hurried(tmp_path)
    station.write(
        [
            Draft(
                "message",
                {"text": "Deich hält", "priority": "sofort"},
                urgency=Urgency.IMMEDIATE,
            )
        ]
    )
    room, refused = threading.Event(), threading.Event()

    def keep(local: Local, key: str, value: Any) -> None:
        if not room.is_set():
            refused.set()
            raise StoreError("voll")
        really_keep(local, key, value)

    really_keep = Local.keep
    monkeypatch.setattr(Local, "keep", keep)
    link = WillingRadio()
    with running(station.folder, link):
        assert refused.wait(30)
        assert not link.sent.acquire(timeout=0.5)
        room.set()
        assert link.sent.acquire(timeout=30)
    station.close()


def test_what_another_process_stores_goes_on_the_air(tmp_path: Path) -> None:
    """Entries of another staff that come by a stick or a bridge are flooded by the running node."""
    names = ["SAE Rheine", "SAE Greven"]
    rheine, greven = make_county(tmp_path, names, exercise=True).values()
    now = time.time()
    write_timebase(rheine.folder, Timebase(now, now, 100.0))
    network = rheine.network_keys
    seal = Seal(network.network_id, network.network_key)
    link = WillingRadio()

    def authors() -> set[int]:
        contents = [decode(payload, seal) for payload in link.payloads]
        return {run.author for each in contents if isinstance(each, Runs) for run in each.runs}

    with running(rheine.folder, link):
        wait_for(lambda: booked_ms(rheine) == AHEAD_MS)
        greven.write([Draft("journal", {"text": "auf dem Stick"})])
        replicate(greven.store.log, rheine.store.log)
        wait_for(lambda: 2 in authors())
    rheine.close()
    greven.close()


def booked_ms(station: Station) -> int:
    """Airtime that a restart would count."""
    return sum(cost for _, cost, _ in station.setting(AIRTIME))


def test_radio_that_was_away_compares_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a minute without radio, or with one that does not send; not after a short loss. Until
    it answers it is told by its address: a screen that knows none asks which radio it shall be."""
    station = make_county(tmp_path, ["SAE Rheine"], exercise=True)["SAE Rheine"]
    station.keep(RADIO_ADDRESS, "probe")
    waiting = WillingRadio()
    waiting.take_events()  # so that it says nothing by itself
    first = Loop(station, waiting, random.Random(1))
    first.turn()
    assert (station.radio().address, station.radio().connected) == ("probe", False)
    first.close()
    compared: list[int] = []
    monkeypatch.setattr(Engine, "reconnected", lambda _self, now, _urgent: compared.append(now))
    loop = Loop(station, None, random.Random(1))
    here = RadioState(connected=True, address="probe")
    gone = RadioState(connected=False, address="probe", reason=Reason(Trouble.BROKEN))
    mute = RadioState(connected=True, address="probe", mute=Reason(Trouble.REGION_UNSET))
    start = loop._absence._since
    assert start is not None
    states = ((5, here), (100, gone), (130, here), (200, gone), (400, mute), (600, here))
    for seconds, state in states:
        loop._radio_changed(state, start + seconds * 1000)
        loop._mind_radio(start + seconds * 1000)
    assert compared == [start + 600_000]
    loop.close()
    station.close()
