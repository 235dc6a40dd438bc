# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Path loss, sensitivity and shadowing against textbook and data sheet values."""

from __future__ import annotations

import math
import statistics

import pytest

from mesh.air.propagation import (
    Terrain,
    free_space_db,
    noise_floor_dbm,
    path_loss_db,
    sensitivity_dbm,
    shadowing_db,
)
from mesh.airtime import PRESETS, Preset


def test_free_space_by_hand() -> None:
    """One kilometre at 869.525 MHz: 32.44 + 20 log 869.525 dB."""
    assert free_space_db(1000) == pytest.approx(32.44 + 58.785, abs=0.01)


def test_hata_by_hand() -> None:
    """Urban, 50 m over 1.5 m at 5 km: the formula worked out step by step."""
    log_f = math.log10(869.525)
    mobile = (1.1 * log_f - 0.7) * 1.5 - (1.56 * log_f - 0.8)
    urban = 69.55 + 26.16 * log_f - 13.82 * math.log10(50) - mobile
    urban += (44.9 - 6.55 * math.log10(50)) * math.log10(5)

    assert path_loss_db(5000, 50, 1.5, Terrain.URBAN) == pytest.approx(urban)


def test_terrain_corrections() -> None:
    """Suburbs spare 9.9 dB at this frequency, open country 28.4 dB."""
    urban, suburban, rural = (path_loss_db(10_000, 30, 1.5, terrain) for terrain in Terrain)

    assert urban - suburban == pytest.approx(9.86, abs=0.05)
    assert urban - rural == pytest.approx(28.4, abs=0.1)


def test_loss_is_symmetric() -> None:
    """The higher antenna is the base, whichever end it is."""
    assert path_loss_db(7000, 80, 5, Terrain.SUBURBAN) == path_loss_db(
        7000, 5, 80, Terrain.SUBURBAN
    )


@pytest.mark.parametrize("terrain", Terrain)
@pytest.mark.parametrize("height", [2.0, 10.0, 80.0, 400.0])
def test_loss_grows_with_distance(terrain: Terrain, height: float) -> None:
    """From a metre to 100 km the loss never falls, and is never below free space."""
    distances = [1, 10, 100, 999, 1001, 5_000, 19_999, 20_001, 40_000, 100_000]
    losses = [path_loss_db(distance, height, 5.0, terrain) for distance in distances]

    assert losses == sorted(losses)
    assert all(
        loss >= free_space_db(distance) for loss, distance in zip(losses, distances, strict=True)
    )


def test_height_helps() -> None:
    """A tower reaches further than a roof, a roof further than a hand."""
    hand, roof, tower = (
        path_loss_db(10_000, height, 1.5, Terrain.SUBURBAN) for height in (1.5, 20, 100)
    )

    assert hand > roof > tower


@pytest.mark.parametrize(
    ("factor", "bandwidth", "data_sheet"),
    [(7, 125_000, -124), (12, 125_000, -137), (7, 250_000, -121), (12, 250_000, -134)],
)
def test_sensitivity_of_the_data_sheet(factor: int, bandwidth: int, data_sheet: int) -> None:
    """Within 1 dB of the SX1262 data sheet (receive boosted gain)."""
    assert sensitivity_dbm(Preset("", factor, bandwidth, 5)) == pytest.approx(data_sheet, abs=1.0)


def test_long_fast_budget() -> None:
    """LONG_FAST decodes 17.5 dB below the noise of 250 kHz."""
    preset = PRESETS["LONG_FAST"]

    assert noise_floor_dbm(preset) == pytest.approx(-114.0, abs=0.05)
    assert sensitivity_dbm(preset) == pytest.approx(-131.5, abs=0.05)


def test_shadowing_is_fixed_symmetric_and_normal() -> None:
    """The same pair always gets the same value; many pairs spread as asked."""
    drawn = [shadowing_db(1, a, b, 6.0) for a in range(1, 40) for b in range(a + 1, 40)]

    assert shadowing_db(1, 3, 4, 6.0) == shadowing_db(1, 4, 3, 6.0)
    assert shadowing_db(1, 3, 4, 6.0) != shadowing_db(2, 3, 4, 6.0)
    assert statistics.mean(drawn) == pytest.approx(0.0, abs=0.7)
    assert statistics.stdev(drawn) == pytest.approx(6.0, abs=0.7)
    assert shadowing_db(1, 3, 4, 0.0) == 0.0
