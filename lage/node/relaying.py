# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether all that comes from afar comes through one radio: if it falls, all behind it may be gone.

A radio hands on the copy that came first, so what is counted is who was first; whether another one
would step in is not known from here.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque

HOUR_MS = 3_600_000
LEAST = 30
"""Relayed packets of an hour below which it may be chance."""
SENDERS = 2
"""A single one far away always comes by some way, and says nothing of the others."""
SHARE = 0.95
PACKETS_MAX = 5_000


class Relaying:
    """Who passed on what was heard in the last hour, by the last byte of the radio's number.

    Meshtastic puts that byte in every packet's header (firmware, ``RadioInterface``, relay_node).
    """

    def __init__(self) -> None:
        self._heard: deque[tuple[int, int, int]] = deque(maxlen=PACKETS_MAX)
        # when, who sent it, who passed it on (0: not known)

    def note(self, relay: int, hops: int, sender: int, now: int) -> None:
        """A packet of that radio was heard over so many relays."""
        if hops > 0:
            self._heard.append((now, sender, relay))

    def only(self, now: int) -> int:
        """The one through which nearly all of it came, whoever sent it; 0 where there is none.

        Every sender counts alike: one that writes much is not to hide how the others come.
        """
        while self._heard and now - self._heard[0][0] > HOUR_MS:
            self._heard.popleft()
        by_sender: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for _, sender, relay in self._heard:
            by_sender[sender][relay] += 1
        if len(self._heard) < LEAST or len(by_sender) < SENDERS:
            return 0
        shares: defaultdict[int, float] = defaultdict(float)
        for count in by_sender.values():
            for relay, packets in count.items():
                shares[relay] += packets / count.total()
        relay, most = max(shares.items(), key=lambda each: each[1])
        return relay if most >= SHARE * len(by_sender) else 0
