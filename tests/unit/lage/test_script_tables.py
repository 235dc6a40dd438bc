# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drehbücher from tables and to tables, and on paper."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
import yaml

from lage.cli import cli
from lage.cli.common import main_guard
from lage.exercise.scenarios import SCENARIOS, scenario
from lage.exercise.script.dice import thrown
from lage.exercise.script.intake import as_yaml, from_table
from lage.exercise.script.model import (
    After,
    At,
    Condition,
    OnCall,
    Script,
    Speech,
    State,
    Way,
)
from lage.exercise.script.paper import PARTS, script_pdf
from lage.exercise.script.read import built_in, read_script
from lage.exercise.script.spreadsheet import script_csv, script_workbook
from lage.language.errors import UsageError

TABLE = """\
Drehbuch Stabsrahmenübung;;;;;;;
Stand 3.11.2026;;;;;;;
Lfd. Nr.;Zeit (Übung);Von;An;Weg/Mittel;Einlage;erwartete Reaktion;Bemerkung;Verantwortlich
;;Phase 1;;;;;;
1;24.11.2026 18:05;Bürgerin;SAE Rheine;Telefon;"Keller läuft voll: 09:30
sehr schnell";Vorfall;=cmd();Müller
2;18:10 Uhr;DWD;SAE Rheine, SAE Greven;E-Mail;no;;;
3;X+0:20;Leitstelle;alle;Digitalfunk;Notruf ausgefallen;;;
4;+30;;SAE Greven;Rauchzeichen;Deich weich;;;
4;bald;SAE Hörstel;Krisenstab Steinfurt;mündlich;Lage?;;;
5;20:00-20:15;;SAE Rheine;eigene Handlung;Lagebesprechung;;;
6;20 min nachdem 3 quittiert ist;;SAE Rheine und SAE Greven;Tel.;Wie sieht es aus?;;;
"""
SCRIPT = """\
name: Druck
beginn: 24.11.2026 18:00
ausgangslage: Es regnet seit Tagen.
stellen: [{name: SAE Rheine, besetzung: Menschen}, {name: SAE Greven}]
ablauf:
  - {nr: 1, zeit: X+5, von: Bürgerin Ahrens, an: SAE Rheine, weg: Telefon, inhalt: Keller voll,
     erwartet: Vorfall eröffnen, bemerkung: "=1+1"}
  - {nr: 2, zeit: X+9, von: RWE, an: SAE Rheine, weg: Fax, inhalt: Trafo abgeschaltet,
     erwartet: Geheimnis, stoerung: {art: Falschmeldung, wahr: Trafo läuft}}
  - {nr: 3, zeit: X+12, von: SAE Greven, an: SAE Rheine, weg: Funk, inhalt: Zug unterwegs}
  - {nr: 4, zeit: nach 3 quittiert, von: Bote, an: SAE Rheine, weg: Melder, inhalt: Zug ist da}
"""


@pytest.fixture
def printed(tmp_path: Path) -> Script:
    """A script with every way."""
    path = tmp_path / "druck.yaml"
    path.write_text(SCRIPT, "utf8")
    return read_script(path)


