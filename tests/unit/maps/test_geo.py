# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Positions: three notations, distances, German wording."""

from __future__ import annotations

import subprocess
import sys

import mgrs
import pytest

from lage.language.whereabouts import relative_wording, wording_of_distance
from maps.geo.places import (
    EmptyPositionError,
    GridPoint,
    Notation,
    OddDigitsError,
    OutsideAreaError,
    Position,
    PositionError,
    SwappedAxesError,
    UnknownNotationError,
    WrongSquareError,
    bearing,
    distance,
    format_decimal,
    format_utm32,
    format_utmref,
    from_grid,
    offset,
    parse_position,
    to_grid,
)

RHEINE = Position(52.279, 7.440)

# UTM of WGS84 by Karney's series (GeoConvert's method), computed apart from PROJ in this test.
_KARNEY_A = 6378137.0
_KARNEY_N = 0.0016792203863837047


def _krueger(lat: float, lon: float, meridian: float) -> tuple[float, float]:
    """Krüger's n-series to the third order (Karney 2011, eqs. 7 to 9 and 35), metres."""
    from math import asinh, atan2, atanh, cos, cosh, pi, sin, sinh, sqrt, tan

    n = _KARNEY_N
    a_bar = _KARNEY_A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    alphas = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16,
        13 * n**2 / 48 - 3 * n**3 / 5,
        61 * n**3 / 240,
    )
    phi, lam = lat * pi / 180, (lon - meridian) * pi / 180
    e = 2 * sqrt(n) / (1 + n)
    tau = tan(phi)
    sigma = sinh(e * atanh(e * tau / sqrt(1 + tau**2)))
    tau1 = tau * sqrt(1 + sigma**2) - sigma * sqrt(1 + tau**2)
    xi0 = atan2(tau1, cos(lam))
    eta0 = asinh(sin(lam) / sqrt(tau1**2 + cos(lam) ** 2))
    xi, eta = xi0, eta0
    for order, alpha in enumerate(alphas, start=1):
        xi += alpha * sin(2 * order * xi0) * cosh(2 * order * eta0)
        eta += alpha * cos(2 * order * xi0) * sinh(2 * order * eta0)
    return 500_000 + 0.9996 * a_bar * eta, 0.9996 * a_bar * xi


@pytest.mark.parametrize("lat", [51.95, 52.279, 52.5, 48.14])
@pytest.mark.parametrize("lon", [6.95, 7.44, 8.1, 11.5])
def test_utm32_agrees_with_an_independent_series(lat: float, lon: float) -> None:
    """PROJ's metres equal Krüger's series, written out here, to a millimetre."""
    east, north = _krueger(lat, lon, 9.0)

    point = to_grid(Position(lat, lon))

    assert point.east == pytest.approx(east, abs=1e-3)
    assert point.north == pytest.approx(north, abs=1e-3)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (Position(52.27849, 7.44131), "32U LC 9366 9315"),
        (Position(52.1760, 7.8650), "32U MC 2238 8122"),
        (Position(52.52, 13.405), "33U UU 9177 2007"),
        (Position(47.5, 7.6), "32T LT 9456 6167"),
    ],
)
def test_utmref_of_known_places(position: Position, expected: str) -> None:
    """The 10-m form is what GeoTrans (package mgrs) says, with German spacing."""
    oracle = mgrs.MGRS().toMGRS(position.lat, position.lon, MGRSPrecision=4)

    assert format_utmref(position) == expected
    assert oracle == expected.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "32U LC 9366 9315",
        "32 U LC 9366 9315",
        "32ulc93669315",
        "LC 9366 9315",
        "lc93669315",
        "UTMREF 32U LC 9366 9315",
        "32U\u00a0LC\t9366  9315 ",
        "9366 9315",
        "93669315",
    ],
)
def test_utmref_as_people_type_it(text: str) -> None:
    """Zone, spaces and case may be missing; the digits mean the square in the county."""
    read = parse_position(text, lambda: RHEINE)

    assert format_utmref(read.position) == "32U LC 9366 9315"
    assert read.notation is Notation.UTMREF
    assert read.mesh_m == 10


