# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Soil moisture, rain, groundwater: values with decimals, typed and shown as people write them."""

from __future__ import annotations

import json

import pytest

from lage.kinds.model import Query, Where
from lage.language.errors import UsageError
from lage.reports.tables import csv_of
from lage.station import Station
from lage.write.quantity import Scale, whole_as_typed
from tests.unit.lage.conftest import Terminal
from tui.forms import assist, changes


@pytest.mark.parametrize(
    ("typed", "places", "value"),
    [
        ("38,5", 1, 385), ("38.5", 1, 385), ("38", 1, 380), ("-0,05", 2, -5), ("+1,5", 3, 1500),
        ("1.234,5", 1, 12345), ("12,30", 1, 123), ("342", 0, 342), ("342,0", 0, 342),
        ("1.234", 0, 1234), ("-5", 0, -5), ("\u22120,05", 2, -5), ("\u22125", 0, -5),
    ],
)  # fmt: skip
def test_decimals_are_read(typed: str, places: int, value: int) -> None:
    """Comma or point, sign, thousands; missing places are zeros."""
    assert whole_as_typed(typed, Scale("cm", places)) == value


@pytest.mark.parametrize(
    ("typed", "places", "reason"),
    [
        ("38,55", 1, "höchstens eine Stelle"), ("1,234", 2, "höchstens 2 Stellen"),
        ("38,5", 0, "nur ganze Zahlen"), ("x,5", 1, "keine Zahl"), ("5,", 1, "keine Zahl"),
        ("1,2,3", 1, "keine Zahl"), (",5", 1, "keine Zahl"), ("viel", 1, "keine Zahl"),
    ],
)  # fmt: skip
def test_other_than_decimals_is_refused(typed: str, places: int, reason: str) -> None:
    """More places than the sensor has, or no number at all."""
    with pytest.raises(UsageError, match=reason):
        whole_as_typed(typed, Scale("cm", places))


def test_a_sensor_with_decimals_from_entry_to_list(lage: Terminal, station: Station) -> None:
    """Thresholds and values keep their decimals in every place where they are shown."""
    name = "Bodenfeuchte Elte"
    lage("pegel", "anlegen", name, "--einheit", "%", "--nachkomma", "1", "--info1", "42,5")
    lage("pegel", "melden", name, "41,0", "--zeit", "vor 1 h")
    lage("pegel", "melden", name, "43,5")
    assert "höchstens eine" in str(lage.refusal("pegel", "melden", name, "43,55"))
    assert "nur ganze" in str(lage.refusal("pegel", "melden", "Rheine", "43,5"))
    (told,) = lage.json("pegel", "liste")
    assert (told["wert"], told["trend_je_stunde"], told["stufe"]) == (43.5, 2.5, 1)
    assert told["schwellen"] == {"Info 1": 42.5}
    assert [row["value"] for row in lage.json("pegel", "werte")] == [43.5, 41.0]
    shown = lage("pegel", "zeigen", name)
    for words in ("43,5 % um 15:30, Trend +2,5, Info 1", "Info 1 42,5 (%)", "14:30  41,0 %"):
        assert words in shown
    assert "43,5" in lage("pegel", "werte")
    assert "Pegel Bodenfeuchte Elte 43,5 %: Informationswert 1" in lage("status")
    lage("pegel", "anlegen", name, "--info2", "50,5", "--mnw", "-0,5")
    (gauge,) = station.reader.select(Query("gauge"))
    assert (gauge.values["info2"], gauge.values["mnw"]) == (505, -5)
    context = station.context()
    assert ";43,5;" in csv_of("reading", station.reader.select(Query("reading")), context).decode()


def test_decimals_on_the_screen(lage: Terminal, station: Station) -> None:
    """While typing nothing is wrong with a comma; a form shows what it would take back."""
    lage("pegel", "anlegen", "Regen Elte", "--einheit", "mm", "--nachkomma", "1", "--info1", "9,5")
    assert assist.check(station, "reading", "value", {"value": "38,5"}) == ("", "")
    (gauge,) = station.reader.select(Query("gauge"))
    spec = changes.change(station, gauge)
    assert spec.initial["info1"] == "9,5"
    with pytest.raises(UsageError, match="nichts geändert"):
        spec.build(station, dict(spec.initial))
    (draft,) = spec.build(station, {**spec.initial, "info1": "10"}).drafts
    assert draft.changes == {"info1": 100}
    assert json.loads(lage("pegel", "liste", "--json"))[0]["schwellen"] == {"Info 1": 9.5}


