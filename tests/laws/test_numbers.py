# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of numbers and measured quantities: what Lage prints reads back, and no unit is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lage.imports.quantity import Scale, number, unit_of
from lage.language.decimals import with_places
from lage.write.parse import parse_decimal, parse_number

values = st.integers(-(10**8), 10**8)
places = st.integers(0, 4)


@given(values, places)
def test_a_value_reads_back_as_it_is_shown(value: int, decimals: int) -> None:
    """In the decimals of any gauge, typed by a person or sent as text by a service."""
    shown = with_places(value, decimals)

    assert parse_decimal(shown, decimals) == value
    assert Scale("cm", decimals).whole(number(shown)) == value


@given(values, places)
def test_a_point_for_a_comma_is_the_same(value: int, decimals: int) -> None:
    """As JSON has it, and as people from elsewhere type it."""
    shown = with_places(value, decimals).replace(",", ".")

    assert parse_decimal(shown, decimals) == value


@given(st.integers(0, 2**31 - 1))
def test_thousands_as_people_write_them(value: int) -> None:
    """1.234.567, 1 234 567 and 1234567 are one number."""
    grouped = f"{value:,}"

    assert parse_number(grouped.replace(",", ".")) == value
    assert parse_number(grouped.replace(",", " ")) == value
    assert parse_number(str(value)) == value


@given(values, st.sampled_from(["cm", "m", "mm", "%", "m ü. NN", "m³/s", "°C"]))
def test_a_value_carries_its_unit(value: int, unit: str) -> None:
    """„25,30 %“ is 25.3, and the unit of it is spelt one way."""
    assert number(f"{with_places(value, 2)} {unit}") == value / 100
    assert unit_of(unit_of(unit)) == unit_of(unit)
