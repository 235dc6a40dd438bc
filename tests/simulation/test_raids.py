# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""No attack on the air makes a node send more than twice what the attacker sends, shows a staff
that is off as heard, or counts an entry as received by it."""

from __future__ import annotations

import random
from functools import cache

import pytest

from tests.simulation import raids
from tests.simulation.county import Plan
from tests.simulation.raids import Entry, Outcome
from tests.unit.sync.net import operation

PLACES = [(x * 6000.0, y * 6000.0) for x in range(3) for y in range(3)]
HOURS = 1.0


def work() -> list[Entry]:
    """Forty entries in two hours, every fifth urgent."""
    rng = random.Random(11)
    return [
        Entry(
            600_000 + place * 150_000,
            rng.randrange(1, 8),
            operation(rng.randbytes(30)),
            1 if place % 5 == 0 else 3,
        )
        for place in range(40)
    ]


@cache
def peace() -> Outcome:
    """The same hours without an attacker."""
    return raids.play(PLACES, Plan(3, chatter=False), None, work(), HOURS)


@pytest.mark.parametrize("name", [*raids.OUTSIDE, *raids.STOLEN, "asker"])
def test_an_attack_costs_its_attacker_most(name: str) -> None:
    """Whatever it has: nothing, the network key of a stolen laptop, or a seat."""
    raid = raids.play(PLACES, Plan(3, chatter=False), name, work(), HOURS)
    extra = {node: ms - peace().demand_ms[node] for node, ms in raid.demand_ms.items()}

    assert raid.attacker_ms > 50_000
    assert max(extra.values()) <= 2 * raid.attacker_ms
    assert (raid.heard_off, raid.received_off) == (0, 0)
    if name not in raids.STOLEN | raids.SEAT:
        assert sum(extra.values()) <= 3 * raid.attacker_ms


def test_who_writes_without_pause_leaves_room_for_the_others() -> None:
    """A member that floods is heard and repaired; the others' entries still arrive."""
    raid = raids.play(PLACES, Plan(3, chatter=False), "writer", work(), HOURS)

    assert raid.arrived >= 0.95
    assert raid.urgent_in_time >= peace().urgent_in_time - 0.3
    extra = {node: ms - peace().demand_ms[node] for node, ms in raid.demand_ms.items()}
    assert max(extra.values()) <= 2 * raid.attacker_ms
