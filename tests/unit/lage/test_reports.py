# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The situation on paper, on the air and for other programs."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from lage.cli import cli
from lage.kinds.model import Draft
from lage.language.errors import UsageError
from lage.reports.cap import NAMESPACE
from lage.reports.paper import printable
from lage.reports.printout import PrintoutCheck, check_printout
from lage.station import Station
from lage.views.message_sheet import MessageSheet, Note, message_sheet
from lage.views.situation import situation_report
from lage.views.situation_short import SHORT_MAX
from lage.views.sums import Total
from tests.fixtures import FixedClock, make_county, make_station, share
from tests.unit.lage.conftest import Terminal


def text_of(path: Path) -> str:
    """What another program reads in a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


@pytest.fixture
def flood(county: list[Station], terminals: list[Terminal], clock: FixedClock) -> list[Terminal]:
    """An afternoon of a flood, known everywhere."""
    kst, rhe, _ = terminals
    where = ("--koordinate", "52.2790, 7.4400", "--ort", "Kirchstraße")
    rhe("vorfall", "melden", "Keller <b>& mehr", "--art", "Überfl", "--betroffene", "4", *where)
    rhe("vorfall", "melden", "Baum", "--art", "Sturm", "--prioritaet", "kritisch", "--tote", "0")
    rhe("kraefte", "melden", "LZ Rheine", "--staerke", "1/3/12//16")
    rhe("pegel", "anlegen", "Greven", "--info1", "300", "--info2", "400")
    rhe("pegel", "melden", "Greven", "290", "--zeit", "1430")
    rhe("pegel", "melden", "Greven", "310", "--zeit", "1530")
    out = ("--bereich", "Strom", "--zustand", "ausgefallen")
    rhe("versorgung", "melden", "--gemeinde", "Rheine", *out)
    rhe("material", "buchen", "Sandsäcke", "500", "--ort", "Rheine")
    rhe("anforderung", "stellen", "für den Deich", "--was", "Sandsäcke", "--menge", "900")
    rhe("stelle", "melden", "Raum 107", "--funktion", "S2")
    rhe(
        "gebiet",
        "zeichnen",
        "Emsaue",
        "--art",
        "überflutet",
        "--eckpunkte",
        "52.1,7.1; 52.2,7.1; 52.2,7.2",
    )
    kst("auftrag", "erteilen", "Pumpen stellen", "--an", "Rheine", "--bis", "24.11. 14:00")
    kst("nachricht", "senden", "Pegel melden, Łódź grüßt", "--an", "RHE", "--vorrang", "sofort")
    share(*county)
    rhe("nachricht", "quittieren", "1", "--name", "Meyer")
    rhe("nachricht", "verteilen", "1", "--an", "S2,ETB", "--vermerk", "bitte sofort",
        "--zeichen", "Si")  # fmt: skip
    return terminals


def test_situation_report(flood: list[Terminal], tmp_path: Path) -> None:
    """All parts of a Lagemeldung; what is not known is not zero; free parts as given."""
    told = flood[1].json("bericht", "lagemeldung", "--allgemein", "Hochwasser der Ems")
    titles = [part["titel"] for part in told["teile"]]
    for word in (
        "Allgemeine Lage",
        "Schadenlage",
        "Betroffene",
        "Kräfte",
        "Mittel",
        "Maßnahmen",
        "Versorgungslage",
        "Pegel",
        "Wetter",
        "Absicht",
        "Anforderungen",
        "Erreichbarkeit",
    ):
        assert any(word in title for title in titles), word
    assert told["zahlen"]["betroffene"] == 4
    assert told["zahlen"]["betroffene_ohne_angabe"] == 1
    assert told["zahlen"]["staerke"] == "1/3/12//16"
    harm = next(part["text"] for part in told["teile"] if part["titel"] == "Betroffene")
    assert "Betroffene: mind. 4 (1 ohne Angabe)" in harm
    assert "Verletzte: unbekannt" in harm
    services = next(part for part in told["teile"] if part["titel"] == "Versorgungslage")
    assert services["zeilen"][0]["Strom"] == "ausgefallen"
    assert services["zeilen"][0]["Wasser"] == "?"
    assert re.fullmatch(r"bis \d{5} Einw\.", services["zeilen"][0]["Betroffene"])
    assert told["teile"][0]["text"] == "Hochwasser der Ems"
    rows = {part["titel"].split(",")[0]: part["zeilen"] for part in told["teile"]}
    assert re.match(r"ca\. \d+ Personen \(", rows["Gebiete"][0]["Menschen darin"])
    assert rows["Aufträge"][0]["Auftrag"] == "Pumpen stellen"
    assert rows["Aufträge"][0]["Bis"].startswith("! ")
    assert rows["Anforderungen"][0]["An, Vorrang"] == "alle, einfach"
    places = {row["Lage"]: row["Ort"] for row in rows["Schadenlage / Ereignisse"]}
    assert places["Keller <b>& mehr"] == "Kirchstraße, Rheine"


def test_situation_pdf(flood: list[Terminal], tmp_path: Path) -> None:
    """On paper with page numbers, time, staff and a line to sign; no exercise mark in earnest."""
    path = tmp_path / "lage.pdf"
    flood[1]("bericht", "lagemeldung", "--pdf", str(path), "--zeichen", "Leiter SAE")
    text = text_of(path)
    for word in (
        "SAE Rheine",
        "241530nov26",
        "Seite 1 von",
        "Unterschrift (Leiter SAE)",
        "Überflutung",
        "Keller <b>& mehr",
        "1/3/12//16",
        "400 gegen 20:00 (linear)",
    ):
        assert word in text, word
    assert "ÜBUNG" not in text


def test_the_map_is_on_paper(flood: list[Terminal], tmp_path: Path) -> None:
    """With signs, areas, grid and sources; what has no coordinate is counted."""
    path = tmp_path / "lage.pdf"
    flood[0]("bericht", "lagemeldung", "--pdf", str(path))
    text = text_of(path).replace("\n", " ")
    for word in ("Lagekarte", "RHE-1 Überflutung", "Emsaue (überflutet)", "ETRS89/UTM32",
                 "ohne Koordinate, darum nicht auf der Karte: 1", "GeoBasis-DE"):  # fmt: skip
        assert word in text, word


def test_a_report_says_what_changed_since_the_last(
    county: list[Station], flood: list[Terminal], clock: FixedClock
) -> None:
    """New, changed and ended as it was here then and is now; late arrivals are new as well."""
    kst, rhe, _ = flood

    def changes() -> tuple[str, list[str]]:
        part = rhe.json("bericht", "lagemeldung")["teile"][1]
        return part["titel"], [row["Was"] for row in part["zeilen"]]

    assert changes() == ("Änderungen", [])
    kst("auftrag", "erteilen", "Deich ansehen", "--an", "Rheine")  # A2, not here yet
    clock.advance(60)
    rhe("bericht", "melden")
    assert changes() == ("Änderungen seit der Lagemeldung 241531nov26", [])
    clock.advance(60)
    share(*county)
    rhe("vorfall", "aendern", "1", "--betroffene", "9", "--status", "erledigt")
    rhe("vorfall", "melden", "Trafo", "--art", "Brand", "--ort", "Elte")

    assert changes()[1] == [
        "neu: Auftrag KST-A2 an SAE Rheine: Deich ansehen",
        "Vorfall RHE-1 erledigt: Betroffene 9 (vorher 4)",
        "neu: Vorfall RHE-3: Brand; Trafo; Ort Elte",
    ]


def test_exercise_mark_on_every_page(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of an exercise cannot be mistaken: the mark stands at its head and its foot."""
    from lage.store.timebase import Timebase

    monkeypatch.setattr(Timebase, "unix", lambda _: clock())
    stations = make_county(tmp_path / "u", ["SAE Rheine"], clock=clock, exercise=True)
    station = stations["SAE Rheine"]
    station.write([Draft("journal", {"text": f"Eintrag {n} " * 8}) for n in range(80)])
    lage = Terminal(station)
    path = tmp_path / "etb.pdf"
    lage("bericht", "tagebuch", str(path))
    pages = [page.extract_text() for page in PdfReader(path).pages]
    assert len(pages) > 2
    assert all(page.count("ÜBUNG ÜBUNG ÜBUNG") == 2 for page in pages)
    assert f"Seite {len(pages)} von {len(pages)}" in pages[-1]
    assert "ÜBUNG ÜBUNG ÜBUNG" in lage("bericht", "lagemeldung")
    said = lage("bericht", "lagemeldung", "--funk").splitlines()
    spoken = next(line for line in said if " Lage " in line)
    assert spoken.startswith("ÜBUNG ÜBUNG ÜBUNG Lage ")
    assert spoken.endswith(" ÜBUNG ÜBUNG ÜBUNG")
    table = tmp_path / "t.csv"
    lage("bericht", "daten", "tagebuch", str(table))
    lines = table.read_text("utf-8-sig").splitlines()
    assert all(line.startswith("ÜBUNG;") for line in lines)
    station.close()


