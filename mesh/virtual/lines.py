# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where clients plug in to a virtual radio: a TCP port or a pseudo-terminal, under asyncio.

Both lines do the same: report bytes, report that the client is gone, write bytes without ever
blocking, vanish and come back when the radio restarts. As with real radios a second TCP client
closes the first, and on a serial line nobody notices a client that merely goes away.

Limits: ``UNREAD_MAX`` bytes wait for a client that does not read; TCP then hangs up, a serial
line loses the newest bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

UNREAD_MAX = 1 << 18

OnData = Callable[["Line", bytes], None]
OnGone = Callable[["Line"], None]


class NoPseudoTerminal(RuntimeError):
    """The operating system has no pseudo-terminals."""


class Line(Protocol):
    """One way into a virtual radio."""

    is_serial: bool

    async def open(self) -> None:
        """Appear, under the same name as before."""

    async def close(self) -> None:
        """Vanish; whoever is connected sees the line go dead."""

    def write(self, data: bytes) -> None:
        """Send to the client, if there is one."""

    def hang_up(self) -> None:
        """Drop the client but stay open for the next."""


class TcpLine:
    """A listening TCP port that serves one client at a time."""

    is_serial = False

    def __init__(
        self, host: str, port: int, on_data: OnData, on_gone: OnGone, idle_timeout_s: float
    ) -> None:
        """Port 0 takes a free one, which then stays; ``idle_timeout_s`` is in real seconds."""
        self.host, self.port = host, port
        self._on_data, self._on_gone = on_data, on_gone
        self._idle_timeout_s = idle_timeout_s
        self._server: asyncio.Server | None = None
        self._client: _TcpClient | None = None

    async def open(self) -> None:
        """Listen; OSError if the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _TcpClient(self), self.host, self.port, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and drop the client."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.hang_up()

    def write(self, data: bytes) -> None:
        """Send to the client; one that reads too slowly is dropped."""
        if self._client is not None and self._client.transport is not None:
            self._client.transport.write(data)
            if self._client.transport.get_write_buffer_size() > UNREAD_MAX:
                self.hang_up()

    def hang_up(self) -> None:
        """Drop the client."""
        client, self._client = self._client, None
        if client is not None:
            client.drop()
            self._on_gone(self)

    # -- called by the client's protocol ---

    def joined(self, client: _TcpClient) -> None:
        """A client connected: it replaces the one before (firmware ServerAPI.cpp)."""
        self.hang_up()
        self._client = client

    def left(self, client: _TcpClient) -> None:
        """A client's connection ended."""
        if client is self._client:
            self._client = None
            self._on_gone(self)

    def received(self, client: _TcpClient, data: bytes) -> None:
        """Bytes of the present client; those of a replaced one are ignored."""
        if client is self._client:
            self._on_data(self, data)

    @property
    def idle_timeout_s(self) -> float:
        """How long a client may be silent."""
        return self._idle_timeout_s


class _TcpClient(asyncio.Protocol):
    def __init__(self, line: TcpLine) -> None:
        self.transport: asyncio.Transport | None = None
        self._line = line
        self._idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._line.joined(self)
        self._rearm()

    def data_received(self, data: bytes) -> None:
        self._rearm()
        self._line.received(self, data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._line.left(self)

    def drop(self) -> None:
        """Close at once; a client that does not read is not waited for."""
        if self.transport is None:
            return
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    def _rearm(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self._line.idle_timeout_s, self.drop)


class PtyLine:
    """A pseudo-terminal; its name changes with every restart, so ``link`` points to it."""

    is_serial = True

    def __init__(self, link: Path | None, on_data: OnData, on_gone: OnGone) -> None:
        """``link`` is a symbolic link to keep, or None; NoPseudoTerminal where there are none."""
        if sys.platform == "win32":
            raise NoPseudoTerminal
        self._link = link
        self._on_data, self._on_gone = on_data, on_gone
        self._master = self._slave = -1
        self._unsent = bytearray()
        self._name = ""
        self.lost_bytes = 0

    @property
    def device(self) -> str:
        """What to give a client as serial device; while it is away, what it was last."""
        return str(self._link) if self._link is not None else self._name

    async def open(self) -> None:
        """Create the terminal and point the link to it."""
        import tty

        self._master, self._slave = os.openpty()
        self._name = os.ttyname(self._slave)
        tty.setraw(self._slave)  # no echo before a client has set the line up
        os.set_blocking(self._master, False)
        asyncio.get_running_loop().add_reader(self._master, self._readable)
        if self._link is not None:
            fresh = self._link.with_name(self._link.name + ".neu")
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()
            fresh.symlink_to(self._name)
            fresh.replace(self._link)

    async def close(self) -> None:
        """Unplug: the client's next read or write fails."""
        if self._master < 0:
            return
        if self._link is not None:
            with contextlib.suppress(FileNotFoundError):
                self._link.unlink()
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._master)
        loop.remove_writer(self._master)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1
        self._unsent.clear()
        self._on_gone(self)

    def write(self, data: bytes) -> None:
        """Send; bytes that nobody reads are lost when too many wait."""
        if self._master < 0:
            return
        if len(self._unsent) + len(data) > UNREAD_MAX:
            self.lost_bytes += len(data)
            return
        self._unsent += data
        self._flush()

    def hang_up(self) -> None:
        """A serial line cannot drop its client; what waits for it is discarded."""
        self._unsent.clear()

    def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._unsent:
                sent = os.write(self._master, self._unsent)
                del self._unsent[:sent]
        except BlockingIOError:
            loop.add_writer(self._master, self._flush)
            return
        loop.remove_writer(self._master)

    def _readable(self) -> None:
        try:
            data = os.read(self._master, 4096)
        except BlockingIOError:
            return
        if data:
            self._on_data(self, data)


async def opened(line: TcpLine | PtyLine) -> bool:
    """Whether a line could be opened."""
    try:
        await line.open()
    except OSError:
        return False
    return True
