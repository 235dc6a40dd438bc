# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""After a theft all members have new keys in time, whatever their clocks say; the thief none."""

from tests.simulation.county import County, Plan
from tests.simulation.rekey import play
from tests.unit.sync.net import operation


def test_a_county_changes_its_keys() -> None:
    """Seven of eight switch at the stated time or, if they were off, soon after they are back; what
    is written from then on the thief never holds."""
    places = [(x * 6000.0, y * 6000.0) for x in range(4) for y in range(2)]
    county = County(places, Plan(5, chatter=False))
    result = play(county, in_s=3600, hours=4, off=frozenset((3,)), operation=operation(bytes(30)))

    assert result["told_s"] is not None
    assert result["not_switched_on_time"] == 1
    assert result["not_switched"] == []
    assert result["bytes"] < 500
    assert result["entries_after"] > 20
    assert result["thief_got_of_them"] == 0
