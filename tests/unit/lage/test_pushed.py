# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What counts as sent: everything up to a number, whatever overtook."""

from __future__ import annotations

from lage.node.pushed import Pushed


def test_what_overtakes_waits_for_what_comes_before() -> None:
    """An urgent entry leaves first; the count goes on when the gap before it is closed."""
    pushed = Pushed(3)
    pushed.taken([(6, 6)])
    assert pushed.upto == 3
    pushed.taken([(4, 5)])
    assert pushed.upto == 6


def test_repeated_and_old_ones_change_nothing() -> None:
    """A repair of own entries that are long out is no news."""
    pushed = Pushed(3)
    pushed.taken([(1, 2), (2, 3)])
    assert pushed.upto == 3
    pushed.taken([(2, 5), (7, 7)])
    assert pushed.upto == 5
