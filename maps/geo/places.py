# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where something is: the one door to positions, notations, distances and German wording.

Positions are WGS84 (``Position``); grids, notations and their errors come from ``projection``,
``notation`` and ``errors`` and are offered here, so that callers import one module. Distances
are geodesics on the WGS84 ellipsoid (Karney 2013, through PROJ), in metres; bearings are degrees
clockwise from true north, 0 <= b < 360.

Importing this module loads neither numpy nor pyproj.
"""

from __future__ import annotations

from maps.geo.errors import (
    EmptyPositionError,
    OddDigitsError,
    OutsideAreaError,
    PositionError,
    SwappedAxesError,
    UnknownNotationError,
    WrongSquareError,
)
from maps.geo.notation import (
    COUNTY_CENTRE,
    Notation,
    ReadPosition,
    format_decimal,
    format_utm32,
    format_utmref,
    parse_position,
)
from maps.geo.projection import GridPoint, Position, ellipsoid, from_grid, to_grid

__all__ = [
    "COUNTY_CENTRE",
    "EmptyPositionError",
    "GridPoint",
    "Notation",
    "OddDigitsError",
    "OutsideAreaError",
    "Position",
    "PositionError",
    "ReadPosition",
    "SwappedAxesError",
    "UnknownNotationError",
    "WrongSquareError",
    "bearing",
    "direction_word",
    "distance",
    "format_decimal",
    "format_utm32",
    "format_utmref",
    "from_grid",
    "offset",
    "parse_position",
    "relative_wording",
    "to_grid",
    "wording_of_distance",
]

NEARBY_M = 75
"""Closer than this to a reference, a direction means nothing: the wording is "bei"."""

_DIRECTIONS = (
    "nördlich",
    "nordöstlich",
    "östlich",
    "südöstlich",
    "südlich",
    "südwestlich",
    "westlich",
    "nordwestlich",
)


def distance(a: Position, b: Position) -> float:
    """Metres between two positions along the ellipsoid."""
    return float(ellipsoid().inv(a.lon, a.lat, b.lon, b.lat)[2])


def bearing(a: Position, b: Position) -> float:
    """Direction from a to b in degrees, 0 <= bearing < 360; 0 where both are the same."""
    if a == b:
        return 0.0
    degrees = float(ellipsoid().inv(a.lon, a.lat, b.lon, b.lat)[0]) % 360.0
    return 0.0 if degrees >= 360.0 else degrees


def offset(start: Position, bearing_deg: float, distance_m: float) -> Position:
    """The position that lies that far in that direction."""
    lon, lat, _ = ellipsoid().fwd(start.lon, start.lat, bearing_deg, distance_m)
    return Position(float(lat), float(lon))


def direction_word(bearing_deg: float) -> str:
    """One of eight German words: 180 is "südlich"."""
    return _DIRECTIONS[round(bearing_deg / 45.0) % 8]


def wording_of_distance(metres: float) -> str:
    """As exact as people speak: "450 m", "1,5 km", "23 km"."""
    if metres < 975:
        return f"{round(metres / 50) * 50} m"
    if metres < 9_950:
        return f"{metres / 1000:.1f} km".replace(".", ",")
    return f"{round(metres / 1000)} km"


def relative_wording(position: Position, reference: Position, name: str) -> str:
    """Where a position lies as seen from a named place: "500 m südlich von Gimbte"."""
    metres = distance(reference, position)
    if metres < NEARBY_M:
        return f"bei {name}"
    word = direction_word(bearing(reference, position))
    return f"{wording_of_distance(metres)} {word} von {name}"