def test_radio_short_form(flood: list[Terminal], county: list[Station]) -> None:
    """The figures that matter, in a text that few packets hold."""
    said = flood[1]("bericht", "lagemeldung", "--funk", "--absicht", "Deich halten")
    short = said.splitlines()[0]
    assert short == (
        "Lage 241530nov26; Vorfälle 2, kritisch 1; Betr/Verl/Verm/Tote 4/?/?/?;"
        " Kräfte 1/3/12//16; Greven 310+ Info 1; Strom aus: Rheine; Absicht: Deich halten"
    )
    report = situation_report(county[1].context(), {"intent": "x " * 900})
    assert len(report.short) <= SHORT_MAX


def test_sending_the_report_and_going_on_from_it(
    flood: list[Terminal], county: list[Station], tmp_path: Path
) -> None:
    """The log keeps free parts and short form; the next report begins with the same free parts."""
    rhe, gre = flood[1], flood[2]
    rhe("bericht", "melden", "--allgemein", "Die Ems steigt.", "--absicht", "Halten")
    share(*county)
    (entry,) = gre.json("bericht", "liste")
    assert entry["general"] == "Die Ems steigt."
    assert entry["summary"].startswith("Lage 241530nov26")
    assert "Die Ems steigt." in rhe("bericht", "lagemeldung")
    path = tmp_path / "teile.toml"
    rhe("bericht", "entwurf", str(path))
    text = path.read_text("utf8")
    assert "Die Ems steigt." in text
    path.write_text(text.replace("Die Ems steigt.", 'Die Ems „fällt“ \\\\ "".'), "utf8")
    told = rhe.json("bericht", "lagemeldung", "--teile", str(path))
    assert told["teile"][0]["text"] == 'Die Ems „fällt“ \\ "".'
    path.write_text("farbe = 'rot'", "utf8")
    assert "farbe" in str(rhe.refusal("bericht", "lagemeldung", "--teile", str(path)))


