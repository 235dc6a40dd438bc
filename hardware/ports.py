# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which serial ports there are and what sits on them, told by USB id.

A USB id names the chip that speaks USB, not the board behind it: boards with a chip of their own
are known for sure, those behind a serial converter (CP210x, CH9102 …) only "possibly". Ids are
those of the Meshtastic client's device table, of u-blox and of the converters' makers; an unknown
id is listed, never hidden.

Limits: nothing is opened, so a port that another program uses is listed like any other.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class PortKind(enum.Enum):
    """What probably sits on a port, the most useful first."""

    RADIO = "radio"
    MAYBE_RADIO = "maybe radio"
    GPS = "gps"
    UNKNOWN = "unknown"
    NO_USB = "no usb"
    BOOTLOADER = "bootloader"  # a radio that waits for firmware: to be restarted
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SerialPort:
    """One serial port; ids are None where the port is not on USB."""

    device: str
    kind: PortKind
    name: str  # chip or make, and what the device says of itself; empty: not known
    vendor: int | None = None
    product: int | None = None
    serial_number: str | None = None

    @property
    def address(self) -> str:
        """How to name it as the address of a radio."""
        return f"serial:{self.device}"


ANY = -1

KNOWN: dict[tuple[int, int], tuple[PortKind, str]] = {
    (0x239A, 0x8029): (PortKind.RADIO, "RAK4631, T-Echo, T1000-E (nRF52840)"),
    (0x239A, 0x4405): (PortKind.RADIO, "LilyGO T-Echo (nRF52840)"),
    (0x239A, 0x0029): (PortKind.BOOTLOADER, "nRF52840"),
    (0x239A, ANY): (PortKind.MAYBE_RADIO, "nRF52"),
    (0x303A, 0x1001): (PortKind.RADIO, "ESP32-S3 (Heltec Tracker, T-Deck, T-Beam Supreme)"),
    (0x303A, ANY): (PortKind.RADIO, "ESP32"),
    (0x2886, 0x0059): (PortKind.RADIO, "Seeed Studio nRF52840"),
    (0x2886, ANY): (PortKind.MAYBE_RADIO, "Seeed Studio"),
    (0x2E8A, ANY): (PortKind.MAYBE_RADIO, "RP2040, RP2350 (RAK11310, Pico)"),
    (0x10C4, 0xEA60): (PortKind.MAYBE_RADIO, "CP210x (Heltec V3, T-Lora)"),
    (0x1A86, 0x55D4): (PortKind.MAYBE_RADIO, "CH9102 (T-Beam, Nano G1)"),
    (0x1A86, 0x7523): (PortKind.MAYBE_RADIO, "CH340 (RAK11200)"),
    (0x1A86, ANY): (PortKind.MAYBE_RADIO, "WCH"),
    (0x0403, ANY): (PortKind.UNKNOWN, "FTDI"),
    (0x067B, 0x2303): (PortKind.GPS, "PL2303"),
    (0x1546, 0x01A4): (PortKind.GPS, "u-blox 4"),
    (0x1546, 0x01A5): (PortKind.GPS, "u-blox 5"),
    (0x1546, 0x01A6): (PortKind.GPS, "u-blox 6"),
    (0x1546, 0x01A7): (PortKind.GPS, "u-blox 7"),
    (0x1546, 0x01A8): (PortKind.GPS, "u-blox 8"),
    (0x1546, 0x01A9): (PortKind.GPS, "u-blox 9+"),
    (0x1546, ANY): (PortKind.GPS, "u-blox"),
    (0x091E, 0x0003): (PortKind.GPS, "Garmin"),
    (0x1366, ANY): (PortKind.OTHER, "SEGGER J-Link"),
    (0x0483, ANY): (PortKind.OTHER, "ST-Link, STM32"),
    (0x1915, ANY): (PortKind.OTHER, "Nordic Power Profiler"),
}
"""(vendor, product) -> kind and name; product ``ANY`` holds for all others of the vendor."""

_ORDER = {kind: rank for rank, kind in enumerate(PortKind)}


class PortInfo(Protocol):
    """What is read of an entry of ``serial.tools.list_ports``."""

    device: str
    vid: int | None
    pid: int | None
    serial_number: str | None
    product: str | None


def classify(ports: Iterable[PortInfo]) -> list[SerialPort]:
    """Name the ports, radios first, then by device; ports of the main board come last."""
    found = [_classify(port) for port in ports]
    found.sort(key=lambda port: (port.vendor is None, _ORDER[port.kind], port.device))
    return found


def find_ports() -> list[SerialPort]:
    """The serial ports of this computer, named."""
    from serial.tools import list_ports

    return classify(list_ports.comports())


def _classify(port: PortInfo) -> SerialPort:
    if port.vid is None or port.pid is None:
        return SerialPort(port.device, PortKind.NO_USB, "")
    kind, name = KNOWN.get((port.vid, port.pid)) or KNOWN.get(
        (port.vid, ANY), (PortKind.UNKNOWN, "")
    )
    told = _printable(port.product)
    if told and told not in name:
        name = f"{name}: {told}" if name else told
    number = _printable(port.serial_number) or None
    return SerialPort(port.device, kind, name, port.vid, port.pid, number)


def _printable(text: str | None) -> str:
    """What a device says of itself may hold anything: keep 60 printable characters."""
    return "".join(sign for sign in text or "" if sign.isprintable())[:60].strip()
