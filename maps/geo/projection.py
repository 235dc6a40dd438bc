# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Positions on the globe and in the plane: WGS84 degrees <-> ETRS89/UTM metres.

Positions are stored and passed as WGS84 latitude and longitude; everything that is measured or
drawn is done in ETRS89/UTM32 (EPSG:25832), the grid of German surveyors. The two systems differ
by less than a metre today, which PROJ states as the accuracy of the step; nothing is downloaded
for it, and PROJ's network access is switched off.

pyproj is imported when the first coordinate is converted: it takes longer to load than most
commands take to run. Limits: latitude 40..56, longitude 0..18 (UTM zones 31 to 33).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maps.geo.errors import OutsideAreaError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from pyproj import Geod, Transformer

    Floats = npt.NDArray[np.float64]

LAT_MIN, LAT_MAX = 40.0, 56.0
LON_MIN, LON_MAX = 0.0, 18.0
MAP_BOUNDS = (0.0, 5_200_000.0, 1_000_000.0, 6_150_000.0)
"""West, south, east, north in EPSG:25832 that maps may show: Germany and its surroundings."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place on the ground: WGS84 degrees, latitude -90..90, longitude -180..180.

    Raises OutsideAreaError for anything else, NaN included.
    """

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise OutsideAreaError

    @property
    def covered(self) -> bool:
        """Whether the grids of this product cover it."""
        return LAT_MIN <= self.lat < LAT_MAX and LON_MIN <= self.lon < LON_MAX


@dataclass(frozen=True, slots=True)
class GridPoint:
    """ETRS89/UTM metres in a zone (31..33): easting with 500 km at the central meridian."""

    east: float
    north: float
    zone: int = 32


@functools.lru_cache(maxsize=8192)
def to_grid(position: Position, zone: int = 32) -> GridPoint:
    """Metres in ETRS89/UTM, by default zone 32 (EPSG:25832). Asked again for every picture.

    Raises OutsideAreaError where ``position.covered`` is false.
    """
    if not position.covered:
        raise OutsideAreaError
    east, north = transformer(4326, 25800 + zone).transform(position.lon, position.lat)
    return GridPoint(east, north, zone)


def from_grid(point: GridPoint) -> Position:
    """WGS84 position of a grid point; raises OutsideAreaError outside the covered area."""
    lon, lat = transformer(25800 + point.zone, 4326).transform(point.east, point.north)
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise OutsideAreaError
    position = Position(lat, lon)
    if not position.covered:
        raise OutsideAreaError
    return position


def project(lons: Floats, lats: Floats, source: int = 4326) -> Floats:
    """Many points to EPSG:25832: shape (n,) twice -> (n, 2); what PROJ cannot place is inf."""
    import numpy as np

    east, north = transformer(source, 25832).transform(lons, lats)
    return np.column_stack([east, north]).astype(np.float64, copy=False)


@functools.lru_cache(maxsize=32)
def transformer(source: int, target: int) -> Transformer:
    """Cached transformation between two EPSG codes, axes always (east, north) or (lon, lat).

    Creating one takes about 5 ms, using one less than a microsecond. Raises
    ``pyproj.exceptions.ProjError`` for a code that PROJ does not know.
    """
    import pyproj
    import pyproj.network

    pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined]
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


@functools.lru_cache(maxsize=1)
def ellipsoid() -> Geod:
    """The WGS84 ellipsoid for distances and bearings."""
    import pyproj

    return pyproj.Geod(ellps="WGS84")
