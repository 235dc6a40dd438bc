# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Positions as telephones, web maps and messages spell them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.geo.errors import PositionError
from maps.geo.notation import parse_position
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
