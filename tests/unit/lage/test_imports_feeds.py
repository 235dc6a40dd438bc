# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What services and network servers really send: odd neighbours, wrappings, units."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from lage.imports.lorawan import Sensor, decode_uplink, value_of
from lage.language.errors import ImportRefused, UsageError
from lage.station import Station
from lage.views.gauges import GaugeView, gauge_view
from lage.write.quantity import number, unit_of
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_imports import CHIRPSTACK, STATION, THINGS, put

EUI = "a84041000181c061"


def level_station(unit: str, value: float, **series: Any) -> dict[str, Any]:
    """A station of PEGELONLINE whose level comes in that unit."""
    (before,) = (item for item in STATION["timeseries"] if item["shortname"] == "W")
    now = {**before["currentMeasurement"], "value": value}
    whole = {**before, "unit": unit, "currentMeasurement": now, **series}
    return {**STATION, "timeseries": [whole]}


def values_of(station: Station, name: str) -> GaugeView:
    """The gauge as it is shown."""
    return gauge_view(station.context(), name)


def test_heights_above_sea_level_keep_their_decimals(
    station: Station, lage: Terminal, tmp_path: Path
) -> None:
    """44.60, 44.90, 45.20 m+NN are these, with 0,30 an hour; thresholds count likewise."""
    marks = [{"shortname": "MHW", "value": 46.5}, {"shortname": "MNW", "value": 43.25}]
    for hour, value in ((12, 44.60), (13, 44.90), (14, 45.20)):
        data = level_station("m+NN", value, characteristicValues=marks)
        current = data["timeseries"][0]["currentMeasurement"]
        current["timestamp"] = f"2026-11-24T{hour}:00:00+01:00"
        path = put(tmp_path, f"{hour}.json", [data])
        lage("import", "pegelonline", path, "--gewaesser", "Ems")
    view = values_of(station, "Rheine Unterschleuse")

    assert (view.unit, view.decimals) == ("m ü. NN", 2)
    assert [view.show(r.value) for r in view.readings] == ["45,20", "44,90", "44,60"]
    assert view.rate == "+0,30"
    assert dict(view.marks) == {"MHW": 4650, "MNW": 4325}


def test_lengths_are_converted_and_other_units_refused(
    station: Station, lage: Terminal, tmp_path: Path
) -> None:
    """3.42 m into a gauge in cm is 342; a height above sea level has another zero."""
    lage("pegel", "anlegen", "Rheine Unterschleuse", "--einheit", "cm")
    metres = put(tmp_path, "m.json", [level_station("m", 3.42)])
    lage("import", "pegelonline", metres, "--gewaesser", "Ems")
    view = values_of(station, "Rheine Unterschleuse")
    assert view.latest is not None
    assert (view.latest.value, view.unit) == (342, "cm")

    other = put(tmp_path, "nn.json", [level_station("m+NN", 44.6)])
    with_other = lage.refusal("import", "pegelonline", other, "--gewaesser", "Ems")
    assert "misst in cm" in str(with_other)


