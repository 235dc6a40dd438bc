# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forms without cookies: each carries a ticket that this place gave out, signed with its hour.

A page of a stranger cannot make one (it cannot read ours), so it cannot have a visitor's browser
hand something in; and what is sent twice, because somebody pressed twice or the network broke, has
the same ticket and is one. Of a puzzle's answer the form holds a mark that only we can make.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect, Request

from lage.language.plain import plain

FIELDS_MAX = 100
GOOD_S = 12 * 3600
"""How long a form may lie open."""
TRAP = "homepage"
"""A field that people do not see; what fills it in is a program."""


class NotOurForm(ValueError):
    """What came is no form of ours, or one that lay open for too long."""


class WrongSum(NotOurForm):
    """It is our form, and its puzzle was not solved: nobody may try all sums on it."""

    def __init__(self, ticket: str) -> None:
        super().__init__("wrong sum")
        self.ticket = ticket


@dataclass(frozen=True, slots=True)
class Token:
    """What a form carries."""

    ticket: str
    made: int
    sum: int | None = None  # answer of its puzzle; None: it has none


def sign(token: Token, secret: bytes) -> str:
    """A token as it stands in a form."""
    said = f"{token.ticket}.{token.made}.{_puzzle(token, secret)}"
    return f"{said}.{_mac(said, secret)}"


def read(text: str, typed: str, secret: bytes, now: float) -> Token:
    """The token of a form, where it is ours, fresh, and its puzzle is solved by what was typed.

    Raises NotOurForm, WrongSum.
    """
    said, _, mac = text[:200].rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(said, secret).encode()):
        raise NotOurForm("not signed by us")
    ticket, made, puzzle = said.split(".")
    if not -60 <= now - int(made) <= GOOD_S:
        raise NotOurForm("too old")
    if not puzzle:
        return Token(ticket, int(made))
    token = Token(ticket, int(made), int(typed) if typed.isdecimal() and len(typed) < 4 else -1)
    if not hmac.compare_digest(puzzle, _puzzle(token, secret)):
        raise WrongSum(ticket)
    return token


def _puzzle(token: Token, secret: bytes) -> str:
    """The mark of a puzzle's answer; empty: there is none."""
    return "" if token.sum is None else _mac(f"{token.ticket}.{token.made}={token.sum}", secret)


def _mac(said: str, secret: bytes) -> str:
    return hashlib.blake2b(said.encode(), key=secret[:32], digest_size=16).hexdigest()


def from_elsewhere(request: Request) -> bool:
    """Whether a browser says that another place's page sends this.

    Our own pages tell nobody where they were (``Referrer-Policy``), so their origin is ``null``.
    """
    if request.headers.get("sec-fetch-site", "") in ("cross-site", "same-site"):
        return True
    origin = request.headers.get("origin", "null")
    try:
        netloc = urlsplit(origin).netloc
    except ValueError:
        return True
    return origin != "null" and netloc.lower() != request.headers.get("host", "").lower()


async def fields_of(request: Request) -> Mapping[str, list[str]]:
    """What was typed: each text in one line, without what cannot be seen. Raises NotOurForm."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise NotOurForm("no form")
    try:
        body = await request.body()
    except ClientDisconnect as error:
        raise NotOurForm("gone before it was whole") from error
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_MAX,
            errors="replace",
        )  # fmt: skip
    except ValueError as error:
        raise NotOurForm("no form") from error
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        said = " ".join(plain(text).split())
        # staffs write "?" for what is not known: from a form it would empty a field of theirs
        found.setdefault(name, []).append("" if said == "?" else said)
    return found


def number_of(text: str) -> int | None:
    """A number; None where nothing was typed. Raises ValueError."""
    if not text:
        return None
    if not (text.isdecimal() and len(text) <= 6):
        raise ValueError(text[:20])
    return int(text)
