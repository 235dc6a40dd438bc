# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How far a LoRa signal reaches: path loss, noise, sensitivity, shadowing.

Path loss is Okumura-Hata for 868 MHz in its urban, suburban and open forms (M. Hata, "Empirical
formula for propagation loss in land mobile radio services", IEEE Trans. VT-29, 1980), beyond 20 km
with the exponent of ITU-R P.529-3, and never less than free space. The higher antenna takes the
part of the base station. Heights outside the model's range (30..200 m and 1..10 m) are moved to its
edge, except that the base may go down to 10 m, as in the usual extension to roof-top antennas.

Terrain is not modelled; hills and woods are in the log-normal shadowing, which is fixed per pair
of stations and equal in both directions.
"""

from __future__ import annotations

import enum
import hashlib
import math
from statistics import NormalDist

from mesh.airtime import Preset

FREQUENCY_MHZ = 869.525
"""Centre of the only 250 kHz slot of EU_868."""

THERMAL_DBM_HZ = -174.0
NOISE_FIGURE_DB = 6.0

SNR_MIN_DB = {7: -7.5, 8: -10.0, 9: -12.5, 10: -15.0, 11: -17.5, 12: -20.0}
"""Demodulation limit by spreading factor (Semtech SX1261/2 data sheet, LoRa modem)."""

SNR_MAX_DB = 12.0
"""The chip reports no more than about this, however strong the signal."""

_NORMAL = NormalDist()


class Terrain(enum.Enum):
    """Which of Hata's three forms applies."""

    URBAN = "urban"
    SUBURBAN = "suburban"
    OPEN = "open"


def free_space_db(distance_m: float) -> float:
    """Loss in free space in dB (ITU-R P.525); at least that of one metre."""
    return 20 * math.log10(max(distance_m, 1.0) / 1000) + 20 * math.log10(FREQUENCY_MHZ) + 32.44


def path_loss_db(
    distance_m: float, height_a_m: float, height_b_m: float, terrain: Terrain
) -> float:
    """Median loss in dB between two antennas ``height_*_m`` above ground; symmetric."""
    base = min(max(height_a_m, height_b_m, 10.0), 200.0)
    mobile = min(max(min(height_a_m, height_b_m), 1.0), 10.0)
    distance_km = max(distance_m, 1.0) / 1000
    log_f, log_base = math.log10(FREQUENCY_MHZ), math.log10(base)
    mobile_gain = (1.1 * log_f - 0.7) * mobile - (1.56 * log_f - 0.8)
    slope = 44.9 - 6.55 * log_base
    loss = 69.55 + 26.16 * log_f - 13.82 * log_base - mobile_gain
    loss += slope * _distance_term(distance_km, base)
    if terrain is Terrain.SUBURBAN:
        loss -= 2 * math.log10(FREQUENCY_MHZ / 28) ** 2 + 5.4
    elif terrain is Terrain.OPEN:
        loss -= 4.78 * log_f**2 - 18.33 * log_f + 40.94
    return max(loss, free_space_db(distance_m))


def _distance_term(distance_km: float, base_m: float) -> float:
    log_d = math.log10(distance_km)
    if distance_km <= 20:
        return log_d
    effective = base_m / math.sqrt(1 + 7e-6 * base_m**2)
    growth = 0.14 + 1.87e-4 * FREQUENCY_MHZ + 1.07e-3 * effective
    return float(log_d ** (1 + growth * math.log10(distance_km / 20) ** 0.8))


def noise_floor_dbm(preset: Preset) -> float:
    """Thermal noise in the preset's bandwidth plus the receiver's noise figure."""
    return THERMAL_DBM_HZ + 10 * math.log10(preset.bandwidth_hz) + NOISE_FIGURE_DB


def sensitivity_dbm(preset: Preset) -> float:
    """Weakest signal that can be decoded; within 1 dB of the SX1262 data sheet."""
    return noise_floor_dbm(preset) + SNR_MIN_DB[preset.spreading_factor]


def shadowing_db(seed: int, a: int, b: int, sigma_db: float) -> float:
    """Deviation from the median loss of the pair (a, b), normal in dB, the same for (b, a)."""
    if sigma_db == 0:
        return 0.0
    low, high = min(a, b), max(a, b)
    text = f"{seed}:{low}:{high}".encode()
    drawn = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
    return sigma_db * _NORMAL.inv_cdf((drawn + 1) / (2**64 + 2))
