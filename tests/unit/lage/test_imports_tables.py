# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables as other programs really write them: odd encodings, broken quoting, doubled columns."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lage.imports.plan import read_text
from lage.imports.rows import read_rows
from lage.imports.table import read_table
from lage.kinds.model import Query
from lage.language.errors import ImportRefused
from lage.language.tactical import parse_time
from lage.station import Station
from sync.schema.definition import Point
from tests.unit.lage.conftest import Terminal

MAPPING = """
[felder]
"Nr. der Leitstelle" = "Nr"
Art = "Art"
Lage = "Meldung"
Koordinate = ["Zone", "Ost", "Nord"]
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """Coordinates in three columns, as grid zone, easting, northing."""
    path = tmp_path / "m.toml"
    path.write_text(MAPPING, "utf8")
    return path


def bring(lage: Terminal, table: Path, mapping: Path, *options: str) -> str:
    """Import a table of incidents."""
    return lage("import", "vorfaelle", str(table), "--zuordnung", str(mapping), *options)


def refused(lage: Terminal, table: Path, mapping: Path) -> list[tuple[int, str]]:
    """The bad lines of a refused table."""
    error = lage.refusal("import", "vorfaelle", str(table), "--zuordnung", str(mapping))
    assert isinstance(error, ImportRefused)
    return list(error.problems)


def test_coordinates_in_several_columns(
    lage: Terminal, station: Station, mapping: Path, tmp_path: Path
) -> None:
    """Zone, easting and northing make one point, with decimal commas too."""
    table = tmp_path / "t.csv"
    table.write_text("Nr;Art;Meldung;Zone;Ost;Nord\n7;Brand;x;32U;405000,5;5790000,2\n", "utf8")
    assert "1 neu" in bring(lage, table, mapping)
    record = station.reader.by_number("incident", 2, 1)
    assert record is not None
    assert record.values["point"] == Point(522522, 76083)


def test_a_semicolon_in_a_text_is_a_bad_line(lage: Terminal, mapping: Path, tmp_path: Path) -> None:
    """Cells that slid one column further are named, never taken; the other lines too."""
    table = tmp_path / "t.csv"
    table.write_text("Nr;Art;Meldung\n1;Brand;a\n2;Brand;b; sehr\n3;Brnd;c\n4;Brand;d;;\n", "utf8")
    problems = refused(lage, table, mapping)
    assert [line for line, _ in problems] == [3, 4]
    assert "4 Zellen statt 3" in problems[0][1]
    assert "Brnd" in problems[1][1]


def test_an_open_quote_is_not_swallowed(lage: Terminal, mapping: Path, tmp_path: Path) -> None:
    """A quote that nobody closed would make one line of all the rest."""
    table = tmp_path / "t.csv"
    table.write_text('Nr;Art;Meldung\n1;Brand;a\n2;Brand;"offen\n3;Brand;c\n', "utf8")
    ((line, reason),) = refused(lage, table, mapping)
    assert line == 3
    assert "Anführungszeichen" in reason


def test_lines_are_counted_as_an_editor_does(lage: Terminal, mapping: Path, tmp_path: Path) -> None:
    """A text with line breaks in it counts where it begins."""
    table = tmp_path / "t.csv"
    table.write_text('Nr;Art;Meldung\n1;Brand;"a\nb"\n\n2;Brnd;"c\nd"\n', "utf8")
    assert [line for line, _ in refused(lage, table, mapping)] == [5]


def test_a_column_that_is_there_twice(lage: Terminal, mapping: Path, tmp_path: Path) -> None:
    """Refused where it is needed, left alone where it is not."""
    table = tmp_path / "t.csv"
    table.write_text("Nr;Art;Meldung;Rest;Rest\n1;Brand;x;a;b\n", "utf8")
    assert "1 neu" in bring(lage, table, mapping, "--probe")
    table.write_text("Nr;Art;Meldung;Meldung\n1;Brand;a;b\n", "utf8")
    problems = refused(lage, table, mapping)
    assert any("mehrmals" in reason for _, reason in problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_encodings(tmp_path: Path, encoding: str, ends: str) -> None:
    """As spreadsheets save: UTF-8, UTF-16 (“Unicode text”), Windows."""
    path = tmp_path / "t.csv"
    path.write_bytes(ends.join(["Größe\tStraße", "1\tÄÖß", ""]).encode(encoding))
    (row,) = read_table(read_text(path), path.name)
    assert (row.get("groesse"), row.get("Straße")) == ("1", "ÄÖß")


@given(text=st.text(alphabet=st.sampled_from(list('ab1;,\t"\n\r\x00ß ')), max_size=60))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    """Rows in order of their lines, or a refusal that names a line of the file."""
    lines = []
    try:
        lines = [row.line for row in read_table(text, "t.csv")]
    except ImportRefused as refusal:
        lines = [line for line, _ in refusal.problems]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= text.count("\n") + text.count("\r") + 2 for line in lines)


def test_a_complaint_obeys_nothing(station: Station, tmp_path: Path) -> None:
    """What a file makes an error quote cannot move the cursor or colour the terminal."""
    table = tmp_path / "t.csv"
    table.write_text("Nr. der Leitstelle;Art\n1;\x1b[31mBrand\x1b]0;x\x07\n", "utf8")
    call = [sys.executable, "-m", "lage", "--daten", str(station.folder)]
    run = subprocess.run(
        [*call, "import", "vorfaelle", str(table)], capture_output=True, check=False
    )
    assert run.returncode == 2
    assert b"Zeile 2" in run.stderr
    assert b"\x1b" not in run.stderr
    assert b"\x07" not in run.stderr


def test_bad_objects_of_geojson_are_counted_as_objects(lage: Terminal, tmp_path: Path) -> None:
    """A GeoJSON file has no lines to speak of; a missing file is said in German."""
    path = tmp_path / "e.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"properties": {"Art": "Brand"}},'
        ' {"properties": {"Nr. der Leitstelle": "1", "Art": "Brand", "Lage": "x"}},'
        ' {"properties": {"Nr. der Leitstelle": "1", "Art": "Brand", "Lage": "x"}}]}',
        "utf8",
    )
    error = lage.refusal("import", "vorfaelle", str(path))
    assert isinstance(error, ImportRefused)
    assert "2 fehlerhafte Objekte" in str(error)
    assert (error.noun, [line for line, _ in error.problems]) == ("Objekt", [1, 3])
    assert "steht schon in Objekt 2" in error.problems[1][1]
    missing = str(lage.refusal("import", "material", str(tmp_path / "fehlt.csv")))
    assert missing.endswith("gibt es nicht.")


@pytest.mark.parametrize(
    "above",
    [
        "sep=;\n",
        "sep=;\r\n",
        "Einsatzliste der Leitstelle;;\n\n",
        "Stand: 24.11.2026, 15:30, Meyer\n",
        "sep=;\nEinsatzliste, Seite 1\n",
    ],
)
def test_what_stands_above_the_heading(lage: Terminal, tmp_path: Path, above: str) -> None:
    """Excel's line for the delimiter and rows of titles; lines stay those of the file."""
    table = tmp_path / "t.csv"
    table.write_text(f"{above}Nr. der Leitstelle;Art;Lage\n1;Brand;a, b, c\n2;Brnd;d\n", "utf8")
    error = lage.refusal("import", "vorfaelle", str(table))
    assert isinstance(error, ImportRefused)
    assert [line for line, _ in error.problems] == [above.count("\n") + 3]
    table.write_text(f"{above}Nr. der Leitstelle;Art;Lage\n1;Brand;a, b, c\n", "utf8")
    assert "1 neu" in lage("import", "vorfaelle", str(table))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark(tmp_path: Path, encoding: str) -> None:
    """As some exports forget it."""
    path = tmp_path / "t.csv"
    path.write_bytes("Größe;Straße\n1;ÄÖß\n".encode(encoding))
    (row,) = read_table(read_text(path), path.name)
    assert (row.get("groesse"), row.get("Straße")) == ("1", "ÄÖß")


