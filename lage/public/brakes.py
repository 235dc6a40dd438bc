# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Against floods: how much one device, and everybody together, may hand in.

Nobody in need is turned away for what others do as long as it can be helped: beyond the first
limits a small sum has to be worked out, which costs a person ten seconds and a program its aim at
being quick; only beyond the second ones nothing is taken, and the page says so and where to go.
All processes of a place count together (``Window.weigh``), and keep no address; the Infopunkt's own
computer counts apart.
"""

from __future__ import annotations

import enum
import ipaddress

from lage.public.site import Role
from lage.public.window import Window


class Verdict(enum.Enum):
    """What is asked of who wants to hand something in."""

    FREE = "free"
    PUZZLE = "puzzle"
    FULL = "full"

    def lets(self, solved: bool) -> bool:
        """Whether something is taken; ``solved``: a puzzle was."""
        return self is Verdict.FREE or (self is Verdict.PUZZLE and solved)


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
    """The accounts of one form, shared by all processes of a place."""

    def __init__(
        self,
        window: Window,
        account: str,
        *,
        device: tuple[int, int] = (4, 12),
        everybody: tuple[int, int] = (30, 120),
    ) -> None:
        """``device``: in an hour, ``everybody``: in a minute; beyond the first a puzzle, beyond
        the second nothing."""
        self._window, self._account = window, account
        self._device, self._everybody = device, everybody

    def ask(self, device: str, now: float) -> Verdict:
        """What is asked of that device now. Raises LageError."""
        return self._verdict(*self._window.weigh(self._account_of(device), device, now))

    def take(self, device: str, now: float, *, solved: bool) -> Verdict:
        """What was asked of it; noted as taken if it has done that. Raises LageError."""
        return self._verdict(
            *self._window.weigh(
                self._account_of(device),
                device,
                now,
                lambda *counts: self._verdict(*counts).lets(solved),
            )
        )

    def _account_of(self, device: str) -> str:
        """A flood from the WLAN never locks out the helper at the Infopunkt's own computer."""
        return self._account if device else f"{self._account} hier"

    def _verdict(self, mine: int, minute: int) -> Verdict:
        worst = max(_grade(mine, self._device), _grade(minute, self._everybody))
        return (Verdict.FREE, Verdict.PUZZLE, Verdict.FULL)[worst]


def _grade(count: int, limits: tuple[int, int]) -> int:
    return sum(count >= limit for limit in limits)
