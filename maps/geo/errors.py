# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be wrong with a position or a map file: types and data; users' words stand elsewhere.

MapError(ValueError)
├── PositionError          a typed or received position that cannot be used
│   ├── EmptyPositionError
│   ├── UnknownNotationError
│   ├── OddDigitsError
│   ├── WrongSquareError
│   ├── SwappedAxesError
│   ├── NoCoordinateError
│   └── OutsideAreaError
├── ImportRefusedError     a file that was not imported; lists every problem
└── PackError              a pack file that cannot be read
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass


class MapError(ValueError):
    """Root of the tree; ``str()`` is for developers."""


class PositionError(MapError):
    """A position that cannot be used."""


class EmptyPositionError(PositionError):
    """Nothing was typed."""


class UnknownNotationError(PositionError):
    """The text is none of the three notations."""


class OddDigitsError(PositionError):
    """East and north of a UTMREF have different numbers of digits."""

    def __init__(self, digits: int) -> None:
        super().__init__(f"{digits} digits")
        self.digits = digits


class WrongSquareError(PositionError):
    """Zone, band and 100-km square do not fit together."""

    def __init__(self, square: str) -> None:
        super().__init__(square)
        self.square = square


class SwappedAxesError(PositionError):
    """Longitude stands before latitude."""


class NoCoordinateError(PositionError):
    """A link or a code that names a place without saying where it is."""


class OutsideAreaError(PositionError):
    """The position lies outside what the grids of this product cover."""


class Fault(enum.Enum):
    """What is wrong with one line or feature of a file."""

    NOT_A_FEATURE = "not a feature"
    NO_GEOMETRY = "no geometry"
    NO_OBJECT = "geometry is no JSON object"
    UNREADABLE = "geometry unreadable"
    NO_GEOPACKAGE = "not a GeoPackage geometry"
    BAD_HEADER = "header of the geometry damaged"
    DAMAGED = "geometry damaged"
    EMPTY = "geometry empty"
    UNSUPPORTED = "kind of geometry unsupported"  # detail: which
    NOT_FINITE = "coordinate not finite"
    NOT_DEGREES = "coordinates are no degrees"
    OUT_OF_GRID = "outside the coordinate system"
    NO_EXTENT = "shape without extent"
    MUNICIPALITY_NO_AREA = "municipality is no area"
    MUNICIPALITY_KEY = "key of the municipality has not eight digits"
    MUNICIPALITY_KEYLESS = "municipality without key"
    MUNICIPALITY_NAMELESS = "municipality without name"
    WATER_IS_POINT = "water is a point"
    WRONG_SHAPE = "shape does not fit the chosen kind"  # detail: "shape layer"
    PLACE_NAMELESS = "place without name"
    COLUMNS = "too few columns"  # detail: how many
    CELL_MIDDLE = "middle of the cell no whole number"
    CELL_GRID = "middle not in the grid"  # detail: its width in metres
    CELL_ID = "id of the cell unreadable"
    CELL_MISMATCH = "id and middle disagree"
    CELL_PEOPLE = "people no whole number"
    CELL_TWICE = "cell stands twice"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A fault with what it depends on."""

    fault: Fault
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One bad line or feature of a file: its number as the user counts (from 1), and why."""

    number: int
    flaw: Flaw


class Refusal(enum.Enum):
    """Why nothing of a file was imported."""

    TOO_BIG = "too big"  # detail: MB allowed
    UNKNOWN_FORMAT = "unknown format"
    NOT_UTF8 = "not UTF-8"
    BAD_JSON = "bad JSON"  # detail: "line column", "nested" or "constant"
    NO_FEATURES = "no FeatureCollection"
    UNKNOWN_GRID = "unknown coordinate system"
    BAD_FEATURES = "bad features"  # see problems
    BAD_LINES = "bad lines"  # see problems
    NOTHING_HERE = "nothing in the county"
    NO_CELL_HERE = "no cell in the county"
    NO_TILES_HERE = "no tiles in the county"
    NO_COUNTY = "no municipality of the county"  # detail: its key
    NO_KEYS = "objects without municipality keys"  # detail: the county's
    TOO_FAR = "beyond the map"
    TOO_DETAILED = "too many vertices"  # detail: how many are allowed
    TOO_MANY_FEATURES = "too many features"  # detail: how many are allowed
    TOO_MANY_LINES = "too many lines"  # detail: how many are allowed
    TOO_MANY_TILES = "too many tiles"
    CHOOSE_TABLE = "choose a table"  # detail: those that exist
    NO_CENSUS = "not a census grid"
    NO_GEOPACKAGE = "not a GeoPackage"
    NO_MBTILES = "not an MBTiles file"
    PICTURES = "pictures, not vector tiles"
    OTHER_VERSION = "another version of PMTiles"  # detail: which
    OTHER_PACKING = "tiles packed otherwise"  # detail: how
    DAMAGED = "damaged"
    EXTRA_MISSING = "an extra is missing"  # detail: its name


class ImportRefusedError(MapError):
    """Nothing of the file was imported. ``problems`` lists what has to be mended, all of it."""

    def __init__(
        self, refusal: Refusal, file: str = "", detail: str = "", problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__(f"{file}: {refusal.value} {detail}")
        self.refusal = refusal
        self.file = file  # name; empty where the reader sees the text only
        self.detail = detail
        self.problems = tuple(problems)


class PackTrouble(enum.Enum):
    """Why a map pack cannot be read."""

    OTHER_VERSION = "other version"
    DAMAGED = "damaged"


class PackError(MapError):
    """A map pack that is damaged or from another version."""

    def __init__(self, trouble: PackTrouble, file: str) -> None:
        super().__init__(f"{file}: {trouble.value}")
        self.trouble = trouble
        self.file = file
