# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kräfte, Material, Anforderungen and Versorgungslage as a staff writes and reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lage.kinds.model import Draft
from lage.language.errors import ImportRefused, UsageError
from lage.language.strength import Strength, parse_strength
from lage.station import Station
from lage.views.overview import overview
from lage.views.situation import situation_report
from tests.fixtures import FixedClock, share
from tests.unit.lage.conftest import Terminal


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1/3/12//16", Strength(1, 3, 12)),
        (" 1 / 3 / 12 ", Strength(1, 3, 12)),
        ("?/3/12", Strength(None, 3, 12)),
        ("1/3/?//16", Strength(1, 3, 12)),
        ("0/1/?//1", Strength(0, 1, 0)),
        ("?/?/?//?", Strength(None, None, None)),
    ],
)
def test_strength_notation(typed: str, meant: Strength) -> None:
    """One part that is not known follows from the total."""
    assert parse_strength(typed) == meant


@pytest.mark.parametrize("typed", ["1/3/12//17", "?/3/12//10", "?/?/12//16", "16", "1/3", "-1/3/2"])
def test_strength_that_does_not_add_up(typed: str) -> None:
    """A total that would be lost or does not fit is refused."""
    with pytest.raises(UsageError):
        parse_strength(typed)


def test_units_are_reported_and_changed_in_staff_notation(lage: Terminal) -> None:
    """``1/3/12//16`` in, and out of list, detail and change; the list says what is there in all."""
    lage("kraefte", "melden", "LZ Rheine", "--staerke", "1/3/12//16", "--ort", "Gimbte")
    lage("kraefte", "melden", "THW", "--staerke", "0/2/?")
    assert "Zusammen 1/5/?//? in 2 Einheiten im Dienst" in lage("kraefte", "liste")
    lage("kraefte", "aendern", "THW", "--staerke", "0/2/9//11")
    assert "Zusammen 1/5/21//27 in 2 Einheiten" in lage("kraefte", "liste")
    lage("kraefte", "aendern", "THW", "--status", "außer Dienst")
    assert "Zusammen 1/3/12//16 in 1 Einheit im Dienst" in lage("kraefte", "liste")
    shown = lage("kraefte", "zeigen", "LZ Rheine")
    assert "Stärke        1/3/12//16" in shown
    assert "Unterführer: 3" in shown
    assert "Stärke:" in str(lage.refusal("kraefte", "melden", "X", "--staerke", "1/3/12//15"))
    assert lage.json("kraefte", "liste")[0]["leaders"] == 0


def test_a_unit_and_a_delivery_name_what_they_are_for(lage: Terminal) -> None:
    """The task of a unit, and the request that a booking answers, stand with both."""
    lage("auftrag", "erteilen", "Deich sichern")
    lage("kraefte", "melden", "LZ Rheine", "--auftrag", "RHE-A1")
    assert "Einheit LZ Rheine: LZ Rheine" in lage("auftrag", "zeigen", "1")
    lage("anforderung", "stellen", "--was", "Sandsäcke", "--menge", "500", "--wohin", "Greven")
    lage("material", "buchen", "Sandsäcke", "500", "--ort", "Greven", "--anforderung", "RHE-F1")
    assert "Buchung: 500 Sandsäcke nach Greven" in lage("anforderung", "zeigen", "1")


def test_a_transfer_keeps_the_unit_and_warns_below_the_minimum(lage: Terminal) -> None:
    """What is moved is counted in the same unit at its new place."""
    lage("material", "anlegen", "Sandsäcke", "--ort", "Rheine", "--minimum", "1000")
    lage("material", "buchen", "Sandsäcke", "1500", "--ort", "Rheine")
    lage("material", "buchen", "Sandsäcke", "600", "--ort", "Rheine", "--nach", "Greven")
    lines = {line["ort"]: line for line in lage.json("material", "liste")}
    assert (lines["Rheine"]["bestand"], lines["Rheine"]["zu_wenig"]) == (900, True)
    assert (lines["Greven"]["bestand"], lines["Greven"]["einheit"]) == (600, "Stück")
    said = lage("material", "anlegen", "Sandsäcke", "--ort", "Rheine", "--minimum", "500")
    assert "Material Sandsäcke geändert." in said
    assert not any(line["zu_wenig"] for line in lage.json("material", "liste"))


