# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The announcement timer."""

import itertools
import random

from sync.replica.compare.trickle import Trickle


def moments(timer: Trickle, end: int) -> list[int]:
    """When it speaks until the end."""
    spoken = []
    while timer.deadline <= end:
        now = timer.deadline
        if timer.advance(now) and not timer.silenced:
            spoken.append(now)
    return spoken


def test_quiet_times_stretch() -> None:
    """Without news the intervals double up to the longest."""
    timer = Trickle(1000, 16_000, 1, random.Random(1))
    timer.begin(0, 500)
    spoken = moments(timer, 200_000)
    gaps = [b - a for a, b in itertools.pairwise(spoken)]

    assert spoken[0] < 500
    assert len(spoken) < 20
    assert max(gaps) > 10_000


def test_hearing_the_same_silences() -> None:
    """Who hears its announcement from another keeps quiet in that interval."""
    timer = Trickle(1000, 1000, 1, random.Random(1))
    timer.begin(0, 500)
    timer.heard_same()

    assert timer.advance(timer.deadline)
    assert timer.silenced


def test_news_reset_at_most_once_per_shortest_interval() -> None:
    """A flood of news does not make a flood of announcements."""
    timer = Trickle(1000, 64_000, 1, random.Random(1))
    timer.begin(0, 500)
    moments(timer, 100_000)
    spoken = 0
    for now in range(100_000, 110_000, 50):
        timer.reset(now)
        spoken += timer.advance(now) and not timer.silenced

    assert 5 <= spoken <= 11
