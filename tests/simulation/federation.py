# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many counties, each on an air of its own, joined by gateway nodes: 18 counties, 450 staffs.

Every county follows the others' crisis staffs (an ``Alliance`` in its feed 0). A gateway sits in
two counties: what one of its engines holds of followed feeds is stored for the other under the
mapped number. From there it spreads as any repair does. Design: docs/developer/replication.md.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sync.feed.carry import carry, common
from sync.feed.records import Alliance
from sync.feed.roster import Roster, read_roster
from sync.replica.config import EngineConfig
from sync.schema.urgency import Urgency
from tests.simulation.county import County, Keys, Plan, Staff

BLOCK = 30
"""Author numbers kept for an allied county."""
SYNC_MS = 60_000
"""How often a gateway carries over."""
RADIUS_M = 9_000.0


@dataclass(frozen=True, slots=True)
class Gateway:
    """A node of two counties: its staff in each."""

    one: int
    staff_one: int
    other: int
    staff_other: int


@dataclass(slots=True)
class Word:
    """Something a crisis staff wrote for all counties."""

    county: int
    number: int
    born: int
    everywhere: int | None = None


def block(county: int) -> int:
    """First number of a county's block in the others' rosters."""
    return 100 + BLOCK * county


def number_in(viewer: int, county: int, author: int) -> int:
    """Number of a county's author in the viewer's roster."""
    return author if viewer == county else block(county) + author


class Federation:
    """Counties and gateways; gateways join neighbours on a ring and across it."""

    def __init__(
        self, counties: int, nodes: int, plan: Plan, config: EngineConfig | None = None
    ) -> None:
        keys = [Keys(plan.seed * 1000 + place, nodes) for place in range(counties)]
        for place, own in enumerate(keys):
            for other, theirs in enumerate(keys):
                if other != place:
                    own.records.append(
                        Alliance(
                            block(other),
                            BLOCK,
                            theirs.root_public,
                            theirs.network_id,
                            f"Kreis {other}",
                            roles=1 << 0,
                        ).encode()
                    )
            own.roster = read_roster(own.network_id, own.root_public, own.records)
        for place, own in enumerate(keys):
            own.allied = [(block(k), theirs) for k, theirs in enumerate(keys) if k != place]
        self.size, self.nodes = counties, nodes
        self.counties = [
            County(
                list(_places(nodes, random.Random(f"{plan.seed} {place}"))),
                replace(plan, seed=plan.seed * 1000 + place),
                towers=[(0.0, 0.0)],
                config=config,
                keys=own,
            )
            for place, own in enumerate(keys)
        ]
        self.gateways = [
            Gateway(place, 2, (place + step) % counties, 3)
            for step in sorted({1, max(1, counties // 3)})
            for place in range(counties)
            if counties > 1 and not (counties == 2 and place == 1)
        ]
        self.words: list[Word] = []
        self._feeds: dict[
            tuple[County, County], tuple[tuple[Roster, Roster], list[tuple[int, int]]]
        ] = {}
        self.now = 0

    def write(self, county: int, operation: bytes, urgency: Urgency) -> None:
        """Let a county's crisis staff write something that all shall read."""
        place = self.counties[county]
        place.write(1, operation, urgency)
        head = place.staffs[0].log.head(1)
        self.words.append(Word(county, head, self.now))

    def run_until(self, end: int, *, stop_when_done: bool = False) -> None:
        """Let time pass in all counties, gateways carrying over."""
        while self.now < end:
            self.now = min(end, self.now + SYNC_MS)
            for county in self.counties:
                county.run_until(self.now)
            for gateway in self.gateways:
                self._carry(gateway)
            self._check()
            if stop_when_done and all(word.everywhere is not None for word in self.words):
                return

    def _carry(self, gateway: Gateway) -> None:
        one = self.counties[gateway.one].staffs[gateway.staff_one - 1]
        other = self.counties[gateway.other].staffs[gateway.staff_other - 1]
        self._copy(one, other)
        self._copy(other, one)

    def _copy(self, source: Staff, target: Staff) -> None:
        assert source.engine is not None
        assert target.engine is not None
        ends = source.county, target.county
        rosters = source.engine.roster, target.engine.roster
        if self._feeds.get(ends, (None, []))[0] != rosters:
            self._feeds[ends] = rosters, common(*rosters)
        if carry(source.log, target.log, rosters[1], self._feeds[ends][1]):
            target.engine.reload(self.now)
            target.county.turn_of(target)

    def _check(self) -> None:
        for word in self.words:
            if word.everywhere is None and all(
                staff.log.head(number_in(viewer, word.county, 1)) >= word.number
                for viewer, county in enumerate(self.counties)
                for staff in county.staffs
            ):
                word.everywhere = self.now

    def airtime_ms(self) -> int:
        """Airtime of all counties, the radios' own chatter apart."""
        return sum(
            sum(ms for kind, ms in county.airtime().items() if kind != "background")
            for county in self.counties
        )

    def max_duty_cycle(self) -> float:
        """Largest share of any hour that any radio sent."""
        return max(county.max_duty_cycle() for county in self.counties)


def _places(nodes: int, rng: random.Random) -> Iterator[tuple[float, float]]:
    for place in range(nodes):
        angle, distance = 2 * math.pi * place / nodes, RADIUS_M * math.sqrt(rng.random())
        yield distance * math.cos(angle), distance * math.sin(angle)
