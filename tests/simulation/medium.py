# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A fast lossy broadcast medium: who hears a frame, when, how well, over how many relays.

No collisions, no listen-before-talk: loss is a coin per link. Flooding is a walk over the links in
which everybody who hears a frame passes it on once, up to the hop limit. Delays reorder, and some
receptions come twice. A medium is anything with ``spread``; ``World`` knows no more of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sync.replica.events import Frame, Reach

HOP_LIMIT = 3
RELAYS = {Reach.NEIGHBOURS: 0, Reach.RELAYED: 1, Reach.MESH: HOP_LIMIT}
LATE_MS = (20_000, 300_000, 7_200_000)


@dataclass(frozen=True, slots=True)
class Reception:
    """A frame arrives at a node."""

    receiver: int
    delay_ms: int
    snr_db: float
    hops: int


class Medium(Protocol):
    """What the world needs of the air."""

    def spread(self, sender: int, frame: Frame) -> list[Reception]:
        """Who hears this frame; counts the airtime it costs."""

    def partition(self, groups: Iterable[Iterable[int]]) -> None:
        """Only members of one group hear each other."""

    def heal(self) -> None:
        """End all partitions."""


def airtime_ms(size: int) -> int:
    """Time on air of a payload, roughly as LONG_FAST."""
    return 450 + size * 15 // 2


class LossyMedium:
    """Links between numbered nodes, possibly one-sided."""

    def __init__(
        self,
        rng: random.Random,
        links: set[tuple[int, int]],
        *,
        loss: float,
        delay_max_ms: int = 3_000,
        duplication: float = 0.02,
    ) -> None:
        self._rng = rng
        self.links = links
        self.loss = loss
        self.late = 0.0  # share of receptions that are held up, by hours at worst
        self._delay = delay_max_ms
        self._duplication = duplication
        self._group: dict[int, int] = {}
        self.sent_ms: dict[str, int] = {}

    def partition(self, groups: Iterable[Iterable[int]]) -> None:
        """Only members of one group hear each other."""
        self._group = {node: index for index, group in enumerate(groups) for node in group}

    def heal(self) -> None:
        """End all partitions."""
        self._group = {}

    def spread(self, sender: int, frame: Frame) -> list[Reception]:
        """Who hears this frame."""
        reach = RELAYS[frame.reach]
        heard: dict[int, Reception] = {}
        front = [(sender, 0)]
        speakers = 0
        while front:
            ahead: list[tuple[int, int]] = []
            for node, hops in front:
                speakers += 1
                delay = heard[node].delay_ms if node in heard else 0
                for other in self._hearers(node):
                    if other == sender or other in heard or self._rng.random() < self.loss:
                        continue
                    delay_ms = delay + self._rng.randrange(300, 300 + self._delay)
                    if self.late and self._rng.random() < self.late:
                        delay_ms += self._rng.randrange(self._rng.choice(LATE_MS))
                    snr = self._rng.uniform(-15, 8)
                    heard[other] = Reception(other, delay_ms, snr, hops)
                    if hops < reach:
                        ahead.append((other, hops + 1))
            front = ahead
        cost = airtime_ms(len(frame.payload)) * speakers
        name = frame.priority.name
        self.sent_ms[name] = self.sent_ms.get(name, 0) + cost
        found = list(heard.values())
        for reception in list(found):
            if self._rng.random() < self._duplication:
                late = reception.delay_ms + self._rng.randrange(60_000)
                found.append(Reception(reception.receiver, late, reception.snr_db, reception.hops))
        return found

    def _hearers(self, node: int) -> list[int]:
        group = self._group.get(node)
        return [
            other
            for speaker, other in sorted(self.links)
            if speaker == node and self._group.get(other) == group
        ]


def random_links(rng: random.Random, nodes: int, *, asymmetric: float) -> set[tuple[int, int]]:
    """A connected graph of some 3 links per node; some links work in one direction only."""
    links: set[tuple[int, int]] = set()
    for node in range(2, nodes + 1):
        other = rng.randrange(1, node)
        links |= {(node, other), (other, node)}
    for _ in range(nodes * 2):
        a, b = rng.sample(range(1, nodes + 1), 2)
        links.add((a, b))
        if rng.random() >= asymmetric:
            links.add((b, a))
    return links
