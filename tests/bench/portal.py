# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many readers the public pages bear: ``python -m tests.bench portal [--json]``.

One process of the portal hands out its finished pages; beside it a bare server reads the same pages
as files, laid out as for nginx, and does nothing else; nginx too where it is installed. Each is
asked the same bounded number of times over as many connections, one after the other in one run:
what counts is the ratio, and that no answer was anything but the page.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from tests.public_board import lay

REQUESTS = 20_000
CONNECTIONS = 32
PATHS = ("de/index.html", "ar/wasser/index.html", "uk/hilfe/index.html")
PATIENCE_S = 60.0
NGINX = """daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{ access_log off; gzip_static on; types {{ text/html html; }} keepalive_requests 1000000;
client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
uwsgi_temp_path {folder}; scgi_temp_path {folder};
server {{ listen 127.0.0.1:{port}; root {pages}; }} }}
"""


class _Reader(asyncio.Protocol):
    """One connection that asks again as soon as it has been answered whole."""

    def __init__(self, load: _Load) -> None:
        self._load, self._left, self._head = load, 0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def _ask(self) -> None:
        request = self._load.next()
        if request is None:
            self._transport.close()
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._left:
            self._left -= len(data)
        else:
            self._head += data
            head, end, body = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            self._head = b""
            lower = head.lower()
            self._load.answers += lower.split(b"\r\n", 1)[0].endswith(b" 200 ok")
            at = lower.index(b"content-length:") + 15
            self._left = int(lower[at:].split(b"\r\n", 1)[0]) - len(body)
        if self._left == 0:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.gone()


class _Load:
    """So many requests over so many connections."""

    def __init__(self, requests: Sequence[bytes], total: int) -> None:
        self._requests, self._total, self._asked = requests, total, 0
        self.answers = 0
        self._open = CONNECTIONS
        self.finished = asyncio.Event()

    def next(self) -> bytes | None:
        """What to ask next; None when all has been asked."""
        if self._asked >= self._total:
            return None
        self._asked += 1
        return self._requests[self._asked % len(self._requests)]

    def gone(self) -> None:
        """A connection has ended."""
        self._open -= 1
        if not self._open:
            self.finished.set()


async def _load(port: int, host: str, folders: bool, total: int) -> tuple[float, int]:
    """Seconds, and answers that were a page."""
    requests = [
        f"GET /{path.removesuffix('index.html') if folders else path} HTTP/1.1\r\nHost: {host}\r\n"
        "Accept-Encoding: gzip\r\n\r\n".encode()
        for path in PATHS
    ]
    load = _Load(requests, total)
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: _Reader(load), "127.0.0.1", port)
    await asyncio.wait_for(load.finished.wait(), PATIENCE_S)
    return time.perf_counter() - start, load.answers


def _rate(port: int, host: str, *, folders: bool) -> dict[str, Any]:
    import uvloop

    uvloop.run(_load(port, host, folders, REQUESTS // 10))  # to warm up
    seconds, answers = uvloop.run(_load(port, host, folders, REQUESTS))
    return {"per_second": round(REQUESTS / seconds), "wrong": REQUESTS - answers}


class _Bare(asyncio.Protocol):
    """Reads the file that is asked for and sends it: the least a file server does."""

    def __init__(self, pages: Path) -> None:
        self._pages = pages

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        path = data.split(b" ", 2)[1].decode().lstrip("/")
        with open(self._pages / f"{path}.gz", "rb") as file:
            body = file.read()
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
            "Content-Encoding: gzip\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)


def _serve_bare(opened: socket.socket, pages: Path) -> None:
    import uvloop

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: _Bare(pages), sock=opened)
        await server.serve_forever()

    uvloop.run(run())


@contextmanager
def _portal(board: Path, pages: Path) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "lage", "portal", "starten", "--aushang", str(board), "--name",
         "Kreis", "--port", "0", "--erreichbar", "http://portal.example", "--seiten", str(pages)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().rpartition("Port ")[2].strip(")\n"))
        _wait(lambda: (pages / "uk/hilfe/index.html.gz").exists())
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _bare(pages: Path) -> Iterator[int]:
    opened = socket.create_server(("127.0.0.1", 0), backlog=512)
    process = multiprocessing.get_context("fork").Process(target=_serve_bare, args=(opened, pages))
    process.start()
    try:
        yield opened.getsockname()[1]
    finally:
        process.terminate()
        process.join()


@contextmanager
def _nginx(program: str, pages: Path, folder: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, pages=pages))
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        _wait(lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.05)


def measure() -> dict[str, Any]:
    """Answers a second of each server, and the portal's share of the bare one's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        pages = folder / "seiten"
        lay(folder / "aushang", int(time.time()))
        found: dict[str, Any] = {"requests": REQUESTS, "connections": CONNECTIONS}
        with _portal(folder / "aushang", pages) as port:
            found["portal"] = _rate(port, "portal.example", folders=True)
        with _bare(pages) as port:
            found["bare_file_server"] = _rate(port, "x", folders=False)
        if program := shutil.which("nginx"):
            with _nginx(program, pages, folder) as port:
                found["nginx"] = _rate(port, "x", folders=False)
    found["portal_to_bare"] = round(
        found["portal"]["per_second"] / found["bare_file_server"]["per_second"], 2
    )
    return found


def main(argv: list[str]) -> int:
    """Print them; 1 where an answer was no page."""
    parser = argparse.ArgumentParser(prog="tests.bench portal")
    parser.add_argument("--json", action="store_true")
    machine = parser.parse_args(argv).json
    found = measure()
    print(
        json.dumps(found, indent=2) if machine else "\n".join(f"{k}: {v}" for k, v in found.items())
    )
    servers = [value for value in found.values() if isinstance(value, dict)]
    return 1 if any(server["wrong"] for server in servers) else 0