def taken(
    tmp_path: Path,
    content: str | bytes,
    name: str = "t.csv",
    begin: str | None = None,
    title: str | None = "Probe",
) -> Any:
    """What came of a table, and the script that was made from it."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    intake = from_table(path, title, begin)
    made = tmp_path / "gelesen.yaml"
    made.write_text(as_yaml(intake.script), "utf8")
    return intake, read_script(made)


def test_a_table_as_exercise_staffs_keep_it(tmp_path: Path) -> None:
    """Title rows, headings of phases, times and ways in many spellings; nothing is lost."""
    intake, script = taken(tmp_path, TABLE)
    steps = {inject.nr: inject for inject in script.injects}
    assert sorted(steps) == ["1", "2", "3", "4", "4b", "5", "6"]
    assert [steps[nr].minute for nr in ("1", "2", "3", "4", "4b", "5")] == [0, 5, 20, 30, 30, 115]
    assert [steps[nr].way for nr in ("1", "2", "3", "4", "4b", "5")] == [
        Way.PHONE, Way.FAX, Way.RADIO, Way.PHONE, Way.RUNNER, Way.OWN
    ]  # fmt: skip
    assert steps["1"].content == Speech("Keller läuft voll: 09:30\nsehr schnell")
    assert steps["1"].remark == "=cmd()\nverantwortlich: Müller"
    assert steps["2"].content == Speech("no")
    assert steps["2"].to == steps["6"].to == ("SAE Rheine", "SAE Greven")
    assert (steps["4"].remark, steps["4b"].remark) == ("Weg: Rauchzeichen", "Zeit: bald")
    assert {m.name: (m.role, m.manned) for m in script.cast} == {
        "SAE Rheine": ("sae", True),
        "SAE Greven": ("sae", True),
        "Krisenstab Steinfurt": ("krisenstab", True),
        "SAE Hörstel": ("sae", False),
    }
    told = "\n".join(intake.notes)
    for said in ("Phase 1", "Rauchzeichen", "bald", "4b", "verantwortlich"):
        assert said in told


def test_a_workbook_and_its_csv_make_the_same_script(tmp_path: Path) -> None:
    """Excel keeps dates as dates and times as times; a cover may lie on top."""
    book = openpyxl.Workbook()
    book.active.append(["Übung Herbst, Deckblatt"])
    sheet = book.create_sheet("MSEL")
    sheet.append(["Nr.", "Uhrzeit", "Absender", "Empfänger", "Mittel", "Ereignis"])
    sheet.append([1, time(18, 5), "A", "SAE Rheine", "Tel", "eins"])
    sheet.append([2, "18:10", "B", "SAE Rheine", "Fax", "zwei"])
    target = io.BytesIO()
    book.save(target)
    text = (
        "MSEL-Nr.;Uhrzeit;Injektor;Ziel-Stab;Mittel;Inject\n"
        "1;18.05 h;A;SAE Rheine;Tel;eins\n2;18:10;B;SAE Rheine;Fax;zwei\n"
    )
    begin = "24.11.2026 18:00"
    first = taken(tmp_path, target.getvalue(), "t.xlsx", begin)[0].script
    assert first == taken(tmp_path, text, begin=begin)[0].script
    with pytest.raises(UsageError, match="--beginn"):
        taken(tmp_path, text)
    with pytest.raises(UsageError, match="nicht zu verstehen sind „was passiert“"):
        taken(tmp_path, text.replace("Inject", "Was passiert"), begin=begin)


def test_formulas_stay_texts(printed: Script) -> None:
    """In a workbook nothing is calculated; every line of a table says what it is of."""
    book = openpyxl.load_workbook(io.BytesIO(script_workbook(printed)))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert "ÜBUNG" in script_csv(printed).decode("utf-8-sig").splitlines()[1]


def there_and_back(tmp_path: Path, script: Script, name: str) -> Script:
    """A script by way of a table, of which nothing has to be said."""
    content = script_csv(script) if name.endswith(".csv") else script_workbook(script)
    intake, again = taken(tmp_path, content, name, title=None)
    assert intake.notes == []
    return again


def settled(script: Script) -> Script:
    """Without its places in a file, and what checks are called."""
    injects = (
        replace(i, place=0, line=0, checks=tuple(replace(c, says="") for c in i.checks))
        for i in script.injects
    )
    return replace(
        script,
        injects=tuple(injects),
        series=tuple(replace(each, line=0) for each in script.series),
        outages=tuple(replace(each, line=0) for each in script.outages),
    )


@pytest.mark.parametrize("path", [built_in(), *map(scenario, SCENARIOS)], ids=lambda p: p.stem)
def test_a_shipped_script_comes_back_whole(tmp_path: Path, path: Path) -> None:
    """Through a table: staffs, branches, conditions, entries, curves; and to the letter."""
    script = read_script(path)
    name = "a.xlsx" if path.stem == "erste-schritte" else "a.csv"
    again = there_and_back(tmp_path, script, name)
    assert settled(again) == settled(script)
    assert script_csv(again) == script_csv(script)


WHOLE = """\
name: Ganz
beginn: 25.10.2026 01:30
ende: X+06:00
ausgangslage: T0
ziele: [T1, T2]
hinweise: T3
saat: 9
stellen:
  - {name: Kreis, rolle: krisenstab, besetzung: Menschen}
  - {name: "Stab A, B und C", koordinate: "52.28, 7.44", hoehe: 25, akku: 90 min}
  - name: SAE Greven
    antworten:
      - {auf: {eintrag: nachricht, von: Kreis, an: SAE Greven, enthaelt: [T4, x]}, nach: 3 min,
         quittung: {Name: Meyer}}
      - {auf: {eintrag: auftrag, felder: {Vorrang: sofort}, geaendert: ja}, einmal: ja,
         wahrscheinlichkeit: 12.5 %, aendern: {Status: angenommen}}
      - {auf: {eintrag: nachricht}, antwort: {Inhalt: T5, Vorrang: sofort}}
      - {auf: {eintrag: vorfall}, tagebuch: {Inhalt: T6}}
