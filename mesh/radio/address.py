# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a radio is attached: ``tcp:HOST:PORT``, ``serial:DEVICE`` or ``ble:ADDRESS``.

Parsing only: nothing is opened here, so command lines can check an address before they load the
radio library. Errors are one German sentence for the user.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TCP_PORT = 4403
"""Port of the Meshtastic client API (firmware ServerAPI.cpp)."""

TEXT_MAX = 200
"""Longest address in characters; device paths and host names are far shorter."""


class AddressError(ValueError):
    """The address cannot be understood; the message is a German sentence for the user."""


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
        raise AddressError(
            "Die Adresse des Funkgeräts ist zu lang oder enthält Steuerzeichen; "
            "bitte etwa „tcp:localhost:4403“ oder „serial:/dev/ttyUSB0“ angeben."
        )
    kind, colon, target = text.partition(":")
    kind, target = kind.lower(), target.strip()
    if not colon or kind not in ("tcp", "serial", "ble"):
        raise AddressError(
            f"„{text}“ ist keine Adresse eines Funkgeräts; bitte „tcp:RECHNER:PORT“, "
            "„serial:GERÄT“ oder „ble:ADRESSE“ angeben."
        )
    if kind == "tcp":
        return _tcp(target)
    if not target:
        example = "serial:/dev/ttyUSB0" if kind == "serial" else "ble:AA:BB:CC:DD:EE:FF"
        raise AddressError(f"Nach „{kind}:“ fehlt das Gerät; bitte etwa „{example}“ angeben.")
    return RadioAddress("serial" if kind == "serial" else "ble", target)


def _tcp(target: str) -> RadioAddress:
    host, port_text = _host_and_port(target)
    if not host or any(sign.isspace() for sign in host):
        raise AddressError(
            "Nach „tcp:“ fehlt der Name des Rechners; bitte etwa „tcp:localhost:4403“ angeben."
        )
    if not port_text:
        return RadioAddress("tcp", host, TCP_PORT)
    digits = port_text.isascii() and port_text.isdigit() and len(port_text) <= 5
    if not digits or not 1 <= int(port_text) <= 65535:
        raise AddressError(
            f"„{port_text}“ ist kein Port; bitte eine Zahl von 1 bis 65535 angeben, "
            f"üblich ist {TCP_PORT}."
        )
    return RadioAddress("tcp", host, int(port_text))


def _host_and_port(target: str) -> tuple[str, str]:
    if target.startswith("["):
        host, bracket, rest = target[1:].partition("]")
        return (host, rest.removeprefix(":")) if bracket and rest[:1] in ("", ":") else ("", "")
    if target.count(":") > 1:  # a bare IPv6 address leaves the port in doubt
        raise AddressError(
            "Eine IPv6-Adresse gehört in eckige Klammern; bitte etwa „tcp:[::1]:4403“ angeben."
        )
    host, _, port_text = target.partition(":")
    return host, port_text