def test_message_form(flood: list[Terminal], tmp_path: Path) -> None:
    """The Vordruck shows both numbers, priority, Quittung by name and the Sichter's crosses."""
    path = tmp_path / "n.pdf"
    flood[1]("bericht", "nachricht", "1", str(path))
    text = text_of(path)
    for word in (
        "Eingang 1",
        "KST-N1",
        "SOFORT",
        "Krisenstab Steinfurt",
        "Meyer",
        "[x] S2",
        "[ ] S3",
        "[x] ETB",
        "bitte sofort",
        "[U+0141]ód[U+017A] grüßt",
    ):
        assert word in text, word
    assert "S2, ETB: Si, 241530nov26" in text
    flood[0]("bericht", "nachricht", "KST-N1", str(path))
    assert "Ausgang 1" in text_of(path)


def test_fields_of_the_message_form(
    county: list[Station], flood: list[Terminal], clock: FixedClock
) -> None:
    """Vermerke with way, time and sign: of this side what it knows, of the other its Quittung."""

    def sheet(place: int, label: str) -> MessageSheet:
        station = county[place]
        return message_sheet(station.find_record("message", label), station.context())

    clock.advance(60)
    for_whom = ("--fuer", "Herr Kahl", "--weg", "Telefon", "--zeichen", "Kro")
    flood[1]("nachricht", "senden", "Zeile eins\nZeile zwei", "--an", "KST,GRE", *for_whom)
    flood[1]("nachricht", "senden", "Selbst gesagt", "--an", "KST", "--weg", "persönlich")
    share(*county)
    clock.advance(60)
    flood[0]("nachricht", "quittieren", "RHE-N1", "--name", "Berg")
    flood[0]("auftrag", "erteilen", "Nachfragen", "--anlass", "RHE-N1")
    share(*county)

    got = sheet(0, "RHE-N1")
    assert (got.direction, got.register, got.call, got.number) == (
        "Eingang", "Eingang 1", "RHE", "RHE-N1")  # fmt: skip
    assert got.taken == Note("Mesh", "241531nov26", "Berg")
    assert got.sender == "Herr Kahl (aufgenommen von SAE Rheine)"
    assert got.text == "Zeile eins\nZeile zwei"
    assert got.remarks == ("241532nov26 Auftrag KST-A2: Nachfragen",)
    sent = sheet(1, "RHE-N1")
    assert sent.taken == Note("Telefon", "241531nov26", "Kro")
    assert sent.accepted == Note("", "241531nov26", "Kro")
    assert dict(sent.carried)["Krisenstab Steinfurt"] == Note("Mesh", "241532nov26", "Berg")
    assert dict(sent.carried)["SAE Greven"].sign == ""
    assert (sent.spoken, sheet(1, "RHE-N2").spoken) == (False, True)