relais: [{name: Berg, koordinate: "52.2, 7.5", hoehe: 60, akku: 3 h}]
phasen: [{name: Anlauf, ab: X+00, ziel: T7}, {name: Spitze, ab: X+60}]
zweige: [{name: deich, frage: Hält er, moeglich: [hält, bricht], sonst: hält, bis: X+50}]
ablauf:
  - {nr: 1, id: anruf, zeit: X+5, titel: T8, von: Frau Ü, an: Kreis, weg: Telefon, inhalt: T9,
     erwartet: T10, erfuellt: [{eintrag: vorfall, von: alle, felder: {Art: Brand}, binnen: 9 min},
     {eintrag: nachricht, an: SAE Greven, enthaelt: [T11]}], bewertung: T12, bemerkung: T13}
  - {nr: 2, zeit: X+6, von: Frau Ü, an: [Kreis, "Stab A, B und C"], weg: Funk, inhalt: T14,
     vorrang: sofort, erfuellt: [quittiert binnen 10 min, anruf eingespielt]}
  - {nr: 3, zeit: X+7, an: alle, weg: Fax, inhalt: T15, streuung: 2 min, wahrscheinlichkeit: 30 %,
     stoerung: {art: Gerücht, zu: 1, wahr: T16}}
  - {nr: 4, zeit: X+8, von: Kreis, auftrag: {An: SAE Greven, Auftrag: T17, Vorrang: sofort}}
  - {nr: 5, zeit: 10 min nachdem 4 angenommen ist, von: SAE Greven, weg: Funk,
     vorfall: {Art: Brand, Lage: T18, Priorität: hoch}, phase: Spitze}
  - {nr: 6, zeit: nach 5 eingespielt, von: SAE Greven, aendern: {vorfall: 5, Status: erledigt}}
  - {nr: 7, zeit: 5 min nachdem Kreis die Nachricht 2 quittiert hat, von: Kreis, an: SAE Greven,
     weg: Melder, inhalt: T19}
  - {nr: 8, zeit: wenn bis X+90 niemand 2 quittiert, von: Kreis,
     quittung: {Nachricht: 2, Name: Ott}}
  - {nr: 9, zeit: wenn binnen 20 min Kreis 2 nicht quittiert hat, von: Kreis,
     nachricht: {An: alle, Inhalt: T20, Für: Herr X, Quittung: ja}, nur_wenn: [deich != hält,
     4 nicht erledigt, SAE Greven unbesetzt]}
  - {nr: 10, zeit: nach Bedarf, von: SAE Greven, weg: eigene Handlung, inhalt: T21}
  - {nr: 11, zeit: "02:30B", von: Übungsleitung, an: Kreis, weg: Funk, inhalt: T22}
  - {nr: 12, zeit: X+02:00, von: Amt, an: Kreis, nachricht: {Inhalt: T23, Vorrang: blitz}}
messreihen:
  - {pegel: Sensor 1 *, zahl: 12, stelle: SAE Greven, alle: 30 min, punkte: {X+0: 4, X+99: 9},
     verlauf: stufen, quelle: Ablesung, schwankung: 1, luecken: 5 %}
ausfaelle:
  - {was: Strom, wen: [Berg, SAE Greven], von: X+1, bis: X+9, bemerkung: T24}
  - {was: Funk, von: X+3}
