# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The plan of who relays: enough for everybody, joined, and no more."""

from __future__ import annotations

import random

import pytest

from mesh.air.config import RadioConfig
from mesh.air.relays import EACH, reach, relaying
from mesh.firmware import Role


def county(seed: int, count: int = 25, across_m: int = 50_000) -> list[RadioConfig]:
    """Staffs at random and two hills."""
    rng = random.Random(seed)
    spots = [(rng.uniform(0, across_m), rng.uniform(0, across_m * 0.8)) for _ in range(count + 2)]
    staffs = [RadioConfig(num, spot) for num, spot in enumerate(spots[2:], 1)]
    hills = [
        RadioConfig(900 + num, spot, antenna_height_m=80, role=Role.ROUTER)
        for num, spot in enumerate(spots[:2])
    ]
    return [*staffs, *hills]


def joined(nums: frozenset[int], within: dict[int, frozenset[int]]) -> list[frozenset[int]]:
    """Who of these reach each other through these."""
    groups, left = [], set(nums)
    while left:
        group, todo = set(), [min(left)]
        while todo:
            num = todo.pop()
            if num in left:
                left.discard(num)
                group.add(num)
                todo += within[num] & nums
        groups.append(frozenset(group))
    return groups


@pytest.mark.parametrize("seed", range(12))
def test_everybody_keeps_enough_relays_and_all_stay_joined(seed: int) -> None:
    """As many relays as wanted, or all it has; and whoever reached each other still does."""
    radios = county(seed)
    within = reach(radios)
    relays = relaying(radios, within)
    for num, near in within.items():
        assert len(near & relays) >= min(EACH, len(near)), f"radio {num}"
    before = joined(frozenset(within), within)
    after = joined(relays, within)
    assert len(before) == len(after)
    assert all(any(group <= whole for whole in before) for group in after)
    assert {radio.num for radio in radios if radio.role is Role.ROUTER} <= relays


def test_a_dense_town_needs_few_and_a_chain_needs_all_but_its_ends() -> None:
    """How many it takes follows from who hears whom."""
    town = county(1, count=40, across_m=4_000)
    assert len(relaying(town, reach(town))) <= EACH + 1
    chain = [RadioConfig(num, (num * 6_000, 0)) for num in range(1, 8)]
    within = reach(chain, margin_db=6)
    assert within[1] == {2}
    assert within[4] == {3, 5}
    assert relaying(chain, within) == {1, 2, 3, 4, 5, 6, 7}  # each has but the two it has
    assert relaying(chain, within, each=1) == {2, 3, 4, 5, 6}


def test_who_stands_nobody_knows_where_relays() -> None:
    """Without a position nobody can say that it is not needed."""
    radios = [*county(3, across_m=5_000), RadioConfig(500)]
    assert 500 in relaying(radios, reach(radios))


def test_more_clutter_or_margin_never_adds_neighbours() -> None:
    """The margin only takes away."""
    radios = county(5)
    near, far = reach(radios, margin_db=12), reach(radios, margin_db=0)
    assert all(near[num] <= far[num] for num in near)
    assert any(near[num] < far[num] for num in near)
