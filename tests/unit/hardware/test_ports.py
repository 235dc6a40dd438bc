# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Serial ports by USB id."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.ports import PortKind, classify, find_ports


@dataclass
class Entry:
    """What pyserial tells of a port."""

    device: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None
    product: str | None = None


def test_known_ids_are_named_and_radios_come_first() -> None:
    """A radio, a possible radio, a GPS, an unknown device and a port of the main board."""
    ports = classify(
        [
            Entry("/dev/ttyS0"),
            Entry("/dev/ttyUSB1", 0x1546, 0x01A8),
            Entry("/dev/ttyUSB0", 0x10C4, 0xEA60, "0001", "CP2102 USB to UART"),
            Entry("/dev/ttyACM1", 0xBEEF, 0x0001),
            Entry("/dev/ttyACM0", 0x239A, 0x8029, "AB12", "WisCore RAK4631 Board"),
        ]
    )
    assert [(port.device, port.kind) for port in ports] == [
        ("/dev/ttyACM0", PortKind.RADIO),
        ("/dev/ttyUSB0", PortKind.MAYBE_RADIO),
        ("/dev/ttyUSB1", PortKind.GPS),
        ("/dev/ttyACM1", PortKind.UNKNOWN),
        ("/dev/ttyS0", PortKind.NO_USB),
    ]
    assert ports[0].address == "serial:/dev/ttyACM0"
    assert "WisCore" in ports[0].name
    assert ports[0].serial_number == "AB12"


def test_other_products_of_a_known_vendor_are_guessed() -> None:
    """The vendor alone says something."""
    (port,) = classify([Entry("COM7", 0x303A, 0x8123)])
    assert port.kind is PortKind.RADIO


def test_what_a_device_says_of_itself_is_harmless() -> None:
    """Control sequences vanish, length is limited."""
    (port,) = classify([Entry("COM3", 0xBEEF, 1, "\x1b[2J", "\x1b]0;böse\x07" + "x" * 500)])
    assert port.name.isprintable()
    assert len(port.name) < 100
    assert port.serial_number == "[2J"


def test_ports_of_this_computer_can_be_listed() -> None:
    """Whatever is plugged in, the list comes without an error."""
    assert all(port.device for port in find_ports())
