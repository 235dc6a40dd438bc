# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A client that shows what a radio says, frame by frame, on TCP or a serial line."""

from __future__ import annotations

import itertools
import os
import socket
import time
from collections.abc import Callable
from typing import Self

from meshtastic.protobuf import admin_pb2, mesh_pb2, portnums_pb2

from mesh.link import BROADCAST
from mesh.virtual.framing import WAKE, FrameReader, frame

PATIENT_S = 120.0
ACK = b"\x18\x00"
"""A routing reply without error; next-hop routing sends it unasked."""

Port = portnums_pb2.PortNum
_ids = itertools.count(int(time.time()) << 6 & 0x7FFFFFC0)


class _Tcp:
    def __init__(self, where: str) -> None:
        host, _, port = where.partition(":")
        self._socket = socket.create_connection((host, int(port or 4403)), 10)
        self._socket.setblocking(False)
        self.write, self.close = self._socket.sendall, self._socket.close

    def read(self) -> bytes:
        return self._socket.recv(4096)


class _Serial:
    def __init__(self, where: str) -> None:
        import tty

        self._fd = os.open(where, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._fd)
        os.set_blocking(self._fd, False)

    def write(self, data: bytes) -> None:
        os.write(self._fd, data)

    def read(self) -> bytes:
        return os.read(self._fd, 4096)

    def close(self) -> None:
        """Once: a number that was given back may be another file's."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


class Bare:
    """One client; connected, but silent until it shakes hands."""

    def __init__(self, address: str) -> None:
        """``address`` as for --radio."""
        self._address = address
        self._line = self._open()
        self._reader = FrameReader()
        self.got: list[mesh_pb2.FromRadio] = []
        self._read = 0
        self.number = 0

    def _open(self) -> _Tcp | _Serial:
        kind, _, where = self._address.partition(":")
        line = _Tcp(where) if kind == "tcp" else _Serial(where)
        line.write(WAKE)
        return line

    def come_back(self) -> None:
        """Hang up, and plug in again without a word; OSError while nobody is there."""
        self._line.close()
        self._reader = FrameReader()
        self._line = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()

    # -- sending ---

    def say(self, **fields: object) -> None:
        """Send one ToRadio."""
        self._line.write(frame(mesh_pb2.ToRadio(**fields).SerializeToString()))

    def send(
        self,
        port: int,
        payload: bytes = b"",
        to: int = BROADCAST,
        *,
        hop_limit: int = 0,
        want_response: bool = False,
    ) -> int:
        """Send a packet; its id."""
        packet = mesh_pb2.MeshPacket(id=next(_ids), to=to, hop_limit=hop_limit)
        packet.decoded.portnum, packet.decoded.payload = port, payload
        packet.decoded.want_response = want_response
        self.say(packet=packet)
        return packet.id

    def admin(self, **request: object) -> int:
        """Ask or tell the radio itself something; the packet's id."""
        body = admin_pb2.AdminMessage(**request).SerializeToString()
        packet = mesh_pb2.MeshPacket(id=next(_ids), to=self.number, want_ack=True)
        packet.decoded.portnum, packet.decoded.payload = Port.ADMIN_APP, body
        packet.decoded.want_response = True
        self.say(packet=packet)
        return packet.id

    # -- reading ---

    def shake_hands(self, nonce: int = 7) -> list[mesh_pb2.FromRadio]:
        """Ask for everything; what came until it was complete."""
        self.got.clear()
        self._read = 0
        self.say(want_config_id=nonce)
        self.wait(lambda m: bool(m.config_complete_id == nonce))
        answers = self.got[: self._read]
        self.number = next(m.my_info.my_node_num for m in answers if m.HasField("my_info"))
        return answers

    def wait(
        self, wanted: Callable[[mesh_pb2.FromRadio], bool], deadline_s: float = PATIENT_S
    ) -> mesh_pb2.FromRadio:
        """The next message that fits, after the one waited for before."""
        end = time.monotonic() + deadline_s
        while True:
            while self._read < len(self.got):
                message = self.got[self._read]
                self._read += 1
                if wanted(message):
                    return message
            assert time.monotonic() < end, f"not seen; last: {self.got[-4:]}"
            self._fetch()

    def packet(
        self, wanted: Callable[[mesh_pb2.MeshPacket], bool], deadline_s: float = PATIENT_S
    ) -> mesh_pb2.MeshPacket:
        """The next packet that fits."""
        return self.wait(lambda m: m.HasField("packet") and wanted(m.packet), deadline_s).packet

    def answer(self, packet_id: int, deadline_s: float = PATIENT_S) -> mesh_pb2.MeshPacket:
        """The packet with which another radio answers this one, other than an acknowledgement."""
        return self.packet(
            lambda p: (
                p.decoded.request_id == packet_id
                and getattr(p, "from") != self.number
                and not (p.decoded.portnum == Port.ROUTING_APP and p.decoded.payload == ACK)
            ),
            deadline_s,
        )

    def rest(self, seconds: float) -> list[mesh_pb2.FromRadio]:
        """What was not waited for yet, and what comes in that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._fetch()
        start, self._read = self._read, len(self.got)
        return self.got[start:]

    def _fetch(self) -> None:
        try:
            data = self._line.read()
        except BlockingIOError:
            time.sleep(0.005)
            return
        if not data:
            raise ConnectionResetError
        self.got += map(mesh_pb2.FromRadio.FromString, self._reader.feed(data))
