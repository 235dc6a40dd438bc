# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Another radio is ordered: the one that works is given up only for one that answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from lage.bearers.radio_order import order_radio
from lage.kinds.radio_wish import Wish
from lage.kinds.setting import RADIO_ADDRESS
from lage.language.errors import UsageError
from lage.node.changing import TRY_S, Changing
from lage.node.loop import Loop
from lage.station import Station
from lage.store.radio_order import OrderState
from mesh.link import LinkEvent, Packet, RadioState, Refusal, Sent
from tests.fixtures import make_county

WORKS, OTHER, NOWHERE = "tcp:here:4403", "tcp:other:4403", "tcp:nowhere:4403"


class Radio:
    """Answers as soon as it was started, or never."""

    def __init__(self, address: str) -> None:
        self.address, self.running = address, False
        self._events: list[LinkEvent] = []

    def start(self) -> None:
        """Connect."""
        self.running = True
        self._events.append(RadioState(connected=self.address != NOWHERE, address=self.address))

    def stop(self) -> None:
        """Let go."""
        self.running = False

    def send(self, packet: Packet) -> None:
        """Take it."""
        self._events.append(Sent(packet.id, Refusal.NONE))

    def take_events(self) -> list[LinkEvent]:
        """What happened."""
        events, self._events = self._events, []
        return events


class Desk:
    """A node whose radio may be changed, turned by hand."""

    def __init__(self, station: Station, address: str) -> None:
        self.station = station
        self._screen = Station.open(station.folder)  # another process, as the node sees it
        station.keep(RADIO_ADDRESS, address)
        first = Radio(address)
        self.loop = Loop(station, first, random.Random(1))
        self.opened = [first]
        self.changing = Changing(station, self.loop, first, self._open)
        first.start()
        self.turn(0)

    def _open(self, address: str) -> Radio:
        if address == "nonsense":
            raise UsageError("keine Adresse")
        self.opened.append(Radio(address))
        return self.opened[-1]

    def turn(self, now: float) -> None:
        """As the process does."""
        self.loop.turn()
        self.changing.turn(now)
        self.loop.turn()
        self.changing.turn(now)

    def order(self, address: str, now: float) -> OrderState:
        """Somebody wants that radio."""
        order_radio(self._screen, Wish.CONNECT, address)
        self.turn(now)
        return self.loop.attached.setter.state

    @property
    def at(self) -> str:
        """Where the one radio is that is held."""
        (running,) = (radio for radio in self.opened if radio.running)
        assert self.changing.link is self.loop.link is running
        return running.address


@pytest.fixture
def desk(tmp_path: Path) -> Callable[[str], Desk]:
    """Makes a node that begins with that radio."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    return lambda address: Desk(station, address)


def test_a_slip_in_an_address_does_not_cost_the_radio(desk: Callable[[str], Desk]) -> None:
    """It is tried, a start meanwhile would take the old one, and after a while that one is back."""
    node = desk(WORKS)
    assert node.order(NOWHERE, 0) is OrderState.CONNECTING
    assert (node.at, node.station.setting(RADIO_ADDRESS)) == (NOWHERE, WORKS)
    node.turn(TRY_S - 1)
    assert node.at == NOWHERE
    node.turn(TRY_S)
    assert (node.at, node.loop.attached.setter.state) == (WORKS, OrderState.UNREACHED)
    assert node.station.setting(RADIO_ADDRESS) == WORKS
    node.turn(10 * TRY_S)
    assert node.at == WORKS  # and stays there


def test_a_radio_that_answers_is_kept(desk: Callable[[str], Desk]) -> None:
    """Also for the next start."""
    node = desk(WORKS)
    node.order(OTHER, 0)
    assert (node.at, node.station.setting(RADIO_ADDRESS)) == (OTHER, OTHER)
    node.turn(TRY_S)
    assert node.at == OTHER


def test_orders_while_another_is_tried(desk: Callable[[str], Desk]) -> None:
    """Two slips go back to the radio that worked; ordered by its address it is there at once."""
    node = desk(WORKS)
    node.order(NOWHERE, 0)
    assert node.order(NOWHERE, 1) is OrderState.CONNECTING
    node.order(WORKS, 2)
    assert node.at == WORKS
    node.order(NOWHERE, 3)
    node.order(OTHER, 4)
    node.turn(3 + TRY_S)
    assert (node.at, node.station.setting(RADIO_ADDRESS)) == (OTHER, OTHER)


def test_without_a_radio_that_worked_the_ordered_one_is_waited_for(
    desk: Callable[[str], Desk],
) -> None:
    """There is nothing to go back to."""
    node = desk(NOWHERE)
    node.order("tcp:away:4403", 0)
    node.turn(2 * TRY_S)
    assert node.at == node.station.setting(RADIO_ADDRESS) == "tcp:away:4403"


def test_an_address_that_cannot_be_changes_nothing(desk: Callable[[str], Desk]) -> None:
    """It comes from a version that knows more kinds of addresses."""
    node = desk(WORKS)
    node.loop.attached.setter.address = "nonsense"
    node.turn(0)
    assert (node.at, node.loop.attached.setter.state) == (WORKS, OrderState.UNREACHED)