@pytest.mark.parametrize("date", ["01.03.2012", "1.3.12", "01.03.2012 00:00:00"])
def test_a_strength_that_became_a_date(lage: Terminal, tmp_path: Path, date: str) -> None:
    """It is named as what it was; guessing it back would take real dates for strengths."""
    table = tmp_path / "t.csv"
    table.write_text(f"Name;Stärke\nTHW Rheine;{date}\n", "utf8")
    error = lage.refusal("import", "kraefte", str(table))
    assert isinstance(error, ImportRefused)
    heading, (line, reason) = error.problems
    assert heading == (1, "die Spalten heißen: name, staerke")
    assert line == 2
    assert "aus der Stärke 1/3/12" in reason
    table.write_text(f"Kräfte\n\nName;Stärke\nTHW Rheine;{date}\n", "utf8")
    again = lage.refusal("import", "kraefte", str(table))
    assert isinstance(again, ImportRefused)
    assert [line for line, _ in again.problems] == [3, 4]


@pytest.mark.parametrize(
    ("begins", "word"),
    [(b"PK\x03\x04", ".xlsx"), (b"\xd0\xcf\x11\xe0", ".xls"), (b"%PDF-1.7", "PDF")],
)
def test_what_is_no_text_is_named(lage: Terminal, tmp_path: Path, begins: bytes, word: str) -> None:
    """Whatever it is called, with what to do."""
    table = tmp_path / "t.csv"
    table.write_bytes(begins + bytes(100))
    said = str(lage.refusal("import", "kraefte", str(table)))
    assert word in said
    assert "CSV UTF-8" in said


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('Art;Ort\nBrand;"offen\n' + "Brand;Rheine\n" * 100_000, 2, "Anführungszeichen"),
        ("Art;Ort\n" + ";" * 1_000_001, 2, "mehr als 1000000 Zeichen"),
    ],
)
def test_what_is_wrong_early_is_said_early(
    monkeypatch: pytest.MonkeyPatch, text: str, line: int, reason: str
) -> None:
    """An open quote or an endless line: a German reason, and the rest is not even cleaned."""
    cleaned = []
    monkeypatch.setattr("lage.imports.table.clean", lambda said: cleaned.append(said) or said)

    with pytest.raises(ImportRefused) as refused:
        read_table(text, "x.csv")

    assert [place for place, _ in refused.value.problems] == [line]
    assert reason in refused.value.problems[0][1]
    assert "field" not in refused.value.problems[0][1]
    assert sum(map(len, cleaned)) < 200_000