def test_implausible_values_are_marked_in_lists(lage: Terminal) -> None:
    """Out of range or an unconfirmed jump: kept, with a question mark; what is confirmed is not."""
    lage("pegel", "anlegen", "Greven", "--von", "0", "--bis", "1200")
    values = ("340", "342", "9000", "345", "700", "346", "600", "605")
    for minutes, value in zip(range(80, 0, -10), values, strict=True):
        lage("pegel", "melden", "Greven", value, "--zeit", f"vor {minutes} min")
    cells = [line.split()[2] for line in lage("pegel", "werte").splitlines()[2:]]
    assert cells == ["605", "600", "346", "700?", "345", "9000?", "342", "340"]


def test_decimals_stay_once_there_are_values(lage: Terminal, station: Station) -> None:
    """38 must not become 3,8 because somebody describes the sensor later."""
    lage("pegel", "melden", "Regen Elte", "38")
    error = lage.refusal("pegel", "anlegen", "regen elte", "--nachkomma", "1")
    assert "hat schon Messwerte" in str(error)
    lage("pegel", "anlegen", "Regen Elte", "--nachkomma", "0", "--einheit", "mm")
    lage("pegel", "anlegen", "Wehr Elte", "--nachkomma", "1")
    lage("pegel", "anlegen", "Wehr Elte", "--nachkomma", "2")
    lage("pegel", "melden", "Wehr Elte", "1,25")
    assert "hat schon" in str(lage.refusal("pegel", "anlegen", "Wehr Elte", "--nachkomma", "1"))
    (gauge,) = station.reader.select(Query("gauge", (Where("name", "=", "Wehr Elte"),)))
    spec = changes.change(station, gauge)
    with pytest.raises(UsageError, match="hat schon Messwerte"):
        spec.build(station, {**spec.initial, "decimals": "1"})


def test_one_name_however_it_is_spelt(lage: Terminal, station: Station) -> None:
    """A gauge or an item that somebody has named stays one, upper case or not."""
    lage("pegel", "melden", "Brücke Elte", "12")
    lage("pegel", "melden", "bruecke elte", "13")
    assert station.reader.used("reading", "gauge") == ["Brücke Elte"]
    assert "13 cm" in lage("pegel", "zeigen", "elte")
    lage("material", "buchen", "Große Plane", "5", "--ort", "Rheine")
    lage("material", "buchen", "grosse plane", "3", "--ort", "Rheine")
    (stock,) = lage.json("material", "liste")
    assert (stock["material"], stock["bestand"]) == ("Große Plane", 8)
    lage("pegel", "melden", "Wehr Elte", "1")
    assert "nicht eindeutig" in str(lage.refusal("pegel", "zeigen", "elte"))


def test_describing_again_changes(lage: Terminal, station: Station) -> None:
    """A gauge and a stock are found by name, in whatever spelling, and changed; never doubled."""
    assert "gespeichert" in lage("pegel", "anlegen", "greven", "--info1", "300")
    assert "geändert" in lage("pegel", "anlegen", "GREVEN", "--info1", "310")
    assert "nichts geändert" in str(lage.refusal("pegel", "anlegen", "Greven", "--info1", "310"))
    assert "gespeichert" in lage("material", "anlegen", "Sandsäcke", "--ort", "Rheine")
    told = lage("material", "anlegen", "sandsaecke", "--ort", "rheine", "--minimum", "500")
    assert "geändert" in told
    (gauge,) = station.reader.select(Query("gauge"))
    (stock,) = station.reader.select(Query("supply"))
    assert (gauge.values["info1"], stock.values["minimum"]) == (310, 500)


def test_readings_keep_the_unit_in_which_they_were_written(lage: Terminal) -> None:
    """270 cm do not become 270 m; what has no readings yet may be mended."""
    lage("pegel", "anlegen", "Greven", "--einheit", "m")
    lage("pegel", "anlegen", "Greven", "--einheit", "cm")
    lage("pegel", "melden", "Greven", "270")
    refused = lage.refusal("pegel", "anlegen", "Greven", "--einheit", "m")
    assert "schon Messwerte in cm" in str(refused)
    lage("pegel", "anlegen", "Greven", "--einheit", "cm", "--info1", "300")
