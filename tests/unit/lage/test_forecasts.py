# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Official forecasts: apart from measurements, with source and age."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lage.kinds.model import Query
from lage.station import Station
from lage.views.alarms import current_alarms
from lage.views.gauges import gauge_view
from tests.fixtures import FixedClock
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_imports import STATION, put
from tests.unit.lage.test_pegelonline_service import UUID, Service, service
from tui.screens.gauges import chart_lines
from tui.terminal import Glyphs

__all__ = ["service"]


def row(at: str, value: float, kind: str = "forecast", made: str = "12:00") -> dict[str, Any]:
    """A value of a WV series."""
    return {
        "timestamp": f"2026-11-{at}:00+01:00", "value": value, "type": kind,
        "initialized": f"2026-11-24T{made}:00+01:00",
    }  # fmt: skip


WV = [
    row("24T16:00", 300.0, made="06:00"), row("24T16:00", 320.0), row("24T18:00", 360.0),
    row("25T02:00", 455.0), row("25T12:00", 430.0, "estimate"),
]  # fmt: skip


def test_by_hand(lage: Terminal, station: Station, clock: FixedClock) -> None:
    """What the Bezirksregierung says by telephone: shown with source and age, moves nothing."""
    lage("pegel", "anlegen", "Greven", "--info1", "400")
    lage("pegel", "melden", "Greven", "310", "--zeit", "vor 1 h")
    lage("pegel", "melden", "Greven", "325")
    wanted = ("vorhersage", "eintragen", "Greven", "--wert", "480", "--zeit", "in 6 h")
    lage(*wanted, "--quelle", "Bezirksregierung", "--stand", "vor 2 h")
    lage(*wanted, "--wert", "300", "--quelle", "Bezirksregierung", "--stand", "vor 9 h")

    view = gauge_view(station.context(), "Greven")
    assert (view.latest and view.latest.value, view.level) == (325, 0)
    assert current_alarms(station.context()) == []
    shown = lage("pegel", "zeigen", "Greven")
    assert "Vorhersage: bis 480 cm um 21:30 (Bezirksregierung, 2 h alt)" in shown
    assert "400 cm gegen 21:30 (Bezirksregierung)" in shown
    (told,) = lage.json("pegel", "liste")
    assert told["vorhersage"]["quelle"] == "Bezirksregierung"
    assert [each["wert"] for each in told["vorhersage"]["werte"]] == [480]
    drawn = chart_lines(view, station.now(), 12, 100, 12, Glyphs.ASCII)
    assert len(drawn) == 12
    assert "bis 480 cm um 21:30" in "".join(text for text, _ in drawn[1])
    clock.advance(7 * 3600)
    over = gauge_view(station.context(), "Greven")
    assert (over.official, over.latest and over.latest.value) == (None, 325)


def test_decimals_and_the_list(lage: Terminal) -> None:
    """In the gauge's decimals, as readings are; the list says for when."""
    lage("pegel", "anlegen", "Elte", "--einheit", "m", "--nachkomma", "2")
    lage("vorhersage", "eintragen", "Elte", "--wert", "4,55", "--zeit", "in 1 h", "--quelle", "HWZ")
    assert "4,55" in lage("vorhersage", "liste")
    assert "„Für wann“ ist leer" in str(
        lage.refusal("vorhersage", "eintragen", "Elte", "--wert", "4")
    )


def test_from_the_service(lage: Terminal, station: Station, service: Service) -> None:
    """WV beside W: the newest issue only, thinned to its crests; asked again nothing is new."""
    series = [*STATION["timeseries"], {"shortname": "WV", "unit": "cm"}]
    service.answers["/v2/stations.json"] = [{**STATION, "uuid": UUID, "timeseries": series}]
    service.answers[f"/v2/stations/{UUID}/WV/measurements.json"] = WV
    ask = ("pegel", "abrufen", "--gewaesser", "Ems", "--dienst", service.address)
    told = lage.json(*ask)
    assert any("Vorhersage mit 3 Werten" in note for note in told["hinweise"])

    view = gauge_view(station.context(), "Rheine Unterschleuse")
    assert view.official is not None
    found = [(p.value, p.estimate) for p in view.official.points]
    assert found == [(360, False), (455, False), (430, True)]
    words = view.official.words(view.show, view.unit, station.now())
    assert words == "bis 455 cm um 25. 02:00, 430 um 25. 12:00 (PEGELONLINE, 3 h alt)"
    assert [r.value for r in view.readings] == [342]
    assert lage.json(*ask)["neu"] == 0


def test_a_saved_series_holds_both(lage: Terminal, station: Station, tmp_path: Path) -> None:
    """Measurements and forecasts in one file go their ways; what is neither is named."""
    odd = {**row("24T17:00", 1.0), "type": "Orakel"}
    measured = {"timestamp": "2026-11-24T15:00:00+01:00", "value": 310.0}
    path = put(tmp_path, "m.json", [measured, *WV, odd])
    told = lage.json("import", "pegelonline", path, "--pegel", "Greven")
    assert (told["neu"], told["ausgelassen"]) == (4, 1)
    assert any("Orakel" in note for note in told["hinweise"])
    assert [r.values["value"] for r in station.reader.select(Query("reading"))] == [310]
    assert station.reader.count(Query("forecast")) == 3


def test_one_from_the_future_is_none(lage: Terminal, station: Station) -> None:
    """Given out by a clock that is hours ahead: kept, not shown in place of a true one."""
    wanted = ("vorhersage", "eintragen", "Greven", "--zeit", "in 9 h", "--quelle", "HWZ")
    lage(*wanted, "--wert", "100", "--stand", "in 3 h")
    assert gauge_view(station.context(), "Greven").official is None
    lage(*wanted, "--wert", "450")
    view = gauge_view(station.context(), "Greven")
    assert view.official is not None
    assert view.official.points[0].value == 450


def test_marks_of_missing_values_and_far_times_are_none(lage: Terminal, station: Station) -> None:
    """-777 is no low water, and what is expected for next year is nothing to plan with."""
    wanted = ("vorhersage", "eintragen", "Greven", "--quelle", "HWZ")
    lage(*wanted, "--wert", "-777", "--zeit", "in 3 h")
    lage(*wanted, "--wert", "999", "--zeit", "31.12.2027 12:00")
    assert gauge_view(station.context(), "Greven").official is None
    lage(*wanted, "--wert", "400", "--zeit", "in 4 h")
    view = gauge_view(station.context(), "Greven")
    assert view.official is not None
    assert [point.value for point in view.official.points] == [400]
