# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The official Meshtastic client, fenced in: transport and framing from it, nothing else.

The library prints to standard output, draws from and reseeds the global random generator, exits
the process, blocks without limit when the radio's queue is full, starts timers that outlive it
and collects packets for ever (its mesh_interface.py). So only handshake frames reach it; every
frame is handed to us first, raw. Its timers, its queue and its own reconnecting are replaced.

Importing this module changes the imported library for the whole process: its ``print`` goes to
the log, its ``random`` is a generator of its own, and a port that it opens never becomes the
controlling terminal: unplugging that would end a node that leads its session (SIGHUP).
Calls may block or hang: use a thread that can be given up.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import random
import secrets
import socket
from collections.abc import Callable
from typing import Any

from meshtastic import (
    mesh_interface,
    node,
    serial_interface,
    stream_interface,
    tcp_interface,
    util,
)
from meshtastic.protobuf import mesh_pb2

from mesh.firmware import PRIORITIES
from mesh.link import Packet
from mesh.radio.address import RadioAddress

TCP_CONNECT_S = 10.0
HANDSHAKE_S = 60
ADMIN_APP = 6
NODES_ONLY = 69421
"""Special value of want_config_id: the radios that it knows, nothing else (firmware PhoneAPI.h)."""

OnFrame = Callable[[bytes], None]
OnLost = Callable[[], None]

_log = logging.getLogger(__name__)

_HANDSHAKE_FRAMES = frozenset(
    {"my_info", "node_info", "config", "moduleConfig", "channel", "metadata"}
    | {"config_complete_id", "rebooted"}
)


def _print(*values: object, **_: object) -> None:
    """Stands in for the library's ``print``: nothing may be drawn over the screen."""
    _log.debug("library: %s", " ".join(str(value) for value in values)[:2000])


def _open_port(path: str, **options: Any) -> Any:
    """Stands in for the library's ``open``, which takes a port as the process's terminal."""
    flags = getattr(os, "O_NOCTTY", 0)
    return open(path, opener=lambda name, mode: os.open(name, mode | flags), **options)


def _fence() -> None:
    for module in (
        *(mesh_interface, node, serial_interface),
        *(stream_interface, tcp_interface, util),
    ):
        module.print = _print
    serial_interface.open = _open_port
    mesh_interface.random = random.Random(secrets.randbits(64))
    logging.getLogger("meshtastic").addHandler(logging.NullHandler())


_fence()


class _Fenced:
    """Overrides of the library's interface that hold for every transport."""

    on_frame: OnFrame
    on_lost: OnLost

    def _handleFromRadio(self, fromRadioBytes: bytes) -> None:  # noqa: N802, N803
        self.on_frame(bytes(fromRadioBytes))
        try:
            kind = mesh_pb2.FromRadio.FromString(fromRadioBytes).WhichOneof("payload_variant")
            if kind in _HANDSHAKE_FRAMES:
                super()._handleFromRadio(fromRadioBytes)  # type: ignore[misc]
        except (Exception, SystemExit) as error:  # noqa: BLE001  # the reader must survive
            _log.debug("library failed on a frame: %r", error)

    def _handleLogByte(self, b: bytes) -> None:  # noqa: N802
        """Console text is dropped: the library collects a line without limit."""

    def _startHeartbeat(self) -> None:  # noqa: N802
        """No timer: it would outlive the connection; ``RadioWatch`` probes instead."""

    def _sendToRadio(self, toRadio: Any) -> None:  # noqa: N802, N803
        """Straight to the line: the library's queue waits without limit."""
        self._sendToRadioImpl(toRadio)  # type: ignore[attr-defined]

    def _reconnect(self) -> None:
        """No silent reconnecting: the link reports the loss and starts anew."""
        raise OSError("connection closed by the radio")

    def _disconnected(self) -> None:
        """The reader has ended: free the port, so that the next attempt can open it."""
        self.isConnected.clear()  # type: ignore[attr-defined]
        stream = getattr(self, "stream", None)
        if stream is not None:
            with contextlib.suppress(Exception):
                stream.close()
            self.stream = None
        self.on_lost()


class _Serial(_Fenced, serial_interface.SerialInterface):  # type: ignore[misc]
    pass


