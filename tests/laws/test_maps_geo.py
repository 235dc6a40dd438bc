# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of positions: what is written is read back, and agrees with an independent library."""

from __future__ import annotations

import mgrs
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.language.map_errors import position_sentence
from maps.geo.places import (
    Position,
    PositionError,
    distance,
    format_decimal,
    format_utm32,
    format_utmref,
    from_grid,
    parse_position,
    to_grid,
)

COUNTY = st.builds(Position, lat=st.floats(51.95, 52.55), lon=st.floats(6.9, 8.2))
"""Far from the edges of zone 32 and band U, where one square has two names."""

GERMANY = st.builds(Position, lat=st.floats(47.2, 55.1), lon=st.floats(5.8, 15.1))


@given(GERMANY)
@settings(derandomize=True, max_examples=200)
def test_grid_and_back(position: Position) -> None:
    """Degrees to metres and back returns within a tenth of a millimetre."""
    assert distance(position, from_grid(to_grid(position))) < 1e-4


@given(COUNTY, st.sampled_from([2, 4, 6, 8, 10]))
@settings(derandomize=True, max_examples=200)
def test_utmref_is_read_back_as_written(position: Position, digits: int) -> None:
    """Reading a printed square and printing it again gives the same text, from within it."""
    text = format_utmref(position, digits)

    read = parse_position(text)

    assert format_utmref(read.position, digits) == text
    assert distance(position, read.position) <= read.mesh_m * 0.75


@given(COUNTY)
@settings(derandomize=True, max_examples=200)
def test_utm32_is_read_back_as_written(position: Position) -> None:
    """The same for metres."""
    text = format_utm32(position)

    assert format_utm32(parse_position(text).position) == text


@given(COUNTY)
@settings(derandomize=True, max_examples=200)
def test_decimal_is_read_back_as_written(position: Position) -> None:
    """The same for degrees."""
    text = format_decimal(position)

    assert format_decimal(parse_position(text).position) == text


@given(GERMANY)
@settings(derandomize=True, max_examples=400)
def test_utmref_agrees_with_geotrans(position: Position) -> None:
    """GeoTrans names the same metre or, at a metre's edge, the one beside it."""
    ours = format_utmref(position, 10).replace(" ", "")
    theirs = mgrs.MGRS().toMGRS(position.lat, position.lon)

    if ours[:5] == theirs[:5]:
        assert abs(int(ours[5:10]) - int(theirs[5:10])) <= 1
        assert abs(int(ours[10:]) - int(theirs[10:])) <= 1
    else:  # the metre's edge is the edge of a 100-km square
        assert ours[5:10] in ("00000", "99999") or ours[10:] in ("00000", "99999")


@given(GERMANY)
@settings(derandomize=True, max_examples=200)
def test_what_geotrans_writes_is_read(position: Position) -> None:
    """A UTMREF of the other library is the place that it came from, to its metre."""
    theirs = mgrs.MGRS().toMGRS(position.lat, position.lon)

    assert distance(parse_position(theirs).position, position) <= 1.5


@given(st.text(max_size=100) | st.from_regex(r"[0-9NEULC .,;°+-]{0,40}", fullmatch=True))
@settings(derandomize=True, max_examples=400)
def test_reading_is_total(text: str) -> None:
    """Any text gives a position or a typed error, which has a sentence."""
    sentence = ""
    try:
        covered = parse_position(text, lambda: Position(52.2, 7.5)).position.covered
    except PositionError as error:
        covered, sentence = False, position_sentence(error)

    assert covered != sentence.endswith(".")
