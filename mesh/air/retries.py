# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Packets that wait for an acknowledgement, and when the radio sends them again.

Firmware NextHopRouter.cpp and ReliableRouter.cpp: three transmissions in all; whatever else the
radio sends or hears meanwhile prolongs the wait, since no acknowledgement can be heard then.

Limits: ``PENDING_MAX`` packets; the oldest is given up silently.
"""

from __future__ import annotations

from dataclasses import dataclass

from mesh.firmware import RELIABLE_SENDS, Frame

PENDING_MAX = 32


@dataclass(slots=True)
class Pending:
    """A packet that nobody has acknowledged yet."""

    frame: Frame
    at: int  # when to try again or give up
    left: int = RELIABLE_SENDS - 1


class Retries:
    """All of one radio, by packet id, oldest first."""

    def __init__(self) -> None:
        self._pending: dict[int, Pending] = {}

    def begin(self, frame: Frame, at: int) -> None:
        """The packet has been queued for the first time."""
        while len(self._pending) >= PENDING_MAX:
            del self._pending[next(iter(self._pending))]
        self._pending[frame.id] = Pending(frame, at)

    def get(self, packet_id: int) -> Pending | None:
        """The waiting packet, if it still waits."""
        return self._pending.get(packet_id)

    def end(self, packet_id: int) -> Frame | None:
        """It was acknowledged or is given up; the packet if it was waiting."""
        pending = self._pending.pop(packet_id, None)
        return pending.frame if pending is not None else None

    def end_oldest_to(self, destination: int) -> Frame | None:
        """An answer from ``destination``: its oldest packet has arrived."""
        for packet_id, pending in self._pending.items():
            if pending.frame.destination == destination:
                return self.end(packet_id)
        return None

    def postpone(self, frame: Frame) -> None:
        """Another packet takes the air for its time."""
        for packet_id, pending in self._pending.items():
            if packet_id != frame.id:
                pending.at += frame.airtime_ms

    def clear(self) -> None:
        """Forget everything, as on loss of power."""
        self._pending.clear()