class _Tcp(_Fenced, tcp_interface.TCPInterface):  # type: ignore[misc]
    def myConnect(self) -> None:  # noqa: N802
        """As the library's, but with a limit of time."""
        address = (self.hostname, self.portNumber)
        self.socket = socket.create_connection(address, timeout=TCP_CONNECT_S)
        if self._wantExit:  # given up meanwhile: don't take the radio from the next attempt
            self.socket.close()
            raise OSError("connection attempt given up")
        self.socket.settimeout(None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class RadioClient:
    """One connection attempt. Every method may block; ``cut`` may be called meanwhile."""

    def __init__(self, address: RadioAddress, on_frame: OnFrame, on_lost: OnLost) -> None:
        """The callbacks run on threads of the library; ``on_lost`` may come more than once."""
        self._address = address
        self._on_frame, self._on_lost = on_frame, on_lost
        self._interface: Any = None
        self._given_up = False

    def open(self) -> None:
        """Connect and ask for the configuration; raises what the library raises, also exits."""
        if self._address.kind == "ble":
            self._interface = self._ble()
            if self._given_up:
                self.close()
            return
        if self._address.kind == "tcp":
            interface: Any = _Tcp(
                self._address.target,
                portNumber=self._address.port,
                connectNow=False,
                noNodes=True,
                timeout=HANDSHAKE_S,
            )
        else:
            interface = _Serial(
                self._address.target, connectNow=False, noNodes=True, timeout=HANDSHAKE_S
            )
        interface.on_frame, interface.on_lost = self._on_frame, self._on_lost
        self._interface = interface
        interface._wantExit = self._given_up  # noqa: SLF001
        interface.connect()

    def _ble(self) -> Any:
        from meshtastic import ble_interface

        ble_interface.print = _print
        on_frame, on_lost = self._on_frame, self._on_lost

        class _Ble(_Fenced, ble_interface.BLEInterface):  # type: ignore[misc]
            def __init__(self, address: str) -> None:
                self.on_frame, self.on_lost = on_frame, on_lost
                super().__init__(address, noNodes=True, timeout=HANDSHAKE_S)

        return _Ble(self._address.target)

    @property
    def listens(self) -> bool:
        """Whether the library's reader is at work; it can die without a word."""
        reader = getattr(self._interface, "_rxThread", None)
        return reader is None or bool(reader.is_alive())

    def send(self, packet: Packet, own_number: int) -> None:
        """Write a packet to the line; destination 0 means an admin message to this radio."""
        to_own = packet.port == ADMIN_APP and packet.destination == 0
        message = mesh_pb2.MeshPacket(
            to=own_number if to_own else packet.destination,
            id=packet.id,
            hop_limit=packet.hop_limit,
            want_ack=packet.want_ack,
            channel=packet.channel,
            priority=PRIORITIES[packet.urgency],
        )
        message.decoded.portnum = packet.port
        message.decoded.payload = packet.payload
        message.decoded.want_response = to_own
        self._write(mesh_pb2.ToRadio(packet=message))

    def probe(self) -> None:
        """Ask for the queue status, which every living radio answers."""
        self._write(mesh_pb2.ToRadio(heartbeat=mesh_pb2.Heartbeat()))

    def list_nodes(self) -> None:
        """Ask for the radios that this one knows."""
        self._write(mesh_pb2.ToRadio(want_config_id=NODES_ONLY))

    def _write(self, message: mesh_pb2.ToRadio) -> None:
        self._interface._sendToRadioImpl(message)  # noqa: SLF001

    def close(self) -> None:
        """Close as the library does; may hang."""
        if self._interface is not None:
            self._interface.close()
            self._free_port()

    def _free_port(self) -> None:
        """Close the port ourselves where the reader, whose work that is, has died."""
        stream = getattr(self._interface, "stream", None)
        if stream is not None and not self.listens:
            with contextlib.suppress(Exception):
                stream.close()

    def cut(self) -> None:
        """Pull the transport from under the library; never waits for it."""
        self._given_up = True
        interface = self._interface
        if interface is None:
            return
        interface._wantExit = True  # noqa: SLF001
        line = getattr(interface, "socket", None)
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError):
                line.close()
        stream = getattr(interface, "stream", None)
        if stream is not None:
            with contextlib.suppress(Exception):
                stream.cancel_read()
                stream.cancel_write()
            self._free_port()
        client = getattr(interface, "client", None)
        if client is not None:  # else the process hangs on exit
            atexit.unregister(client.disconnect)
