# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people type, for every sort of field."""

from __future__ import annotations

import pytest

from lage.kinds.card import Card
from lage.kinds.cards import CARDS
from lage.kinds.inputs import choices_of, input_of
from lage.language.errors import UsageError
from lage.station import Station
from lage.write import commands
from lage.write.parse import parse_choice, parse_field, parse_number, parse_point
from maps.geo.places import Position, distance
from sync.schema.definition import Point


def field(station: Station, kind: str, name: str, typed: str) -> object:
    """One field as typed at a station."""
    return parse_field(kind, name, typed, station.parse_context())


@pytest.mark.parametrize(
    ("typed", "value"), [("12", 12), ("1.200", 1200), ("1 200 000", 1_200_000), ("+5", 5)]
)
def test_numbers(typed: str, value: int) -> None:
    """German thousands are understood."""
    assert parse_number(typed) == value


@pytest.mark.parametrize("typed", ["-1", "1,5", "1.20", "zwölf", "99999999999", "1e3", "²"])
def test_no_numbers(typed: str) -> None:
    """Decimals, words and what is out of range are refused."""
    with pytest.raises(UsageError):
        parse_number(typed)


def test_unknown_is_not_zero(station: Station) -> None:
    """A question mark means not known; zero is a number; empty says nothing."""
    assert field(station, "incident", "dead", "?") is None
    assert field(station, "incident", "dead", "0") == 0
    assert field(station, "incident", "dead", "unbekannt") is None


def test_choices() -> None:
    """The beginning of a word is enough where it is clear."""
    values = ("in Arbeit", "erledigt", "in Betrieb")
    assert parse_choice("ERL", values) == "erledigt"
    assert parse_choice("in arbeit", values) == "in Arbeit"
    with pytest.raises(UsageError, match="nicht eindeutig"):
        parse_choice("in", values)
    with pytest.raises(UsageError, match="gibt es hier nicht"):
        parse_choice("fertig", values)


def test_terms_take_the_listed_spelling(station: Station) -> None:
    """hoerstel is Hörstel; what is not listed stays as typed."""
    assert field(station, "helper", "place", "hoerstel") == "Hörstel"
    assert field(station, "helper", "place", "Bei Opa") == "Bei Opa"


def test_points_in_three_notations() -> None:
    """Degrees, UTM32 and UTMREF of one spot agree within the grid of the log."""
    spot = parse_point("52.2790, 7.4400")
    assert spot == Point(522790, 74400)
    for typed in ("32U 393575 5793216", "32U LC 93575 93216"):
        other = parse_point(typed)
        assert abs(other.lat_e4 - spot.lat_e4) <= 2
        assert abs(other.lon_e4 - spot.lon_e4) <= 2
    with pytest.raises(UsageError):
        parse_point("irgendwo")


def test_outline_takes_semicolons(station: Station) -> None:
    """Corners of an area are points with semicolons between."""
    corners = field(station, "area", "outline", "52.1, 7.1; 52.2, 7.1; 52.2, 7.2")
    assert corners == (Point(521000, 71000), Point(522000, 71000), Point(522000, 72000))


def test_an_area_is_said_as_a_distance_around_a_place(station: Station) -> None:
    """A town, a place, or a coordinate; the ring holds the whole circle; else a sentence."""
    for around in ("300 m um Greven", "0,3 km um 52.0925, 7.6083", "300m um Saerbeck"):
        corners = field(station, "area", "outline", around)
        assert isinstance(corners, tuple)
        assert len(corners) == 12
    at = [Position(52.0925, 7.6083)] * 12
    ring = field(station, "area", "outline", "300 m um 52.0925, 7.6083")
    assert isinstance(ring, tuple)
    for centre, corner in zip(at, ring, strict=True):
        assert isinstance(corner, Point)
        away = distance(centre, Position(corner.lat_e4 / 10_000, corner.lon_e4 / 10_000))
        assert 300 <= away <= 330
    for wrong, why in (("9 m um Greven", "50 m bis"), ("1 km um Entenhausen", "weder Koordinate")):
        with pytest.raises(UsageError, match=why):
            field(station, "area", "outline", wrong)


def test_members(station: Station) -> None:
    """Staffs by code or name, all as nothing."""
    assert field(station, "message", "to", "KST, Greven") == (1, 3)
    assert field(station, "message", "to", "alle") is None


def test_text_limits(station: Station) -> None:
    """Continued text may be long, a register's text may not, and both say so."""
    assert field(station, "journal", "text", "x" * 4000) == "x" * 4000
    assert field(station, "journal", "action", "x" * 1000) == "x" * 1000
    for kind, name, size in (("journal", "text", 4001), ("incident", "text", 401)):
        with pytest.raises(UsageError, match=f"{size} Zeichen lang"):
            field(station, kind, name, "x" * size)


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.name)
def test_every_form_can_be_asked_and_parsed(card: Card, station: Station) -> None:
    """Every input of every form has a sort, its default parses, and no key is asked for twice."""
    kind = card.name
    names = [item.name for item in card.form]
    assert len(names) == len(set(names))
    for item in card.form:
        assert input_of(kind, item.name)
        if item.default and item.default not in ("jetzt",):
            parse_field(kind, item.name, item.default, station.parse_context())
        if input_of(kind, item.name) == "choice":
            assert choices_of(kind, item.name)


def test_missing_field_is_named(station: Station) -> None:
    """The refusal names the first field that is missing or wrong."""
    with pytest.raises(UsageError, match="„Inhalt“ ist leer") as refused:
        commands.enter("journal", {}, station.parse_context())
    assert refused.value.field == "text"
    typed = {"type": "Brand", "text": "x", "affected": "viele"}
    with pytest.raises(UsageError, match="Betroffene: ") as refused:
        commands.enter("incident", typed, station.parse_context())
    assert refused.value.field == "affected"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1.250", 1250), ("12.345.678", 12_345_678), ("1 250", 1250), ("3.0", 3), ("3,00", 3)],
)
def test_whole_numbers_as_people_and_tables_write_them(typed: str, value: int) -> None:
    """Thousands in groups of three, a count with empty decimals."""
    assert parse_number(typed) == value


@pytest.mark.parametrize(
    "typed", ["0.125", "0,125", "1.25", "1.2345", "01.250", "1.250.1", "٣", "1e3"]
)
def test_decimals_never_become_thousands(typed: str) -> None:
    """0.125 is not 125: what is no whole number is refused."""
    with pytest.raises(UsageError):
        parse_number(typed)
