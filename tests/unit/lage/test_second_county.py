# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Another county than the shipped one, from its key to its map, without a changed program."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from lage.cli import cli
from lage.station import Station
from lage.store import keys
from lage.store.charts import packs_of
from lage.views.overview import service_rows
from lage.views.whereabouts import place_of
from tui.forms.assist import suggestions

KEY = "09999"
WEST, SOUTH, STEP = 11.0, 49.0, 0.1
"""Far from the shipped county: three towns in a row, west to east, and one of a neighbour."""
TOWNS = ("Musterstadt", "Beispielhausen", "Probedorf")


def lage(folder: Path, *arguments: str, code: int = 0) -> str:
    """Run a command in this process."""
    done = CliRunner().invoke(cli, ["--daten", str(folder), *arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def boundaries(path: Path) -> Path:
    """Official boundaries: a file of towns of two counties, as of a whole country."""

    def square(number: int, key: str, name: str, people: int) -> dict[str, object]:
        west, east = WEST + number * STEP, WEST + (number + 1) * STEP
        ring = [[west, SOUTH], [east, SOUTH], [east, SOUTH + STEP], [west, SOUTH + STEP]]
        return {
            "type": "Feature",
            "properties": {"AGS": key, "GEN": name, "BEZ": "Gemeinde", "EWZ": people},
            "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
        }

    features = [square(n, f"{KEY}00{n}", name, 1000 * (n + 1)) for n, name in enumerate(TOWNS)]
    features += [square(3, "09998001", "Nachbarort", 5), square(30, "09997001", "Fernort", 5)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf8")
    return path


WORD = "rote Ampel 7 im Nebel"


@pytest.fixture
def muster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """A node of Kreis Musterland, founded, joined and with its county's boundaries."""
    monkeypatch.setattr(keys, "ARGON2ID", {"passes": 1, "lanes": 1, "kib": 8})
    holder, folder = tmp_path / "kreis", tmp_path / "probedorf"
    here, word = ("--nach", str(tmp_path)), ("--kennwort", WORD)
    lage(holder, "kreis", "anlegen", "--name", "Kreis Musterland", *word)
    lage(folder, "knoten", "anlegen", "--name", "Gemeinde Probedorf", *here)
    asking = str(tmp_path / "gemeinde-probedorf.anfrage")
    lage(holder, "kreis", "aufnehmen", asking, "--rolle", "sae", *word, *here)
    lage(folder, "knoten", "beitreten", str(tmp_path / "gemeinde-probedorf.einladung"))
    file = boundaries(tmp_path / "vg250.geojson")
    output = lage(folder, "karte", "importieren", str(file), "--kreis", KEY)
    assert "3 Gemeinden, 1 Nachbargemeinden" in output
    assert "Grundkarte: Kreis Musterland." in output
    with closing(Station.open(folder)) as station:
        yield station


def test_the_map_is_the_new_countys(muster: Station) -> None:
    """Nothing of the shipped county is left on it; its towns are found by name."""
    layers = muster.ground()
    assert layers.area.name == "Kreis Musterland"
    assert [town.name for town in layers.municipalities] == list(TOWNS)
    assert [feature.name for feature in layers.neighbours] == ["Nachbarort"]
    assert (layers.places, layers.waters) == ((), ())
    assert layers.municipality_at(place_of("Musterstadt", layers)) is not None
    drawn = lage(muster.folder, "karte", "zeigen", "--ascii", "--breite", "70")
    assert "Musterstadt" in drawn
    assert "Rheine" not in drawn


def test_a_point_is_in_its_municipality(muster: Station) -> None:
    """Typed in degrees, or as digits next to the middle of the new county."""
    lage(
        muster.folder,
        "vorfall",
        "melden",
        "brennt",
        "--art",
        "Brand",
        "--koordinate",
        "49.05, 11.15",
    )
    lage(
        muster.folder,
        "vorfall",
        "melden",
        "brennt",
        "--art",
        "Brand",
        "--koordinate",
        "52.28, 7.44",
    )
    incidents = json.loads(lage(muster.folder, "vorfall", "liste", "--json"))
    assert sorted(str(row.get("municipality")) for row in incidents) == ["Beispielhausen", "None"]
    shown = json.loads(lage(muster.folder, "karte", "koordinate", "5050 3500", "--json"))
    assert shown["Lage"].startswith(TOWNS)
    assert lage(muster.folder, "karte", "koordinate", "49.05 11.35").count("Nachbarort") == 1


def test_forms_offer_its_names(muster: Station) -> None:
    """Towns of the county first, none of another; people of an outage are its people."""
    offered = suggestions(muster, "incident", "municipality")
    assert offered == tuple(sorted(TOWNS))
    assert suggestions(muster, "reading", "gauge") == ()
    lage(
        muster.folder, "versorgung", "melden", "--gemeinde", "probedorf", "--bereich", "strom",
        "--zustand", "ausgefallen",
    )  # fmt: skip
    rows = service_rows(muster.context(), tuple(muster.county.towns()))
    assert [(row.municipality, row.at_most) for row in rows] == [
        ("Beispielhausen", None),
        ("Musterstadt", None),
        ("Probedorf", 3000),
    ]


def test_staffs_have_their_codes(muster: Station) -> None:
    """From their names, as everywhere."""
    assert [(s.name, s.code) for s in muster.directory.staffs] == [("Gemeinde Probedorf", "PRO")]
    assert muster.network_name == "Kreis Musterland"


def test_one_file_brings_it_to_the_next_node(muster: Station, tmp_path: Path) -> None:
    """The pack is imported like any other map, and later maps are taken for that county."""
    other = tmp_path / "kreis"
    (pack,) = packs_of(muster.folder).glob("*.lagekarte")
    carried = Path(shutil.copy(pack, tmp_path / "kreis.lagekarte"))
    lage(other, "karte", "importieren", str(carried))
    with_place = {"type": "Feature", "properties": {"name": "Mühle"},
                  "geometry": {"type": "Point", "coordinates": [11.05, 49.05]}}  # fmt: skip
    (tmp_path / "orte.geojson").write_text(json.dumps(with_place), "utf8")
    lage(other, "karte", "importieren", str(tmp_path / "orte.geojson"))
    with closing(Station.open(other)) as station:
        assert list(station.county.towns()) == sorted(TOWNS)
        assert station.county.words["place"] == (*sorted(TOWNS), "Mühle")
        assert [place.name for place in station.ground().places] == ["Mühle"]


@pytest.mark.parametrize("key", ["0999", "099990", "Kreis", "٠٩٩٩٩"])
def test_a_key_has_five_digits(muster: Station, tmp_path: Path, key: str) -> None:
    """What is no key is refused before anything is read."""
    file = boundaries(tmp_path / "noch.geojson")
    done = CliRunner().invoke(
        cli, ["--daten", str(muster.folder), "karte", "importieren", str(file), "--kreis", key]
    )
    assert "ist kein Kreisschlüssel" in str(done.exception)


def test_a_key_that_the_file_lacks_is_said(muster: Station, tmp_path: Path) -> None:
    """The map in use stays as it is."""
    file = boundaries(tmp_path / "noch.geojson")
    done = CliRunner().invoke(
        cli, ["--daten", str(muster.folder), "karte", "importieren", str(file), "--kreis", "05566"]
    )
    assert "keine Gemeinde mit dem Kreisschlüssel 05566" in str(done.exception)
    assert list(muster.county.towns()) == sorted(TOWNS)
