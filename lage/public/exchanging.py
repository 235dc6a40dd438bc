# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The door for the staff's node, where it stands on another computer: ``POST /knoten/abgleich``.

Before anything is read, the header proves that the node has signed this very question; anybody else
is refused without a look. Then it counts if it is newer than all before (``lage.kinds.exchange``).
What it brings for everybody is laid into the Aushang as a node on this computer would lay it.
"""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from lage.kinds import exchange
from lage.kinds.exchange import Ask, Reply, digest
from lage.kinds.outside import Unreadable
from lage.language.errors import LageError
from lage.public.board_file import SIZE_MAX
from lage.views import board, chart

READERS = {board.FILE: board.from_json, chart.FILE: chart.from_json}
"""Files of the Aushang, and what proves that one is whole."""
_REFUSED = {403: b"no", 409: b"", 413: b"too much", 422: b"not understood", 503: b"later"}


class Back(Protocol):
    """What the node may do here; ``lage.store.counterpart`` fulfils this."""

    @property
    def key(self) -> bytes:
        """The node's public key; empty: none is connected. Raises LageError."""

    def newer(self, number: int) -> int | None:
        """Accept a number; the last one where it is not greater. Raises LageError."""

    def take(self, ask: Ask, unix: int, files: Mapping[str, bytes]) -> Reply:
        """Do what the node says, durable when it returns. Raises LageError."""


class Refused(Exception):
    """A question that is not answered."""

    def __init__(self, status: int, body: bytes = b"") -> None:
        super().__init__(status)
        self.status, self.body = status, body or _REFUSED[status]


class Door:
    """Before everything else: a question of the node, or passed on."""

    def __init__(self, app: ASGIApp, back: Back, folder: Path, clock: Callable[[], float]) -> None:
        """``folder``: of the Aushang."""
        self._app, self._back, self._folder, self._clock = app, back, folder, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != exchange.PATH:
            await self._app(scope, receive, send)
            return
        try:
            number, checksum = await self._admitted(scope)
            body = await _body(receive)
            if not exchange.fits(body, checksum):
                raise Refused(403)
            status, said = 200, await run_in_threadpool(self._answer, number, body)
        except Refused as refused:
            status, said = refused.status, refused.body
        except LageError:
            status, said = 503, _REFUSED[503]
        headers = [
            (b"content-type", b"application/octet-stream"),
            (b"content-length", str(len(said)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": said})

    async def _admitted(self, scope: Scope) -> tuple[int, str]:
        """Number and checksum of what is to come. Raises Refused, LageError."""
        found = [v for k, v in scope["headers"] if k == exchange.HEADER.encode()]
        if scope["method"] != "POST" or len(found) != 1:
            raise Refused(403)
        key = await run_in_threadpool(lambda: self._back.key)
        try:
            return exchange.check_header(found[0].decode("latin-1"), key)
        except Unreadable as error:
            raise Refused(403) from error

    def _answer(self, number: int, body: bytes) -> bytes:
        # only now: a proxy before us tells nobody what is answered before it has sent everything
        last = self._back.newer(number)
        if last is not None:
            raise Refused(409, str(last).encode())
        try:
            ask = exchange.read_ask(body)
        except Unreadable as error:
            raise Refused(422) from error
        for name, packed in ask.files.items():
            self._lay(name, packed)
        reply = self._back.take(ask, int(self._clock()), self._files())
        return exchange.pack_reply(reply)

    def _lay(self, name: str, packed: bytes) -> None:
        """A file of the Aushang, whole at any moment, for everybody to read."""
        unpacking = zlib.decompressobj(31)
        try:
            content = unpacking.decompress(packed, SIZE_MAX)
            if unpacking.unconsumed_tail or name not in READERS:
                raise Refused(422)
            READERS[name](content)
            self._folder.mkdir(parents=True, exist_ok=True)
            new = self._folder / f".{name}.{secrets.token_hex(4)}"
            new.write_bytes(content)
            new.chmod(0o644)
            os.replace(new, self._folder / name)
        except (zlib.error, ValueError) as error:
            raise Refused(422) from error
        except OSError as error:
            raise Refused(503) from error

    def _files(self) -> dict[str, bytes]:
        """Digests of what lies there."""
        found = {}
        for name in READERS:
            path = self._folder / name
            if path.exists():
                found[name] = digest(path.read_bytes())
        return found


async def _body(receive: Receive) -> bytes:
    """All of it. Raises Refused where it is too much, or ends too soon."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(422)
        parts.append(message.get("body", b""))
        if sum(map(len, parts)) > exchange.ASK_MAX:
            raise Refused(413)
        if not message.get("more_body", False):
            return b"".join(parts)