"""
MANY_LINES = {f"T{n}" for n in (0, 3, 9, 10, 12, 13, 14, 15, 16, 19)}
ODD = ["=1+1", "- a", "@x", "'=x", "a: b", "# c", "? d", "[A, B]", "{a: b}",
       "vorfall: {Art: Brand}", "inhalt: x", "inhalt: 'x'", 'a "b" c', "a;b|c", "zwei\nZeilen",
       "1", "no", "09:30", "“ü” –",
       "Rahmen", "nach Bedarf", "alle", "a  b", "\\n", "'", "#NV x", "ÜBUNG", "%s {0}"]  # fmt: skip


@pytest.mark.parametrize("turn", range(0, len(ODD), 6))
def test_all_that_a_script_can_say_comes_back(tmp_path: Path, turn: int) -> None:
    """Every key of the format, with texts that look like something else."""
    texts = [*ODD[turn:], *ODD[:turn]]

    def filled(found: re.Match[str]) -> str:
        text = texts[int(found[1])]
        return json.dumps(text if found[0] in MANY_LINES else text.replace("\n", " "))

    path = tmp_path / "ganz.yaml"
    path.write_text(re.sub(r"T(\d+)", filled, WHOLE), "utf8")
    script = read_script(path)
    for name in ("a.csv", "a.xlsx"):
        again = there_and_back(tmp_path, script, name)
        assert settled(again) == settled(script)
        assert script_csv(again) == script_csv(script)


def test_what_is_taken_otherwise_is_said(tmp_path: Path) -> None:
    """Spans, times by hand, other ways, several staffs, cut texts: each in a sentence."""
    table = f"""\
Nr.;Zeit;Von;An;Weg;Einlage
1;18:20-18:30;A;SAE Rheine;E-Mail;x
2;nach Bedarf;A;SAE Rheine;Telefon;x
3;auf Weisung der ÜL;A;SAE Rheine und SAE Greven;Tel.;x
4;nach Eintreffen des THW;A;SAE Rheine;Telefon;x
5;X+30 – X+40;A;;Telefon;x
6;ca. 19:10;A;SAE Rheine;Telefon;{"x" * 5000}
7 b;T+80;A;SAE Rheine;Digitalfunk;x
8;10 min nachdem 6 eingespielt ist;A;SAE Rheine;E-Mail;x
"""
    intake, script = taken(tmp_path, table, begin="24.11.2026 18:00")
    steps = {inject.nr: inject for inject in script.injects}
    assert [steps[nr].when for nr in ("1", "2", "3", "4", "5", "6", "7b")] == [
        At(20), OnCall(), OnCall(), OnCall(), At(30), At(70), At(80)
    ]  # fmt: skip
    assert steps["8"].when == After(Condition("6", State.FIRED), 10)
    assert steps["1"].remark == "Zeit: 18:20-18:30"
    assert steps["4"].remark == "Zeit: nach Eintreffen des THW"
    assert intake.notes == [
        "Zeile 7: „inhalt“ hat 5000 Zeichen; genommen sind die ersten 4000.",
        "Zeile 2: die Zeit „18:20-18:30“ ist eine Spanne; genommen ist ihr Anfang 18:20.",
        "Zeilen 2, 9: der Weg „E-Mail“ wird Fax.",
        "Zeile 4: die Zeit „auf Weisung der ÜL“ wird „nach Bedarf“: von Hand.",
        "Zeile 4: der Weg „Tel.“ wird Telefon.",
        "Zeile 4: „An“ „SAE Rheine und SAE Greven“ sind 2 Stellen: SAE Rheine, SAE Greven.",
        "Zeile 6: die Zeit „X+30 – X+40“ ist eine Spanne; genommen ist ihr Anfang X+30.",
        "Zeile 6: „An“ fehlt; sie geht an alle.",
        "Zeile 7: die Zeit „ca. 19:10“ wird 19:10.",
        "Zeile 8: die Nummer „7 b“ wird 7b, unter einem Wort wird sie genannt.",
        "Zeile 8: die Zeit „T+80“ wird X+80.",
        "Zeile 8: der Weg „Digitalfunk“ wird Funk.",
        "Zeile 5: die Zeit „nach Eintreffen des THW“ ist nicht zu verstehen; nun „nach Bedarf“.",
        "Nach „Von“ und „An“ sitzen Menschen an: SAE Rheine, SAE Greven.",
    ]


def pages(content: bytes) -> list[str]:
    """The texts of a document's pages."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_on_paper(printed: Script) -> None:
    """The table for the direction, a card for each who speaks, a sheet for each fax; all marked."""
    whole = pages(script_pdf(printed, printed.begin, PARTS))
    assert all(text.count("ÜBUNG ÜBUNG ÜBUNG") == 2 for text in whole)
    assert "Es regnet seit Tagen." in whole[0]
    assert all(f"\n{nr}\n" in whole[1] or str(nr) in whole[1] for nr in "1234")
    (cards,) = pages(script_pdf(printed, printed.begin, ("karten",)))
    assert "Telefonkarte · Einlage 1" in cards
    assert "Bürgerin Ahrens" in cards
    assert "Karte für den Melder · Einlage 4" in cards
    (sheet,) = pages(script_pdf(printed, printed.begin, ("fax",)))
    assert "Trafo abgeschaltet" in sheet
    assert "Geheimnis" not in sheet
    assert "Trafo läuft" not in sheet


