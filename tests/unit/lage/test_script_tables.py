# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drehbücher from tables and to tables, and on paper."""

from __future__ import annotations

import io
import json
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
from lage.exercise.script.dice import thrown
from lage.exercise.script.intake import as_yaml, from_table
from lage.exercise.script.model import Script, Speech, Way
from lage.exercise.script.paper import PARTS, script_pdf
from lage.exercise.script.read import read_script
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
    tmp_path: Path, content: str | bytes, name: str = "t.csv", begin: str | None = None
) -> Any:
    """What came of a table, and the script that was made from it."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    intake = from_table(path, "Probe", begin)
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
    """Excel keeps dates as dates and times as times."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Nr.", "Uhrzeit", "Absender", "Empfänger", "Mittel", "Ereignis"])
    sheet.append([1, time(18, 5), "A", "SAE Rheine", "Tel", "eins"])
    sheet.append([2, "18:10", "B", "SAE Rheine", "Fax", "zwei"])
    target = io.BytesIO()
    book.save(target)
    text = (
        "Nr.;Uhrzeit;Absender;Empfänger;Mittel;Ereignis\n"
        "1;18:05;A;SAE Rheine;Tel;eins\n2;18:10;B;SAE Rheine;Fax;zwei\n"
    )
    begin = "24.11.2026 18:00"
    first = taken(tmp_path, target.getvalue(), "t.xlsx", begin)[0].script
    assert first == taken(tmp_path, text, begin=begin)[0].script
    with pytest.raises(UsageError, match="--beginn"):
        taken(tmp_path, text)


def test_what_was_written_as_a_table_is_read_again(tmp_path: Path, printed: Script) -> None:
    """CSV and workbook; formulas stay texts."""
    book = openpyxl.load_workbook(io.BytesIO(script_workbook(printed)))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert "ÜBUNG" in script_csv(printed).decode("utf-8-sig").splitlines()[1]
    begin = "24.11.2026 18:00"
    for name, content in (("a.csv", script_csv(printed)), ("a.xlsx", script_workbook(printed))):
        _, again = taken(tmp_path, content, name, begin)
        for old, new in zip(printed.injects, again.injects, strict=True):
            assert (old.nr, old.when, old.way, old.to) == (new.nr, new.when, new.way, new.to)
            assert (old.expected, old.remark) == (new.expected, new.remark)


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
