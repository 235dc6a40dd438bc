# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Alarms as values: which are the same, where each leads, which filter shows it."""

from __future__ import annotations

from lage.views.alarm import Alarm, Sort, Weight, urgent_key
from sync.schema.definition import EntityId
from tui.screens.alarms import FILTERS, SORTS
from tui.widgets.todo import alarm_goal


def test_what_was_taken_stays_taken() -> None:
    """The keys that folders hold already mean the same."""
    urgent = Alarm(Sort.URGENT, Weight.NOW, "BLITZ", EntityId(1, 5))
    assert urgent.key == urgent_key(EntityId(1, 5)) == "blitz:1:5"
    level = Alarm(Sort.LEVEL, Weight.NOW, "Pegel", about=("Rheine", 3, 17))
    assert level.key == "pegel:Rheine:3:17"
    assert Alarm(Sort.STOCK, Weight.NOTICE, "x", about=("Decken", "Laer")).key == (
        "bestand:Decken:Laer"
    )
    assert len({sort.value for sort in Sort}) == len(Sort)


def test_every_sort_leads_somewhere_and_some_filter_shows_it() -> None:
    """A new sort is in both tables."""
    for sort in Sort:
        kind, screen = alarm_goal(Alarm(sort, Weight.OPEN, ""))
        assert kind or screen
        assert any(sort in SORTS[key] for key, _ in FILTERS)
    assert set(SORTS) == {"", *(key for key, _ in FILTERS)}
