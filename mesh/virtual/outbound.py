# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a radio has ready for its client, in the small queues of the firmware.

Two answers about packets, of which the oldest is dropped; for a client that is away a few dozen
packets, of which the *oldest* stay: only a text message makes room for itself (firmware
MeshService.cpp ``sendQueueStatusToPhone`` and ``sendToPhone``). So who was away for an hour gets
old chatter first. A client that is there but does not read is not imitated.

Limits: ``STATUSES_MAX``, the board's places, and ``FRAMES_MAX`` frames that nobody fetched.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from meshtastic.protobuf import mesh_pb2, portnums_pb2

STATUSES_MAX = 2
AWAY_MAX = 32
"""Places for an absent client on most boards; a classic ESP32 has fewer (mesh.virtual.boards)."""

FRAMES_MAX = 4096

_MAKES_ROOM = frozenset(
    {portnums_pb2.PortNum.TEXT_MESSAGE_APP, portnums_pb2.PortNum.RANGE_TEST_APP}
)


class Outbound:
    """The way from one radio to its client."""

    def __init__(self, places: int = AWAY_MAX) -> None:
        """``places`` for packets while the client is away."""
        self._places = places
        self.attached = False  # a client has asked for the configuration and not hung up
        self.dropped = 0  # packets that the absent client will never see
        self._frames: deque[mesh_pb2.FromRadio] = deque(maxlen=FRAMES_MAX)
        self._away: deque[mesh_pb2.FromRadio] = deque()

    def attach(self, handshake: Iterable[mesh_pb2.FromRadio]) -> None:
        """A client asks for the configuration; what waited for it follows."""
        self._frames.clear()  # a new request restarts the sequence
        self._frames.extend(handshake)
        self._frames.extend(self._away)
        self._away.clear()
        self.attached = True

    def detach(self) -> None:
        """The client has hung up or was lost: from now on packets wait."""
        self.attached = False
        self._frames.clear()

    def forget(self) -> None:
        """The radio has lost power."""
        self.detach()
        self._away.clear()

    def greet(self, message: mesh_pb2.FromRadio) -> None:
        """Something for a client before it has asked for anything."""
        self._frames.append(message)

    def tell(self, message: mesh_pb2.FromRadio) -> None:
        """Something for a client that is there; lost otherwise."""
        if self.attached:
            self._frames.append(message)

    def status(self, status: mesh_pb2.QueueStatus) -> None:
        """An answer about a packet."""
        waiting = [frame for frame in self._frames if frame.HasField("queueStatus")]
        if len(waiting) >= STATUSES_MAX:
            self._frames.remove(waiting[0])
        self.tell(mesh_pb2.FromRadio(queueStatus=status))

    def packet(self, packet: mesh_pb2.MeshPacket) -> None:
        """A packet for the client, now or when it comes back."""
        message = mesh_pb2.FromRadio(packet=packet)
        if self.attached:
            self._frames.append(message)
            return
        if len(self._away) >= self._places:
            self.dropped += 1
            if packet.decoded.portnum not in _MAKES_ROOM:
                return
            self._away.popleft()
        self._away.append(message)

    @property
    def empty(self) -> bool:
        """Whether nothing waits for an absent client."""
        return not self._away

    def take(self) -> list[bytes]:
        """Bodies of the frames since the last call."""
        frames = [message.SerializeToString() for message in self._frames]
        self._frames.clear()
        return frames
