# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``lage bericht daten`` writes, ``lage import`` reads back: nothing twice, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lage.imports.entries import KINDS
from lage.imports.measured import KINDS as MEASURED
from lage.imports.named import KINDS as NAMED
from lage.kinds.cards import CARDS
from lage.kinds.model import Draft, Query, Record
from lage.kinds.schema import SCHEMA
from lage.language.errors import ImportRefused
from lage.language.guard import guarded, unguarded
from lage.language.strength import Strength, parse_strength
from lage.language.tactical import parse_time
from lage.reports.tables import _excel_time
from lage.station import Station
from sync.schema.definition import EntityId, Many, Point, Position, Ref, Value
from tests.fixtures import make_county
from tests.unit.lage.conftest import Terminal

FORMULA = '=HYPERLINK(1); \'-4 "Lage"'
EVERY: dict[str, tuple[dict[str, Value], ...]] = {
    "incident": (
        {"type": "Brand", "text": FORMULA, "status": "in Arbeit", "affected": 3, "dead": 0,
         "place": "-Brücke", "point": Point(522790, 74400), "responsible": 2, "at": 28_000_000},
        {"type": "Brand", "text": "mit Nummer", "status": "offen", "external_id": "+49-7"},
    ),
    "road_closure": (
        {"road": "B 475", "section": "@Elte", "status": "freigegeben", "until": 28_500_060,
         "point": Point(522790, 74400), "incident": EntityId(2, 1), "detour": "'=K 66"},
    ),
    "unit": (
        {"name": "THW Rheine", "organisation": "THW", "leaders": 1, "subleaders": 3,
         "helpers": 12, "status": "im Einsatz", "relief": 28_500_000,
         "point": Point(522790, 74400)},
        {"name": "DRK Elte", "helpers": 4},
    ),
    "shelter": (
        {"name": "Turnhalle", "municipality": "Rheine", "capacity": 200, "occupied": 0,
         "operator": "DRK", "status": "in Betrieb", "point": Point(522790, 74400)},
        {"name": "Turnhalle", "municipality": "Greven", "status": "geschlossen", "note": FORMULA},
        {"name": "Aula"},
    ),
    "gauge": (
        {"name": "Greven", "water": "Ems", "info1": 300, "title": "Greven Nord",
         "point": Point(520000, 76000)},
        {"name": "Moor", "quantity": "Bodenfeuchte", "unit": "%", "decimals": 1, "info1": 425,
         "minimum": -5, "ended": 28_000_020},
    ),
    "reading": (
        {"gauge": "Greven", "value": 350, "at": 28_000_000, "source": "Ablesung"},
        {"gauge": "Greven", "value": 340, "at": 28_000_000, "note": "verlesen"},
        {"gauge": "Greven", "value": -777, "at": 28_003_600, "source": "Sensor"},
        {"gauge": "Greven", "value": 1250, "at": 48_003_600},
        {"gauge": "Moor", "value": 410, "at": 28_000_000}, {"gauge": "Elte", "value": -3},
    ),
    "forecast": (
        {"gauge": "Greven", "value": 400, "at": 28_500_000, "issued": 28_000_020},
        {"gauge": "Greven", "value": 420, "at": 28_500_000, "estimate": True},
        {"gauge": "Moor", "value": 412, "at": 28_500_000, "source": "Land"},
    ),
}  # fmt: skip
ALL = [(kind, form) for kind in (*KINDS, *NAMED) for form in (".csv", ".json", ".geojson")]


def fill(station: Station) -> None:
    """Entries of every kind that can be imported."""
    for kind, several in EVERY.items():
        for values in several:
            station.write([Draft(kind, values)])


def rows_of(station: Station, kind: str) -> list[Record]:
    """All entries of a kind, oldest first."""
    return sorted(station.reader.select(Query(kind, limit=1000)), key=lambda row: row.id)


