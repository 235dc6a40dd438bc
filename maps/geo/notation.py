# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How people write a position: decimal degrees, UTM32 metres, UTMREF; reading and writing.

Writing truncates and never rounds: a grid square is named by its south-west corner, and rounding
up would name the neighbour. Reading turns a square into its centre, so that what was read is
written the same way again.

Reading takes spaces, commas and lower case as they come from tired hands. It refuses what could
mean two things: different numbers of digits, swapped axes, letters that do not fit the zone.
Digits without letters ("9366 9315") mean the square next to ``near``.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from maps.geo import links, utmref
from maps.geo.errors import (
    EmptyPositionError,
    OddDigitsError,
    OutsideAreaError,
    SwappedAxesError,
    UnknownNotationError,
    WrongSquareError,
)
from maps.geo.gauss_krueger import EAST, NORTH, east_first, read_gauss_krueger
from maps.geo.projection import (
    LAT_MAX,
    LAT_MIN,
    GridPoint,
    Position,
    from_grid,
    to_grid,
)
from maps.geo.sexagesimal import read_sexagesimal

TEXT_MAX = 1000
"""Links of map services are long."""
METRES_PER_DEGREE = 111_000


class Notation(enum.Enum):
    """The three ways to write a position; the value is the name the user sees."""

    DECIMAL = "WGS84"
    UTM = "ETRS89/UTM"
    UTMREF = "UTMREF"


@dataclass(frozen=True, slots=True)
class ReadPosition:
    """A position as it was typed, and how exact the typing was."""

    position: Position
    notation: Notation
    mesh_m: float  # edge of the square that the digits name, in metres


def format_decimal(position: Position, places: int = 5) -> str:
    """Decimal degrees, latitude first: ``52.27900, 7.44000``; five places are about a metre."""
    step = Decimal(1).scaleb(-places)
    lat, lon = (
        Decimal(repr(value)).quantize(step, rounding=ROUND_DOWN)
        for value in (position.lat, position.lon)
    )
    return f"{lat:f}, {lon:f}"


def format_utm32(position: Position) -> str:
    """ETRS89/UTM32 in whole metres: ``32U 393663 5793158``.

    Always zone 32, as German authorities do beyond its edges too.
    Raises OutsideAreaError where ``position.covered`` is false.
    """
    point = to_grid(position)
    band = utmref.band_of(position.lat)
    return f"32{band} {math.floor(point.east):06d} {math.floor(point.north):07d}"


def format_utmref(position: Position, digits: int = 8) -> str:
    """UTMREF with 2, 4, 6, 8 or 10 digits: ``32U LC 9366 9315`` (8 digits: a 10-m square).

    Raises OutsideAreaError where ``position.covered`` is false, ValueError for other digits.
    """
    if digits not in (2, 4, 6, 8, 10):
        raise ValueError(f"digits must be 2, 4, 6, 8 or 10, not {digits}")
    if not position.covered:
        raise OutsideAreaError
    zone = utmref.zone_of(position.lon)
    point = to_grid(position, zone)
    square = utmref.square_at(zone, point.east, point.north)
    if square is None:
        raise OutsideAreaError
    half = digits // 2
    mesh = 10 ** (5 - half)
    east = math.floor(point.east) % utmref.SQUARE_M // mesh
    north = math.floor(point.north) % utmref.SQUARE_M // mesh
    return f"{zone}{utmref.band_of(position.lat)} {square} {east:0{half}d} {north:0{half}d}"


def parse_position(text: str, near: Callable[[], Position | None] | None = None) -> ReadPosition:
    """Read any of the three notations; without ``near`` no digits without letters.

    Raises a subclass of PositionError.
    """
    if len(text) > TEXT_MAX:
        raise UnknownNotationError
    cleaned = " ".join(links.unfolded(text).upper().split())
    if not cleaned:
        raise EmptyPositionError
    cleaned = _bare(cleaned)
    readers = (_read_utm, _read_gauss_krueger, _read_decimal, _read_sexagesimal, _read_utmref)
    for reader in readers:
        found = reader(cleaned)
        if found is not None:
            return found
    return _read_bare_digits(cleaned, near)


_LABEL = re.compile(
    r"^(?:(?:KOORDINATEN?|POSITION|POS|STANDORT|ORT|UTMREF|MGRS|UTM|WGS ?84|GEO)\b[ :=]*)+"
)
_AXIS = re.compile(
    r"\b(?:LATITUDE|BREITE|LAT|LONGITUDE|LÄNGE|LON|LNG|ALTITUDE|ALT|HÖHE)[ :=]*(?=[+-]?\d)"
)


def _bare(text: str) -> str:
    """Without brackets, labels and the parameters of a ``geo:`` address (RFC 5870)."""
    text = text.strip("()[]{}<> ")
    if text.startswith("GEO:"):
        text = text[4:].partition(";")[0].partition("?")[0]
        text = ",".join(text.split(",")[:2])  # a third is the height
    text = _AXIS.sub("", _LABEL.sub("", text)).strip("()[]{} ,;")
    hyphenated = re.fullmatch(r"\d{1,2}[A-Z]?-[A-Z]{2}-?\d+-?\d*", text)
    return text.replace("-", " ") if hyphenated else text


def _read_sexagesimal(text: str) -> ReadPosition | None:
    try:
        found = read_sexagesimal(text)
    except ValueError as error:
        raise UnknownNotationError from error
    if found is None:
        return None
    position, fine = found
    if not position.covered:
        raise OutsideAreaError
    return ReadPosition(position, Notation.DECIMAL, METRES_PER_DEGREE * fine)


def _read_gauss_krueger(text: str) -> ReadPosition | None:
    position = read_gauss_krueger(text)
    return None if position is None else ReadPosition(position, Notation.UTM, 3.0)


