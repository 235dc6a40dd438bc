# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is hardly meant so is asked about on the screen and noted on the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lage.kinds.model import Query
from lage.station import Station
from lage.write import commands
from lage.write.plausible import doubts
from tests.unit.lage.conftest import Terminal
from tui.app.taking_in import plan_of
from tui.forms.new import create
from tui.forms.spec import built


def asked(station: Station, kind: str, **typed: str) -> list[str]:
    """Questions about a new entry."""
    context = station.parse_context()
    return [each.text for each in doubts(commands.enter(kind, typed, context), context)]


def written(station: Station, kind: str, **typed: str) -> None:
    """An entry without asking."""
    station.write(commands.enter(kind, typed, station.parse_context()))


def test_a_hall_with_more_people_than_beds_is_asked_about(station: Station) -> None:
    """Also where only one of the two figures changes."""
    assert asked(station, "shelter", name="Halle", capacity="200", occupied="300") == [
        "300 belegt bei 200 Plätzen: stimmt das?"
    ]
    written(station, "shelter", name="Halle", capacity="200", occupied="150")
    (hall,) = station.reader.select(Query("shelter"))
    context = station.parse_context()
    assert doubts(commands.edit(hall, {"occupied": "201"}, context), context)
    assert not doubts(commands.edit(hall, {"occupied": "200"}, context), context)


def test_a_number_where_a_word_belongs_is_asked_about(station: Station) -> None:
    """One field too early."""
    assert "„1000“" in asked(station, "supply", item="Decken", place="Rheine", unit="1000")[0]
    assert not asked(station, "supply", item="Decken", place="Rheine", unit="Stück")


def test_a_value_ten_times_the_last_is_asked_about(station: Station) -> None:
    """Or a tenth; the first one of a series, small figures and what is near are not."""
    assert not asked(station, "reading", gauge="Greven", value="143")
    written(station, "reading", gauge="Greven", value="143")
    assert "Zehnfache" in asked(station, "reading", gauge="Greven", value="1430")[0]
    assert "Zehntel" in asked(station, "reading", gauge="Greven", value="14")[0]
    assert not asked(station, "reading", gauge="Greven", value="300")
    assert not asked(station, "reading", gauge="Rheine Unterschleuse", value="1430")


def test_an_incident_that_was_just_reported_is_asked_about(station: Station) -> None:
    """Same sort, municipality and street, however the street is spelt; not after an hour."""
    told = {"type": "Überflutung", "text": "Keller", "municipality": "Rheine"}
    written(station, "incident", **told, place="Mesum, Alte Bahnhofstraße 3")
    same = asked(station, "incident", **told, place="Alte Bahnhofstr. 12")
    assert len(same) == 1
    assert "ist vielleicht dasselbe" in same[0]
    assert not asked(station, "incident", **told, place="Neue Bahnhofstraße 3")
    assert not asked(station, "incident", **told | {"type": "Brand"}, place="Alte Bahnhofstr. 3")
    later = station.parse_context()
    drafts = commands.enter("incident", {**told, "place": "Alte Bahnhofstr. 3"}, later)
    assert not doubts(drafts, replace(later, now=later.now + 3700))


def test_the_screen_asks_and_the_command_line_notes(lage: Terminal, station: Station) -> None:
    """A script that reports a figure is not stopped."""
    spec = create("supply")
    typed = {"item": "Decken", "place": "Rheine", "unit": "1000", "minimum": "5"}
    assert "So speichern?" in built(station, spec, typed).ask
    lage("pegel", "melden", "Greven", "143")
    lage("pegel", "melden", "Greven", "1430")
    assert station.reader.count(Query("reading")) == 2


def test_a_value_is_compared_with_one_that_counts(station: Station) -> None:
    """In the gauge's decimals, and not with what is dated ahead or marks none."""
    written(station, "gauge", name="Metelen", unit="m", decimals="2")
    for value, at in (("1,24", "1500"), ("-777", "1510"), ("9,90", "in 1 h")):
        written(station, "reading", gauge="Metelen", value=value, at=at)
    assert asked(station, "reading", gauge="Metelen", value="123") == [
        "Wert 123,00 ist mindestens das Zehnfache von zuletzt 1,24: stimmt das?"
    ]


