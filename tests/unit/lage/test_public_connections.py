# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A real server and a telephone that only holds connections: the others are served."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra [portal] is not installed")
import uvicorn

from lage.public import connections
from lage.public.board_file import BoardFile
from lage.public.brakes import device_of
from lage.public.server import configured, open_socket
from lage.public.site import Role, Site

HALF = (b"POST /de/notruf/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\na=")  # fmt: skip


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Of a server that runs."""
    site = Site(Role.INFOPUNKT, "Dorenkamp", "http://127.0.0.1", BoardFile(tmp_path), time.time)
    opened = open_socket("127.0.0.1", 0)
    server = uvicorn.Server(configured(site))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
    thread.start()
    yield int(opened.getsockname()[1])
    server.should_exit = True
    thread.join()


def test_a_telephone_that_holds_connections_shuts_nobody_out(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold so many; those with nothing or half a request on them are dropped."""
    monkeypatch.setattr(connections, "DEVICE_MAX", 3)
    monkeypatch.setattr(connections, "PATIENCE_S", 0.3)
    held = [socket.create_connection(("127.0.0.1", port), 60) for _ in range(8)]
    held[0].sendall(HALF)
    held[1].sendall(HALF[:20])
    other = http.client.HTTPConnection("127.0.0.1", port, 60, source_address=("127.0.0.2", 0))
    other.request("GET", "/captive-portal/api")
    assert other.getresponse().status == 200
    other.close()
    for each in held:
        with suppress(ConnectionResetError):
            while each.recv(4096):  # until the server lets go; the socket's own limit is a minute
                pass
        each.close()


def test_who_counts_as_one_device() -> None:
    """An IPv6 network is one; the Infopunkt's own computer, where a helper types, is none."""
    addresses = ("2001:db8::1", "2001:db8::2:7", "2001:db8::ffff")
    assert len({device_of(address, Role.PORTAL) for address in addresses}) == 1
    assert device_of("127.0.0.1", Role.INFOPUNKT) == ""
    assert device_of("127.0.0.1", Role.PORTAL) == "127.0.0.1"
    assert device_of("fe80::1%wlan0", Role.INFOPUNKT) == "fe80::/64"
