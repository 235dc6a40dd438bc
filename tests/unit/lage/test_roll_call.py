# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A node calls the roll for what is urgent and came over the air, and for nothing else."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import create_autospec

import pytest

from lage.node import roll_call
from lage.write import commands
from sync.replica.engine import Engine
from sync.replica.events import Accepted
from sync.schema.urgency import Urgency
from tests.fixtures import make_county, share


@pytest.mark.parametrize(
    ("priority", "urgent", "called"),
    [
        ("blitz", True, Urgency.FLASH),
        ("staatsnot", True, Urgency.FLASH),
        ("sofort", True, Urgency.IMMEDIATE),
        ("einfach", True, None),
        ("blitz", False, None),
    ],
)
def test_only_what_is_fresh_and_urgent_is_called(
    tmp_path: Path, priority: str, urgent: bool, called: Urgency | None
) -> None:
    """The latest one, though other entries came along; not what was repaired or came late."""
    author, reader = make_county(tmp_path, ("Krisenstab", "SAE Rheine")).values()
    values = {"to": (2,), "priority": priority, "text": "Deich bei Gimbte hält nicht"}
    (blitz,) = author.write(commands.create("message", values, 1))
    author.write(commands.create("journal", {"text": "Deichwache unterwegs"}, 1))
    share(author, reader)
    engine = create_autospec(Engine, instance=True)
    last = reader.store.log.head(1)
    roll_call.note(Accepted(1, 1, last, last, urgent=urgent), reader.store.log, engine, 7)
    assert engine.call_roll.called is (called is not None)
    if called is not None:
        engine.call_roll.assert_called_once_with(1, blitz.number, called, 7)


def test_what_cannot_be_understood_is_no_blitz(tmp_path: Path) -> None:
    """Records of feed 0 are no entries."""
    station = make_county(tmp_path, ("Krisenstab",))["Krisenstab"]
    engine = create_autospec(Engine, instance=True)
    roll_call.note(Accepted(0, 1, 1, 1, urgent=True), station.store.log, engine, 7)
    assert not engine.call_roll.called
