# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The running node and a disk that refuses: it goes on, and catches up when there is room."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from lage.errors import StoreError
from lage.model import Draft
from lage.node import Node
from lage.store import Local
from mesh.link import LinkEvent, Packet, RadioState, Refusal, Sent, Urgency
from tests.e2e.conftest import wait_for
from tests.fixtures import make_county


class WillingRadio:
    """A link that takes every packet at once."""

    def __init__(self) -> None:
        self.sent = threading.Semaphore(0)
        self._events: list[LinkEvent] = [RadioState(connected=True, address="probe")]

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    def send(self, packet: Packet) -> None:
        """Take it."""
        self._events.append(Sent(packet.id, Refusal.NONE))
        self.sent.release()

    def take_events(self) -> list[LinkEvent]:
        """What happened since the last call."""
        events, self._events = self._events, []
        return events


def test_full_disk_does_not_stop_the_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be saved the node still sends; afterwards it reports as before."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    station.write(
        [Draft("message", {"text": "Deich hält", "priority": "sofort"}, urgency=Urgency.IMMEDIATE)]
    )
    room, refused = threading.Event(), threading.Event()

    def keep(local: Local, key: str, value: Any) -> None:
        if not room.is_set():
            refused.set()
            raise StoreError("voll")
        really_keep(local, key, value)

    really_keep = Local.keep
    monkeypatch.setattr(Local, "keep", keep)
    link, stop = WillingRadio(), threading.Event()
    node = Node(station.folder, None, link=link)
    thread = threading.Thread(target=node.run, args=(stop,))
    thread.start()
    try:
        assert link.sent.acquire(timeout=30)
        assert refused.wait(30)
        assert station.unsent() == 1
        room.set()
        wait_for(lambda: station.unsent() == 0)
    finally:
        stop.set()
        node.wake()
        thread.join()
    station.close()