def test_one_odd_neighbour_hinders_nobody(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """A station without W, one without a name, a null value: named and counted, the rest is in."""
    canal = {**STATION, "number": "7", "shortname": "BEVERGERN", "timeseries": []}
    nameless = {**STATION, "number": "8", "shortname": ""}
    path = put(tmp_path, "s.json", [canal, nameless, STATION])
    told = lage.json("import", "pegelonline", path, "--gewaesser", "Ems")

    assert (told["neu"], told["ausgelassen"]) == (1, 2)
    series = [
        {"timestamp": "2026-11-24T14:00:00+01:00", "value": None},
        {"timestamp": "2026-11-24T14:15:00+01:00", "value": 344},
        {"timestamp": "0001-01-01T00:00:00Z", "value": 1},
        {"timestamp": "2026-11-24T16:00:00+01:00", "value": 380, "type": "forecast"},
        "kaputt",
    ]
    path = put(tmp_path, "m.json", series)
    said = lage("import", "pegelonline", path, "--pegel", "Rheine Unterschleuse")
    assert "Vorhersage" in said
    assert "vor 2026" in said
    view = values_of(station, "Rheine Unterschleuse")
    assert {r.value for r in view.readings} == {342, 344}


@pytest.mark.parametrize(
    "wrapped",
    [
        THINGS,
        {"name": "as.up.data.forward", "time": "2026-11-24T14:20:01Z", "data": THINGS},
        {"result": THINGS},
    ],
)
def test_uplinks_however_they_were_wrapped(wrapped: dict[str, Any]) -> None:
    """Webhook, console export and storage API of The Things Stack."""
    assert decode_uplink(wrapped) == decode_uplink(THINGS)


def test_the_gateway_knows_the_time() -> None:
    """ChirpStack's own time may be null; then that of the gateway counts."""
    timeless = {
        **CHIRPSTACK, "time": None,
        "rxInfo": [{"gatewayId": "x"}, {"nsTime": "2026-11-24T14:10:00.5+00:00"}],
    }  # fmt: skip

    assert decode_uplink(timeless).time == decode_uplink(CHIRPSTACK).time


def test_joins_and_status_are_passed_over(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """Other events between the uplinks, one a line, are counted and hinder nothing."""
    lage("pegel", "anlegen", "Greven", "--einheit", "cm", "--kennung", EUI)
    join = {key: value for key, value in CHIRPSTACK.items() if key not in ("data", "object")}
    ack = {"end_device_ids": THINGS["end_device_ids"], "downlink_ack": {}}
    lines = "\n".join(map(json.dumps, (join, CHIRPSTACK, ack, {"level": "info"}, THINGS)))
    told = lage.json("import", "lorawan", put(tmp_path, "u.jsonl", lines))

    assert (told["neu"], told["ausgelassen"]) == (2, 3)
    assert {r.value for r in values_of(station, "Greven").readings} == {342, 343}


def test_a_value_needs_a_gauge_with_a_unit(lage: Terminal, tmp_path: Path) -> None:
    """25.3 % of soil moisture for a gauge that nobody described is not 25 cm."""
    moisture = {**CHIRPSTACK, "object": {"feucht": "25.30 %"}}
    mapping = put(
        tmp_path, "z.toml", f'[[sensor]]\neui = "{EUI}"\npegel = "Acker"\nfeld = "feucht"\n'
    )
    path = put(tmp_path, "u.json", moisture)
    refused = lage.refusal("import", "lorawan", path, "--zuordnung", mapping)
    assert "lage pegel anlegen" in str(refused)

    lage(
        "pegel", "anlegen", "Acker", "--groesse", "Bodenfeuchte", "--einheit", "%",
        "--nachkomma", "1",
    )  # fmt: skip
    assert lage.json("import", "lorawan", path, "--zuordnung", mapping)["neu"] == 1
    assert "25,3 %" in lage("pegel", "zeigen", "Acker")


def test_a_distance_is_no_level() -> None:
    """It falls while the water rises: only the sensor's height makes a level of it."""
    rising = [
        decode_uplink({**CHIRPSTACK, "object": {"distance": cm}}) for cm in (160, 120, 80, 40)
    ]
    for without in (Sensor("Greven"), Sensor("Greven", path=("distance",))):
        with pytest.raises(UsageError, match="sensorhoehe"):
            value_of(rising[0], without)

    sensor = Sensor("Greven", path=("distance",), height=500)
    assert [value_of(uplink, sensor) for uplink in rising] == [340, 380, 420, 460]
    turned = Sensor("Greven", path=("distance",), factor=-1, offset=500)
    assert [value_of(uplink, turned) for uplink in rising] == [340, 380, 420, 460]


def test_packed_single_and_told_errors(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """gzip, a single station, a current value alone, and the service's own words of an error."""
    packed = tmp_path / "s.json"
    packed.write_bytes(gzip.compress(json.dumps(STATION).encode()))
    assert lage.json("import", "pegelonline", str(packed), "--gewaesser", "Ems")["neu"] == 1
    one = put(tmp_path, "c.json", {"timestamp": "2026-11-24T14:30:00+01:00", "value": 350})
    told = lage.json("import", "pegelonline", one, "--pegel", "Rheine Unterschleuse")
    assert told["neu"] == 1
    error = put(tmp_path, "e.json", {"status": 404, "message": "timeseries not found"})
    refused = lage.refusal("import", "pegelonline", error, "--pegel", "Greven")
    assert isinstance(refused, ImportRefused)
    assert "timeseries not found" in str(refused)
    cut = tmp_path / "cut.json"
    cut.write_bytes(gzip.compress(b"[]" * 1000)[:-9])
    assert "gzip" in str(lage.refusal("import", "pegelonline", str(cut), "--pegel", "Greven"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25.30 %", 25.3),
        ("25.30", 25.3),
        ("-0,5", -0.5),
        ("342cm", 342.0),
        (3, 3.0),
        ("0.125", 0.125),
    ],
)
def test_numbers_as_text(text: object, value: float) -> None:
    """With a unit, with a point, with a comma."""
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "viel", "1.2.3", "٣", None, True, float("nan"), 1e40, "1e5"])
def test_what_is_no_number(text: object) -> None:
    """Refused in a sentence, never taken for something near."""
    with pytest.raises(UsageError):
        number(text)


def test_units_have_one_spelling() -> None:
    """As the services write them."""
    assert [unit_of(text) for text in ("m+NN", "M+NHN", " cm ", "m3/s", "°C", None)] == [
        "m ü. NN", "m ü. NHN", "cm", "m³/s", "°C", "",
    ]  # fmt: skip


def test_a_value_from_the_future_is_named(lage: Terminal, tmp_path: Path) -> None:
    """By the command that enters one, and by imports with their count, the trial as well."""
    assert "Zukunft" not in lage("pegel", "melden", "Greven", "340", "--zeit", "in 4 min")
    said = lage("pegel", "melden", "Greven", "341", "--zeit", "in 2 h")
    assert "gespeichert" in said
    assert "1 Messwert ist zweifelhaft: er liegt in der Zukunft" in said
    series = [{"timestamp": f"2027-03-{day}T14:00:00+01:00", "value": 100} for day in (14, 15)]
    series.append({"timestamp": "2026-11-24T14:15:00+01:00", "value": 344})
    path = put(tmp_path, "m.json", series)
    for more in (("--probe",), ()):
        told = lage.json("import", "pegelonline", path, "--pegel", "Rheine", *more)
        (note,) = told["hinweise"]
        assert note.startswith(
            "2 Messwerte sind zweifelhaft: sie liegen in der Zukunft (bis 15.03."
        )


def uplink(minute: int, **fields: Any) -> dict[str, Any]:
    """An uplink of the gauge's sensor, as ChirpStack gives it."""
    info = {"devEui": EUI, "deviceName": "Pegel"}
    at = f"2026-11-24T13:{minute:02}:00Z"
    return {"time": at, "deviceInfo": info, "fPort": 2, "object": fields}


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"level": "2.60 m"}, 260),
        ({"water_level": {"displayName": "Stand", "value": 2600, "unit": "mm"}}, 260),
        ({"waterLevel": 260}, 260),
        ({"Level": "260,0 cm"}, 260),
        ({"level": "\u22125 cm"}, -5),
    ],
)
def test_a_unit_beside_the_value_counts(fields: dict[str, Any], value: float) -> None:
    """2.60 m are 260 cm, however the decoder writes it, not 3."""
    assert value_of(decode_uplink(uplink(0, **fields)), Sensor("x"), "cm") == value