@pytest.mark.parametrize(
    ("content", "guessed"),
    [
        (b"Art;Ort\nBrand;\xed\xa0\x80\n", True),
        ("Art;Ort\nBrand;Münster\n".encode("cp1252"), True),
        ("Art;Ort\nBrand;Münster\n".encode(), False),
        ("Art;Ort\nBrand;Münster\n".encode("utf-16"), False),
    ],
)
def test_a_guessed_encoding_is_said(tmp_path: Path, content: bytes, *, guessed: bool) -> None:
    """Any bytes are some text of Windows: who imports them is told to look at the umlauts."""
    path = tmp_path / "x.csv"
    path.write_bytes(content)

    notes = read_rows(path, ("Art", "Ort")).notes

    assert any("cp1252" in note for note in notes) == guessed


def test_what_is_packed_wrongly_is_refused(tmp_path: Path) -> None:
    """A head of gzip and then anything."""
    path = tmp_path / "x.csv"
    for content in (b"\x1f\x8b", b"\x1f\x8b" + b"x" * 50, gzip.compress(b"Art")[:10] + b"\xff" * 9):
        path.write_bytes(content)
        with pytest.raises(ImportRefused, match=r"gepackt \(gzip\)"):
            read_text(path)


HEAD = "Nr. der Leitstelle;Art;Lage;Ereigniszeit\n"


