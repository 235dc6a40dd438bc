# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bad days from seeds: nothing false is ever stored, and in the end all honest nodes agree."""

from pathlib import Path

import pytest

from tests.simulation.scenario import play

SEEDS = Path(__file__).with_name("seeds.txt")
CHUNK = 10


@pytest.mark.parametrize("first", range(1000, 1000 + 15 * CHUNK, CHUNK))
def test_small_worlds_converge(first: int) -> None:
    """Ten worlds of 4 to 8 nodes with faults keep every invariant and converge."""
    for seed in range(first, first + CHUNK):
        outcome = play(seed)

        assert outcome.operations > 0
        assert outcome.hours < 24


@pytest.mark.parametrize("seed", range(3000, 3020))
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
