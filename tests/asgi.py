# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ask a web application in memory: no port, no server, no waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def ask(
    app: Any,
    path: str,
    *,
    method: str = "GET",
    host: str = "infopunkt.lan",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    client: str = "10.0.0.7",
) -> Answer:
    """One request in a started application, which is then ended."""
    return asyncio.run(asked(app, path, method, host, headers or {}, body, client))


async def asked(
    app: Any,
    path: str,
    method: str,
    host: str,
    headers: Mapping[str, str],
    body: bytes,
    client: str,
) -> Answer:
    """The same within a running loop."""
    to_app: asyncio.Queue[Any] = asyncio.Queue()
    from_app: asyncio.Queue[Any] = asyncio.Queue()
    life = asyncio.create_task(app({"type": "lifespan", "state": {}}, to_app.get, from_app.put))
    await to_app.put({"type": "lifespan.startup"})
    assert (await from_app.get())["type"] == "lifespan.startup.complete"
    answer = await one(app, path, method, host, headers, body, client)
    await to_app.put({"type": "lifespan.shutdown"})
    await life
    return answer


async def one(
    app: Any,
    path: str,
    method: str = "GET",
    host: str = "infopunkt.lan",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    client: str = "10.0.0.7",
) -> Answer:
    """One request of an application that runs already."""
    address = urlsplit(path)
    given = {"host": host, "content-length": str(len(body)), **(headers or {})}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": address.path, "raw_path": address.path.encode(),
        "query_string": address.query.encode(), "root_path": "",
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in given.items()],
        "client": (client, 40000), "server": (host, 80), "state": {},
    }  # fmt: skip
    sent: list[Any] = []
    coming = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Any:
        return next(coming, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    found = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], found, b"".join(m.get("body", b"") for m in sent[1:]))
