# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""No file of an exercise enters a real network unasked, nor one of a real night an exercise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lage.imports.origin import EARNEST, EXERCISE, origin_of
from lage.imports.rows import read_rows
from lage.kinds.cards import CARDS
from lage.kinds.model import Draft, Query
from lage.language.errors import ImportRefused
from lage.station import Station
from tests.fixtures import FixedClock, make_county
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_imports_roundtrip import EVERY, fill
from tui.app.taking_in import plan_of

STOCK = ("bestaende", "material")
FILES = [(CARDS[kind].export, CARDS[kind].export) for kind in EVERY] + [STOCK]


@pytest.mark.parametrize("of", [EXERCISE, EARNEST])
def test_no_import_takes_a_file_of_the_other_world_unasked(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    """Of every kind and form: refused with the option that says it is meant, even as a trial."""
    names = ["Krisenstab Steinfurt", "SAE Rheine"]
    worlds = {
        name: make_county(tmp_path / name, names, clock=clock, exercise=name == EXERCISE)
        for name in (EXERCISE, EARNEST)
    }
    other = EARNEST if of == EXERCISE else EXERCISE
    source, target = worlds[of]["SAE Rheine"], worlds[other]["SAE Rheine"]
    fill(source)
    source.write([Draft("stock_movement", {"item": "Diesel", "place": "Bauhof", "amount": 5})])
    there, here = Terminal(source), Terminal(target)
    head = target.store.log.head(2)
    for export, command in FILES:
        for form in (".csv", ".json")[: 2 if export in ("vorfaelle", "bestaende") else 1]:
            path = tmp_path / f"{export}{form}"
            there("bericht", "daten", export, str(path))
            for more in ((), ("--probe",), ("--aus", other)):
                said = str(here.refusal("import", command, str(path), *more))
                assert f"--aus {of}" in said, (export, form)
    assert target.store.log.head(2) == head
    path = tmp_path / "vorfaelle.csv"
    for more in (("--probe",), ("--aus", other)):
        assert f"--aus {of}" in str(here.refusal("import", "vorfaelle", str(path), *more))
    assert "2 schon bekannt" in there("import", "vorfaelle", str(path))
    with pytest.raises(ImportRefused, match="--aus"):
        plan_of("incident", path, target)
    assert "2 neu" in here("import", "vorfaelle", str(path), "--aus", of)
    for world in worlds.values():
        for station in world.values():
            station.close()


def test_a_table_without_a_word_of_it_is_taken_anywhere(
    tmp_path: Path, station: Station, lage: Terminal
) -> None:
    """Lists prepared in peace are neither; a title over the heading says that it is an exercise."""
    path = tmp_path / "k.csv"
    heading = "Name;Organisation;Stärke\n"
    for title, origin in (
        ("", ""),
        ("Kräfte am Übungsplatz;;\n", ""),
        ("ÜBUNG ÜBUNG ÜBUNG;;\n", EXERCISE),
        ("Kräfte der Stabsrahmenübung 2026;;\n;;\n", EXERCISE),
    ):
        path.write_text(f"{title}{heading}Zug 1;THW;1/2/3\n", "utf8")
        context = replace(station.parse_context(), exercise=bool(origin))
        assert read_rows(path, ("Name", "Organisation"), context).rows
    assert "Übung" in str(lage.refusal("import", "kraefte", str(path)))
    assert not station.reader.select(Query("unit"))
    assert origin_of([]) == ""
