# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keeps the local network as the folder's settings want it, while the node runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lage.bearers.lan.address import Address, parse_address
from lage.bearers.lan.service import Lan
from lage.kinds.setting import LAN
from lage.language.errors import UsageError
from lage.store.keys import load_node

if TYPE_CHECKING:
    from lage.node.ways import Ways
    from lage.station import Station


class LanTender:
    """Starts and ends the bearer whenever the settings change."""

    def __init__(self, station: Station, ways: Ways, wake: Callable[[], None]) -> None:
        self._station, self._ways, self._wake = station, ways, wake
        self._used: dict[str, Any] = {}

    def tend(self) -> None:
        """Look whether something else is wanted than before."""
        wanted = self._station.setting(LAN)
        if wanted == self._used:
            return
        self._used = wanted
        listen, addresses = lan_of(wanted)
        if listen is None and not addresses:
            self._ways.use(())
            return
        sign = load_node(self._station.folder).sign
        network_id = self._station.network_keys.network_id
        lan = Lan(self._station.folder, sign, network_id, listen, addresses, self._wake)
        self._ways.use((lan,))


def lan_of(setting: dict[str, Any]) -> tuple[Address | None, tuple[Address, ...]]:
    """Where to listen (None: nowhere) and whom to dial, as the settings say."""
    typed = setting.get("addresses")
    addresses = tuple(filter(None, map(_address, typed if isinstance(typed, list) else ())))
    return _address(setting.get("listen")), addresses


def _address(typed: object) -> Address | None:
    if not isinstance(typed, str) or not typed:
        return None
    if typed.startswith("*:") and typed[2:].isdecimal():
        return Address("", int(typed[2:]))
    try:
        return parse_address(typed)
    except UsageError:
        return None  # kept by a version that wrote it otherwise
