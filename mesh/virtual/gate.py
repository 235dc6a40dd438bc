# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a radio lets its client send: known packet ids and too frequent packets stop here.

Rules of firmware PhoneAPI.cpp (``wasSeenRecently``, ``handleToRadioPacket``). Pure.

Limits: the newest ``IDS_MAX`` ids.
"""

from __future__ import annotations

import enum
from collections import deque

from meshtastic.protobuf import portnums_pb2

IDS_MAX = 20

Port = portnums_pb2.PortNum

_DISTANCES_MS: dict[int, int] = {
    Port.TEXT_MESSAGE_APP: 2_000,
    Port.POSITION_APP: 10_000,
    Port.WAYPOINT_APP: 10_000,
    Port.ALERT_APP: 10_000,
    Port.TELEMETRY_APP: 10_000,
    Port.TRACEROUTE_APP: 30_000,
}
"""Shortest distance of two packets of one port from the client."""

_NAKED = frozenset({Port.TEXT_MESSAGE_APP})


class Verdict(enum.Enum):
    """What happens to a packet of the client."""

    ADMIT = "admit"
    DUPLICATE = "duplicate"  # no answer at all
    SWALLOW = "swallow"  # queueStatus says OK, the packet is gone
    NAK = "nak"  # queueStatus says OK, and RATE_LIMIT_EXCEEDED follows


class ClientGate:
    """Remembers what the client has sent lately."""

    def __init__(self) -> None:
        self._ids: deque[int] = deque(maxlen=IDS_MAX)
        self._last: dict[int, int] = {}

    def judge(self, packet_id: int, port: int, now: int) -> Verdict:
        """Decide about one packet, and remember it."""
        if packet_id in self._ids:
            return Verdict.DUPLICATE
        self._ids.append(packet_id)
        distance = _DISTANCES_MS.get(port)
        if distance is None:
            return Verdict.ADMIT
        last = self._last.get(port)
        if last is not None and now - last < distance:
            return Verdict.NAK if port in _NAKED else Verdict.SWALLOW
        self._last[port] = now
        return Verdict.ADMIT
