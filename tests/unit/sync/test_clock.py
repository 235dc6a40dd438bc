# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hybrid logical time."""

from sync.feed.clock import AHEAD_MAX_S, Clock, doubtful


def test_stamp_follows_the_wall() -> None:
    """Without anything seen a stamp is the time on the wall."""
    assert Clock().stamp(1000) == 1000


def test_stamp_does_not_go_back_by_little() -> None:
    """A clock that was set back by a little does not make stamps fall."""
    clock = Clock(last=400)

    assert [clock.stamp(100), clock.stamp(200), clock.stamp(6000)] == [400, 400, 6000]


def test_a_clock_put_right_is_right() -> None:
    """Who wrote two years ahead until somebody set the clock goes on with the right time."""
    assert Clock(last=63_000_000).stamp(1000) == 1000


def test_answer_stands_after_what_it_answers() -> None:
    """A stamp is above every stamp seen before."""
    clock = Clock()

    assert clock.observe(1200, 1000)
    assert clock.stamp(1000) == 1201


def test_runaway_clock_moves_nobody() -> None:
    """What is far ahead is doubted and does not push others at all."""
    clock = Clock()

    assert not clock.observe(10_000_000, 1000)
    assert clock.stamp(1000) == 1000
    assert clock.observe(1000 + AHEAD_MAX_S, 1000)
    assert clock.stamp(1001) == 1001 + AHEAD_MAX_S
    assert doubtful(1301, 1000)
    assert not doubtful(1300, 1000)
