# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cable and radio side by side: what crosses, and what the air is spared."""

from __future__ import annotations

import pytest

from sync.schema.urgency import Urgency
from tests.bench import workload
from tests.simulation.cables import CabledCounty
from tests.simulation.county import Plan

PLACES = [(0.0, 0.0), (800.0, 0.0), (0.0, 800.0), (1500.0, 900.0), (900.0, 1500.0), (2000.0, 0.0)]


def written(county: CabledCounty, author: int, urgency: Urgency) -> None:
    """One entry of that staff."""
    line = next(each for each in workload.lines(None, 3, 50, 6) if each.author == author)
    county.write(author, line.data, urgency)


@pytest.mark.needs_shared
@pytest.mark.parametrize("seed", [100, 101, 102])
def test_a_staff_without_radio_is_heard_through_one_of_the_others(seed: int) -> None:
    """Urgent words cross within half a minute, once; others within minutes."""
    county = CabledCounty((1, 2, 3), PLACES, Plan(seed, loss=0.0, chatter=False), deaf=(3,))
    county.ether.partition([[3], [1, 2, 4, 5, 6]])
    county.run_until(600_000)
    county._vouch(county.now)
    before = county.airtime()["repair"]
    written(county, 3, Urgency.IMMEDIATE)
    county.run_until(county.now + 30_000, county.converged)
    county.run_until(county.now + 60_000)
    assert county.converged()
    sent = county.airtime()["repair"] - before
    assert 0 < sent <= 6 * 2_300  # one flood: no radio sends it twice
    written(county, 3, Urgency.ROUTINE)
    county.run_until(county.now + 180_000, county.converged)
    assert county.converged()


@pytest.mark.needs_shared
def test_who_has_a_radio_sends_his_own() -> None:
    """What the cable brought first is left to its author: nobody repairs, nobody asks."""
    county = CabledCounty((1, 2, 3), PLACES, Plan(100, loss=0.0, chatter=False))
    county.run_until(600_000)
    for urgency in (Urgency.IMMEDIATE, Urgency.ROUTINE, Urgency.READING):
        written(county, 3, urgency)
        county.run_until(county.now + 400_000, county.converged)
    county.run_until(county.now + 3_600_000)
    assert county.converged()
    assert county.airtime()["repair"] == 0
