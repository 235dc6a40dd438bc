# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether all that comes from afar comes through one radio: if it falls, all behind it is gone."""

from __future__ import annotations

from collections import Counter, deque

HOUR_MS = 3_600_000
LEAST = 30
"""Relayed packets of an hour below which it may be chance."""
SHARE = 0.95
PACKETS_MAX = 5_000


class Relaying:
    """Who passed on what was heard in the last hour, by the last byte of the radio's number.

    Meshtastic puts that byte in every packet's header (firmware, ``RadioInterface``, relay_node).
    """

    def __init__(self) -> None:
        self._heard: deque[tuple[int, int]] = deque(maxlen=PACKETS_MAX)  # (when, relay)

    def note(self, relay: int, hops: int, now: int) -> None:
        """A packet was heard over so many relays."""
        if hops and relay:
            self._heard.append((now, relay))

    def only(self, now: int) -> int:
        """The one through which nearly all of it came; 0 where there is none."""
        while self._heard and now - self._heard[0][0] > HOUR_MS:
            self._heard.popleft()
        count = Counter(relay for _, relay in self._heard)
        if len(self._heard) < LEAST:
            return 0
        (relay, most), *_ = count.most_common(1)
        return relay if most >= SHARE * len(self._heard) else 0