def test_every_kind_that_can_be_imported_is_tried() -> None:
    """A kind that comes later has its example here."""
    assert set(EVERY) == {*KINDS, *MEASURED, *NAMED}


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_what_was_written_is_known(
    lage: Terminal, station: Station, tmp_path: Path, kind: str, form: str
) -> None:
    """In the same network: every entry is recognised, and none is written anew."""
    fill(station)
    path, name = tmp_path / f"x{form}", CARDS[kind].export
    lage("bericht", "daten", name, str(path))
    head, count = station.store.log.head(2), len(rows_of(station, kind))
    expected = sum(form != ".geojson" or "point" in values for values in EVERY[kind])
    update = ("--aktualisieren",) if kind != "unit" else ()
    for more in ((), update):
        told = lage.json("import", name, str(path), *more)
        assert (told["neu"], told["geaendert"], told["bekannt"]) == (0, 0, expected), told
        assert told["hinweise"] == []
    assert (station.store.log.head(2), len(rows_of(station, kind))) == (head, count)


def test_a_table_of_an_earlier_version_is_known(
    lage: Terminal, station: Station, tmp_path: Path
) -> None:
    """Whatever the column of the moment was called."""
    fill(station)
    path = tmp_path / "x.csv"
    lage("bericht", "daten", "vorfaelle", str(path))
    path.write_text(path.read_text("utf-8-sig").replace("Ereigniszeit", "Ereignis", 1), "utf8")
    told = lage.json("import", "vorfaelle", str(path))
    assert (told["neu"], told["bekannt"]) == (0, 2)


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_elsewhere_it_is_new_once(
    lage: Terminal, station: Station, tmp_path: Path, kind: str, form: str
) -> None:
    """In another network with other entries: all values arrive, the second time nothing does."""
    fill(station)
    path, name = tmp_path / f"x{form}", CARDS[kind].export
    lage("bericht", "daten", name, str(path))
    other = make_county(tmp_path / "andere", ["Krisenstab Steinfurt", "SAE Rheine"])["SAE Rheine"]
    there = Terminal(other)
    told = there.json("import", name, str(path))
    taken = [
        record
        for record in rows_of(station, kind)
        if form != ".geojson" or record.point() is not None
    ]
    assert told["neu"] == len(taken)
    told = there.json("import", name, str(path))
    assert (told["neu"], told["geaendert"], told["bekannt"]) == (0, 0, len(taken))
    for before, after in zip(taken, rows_of(other, kind), strict=True):
        for field in SCHEMA.by_name[kind].fields:
            if isinstance(field.type, Ref | Many) or field.name in ("external_id", "at"):
                continue
            have = before.values.get(field.name)
            if isinstance(field.type, Position) or have is not None:
                assert after.values.get(field.name) == have, field.name
        assert after.event_time // 60 == before.event_time // 60 or kind == "unit"
    other.close()


@pytest.mark.parametrize("form", [".csv", ".json"])
def test_one_number_in_two_networks_is_two_entries(
    lage: Terminal, station: Station, tmp_path: Path, form: str
) -> None:
    """Even of staffs of one name in one minute; and what holds both is read back too."""
    names = ["Krisenstab Steinfurt", "SAE Rheine"]
    other = make_county(tmp_path / "andere", names, county="Kreis Borken")["SAE Rheine"]
    there, theirs, both = Terminal(other), tmp_path / f"a{form}", tmp_path / f"b{form}"
    for terminal in (lage, there):
        terminal("vorfall", "melden", "Rauch", "--art", "Brand", "--zeit", "24.11. 10:00")
    there("bericht", "daten", "vorfaelle", str(theirs))
    assert lage.json("import", "vorfaelle", str(theirs))["neu"] == 1
    lage("bericht", "daten", "vorfaelle", str(both))
    for path, count in ((theirs, 1), (both, 2)):
        told = lage.json("import", "vorfaelle", str(path))
        assert (told["neu"], told["bekannt"]) == (0, count)
    other.close()


