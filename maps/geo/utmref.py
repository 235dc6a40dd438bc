# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The letters of UTMREF (MGRS): 100-km squares and latitude bands of UTM zones 31 to 33.

A UTMREF names a square, not a point: zone and band (``32U``), two letters for the 100-km square
(``LC``), then equally many digits east and north. Columns take eight letters per zone and start
anew every three zones; rows take twenty letters and repeat every 2,000 km, shifted by five in
even zones (DMA TM 8358.1, "Alphanumeric"). Germany lies in bands T and U, where northings span
less than 2,000 km, so the letters alone say which square is meant.

Pure arithmetic, no projection. Eastings and northings are metres of ETRS89/UTM.
"""

from __future__ import annotations

from maps.geo.errors import WrongSquareError

SQUARE_M = 100_000
ZONES = (31, 32, 33)
BANDS = {"T": (40.0, 48.0), "U": (48.0, 56.0)}
"""Latitude bands: south edge (inside) and north edge (outside), in degrees."""

_COLUMNS = {31: "ABCDEFGH", 32: "JKLMNPQR", 33: "STUVWXYZ"}
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_NORTH_MIN_M = 4_400_000  # just below 40° N


def zone_of(lon: float) -> int:
    """UTM zone (1..60) of a longitude in degrees, without the Norwegian exceptions."""
    return int((lon + 180) // 6) + 1


def band_of(lat: float) -> str | None:
    """Latitude band of a latitude in degrees, None outside of T and U."""
    for band, (south, north) in BANDS.items():
        if south <= lat < north:
            return band
    return None


def square_at(zone: int, east_m: float, north_m: float) -> str | None:
    """The two letters of the 100-km square; None where the zone has no column."""
    column = int(east_m // SQUARE_M) - 1
    if not 0 <= column < 8:
        return None
    row = int(north_m // SQUARE_M) + (5 if zone % 2 == 0 else 0)
    return _COLUMNS[zone][column] + _ROWS[row % 20]


def zone_of_square(square: str) -> int:
    """The zone in which the column letter of ``square`` occurs.

    Raises WrongSquareError for letters that UTMREF does not use (I and O).
    """
    for zone, letters in _COLUMNS.items():
        if square[0] in letters:
            return zone
    raise WrongSquareError(square)


def corner_of(zone: int, square: str) -> tuple[int, int]:
    """South-west corner (east, north) in metres of a square in bands T and U.

    Raises WrongSquareError when the letters do not occur in the zone.
    """
    column = _COLUMNS[zone].find(square[0])
    row = _ROWS.find(square[1])
    if column < 0 or row < 0:
        raise WrongSquareError(square)
    north = (row - (5 if zone % 2 == 0 else 0)) % 20 * SQUARE_M
    while north < _NORTH_MIN_M:
        north += 20 * SQUARE_M
    return (column + 1) * SQUARE_M, north