_UTM = re.compile(
    rf"{EAST}(?:(3[123])[ ]*([TUN])?[ ]*)?{EAST}([0-9]{{6}})(?:[.,][0-9]{{1,6}})?[ ]*M?[ ]*[EO]?"
    rf"(?:[ ]+|[ ]*[,;/][ ]*){NORTH}([0-9]{{7}})(?:[.,][0-9]{{1,6}})?[ ]*M?[ ]*N?"
)


def _read_utm(text: str) -> ReadPosition | None:
    match = _UTM.fullmatch(east_first(text))
    if match is None:
        return None
    zone, band, east, north = match.groups()
    # The square metre that was typed stands for its centre; see the module's first paragraph.
    point = GridPoint(int(east) + 0.5, int(north) + 0.5, int(zone or 32))
    position = from_grid(point)
    _check_band(band, position, 1, f"{zone}{band}")
    return ReadPosition(position, Notation.UTM, 1.0)


_NUMBER = r"([+-]?[0-9]{1,3}[.,][0-9]{1,20})[ ]*°?"
_GAP = r"(?:[ ]+|[ ]*[,;/][ ]*)"
_HEIGHT = rf"(?:{_GAP}[+-]?[0-9]{{1,5}}(?:[.,][0-9]{{1,20}})?[ ]*M?)?"
"""A third number is the height, as GPS devices give it."""
_PLAIN = re.compile(rf"{_NUMBER}{_GAP}{_NUMBER}{_HEIGHT}")
_LETTER_BEFORE = re.compile(rf"([NSEOW])[ ]*{_NUMBER}{_GAP}([NSEOW])[ ]*{_NUMBER}")
_LETTER_AFTER = re.compile(rf"{_NUMBER}[ ]*([NSEOW]){_GAP}{_NUMBER}[ ]*([NSEOW])")


def _read_decimal(text: str) -> ReadPosition | None:
    if match := _PLAIN.fullmatch(text):
        a, b = match.groups()
        lat, lon = _degrees(a), _degrees(b)
        if LAT_MIN <= lon < LAT_MAX and not LAT_MIN <= lat < LAT_MAX:
            raise SwappedAxesError
    elif (match := _LETTER_BEFORE.fullmatch(text)) or (match := _LETTER_AFTER.fullmatch(text)):
        one, two, three, four = match.groups()
        a, first, b, second = (one, two, three, four) if two in "NSEOW" else (two, one, four, three)
        if (first in "NS") == (second in "NS"):
            raise UnknownNotationError
        values = {
            letter in "NS": -_degrees(number) if letter in "SW" else _degrees(number)
            for number, letter in ((a, first), (b, second))
        }
        lat, lon = values[True], values[False]
    else:
        return None
    position = Position(lat, lon)
    if not position.covered:
        raise OutsideAreaError
    places = min(len(re.split("[.,]", value)[1]) for value in (a, b))
    return ReadPosition(position, Notation.DECIMAL, METRES_PER_DEGREE * 10.0**-places)


def _degrees(number: str) -> float:
    return float(number.replace(",", "."))


_UTMREF = re.compile(r"(?:([0-9]{1,2})[ ]*([A-Z])?[ ]*)?([A-Z])[ ]*([A-Z])[ ]*([0-9 ]*)")


def _read_utmref(text: str) -> ReadPosition | None:
    match = _UTMREF.fullmatch(text)
    if match is None:
        return None
    zone_text, band, column, row, digits = match.groups()
    square = column + row
    zone = int(zone_text) if zone_text else utmref.zone_of_square(square)
    if zone not in utmref.ZONES:
        raise OutsideAreaError
    east, north, mesh = _halves(digits)
    corner_east, corner_north = utmref.corner_of(zone, square)
    position = from_grid(GridPoint(corner_east + east, corner_north + north, zone))
    _check_band(band, position, mesh, square)
    return ReadPosition(position, Notation.UTMREF, mesh)


def _check_band(band: str | None, position: Position, mesh_m: int, name: str) -> None:
    """A square that the edge of a band crosses may be named with either band; N means north."""
    if band is None or band == "N":
        return
    south, north = utmref.BANDS.get(band, (math.inf, -math.inf))
    slack = mesh_m / METRES_PER_DEGREE
    if not south - slack <= position.lat < north + slack:
        raise WrongSquareError(name)


def _halves(digits: str) -> tuple[float, float, int]:
    """Centre of the named square within its 100-km square, and its edge, all in metres."""
    groups = digits.split()
    if len(groups) == 2 and len(groups[0]) != len(groups[1]):
        raise OddDigitsError(len(groups[0]) + len(groups[1]))
    joined = "".join(groups)
    if len(joined) % 2 or not 2 <= len(joined) <= 10:
        raise OddDigitsError(len(joined))
    half = len(joined) // 2
    mesh = 10 ** (5 - half)
    return (
        int(joined[:half]) * mesh + mesh / 2,
        int(joined[half:]) * mesh + mesh / 2,
        mesh,
    )


def _read_bare_digits(text: str, near: Callable[[], Position | None] | None) -> ReadPosition:
    """Digits without letters, at least three each: the square whose reading is next to ``near``."""
    if near is None or not re.fullmatch(r"[0-9]{3,5} +[0-9]{3,5}|[0-9]{6,10}", text):
        raise UnknownNotationError
    east, north, mesh = _halves(text)
    middle = near()
    if middle is None:
        raise UnknownNotationError
    centre = to_grid(middle)
    size = utmref.SQUARE_M
    point = GridPoint(
        east + round((centre.east - east) / size) * size,
        north + round((centre.north - north) / size) * size,
    )
    return ReadPosition(from_grid(point), Notation.UTMREF, mesh)
