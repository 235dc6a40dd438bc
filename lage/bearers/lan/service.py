# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The bearer over TCP: listens, dials fixed addresses and whom it is told of, and dials again.

One thread of its own runs all connections (``asyncio``); the node's thread hands messages in and
takes events out. A peer that is silent for half a minute is gone, whatever TCP believes of a pulled
cable.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zeroconf import NonUniqueNameException

from lage.bearers.bearer import MESSAGE_MAX, Arrived, BearerEvent, Closed, Opened, Troubled
from lage.bearers.lan.address import Address
from lage.bearers.lan.discovery import Finder
from lage.bearers.lan.tls import contexts, peer_key
from lage.bearers.terms import CABLE
from lage.language.errors import why

LOGGER = logging.getLogger("lage.bearers")
CONNECT_S = 5.0
HANDSHAKE_S = 10.0
CLOSE_S = 2.0
BEAT_S = 10.0
"""A silent side says so often that it is there."""
SILENT_S = 30.0
AGAIN_S = (2.0, 60.0)
"""Between vain attempts, doubling."""
PEERS_MAX = 128
SHAKING_MAX = 32
"""Connections that are not through their handshake."""
OUT_MAX = 4
"""Messages of at most 256 kB that wait for a slow peer."""
IN_MAX = 8
"""Messages of a peer that the node has not looked at: then TCP makes it wait."""


@dataclass(eq=False)
class _Peer:
    number: int
    writer: asyncio.StreamWriter
    outgoing: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    unread: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_MAX))
    waiting: int = 0  # messages handed in and not written yet; under the lock


