# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counties joined by gateways, and a county on the firmware-true air, small ones for every run."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.kinds.schema import SCHEMA
from lage.store import Store
from sync.codec import versions as codec
from sync.feed.log import Log
from sync.schema.op import Operation
from sync.schema.urgency import Urgency
from tests.simulation.county import HOUR_MS, County, Plan
from tests.simulation.federation import Federation, number_in

POSITIONS = [(0.0, 0.0), (3_000.0, 0.0), (0.0, 4_000.0), (5_000.0, 5_000.0), (2_000.0, 8_000.0)]


def coded(number: int, text: str) -> bytes:
    """A journal entry as nodes code it."""
    operation = Operation(28_000_000 + number, "journal", {"text": text})
    return codec.encode(operation, SCHEMA, 1, number)


def test_crisis_staffs_words_reach_every_county() -> None:
    """Three counties, two gateways each: what one crisis staff writes, all staffs hold."""
    federation = Federation(3, 4, Plan(5, "MEDIUM_FAST", loss=0.05))
    federation.run_until(HOUR_MS // 6)
    federation.write(0, coded(1, "Kreis A bittet um 20 Boote"), Urgency.IMMEDIATE)
    federation.run_until(12 * HOUR_MS, stop_when_done=True)

    assert [word.everywhere is not None for word in federation.words] == [True]
    held = {
        staff.log.operations(number_in(place, 0, 1), 1, 1)[0]
        for place, county in enumerate(federation.counties)
        for staff in county.staffs
    }
    assert held == {coded(1, "Kreis A bittet um 20 Boote")}
    assert federation.max_duty_cycle() <= 0.1


def test_towns_of_other_counties_are_not_followed() -> None:
    """Only the crisis staff's feed crosses: a town's own entries stay in its county."""
    federation = Federation(2, 4, Plan(6, "MEDIUM_FAST", loss=0.0))
    federation.run_until(HOUR_MS // 6)
    federation.counties[0].write(2, coded(1, "nur für den eigenen Kreis"), Urgency.IMMEDIATE)
    federation.run_until(2 * HOUR_MS)

    assert [staff.log.head(2) for staff in federation.counties[0].staffs] == [1] * 4
    strange = number_in(1, 0, 2)
    assert [staff.log.head(strange) for staff in federation.counties[1].staffs] == [0] * 4


@pytest.mark.parametrize("seed", range(6))
def test_county_converges_on_the_firmware_true_air(seed: int, tmp_path: Path) -> None:
    """Loss, collisions and relays of the real ether; every third county keeps SQLite logs."""
    stores: list[Store] = []

    def make_log(number: int) -> Log:
        stores.append(Store.open(tmp_path / f"{number}.db"))
        return stores[-1].log

    county = County(
        POSITIONS,
        Plan(seed, "MEDIUM_FAST", loss=0.2),
        towers=[(2_500.0, 2_500.0)],
        make_log=make_log if seed % 3 == 0 else None,
    )
    for number in range(1, 13):
        county.run_until(county.now + 30_000)
        author = number % len(POSITIONS) + 1
        urgency = Urgency.FLASH if number % 4 == 0 else Urgency.ROUTINE
        county.write(author, coded(number, f"Meldung {number}"), urgency)
    county.run_until(county.now + 8 * HOUR_MS, county.converged)

    assert county.complete_share() == 1.0
    assert county.max_duty_cycle() <= 0.1
    heads = {tuple(staff.log.head(author) for author in range(1, 6)) for staff in county.staffs}
    assert len(heads) == 1
    for store in stores:
        store.close()
