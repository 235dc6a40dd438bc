# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may look at the wall: one password, sessions, and a brake on guessing. No I/O.

Guesses are counted by network address (IPv6: the /64, which one household or attacker has whole).
Whoever guesses wrong too often waits, twice as long each time, and even the right password is not
looked at while waiting. A second brake counts wrong guesses of all addresses together, because a
hostile neighbour may have many addresses. ``now`` is in milliseconds of any steady clock.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

PASSWORD_VARIABLE = "LAGE_WAND_KENNWORT"  # noqa: S105 - its name, not its value
PASSWORD_MIN = 8
FREE_GUESSES = 5
FIRST_WAIT_MS = 30_000
LONGEST_WAIT_MS = 15 * 60_000
FORGET_MS = 60 * 60_000
ADDRESSES_MAX = 1_000
ALL_GUESSES_MAX = 60
"""Wrong guesses of everybody within a minute."""
MINUTE_MS = 60_000
SESSIONS_MAX = 50
SESSION_MS = 14 * 24 * 60 * 60_000
"""A wall shows for as long as a flood lasts."""


class Answer(enum.Enum):
    """What came of a try to log in."""

    WELCOME = "welcome"
    WRONG = "wrong"
    WAIT = "wait"


@dataclass(slots=True)
class _Guesser:
    wrong: int = 0
    last: int = 0
    free_at: int = 0


class Gate:
    """Password, sessions, and the brakes."""

    def __init__(self, password: str, new_token: Callable[[], str]) -> None:
        """``new_token`` gives a secret nobody can guess; one also keys the password's digest."""
        self._key = new_token().encode()
        self._password = self._digest(password)
        self._new_token = new_token
        self._guessers: OrderedDict[str, _Guesser] = OrderedDict()
        self._recent: deque[int] = deque(maxlen=ALL_GUESSES_MAX)
        self._sessions: OrderedDict[bytes, int] = OrderedDict()  # digest of the token -> until

    def enter(self, password: str, address: str, now: int) -> tuple[Answer, str]:
        """Try a password; with WELCOME comes the token of a new session."""
        if self.wait_ms(address, now):
            return Answer.WAIT, ""
        if not hmac.compare_digest(self._digest(password), self._password):
            self._count(network_of(address), now)
            return Answer.WRONG, ""
        self._guessers.pop(network_of(address), None)
        token = self._new_token()
        self._sessions[self._digest(token)] = now + SESSION_MS
        while len(self._sessions) > SESSIONS_MAX:
            self._sessions.popitem(last=False)
        return Answer.WELCOME, token

    def wait_ms(self, address: str, now: int) -> int:
        """How long this address has to wait before its next guess."""
        guesser = self._guessers.get(network_of(address))
        own = max(0, guesser.free_at - now) if guesser else 0
        full = len(self._recent) == ALL_GUESSES_MAX
        return max(own, self._recent[0] + MINUTE_MS - now if full else 0)

    def admits(self, token: str, now: int) -> bool:
        """Whether a token belongs to a session that is still good."""
        return self._sessions.get(self._digest(token), 0) > now

    def _count(self, network: str, now: int) -> None:
        guesser = self._guessers.pop(network, None)
        if guesser is None or now - guesser.last > FORGET_MS:
            guesser = _Guesser()
        self._guessers[network] = guesser  # the latest last
        if len(self._guessers) > ADDRESSES_MAX:
            self._guessers.popitem(last=False)
        guesser.wrong += 1
        guesser.last = now
        over = guesser.wrong - FREE_GUESSES
        if over >= 0:
            guesser.free_at = now + min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(over, 16))
        self._recent.append(now)

    def _digest(self, text: str) -> bytes:
        # Equal length whatever was typed, so that comparing tells nothing but equal or not.
        return hashlib.blake2b(text.encode("utf8", "surrogatepass"), key=self._key[:64]).digest()


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "?"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))
        parsed = parsed.ipv4_mapped
    return str(parsed)


def known_host(host: str, names: Collection[str]) -> bool:
    """Whether a request means this computer: by an address, as ``localhost``, or by its names.

    A page of a stranger's name that is made to point here (DNS rebinding, CWE-350) would count as
    this host's own; with an address in place of a name nothing can be made to point elsewhere.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    name = name.rstrip(".").lower()
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        own = {known.lower() for known in names} | {"localhost"}
        return name in own or name.removesuffix(".local") in own
    return True


def same_origin(origin: str | None, host: str) -> bool:
    """Whether a page of this very host asks. Browsers always say where a websocket comes from.

    Cross-site pages could otherwise open one with the viewer's session (CWE-1385).
    """
    if not origin:
        return False
    try:
        parts = urlsplit(origin)
        return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
    except ValueError:
        return False
