# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A radio that comes back under another name: unplugged from ttyUSB0, plugged in as ttyUSB1.

A serial device is known again by what its USB chip says (maker, product, serial number). Chips
without a serial number of their own are all alike, so a radio under another name counts only if it
gives the node number that was known before; otherwise it is somebody else's, and left alone until
it has been unplugged too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from mesh.radio.address import RadioAddress


@dataclass(frozen=True, slots=True)
class Plug:
    """A serial port with a USB chip behind it."""

    device: str
    vendor: int
    product: int
    serial: str = ""

    def same_chip(self, other: Plug) -> bool:
        """Whether it may be the same piece, wherever it is plugged in."""
        mine, theirs = replace(self, device=""), replace(other, device="")
        return mine == theirs


@dataclass(frozen=True, slots=True)
class Known:
    """The radio that was attached before: its chip and its node number."""

    plug: Plug
    number: int


Plugs = Callable[[], Sequence[Plug]]


def plugged_in() -> list[Plug]:
    """The serial ports of this computer that have a USB chip."""
    from serial.tools import list_ports

    return [
        Plug(port.device, port.vid, port.pid, port.serial_number or "")
        for port in list_ports.comports()
        if port.vid is not None and port.pid is not None
    ]


class PortFinder:
    """Where the radio of an address is now."""

    def __init__(
        self, address: RadioAddress, known: Known | None = None, plugs: Plugs = plugged_in
    ) -> None:
        """``known``: what an earlier process knew of the radio at that address."""
        self.known = known
        self._address, self._plugs = address, plugs
        self._at = address
        self._strangers: set[str] = set()  # devices with another radio behind

    def find(self) -> RadioAddress:
        """Where to connect now: as stated, or where the same chip has come back."""
        if self._address.kind != "serial":
            return self._address
        present = {plug.device: plug for plug in self._plugs()}
        self._strangers &= set(present)
        stated = present.get(self._address.target)
        self._at = self._address
        if self.known is None or (stated is not None and stated.same_chip(self.known.plug)):
            return self._at
        for device in sorted(set(present) - self._strangers - {self._address.target}):
            if present[device].same_chip(self.known.plug):
                self._at = RadioAddress("serial", device)
                break
        return self._at

    @property
    def moved(self) -> str | None:
        """The address of the last attempt, if it is not the stated one."""
        return None if self._at == self._address else str(self._at)

    @property
    def plug(self) -> tuple[int, int, str] | None:
        """The USB chip of the radio: maker, product, serial number."""
        chip = self.known.plug if self.known else None
        return None if chip is None else (chip.vendor, chip.product, chip.serial)

    def connected(self, number: int) -> bool:
        """A radio with that number answers there; whether it is the one that is meant."""
        if self._address.kind != "serial":
            return True
        moved = self._at != self._address
        if moved and self.known is not None and number != self.known.number:
            self._strangers.add(self._at.target)
            return False
        plug = next((p for p in self._plugs() if p.device == self._at.target), None)
        if plug is not None:
            self.known = Known(plug, number)
        return True
