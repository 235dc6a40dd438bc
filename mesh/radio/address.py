# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a radio is attached: ``tcp:HOST:PORT``, ``serial:DEVICE`` or ``ble:ADDRESS``.

Parsing only: nothing is opened here, so command lines can check an address before they load the
radio library.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

TCP_PORT = 4403
"""Port of the Meshtastic client API (firmware ServerAPI.cpp)."""

TEXT_MAX = 200
"""Longest address in characters; device paths and host names are far shorter."""


class AddressFault(enum.Enum):
    """What is wrong with an address."""

    UNPRINTABLE = "too long or with control characters"
    UNKNOWN_KIND = "neither tcp, serial nor ble"
    NO_SERIAL = "serial without device"
    NO_BLE = "ble without address"
    NO_HOST = "tcp without host"
    BAD_PORT = "not a port"
    BARE_IPV6 = "IPv6 without brackets"


class AddressError(ValueError):
    """The address cannot be understood."""

    def __init__(self, fault: AddressFault, about: str = "") -> None:
        super().__init__(f"{fault.value}: {about}")
        self.fault = fault
        self.about = about  # the part that is wrong


@dataclass(frozen=True, slots=True)
class RadioAddress:
    """A parsed address; ``target`` is a host, a device path or a Bluetooth address or name."""

    kind: Literal["tcp", "serial", "ble"]
    target: str
    port: int = 0  # TCP only

    def __str__(self) -> str:
        """The address as it is written in configuration files."""
        if self.kind != "tcp":
            return f"{self.kind}:{self.target}"
        host = f"[{self.target}]" if ":" in self.target else self.target
        return f"tcp:{host}:{self.port}"


def parse_address(text: str) -> RadioAddress:
    """Read ``tcp:HOST[:PORT]``, ``serial:DEVICE`` or ``ble:ADDRESS``; AddressError otherwise.

    An IPv6 host stands in square brackets: ``tcp:[::1]:4403``.
    """
    text = text.strip()
    if len(text) > TEXT_MAX or not text.isprintable():
        raise AddressError(AddressFault.UNPRINTABLE)
    kind, colon, target = text.partition(":")
    kind, target = kind.lower(), target.strip()
    if not colon or kind not in ("tcp", "serial", "ble"):
        raise AddressError(AddressFault.UNKNOWN_KIND, text)
    if kind == "tcp":
        return _tcp(target)
    if not target:
        serial = kind == "serial"
        raise AddressError(AddressFault.NO_SERIAL if serial else AddressFault.NO_BLE)
    return RadioAddress("serial" if kind == "serial" else "ble", target)


def _tcp(target: str) -> RadioAddress:
    host, port_text = _host_and_port(target)
    if not host or any(sign.isspace() for sign in host):
        raise AddressError(AddressFault.NO_HOST)
    if not port_text:
        return RadioAddress("tcp", host, TCP_PORT)
    digits = port_text.isascii() and port_text.isdigit() and len(port_text) <= 5
    if not digits or not 1 <= int(port_text) <= 65535:
        raise AddressError(AddressFault.BAD_PORT, port_text)
    return RadioAddress("tcp", host, int(port_text))


def _host_and_port(target: str) -> tuple[str, str]:
    if target.startswith("["):
        host, bracket, rest = target[1:].partition("]")
        return (host, rest.removeprefix(":")) if bracket and rest[:1] in ("", ":") else ("", "")
    if target.count(":") > 1:  # a bare IPv6 address leaves the port in doubt
        raise AddressError(AddressFault.BARE_IPV6)
    host, _, port_text = target.partition(":")
    return host, port_text
