# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hochwasserportal NRW, against a stand-in with files as the portal has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lage.language.errors import ServiceError, UsageError
from lage.language.tactical import tactical
from lage.station import Station
from lage.views.gauges import gauge_view
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_pegelonline_service import Service

WETTRINGEN, RHEINE = "9286291000100", "3390020000100"


def station_entry(name: str, number: str, water: str, **more: Any) -> dict[str, Any]:
    """One of ``stations.json``: numbers are texts there, what is not known is empty or zero."""
    return {
        "station_name": name, "station_no": number, "site_no": "100", "WTO_OBJECT": water,
        "station_latitude": 52.2101234567891, "station_longitude": 7.3151234567891,
        "CATCHMENT_SIZE": "175.00 km²", "LANUV_Info_1": "200.0", "LANUV_Info_2": "245.0",
        "LANUV_Info_3": "", "LANUV_MHW": "211.0", "LANUV_MNW": "0.0", **more,
    }  # fmt: skip


def week(name: str, number: str, values: list[Any]) -> list[dict[str, Any]]:
    """A ``week.json``: times in CET with milliseconds, all the year."""
    return [
        {
            "station_name": name, "station_no": number, "ts_name": "Wasserstand.Internet.15",
            "ts_unitsymbol": "cm", "WTO_OBJECT": "Steinfurter Aa", "columns": "Timestamp,Value",
            "data": values,
        }
    ]  # fmt: skip


VALUES: list[Any] = [
    ["2026-11-24T11:00:00.000+01:00", 150.0],
    ["2026-11-24T13:30:00.000+01:00", 171.0],
    ["2026-11-24T14:00:00.000+01:00", None],
    ["2026-11-24T14:15:00.000+01:00", 178.0],
    "Wartung",
]


@pytest.fixture
def portal() -> Iterator[Service]:
    """Two stations of the Steinfurter Aa, of which one has no series, and one of others."""
    running = Service()
    running.answers["/v2/stations/stations.json"] = [
        station_entry("Wettringen", WETTRINGEN, "Steinfurter Aa"),
        station_entry("Burgsteinfurt", RHEINE, "Steinfurter Aa"),
        station_entry("Stah", "2829100000100", "Rur"),
        station_entry("", "1", "Rur"),
    ]
    running.answers[f"/v2/stations/100/{WETTRINGEN}/S/week.json"] = week(
        "Wettringen", WETTRINGEN, VALUES
    )
    yield running
    running.close()


def ask(portal: Service, *more: str) -> tuple[str, ...]:
    """The command at that stand-in."""
    return ("pegel", "abrufen", "--quelle", "nrw", "--dienst", portal.address, *more)


def test_the_land_tells_its_gauges(lage: Terminal, station: Station, portal: Service) -> None:
    """Newest value with its age, Informationswerte, water and place; asked again nothing new."""
    told = lage.json(*ask(portal, "--gewaesser", "steinfurter aa"))

    assert told["neu"] == 1
    assert "Wettringen: 178 cm von 14:15, 75 min alt." in told["hinweise"]
    assert any("Burgsteinfurt" in note and "404" in note for note in told["hinweise"])
    view = gauge_view(station.context(), "Wettringen")
    assert [(r.value, tactical(r.time), r.source) for r in view.readings] == [
        (178, "241415nov26", "Hochwasserportal")
    ]
    assert dict(view.marks) == {"Info 1": 200, "Info 2": 245, "MHW": 211}
    assert view.record is not None
    assert view.record.text("water") == "Steinfurter Aa"
    assert view.record.point() is not None
    again = lage.json(*ask(portal))
    assert (again["neu"], again["bekannt"]) == (0, 1)
    assert not any("Stah" in path for path in portal.asked)


def test_with_the_last_hours_by_name_and_number(
    lage: Terminal, station: Station, portal: Service
) -> None:
    """So many hours before the newest; a station may be named by its number."""
    lage(*ask(portal, "--pegel", WETTRINGEN, "--stunden", "1", "--abstand", "15"))
    readings = gauge_view(station.context(), "Wettringen").readings
    assert [r.value for r in readings] == [178, 171]


