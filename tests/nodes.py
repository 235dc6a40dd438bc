# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nodes without radios, each at work in a thread of its own."""

from __future__ import annotations

import itertools
import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from lage.kinds.model import Draft
from lage.kinds.setting import LAN
from lage.node.loop import Loop
from lage.station import Station
from sync.schema.urgency import Urgency

PATIENCE_S = 150.0
"""For whatever surely comes, on a machine with ten times as much to do as it can."""


def wait_for(holds: Callable[[], object]) -> None:
    """Until it holds; fails loudly if it never does. To look is often dearer than what is waited
    for: it opens a log or starts a program, beside the processes that have the work to do."""
    end, pause_s = time.monotonic() + PATIENCE_S, 0.02
    while not holds():
        assert time.monotonic() < end, "did not come about"
        time.sleep(pause_s)
        pause_s = min(0.1, 1.5 * pause_s)


class Cabled:
    """A node at work in a thread of its own, and a second connection to its log for the test."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.loop: Loop | None = None
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stop.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        own = Station.open(self.station.folder)
        self.loop = loop = Loop(own, None, random.Random(1), self._wake.set)
        while not self._stop.is_set():
            self._wake.wait(min(0.05, loop.turn()))
            self._wake.clear()
        loop.close()
        own.close()

    @property
    def port(self) -> int | None:
        """Where it listens."""
        for bearer in self.loop._beside.ways.bearers if self.loop else ():
            return bearer.port  # type: ignore[attr-defined, no-any-return]
        return None

    @property
    def faults(self) -> int:
        """Errors that a fence caught."""
        assert self.loop is not None
        return self.loop._reporter.faults

    @property
    def members(self) -> list[int]:
        """Whom it has at the other end of a cable."""
        return [each.member for each in self.loop._beside.ways.reached] if self.loop else []


@contextmanager
def cabled(stations: list[Station], links: list[tuple[int, int]]) -> Iterator[list[Cabled]]:
    """Nodes of which some dial others, by place."""
    nodes = [Cabled(station) for station in stations]
    with ExitStack() as stack:
        for place, node in enumerate(nodes):
            stack.callback(node.stop)
            addresses = [f"127.0.0.1:{nodes[b].port}" for a, b in links if a == place]
            node.station.keep(LAN, {"listen": f"127.0.0.1:{free_port()}", "addresses": addresses})
            node.start()
            wait_for(lambda node=node: node.port is not None)  # type: ignore[misc]
        yield nodes


_claims: list[socket.socket] = []
_ports = itertools.cycle(range(20_000 + os.getpid() % 10_000, 32_000))


def free_port() -> int:
    """A port that nobody has and nobody gets by chance before it is used: one below those that the
    system gives away by itself, and another each time. What keeps other test processes off it
    until this one ends is the UDP port of that number, which nobody needs."""
    while True:
        port = next(_ports)
        claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            claim.bind(("127.0.0.1", port))
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            claim.close()
        else:
            _claims.append(claim)
            return port


def report(station: Station, text: str, urgency: Urgency = Urgency.ROUTINE) -> None:
    """An incident of that staff."""
    station.write(
        [Draft("incident", {"type": "Brand", "text": text, "status": "offen"}, urgency=urgency)]
    )


def same(stations: list[Station]) -> bool:
    """Whether all logs hold the same."""
    vectors = [{a: s.store.log.head(a) for a in s.store.log.authors()} for s in stations]
    return all(vector == vectors[0] for vector in vectors)
