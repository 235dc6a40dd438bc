# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Against floods: how much one device, and everybody together, may hand in. Pure.

Nobody in need is turned away for what others do as long as it can be helped: beyond the first
limits a small sum has to be worked out, which costs a person ten seconds and a program its aim at
being quick; only beyond the second ones nothing is taken, and the page says so and where to go.
A device is known for an hour by a hash under a salt that no disk ever holds; no address is kept.
"""

from __future__ import annotations

import enum
import hashlib
import ipaddress
from collections import OrderedDict, deque

from lage.public.site import Role

DEVICES_MAX = 20_000
MINUTE_S, HOUR_S = 60, 3600


class Verdict(enum.Enum):
    """What is asked of who wants to hand something in."""

    FREE = "free"
    PUZZLE = "puzzle"
    FULL = "full"


def device_of(address: str, role: Role) -> str:
    """By what a device is told apart from others; empty for the Infopunkt's own computer, at which
    a helper types for everybody who comes.

    IPv6: who has one address has all of its network (64 bits), and would be a new device each time.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if ip.is_loopback and role is Role.INFOPUNKT:
        return ""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is None:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return address


class Brakes:
    """Accounts of one process; each process of a portal has its own."""

    def __init__(
        self,
        salt: bytes,
        *,
        device: tuple[int, int] = (4, 12),
        everybody: tuple[int, int] = (30, 120),
    ) -> None:
        """``device``: in an hour, ``everybody``: in a minute; beyond the first a puzzle, beyond
        the second nothing."""
        self._salt = salt
        self._device, self._everybody = device, everybody
        self._minute: deque[float] = deque(maxlen=everybody[1] + 1)
        self._devices: OrderedDict[bytes, deque[float]] = OrderedDict()

    def ask(self, address: str, now: float) -> Verdict:
        """What is asked of that address now."""
        while self._minute and self._minute[0] <= now - MINUTE_S:
            self._minute.popleft()
        mine = _grade(len(self._account(address, now)), self._device) if address else 0
        worst = max(mine, _grade(len(self._minute), self._everybody))
        return (Verdict.FREE, Verdict.PUZZLE, Verdict.FULL)[worst]

    def taken(self, address: str, now: float) -> None:
        """Something new was taken from there."""
        self._minute.append(now)
        if address:
            self._account(address, now).append(now)

    def _account(self, address: str, now: float) -> deque[float]:
        hour = int(now // HOUR_S).to_bytes(8, "big")
        device = hashlib.blake2b(hour + address.encode(), key=self._salt, digest_size=8).digest()
        account = self._devices.setdefault(device, deque(maxlen=self._device[1] + 1))
        self._devices.move_to_end(device)
        while len(self._devices) > DEVICES_MAX:
            self._devices.popitem(last=False)
        return account


def _grade(count: int, limits: tuple[int, int]) -> int:
    return sum(count >= limit for limit in limits)
