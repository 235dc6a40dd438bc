# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a node listens or is to be reached: host and port as people write them."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass

from lage.language.errors import UsageError

PORT = 4411
EVERYWHERE = f"*:{PORT}"
"""Of Lage; not assigned to anybody by IANA."""

_HOST = re.compile(r"(?=.{1,253}$)[^\W_]([\w-]{0,62})?(\.[^\W_]([\w-]{0,62})?)*\.?")


@dataclass(frozen=True, slots=True)
class Address:
    """Host and port."""

    host: str  # name, IPv4 or IPv6 address; empty: every one of this computer
    port: int

    @classmethod
    def of(cls, host: str, port: int) -> Address:
        """IPv4 written as IPv6 becomes IPv4."""
        try:
            literal = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return cls(host, port)
        mapped = getattr(literal, "ipv4_mapped", None)
        return cls(str(mapped) if mapped else host, port)

    @property
    def pair(self) -> tuple[str, int]:
        """As ``socket`` wants it."""
        return self.host, self.port

    @property
    def everywhere(self) -> bool:
        """Whether it means every address of this computer."""
        return not self.host

    @property
    def family(self) -> socket.AddressFamily:
        """IPv6 where it is said or where it takes both, else IPv4."""
        six = ":" in self.host or (self.everywhere and socket.has_dualstack_ipv6())
        return socket.AF_INET6 if six else socket.AF_INET

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host or "*"
        return f"{host}:{self.port}"


def parse_address(typed: str) -> Address:
    """``rechner``, ``192.0.2.7:4411``, ``[fd00::7]:4411`` or ``fd00::7``. Raises UsageError."""
    text = typed.strip()
    wrong = UsageError(
        f"„{text}“ ist keine Adresse: bitte Name oder IP angeben, z. B. 192.168.1.20 oder"
        f" stab-rheine.lan:{PORT}."
    )
    host, port = text, str(PORT)
    if match := re.fullmatch(r"\[([^\]]+)\](?::(\d{1,5}))?", text):
        host, port = match[1], match[2] or port
        if not _is_ip(host):
            raise wrong
    elif text.count(":") == 1:
        host, port = text.split(":")
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise wrong
    if not _is_ip(host) and not _HOST.fullmatch(host):
        raise wrong
    if re.fullmatch(r"[\d.]+", host) and not _is_ip(host):
        raise wrong
    return Address.of(host, int(port))


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
