# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where something is: the one door to positions, notations, and distances.

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
    Notation,
    ReadPosition,
    format_decimal,
    format_utm32,
    format_utmref,
    parse_position,
)
from maps.geo.projection import GridPoint, Position, ellipsoid, from_grid, to_grid

__all__ = [
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
    "distance",
    "format_decimal",
    "format_utm32",
    "format_utmref",
    "from_grid",
    "offset",
    "parse_position",
    "to_grid",
]


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
