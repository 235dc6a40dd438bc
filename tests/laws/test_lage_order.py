# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The same operations make the same picture, whatever their order."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lage.kinds.model import Draft
from lage.store import Store
from sync.feed.log import VerifiedRun
from sync.schema.definition import EntityId, SetChange
from tests.fixtures import FixedClock, cut_run, make_county, picture, share

NOISE = "".join(chr(0x4E00 + place * place % 4001) for place in range(170))
"""No model shortens it, so it always continues in further operations."""


@cache
def history() -> tuple[list[VerifiedRun], dict[str, Any]]:
    """Three staffs who edit the same things, partly without having heard each other."""
    with tempfile.TemporaryDirectory() as folder:
        clock = FixedClock()
        names = ["Krisenstab Steinfurt", "SAE Rheine", "SAE Greven"]
        one, two, three = make_county(Path(folder), names, clock=clock).values()
        (fire,) = one.write([Draft("incident", {"type": "Brand", "status": "offen"})])
        two.write([Draft("message", {"text": NOISE, "priority": "einfach", "to": (1, 3)})])
        (group,) = three.write([Draft("group", {"name": "Ems"})])
        share(one, two, three)
        for station in (one, two, three):
            clock.advance(7)
            station.write([Draft("incident", {"status": "in Arbeit", "affected": 1}, fire)])
            station.write([Draft("group", {"members": SetChange((1, 2))}, group)])
            station.write([Draft("journal", {"text": f"von {station.folder.name}"})])
        clock.advance(60)
        three.write([Draft("incident", {"affected": None, "dead": 0}, fire)])
        gone = ((EntityId(3, 3), 1),)
        three.write([Draft("group", {"members": SetChange((), gone)}, group)])
        share(one, two, three)
        runs = []
        for author, station in enumerate((one, two, three), 1):
            for number in range(1, station.store.log.head(author) + 1):
                run = cut_run(station.store.log, author, number, number)
                assert run is not None
                runs.append(run)
        wanted = picture(one.store)
        for station in (one, two, three):
            assert picture(station.store) == wanted
            station.close()
        return runs, wanted


@settings(max_examples=40, deadline=None, derandomize=True)
@given(order=st.permutations(range(17)), cuts=st.sets(st.integers(1, 16)))
def test_any_order_of_arrival_gives_the_same_rows(order: Sequence[int], cuts: set[int]) -> None:
    """Runs arriving one by one or in heaps, islands and all, end in one picture."""
    runs, wanted = history()
    assert len(runs) == 17
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "lage.db")
        store.connection.execute("PRAGMA synchronous = OFF")
        heap: list[VerifiedRun] = []
        for place, index in enumerate(order, 1):
            heap.append(runs[index])
            if place in cuts or place == len(order):
                store.log.store(heap)
                heap = []
        assert picture(store) == wanted
        store.rebuild()
        assert picture(store) == wanted
        store.close()
