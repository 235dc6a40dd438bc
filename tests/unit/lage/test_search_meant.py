# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words with a slip, documents and plates are found from one search."""

from __future__ import annotations

from pathlib import Path

from lage.documents.library import file_away
from lage.documents.looking import goods, look_for
from lage.kinds.model import Draft
from lage.language.near import nearest
from lage.station import Station
from lage.views.search import Filters, meant
from tests.unit.lage.conftest import Terminal


def test_the_nearest_word_is_the_one_with_the_fewest_slips() -> None:
    """Of equals the one with the same first letter, then the more frequent; else none."""
    terms = [("deich", 9), ("teich", 40), ("deichs", 1), ("ems", 3)]
    assert nearest("deihc", terms, 2) == "deich", "two letters the wrong way round are one slip"
    assert nearest("deixh", terms, 1) == "deich"
    assert nearest("leich", terms, 1) == "teich"
    assert nearest("bocholt", terms, 2) == "bocholt"


def test_what_finds_nothing_is_looked_for_as_it_was_meant(station: Station, lage: Terminal) -> None:
    """Words that occur stay as they are, also as the beginning of one; short ones as well."""
    station.write([Draft("journal", {"text": "Umspannwerk Mesum überflutet"})])
    context = station.context()
    assert meant(context, "Umspanwerk messum") == "umspannwerk mesum"
    assert meant(context, "umsp über xyz") == "umsp ueber xyz"
    assert [each.kind for each in look_for(station, "Umspanwerk", Filters(), 9).records] == [
        "journal"
    ]
    told = lage("suche", "umspanwerk")
    assert "gemeint war wohl „umspannwerk“" in told
    assert lage.json("suche", "umspanwerk") == []


def test_documents_and_plates_are_found_as_well(station: Station, tmp_path: Path) -> None:
    """What stands in a plan, and a substance by its number, its plate and a part of its name."""
    plan = tmp_path / "Plan.txt"
    plan.write_text("Die Notfalltreffpunkte liegen an der Grundschule.", "utf8")
    filed = file_away(station, plan)
    hits = look_for(station, "Grundschule", Filters(), 9)
    assert [record.id for record in hits.records] == [filed.record.id]
    assert "grundschule" in hits.excerpts[filed.record.id]
    assert [item.un for item in goods("33/1203")] == [1203]
    assert goods("UN 1203") == goods("1203")
    assert 1203 in [item.un for item in goods("benzin")]
    assert goods("9999") == ()