def test_a_unit_that_is_no_length_is_no_level() -> None:
    """Per cent do not become centimetres; a factor of the mapping takes the place of the unit."""
    with pytest.raises(UsageError, match="misst in cm, der Wert ist in %"):
        value_of(decode_uplink(uplink(0, level="25.3 %")), Sensor("x"), "cm")
    mapped = Sensor("x", ("distance",), factor=0.1, height=512)
    assert value_of(decode_uplink(uplink(0, distance="1600 mm")), mapped, "cm") == 352


@pytest.mark.parametrize("distance", [0, -1, 65535, "0 mm", 9999])
def test_no_echo_is_no_level(distance: object) -> None:
    """Under a height of 512 cm these would be levels of 512, 512.1, -6042 and -488 cm."""
    mapped = Sensor("x", ("distance",), factor=0.1, height=512)
    with pytest.raises(UsageError, match=r"fehlenden Wert|kein Abstand"):
        value_of(decode_uplink(uplink(0, distance=distance)), mapped, "cm")


@pytest.mark.parametrize("name", ["tank_distance", "Distance", "abstandSensor"])
def test_a_distance_is_known_by_any_spelling(name: str) -> None:
    """Neither alone nor named in the mapping does it become a level."""
    for sensor in (Sensor("x"), Sensor("x", (name,))):
        with pytest.raises(UsageError, match="ist ein Abstand"):
            value_of(decode_uplink(uplink(0, **{name: 160})), sensor, "cm")


def test_a_feed_that_breaks_off_keeps_what_came(
    station: Station, lage: Terminal, tmp_path: Path
) -> None:
    """The torn last line is left out and named; so is a time that no log has."""
    lage("pegel", "anlegen", "Greven", "--kennung", EUI)
    late = uplink(3, level=250) | {"time": "9999-12-31T23:59:59Z"}
    lines = [json.dumps(each) for each in (uplink(1, level=240), late, uplink(2, level=250))]
    path = put(tmp_path, "feed.jsonl", "\n".join([*lines, lines[0][:40]]))
    told = lage.json("import", "lorawan", path)
    assert (told["neu"], told["ausgelassen"]) == (2, 2)
    assert any("Zeile 4: kein JSON" in note for note in told["hinweise"])
    assert any("31.12.9999 liegt nach 2161" in note for note in told["hinweise"])
    assert [r.value for r in values_of(station, "Greven").readings] == [250, 240]


