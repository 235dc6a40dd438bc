# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files of others: taken whole or refused whole, and never twice."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.imports.entries import default_mapping, plan_entries
from lage.imports.lorawan import Sensor, decode_uplink, plan_uplinks, value_of
from lage.imports.named import plan_named
from lage.imports.pegelonline import plan_measurements, plan_stations, read
from lage.imports.plan import Plan
from lage.imports.resources import plan_supplies
from lage.imports.series import log_time
from lage.imports.stations import Choice
from lage.kinds.model import Query
from lage.language.errors import ImportRefused, UsageError
from lage.language.tactical import tactical
from lage.station import Station
from lage.views.gauges import gauge_view
from tests.fixtures import make_station
from tests.unit.lage.conftest import Terminal

MAPPING = """
[felder]
"Nr. der Leitstelle" = "Einsatznummer"
Art = "Stichwort"
Lage = "Meldung"
Ort = ["Straße", "Ort"]
Koordinate = ["Breite", "Länge"]
Betroffene = "Personen"
[werte.Art]
"TH WASSER" = "Überflutung"
"B2" = "Brand"
[fest]
Prioritaet = "hoch"
"""
CALLS = (
    "Einsatznummer;Stichwort;Meldung;Straße;Ort;Breite;Länge;Personen\n"
    "2026-1;TH WASSER;Keller;Emsufer 3;Rheine;52,2790;7,4400;4\n"
    "2026-2;b2;Scheune;Hauptstr. 1;Elte;;;?\n"
)


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """A mapping for the Leitstelle's columns."""
    path = tmp_path / "leitstelle.toml"
    path.write_text(MAPPING, "utf8")
    return path


def put(tmp_path: Path, name: str, content: Any) -> str:
    """A file to import."""
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / name).write_text(text, "utf8")
    return str(tmp_path / name)


def test_incidents_from_csv(
    station: Station, lage: Terminal, tmp_path: Path, mapping: Path
) -> None:
    """Columns, values and constants by the mapping; the same file again adds nothing."""
    path = put(tmp_path, "e.csv", CALLS)
    trial = lage.json("import", "vorfaelle", path, "--zuordnung", str(mapping), "--probe")
    assert (trial["neu"], station.store.log.head(2)) == (2, 0)
    lage("import", "vorfaelle", path, "--zuordnung", str(mapping))
    rows = {r.values["external_id"]: r.values for r in station.reader.select(Query("incident"))}
    assert rows["2026-1"]["type"] == "Überflutung"
    assert rows["2026-1"]["municipality"] == "Rheine"
    assert rows["2026-1"]["place"] == "Emsufer 3, Rheine"
    assert (rows["2026-2"]["type"], rows["2026-2"]["priority"]) == ("Brand", "hoch")
    assert "affected" not in rows["2026-2"]
    head = station.store.log.head(2)
    again = lage.json("import", "vorfaelle", path, "--zuordnung", str(mapping))
    assert (again["neu"], again["bekannt"], station.store.log.head(2)) == (0, 2, head)


def test_known_incidents_keep_what_the_staff_wrote(
    station: Station, lage: Terminal, tmp_path: Path, mapping: Path
) -> None:
    """A changed file leaves known incidents alone unless it is said otherwise."""
    zu = ("--zuordnung", str(mapping))
    lage("import", "vorfaelle", put(tmp_path, "e.csv", CALLS), *zu)
    path = put(tmp_path, "e2.csv", CALLS.replace(";4\n", ";40\n"))
    assert lage.json("import", "vorfaelle", path, *zu)["bekannt"] == 2
    assert lage.json("import", "vorfaelle", path, *zu, "--aktualisieren")["geaendert"] == 1
    affected = {r.values.get("affected") for r in station.reader.select(Query("incident"))}
    assert affected == {40, None}


