# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Finding things: search with filters, documents, dangerous goods."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.documents import hazards
from lage.language.errors import NotFound, UsageError
from lage.station import Station
from tests.fixtures import FixedClock, share
from tests.unit.lage.conftest import Terminal


@pytest.fixture
def filled(county: list[Station], terminals: list[Terminal], clock: FixedClock) -> list[Terminal]:
    """Entries of several kinds, staffs, places, times and priorities, all about a Deich."""
    kst, rhe, gre = terminals
    rhe("tagebuch", "eintragen", "Deich geprüft")
    clock.advance(3600)
    art = ("--art", "Deich")
    rhe("vorfall", "melden", "Riss im Deich", *art, "--gemeinde", "Rheine", "--prioritaet", "hoch")
    gre("vorfall", "melden", "Deich weich", *art, "--gemeinde", "Greven")
    clock.advance(3600)
    kst("nachricht", "senden", "Deich beobachten", "--an", "Rheine", "--vorrang", "blitz")
    share(*county)
    return terminals


def labels(lage: Terminal, *arguments: str) -> list[str]:
    """What a search finds, by label."""
    return [entry["nr"] for entry in lage.json("suche", *arguments)]


def test_filters(filled: list[Terminal]) -> None:
    """Each filter alone and together; what a kind does not have leaves it out."""
    rhe = filled[1]
    assert sorted(labels(rhe, "deich")) == ["GRE-1", "KST-N1", "RHE-1", "RHE-T1"]
    assert labels(rhe, "deich", "--art", "vorfall") == ["GRE-1", "RHE-1"]
    assert labels(rhe, "deich", "--stelle", "Greven,KST") == ["KST-N1", "GRE-1"]
    assert labels(rhe, "--gemeinde", "rheine") == ["RHE-1"]
    assert labels(rhe, "--vorrang", "blitz") == ["KST-N1"]
    assert labels(rhe, "--vorrang", "hoch") == ["RHE-1"]
    assert labels(rhe, "deich", "--seit", "vor 90 min") == ["KST-N1", "GRE-1", "RHE-1"]
    assert labels(rhe, "deich", "--bis", "vor 90 min") == ["RHE-T1"]
    assert labels(rhe, "riss", "--stelle", "Greven") == []
    assert labels(rhe, "deich", "-n", "1", "--art", "vorfall", "--seit", "vor 9 h") == ["GRE-1"]
    assert labels(rhe, 'deich art:vorfall gemeinde:rheine seit:"vor 9 h"') == ["RHE-1"]
    assert labels(rhe, "stelle:GRE") == ["GRE-1"]
    assert "Wörter oder einen Filter" in str(rhe.refusal("suche"))
    assert "gibt es hier nicht" in str(rhe.refusal("suche", "deich vorrang:eilig"))


def test_since_my_last_look(county: list[Station], filled: list[Terminal]) -> None:
    """Everything the first time, then only what has come since, own staff or not.

    Who saw only part of what is new still has it to look at.
    """
    rhe = filled[1]
    assert len(labels(rhe, "deich", "--neu")) == 4
    assert len(labels(rhe, "--neu", "-n", "1")) == 1
    assert "letzte Blick bleibt" in rhe("suche", "--neu", "--art", "vorfall")
    assert len(labels(rhe, "--neu")) == 4
    assert labels(rhe, "--neu") == []
    filled[2]("tagebuch", "eintragen", "Neues vom Deich")
    share(*county)
    assert labels(rhe, "--neu") == ["GRE-T1"]
    assert len(labels(rhe, "deich")) == 5


def test_documents(county: list[Station], terminals: list[Terminal], tmp_path: Path) -> None:
    """Known everywhere by hash, there where it was brought; the same file makes no new entry."""
    _, rhe, gre = terminals
    plan = tmp_path / "Alarmplan.txt"
    plan.write_text("Bei Überflutung der Emsstraße: Sperrung am Kreisverkehr", "utf8")
    rhe("dokument", "ablegen", str(plan), "--art", "Alarmplan")
    share(*county)
    (entry,) = gre.json("dokument", "liste")
    assert (entry["name"], entry["hier"], entry["size"]) == ("Alarmplan.txt", False, 57)
    target = tmp_path / "kopie.txt"
    assert "nicht vorhanden" in str(gre.refusal("dokument", "holen", "alarm", str(target)))
    head = county[2].store.log.head(3)
    gre("dokument", "ablegen", str(plan))
    assert county[2].store.log.head(3) == head
    gre("dokument", "holen", "Alarmplan", str(target))
    assert target.read_bytes() == plan.read_bytes()
    assert "gibt es schon" in str(gre.refusal("dokument", "holen", "Alarmplan", str(target)))


