# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files that are something else than they were taken for: one sentence about the cause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lage.kinds.model import Query
from lage.language.errors import ImportRefused
from lage.station import Station
from lage.views.deeds import deed_lines
from tests.unit.lage.conftest import Terminal


@pytest.mark.parametrize("what", ["kraefte", "material", "vorfaelle", "strassensperren"])
def test_no_table_is_one_sentence(lage: Terminal, tmp_path: Path, what: str) -> None:
    """A letter, another table: the heading is the fault, not each of its lines."""
    path = tmp_path / "brief.csv"
    for text in ("Liebe Kollegen,\n\nanbei\nviele\nWorte\n", "foo;bar\n1;2\n3;4\n5;6\n"):
        path.write_text(text, "utf8")
        refusal = lage.refusal("import", what, str(path))
        assert isinstance(refusal, ImportRefused)
        assert "keine der Spalten" in str(refusal)
        assert refusal.problems == ()


def test_lines_within_a_text_come_back(
    county: list[Station], terminals: list[Terminal], tmp_path: Path
) -> None:
    """Written as CSV and read at another staff, a text of two lines has two."""
    text = "Deich weich\n=1+1\nbitte Sandsäcke"
    terminals[1]("vorfall", "melden", text, "--art", "Überflutung")
    terminals[1]("bericht", "daten", "vorfaelle", str(tmp_path / "v.csv"))
    terminals[2]("import", "vorfaelle", str(tmp_path / "v.csv"))
    (record,) = county[2].reader.select(Query("incident"))
    assert record.text("text") == text


def test_municipalities_without_keys_say_so(lage: Terminal, tmp_path: Path) -> None:
    """Not that the county has none, nor the same of every object."""
    square = [[[7.4, 52.2], [7.5, 52.2], [7.5, 52.3], [7.4, 52.3], [7.4, 52.2]]]
    one = {
        "type": "Feature", "properties": {"name": "Dorf"},
        "geometry": {"type": "Polygon", "coordinates": square},
    }  # fmt: skip
    path = tmp_path / "g.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [one] * 3}), "utf8")
    refusal = lage.refusal("karte", "importieren", str(path), "--kreis", "05515")
    assert "Gemeindeschlüssel" in str(refusal)
    assert "„AGS“" in str(refusal)
    assert refusal.problems == ()  # type: ignore[attr-defined]


def test_what_is_taken_in_closed_says_so(lage: Terminal, station: Station, tmp_path: Path) -> None:
    """One line in the Tagebuch: what it was, and that it is over; not its end before itself."""
    path = tmp_path / "v.csv"
    rows = "7;Brand;Scheune;erledigt\n8;Brand;Stall;\n"
    path.write_text(f"Nr. der Leitstelle;Art;Lage;Status\n{rows}", "utf8")
    lage("import", "vorfaelle", str(path))
    told = sorted(line.text for line in deed_lines(station.context()))
    assert told == ["Vorfall RHE-1: Brand; Scheune; erledigt", "Vorfall RHE-2: Brand; Stall"]


def test_a_column_that_all_lines_lack_is_said_once(lage: Terminal, tmp_path: Path) -> None:
    """With what the columns are called."""
    path = tmp_path / "v.csv"
    path.write_text("Kennung;Art;Lage\n7;Brand;Scheune\n8;Brand;Stall\n", "utf8")
    refusal = lage.refusal("import", "vorfaelle", str(path))
    assert isinstance(refusal, ImportRefused)
    (heading, (_, reason)) = refusal.problems
    assert "kennung, art, lage" in heading[1]
    assert reason.startswith("Nr. der Leitstelle fehlt")
    assert reason.endswith("So in allen 2.")
