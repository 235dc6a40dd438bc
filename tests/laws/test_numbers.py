# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of numbers and measured quantities: what Lage prints reads back, and no unit is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lage.language.decimals import with_places
from lage.language.errors import UsageError
from lage.write.parse import parse_number
from lage.write.quantity import Scale, number, stated, unit_of, whole_as_typed

values = st.integers(-(10**8), 10**8)
places = st.integers(0, 4)


@given(values, places)
def test_a_value_reads_back_as_it_is_shown(value: int, decimals: int) -> None:
    """In the decimals of any gauge, typed by a person or sent as text by a service."""
    shown = with_places(value, decimals)

    assert whole_as_typed(shown, Scale("cm", decimals)) == value
    assert Scale("cm", decimals).whole(number(shown)) == value


@given(values, places)
def test_a_point_for_a_comma_is_the_same(value: int, decimals: int) -> None:
    """As JSON has it, and as people from elsewhere type it."""
    shown = with_places(value, decimals).replace(",", ".")

    assert whole_as_typed(shown, Scale("cm", decimals)) == value


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


LENGTHS = {"mm": 1, "cm": 10, "dm": 100, "m": 1000}


@given(
    st.integers(-(10**6), 10**6), st.sampled_from(sorted(LENGTHS)), st.sampled_from(sorted(LENGTHS))
)
def test_a_typed_length_is_exact_in_any_unit(millimetres: int, said: str, own: str) -> None:
    """As screen and command line take it and as a sensor sends it: one value, or none rounded."""
    text = f"{with_places(millimetres, len(str(LENGTHS[said])) - 1)} {said}"
    into = Scale(own, len(str(LENGTHS[own])) - 1, name="Greven")

    assert whole_as_typed(text, into) == millimetres
    value, unit = stated(text)
    assert round(value * LENGTHS[unit]) == millimetres


@pytest.mark.parametrize(
    ("typed", "unit", "places", "value"),
    [
        ("350 cm", "cm", 0, 350), ("3,50 m", "cm", 0, 350), ("3.50m", "cm", 0, 350),
        ("350cm", "m", 2, 350), ("1.250", "cm", 0, 1250), ("1.250 m", "cm", 0, 125),
        ("44,6 m ü. NN", "m ü. NN", 2, 4460), ("44,60 müNN", "m ü. NN", 2, 4460),
        ("25,3%", "%", 1, 253), ("12 m3/s", "m³/s", 2, 1200), ("1,234.5 %", "%", 1, 12345),
        ("350 Zentimeter", "cm", 0, 350), ("\u20135 CM", "cm", 0, -5),
    ],
)  # fmt: skip
def test_units_as_people_type_them(typed: str, unit: str, places: int, value: int) -> None:
    """Converted where both are lengths above the same zero."""
    assert whole_as_typed(typed, Scale(unit, places)) == value


@pytest.mark.parametrize(
    ("typed", "unit", "places", "why"),
    [
        ("350 %", "cm", 0, "misst in cm"), ("44,6 m", "m ü. NN", 2, "misst in m ü. NN"),
        ("3,505 m", "cm", 0, "höchstens 2 Stellen"), ("3,000", "cm", 0, "nur ganze Zahlen"),
        ("25,3 %", "", 0, "nicht bekannt"), ("3 m 50", "cm", 0, "keine Zahl"),
        ("ca. 350", "cm", 0, "keine Zahl"), ("350 cm 20", "cm", 0, "keine Zahl"),
        ("9" * 12, "cm", 0, "zu groß"), ("1.250.1", "cm", 0, "keine Zahl"),
    ],
)  # fmt: skip
def test_what_would_be_another_value_is_refused(
    typed: str, unit: str, places: int, why: str
) -> None:
    """Another unit, decimals that would be rounded, what is no number."""
    with pytest.raises(UsageError, match=why):
        whole_as_typed(typed, Scale(unit, places, name="Greven"))