def test_a_long_message_goes_on_on_the_next_page(flood: list[Terminal], tmp_path: Path) -> None:
    """No word of it is lost, and the box says that it goes on."""
    path = tmp_path / "n.pdf"
    flood[1]("nachricht", "senden", " ".join(f"Wort{n}" for n in range(480)), "--an", "KST")
    flood[1]("bericht", "nachricht", "RHE-N1", str(path))
    text = text_of(path)

    assert "weiter auf der nächsten Seite" in text
    assert set(re.findall(r"Wort\d+", text)) == {f"Wort{n}" for n in range(480)}


def test_unprintable_letters_are_named() -> None:
    """German letters print; what the fonts lack is shown by number, never dropped."""
    assert printable("Öß „x“ – €") == "Öß „x“ – €"
    assert printable("Ł☃") == "[U+0141][U+2603]"


def test_csv_for_excel(flood: list[Terminal], tmp_path: Path) -> None:
    """Byte order mark, semicolons, decimal commas, German words; no cell is a formula."""
    flood[1]("vorfall", "melden", "=HYPERLINK(1)", "--art", "Brand")
    path = tmp_path / "v.csv"
    flood[1]("bericht", "daten", "vorfaelle", str(path))
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert [row["Nr."] for row in rows] == ["RHE-1", "RHE-2", "RHE-3"]
    assert (rows[0]["Breite"], rows[0]["Länge"]) == ("52,2790", "7,4400")
    assert (rows[0]["Betroffene"], rows[1]["Betroffene"], rows[1]["Tote"]) == ("4", "", "0")
    assert rows[2]["Lage"] == "'=HYPERLINK(1)"
    flood[1]("material", "buchen", "Sandsäcke", "-20", "--ort", "Rheine")
    flood[1]("bericht", "daten", "bewegungen", str(path))
    assert ";-20;" in path.read_text("utf-8-sig")