def test_document_search(county: list[Station], terminals: list[Terminal], tmp_path: Path) -> None:
    """Words in text files, umlauts either way; other files by name and note."""
    _, rhe, gre = terminals
    (tmp_path / "a.txt").write_text("lang " * 30 + "Pumpwerk Süd, Emsstraße 4", "utf8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF- Pumpwerk")
    rhe("dokument", "ablegen", str(tmp_path / "a.txt"))
    rhe("dokument", "ablegen", str(tmp_path / "b.pdf"), "--bemerkung", "Pläne Pumpwerk Nord")
    share(*county)
    first, second = sorted(rhe.json("dokument", "suchen", "pumpwerk"), key=lambda d: d["name"])
    assert "pumpwerk sued, emsstrasse" in first["fundstelle"]
    assert second["name"] == "b.pdf"
    assert len(rhe.json("dokument", "suchen", "emsstrasse", "suedlich")) == 0
    (only,) = gre.json("dokument", "suchen", "pumpwerk")
    assert (only["name"], only["hier"]) == ("b.pdf", False)
    assert "nichts gefunden" in gre("dokument", "suchen", "Bahnhof")
    assert "nicht lesbar" in str(rhe.refusal("dokument", "ablegen", str(tmp_path / "fehlt")))


def test_hazard_table_is_sound() -> None:
    """Every line has a four-digit UN number, Gefahrnummern that mean something, a class, a name."""
    table = hazards.substances()
    assert len(table) >= 140
    for un, item in table.items():
        assert 1 <= un <= 3600
        assert item.name
        assert item.hazard_class[0] in "123456789"
        assert item.numbers or un in (336, 1950, 3480)
        for number in item.numbers:
            assert hazards.meaning_of(number)


def test_hazard_lookup(lage: Terminal) -> None:
    """An orange plate read aloud: number, name, what it means, where it is from."""
    shown = lage("gefahrgut", "1203")
    assert shown.startswith("33 / 1203  Benzin, Klasse 3")
    assert "besonders stark entzündbar" in shown
    assert "Quelle: ADR" in shown
    (item,) = lage.json("gefahrgut", "UN 1428")
    assert item["gefahrnummer"] == ["X423"]
    assert item["bedeutung"][0].startswith("reagiert gefährlich mit Wasser")
    assert {i["un"] for i in lage.json("gefahrgut", "propan")} == {1219, 1978}
    assert lage("gefahrgut", "33/1203") == shown
    assert "gehört nicht 30, sondern 33" in str(lage.refusal("gefahrgut", "30/1203"))
    assert lage("gefahrgut", "schwefelsäure", "RAUCHEND").startswith("X886 / 1831")
    assert lage("gefahrgut", "UN", "0336").startswith("- / 0336  Feuerwerk")
    assert "bildet entzündbare Gase" in lage("gefahrgut", "x423")
    assert lage.json("gefahrgut", "33")["bedeutung"][0].startswith("besonders stark entzündbar")
    with pytest.raises(NotFound, match="TUIS"):
        hazards.lookup("9999")
    with pytest.raises(UsageError, match="vier Ziffern"):
        hazards.lookup("12")


def test_meaning_of_gefahrnummern() -> None:
    """Doubled digits are more, zero fills up, some numbers are words of their own."""
    assert hazards.meaning_of("30") == ("entzündbar (Dämpfe von Flüssigkeiten, Gase)",)
    assert hazards.meaning_of("336")[1] == "giftig oder ansteckend"
    assert hazards.meaning_of("22") == ("tiefgekühlt verflüssigtes Gas, erstickend",)
    with pytest.raises(UsageError):
        hazards.meaning_of("1")