def test_what_the_portal_refuses(lage: Terminal, station: Station, portal: Service) -> None:
    """No list, none of ours, no number, another unit, an empty series, silence: a sentence each."""
    before = station.store.situation.operation_count()
    assert "keine der 4 Stationen" in str(lage.refusal(*ask(portal, "--pegel", "Rheine")))
    series = f"/v2/stations/100/{WETTRINGEN}/S/week.json"
    wanted = ask(portal, "--pegel", "Wettringen")
    for answer, reason in (
        ([], "keine Messreihe"),
        (week("Wettringen", WETTRINGEN, []), "leer"),
        ({"message": "Wartung"}, "„Wartung“"),
        (b"<html>", "kein JSON"),
    ):
        portal.answers[series] = answer
        refusal = lage.refusal(*wanted)
        assert isinstance(refusal, ServiceError)
        assert reason in str(refusal)
    listed = "/v2/stations/stations.json"
    portal.answers[listed] = [station_entry("Wettringen", "../x", "Aa")]
    assert "keine brauchbare Nummer" in str(lage.refusal(*wanted))
    portal.answers[listed] = {"error": "gesperrt"}
    assert "gesperrt" in str(lage.refusal(*wanted))
    portal.answers[listed] = [station_entry(f"Aa {n}", str(n), "Aa") for n in range(50)]
    assert isinstance(lage.refusal(*ask(portal, "--gewaesser", "Aa")), UsageError)
    del portal.answers[listed]
    assert isinstance(lage.refusal(*wanted), ServiceError)
    assert station.store.situation.operation_count() == before


def test_a_saved_series_is_read(lage: Terminal, station: Station, tmp_path: Path) -> None:
    """From a stick, thinned; into a gauge of another unit it does not go."""
    path = tmp_path / "week.json"
    path.write_text(json.dumps(week("Wettringen", WETTRINGEN, VALUES)), "utf8")
    assert lage.json("import", "hochwasserportal", str(path))["neu"] == 3
    assert lage.json("import", "hochwasserportal", str(path))["bekannt"] == 3
    assert gauge_view(station.context(), "Wettringen").decimals == 0
    path.write_text(json.dumps(week("Elte", "7", VALUES)), "utf8")
    lage("pegel", "anlegen", "Elte", "--einheit", "%")
    assert "misst in %" in str(lage.refusal("import", "hochwasserportal", str(path)))
    path.write_text("[1]", "utf8")
    assert "keine Messreihe" in str(lage.refusal("import", "hochwasserportal", str(path)))


def test_an_odd_mark_keeps_nobody_from_the_level(
    lage: Terminal, station: Station, portal: Service
) -> None:
    """Informationswert and place that cannot be read are named; the level comes."""
    odd = station_entry("Wettringen", WETTRINGEN, "Aa", LANUV_Info_1="hoch", station_latitude="N")
    portal.answers["/v2/stations/stations.json"] = [odd]
    told = lage.json(*ask(portal, "--pegel", "Wettringen"))
    assert any("LANUV_Info_1" in note for note in told["hinweise"])
    view = gauge_view(station.context(), "Wettringen")
    assert dict(view.marks) == {"Info 2": 245, "MHW": 211}
    assert view.latest is not None


def test_neither_future_nor_missing_is_the_newest(
    lage: Terminal, station: Station, portal: Service
) -> None:
    """The level of now comes and is told, whatever stands behind it; a unit of a mark counts."""
    behind = [["2026-11-24T15:00:00+01:00", -777], ["2026-12-24T15:00:00+01:00", 100]]
    portal.answers[f"/v2/stations/100/{WETTRINGEN}/S/week.json"] = week(
        "Wettringen", WETTRINGEN, [*VALUES, *behind]
    )
    marked = station_entry("Wettringen", WETTRINGEN, "Aa", LANUV_Info_1="1,50 m", LANUV_Info_3="-")
    portal.answers["/v2/stations/stations.json"] = [marked]
    told = lage.json(*ask(portal, "--pegel", "Wettringen"))
    assert "Wettringen: 178 cm von 14:15, 75 min alt." in told["hinweise"]
    view = gauge_view(station.context(), "Wettringen")
    assert (view.latest and view.latest.value, view.level) == (178, 1)
    assert dict(view.marks)["Info 1"] == 150
