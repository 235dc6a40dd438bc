# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nodes of the same network on the same cable or WLAN find each other (DNS-SD, RFC 6763).

A help beside fixed addresses: many networks do not pass multicast on. What is announced is a hash
of the network's id and the member's number, no names; who it really is shows the handshake.
zeroconf (LGPL-2.1, wheels for all systems) answers and asks in a thread of its own.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Sequence

from zeroconf import ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

from lage.bearers.lan.address import Address

LOGGER = logging.getLogger("lage.bearers")
TYPE = "_lage._tcp.local."
PATIENCE_MS = 3_000
FOUND_MAX = 128


class Finder(ServiceListener):
    """Announces this node and tells of others."""

    def __init__(self, mark: str, member: int, interfaces: Sequence[str] = ()) -> None:
        """``mark`` tells networks apart; ``interfaces``: addresses to use, all by default."""
        self._mark, self._name = mark, f"{mark}-{member}.{TYPE}"
        self._interfaces = list(interfaces)
        self._zeroconf: Zeroconf | None = None
        self._found: dict[str, Address] = {}
        self._dial: Callable[[Address], None] = lambda _address: None
        self._forget: Callable[[Address], None] = lambda _address: None

    def start(
        self,
        port: int,
        dial: Callable[[Address], None],
        forget: Callable[[Address], None],
    ) -> None:
        """Say where we listen, and tell who is found and who went. Raises OSError."""
        self._dial, self._forget = dial, forget
        if self._interfaces:
            self._zeroconf = Zeroconf(interfaces=self._interfaces)
        else:
            self._zeroconf = Zeroconf()
        addresses = self._interfaces or _own_addresses()
        info = ServiceInfo(
            TYPE,
            self._name,
            port=port,
            parsed_addresses=addresses,
            properties={"n": self._mark},
            server=f"{self._name.removesuffix(TYPE)}local.",
        )
        self._zeroconf.register_service(info, allow_name_change=True)
        self._name = info.name  # another one, where a copy of this node has ours
        ServiceBrowser(self._zeroconf, TYPE, self)

    def stop(self) -> None:
        """Say goodbye."""
        if self._zeroconf is not None:
            self._zeroconf.close()
            self._zeroconf = None

    # --- zeroconf's thread ----------------------------------------------------------------------

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """Somebody announces a node of Lage."""
        if not name.startswith(f"{self._mark}-") or name == self._name:
            return
        info = zc.get_service_info(type_, name, PATIENCE_MS)
        if info is None or not info.port or len(self._found) >= FOUND_MAX:
            return
        hosts = info.parsed_addresses()
        if hosts:
            address = self._found[name] = Address.of(hosts[0], info.port)
            self._dial(address)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """It moved."""
        known = self._found.get(name)
        self.add_service(zc, type_, name)
        if known is not None and known != self._found.get(name):
            self._forget(known)

    def remove_service(self, _zc: Zeroconf, _type: str, name: str) -> None:
        """It said goodbye, or was not renewed."""
        address = self._found.pop(name, None)
        if address is not None:
            self._forget(address)


def _own_addresses() -> list[str]:
    """IPv4 addresses of this computer, as far as the system tells without asking anybody."""
    import ifaddr  # zeroconf's own

    found = [
        str(ip.ip)
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if ip.is_IPv4 and not str(ip.ip).startswith("127.")
    ]
    return found or [socket.gethostbyname("localhost")]
