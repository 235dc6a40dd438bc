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
    refusal = lage.refusal("karte", "importieren", str(path), "--kreis", "05566")
    assert "Gemeindeschlüssel" in str(refusal)
    assert "„AGS“" in str(refusal)
    assert refusal.problems == ()  # type: ignore[attr-defined]