def test_geojson_and_json(flood: list[Terminal], tmp_path: Path) -> None:
    """Points are lon, lat; rings closed, counter-clockwise; kinds without places are refused."""
    path = tmp_path / "g.geojson"
    flood[1]("bericht", "daten", "gebiete", str(path))
    (feature,) = json.loads(path.read_text("utf8"))["features"]
    (ring,) = feature["geometry"]["coordinates"]
    assert ring == [[7.1, 52.1], [7.2, 52.2], [7.1, 52.2], [7.1, 52.1]]
    flood[1]("bericht", "daten", "vorfaelle", str(path))
    (feature,) = json.loads(path.read_text("utf8"))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [7.44, 52.279]}
    assert "keine Koordinaten" in str(
        flood[1].refusal("bericht", "daten", "nachrichten", str(path))
    )
    path = tmp_path / "n.json"
    flood[1]("bericht", "daten", "nachrichten", str(path))
    (message,) = json.loads(path.read_text("utf8"))
    assert message["to"] == ["SAE Rheine"]
    assert message["receipt_wanted"] is True
    assert "enden" in str(flood[1].refusal("bericht", "daten", "gebiete", "x.txt"))


def test_cap(flood: list[Terminal], tmp_path: Path) -> None:
    """A CAP 1.2 alert with the elements the standard wants, in their order."""
    path = tmp_path / "w.xml"
    flood[1](
        "bericht",
        "cap",
        "RHE-1",
        str(path),
        "--titel",
        "Keller meiden",
        "--absender",
        "kreis-steinfurt.de",
    )
    alert = ET.fromstring(path.read_text("utf8"))  # noqa: S314
    assert alert.tag == f"{{{NAMESPACE}}}alert"
    names = [child.tag.split("}")[1] for child in alert]
    assert names == ["identifier", "sender", "sent", "status", "msgType", "scope", "info"]
    assert alert.findtext(f"{{{NAMESPACE}}}status") == "Actual"
    sent = alert.findtext(f"{{{NAMESPACE}}}sent")
    assert sent == "2026-11-24T14:30:00-00:00"
    info = alert.find(f"{{{NAMESPACE}}}info")
    assert info is not None
    words = {child.tag.split("}")[1]: child.text for child in info}
    assert words["category"] == "Met"
    assert words["severity"] == "Moderate"
    assert words["description"] == "Keller <b>& mehr"
    assert info.findtext(f".//{{{NAMESPACE}}}circle") == "52.2790,7.4400 1.0"
    flood[1]("bericht", "cap", "Emsaue", str(path), "--gebiet", "--titel", "Wasser")
    ring = "52.1000,7.1000 52.2000,7.1000 52.2000,7.2000 52.1000,7.1000"
    assert ring in path.read_text("utf8")
    flood[1].refusal("bericht", "cap", "1", str(path), "--titel", "x", "--schwere", "Bad")


def test_totals_know_what_they_do_not_know() -> None:
    """A sum with gaps says at least, a sum of nothing but gaps is unknown."""
    assert [str(Total(*t)) for t in ((5, 0), (5, 2), (0, 2), (0, 0))] == [
        "5",
        "mind. 5 (2 ohne Angabe)",
        "unbekannt",
        "0",
    ]


def diary(lage: Terminal, clock: FixedClock) -> None:
    """A Tagebuch with everything that makes printing hard."""
    lage("tagebuch", "eintragen", "Kurz", "--zeichen", "Me")
    lage("tagebuch", "eintragen", "Sehr lang: " + "Wasser in der Emsaue steigt weiter. " * 90)
    clock.advance(60)
    lage(
        "tagebuch",
        "eintragen",
        "Klammer ) ( \\ „Zitat“ Łódź",
        "--massnahme",
        "keine",
        "--weg",
        "Funk",
        "--von",
        "LZ 1",
        "--an",
        "S3",
        "--zeit",
        "1455",
    )
    for number in range(40):
        lage("tagebuch", "eintragen", f"Eintrag {number}")
    lage("tagebuch", "berichtigen", "1", "Nicht kurz")


def verdict(lage: Terminal, path: Path) -> dict[str, object]:
    """What checking a printout gives, whatever its exit code."""
    arguments = ["--daten", str(lage.folder), "pruefen", "--ausdruck", str(path), "--json"]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    found = json.loads(result.stdout)
    assert (result.return_value or 0) == (0 if found["in_ordnung"] else 1)
    return dict(found)


