# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A staff set up again from an older copy: how long what it lost counts as received."""

from __future__ import annotations

import copy
import random

import pytest

from sync.replica.engine import Engine
from sync.schema.urgency import Urgency
from tests.bench import workload
from tests.simulation.county import HOUR_MS, County, Plan

LINE = [(0.0, 0.0), (2500.0, 0.0), (5000.0, 0.0)]


def restored(county: County, number: int, log: object) -> None:
    """Its disk is replaced by a copy of before."""
    staff = county.staffs[number - 1]
    staff.log = log  # type: ignore[assignment]
    for entry in county.entries.values():
        if staff.log.head(entry.author) < entry.number:
            entry.reached.discard(number)
            entry.everywhere = None
    staff.engine = Engine(
        staff.log,
        network_id=county.keys.network_id,
        network_key=county.keys.network_key,
        root_public=county.keys.root_public,
        author=number,
        rng=random.Random(number),
        now=county.now,
        config=county.config,
    )
    county.turn_of(staff)


@pytest.mark.needs_shared
@pytest.mark.parametrize("seed", [100, 101])
def test_what_a_restored_staff_lost_is_not_believed_to_be_there(seed: int) -> None:
    """Its own announcement takes it back at its neighbour, whatever others still say; when it has
    caught up all is as it was."""
    county = County(LINE, Plan(seed, loss=0.0, chatter=False))
    county.run_until(600_000)
    old = copy.deepcopy(county.staffs[2].log)
    author = county.staffs[0].engine
    assert author is not None
    for line in list(workload.lines(None, seed, 40, 3))[:6]:
        county.write(1, line.data, Urgency.ROUTINE)
    county.run_until(county.now + 3 * HOUR_MS, lambda: author.holders(1, 6) == {1, 2, 3})
    assert author.holders(1, 6) == {1, 2, 3}
    county.run_until(county.now + 60_000)
    restored(county, 3, old)
    seen: set[bool] = set()
    middle = county.staffs[1].engine
    assert middle is not None
    for _ in range(240):
        county.run_until(county.now + 250)
        seen.add(3 in middle.holders(1, 6))
    assert seen == {True, False}
    county.run_until(county.now + 3 * HOUR_MS, lambda: author.holders(1, 6) == {1, 2, 3})
    assert county.converged()
    assert middle.holders(1, 6) == author.holders(1, 6) == {1, 2, 3}