def test_what_has_happened_is_not_to_come(station: Station) -> None:
    """A year too many on an incident; what is due may well be to come."""
    told = {"type": "Brand", "text": "Scheune", "municipality": "Rheine"}
    assert asked(station, "incident", **told, at="24.11.27 15:00") == [
        "Ereigniszeit 24.11.27 15:00 liegt in der Zukunft: stimmt das?"
    ]
    assert not asked(station, "incident", **told, at="24.11.26 15:00")


@pytest.mark.parametrize(
    ("town", "said"),
    [
        ("Bielefeld", "„Bielefeld“ ist keine Gemeinde des Kreises: stimmt das?"),
        ("48431 Rheine", "„48431 Rheine“ ist keine Gemeinde des Kreises: meinten Sie „Rheine“?"),
        ("Rheine-Mesum", "„Rheine-Mesum“ ist keine Gemeinde des Kreises: meinten Sie „Rheine“?"),
        ("RHEINE", ""),
        ("Rhiene", ""),  # is asked about by its name
    ],
)
def test_a_town_of_another_county_is_asked_about(station: Station, town: str, said: str) -> None:
    """So that it is not missing from every sum by municipality."""
    found = asked(station, "incident", type="Brand", text="Scheune", municipality=town)
    assert found == ([said] if said else [])


def test_thresholds_in_the_wrong_order_are_asked_about(station: Station) -> None:
    """Also against what stands there: from 900 to 100 no value would count."""
    assert "höher als" in asked(station, "gauge", name="Elte", info1="200", info2="150")[0]
    written(station, "gauge", name="Elte", minimum="100")
    (gauge,) = station.reader.select(Query("gauge"))
    context = station.parse_context()
    assert doubts(commands.edit(gauge, {"maximum": "90"}, context), context)
    assert not doubts(commands.edit(gauge, {"maximum": "900"}, context), context)


def test_an_import_says_what_a_form_asks(lage: Terminal, station: Station, tmp_path: Path) -> None:
    """On the command line and the screen, each sentence once."""
    rows = "".join(f"{n};Brand;Scheune;Bielefeld;24.11.27 15:00\n" for n in range(3))
    path = tmp_path / "x.csv"
    path.write_text("Nr. der Leitstelle;Art;Lage;Gemeinde;Ereigniszeit\n" + rows, "utf8")
    told = lage.json("import", "vorfaelle", str(path), "--probe")["hinweise"]
    assert [note for note in told if note.startswith("Bitte prüfen")] == [
        "Bitte prüfen: Ereigniszeit 24.11.27 15:00 liegt in der Zukunft: stimmt das?",
        "Bitte prüfen: „Bielefeld“ ist keine Gemeinde des Kreises: stimmt das?",
    ]
    assert list(plan_of("incident", path, station).notes) == told


def test_a_point_that_is_not_where_it_is_said_to_be(station: Station) -> None:
    """Outside the county, or in another town than the one that was typed; never refused."""
    rheine, outside = "52.279, 7.44", "51.20, 6.80"
    brand = {"type": "Brand", "text": "x"}
    assert not asked(station, "incident", **brand, point=rheine)
    assert not asked(station, "incident", **brand, point=rheine, municipality="Rheine")
    assert asked(station, "incident", **brand, point=rheine, municipality="Greven") == [
        "Die Koordinate liegt in Rheine, nicht in Greven: stimmt das?"
    ]
    assert asked(station, "incident", **brand, point=outside) == [
        "Die Koordinate liegt außerhalb des Kreises: stimmt das?"
    ]
    assert not asked(station, "gauge", name="Einen", point=outside)


def test_a_value_that_is_none_and_a_gauge_that_has_ended(station: Station) -> None:
    """Typed by hand too: it is kept, and said."""
    assert (
        "steht für einen fehlenden Wert"
        in asked(station, "reading", gauge="Greven", value="-777")[0]
    )
    written(station, "gauge", name="Elte", ended="vor 2 h")
    assert "beendet" in asked(station, "reading", gauge="Elte", value="120")[0]
    assert not asked(station, "reading", gauge="Elte", value="120", at="vor 3 h")