def test_printout_agrees_with_the_log(
    county: list[Station], lage: Terminal, clock: FixedClock, tmp_path: Path
) -> None:
    """A printed Tagebuch checks out, also after the log went on, and at another staff."""
    diary(lage, clock)
    path = tmp_path / "etb.pdf"
    lage("bericht", "tagebuch", str(path))
    assert verdict(lage, path) == {
        "in_ordnung": True,
        "eintraege": 44,
        "text_verglichen": True,
        "maengel": [],
    }
    assert "LAGE-ETB-1 2 " in text_of(path)
    lage("tagebuch", "eintragen", "später")
    lage("tagebuch", "berichtigen", "5", "auch später")
    assert verdict(lage, path)["in_ordnung"] is True
    share(*county)
    assert verdict(Terminal(county[2]), path)["in_ordnung"] is True


def test_every_change_on_paper_is_found(lage: Terminal, clock: FixedClock, tmp_path: Path) -> None:
    """A changed word, time or number, an entry more or less: each is named."""
    diary(lage, clock)
    path = tmp_path / "etb.pdf"
    lage("bericht", "tagebuch", str(path))
    good = path.read_bytes()
    changes = {
        "Eintrag 4 ": (b"(Eintrag 1)", b"(Eintrag X)"),
        "Eintrag 2 ": (b"steigt weiter", b"sinkt weiter "),
        "nicht im Lagebuch": (b"(7)", b"(99)"),
        "Kettenwert": (b"LAGE-ETB-1 2 ", b"LAGE-ETB-1 2 "),
    }
    for word, (before, after) in changes.items():
        data = good.replace(before, after, 1)
        if word == "Kettenwert":
            chain = re.search(rb"LAGE-ETB-1 2 \d+ ([0-9a-f]{32})", good)
            assert chain is not None
            data = good.replace(chain[1], b"0" * 32)
        path.write_bytes(data)
        problems = verdict(lage, path)["maengel"]
        assert isinstance(problems, list)
        if word == "Eintrag 4 ":
            assert problems == ["Eintrag 5 ist im Ausdruck ein anderer als im Lagebuch."]
        else:
            assert any(word in str(problem) for problem in problems), (word, problems)


def test_check_line_typed_from_paper(lage: Terminal, clock: FixedClock, tmp_path: Path) -> None:
    """The Prüfzeile alone, typed into a text file, is checked too; anything else is refused."""
    lage("tagebuch", "eintragen", "Eins")
    pdf, text = tmp_path / "etb.pdf", tmp_path / "zeile.txt"
    lage("bericht", "tagebuch", str(pdf))
    line = re.search(r"LAGE-ETB-1[ 0-9a-f]+", text_of(pdf))
    assert line is not None
    text.write_text(f"abgetippt: {line[0]}", "utf8")
    assert verdict(lage, text)["text_verglichen"] is False
    assert verdict(lage, text)["in_ordnung"] is True
    text.write_text(line[0].strip()[:-1] + "g", "utf8")
    assert "keine Prüfzeile" in str(lage.refusal("pruefen", "--ausdruck", str(text)))


def test_a_failed_export_leaves_the_old_file(lage: Terminal, tmp_path: Path) -> None:
    """Into a folder that is not there nothing is written, and it is said."""
    lage("tagebuch", "eintragen", "x")
    target = str(tmp_path / "fehlt" / "x.pdf")
    assert "nicht geschrieben" in str(lage.refusal("bericht", "tagebuch", target))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.binary(max_size=300), line=st.booleans(), pdf=st.booleans())
def test_any_file_can_be_checked(data: bytes, line: bool, pdf: bool) -> None:
    """Whatever is given as a printout: a verdict, or a refusal in words."""
    if line:
        data += b" LAGE-ETB-1 1 0 " + b"0" * 32 + b" 0 99 " + b"0" * 16
    if pdf:
        data = b"%PDF BT /F1 8.50 Tf ET BT 1.0 2.0 Td (" + data + b") Tj ET"
    if not _STATIONS:
        _STATIONS.append(make_station(Path(tempfile.mkdtemp()) / "s"))
    with contextlib.suppress(UsageError):
        assert isinstance(check_printout(_STATIONS[0], data), PrintoutCheck)


_STATIONS: list[Station] = []