@pytest.mark.parametrize("more", ["faktr = 3", '[[sensor]]\neui = "{eui}"\npegel = "Elte"'])
def test_a_mapping_says_nothing_in_vain(lage: Terminal, tmp_path: Path, more: str) -> None:
    """A key that is misspelt, and a device that stands there twice, are refused."""
    text = f'[[sensor]]\neui = "{EUI}"\npegel = "Greven"\n{more.format(eui=EUI)}\n'
    mapping = put(tmp_path, "m.toml", text)
    path = put(tmp_path, "u.json", uplink(1, level=240))
    (problem,) = lage.refusal("import", "lorawan", path, "--zuordnung", mapping).problems
    assert "gibt es nicht" in problem[1] or "weiter oben" in problem[1]


def test_neither_future_nor_missing_stands_for_an_hour(
    station: Station, lage: Terminal, tmp_path: Path
) -> None:
    """Thinned to hours, the crest and the newest are levels: no 9999, and nothing of tomorrow."""
    lage("pegel", "anlegen", "Greven")
    rows = [("14:00", 300), ("14:15", 420), ("14:30", 9999), ("15:05", 400), ("15:10", 390)]
    values = [{"timestamp": f"2026-11-24T{at}:00+01:00", "value": value} for at, value in rows]
    values += [{"timestamp": "2026-11-25T06:00:00+01:00", "value": 100}]
    lage("import", "pegelonline", put(tmp_path, "m.json", values), "--pegel", "Greven")
    view = values_of(station, "Greven")
    assert [r.value for r in view.readings if r.plausible] == [390, 400, 420]


def test_decimals_without_a_unit_are_refused(lage: Terminal, tmp_path: Path) -> None:
    """44.6 of a gauge that nobody described would be 45 of nothing."""
    values = [{"timestamp": "2026-11-24T14:00:00+01:00", "value": 44.6}]
    refused = lage.refusal("import", "pegelonline", put(tmp_path, "m.json", values), "--pegel", "X")
    assert "Nachkommastellen nicht bekannt" in str(refused)


def test_a_series_as_a_table(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """measurements.csv is the same series; any other table is refused with its columns."""
    lage("pegel", "anlegen", "Elte", "--einheit", "m", "--nachkomma", "2")
    rows = "timestamp;value\n2026-11-24T14:00:00+01:00;45,31\n2026-11-24T15:00:00+01:00;45.4\n"
    path = put(tmp_path, "measurements.csv", rows)
    assert lage.json("import", "pegelonline", path, "--pegel", "Elte")["neu"] == 2
    assert [r.value for r in values_of(station, "Elte").readings] == [4540, 4531]
    other = put(tmp_path, "x.csv", "Zeit;Wert\n14:00;45\n")
    refused = lage.refusal("import", "pegelonline", other, "--pegel", "Elte")
    assert "möglich sind timestamp, value" in str(refused)


def test_the_unit_of_another_field_is_not_taken() -> None:
    """2.1 with „m“ in the next field is 210 cm, not two; per cent are no level at all."""
    sensor = Sensor("Greven")
    for fields, level in (
        ({"water_level": 2.1, "unit": "m"}, 210),
        ({"waterLevel": 2.1, "water_level_unit": "m", "unit": "V"}, 210),
        ({"level": "2.1 m", "unit": "cm"}, 210),
        ({"level": 210, "unit": 5}, 210),
    ):
        uplink = decode_uplink({**CHIRPSTACK, "object": fields})
        assert value_of(uplink, sensor, "cm") == level
    nested = decode_uplink({**CHIRPSTACK, "object": {"a": {"level": 43, "unit": "%"}}})
    with pytest.raises(UsageError, match="misst in cm"):
        value_of(nested, Sensor("Greven", ("a", "level")), "cm")


def test_what_is_odd_of_a_station_hinders_nothing_else_of_it(
    station: Station, lage: Terminal, tmp_path: Path
) -> None:
    """No place, no MHW and no value of now: what is left of it counts, what is odd is named."""
    marks = [{"shortname": "MHW", "value": "x"}, {"shortname": "MNW", "value": 43}]
    whole = level_station("cm", 350, characteristicValues=marks)
    path = put(tmp_path, "a.json", [{**whole, "latitude": "x"}, None])
    told = lage.json("import", "pegelonline", path, "--gewaesser", "Ems")
    assert (told["neu"], told["ausgelassen"]) == (1, 3)
    assert any("Rheine Unterschleuse, MHW" in note for note in told["hinweise"])
    assert any("Rheine Unterschleuse, Koordinate" in note for note in told["hinweise"])
    assert values_of(station, "Rheine Unterschleuse").readings[0].value == 350
    path = put(tmp_path, "b.json", [level_station("cm", 1, currentMeasurement={"value": None})])
    told = lage.json("import", "pegelonline", path, "--gewaesser", "Ems")
    assert told["hinweise"] == ["1 ausgelassen: Rheine Unterschleuse: die Zeit fehlt."]
