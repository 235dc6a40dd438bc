# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Before every page: headers that forbid what no page of ours does, limits, and whose name it is.

No script runs, nothing is loaded from elsewhere, no page may stand in a frame, no address of a page
is told to another place. Nothing is written down of who asked for what.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_MAX = 32 * 1024
"""Bytes of what anybody may send in one request."""
PATH_MAX = 2048
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NO_STORE = "no-store"
RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class Guard:
    """The middleware around everything."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], elsewhere: str = "") -> None:
        """``hosts``: the names under which this place is called. ``elsewhere``: where a call under
        another name is sent (a phone in our WLAN that wants the internet); empty: refused."""
        self._app = app
        self._hosts = {host.lower() for host in hosts}
        self._elsewhere = elsewhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                if all(name != b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", NO_STORE.encode()))
                message = {**message, "headers": [*headers, *RAW]}
            await send(message)

        refused = self._refusal(scope)
        if refused:
            await _answer(with_headers, *refused)
            return
        await self._app(scope, _Limited(receive), with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, bytes, str] | tuple[int, bytes] | None:
        headers = dict(scope["headers"])
        if len(scope["raw_path"]) + len(scope["query_string"]) > PATH_MAX:
            return 414, b"Die Adresse ist zu lang."
        if not self._ours(headers.get(b"host", b"").decode("latin-1")):
            if self._elsewhere and scope["method"] in ("GET", "HEAD"):
                return 302, b"", self._elsewhere
            return 421, b"Unter diesem Namen gibt es hier nichts."
        length = headers.get(b"content-length", b"0")
        if not length.isdigit():
            return 400, b"Die Anfrage ist nicht zu verstehen."
        if int(length) > BODY_MAX:
            return 413, b"Das ist zu viel auf einmal."
        return None

    def _ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        name = name.rstrip(".").lower()
        return name in self._hosts or (bool(self._elsewhere) and _is_address(name))


def _is_address(name: str) -> bool:
    """Whether this computer is called by a number, as its own screen and worried people do."""
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


class TooLarge(HTTPException):
    """More came than was said, or than is taken; the application answers it, as it alone knows
    what it has answered already."""

    def __init__(self) -> None:
        super().__init__(413)


class _Limited:
    """What a request brings, up to the limit; its stated length may be wrong or missing."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > BODY_MAX:
            raise TooLarge
        return message


async def _answer(send: Send, status: int, body: bytes, location: str = "") -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    headers.append((b"content-length", str(len(body)).encode()))
    if location:
        headers.append((b"location", location.encode("latin-1")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