def test_every_bad_line_is_named_and_nothing_taken(
    station: Station, lage: Terminal, tmp_path: Path, mapping: Path
) -> None:
    """All bad lines at once with number and reason; the good ones wait too."""
    bad = CALLS + (
        ";TH WASSER;ohne Nummer;;;;;\n"
        "2026-1;B2;doppelt;;;;;\n"
        "2026-5;UFO;gelandet;;;;;\n"
        "2026-6;B2;wo;;;7,44;52,27;viele\n"
    )
    error = lage.refusal(
        "import", "vorfaelle", put(tmp_path, "e.csv", bad), "--zuordnung", str(mapping)
    )
    assert isinstance(error, ImportRefused)
    assert [line for line, _ in error.problems] == [4, 5, 6, 7]
    reasons = [reason for _, reason in error.problems]
    for reason, word in zip(reasons, ("fehlt", "Zeile 2", "UFO", "Koordinate"), strict=True):
        assert word in reason
    assert station.store.log.head(2) == 0


def test_incidents_from_geojson(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """Properties are columns, a point is the coordinate."""
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [7.44, 52.279]},
        "properties": {"Nr. der Leitstelle": 77, "Art": "Brand", "Lage": "Dach"},
    }
    path = put(tmp_path, "e.geojson", {"type": "FeatureCollection", "features": [feature]})
    lage("import", "vorfaelle", path)
    (row,) = station.reader.select(Query("incident"))
    assert row.values["external_id"] == "77"
    assert row.values["municipality"] == "Rheine"


def test_bad_mappings(lage: Terminal, tmp_path: Path) -> None:
    """A mapping with an unknown field or no TOML is refused before the file is read."""
    for text, word in (
        ("[felder]\nFarbe = 'x'", "Farbe"),
        ("[", "TOML"),
        ("felder = 3", "Tabelle"),
    ):
        path = put(tmp_path, "m.toml", text)
        error = lage.refusal("import", "vorfaelle", "gibtsnicht.csv", "--zuordnung", path)
        assert word in str(error)


