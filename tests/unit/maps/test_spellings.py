# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Positions as telephones, web maps and messages spell them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lage.language.map_errors import position_sentence
from maps.geo.errors import NoCoordinateError, PositionError
from maps.geo.notation import parse_position
from maps.geo.places import distance
from maps.geo.projection import Position

SPELLINGS = [
    "52.27900, 7.44000",
    "52.279000000000001, 7.440000000000000001",
    "(52.279, 7.440)",
    "[52,27900 7,44000]",
    "geo:52.279,7.44",
    "geo:52.279,7.44,40;crs=wgs84;u=35",
    "Koordinaten: 52.279, 7.440",
    "Lat: 52.279 Lon: 7.440",
    "lat=52.279, lng=7.44",
    "Breite 52,279 Länge 7,440",
    "N 52.279 E 7.440",
    "52°16'44.4\"N 7°26'24\"E",
    "52° 16′ 44,4″ N, 7° 26′ 24,0″ O",
    "N 52° 16.740' E 7° 26.400'",
    "52°16.740'N 7°26.400'E",
    "52 16 44.4 N 7 26 24 E",
    "32U-LC-9357-9321",
    "32ULC93579321",
    "UTMREF: 32U LC 9357 9321",
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_one_place_in_many_spellings(typed: str) -> None:
    """All of them mean the same street corner in Rheine, within a grid square of ten metres."""
    found = parse_position(typed).position

    assert found.lat == pytest.approx(52.279, abs=1.5e-4)
    assert found.lon == pytest.approx(7.440, abs=1.5e-4)


@pytest.mark.parametrize(
    "typed",
    ["52°61'00\"N 7°26'24\"E", "52°16'60\"N 7°26'24\"E", "52°16.5'30\"N 7°26'24\"E", "geo:", "()",
     "Lat: Lon:", "52°16'44\"S 7°26'24\"E", "52°16'44\"N 97°26'24\"E", "32U-LC-9366-931"],
)  # fmt: skip
def test_what_cannot_be_is_refused(typed: str) -> None:
    """Sixty minutes, minutes with decimals and seconds, the other end of the world."""
    with pytest.raises(PositionError):
        parse_position(typed)


@given(st.floats(51.9, 52.5), st.floats(6.9, 8.1))
def test_degrees_minutes_seconds_read_back(lat: float, lon: float) -> None:
    """Written to a tenth of a second, about three metres, they come back within that."""

    def spelt(value: float) -> str:
        tenths = round(value * 36_000)
        return f"{tenths // 36_000}°{tenths // 600 % 60}'{tenths % 600 / 10:.1f}\""

    found = parse_position(f"{spelt(lat)}N {spelt(lon)}E").position

    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=0.051 / 3600 + 1e-9)


@given(st.text(max_size=80))
def test_any_text_is_a_place_or_a_sentence(text: str) -> None:
    """Nothing else comes out."""
    found: object = None
    with suppress(PositionError):
        found = parse_position(text).position

    assert found is None or isinstance(found, Position)


HERE = Position(52.279, 7.44)
LINKED = [
    "https://www.google.com/maps/@52.279,7.44,15z",
    "https://www.google.com/maps/place/Rheine/@52.2,7.4,17z/data=!3m1!4b1!8m2!3d52.279!4d7.44!16s",
    "https://www.google.com/maps/search/?api=1&query=52.279%2C7.44",
    "google.com/maps?q=52.279,7.44",
    "https://www.openstreetmap.org/#map=15/52.279/7.44",
    "https://www.openstreetmap.org/?mlat=52.279&mlon=7.44#map=15/52.1/7.1",
    "https://maps.apple.com/?ll=52.279,7.44&q=Rheine",
    "https://maps.apple.com/place?coordinate=52.279,7.44&name=Rheine",
    "POINT (7.44 52.279)", "SRID=4326;POINT Z (7.44 52.279 45)", "52.279, 7.44, 45.3 m",
    "52,279 7,44 45", "lat: 52.279, lon: 7.44, alt: 45",
    "POINT(393575 5793216)", "SRID=25832;POINT(393575 5793216)", "H 5793216 R 393575",
    "Rechtswert 32393575 Hochwert 5793216", "5793216 393575",
    "R 3393605 H 5795094", "RW: 3393605, HW: 5795094", "Hochwert 5795094 Rechtswert 3393605",
    "3393605 5795094", "2598318,7 5794926,1",
]  # fmt: skip


@pytest.mark.parametrize("text", LINKED)
def test_links_points_and_older_grids(text: str) -> None:
    """What a telephone shares and an office's database holds, within ten metres of the same."""
    assert distance(parse_position(text).position, HERE) < 10


@pytest.mark.parametrize(
    "text",
    ["https://maps.app.goo.gl/AbC", "https://osm.org/go/0GDz~", "///gabel.dach.see",
     "https://www.google.com/maps/place/Rheine"],
)  # fmt: skip
def test_a_link_without_a_coordinate_says_so(text: str) -> None:
    """It is no unknown notation."""
    with pytest.raises(NoCoordinateError) as refused:
        parse_position(text)
    assert "keine Koordinate" in position_sentence(refused.value)


@pytest.mark.parametrize("text", ["SRID=3857;POINT(828217 6852000)", "POINT (7.44, 52.279)"])
def test_other_grids_are_not_guessed(text: str) -> None:
    """Metres of another system would be another place."""
    with pytest.raises(PositionError):
        parse_position(text)
