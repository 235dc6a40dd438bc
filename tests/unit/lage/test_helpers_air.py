# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A helper's name on the air: two nodes at work, every packet between them kept and looked at."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from lage.kinds.model import Draft, Query, Record
from lage.node.process import Node
from lage.station import Station
from lage.store.timebase import Timebase, write_timebase
from lage.volunteers import desk as volunteers
from lage.volunteers import private
from lage.volunteers.envelope import read, sealed_to
from mesh.link import LinkEvent, Packet, RadioState, Received, Refusal, Sent
from sync.schema.definition import Value
from tests.e2e.conftest import wait_for
from tests.fixtures import make_county
from tests.unit.lage.test_helpers import NAME, PHONE, STREET, traces


class Wire:
    """A link that hands every packet to the other end and keeps a copy."""

    def __init__(self, number: int, heard: list[bytes]) -> None:
        self.other: Wire = self
        self._number, self._heard = number, heard
        self._events: list[LinkEvent] = [RadioState(connected=True, address="draht")]

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    def send(self, packet: Packet) -> None:
        """Over it goes."""
        self._heard.append(packet.payload)
        self._events.append(Sent(packet.id, Refusal.NONE))
        self.other._events.append(Received(packet.payload, self._number, packet.id, 9.0, -60, 3, 3))

    def take_events(self) -> list[LinkEvent]:
        """What happened since the last call."""
        events, self._events = self._events, []
        return events


def first(station: Station, kind: str) -> Record | None:
    """The first entity of a kind, if it is there yet."""
    return next(iter(station.reader.select(Query(kind))), None)


def test_no_packet_holds_a_name(tmp_path: Path) -> None:
    """Registered, assigned, read at the other staff, dismissed, destroyed there: by the nodes
    themselves, and neither a packet nor any file of either folder tells name, number or street."""
    county = make_county(tmp_path, ["SAE Rheine", "SAE Greven"], exercise=True)
    rheine, greven = county.values()
    now = time.time()
    packets: list[bytes] = []
    wires = Wire(1, packets), Wire(2, packets)
    wires[0].other, wires[1].other = wires[1], wires[0]
    stop = threading.Event()
    threads = []
    for station, wire in zip((rheine, greven), wires, strict=True):
        write_timebase(station.folder, Timebase(now, now, 400.0))
        node = Node(station.folder, None, link=wire)
        threads.append(threading.Thread(target=node.run, args=(stop,)))
    for thread in threads:
        thread.start()
    try:
        person = private.Person(NAME, PHONE, STREET, 1985)
        values: dict[str, Value] = {"skills": ("Küche",), "place": "Rheine", "status": "gemeldet"}
        volunteers.register(rheine, Draft("helper", values), person, 30)
        helper = first(rheine, "helper")
        assert helper is not None
        typed = {"to": "Greven", "meeting_point": "Rathaus"}
        volunteers.assign(rheine, helper, typed)
        wait_for(lambda: (there := first(greven, "helper")) and read(greven, there) == person)
        rheine.write(volunteers.dismiss(rheine, helper, 4))
        assignment = first(rheine, "assignment")
        assert assignment is not None
        wait_for(lambda: sealed_to(rheine, assignment) == (True, True))
        assert read(greven, helper) is None
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    words = [text.encode() for text in (NAME, PHONE, STREET, *NAME.split(), *PHONE.split())]
    assert len(packets) > 4
    assert [word for word in words if any(word in packet for packet in packets)] == []
    assert traces(tmp_path) == []
    for station in (rheine, greven):
        station.close()
