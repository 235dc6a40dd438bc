# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The network's own time: what is fresh, whatever the clocks on the wall say."""

import pytest

from sync.replica.compare.stamps import GRACE_MS, STEP_MS, WINDOW_MS, Age, Stamps
from sync.wire.frames import STAMPS

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = 1_800_000_000_000


def test_a_recording_is_late_after_ten_minutes() -> None:
    """What was fresh is repeated at once, and late where its sender was never heard."""
    sender, knew, never = Stamps(NOW), Stamps(NOW), Stamps(NOW)
    stamp = sender.next(NOW)

    assert knew.hear(1, stamp, NOW + 5000) is Age.FRESH
    assert knew.hear(1, stamp, NOW + 6000) is Age.REPEATED
    assert never.hear(1, stamp, NOW + WINDOW_MS + 2 * STEP_MS) is Age.LATE
    assert never.hear(1, stamp, NOW + 8 * 365 * DAY // 3) is Age.LATE


def test_recordings_in_rising_order_stay_late() -> None:
    """However many old frames are replayed, and in what order, none is taken as a new beginning."""
    sender, victim = Stamps(NOW - 7 * DAY), Stamps(NOW)
    recorded = [sender.next(NOW - 7 * DAY + hour * HOUR) for hour in range(100)]

    assert {victim.hear(1, stamp, NOW + at * 1000) for at, stamp in enumerate(recorded)} == {
        Age.LATE
    }


def test_stamps_rise_within_a_step_and_over_restarts() -> None:
    """Two frames in one second, a crash, a clock set back by a year: every stamp is fresh."""
    ours, other = Stamps(NOW), Stamps(NOW)
    for _ in range(5):
        assert other.hear(1, ours.next(NOW), NOW) is Age.FRESH

    again = Stamps(NOW - 365 * DAY)
    again.load(ours.export(), NOW - 365 * DAY)
    assert other.hear(1, again.next(NOW - 365 * DAY), NOW) is Age.FRESH


@pytest.mark.parametrize("error", [-3 * 365 * DAY, -DAY, -HOUR, HOUR, DAY, 3 * 365 * DAY])
def test_one_frame_corrects_a_wrong_clock(error: int) -> None:
    """Who is behind is late until it hears a neighbour; who is ahead takes the others along."""
    wrong, right = Stamps(NOW + error), Stamps(NOW)
    if error < 0:
        assert right.hear(1, wrong.next(NOW + error), NOW) is Age.LATE
        assert wrong.hear(2, right.next(NOW), NOW + error) is Age.FRESH
    assert right.hear(1, wrong.next(NOW + error + 1000), NOW + 1000) is Age.FRESH
    assert wrong.hear(2, right.next(NOW + 2000), NOW + error + 2000) is Age.FRESH


def test_who_has_not_jumped_yet_is_heard_for_an_hour() -> None:
    """A clock two years ahead does not silence those who have not heard it."""
    ahead, middle, far = Stamps(NOW + 2 * 365 * DAY), Stamps(NOW), Stamps(NOW)
    middle.hear(1, ahead.next(NOW + 2 * 365 * DAY), NOW)

    assert middle.hear(3, far.next(NOW + HOUR // 2), NOW + HOUR // 2) is Age.FRESH
    late = NOW + GRACE_MS + WINDOW_MS
    assert middle.hear(3, far.next(late), late) is Age.LATE
    assert far.hear(2, middle.next(late), late) is Age.FRESH
    assert middle.hear(3, far.next(late + 1000), late + 1000) is Age.FRESH


def test_jumping_on_and_on_silences_nobody_within_the_hour() -> None:
    """A member whose clock runs away takes along who hears it; the others still count."""
    middle, far = Stamps(NOW), Stamps(NOW)
    for minute in range(30):
        now = NOW + minute * 60_000
        middle.hear(1, (now // STEP_MS + minute * 10_000) % STAMPS, now)
        assert middle.hear(3, far.next(now), now) is Age.FRESH


def test_an_echo_is_known_from_a_forgery() -> None:
    """Nobody but us can have sent what is above our last stamp, so somebody has our key."""
    ours = Stamps(NOW)
    assert not ours.ours(5)
    stamp = ours.next(NOW)
    assert ours.ours(stamp)
    assert not ours.ours((stamp + 1) % STAMPS)


def test_rubbish_in_the_kept_state_is_without_effect() -> None:
    """A damaged file starts anew."""
    for state in (None, {}, {"time": [1], "own": None, "last": []}, {"time": ["a", 2]}, 7):
        stamps = Stamps(NOW)
        stamps.load(state, NOW)
        assert stamps.next(NOW) == NOW // STEP_MS % STAMPS
    stamps.load({"time": [1, 2], "own": 3, "last": [7, [2000, 1], ["x", 1]]}, NOW)
    assert stamps.hear(1, NOW // STEP_MS % STAMPS, NOW) is Age.FRESH
