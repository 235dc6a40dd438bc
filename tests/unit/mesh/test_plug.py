# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which port is the radio of before, by chip and number."""

from __future__ import annotations

from mesh.radio.address import parse_address
from mesh.radio.plug import Known, Plug, PortFinder

ADDRESS = parse_address("serial:/dev/ttyUSB0")
KNOWN = Known(Plug("", 0x10C4, 0xEA60, "A1"), 7)


def finder(*ports: Plug, known: Known | None = KNOWN) -> PortFinder:
    """With these ports plugged in."""
    return PortFinder(ADDRESS, known, lambda: ports)


def radio(device: str, serial: str = "A1") -> Plug:
    """A radio of that make."""
    return Plug(device, 0x10C4, 0xEA60, serial)


def test_a_restarted_node_finds_the_radio_where_it_is_now() -> None:
    """By what was kept: elsewhere, also where another chip has taken its name."""
    mouse = Plug("/dev/ttyUSB0", 0x1546, 0x01A8)
    assert str(finder(radio("/dev/ttyUSB3")).find()) == "serial:/dev/ttyUSB3"
    assert str(finder(mouse, radio("/dev/ttyUSB3")).find()) == "serial:/dev/ttyUSB3"
    assert finder(radio("/dev/ttyUSB3", "B2")).find() == ADDRESS
    assert finder(radio("/dev/ttyUSB3"), known=None).find() == ADDRESS


def test_a_radio_under_the_stated_name_is_taken_whatever_it_is() -> None:
    """Somebody has changed it on purpose; from then on it is the one that is known."""
    ports = finder(radio("/dev/ttyUSB0", "B2"))
    assert ports.find() == ADDRESS
    assert ports.connected(8)
    assert ports.known == Known(radio("/dev/ttyUSB0", "B2"), 8)
    assert ports.plug == (0x10C4, 0xEA60, "B2")


def test_another_radio_with_a_chip_of_no_number_is_tried_once() -> None:
    """Then the next of its kind, until the stranger has been unplugged."""
    present = [radio("/dev/ttyUSB1", ""), radio("/dev/ttyUSB2", "")]
    ports = PortFinder(ADDRESS, Known(Plug("", 0x10C4, 0xEA60), 7), lambda: present)
    assert str(ports.find()) == ports.moved == "serial:/dev/ttyUSB1"
    assert not ports.connected(99)
    assert str(ports.find()) == "serial:/dev/ttyUSB2"
    assert ports.connected(7)
    stranger = present.pop(0)
    ports.find()
    present.insert(0, stranger)
    assert str(ports.find()) == "serial:/dev/ttyUSB1"


def test_other_kinds_of_address_stay_as_they_are() -> None:
    """Nobody looks for a host at a serial port."""
    address = parse_address("tcp:relais:4403")
    ports = PortFinder(address, KNOWN, lambda: [radio("/dev/ttyUSB1")])
    assert ports.find() == address
    assert ports.connected(99)