@pytest.mark.parametrize("form", [".csv", ".json"])
def test_gauges_and_what_is_measured_there(
    lage: Terminal, station: Station, tmp_path: Path, form: str
) -> None:
    """Corrected, doubtful and expected values, ended gauges: known here, new once elsewhere."""
    fill(station)
    names = {kind: CARDS[kind].export for kind in MEASURED}
    paths = {kind: tmp_path / f"{kind}{form}" for kind in MEASURED}
    for kind, path in paths.items():
        lage("bericht", "daten", names[kind], str(path))
    head = station.store.log.head(2)
    other = make_county(tmp_path / "andere", ["Krisenstab Steinfurt", "SAE Rheine"])["SAE Rheine"]
    there = Terminal(other)
    for kind, path in paths.items():
        for more in ((), ("--aktualisieren",) if kind == "gauge" else ()):
            told = lage.json("import", names[kind], str(path), *more)
            assert (told["neu"], told["geaendert"]) == (0, 0), told
            assert told["bekannt"] == len(EVERY[kind])
        assert there.json("import", names[kind], str(path))["neu"] == len(EVERY[kind])
        assert there.json("import", names[kind], str(path))["bekannt"] == len(EVERY[kind])
        for before, after in zip(rows_of(station, kind), rows_of(other, kind), strict=True):
            assert after.event_time // 60 == before.event_time // 60 or kind == "gauge"
            assert before.values.items() - {("at", before.values.get("at"))} <= after.values.items()
    assert station.store.log.head(2) == head
    assert there("pegel", "werte") == lage("pegel", "werte")
    other.close()


def test_values_in_a_table_of_an_office(lage: Terminal, station: Station, tmp_path: Path) -> None:
    """Units in a column or the cell; a value of a unit that is not the gauge's is named."""
    table = tmp_path / "w.csv"
    lage("pegel", "anlegen", "Moor", "--einheit", "%", "--nachkomma", "1")
    rows = "Pegel;Wert;Einheit;Zeit\nGreven;3,50;m;24.11.2026 14:00\nMoor;25,3 %;;24.11. 13:00\n"
    table.write_text(rows, "utf8")
    assert lage.json("import", "messwerte", str(table))["neu"] == 2
    assert lage.json("import", "messwerte", str(table))["bekannt"] == 2
    table.write_text(rows.replace("3,50;m", "340;"), "utf8")
    assert lage.json("import", "messwerte", str(table))["neu"] == 1, "a correction"
    assert [row.values["value"] for row in rows_of(station, "reading")] == [350, 253, 340]
    table.write_text(rows.replace("Moor", "Sumpf").replace("Greven", "Moor"), "utf8")
    refused = lage.refusal("import", "messwerte", str(table))
    assert isinstance(refused, ImportRefused)
    assert [line for line, _ in refused.problems] == [1, 2, 3]
    assert "misst in %" in refused.problems[1][1]
    assert "nicht bekannt" in refused.problems[2][1]
    table.write_text("Pegel;Wert;Von wem;Für wann\nGreven;4 m;Land;25.11.2026 06:00\n", "utf8")
    told = [lage.json("import", "vorhersagen", str(table)) for _ in range(2)]
    assert [(each["neu"], each["bekannt"]) for each in told] == [(1, 0), (0, 1)]


@pytest.mark.parametrize("form", [".csv", ".json"])
def test_balances_are_known(lage: Terminal, station: Station, tmp_path: Path, form: str) -> None:
    """Stock with minimum and unit, below zero too."""
    table = tmp_path / "m.csv"
    table.write_text(
        "Material;Ort;Bestand;Einheit;Mindestbestand\n=Sand;Elte;5;Sack;20\nFolie;-Hof;7;;\n",
        "utf8",
    )
    lage("import", "material", str(table))
    path = tmp_path / f"x{form}"
    lage("bericht", "daten", "bestaende", str(path))
    told = lage.json("import", "material", str(path))
    assert (told["neu"], told["geaendert"], told["bekannt"]) == (0, 0, 2)


@given(st.text(alphabet="'=+-@＝ \t4a,", max_size=8))
def test_the_apostrophe_is_taken_off_exactly(cell: str) -> None:
    """Whatever a cell says; and what is guarded never begins like a formula."""
    assert unguarded(guarded(cell)) == cell


@given(st.integers(0, 200_000_000))
@example(25_664_400 - 1800)
@example(25_664_400 + 1800)
def test_times_of_tables_are_read_back(time: int) -> None:
    """To the minute, at every hour of every year, also in the hour that there is twice."""
    assert parse_time(_excel_time(time), 0) // 60 == time // 60


@given(*[st.none() | st.integers(0, 999)] * 3)
def test_strengths_are_read_back(leaders: int | None, sub: int | None, helpers: int | None) -> None:
    """As they are shown and typed; what is not known stays so."""
    strength = Strength(leaders, sub, helpers)
    assert parse_strength(str(strength)) == strength
