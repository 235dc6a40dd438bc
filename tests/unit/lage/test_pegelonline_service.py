# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Asking PEGELONLINE itself, against a server on this computer; and when nobody answers."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lage.language.errors import ImportRefused, ServiceError, UsageError
from lage.language.tactical import tactical
from lage.station import Station
from lage.views.gauges import gauge_view
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_imports import STATION

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
    assert isinstance(lage.refusal(*ask, service.address), ImportRefused)
    service.answers["/v2/stations.json"] = {"status": 500}
    assert "keine Liste" in str(lage.refusal(*ask, service.address))
    assert isinstance(lage.refusal(*ask, "file:///etc/passwd"), UsageError)
    assert station.store.situation.operation_count() == 3
