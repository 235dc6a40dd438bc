# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A name typed wrongly is asked about before it becomes a second one."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.kinds.model import Query
from lage.station import Station
from lage.write.questions import near
from tests.unit.lage.conftest import Terminal
from tui.forms.new import create
from tui.forms.spec import built


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Grevn", "Greven"), ("Rhiene", "Rheine"), ("Saerbek", "Saerbeck"),
        ("Feldbett", "Feldbetten"),
        ("turnhalle-nord", "Turnhalle Nord"), ("Turnhale Nord", "Turnhalle Nord"),
        ("Sandsack", "Sandsäcke"), ("Loeschzug 1 Grefen", "Löschzug 1 Greven"),
    ],
)  # fmt: skip
def test_a_slip_is_near(typed: str, known: str) -> None:
    """A letter less, two exchanged, one of two; however it is spelt or divided."""
    assert near(typed, ["Xanten", known]) == [known]


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Zug 1", "Zug 2"), ("Halle A", "Halle B"), ("Turnhalle Ost", "Turnhalle West"),
        ("Aggregate 13 kVA", "Aggregate 20 kVA"), ("Laer", "Leer"), ("Greven Nord", "Greven"),
        ("Löschzug Greven", "Löschzug Rheine"), ("", "Greven"), ("?!", "Greven"),
    ],
)  # fmt: skip
def test_another_name_is_no_slip(typed: str, known: str) -> None:
    """Numbers, short words and whole other words tell apart."""
    assert near(typed, [known]) == []


@pytest.mark.parametrize("name", ["Pegel Greven", "Ems Greven", "Greven Schöneflieth", "Damm"])
def test_a_part_of_a_gauge_is_asked_about(lage: Terminal, name: str) -> None:
    """People write „Pegel Greven“ for Greven, and half of a longer name."""
    lage("pegel", "melden", "Grevener Damm", "300")
    assert "meinten Sie „Gre" in str(lage.refusal("pegel", "melden", name, "300"))


@pytest.mark.parametrize("name", ["Greven 2", "Grundwasser Greven", "Greven neu"])
def test_a_number_or_a_quantity_tells_gauges_apart(lage: Terminal, name: str) -> None:
    """Another sensor at the same place is another one."""
    lage("pegel", "melden", "Greven", "300")
    assert "gespeichert" in lage("pegel", "melden", name, "30")


def test_a_gauge_that_is_not_there_has_a_likely_name(lage: Terminal) -> None:
    """Also where nothing is written."""
    lage("pegel", "melden", "Greven", "300")
    assert "meinten Sie „Greven“?" in str(lage.refusal("pegel", "zeigen", "Grevn"))


def test_the_command_line_wants_it_said(lage: Terminal, station: Station) -> None:
    """Refused with the name that was meant; ``--neu`` takes it, and then it is known."""
    refusal = lage.refusal("pegel", "melden", "Grevn", "300")
    assert "meinten Sie „Greven“?" in str(refusal)
    assert "--neu" in str(refusal)
    assert station.reader.count(Query("reading")) == 0
    lage("pegel", "melden", "Grevn", "300", "--neu")
    lage("pegel", "melden", "Grevn", "301")
    assert "Grevn" in str(lage.refusal("pegel", "anlegen", "Grevm"))


def test_every_free_name_is_asked_about(lage: Terminal) -> None:
    """Material, places, halls and units; a second one of the same name of ours as well."""
    lage("material", "buchen", "Feldbetten", "50", "--ort", "Lager Nordhafen")
    assert "Feldbetten" in str(
        lage.refusal("material", "buchen", "Feldbeten", "5", "--ort", "Elte")
    )
    wrong = ("material", "buchen", "Decken", "5", "--ort", "Lager Nordhaven")
    assert "Lager Nordhafen" in str(lage.refusal(*wrong))
    lage("unterkunft", "melden", "Turnhalle Nord")
    assert "Turnhalle Nord" in str(lage.refusal("unterkunft", "melden", "Turnhale Nord"))
    assert "gibt es hier schon" in str(lage.refusal("unterkunft", "melden", "Turnhalle Nord"))
    lage("unterkunft", "melden", "Turnhalle Süd", "--gemeinde", "Rheine")
    change = ("unterkunft", "aendern", "Turnhalle Süd", "--gemeinde", "Rhiene")
    assert "„Rheine“" in str(lage.refusal(*change))
    lage("kraefte", "melden", "Zug 1")
    lage("kraefte", "melden", "Zug 2")
    lage("verteiler", "anlegen", "Emsanrainer")
    assert "Emsanrainer" in str(lage.refusal("verteiler", "anlegen", "Emsanreiner"))
    assert "„Rheine“" in str(lage.refusal("helfer", "melden", "Pflege", "--ort", "Rhiene"))


def test_the_screen_asks_and_an_import_says_it(
    lage: Terminal, station: Station, tmp_path: Path
) -> None:
    """The form's question stands before the moment of writing; an import goes on all the same."""
    asked = built(
        station, create("reading"), {"gauge": "Grevn", "value": "3", "source": "Ablesung"}
    )
    assert asked.ask == "„Grevn“ gibt es noch nicht: meinten Sie „Greven“? So speichern?"
    plain = built(station, create("reading"), {"gauge": "greven", "value": "3"})
    assert (plain.ask, plain.drafts[0].changes["gauge"]) == ("", "Greven")
    table = tmp_path / "material.csv"
    table.write_text("Material;Ort;Bestand;Einheit\nFeldbeten;Elte;5;Stück\n", "utf8")
    told = lage.json("import", "material", str(table))
    assert told["neu"] == 1
    assert any("„Feldbeten“ gibt es noch nicht" in note for note in told["hinweise"])
