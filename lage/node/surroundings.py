# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whether enough radios around this one still pass on: a mute one must come back when they don't.

Two signs. Of what comes from afar, the copy that is heard first names who passed it on: where
several took turns for a day and in the last two hours at most one is left, the others are gone. And
a flood that no relay was heard to pass on, the radio gives up after three transmissions.

Each sign begins and ends by rules so far apart that neither flickers; without enough traffic what
was known last holds. A restart of the node forgets, and learns anew.
"""

from __future__ import annotations

from collections import Counter, deque

WINDOW_MS = 2 * 3_600_000
BEFORE_MS = 24 * 3_600_000
LEAST = 30
"""Relayed packets below which a span of time tells nothing."""
USUAL = 0.2
"""A relay with that share of what was relayed is missing in ``LEAST`` packets by chance once in
eight hundred times."""
ENOUGH = 2
FLOODS = 3
"""So many in a row, one way or the other."""
APART_MS = 60_000
"""Of floods that are closer together one counts: an urgent entry goes out as several within half a
minute, and what befalls one of them, a relay that starts anew, befalls all."""
PACKETS_MAX = 5_000
LOOK_MS = 60_000
WATCHED_MAX = 64


class Surroundings:
    """The relays in reach, as far as traffic shows them; times are ms of a clock that only goes
    forward.
    """

    def __init__(self) -> None:
        self._heard: deque[tuple[int, int]] = deque(maxlen=PACKETS_MAX)  # when, by whom
        self._looked: int | None = None
        self._few = False
        self._floods: deque[int] = deque(maxlen=WATCHED_MAX)  # ids of which nothing is known yet
        self._flooded: int | None = None  # when the last of them was sent
        self._passed: deque[bool] = deque(maxlen=FLOODS)
        self.unrelayed = False
        """Whether nobody passes on what this radio sends."""

    def heard(self, relay: int, hops: int, now: int) -> None:
        """A packet came over so many relays, the last of them that one (0: not known)."""
        if hops > 0 and relay:
            self._heard.append((now, relay))

    def flooded(self, packet_id: int, now: int) -> None:
        """The radio was given a packet that others shall pass on."""
        if self._flooded is None or now >= self._flooded + APART_MS:
            self._flooded = now
            self._floods.append(packet_id)

    def passed_on(self, packet_id: int, *, heard: bool) -> None:
        """The radio heard a relay pass it on, or gave up waiting for that."""
        if packet_id not in self._floods:
            return
        self._floods.remove(packet_id)
        self._passed.append(heard)
        if len(self._passed) == FLOODS and len(set(self._passed)) == 1:
            self.unrelayed = not heard

    def few(self, now: int) -> bool:
        """Whether relays that used to be there are gone, and at most one is left."""
        if self._looked is None or now >= self._looked + LOOK_MS:
            self._looked = now
            self._few = self._still_few(now) if self._few else self._lost(now)
        return self._few

    def _lost(self, now: int) -> bool:
        while self._heard and now - self._heard[0][0] > BEFORE_MS:
            self._heard.popleft()
        lately = self._lately(now)
        if lately.total() < LEAST or len(lately) >= ENOUGH:
            return False
        before = Counter(relay for when, relay in self._heard if now - when > WINDOW_MS)
        usual = [relay for relay, count in before.items() if count >= USUAL * before.total()]
        return before.total() >= LEAST and len(usual) >= ENOUGH

    def _still_few(self, now: int) -> bool:
        """Until several are there again, each heard more than once."""
        return sum(count > 1 for count in self._lately(now).values()) < ENOUGH

    def _lately(self, now: int) -> Counter[int]:
        return Counter(relay for when, relay in self._heard if now - when <= WINDOW_MS)