def test_services_with_people_and_history(
    county: list[Station], terminals: list[Terminal], clock: FixedClock
) -> None:
    """No figure: at most who lives there, said so; every report stays readable at other staffs."""
    kst, rhe, _ = terminals
    report = ("versorgung", "melden", "--gemeinde", "Rheine", "--bereich", "Strom", "--zustand")
    rhe(*report, "ausgefallen")
    (shown,) = rhe.json("versorgung", "liste")
    assert shown["hoechstens"] > 70_000
    assert f"bis {shown['hoechstens']}" in rhe("versorgung", "liste")
    clock.advance(600)
    rhe(*report, "eingeschränkt", "--betroffene", "4000", "--bemerkung", "Notstrom läuft")
    share(*county)
    (latest,) = kst.json("versorgung", "liste")
    assert (latest["state"], latest["affected"], latest["hoechstens"]) == (
        "eingeschränkt",
        4000,
        None,
    )
    assert "Rheine, Strom (15:40): Notstrom läuft" in kst("versorgung", "liste")
    states = [row["state"] for row in kst.json("versorgung", "verlauf", "rheine")]
    assert states == ["eingeschränkt", "ausgefallen"]
    assert kst.json("versorgung", "verlauf", "Rheine", "--bereich", "Wasser") == []


def test_balances_go_out_as_a_table_and_come_in_again(
    terminals: list[Terminal], tmp_path: Path
) -> None:
    """The exported file is one that the import takes, at another staff and without doubling."""
    kst, rhe, _ = terminals
    rhe("material", "anlegen", "Sandsäcke", "--ort", "Rheine", "--minimum", "1000")
    rhe("material", "buchen", "Sandsäcke", "900", "--ort", "Rheine")
    rhe("material", "buchen", "=1+1", "7", "--ort", "Rheine")
    path = tmp_path / "b.csv"
    rhe("bericht", "daten", "bestaende", str(path))
    text = path.read_bytes().decode("utf-8")
    assert text.splitlines()[:2] == [
        "\ufeffMaterial;Ort;Bestand;Einheit;Mindestbestand;zu wenig",
        "Sandsäcke;Rheine;900;Stück;1000;ja",
    ]
    assert "'=1+1;Rheine;7" in text
    said = kst("import", "material", str(path))
    assert said.startswith("2 neu")
    assert "Nicht übernommen" not in said  # every column is one of ours
    assert kst("import", "material", str(path)).startswith("0 neu, 0 geändert, 2 schon bekannt")
    rhe("bericht", "daten", "bestaende", str(tmp_path / "b.json"))
    assert json.loads((tmp_path / "b.json").read_text("utf8"))[0]["bestand"] == 900
    rhe.refusal("bericht", "daten", "bestaende", str(tmp_path / "b.geojson"))


def test_a_wrong_heading_is_named(lage: Terminal, tmp_path: Path) -> None:
    """Where every line is bad, the refusal says what the columns are called."""
    path = tmp_path / "e.csv"
    path.write_text("Einheit;Stärke\nLZ 1;1/3/12\nLZ 2;0/1/8\n", "utf8")
    error = lage.refusal("import", "kraefte", str(path))
    assert isinstance(error, ImportRefused)
    assert error.problems[0] == (1, "die Spalten heißen: einheit, staerke")
    ((line, reason),) = error.problems[1:]
    assert line == 2
    assert reason.endswith("So in allen 2.")


def test_shelters_say_what_is_taken_in_all(lage: Terminal) -> None:
    """Closed ones do not count, and no figure is not zero."""
    for name, places, taken, status in (
        ("Turnhalle", "200", "143", "in Betrieb"),
        ("Schule", "80", "?", "in Betrieb"),
        ("Kirche", "50", "50", "geschlossen"),
    ):
        lage("unterkunft", "melden", name, "--gemeinde", "Rheine", "--kapazitaet", places,
             "--belegt", taken, "--status", status)  # fmt: skip
    words = "belegt mind. 143 (1 ohne Angabe) von 280"
    assert f"Zusammen {words}" in lage("unterkunft", "liste")
    assert f"Notunterkünfte, {words}" in lage("bericht", "lagemeldung")


def test_nothing_is_cut_off_in_silence(station: Station) -> None:
    """With hundreds of open incidents the figures count all, and the worst are on top."""
    old = {"type": "Brand", "status": "offen", "priority": "kritisch", "affected": 7}
    new = {"type": "Tiere", "status": "offen", "affected": 1}
    station.write([Draft("incident", old), *[Draft("incident", new)] * 600])
    context = station.context()
    report = situation_report(context, {})
    assert (report.figures["vorfaelle_offen"], report.figures["betroffene"]) == (601, 607)
    part = next(part for part in report.parts if part.title.startswith("Schadenlage"))
    assert part.title.endswith("500 von 601")
    assert (len(part.rows), part.rows[0][2]) == (500, "Brand, kritisch")
    assert "Vorfälle 601, kritisch 1" in report.short
    assert overview(context, 12).incidents[0].values["type"] == "Brand"
