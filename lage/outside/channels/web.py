# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Channels that are services on the web: an SMS gateway, ntfy, Matrix.

Each says what its documentation says of refusals: 4xx is for good but for 408 and 429, and for 401
and 403, a key that the staff puts right; 429 may name when to come again, in ``Retry-After`` or,
with Matrix, in ``retry_after_ms``. The SMS gateway (form of seven.io) answers 200 also where it
refuses, with a number in the body: 100 is taken, 900 to 903 is a wrong key, 402 a repetition, 500
no credit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import httpx

from lage.outside.channels.channel import Later, Letter, Refused, sendable

TIMEOUT_S = 20.0
_TAKEN = "100"
_AGAIN = {"402", "500", "600", "900", "901", "902", "903"}  # a moment ago, no credit, carrier, key


class _Web:
    """A service that is asked by HTTP."""

    name = ""

    def __init__(self, address: str, transport: httpx.BaseTransport | None = None) -> None:
        if not address.startswith(("https://", "http://localhost", "http://127.0.0.1")):
            raise ValueError("an address with https://")
        self._address = address.rstrip("/")
        self._transport = transport

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """What the service answers; redirections are not followed. Raises Refused, Later."""
        try:
            with httpx.Client(timeout=TIMEOUT_S, transport=self._transport) as client:
                answer = client.request(method, f"{self._address}{path}", **request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Later(type(error).__name__) from error
        if answer.status_code in (401, 403, 408, 425, 429) or answer.status_code >= 500:
            raise Later(f"Antwort {answer.status_code}", _after(answer))
        if answer.status_code >= 300:
            raise Refused(f"Antwort {answer.status_code}")
        return answer


class Sms(_Web):
    """A gateway of the form of seven.io."""

    name = "sms"

    def __init__(
        self,
        key: str,
        sender: str = "",
        address: str = "https://gateway.seven.io/api",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(address, transport)
        sendable(key=key)
        self._key, self._sender = key, sender

    def send(self, letter: Letter) -> None:
        """Hand a letter to the gateway. Raises Refused, Later."""
        said = {"to": letter.to, "text": letter.text, "foreign_id": letter.id}
        if self._sender:
            said["from"] = self._sender
        answer = self.ask("POST", "/sms", data=said, headers={"X-Api-Key": self._key})
        code = answer.text.split()[0] if answer.text.split() else ""
        if code in _AGAIN:
            raise Later(f"Antwort {code}")
        if code != _TAKEN:
            raise Refused(f"Antwort {code[:8]}")


class Ntfy(_Web):
    """A topic on an ntfy server, to which people subscribe.

    Which servers there are is said by the staff alone: a letter to an address of any other is
    refused, so that nobody outside can have this computer call what he likes. The token is for the
    first.
    """

    name = "ntfy"

    def __init__(
        self,
        address: str = "https://ntfy.sh",
        token: str = "",
        others: Sequence[str] = (),
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(address, transport)
        sendable(token=token)
        elsewhere = {each.rstrip("/"): _Web(each, transport) for each in others}
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._servers: dict[str, _Web] = {self._address: self, **elsewhere}

    @property
    def servers(self) -> tuple[str, ...]:
        """Their addresses, the staff's own first."""
        return tuple(self._servers)

    def send(self, letter: Letter) -> None:
        """Publish a letter; ``to``: a topic, or one behind the address of a server and a slash.

        Raises Refused, Later.
        """
        address, _, topic = letter.to.rpartition("/")
        server = self._servers.get(address or self._address)
        if server is None or not topic:
            raise Refused("kein Server dieser Stelle")
        said = {"topic": topic, "title": letter.subject, "message": letter.text}
        if letter.leave:
            said["click"] = letter.leave
        server.ask("POST", "/", json=said, headers=self._headers if server is self else {})


class Matrix(_Web):
    """A room; the transaction id lets the server know a repetition."""

    name = "matrix"

    def __init__(
        self, address: str, token: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        super().__init__(address, transport)
        sendable(token=token)
        self._token = token

    def send(self, letter: Letter) -> None:
        """Say a letter in its room. Raises Refused, Later."""
        room = quote(letter.to, safe="")
        self.ask(
            "PUT",
            f"/_matrix/client/v3/rooms/{room}/send/m.room.message/{letter.id}",
            json={"msgtype": "m.text", "body": f"{letter.subject}\n{letter.text}"},
            headers={"Authorization": f"Bearer {self._token}"},
        )


def _after(answer: httpx.Response) -> float | None:
    """Seconds after which the service wants to be asked again, if it says so."""
    stated = answer.headers.get("retry-after", "")
    if stated.isdecimal() and len(stated) < 7:
        return float(stated)
    try:
        stated_ms = answer.json().get("retry_after_ms")
    except (ValueError, AttributeError):
        return None
    return stated_ms / 1000 if isinstance(stated_ms, int) and 0 <= stated_ms < 10**9 else None
