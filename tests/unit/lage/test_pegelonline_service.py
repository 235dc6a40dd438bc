# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Asking PEGELONLINE itself, against a server on this computer; and when nobody answers."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lage.language.errors import ServiceError, UsageError
from lage.language.tactical import tactical
from lage.station import Station
from lage.views.gauges import gauge_view
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_imports import STATION
from tests.unit.lage.test_imports_feeds import level_station

UUID = "29b8ff0b-f3d5-4e2a-a5b2-4b1d2a3c4d5e"
RHEINE = "Rheine Unterschleuse"


class Service:
    """A PEGELONLINE with the answers that a test lays out."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {}
        self.asked: list[str] = []
        self.go_on = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append(self.path)
                answer = service.answers.get(self.path.partition("?")[0])
                if answer == "silence":
                    service.go_on.wait(10)
                    return
                self.send_response(404 if answer is None else 200)
                self.end_headers()
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/v2"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Take it down."""
        self.go_on.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that knows one station of ours and one of others."""
    running = Service()
    other = {**STATION, "uuid": "x", "number": "1", "shortname": "KÖLN", "longname": "KÖLN"}
    other["water"] = {}
    running.answers["/v2/stations.json"] = [{**STATION, "uuid": UUID}, other]
    running.answers[f"/v2/stations/{UUID}/W/measurements.json"] = [
        {"timestamp": f"2026-11-24T{hour}:00+01:00", "value": value}
        for hour, value in (("13:00", 310.0), ("14:00", 325.0), ("14:30", 330.0), ("15:15", 342.0))
    ]
    yield running
    running.close()


def test_values_of_now(lage: Terminal, station: Station, service: Service) -> None:
    """One request gives station and value; asked again nothing is written twice."""
    told = lage.json("pegel", "abrufen", "--gewaesser", "Ems", "--dienst", service.address)
    assert (told["neu"], told["ausgelassen"]) == (1, 1)
    assert "waters=EMS" in service.asked[0]
    view = gauge_view(station.context(), RHEINE)
    assert [(r.value, tactical(r.time), r.source) for r in view.readings] == [
        (342, "241515nov26", "PEGELONLINE")
    ]
    again = lage.json("pegel", "abrufen", "--dienst", service.address)
    assert (again["neu"], again["bekannt"]) == (0, 1)


def test_with_the_last_hours(lage: Terminal, station: Station, service: Service) -> None:
    """The series comes thinned, the value of now once; a trial writes nothing."""
    ask = ("pegel", "abrufen", "--pegel", RHEINE, "--stunden", "6", "--dienst", service.address)
    assert "Probe" in lage(*ask, "--probe")
    assert gauge_view(station.context(), RHEINE).record is None
    lage(*ask)
    assert any(path.endswith("measurements.json?start=PT6H") for path in service.asked)
    readings = gauge_view(station.context(), RHEINE).readings
    assert [r.value for r in readings] == [342, 330, 310]


def test_nobody_answers(lage: Terminal, station: Station, service: Service) -> None:
    """No net, no answer in time, an error, nonsense: one sentence each, nothing is written."""
    ask = ("pegel", "abrufen", "--gewaesser", "Ems", "--warten", "0.3", "--dienst")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        error = lage.refusal(*ask, f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert isinstance(error, ServiceError)
    assert error.exit_code == 1
    assert "nicht erreichbar: die Verbindung wird abgelehnt" in str(error)
    assert "lage import" in str(error)
    service.answers["/v2/stations.json"] = "silence"
    assert "keine Antwort binnen 0.3" in str(lage.refusal(*ask, service.address))
    del service.answers["/v2/stations.json"]
    assert "hat dazu keine Daten (404)" in str(lage.refusal(*ask, service.address))
    service.answers["/v2/stations.json"] = b"<html>Wartung</html>"
    assert "kein JSON" in str(lage.refusal(*ask, service.address))
    service.answers["/v2/stations.json"] = {"status": 500}
    assert "keine Liste" in str(lage.refusal(*ask, service.address))
    assert isinstance(lage.refusal(*ask, "file:///etc/passwd"), UsageError)
    assert station.store.situation.operation_count() == 3


def test_a_series_in_metres_of_a_new_gauge(
    lage: Terminal, station: Station, service: Service
) -> None:
    """The unit stands in the list only: level and forecast are 45,20 m, not 0,45, also packed."""
    listed = {**level_station("m+NN", 45.2), "uuid": UUID}
    listed["timeseries"].append({"shortname": "WV", "unit": "m+NN"})
    service.answers["/v2/stations.json"] = [listed]
    levels = [
        {"timestamp": f"2026-11-24T{hour}:00:00+01:00", "value": value}
        for hour, value in ((12, 44.6), (13, 44.9))
    ]
    packed = gzip.compress(json.dumps(levels).encode())
    service.answers[f"/v2/stations/{UUID}/W/measurements.json"] = packed
    service.answers[f"/v2/stations/{UUID}/WV/measurements.json"] = [
        {**levels[0], "timestamp": "2026-11-24T20:00:00+01:00", "value": 45.9, "type": "forecast"}
    ]
    lage("pegel", "abrufen", "--pegel", RHEINE, "--stunden", "6", "--dienst", service.address)
    view = gauge_view(station.context(), RHEINE)
    assert [(view.show(r.value), r.plausible) for r in view.readings] == [
        ("45,20", True), ("44,90", True), ("44,60", True)
    ]  # fmt: skip
    assert view.official is not None
    assert [view.show(point.value) for point in view.official.points] == ["45,90"]


def test_a_service_that_breaks_off_keeps_what_came(
    lage: Terminal, station: Station, service: Service
) -> None:
    """The level of now stays where a series is no JSON or does not come in time."""
    ask = ("pegel", "abrufen", "--pegel", RHEINE, "--stunden", "6", "--warten", "0.3", "--json")
    for answer, said in ((b"<html>", "kein JSON"), ("silence", "keine Antwort binnen")):
        service.answers[f"/v2/stations/{UUID}/W/measurements.json"] = answer
        told = json.loads(lage(*ask, "--dienst", service.address))
        assert any(said in note for note in told["hinweise"])
    assert [r.value for r in gauge_view(station.context(), RHEINE).readings] == [342]


def test_a_name_that_no_station_has_is_said(lage: Terminal, service: Service) -> None:
    """What was asked for by name is fetched, nothing else, and a slip is named."""
    lage("pegel", "anlegen", "Köln")
    ask = ("pegel", "abrufen", "--dienst", service.address, "--pegel")
    told = lage.json(*ask, f"{RHEINE}, Metelen")
    assert (told["neu"], told["geaendert"]) == (1, 0)
    assert "Eine Station „Metelen“ gibt es dort nicht." in told["hinweise"]
    refused = lage.refusal(*ask, "Rehine Unterschleuse")
    assert f"meinten Sie „{RHEINE}“?" in str(refused)


def test_odd_neighbours_in_the_list_are_passed_over(lage: Terminal, service: Service) -> None:
    """What is no station hinders none of ours; with nothing else the service has failed."""
    listed = service.answers["/v2/stations.json"]
    assert isinstance(listed, list)
    service.answers["/v2/stations.json"] = ["x", *listed, None, 7]
    ask = ("pegel", "abrufen", "--gewaesser", "Ems", "--dienst", service.address)
    told = lage.json(*ask)
    assert (told["neu"], told["ausgelassen"]) == (1, 4)
    assert "3 ausgelassen: keine Station." in told["hinweise"]
    service.answers["/v2/stations.json"] = ["x", None]
    assert isinstance(lage.refusal(*ask), ServiceError)
