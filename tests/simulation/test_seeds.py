# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bad days from seeds: nothing false is ever stored, and in the end all honest nodes agree."""

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.simulation.hostile import FLOODS, KINDS
from tests.simulation.scenario import build, play

SEEDS = Path(__file__).with_name("seeds.txt")
CHUNK = 10
DAILY, ALL = range(1000, 1060), range(1000, 1150)
DAILY_REAL, ALL_REAL = range(3000, 3010), range(3000, 3020)


def some_daily(seeds: range, daily: range) -> list[ParameterSet]:
    """Each a case; those that are not for every day run with the campaigns."""
    return [pytest.param(n, marks=() if n in daily else pytest.mark.long) for n in seeds]


@pytest.mark.parametrize("first", some_daily(ALL[::CHUNK], DAILY))
def test_small_worlds_converge(first: int) -> None:
    """Ten worlds of 4 to 8 nodes with faults keep every invariant and converge."""
    for seed in range(first, first + CHUNK):
        outcome = play(seed)

        assert outcome.operations > 0
        assert outcome.hours < 24


def test_every_day_has_every_fault() -> None:
    """What somebody does on purpose happens in several of the worlds that are played daily."""
    worlds = [build(seed, None, 2) for seed in DAILY]
    for world, _, _ in worlds:
        world.close()
    for fault in (*KINDS, *FLOODS, "partition", "crash", "disk", "clocks", "backup", "decision",
                  "late", "power", "jumps", "years"):  # fmt: skip
        assert sum(fault in faults for _, _, faults in worlds) >= 4, fault


@pytest.mark.parametrize("seed", some_daily(ALL_REAL, DAILY_REAL))
def test_small_worlds_with_real_stores_converge(seed: int) -> None:
    """In every tenth world SQLite takes part: its fold gives all nodes the same picture, through
    crashes in the middle of a change and full disks."""
    outcome = play(seed, real=True)

    assert outcome.operations > 0
    assert outcome.hours < 24


def test_once_failed_seeds_stay_fixed() -> None:
    """Every seed that ever failed converges now."""
    for line in SEEDS.read_text().splitlines():
        if line[:1].isdigit():
            seed, *words = line.split()
            assert play(int(seed), real=words[0] == "real").hours < 24


def test_a_seed_repeats_itself() -> None:
    """The same seed gives the same day, byte for byte of airtime."""
    assert play(7) == play(7)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_county_of_25_converges(seed: int) -> None:
    """Twenty-five nodes with a day of faults agree in the end."""
    assert play(seed, nodes=25, hours=6).hours < 24