@pytest.mark.parametrize("digits", [2, 4, 6, 8, 10])
def test_utmref_digits_tell_the_mesh(digits: int) -> None:
    """2 to 10 digits are squares of 10 km to 1 m; reading one gives its centre."""
    text = format_utmref(RHEINE, digits)

    read = parse_position(text)

    assert read.mesh_m == 10 ** (5 - digits // 2)
    assert format_utmref(read.position, digits) == text


@pytest.mark.parametrize(
    "text",
    [
        "32 U 398543 5791021",
        "32398543 5791021",
        "398543 5791021",
        "398543, 5791021",
        "398543.7 5791021.2",
        "398543,7 5791021,2",
        "E 398543 N 5791021",
        "32N 398543 5791021",
        "UTM 32U 398543m E 5791021m N",
    ],
)
def test_utm_as_people_type_it(text: str) -> None:
    """Metres with and without zone, letters and fractions mean the same square metre."""
    read = parse_position(text)

    assert format_utm32(read.position) == "32U 398543 5791021"
    assert read.notation is Notation.UTM


@pytest.mark.parametrize(
    "text",
    [
        "52.279, 7.440",
        "52,279 7,440",
        "52.279 7.440",
        "52,279, 7,440",
        "52,279,7,440",
        "52.279/7.440",
        "N 52.279 E 7.440",
        "52.279° N, 7.440° O",
        "7.440 E 52.279 N",
    ],
)
def test_decimal_degrees_as_people_type_them(text: str) -> None:
    """Point or comma, letters before or after, and letters decide the order of the axes."""
    read = parse_position(text)

    assert read.position == RHEINE
    assert read.notation is Notation.DECIMAL
    assert read.mesh_m == pytest.approx(111)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", EmptyPositionError),
        ("   ", EmptyPositionError),
        ("Emsbrücke Gimbte", UnknownNotationError),
        ("52 7", UnknownNotationError),
        ("52,279", UnknownNotationError),
        ("N 52.279 N 7.440", UnknownNotationError),
        ("9" * 500, UnknownNotationError),
        ("٥٢.٢٧٩, ٧.٤٤٠", UnknownNotationError),
        ("32U LC 9366 931", OddDigitsError),
        ("32U LC 936693150", OddDigitsError),
        ("32U LC", OddDigitsError),
        ("LC 93 9366", OddDigitsError),
        ("9366 931", OddDigitsError),
        ("LC 936612 931512", OddDigitsError),
        ("32T LC 9366 9315", WrongSquareError),
        ("32U AC 9366 9315", WrongSquareError),
        ("LI 1234 1234", WrongSquareError),
        ("32X LC 9366 9315", WrongSquareError),
        ("31U 398543 9991021", OutsideAreaError),
        ("18T WL 9366 9315", OutsideAreaError),
        ("7.440 52.279", SwappedAxesError),
        ("12.5, 99.9", OutsideAreaError),
        ("99.5, 7.9", OutsideAreaError),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, error: type[PositionError]) -> None:
    """Every refusal has its own type."""
    with pytest.raises(error) as caught:
        parse_position(text, lambda: RHEINE)

    assert type(caught.value) is error


def test_bare_digits_follow_the_place_they_are_read_near() -> None:
    """The same digits mean another square near Lengerich than near Rheine."""
    near_lengerich = parse_position("2239 8115", near=lambda: Position(52.18, 7.86)).position

    assert format_utmref(near_lengerich) == "32U MC 2239 8115"


def test_formatting_truncates() -> None:
    """The last metre before a square's edge still belongs to the square."""
    position = from_grid(GridPoint(393_669.99, 5_793_159.99))

    assert format_utmref(position) == "32U LC 9366 9315"
    assert format_utm32(position) == "32U 393669 5793159"
    assert format_decimal(Position(52.2799999, 7.4399999)) == "52.27999, 7.43999"


def test_positions_off_the_globe_do_not_exist() -> None:
    """NaN, infinity and 91 degrees are refused at once."""
    for lat, lon in [(float("nan"), 7.0), (91.0, 7.0), (52.0, float("inf"))]:
        with pytest.raises(OutsideAreaError):
            Position(lat, lon)


def test_positions_beyond_the_grids_have_no_grid_notation() -> None:
    """Cape Town is a position, but no UTM32."""
    with pytest.raises(OutsideAreaError):
        format_utm32(Position(-33.9, 18.4))
    with pytest.raises(OutsideAreaError):
        format_utmref(Position(-33.9, 17.4))


def test_distance_bearing_and_offset_belong_together() -> None:
    """Going 1,500 m southeast lies 1,500 m away at 135 degrees."""
    there = offset(RHEINE, 135, 1500)

    assert distance(RHEINE, there) == pytest.approx(1500, abs=1e-6)
    assert bearing(RHEINE, there) == pytest.approx(135, abs=1e-6)
    assert bearing(RHEINE, RHEINE) == 0.0


@pytest.mark.parametrize(
    ("degrees", "metres", "expected"),
    [
        (180, 500, "500 m südlich von Gimbte"),
        (44, 1540, "1,5 km nordöstlich von Gimbte"),
        (350, 23_400, "23 km nördlich von Gimbte"),
        (90, 20, "bei Gimbte"),
    ],
)
def test_wording_relative_to_a_place(degrees: float, metres: float, expected: str) -> None:
    """Distance, direction and name in the words of a radio message."""
    there = offset(RHEINE, degrees, metres)

    assert relative_wording(there, RHEINE, "Gimbte") == expected


def test_distances_are_as_exact_as_people_speak() -> None:
    """50-m steps below one kilometre, then tenths, then whole kilometres."""
    assert [wording_of_distance(m) for m in (120, 974, 980, 9_949, 9_960)] == [
        "100 m",
        "950 m",
        "1,0 km",
        "9,9 km",
        "10 km",
    ]


def test_importing_geo_loads_neither_numpy_nor_pyproj() -> None:
    """A command that shows no coordinate does not pay for projections."""
    code = "import sys, maps.geo; print({'numpy', 'pyproj', 'shapely'} & set(sys.modules))"

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "set()"
