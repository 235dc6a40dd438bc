# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Another way in a few lines, as ``docs/developer/bearers.md`` says: a modem on short wave."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lage.bearers.bearer import Arrived, Bearer, BearerEvent, Opened
from lage.bearers.terms import BROKER, CABLE, COURIER, Carries, Terms, radio_terms
from lage.kinds.model import Draft
from lage.node.loop import Loop
from lage.node.ways import Ways
from lage.station import Station
from mesh.airtime import PRESETS
from sync.wire import bundle
from tests.fixtures import make_county, picture

HF = Terms(Carries.BUNDLES, to_all=False, bits_per_second=100, cost=50)


class Modem:
    """A pair of modems that are tuned to each other."""

    listening = ""

    def __init__(self, other: Modem | None = None, terms: Terms = HF) -> None:
        self.terms, self.other, self.key = terms, other, b""
        self.events: deque[BearerEvent] = deque()
        self.carried: list[bytes] = []
        if other is not None:
            other.other = self

    def start(self) -> None:
        """The operator of the other one is known by his key, as they agreed."""
        assert self.other is not None
        self.events.append(Opened(1, self.other.key, "Kurzwelle 3,6 MHz", dialled=False))

    def stop(self) -> None:
        """Nothing to do."""

    def take_events(self) -> list[BearerEvent]:
        """What came."""
        return [self.events.popleft() for _ in range(len(self.events))]

    def room(self, peer: int) -> bool:
        """One message at a time, as on short wave."""
        assert self.other is not None
        return not any(isinstance(event, Arrived) for event in self.other.events)

    def send(self, peer: int, message: bytes) -> None:
        """To the other one."""
        assert self.other is not None
        self.carried.append(message)
        self.other.events.append(Arrived(peer, message))

    def close(self, peer: int) -> None:
        """Nothing to do."""


def pair(stations: list[Station], terms: Terms) -> list[Modem]:
    """Two modems that know each other's keys."""
    first = Modem(terms=terms)
    modems = [first, Modem(first, terms)]
    for modem, station, number in zip(modems, stations, (1, 2), strict=True):
        modem.key = station.roster.members[number].sign_key
    return modems


@pytest.fixture
def stations(tmp_path: Path) -> Iterator[list[Station]]:
    """Two staffs, each with entries of its own."""
    with ExitStack() as stack:
        found = list(make_county(tmp_path, ["Krisenstab", "SAE Rheine"]).values())
        for station in found:
            stack.callback(station.close)
        for station in found:
            texts = [f"Deich bei Mesum, Abschnitt {n} von vierzig gesichert" for n in range(40)]
            station.write([Draft("journal", {"text": text}) for text in texts])
        yield found


def run(stations: list[Station], *pairs: list[Modem]) -> list[Ways]:
    """Both nodes with these ways, until both have all of both."""
    loops = [Loop(station, None, random.Random(1)) for station in stations]
    for place, loop in enumerate(loops):
        bearers: list[Bearer] = [modems[place] for modems in pairs]
        loop._beside.ways.use(tuple(bearers))
    for _ in range(200):
        for loop in loops:
            loop.turn()
        if all(station.store.log.head(n) == 40 for station in stations for n in (1, 2)):
            break
    for loop in loops:
        loop.turn()
    found = [loop._beside.ways for loop in loops]
    assert [each.member for each in found[0].reached][:1] == [2]
    return found


def pieces(modem: Modem) -> list[bundle.Piece | None]:
    """What it carried."""
    return [bundle.decode(message) for message in modem.carried]


def test_two_nodes_become_one_log_over_short_wave(stations: list[Station]) -> None:
    """Nothing but the class above is needed, and a slow way is not filled with statements."""
    modems = pair(stations, HF)
    run(stations, modems)

    assert picture(stations[0].store) == picture(stations[1].store)
    for modem in modems:
        carried = pieces(modem)
        assert sum(isinstance(piece, bundle.StatementPiece) for piece in carried) == 1
        runs = [piece for piece in carried if isinstance(piece, bundle.RunsPiece)]
        assert len(runs) > 1, "in pieces between which something urgent can go"
        assert max(map(len, modem.carried)) < HF.fill + 512


def test_what_costs_carries_only_what_nothing_cheaper_does(stations: list[Station]) -> None:
    """Whoever is reached by cable as well gets nothing by short wave."""
    dear, cheap = pair(stations, HF), pair(stations, CABLE)
    run(stations, dear, cheap)

    assert picture(stations[0].store) == picture(stations[1].store)
    for modem, free in zip(dear, cheap, strict=True):
        assert not [piece for piece in pieces(modem) if isinstance(piece, bundle.RunsPiece)]
        assert [piece for piece in pieces(free) if isinstance(piece, bundle.RunsPiece)]


def test_the_air_is_the_dearest() -> None:
    """Every way says what a byte costs, in the order in which they are spared."""
    air = radio_terms(PRESETS["LONG_FAST"])
    assert air.carries is Carries.FRAMES
    assert CABLE.cost < BROKER.cost < COURIER.cost < air.cost
    assert 500 < air.bits_per_second < 2_000