class Lan:
    """TCP with mutual TLS; a ``Bearer``."""

    terms = CABLE

    def __init__(
        self,
        folder: Path,
        sign: Ed25519PrivateKey,
        network_id: bytes,
        listen: Address | None,
        addresses: Iterable[Address],
        wake: Callable[[], None],
        finder: Finder | None = None,
    ) -> None:
        """``listen`` None: only dial. Raises OSError where the folder cannot be written."""
        self._finder = finder
        self._serving, self._dialling = contexts(folder, sign, network_id)
        self._own_key = sign.public_key().public_bytes_raw()
        self._listen, self._first, self._wake = listen, tuple(addresses), wake
        self._lock = threading.Lock()
        self._peers: dict[int, _Peer] = {}  # under the lock
        self._events: deque[BearerEvent] = deque()  # under the lock
        self._numbers = 0
        self._dialled: set[Address] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._shaking: dict[asyncio.Task[None], socket.socket] = {}  # the oldest first
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        self.port: int | None = None  # where we listen; None before and without

    # --- the node's side ------------------------------------------------------------------------

    @property
    def listening(self) -> str:
        """Host and port."""
        if self._listen is None or self.port is None:
            return ""
        return str(Address(self._listen.host, self.port))

    def start(self) -> None:
        """Listen and dial."""
        self._thread = threading.Thread(target=self._run, name="lan", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End all connections and the thread."""
        if self._finder is not None:
            self._finder.stop()
        if self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._thread = None

    def dial(self, address: Address) -> None:
        """Reach whoever is there, now and whenever the connection is lost."""
        self._on_loop(self._begin_dialling, address)

    def forget(self, address: Address) -> None:
        """Nobody is to be reached there any more; what is connected stays."""
        self._on_loop(self._dialled.discard, address)

    def _on_loop(self, work: Callable[[Address], object], address: Address) -> None:
        with contextlib.suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(work, address)

    def take_events(self) -> list[BearerEvent]:
        """What happened since the last call."""
        with self._lock:
            found = list(self._events)
            self._events.clear()
            read = [self._peers.get(e.peer) for e in found if isinstance(e, Arrived)]
        for peer in filter(None, read):
            self._loop.call_soon_threadsafe(peer.unread.release)
        return found

    def room(self, peer: int) -> bool:
        """Whether that peer can take a message now."""
        with self._lock:
            known = self._peers.get(peer)
            return known is not None and known.waiting < OUT_MAX

    def send(self, peer: int, message: bytes) -> None:
        """Carry a message."""
        assert 0 < len(message) <= MESSAGE_MAX
        with self._lock:
            known = self._peers.get(peer)
            if known is None:
                return
            known.waiting += 1
        self._loop.call_soon_threadsafe(known.outgoing.put_nowait, message)

    def close(self, peer: int) -> None:
        """Let go of that peer."""
        with self._lock:
            known = self._peers.get(peer)
        if known is not None:
            self._loop.call_soon_threadsafe(known.writer.transport.abort)

    # --- the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._spawn(self._serve())
        for address in self._first:
            self._begin_dialling(address)
        self._loop.run_forever()
        for task in tuple(self._tasks):
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _serve(self) -> None:
        """Listen; where that cannot be done, because another program has the port or the VPN is
        not there yet, again and again."""
        if self._listen is None:
            return
        wait, told = AGAIN_S[0], ""
        while True:
            try:
                listening = socket.create_server(
                    self._listen.pair,
                    family=self._listen.family,
                    dualstack_ipv6=self._listen.family is socket.AF_INET6
                    and self._listen.everywhere,
                )
                break
            except OSError as error:
                sentence = f"Auf {self._listen} ist nicht zu horchen: {why(error)}."
                if sentence != told:
                    self._tell(Troubled(str(self._listen), sentence))
                told = sentence
            await asyncio.sleep(wait)
            wait = min(AGAIN_S[1], 2 * wait)
        self.port = listening.getsockname()[1]
        self._tell(Troubled(str(self._listen), ""))
        await self._find(self.port)
        with listening:
            listening.setblocking(False)
            await self._accept(listening)

    async def _accept(self, listening: socket.socket) -> None:
        """Whoever does not get through the handshake makes room for others: a stranger must not
        use up what a process may have open."""
        shaking = self._shaking
        while True:
            try:
                connection, _ = await self._loop.sock_accept(listening)
            except OSError as error:
                LOGGER.info("accepting: %s", error)
                await asyncio.sleep(1.0)
                continue
            if len(shaking) >= SHAKING_MAX:
                with contextlib.suppress(OSError):  # it has gone by itself
                    shaking.pop(next(iter(shaking))).shutdown(socket.SHUT_RDWR)
                await asyncio.sleep(0.01)  # until it is closed
            task = self._spawn(self._answer(connection))
            shaking[task] = connection
            task.add_done_callback(lambda ended: shaking.pop(ended, None))

    async def _find(self, port: int) -> None:
        """Discovery is a help: where it cannot be had, addresses do."""
        if self._finder is None:
            return
        try:
            await asyncio.to_thread(self._finder.start, port, self.dial, self.forget)
        except (OSError, NonUniqueNameException) as error:
            reason = why(error) if isinstance(error, OSError) else "der Name ist vergeben"
            self._tell(Troubled("Suche", f"Andere sind hier nicht zu finden: {reason}."))

    async def _answer(self, connection: socket.socket) -> None:
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        try:
            host, port = connection.getpeername()[:2]
            transport, _ = await self._loop.connect_accepted_socket(
                lambda: protocol,
                connection,
                ssl=self._serving,
                ssl_handshake_timeout=HANDSHAKE_S,
                ssl_shutdown_timeout=CLOSE_S,
            )
        except OSError as error:  # TLS errors are such, too
            LOGGER.info("handshake: %s", error)
            return
        task = asyncio.current_task()
        assert task is not None
        self._shaking.pop(task, None)
        writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)
        await self._talk(reader, writer, Address.of(host, port), dialled=False)

    def _begin_dialling(self, address: Address) -> None:
        if address not in self._dialled and len(self._dialled) < PEERS_MAX:
            self._dialled.add(address)
            self._spawn(self._keep_dialling(address))

    async def _keep_dialling(self, address: Address) -> None:
        wait, told = AGAIN_S[0], ""
        while address in self._dialled:
            said = ""
            try:
                async with asyncio.timeout(CONNECT_S + HANDSHAKE_S):
                    reader, writer = await asyncio.open_connection(
                        *address.pair,
                        ssl=self._dialling,
                        ssl_handshake_timeout=HANDSHAKE_S,
                        ssl_shutdown_timeout=CLOSE_S,
                    )
            except ssl.SSLError:
                said = f"Wer auf {address} antwortet, gehört nicht zu diesem Netz."
            except (OSError, TimeoutError) as error:
                said = f"{address} ist nicht erreichbar: {_reason(error)}."
            else:
                began = self._loop.time()
                await self._talk(reader, writer, address, dialled=True)
                if self._loop.time() - began >= SILENT_S:  # else there is another connection
                    wait = AGAIN_S[0]
            if said and said != told:
                self._tell(Troubled(str(address), said))
            told = said
            await asyncio.sleep(wait * random.uniform(0.5, 1.5))
            wait = min(AGAIN_S[1], 2 * wait)

    async def _talk(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        where: Address,
        *,
        dialled: bool,
    ) -> None:
        """One connection from its handshake to its end."""
        peer = self._opened(writer, where, dialled=dialled)
        if peer is None:
            writer.close()
            return
        writing = self._loop.create_task(self._write(peer))
        try:
            await self._read(peer, reader)
        except (OSError, EOFError, TimeoutError, ssl.SSLError) as error:
            LOGGER.info("peer %d: %s", peer.number, error)
        finally:
            writing.cancel()
            writer.close()
            with self._lock:
                del self._peers[peer.number]
            self._tell(Closed(peer.number))

    def _opened(
        self, writer: asyncio.StreamWriter, where: Address, *, dialled: bool
    ) -> _Peer | None:
        try:
            key = peer_key(writer.get_extra_info("ssl_object"))
        except ssl.SSLError:
            return None
        if key == self._own_key:
            if dialled:
                self._dialled.discard(where)
                self._tell(Troubled(str(where), f"{where} ist dieser Rechner selbst."))
            return None
        with self._lock:
            if len(self._peers) >= PEERS_MAX:
                return None
            self._numbers += 1
            peer = self._peers[self._numbers] = _Peer(self._numbers, writer)
        self._tell(Opened(peer.number, key, str(where), dialled))
        return peer

    async def _read(self, peer: _Peer, reader: asyncio.StreamReader) -> None:
        """Messages with their length before them; length 0 only says that the peer is there."""
        while True:
            size = int.from_bytes(await _exactly(reader, 4), "big")
            if size > MESSAGE_MAX:
                raise EOFError("not our language")
            message = await _exactly(reader, size)
            if message:
                await peer.unread.acquire()
                self._tell(Arrived(peer.number, message))

    async def _write(self, peer: _Peer) -> None:
        try:
            while True:
                try:
                    async with asyncio.timeout(BEAT_S):
                        message = await peer.outgoing.get()
                except TimeoutError:
                    message = b""
                peer.writer.write(len(message).to_bytes(4, "big") + message)
                await peer.writer.drain()
                if message:
                    with self._lock:
                        peer.waiting -= 1
                    self._wake()  # there is room again
        except OSError as error:
            LOGGER.info("peer %d: %s", peer.number, error)
            peer.writer.close()

    def _tell(self, event: BearerEvent) -> None:
        with self._lock:
            self._events.append(event)
        self._wake()


async def _exactly(reader: asyncio.StreamReader, size: int) -> bytes:
    """So many bytes, however slowly they come. Raises EOFError; TimeoutError where none come."""
    found = bytearray()
    while len(found) < size:
        async with asyncio.timeout(SILENT_S):
            part = await reader.read(size - len(found))
        if not part:
            raise EOFError("closed")
        found += part
    return bytes(found)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "es antwortet niemand"
    if isinstance(error, socket.gaierror):
        return "den Namen kennt hier niemand"
    return why(error)
