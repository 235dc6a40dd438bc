# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How urgent an entry is, and in which class of frame it goes: one table, one order."""

from __future__ import annotations

from lage.language.radio import CLASSES
from mesh.link import FrameClass
from sync.replica.events import CARRIED_AS, Priority
from sync.schema.urgency import Urgency


def test_every_urgency_has_its_class_of_frame() -> None:
    """What is more urgent never goes behind; what is urgent may spend the reserve."""
    assert set(CARRIED_AS) == set(Urgency)
    assert list(CARRIED_AS.values()) == sorted(CARRIED_AS.values())
    for urgency, priority in CARRIED_AS.items():
        assert urgency.urgent is FrameClass[priority.name].urgent


def test_engine_and_radio_name_the_same_classes_in_the_same_order() -> None:
    """The two leaves cannot know each other; the node goes from one to the other by name."""
    assert [item.name for item in Priority] == [item.name for item in FrameClass]
    assert sorted(Priority) == list(Priority)
    assert sorted(FrameClass) == list(FrameClass)
    assert set(CLASSES) == set(FrameClass)
