# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The clock of an exercise that is set while programs run by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.store import timebase
from lage.store.timebase import CLOCK_FILE, Timebase, read_timebase, write_timebase


class Wall:
    """The computer's clock, standing."""

    def __init__(self) -> None:
        self.now = 1000.0

    def time(self) -> float:
        """Unix seconds."""
        return self.now

    monotonic = time


def test_a_clock_that_is_set_is_followed_and_timers_never_go_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standing, running, hurrying, jumping: staffs see the new time, radios only another pace."""
    wall = Wall()
    monkeypatch.setattr(timebase, "time", wall)
    monkeypatch.setattr(timebase, "LOOK_S", 0.0)
    write_timebase(tmp_path, Timebase(1000.0, 5000.0, 0.0))
    clock = read_timebase(tmp_path, exercise=True)
    wall.now = 1010.0
    assert (clock.unix(), clock.own) == (5000.0, True)
    assert clock.real_seconds(2000) == 2.0  # while the script stands radios go on
    before = clock.monotonic_ms()

    for line, seconds, shown, passed in (
        ((1010.0, 5000.0, 60.0), 10, 5600.0, 600_000),
        ((1020.0, 5600.0, 0.0), 5, 5600.0, 5_000),
        ((1025.0, 9000.0, 2.0), 4, 9008.0, 8_000),
    ):
        write_timebase(tmp_path, Timebase(*line))
        clock.unix()  # whoever sleeps looks at the clock meanwhile
        wall.now += seconds
        assert clock.unix() == shown
        assert clock.monotonic_ms() - before == passed
        before = clock.monotonic_ms()


def test_a_clock_that_cannot_be_read_any_more_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a file, or none: time does not jump to that of the real world."""
    wall = Wall()
    monkeypatch.setattr(timebase, "time", wall)
    monkeypatch.setattr(timebase, "LOOK_S", 0.0)
    write_timebase(tmp_path, Timebase(1000.0, 5000.0, 2.0))
    clock = read_timebase(tmp_path, exercise=True)
    (tmp_path / CLOCK_FILE).write_text("{", "utf8")
    wall.now += 10
    assert clock.unix() == 5020.0
    (tmp_path / CLOCK_FILE).unlink()
    wall.now += 10
    assert clock.unix() == 5040.0
    assert not read_timebase(tmp_path, exercise=False).own