def test_supplies(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """The file says what is there; taken twice it changes nothing, a new count moves the rest."""
    text = "Material;Ort;Bestand;Einheit;Mindestbestand\nSandsäcke;Greven;1.200;Stück;500\n"
    path = put(tmp_path, "m.csv", text)
    assert lage.json("import", "material", path)["neu"] == 1
    assert lage.json("import", "material", path)["bekannt"] == 1
    lage("import", "material", put(tmp_path, "n.csv", text.replace("1.200", "900")))
    assert station.reader.stock() == [("Sandsäcke", "Greven", 900)]
    lage("material", "buchen", "Sandsäcke", "-100", "--ort", "Greven")
    assert "800" in lage("material", "liste")
    error = lage.refusal("import", "material", put(tmp_path, "x.csv", text + "Decken;;3;;\n"))
    assert isinstance(error, ImportRefused)
    assert error.problems == ((3, "Ort fehlt."),)


def test_units(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """Stärke in one column, a unit of the same name is changed, Windows' letters are read."""
    text = "Name;Stärke;Ort\nLZ Rheine;1/3/12;Halle\nTHW OV;0/1/?;\n"
    path = tmp_path / "k.csv"
    path.write_bytes(text.encode("cp1252"))
    assert lage.json("import", "kraefte", str(path))["neu"] == 2
    path.write_bytes(text.replace("Halle", "Deich").encode("cp1252"))
    told = lage.json("import", "kraefte", str(path))
    assert (told["neu"], told["geaendert"], told["bekannt"]) == (0, 1, 1)
    rows = {r.values["name"]: r.values for r in station.reader.select(Query("unit"))}
    assert rows["LZ Rheine"]["place"] == "Deich"
    assert "helpers" not in rows["THW OV"]
    assert "geht nicht auf" in str(
        dict(problems(lage, tmp_path, "kraefte", "Name;Stärke\nX;1/1/1//9\n"))
    )


def problems(lage: Terminal, tmp_path: Path, kind: str, text: str) -> tuple[tuple[int, str], ...]:
    """The bad lines of a refused file."""
    error = lage.refusal("import", kind, put(tmp_path, "schlecht.csv", text))
    assert isinstance(error, ImportRefused)
    return error.problems


STATION = {
    "uuid": "x",
    "number": "3390010",
    "shortname": "RHEINE UNTERSCHLEUSE",
    "longname": "RHEINE UNTERSCHLEUSE",
    "latitude": 52.27,
    "longitude": 7.43,
    "water": {"shortname": "EMS", "longname": "EMS"},
    "timeseries": [
        {"shortname": "Q", "unit": "m³/s"},
        {
            "shortname": "W",
            "unit": "cm",
            "equidistance": 15,
            "currentMeasurement": {"timestamp": "2026-11-24T15:15:00+01:00", "value": 342.0},
        },
    ],
}


def test_pegelonline_stations(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """Gauges of our river come with their current value; those of others stay out."""
    other = {**STATION, "number": "1", "shortname": "KÖLN", "longname": "KÖLN", "water": {}}
    path = put(tmp_path, "stations.json", [STATION, other])
    assert "--gewaesser" in str(lage.refusal("import", "pegelonline", path))
    told = lage.json("import", "pegelonline", path, "--gewaesser", "Ems")
    assert (told["neu"], told["ausgelassen"]) == (1, 1)
    view = gauge_view(station.context(), "Rheine Unterschleuse")
    assert view.record is not None
    assert view.record.values["station"] == "3390010"
    assert [(r.value, tactical(r.time), r.source) for r in view.readings] == [
        (342, "241515nov26", "PEGELONLINE")
    ]
    again = lage.json("import", "pegelonline", path)
    assert (again["neu"], again["bekannt"]) == (0, 1)


def test_pegelonline_measurements(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """A series is thinned to what the air can bear, once; the impossible is kept, marked."""
    values = [
        {"timestamp": f"2026-11-24T{h:02d}:{m:02d}:00+01:00", "value": 300.0 + h}
        for h in range(10, 14)
        for m in (0, 15, 30, 45)
    ]
    values.append({"timestamp": "2026-11-24T14:00:00+01:00", "value": -9999.0})
    path = put(tmp_path, "measurements.json", values)
    assert lage.json("import", "pegelonline", path, "--pegel", "greven")["neu"] == 6
    assert lage.json("import", "pegelonline", path, "--pegel", "greven")["bekannt"] == 6
    view = gauge_view(station.context(), "Greven")
    assert [r.plausible for r in view.readings] == [False, True, True, True, True, True]
    assert view.latest is not None
    assert view.latest.value == 313
    values[3]["value"] = "viel"
    told = lage("import", "pegelonline", put(tmp_path, "b.json", values), "--pegel", "Greven")
    assert "1 ausgelassen: „viel“ ist keine Zahl" in told


CHIRPSTACK = {
    "deviceInfo": {"devEui": "a84041000181c061", "deviceName": "Ems 1"},
    "time": "2026-11-24T14:10:00.123456789+00:00",
    "fPort": 2,
    "data": "AVY=",
    "object": {"water_level": 342, "tief": {"mm": 3420}},
}
THINGS = {
    "end_device_ids": {"device_id": "ems-1", "dev_eui": "A84041000181C061"},
    "received_at": "2026-11-24T14:20:00.1Z",
    "uplink_message": {"f_port": 2, "frm_payload": "/5w=", "decoded_payload": {"level": 343}},
}


def test_uplinks_of_both_servers_have_one_form() -> None:
    """ChirpStack v4 and The Things Stack v3 say the same in different words."""
    a, b = decode_uplink(CHIRPSTACK), decode_uplink(THINGS)
    assert a.eui == b.eui == "a84041000181c061"
    assert b.time - a.time == 600
    assert (a.port, a.payload, b.payload) == (2, b"\x01\x56", b"\xff\x9c")
    assert value_of(a, Sensor("x")) == 342
    assert value_of(a, Sensor("x", ("tief", "mm"), factor=0.1)) == 342
    assert value_of(a, Sensor("x", span=(0, 2))) == 342
    assert value_of(b, Sensor("x", span=(0, 2), signed=True, offset=500)) == 400
    for sensor in (Sensor("x", ("fehlt",)), Sensor("x", span=(1, 2))):
        with pytest.raises(UsageError):
            value_of(a, sensor)


def test_lorawan_file(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """One message on each line; decimals of the gauge; unknown sensors are named."""
    lage("pegel", "anlegen", "Emsdetten", "--einheit", "m", "--nachkomma", "2")
    mapping = put(
        tmp_path, "s.toml", '[[sensor]]\neui = "A84041000181C061"\npegel="Emsdetten"\nfaktor=0.01\n'
    )
    stranger = {**CHIRPSTACK, "deviceInfo": {"devEui": "00" * 8}}
    lines = "\n".join(json.dumps(item) for item in (CHIRPSTACK, THINGS, stranger))
    path = put(tmp_path, "uplinks.jsonl", lines)
    told = lage.json("import", "lorawan", path, "--zuordnung", mapping)
    assert (told["neu"], told["ausgelassen"]) == (2, 1)
    assert "0000000000000000" in told["hinweise"][0]
    view = gauge_view(station.context(), "Emsdetten")
    assert [view.show(r.value) for r in view.readings] == ["3,43", "3,42"]
    assert lage.json("import", "lorawan", path, "--zuordnung", mapping)["bekannt"] == 2


def test_a_gauge_knows_its_sensor(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """With the EUI as Kennung no mapping is needed."""
    lage("pegel", "anlegen", "Greven", "--kennung", "A84041000181C061")
    assert lage.json("import", "lorawan", put(tmp_path, "u.json", CHIRPSTACK))["neu"] == 1


def test_times() -> None:
    """Any length of fraction, any zone; none without a zone."""
    same = ["2026-11-24T15:30:00+01:00", "2026-11-24T14:30:00Z", "2026-11-24T14:30:00.123456789Z"]
    assert {tactical(log_time(text)) for text in same} == {"241530nov26"}
    for bad in ("2026-11-24T15:30:00", "gestern", None, 7, "9999-99-99T00:00:00Z", ""):
        with pytest.raises(UsageError):
            log_time(bad)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *CHIRPSTACK,
                    *THINGS,
                    *STATION,
                    "dev_eui",
                    "devEui",
                    "value",
                    "timestamp",
                    "features",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(content=st.lists(JSON, max_size=3).map(json.dumps) | st.text(max_size=60))
def test_any_file_is_taken_or_refused(content: str) -> None:
    """Whatever stands in a file, every reader gives a plan or a refusal in words."""
    with tempfile.TemporaryDirectory() as folder:
        station = _stand()
        context, reader = station.parse_context(), station.reader
        path = Path(folder) / "datei"
        path.write_bytes(content.encode("utf8", "surrogatepass"))
        readers: tuple[Callable[[], Plan], ...] = (
            lambda: plan_entries(path, default_mapping("incident"), context, reader),
            lambda: plan_supplies(path, context, reader),
            lambda: plan_named(path, "unit", context, reader),
            lambda: plan_stations(read(path), "x", Choice(water="EMS"), reader, station.now()),
            lambda: plan_measurements(read(path), "x", "Greven", reader, station.now()),
            lambda: plan_uplinks(path, {}, reader, station.now()),
        )
        for plan in readers:
            with contextlib.suppress(UsageError):
                assert isinstance(plan(), Plan)


_STATIONS: list[Station] = []


def _stand() -> Station:
    """One station for all examples; nothing is written to it."""
    if not _STATIONS:
        folder = tempfile.mkdtemp()
        _STATIONS.append(make_station(Path(folder) / "s"))
    return _STATIONS[0]
