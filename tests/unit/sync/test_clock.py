# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hybrid logical time."""

from sync.feed.clock import AHEAD_MAX_S, Clock, doubtful


def test_stamp_follows_the_wall() -> None:
    """Without anything seen a stamp is the time on the wall."""
    assert Clock().stamp(1000) == 1000


def test_stamp_never_goes_back() -> None:
    """A clock that was set back does not make stamps fall."""
    clock = Clock(last=5000)

    assert [clock.stamp(100), clock.stamp(200), clock.stamp(6000)] == [5000, 5000, 6000]


def test_answer_stands_after_what_it_answers() -> None:
    """A stamp is above every stamp seen before."""
    clock = Clock()

    assert clock.observe(1200, 1000)
    assert clock.stamp(1000) == 1201


def test_runaway_clock_does_not_drag_others() -> None:
    """What is far ahead is doubted and pushes us no further than the limit."""
    clock = Clock()

    assert not clock.observe(10_000_000, 1000)
    assert clock.stamp(1000) == 1000 + AHEAD_MAX_S
    assert doubtful(1301, 1000)
    assert not doubtful(1300, 1000)
