# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever merges cross, every open incident stands somewhere, and its people count once."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lage.kinds.merging import behind
from lage.kinds.model import Draft, Query
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.store.audit import projection_differences
from lage.views.merged import HARM, with_people
from lage.views.overview import overview
from sync.schema.definition import EntityId
from tests.fixtures import make_county, picture, share

entries = st.integers(1, 9)


@given(st.dictionaries(entries, entries), st.sets(entries), st.sets(entries))
@example({1: 2, 2: 1}, {1, 2}, {1, 2})
@example({5: 5}, {5}, {5})
@example({1: 2}, {1}, {1})
@example({1: 2, 2: 3}, {1, 2, 3}, {1, 2})
def test_every_open_entry_stands_in_one_place(
    into: dict[int, int], here: set[int], ended: set[int]
) -> None:
    """For itself, or behind an open one that stands for itself and to which its merges lead."""
    open_ = here - ended
    stands = behind(into, here, open_)
    for each in here:
        other = stands.get(each)
        assert other is None or (other in open_ and other not in stands and other != each)
        if other is not None:
            reached, further = set(), into.get(each)
            while further in here and further not in reached:
                reached.add(further)
                further = into.get(further)
            assert other in reached


@given(st.permutations(range(1, 7)), st.sets(st.integers(7, 12)))
def test_a_circle_leaves_its_smallest_number(circle: list[int], more: set[int]) -> None:
    """With whatever was merged into it."""
    into = dict(zip(circle, circle[1:] + circle[:1], strict=True))
    into |= {each: circle[each % 6] for each in more}
    here = {*circle, *more}

    assert behind(into, here, here) == dict.fromkeys(here - {1}, 1)


def test_long_chains_take_one_walk() -> None:
    """Ten thousand merges in a row are no hindrance, nor is the circle they make."""
    count = 10_000
    into = {each: each + 1 for each in range(count)}
    here = set(range(count + 1))

    assert behind(into, here, here) == dict.fromkeys(range(count), count)
    into[count] = 0
    assert behind(into, here, here) == dict.fromkeys(range(1, count + 1), 0)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_merges_cross_people_are_counted_once(seed: int) -> None:
    """Three staffs merge, part, close and reopen the same incidents, partly unheard."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        stations = list(make_county(Path(folder), ["KST", "SAE Rheine", "SAE Greven"]).values())
        incidents: list[EntityId] = []
        for station in stations:
            for _ in range(3):
                harm = {name: rng.randrange(1, 50) for name in HARM if rng.random() < 0.6}
                values = {"type": "Brand", "status": "offen", **harm}
                incidents += station.write([Draft("incident", values)])
        share(*stations)
        for turn in range(24):
            station = rng.choice(stations)
            target = rng.choice([*incidents, EntityId(9, 9), None])
            change = rng.choice([{"merged_into": target}] * 3 + [{"status": "erledigt"}])
            station.write([Draft("incident", change, rng.choice(incidents))])
            if turn % 6 == 5:
                share(*stations)
        for station in stations:
            assert projection_differences(station.store.connection) == []
            _check_people(station.context())
        assert len({repr(picture(station.store)) for station in stations}) == 1
        for station in stations:
            station.close()


def _check_people(context: ViewContext) -> None:
    rows = {row.id: row for row in context.reader.select(Query("incident"))}
    shown = context.reader.select(Query("incident", open_only("incident")))
    summed = {row.id: row for row in with_people(shown, context)}
    assert overview(context).incidents_open == len(shown)
    for row in rows.values():
        if row.values["status"] != "erledigt":
            stands = summed[row.behind or row.id]  # in exactly one place
            assert stands.id == row.id or row.id not in summed
            for name in HARM:
                assert (stands.whole(name) or 0) >= (row.whole(name) or 0)
    for stands in summed.values():
        group = [r for r in rows.values() if stands.id in (r.id, r.behind)]
        for name in HARM:
            assert stands.whole(name) == max(
                (n for r in group if (n := r.whole(name)) is not None), default=None
            )