def test_a_long_call_goes_on_over_pages(printed: Script) -> None:
    """Nothing of what is to be said is cut."""
    words = [f"Wort{n}" for n in range(900)]
    long = replace(printed.injects[0], content=Speech(" ".join(words)))
    script = replace(printed, injects=(long,))
    shown = "\n".join(pages(script_pdf(script, printed.begin, ("karten",))))
    assert [word for word in words if word not in shown] == []


@pytest.fixture
def lage_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, Any]]:
    """``lage uebung … --json`` in an empty folder: exit code and document."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, Any]:
        code = main_guard(lambda: cli.main(["uebung", *arguments, "--json"], standalone_mode=False))
        return code, json.loads(capsys.readouterr().out or "null")

    return run


def test_commands(tmp_path: Path, lage_here: Callable[..., tuple[int, Any]]) -> None:
    """From a table to paper, each with its JSON; faults with line and column."""
    (tmp_path / "t.csv").write_text(TABLE, "utf8")
    _, told = lage_here("importieren", "t.csv", "--ziel", "u.yaml")
    assert (told["einlagen"], told["fehler"]) == (7, [])
    assert lage_here("importieren", "t.csv", "--ziel", "u.yaml")[0] == 2
    _, told = lage_here("pruefen", "u.yaml")
    assert told["einlagen"] == len(told["ablauf"]) == 7
    for ending in ("pdf", "csv", "xlsx"):
        assert lage_here("drucken", "u.yaml", "--ziel", f"a.{ending}")[1]["einlagen"] == 7
        assert (tmp_path / f"a.{ending}").stat().st_size > 500
    assert lage_here("drucken", "u.yaml", "--ziel", "a.doc")[0] == 2
    assert lage_here("schema")[1]["title"].startswith("Drehbuch")
    text = (tmp_path / "u.yaml").read_text("utf8").replace("weg: Fax", "weg: Post")
    (tmp_path / "u.yaml").write_text(text, "utf8")
    code, told = lage_here("pruefen", "u.yaml")
    assert (code, len(told["fehler"])) == (2, 1)
    fault = told["fehler"][0]
    assert text.splitlines()[fault["zeile"] - 1][fault["spalte"] - 1 :] == "Post"


def test_yaml_of_an_import_is_text_all_the_way() -> None:
    """What YAML would take for a number, a truth or a time is quoted, nothing is a reference."""
    shared = ["09:30", "no", "1e3", "0o7", "=x", "- a", "a: b", "#c", "*d", "~", ""]
    text = as_yaml({"a": shared, "b": shared, "c": "zwei\nZeilen"})
    assert yaml.safe_load(text) == {"a": shared, "b": shared, "c": "zwei\nZeilen"}
    assert "&" not in text


def test_dice_on_paper(printed: Script) -> None:
    """What was thrown is printed: no chance is left."""
    assert thrown(printed, 3).seed == 3
    assert "Saat 3" in pages(script_pdf(thrown(printed, 3), printed.begin, ("ablauf",)))[0]
