# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forks, islands and decisions from seeds: in the end every node shows the same picture."""

import pytest

from tests.simulation import forks

CHUNK = 8


@pytest.mark.parametrize("first", range(0, 5 * CHUNK, CHUNK))
def test_decided_forks_end_in_one_picture(first: int) -> None:
    """Keys used in two places, the root's own among them, decided once, twice or wrongly first."""
    for seed in range(first, first + CHUNK):
        assert forks.play(seed) < 24


@pytest.mark.parametrize("seed", [59, 887, 948, 982])
def test_once_failed_forks_stay_fixed(seed: int) -> None:
    """Seeds that once ended in two pictures."""
    assert forks.play(seed) < 24


@pytest.mark.parametrize("seed", range(7000, 7002))
def test_real_stores_agree_after_a_fork(seed: int) -> None:
    """The product's store folds the decided branch, and only that."""
    assert forks.play(seed, real=True) < 24


@pytest.mark.long
@pytest.mark.parametrize("first", range(100, 1100, 50))
def test_many_forks_end_in_one_picture(first: int) -> None:
    """A thousand such worlds."""
    for seed in range(first, first + 50):
        assert forks.play(seed) < 24