def test_what_dos_and_excel_leave_behind(lage: Terminal, station: Station, tmp_path: Path) -> None:
    """CP850, dates without their format, a date and a time in two columns."""
    path = tmp_path / "a.csv"
    rows = (
        "1;Überflutung;Straße überflutet in Hörstel;24.11.2026 14:00\n"
        "2;Brand;x;46350,5833333333\n3;Brand;y;46350.5833333\n4;Brand;z;0,5833333\n"
        '5;Brand;z;"46350, 0,583333333333"\n'
    )
    path.write_bytes((HEAD + rows).encode("cp850"))
    told = lage.json("import", "vorfaelle", str(path))
    assert told["neu"] == 5
    assert "cp850" in told["hinweise"][0]
    found = station.reader.select(Query("incident"))
    assert "Straße überflutet in Hörstel" in {row.text("text") for row in found}
    assert {row.event_time for row in found} == {parse_time("24.11.2026 14:00", 0)}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "keine Tabelle"),
        (b"SQLite format 3\0" + b"x" * 100, "keine Tabelle"),
        (bytes(index * 7919 % 256 for index in range(3000)), "keine Tabelle"),
        (b"<!DOCTYPE html><html>", "Webseite"),
        (b"Sehr geehrte Damen und Herren,\nanbei\n", "keine der Spalten"),
        (b'{"error": {"message": "Wartung bis 6 Uhr"}}', "„Wartung bis 6 Uhr“"),
    ],
)
def test_no_table_is_one_sentence(lage: Terminal, tmp_path: Path, data: bytes, said: str) -> None:
    """Not one for each of its lines; what a service says of itself is passed on."""
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    refused = lage.refusal("import", "vorfaelle", str(path))
    assert isinstance(refused, ImportRefused)
    assert said in str(refused)
    assert refused.problems == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2,02611E+11;Brand;Rauch;Rheine;", "gekürzt"),
        ("7;Brand;#NV;Rheine;", "„#NV“ ist ein Fehler der Tabellenkalkulation"),
        ("7;Brand;Rauch;#BEZUG!;", "Spalte „ort“"),
        ("7;Brand;Rauch;########;", "„########“"),
    ],
)
def test_what_a_spreadsheet_has_lost_is_no_value(
    lage: Terminal, tmp_path: Path, line: str, said: str
) -> None:
    """Two long numbers become one, a place becomes „#BEZUG!“: refused with what to do."""
    path = tmp_path / "x.csv"
    heading = "Nr. der Leitstelle;Art;Lage;Ort;Egal"
    path.write_text(f"{heading}\n{line}\n", "utf8")
    refused = lage.refusal("import", "vorfaelle", str(path))
    assert isinstance(refused, ImportRefused)
    assert said in str(refused.problems)
    path.write_text(f"{heading}\n7;Brand;Rauch #2;Rheine;#NV\n", "utf8")
    assert lage.json("import", "vorfaelle", str(path))["neu"] == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [("mac_roman", "Mac-Text"), ("cp850", "DOS-Text"), ("cp1252", "Windows-Text"), ("utf-32", "")],
)
def test_umlauts_survive_any_program(tmp_path: Path, code: str, said: str) -> None:
    """Wherever the table was saved; the code is guessed by umlauts within words, and said."""
    path = tmp_path / "x.csv"
    path.write_bytes("Art;Ort\nÜberflutung;Große Straße, Mühle\nÖl;Höfe".encode(code))
    found = read_rows(path, ("Art", "Ort"))
    assert [row.get("Art") for row in found.rows] == ["Überflutung", "Öl"]
    assert found.rows[0].get("Ort") == "Große Straße, Mühle"
    assert said in " ".join(found.notes)


def test_umlauts_that_were_coded_twice_are_put_right(tmp_path: Path) -> None:
    """„Ã¤“ is an ä that passed a program which took UTF-8 for Windows."""
    path = tmp_path / "x.csv"
    path.write_bytes("Art;Ort\nÜberflutung;Mühle".encode().decode("cp1252").encode())
    found = read_rows(path, ("Art", "Ort"))
    assert (found.rows[0].get("Art"), len(found.notes)) == ("Überflutung", 1)
    path.write_text("Art;Ort\nBrand;São Łódź Ã¤", "utf8")
    assert read_rows(path, ("Art", "Ort")).rows[0].get("Ort") == "São Łódź Ã¤"


def test_printed_pages_and_lines_of_objects(tmp_path: Path) -> None:
    """A heading that comes again is none of the rows; objects may stand one on each line."""
    path = tmp_path / "x.csv"
    path.write_text("Art|Ort\nBrand|A\nArt|Ort\nBrand|B\n", "utf8")
    assert [row.line for row in read_rows(path, ("Art", "Ort")).rows] == [2, 4]
    path.write_text('{"Art": "Brand", "Ort": "A"}\n{"Art": "Brand", "Ort": "B"}\n', "utf8")
    assert [row.get("Ort") for row in read_rows(path, ("Art", "Ort")).rows] == ["A", "B"]


def test_a_table_makes_no_second_gauge_by_a_slip(
    lage: Terminal, station: Station, tmp_path: Path
) -> None:
    """„Grevn“ is asked about before anything of it is written; ``--neu`` is the answer."""
    lage("pegel", "anlegen", "Greven", "--einheit", "cm")
    path = tmp_path / "x.csv"
    path.write_text("Pegel;Zeit;Wert\nGrevn;24.11.2026 14:00;350\n", "utf8")
    assert "Greven" in lage("import", "messwerte", str(path), "--probe")
    assert "meinten Sie „Greven“" in str(lage.refusal("import", "messwerte", str(path)))
    assert not station.reader.select(Query("reading"))
    assert lage.json("import", "messwerte", str(path), "--neu")["neu"] == 1
