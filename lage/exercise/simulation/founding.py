# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The stations of a simulated county: an exercise network of keys drawn from a seed.

Keys that follow from a seed make the same bytes in every run. They are worth nothing outside: the
network is an exercise, and its folder goes when the simulation ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from lage.exercise.script.model import Cast
from lage.kinds.directory import ROLES
from lage.kinds.setting import AUTHORS
from lage.station import LOG_FILE, Station
from lage.store import Store, keys
from lage.store.reading import Job, Reading, interpret
from lage.store.shared_reading import SharedReading
from lage.store.timebase import Timebase
from sync.feed import chain as feed
from sync.feed.records import Alliance, Certificate
from sync.feed.roster import ROOT

if TYPE_CHECKING:
    import random

READ_MAX = 2_000
"""Operations that are on their way at a time, and many more."""


class ReadOnce(SharedReading):
    """What many stations of one program hear is read once: reading a text takes most of the time
    that storing it does."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[Job, Reading] = {}

    def read(self, jobs: Sequence[Job], alliances: Sequence[Alliance]) -> list[Reading]:
        """As every station would, for itself."""
        if len(self._known) + len(jobs) > READ_MAX:
            self._known.clear()
        for job in jobs:
            if job not in self._known:
                self._known[job] = interpret(*job, alliances)
        return [self._known[job] for job in jobs]


def found(
    folder: Path, name: str, cast: Sequence[Cast], rng: random.Random, clock: Callable[[], float]
) -> list[Station]:
    """An open station for each member, in ``folder/<number>``; numbers count from 1."""
    root = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
    network_id = feed.network_id(rng.randbytes(16), exercise=True)
    root_public = root.public_key().public_bytes_raw()
    secret, channel = rng.randbytes(32), rng.randbytes(32)
    nodes = [
        keys.NodeKeys(
            member.name,
            Ed25519PrivateKey.from_private_bytes(rng.randbytes(32)),
            X25519PrivateKey.from_private_bytes(rng.randbytes(32)),
        )
        for member in cast
    ]
    records = [
        Certificate(
            number, node.sign_public, node.seal_public, node.name, ROLES.index(member.role)
        ).encode()
        for number, (member, node) in enumerate(zip(cast, nodes, strict=True), 1)
    ]
    origin = feed.root_origin(network_id, root_public)
    stations = []
    reading = ReadOnce()
    for number, node in enumerate(nodes, 1):
        place = folder / str(number)
        place.mkdir(parents=True)
        store = Store.open(place / LOG_FILE, clock=clock).fleeting()
        store.log.reading = reading
        store.local.keep(AUTHORS, (number,))
        for record in records:  # each signed, as when nodes join one after the other
            feed.append(store.log, root, network_id, ROOT, origin, [record])
        network = keys.Network(
            name, network_id, secret, root_public, "Uebung", channel, True, author=number
        )
        stations.append(Station(place, store, network, node, clock, Timebase()))
    return stations
