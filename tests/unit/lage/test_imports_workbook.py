# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Workbooks of Excel, as people send them."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.imports.rows import read_rows
from lage.kinds.model import Query
from lage.language.errors import ImportRefused
from lage.station import Station
from lage.write.parse import parse_point
from tests.unit.lage.conftest import Terminal

openpyxl = pytest.importorskip("openpyxl")


def book(path: Path, rows: Sequence[Sequence[object]], *more: str) -> str:
    """A workbook with these rows on its first sheet, and further sheets."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for title in more:
        made.create_sheet(title)
    made.save(path)
    return str(path)


def test_incidents_from_a_workbook(lage: Terminal, station: Station, tmp_path: Path) -> None:
    """Title rows, dates, numbers and line breaks in a cell; another sheet is named."""
    titles = ("Nr. der Leitstelle", "Art", "Lage", "Ereigniszeit", "Betroffene", "Koordinate")
    when = dt.datetime(2026, 11, 24, 14, 5)  # noqa: DTZ001 - as Excel keeps it
    path = book(
        tmp_path / "e.xlsx",
        [
            ("Einsatzliste",),
            (),
            titles,
            (20261, "Brand", "Scheune;\nleer", when, 3.0, "52,279 7,440"),
        ],
        "Rest",
    )
    told = lage.json("import", "vorfaelle", path)
    assert told["neu"] == 1
    assert told["hinweise"][0].startswith("Gelesen ist das Blatt „Sheet“")
    (record,) = station.reader.select(Query("incident"))
    assert (record.values["external_id"], record.values["affected"]) == ("20261", 3)
    assert record.values["text"] == "Scheune;\nleer"
    assert record.values["point"] == parse_point("52,279 7,440")
    assert record.event_time == station.now() - 85 * 60  # it is 15:30


def test_rows_are_counted_as_excel_does(lage: Terminal, tmp_path: Path) -> None:
    """A bad row is named by its number in the sheet; a Stärke that became a date as such."""
    date = dt.datetime(2012, 3, 1)  # noqa: DTZ001 - as Excel keeps it
    rows = [("Kräfte",), (), ("Name", "Stärke"), ("THW", "1/3/12"), ("DRK", date)]
    error = lage.refusal("import", "kraefte", book(tmp_path / "k.xlsx", rows))
    assert isinstance(error, ImportRefused)
    ((line, reason),) = error.problems
    assert line == 5
    assert "aus der Stärke 1/3/12" in reason


def test_without_the_extra_it_is_named(
    lage: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And both ways out are said."""
    path = book(tmp_path / "k.xlsx", [("Name", "Stärke")])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    said = str(lage.refusal("import", "kraefte", path))
    assert "[tabellen]" in said
    assert "CSV UTF-8" in said


@given(place=st.integers(0, 4000), junk=st.binary(max_size=40), cut=st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_damage_is_refused_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, place: int, junk: bytes, cut: bool
) -> None:
    """Rows, or one sentence; nothing else comes out of a broken workbook."""
    path = tmp_path_factory.mktemp("b") / "k.xlsx"
    book(path, [("Name", "Stärke"), ("THW", "1/3/12")])
    data = path.read_bytes()
    path.write_bytes(data[:place] + junk + (b"" if cut else data[place + len(junk) :]))
    rows = []
    with contextlib.suppress(ImportRefused):
        rows = read_rows(path, ("Name", "Stärke")).rows
    assert len(rows) <= 1


def test_per_cent_are_taken_as_they_are_shown(tmp_path: Path) -> None:
    """Excel keeps 25,3 % as 0.253: a hundredth of the moisture would be the calmest of lies."""
    made = openpyxl.Workbook()
    made.active.append(("Pegel", "Wert"))
    made.active.append(("Moor", 0.253))
    made.active["B2"].number_format = "0.0%"
    made.save(tmp_path / "x.xlsx")
    (row,) = read_rows(tmp_path / "x.xlsx", ("Pegel", "Wert")).rows
    assert row.get("Wert") == "25,3 %"


def test_joined_cells_say_the_same(tmp_path: Path) -> None:
    """One place for three lines: each has it, and it is said; a title over columns is no matter."""
    made = openpyxl.Workbook()
    for row in (("Lager", None), ("Material", "Ort"), ("A", "Hof"), ("B", None), ("C", None)):
        made.active.append(row)
    made.active.merge_cells("A1:B1")
    made.active.merge_cells("B3:B5")
    made.save(tmp_path / "x.xlsx")
    found = read_rows(tmp_path / "x.xlsx", ("Material", "Ort"))
    assert [row.get("Ort") for row in found.rows] == ["Hof"] * 3
    assert found.notes == ("2 Zellen sind mit der darüber verbunden und sagen dasselbe.",)
