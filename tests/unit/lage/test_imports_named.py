# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of halls and units: known by their name, created and updated, nothing opened by a list."""

from __future__ import annotations

from pathlib import Path

from lage.kinds.model import Draft, Query
from lage.language.errors import ImportRefused
from lage.station import Station
from tests.fixtures import share
from tests.unit.lage.conftest import Terminal

HALLS = "Notunterkünfte 2026;;;;\nName;Gemeinde;Kapazität;Belegt;Telefon\n"


def halls(station: Station) -> dict[str, tuple[str, int | None, int | None]]:
    """Status, places and people by place of each hall."""
    return {
        f"{row.text('name')} {row.text('municipality')}": (
            row.text("status"),
            row.whole("capacity"),
            row.whole("occupied"),
        )
        for row in station.reader.select(Query("shelter"))
    }


def test_a_list_of_halls_opens_none_and_empties_none(
    lage: Terminal, station: Station, tmp_path: Path
) -> None:
    """In preparation as long as nobody says more; known ones stay as the staffs carry them on."""
    path = tmp_path / "hallen.csv"
    path.write_text(f"{HALLS}Turnhalle;Rheine;1.200;0;1\nTurnhalle;Greven;80;;2\n;;;;\n", "cp1252")
    told = lage.json("import", "unterkuenfte", str(path))
    assert told["neu"] == 2
    assert (
        "2-mal nennt die Datei keinen Status: eingetragen ist „in Vorbereitung“."
        in told["hinweise"]
    )
    assert "Nicht übernommene Spalten: telefon." in told["hinweise"]
    assert halls(station) == {
        "Turnhalle Rheine": ("in Vorbereitung", 1200, 0),
        "Turnhalle Greven": ("in Vorbereitung", 80, None),
    }
    rheine = next(r for r in station.reader.select(Query("shelter")) if r.whole("capacity") == 1200)
    station.write([Draft("shelter", {"status": "in Betrieb", "occupied": 310}, rheine.id)])
    told = lage.json("import", "unterkuenfte", str(path))
    assert (told["neu"], told["geaendert"], told["bekannt"]) == (0, 0, 2)
    assert halls(station)["Turnhalle Rheine"] == ("in Betrieb", 1200, 310)
    path.write_text(f"{HALLS}TURNHALLE;Rheine;1300;;1\n", "utf8")
    told = lage.json("import", "unterkuenfte", str(path), "--aktualisieren")
    assert (told["neu"], told["geaendert"]) == (0, 1)
    assert halls(station)["Turnhalle Rheine"] == ("in Betrieb", 1300, 310)
    path.write_text("Name;Kapazität\nTurnhalle;5\n", "utf8")
    refused = lage.refusal("import", "unterkuenfte", str(path))
    assert isinstance(refused, ImportRefused)
    assert "bitte die Gemeinde" in str(refused.problems)


def test_what_another_staff_carries_on_is_left_to_it(
    county: list[Station], terminals: list[Terminal], tmp_path: Path
) -> None:
    """A second staff's list writes nothing over the first one's halls, and adds no second ones."""
    first, second = county[1], county[2]
    first.write([Draft("shelter", {"name": "Aula", "municipality": "Rheine", "occupied": 9})])
    share(first, second)
    path = tmp_path / "hallen.csv"
    path.write_text("Name;Gemeinde;Belegt\nAula;Rheine;0\n", "utf8")
    told = terminals[2].json("import", "unterkuenfte", str(path), "--aktualisieren")
    assert (told["neu"], told["geaendert"], told["bekannt"]) == (0, 0, 1)
    assert "bei einer anderen Stelle" in told["hinweise"][0]
    assert halls(second)["Aula Rheine"][2] == 9


def test_strength_in_three_columns_is_a_strength(
    lage: Terminal, station: Station, tmp_path: Path
) -> None:
    """As Lage writes it, and as tables have it: it was left out with a word nobody reads."""
    path = tmp_path / "k.csv"
    path.write_text("Name;Führer;Unterführer;Helfer\nZug 1;1;3;12\nZug 2;;;9\n", "utf8")
    assert lage.json("import", "kraefte", str(path))["hinweise"] == []
    found = {r.text("name"): r for r in station.reader.select(Query("unit"))}
    parts = ("leaders", "subleaders", "helpers")
    assert [found["Zug 1"].whole(part) for part in parts] == [1, 3, 12]
    assert [found["Zug 2"].whole(part) for part in parts] == [None, None, 9]
