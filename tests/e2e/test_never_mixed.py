# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Exercise and reality plugged into each other on purpose, with real processes: nothing enters.

Both networks have staffs of the same names and numbers. Each has a node at a radio that is set up
for the other; they dial each other's cable, share one broker and hand each other sticks and files.
What is meant for its own network arrives by the broker, so nobody was merely deaf.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from lage.kinds.model import Query
from lage.station import Station
from lage.store.report import REPORT
from sync.feed.why import Why
from tests.e2e.conftest import TIMEOUT_S, lage, lage_json, wait_for
from tests.fixtures import FixedClock, make_county
from tests.nodes import free_port
from tests.unit.lage.test_broker import Mosquitto, needs_broker

STAFFS = ["Krisenstab Steinfurt", "SAE Rheine"]
REAL, DRILL = "ernst", "uebung"
SAID = {REAL: "Deich gebrochen", DRILL: "Nur gespielt"}


@pytest.fixture
def folders(tmp_path: Path) -> dict[tuple[str, int], Path]:
    """Two staffs of each network."""
    found = {}
    for name in (REAL, DRILL):
        clock = FixedClock(time.time())
        stations = make_county(tmp_path / name, STAFFS, exercise=name == DRILL, clock=clock)
        for number, station in enumerate(stations.values(), 1):
            found[name, number] = station.folder
            station.close()
    return found


@pytest.fixture
def started(tmp_path: Path) -> Iterator[ExitStack]:
    """Processes, which end with the test."""
    with ExitStack() as stack:
        yield stack


def start(stack: ExitStack, folder: Path, log: Path, *arguments: str) -> None:
    """A ``lage`` that runs until the test is over."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "lage", "--daten", str(folder), *arguments],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip

    def end() -> None:
        process.terminate()
        process.wait(TIMEOUT_S)

    stack.callback(end)


def air(stack: ExitStack, folder: Path, place: Path) -> list[str]:
    """Two radios set up for the network of a folder; their addresses."""
    report = place / "luft.json"
    place.mkdir()
    start(stack, folder, place / "luft.log", "funk", "simulieren", "--knoten", "2", "--port", "0",
          "--eingerichtet", "--tempo", "20", "--bericht", str(report))  # fmt: skip
    wait_for(report.exists)
    radios = json.loads(report.read_text("utf8"))["radios"]
    return [f"tcp:127.0.0.1:{radio['port']}" for radio in radios]


def incidents(folder: Path) -> set[str]:
    """What a staff's log says."""
    with closing(Station.open(folder, read_only=True)) as station:
        return {row.text("text") for row in station.reader.select(Query("incident"))}


def wrong(folder: Path) -> set[str]:
    """What a node finds set up wrongly in its radio."""
    with closing(Station.open(folder, read_only=True)) as station:
        report = station.setting(REPORT)
    assert report is not None
    assert report.verdict is not None
    return {each.item.path for each in report.verdict.must}


def strangers(folder: Path) -> int:
    """Packets of other networks that a node has refused."""
    with closing(Station.open(folder, read_only=True)) as station:
        report = station.setting(REPORT)
    return 0 if report is None else report.rejected.get(Why.MAC, 0)


@needs_broker
def test_nothing_enters_by_radio_cable_or_broker(
    folders: dict[tuple[str, int], Path], started: ExitStack, tmp_path: Path
) -> None:
    """Both ways, and each refusal is said in a sentence."""
    broker = Mosquitto(tmp_path)
    broker.start()
    started.callback(broker.kill)
    real, drill = folders[REAL, 1], folders[DRILL, 1]
    port = free_port()
    lage("netz", "einschalten", "--auf", f"127.0.0.1:{port}", "--nicht-suchen", folder=drill)
    lage("netz", "verbinden", f"127.0.0.1:{port}", folder=real)
    airs = air(started, real, tmp_path / "r"), air(started, drill, tmp_path / "u")
    plugged = ((REAL, 1, airs[0][0]), (DRILL, 1, airs[0][1]), (DRILL, 2, airs[1][0]),
               (REAL, 2, airs[1][1]))  # fmt: skip
    for name, number, radio in plugged:
        folder = folders[name, number]
        lage("netz", "vermittler", broker.address, folder=folder)
        start(
            started, folder, tmp_path / f"{name}{number}.log", "knoten", "starten", "--radio", radio
        )
    for name, said in SAID.items():
        lage("vorfall", "melden", "--art", "Sonstiges", said, folder=folders[name, 1])
        lage("vorfall", "melden", "--art", "Sonstiges", f"{said} 2", folder=folders[name, 2])
    for (name, _), folder in folders.items():
        wait_for(lambda f=folder: len(incidents(f)) == 2)  # type: ignore[misc]
        assert incidents(folder) == {SAID[name], f"{SAID[name]} 2"}

    wait_for(lambda: strangers(drill) and strangers(folders[REAL, 2]))
    wait_for(lambda: "Kanalname: Lage, gewünscht Uebung" in said_of(drill))
    wait_for(lambda: "Kanalname: Uebung, gewünscht Lage" in said_of(folders[REAL, 2]))
    wait_for(lambda: "gehört nicht zu diesem Netz" in json.dumps(
        lage_json("netz", "zeigen", folder=real), ensure_ascii=False))  # fmt: skip
    repeat(broker)
    for name, said in SAID.items():
        lage("vorfall", "melden", "--art", "Sonstiges", f"{said} 3", folder=folders[name, 1])
    for (name, _), folder in folders.items():
        wait_for(lambda f=folder, n=name: f"{SAID[n]} 3" in incidents(f))  # type: ignore[misc]
        assert len(incidents(folder)) == 3
    for folder in (drill, folders[REAL, 2]):
        assert {"channel:0.psk", "channel:0.name"} <= wrong(folder), "a foreign radio was set up"


def said_of(folder: Path) -> str:
    """What a staff's status says, without its line breaks."""
    command = [sys.executable, "-m", "lage", "--daten", str(folder), "status"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    return " ".join(done.stdout.split())


def repeat(broker: Mosquitto) -> None:
    """Somebody at the broker sends whatever he has heard to everybody of either network."""
    heard: list[tuple[str, bytes]] = []
    spy = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="spy")
    spy.on_message = lambda _c, _d, message: heard.append((message.topic, bytes(message.payload)))
    spy.connect("127.0.0.1", broker.port)
    spy.subscribe("#", 1)
    spy.loop_start()
    wait_for(lambda: len({topic.split("/")[1] for topic, _ in heard}) == 2)
    marks = sorted({topic.split("/")[1] for topic, _ in heard})
    for topic, content in tuple(heard):
        mark = topic.split("/")[1]
        other = topic.replace(mark, marks[mark == marks[0]])
        spy.publish(other, content, qos=1).wait_for_publish(10)
    spy.disconnect()
    spy.loop_stop()


def test_nothing_enters_by_stick_or_file(
    folders: dict[tuple[str, int], Path], tmp_path: Path
) -> None:
    """Courier files both ways, and tables that an exercise has written."""
    for name, said in SAID.items():
        lage("vorfall", "melden", "--art", "Sonstiges", said, folder=folders[name, 1])
        lage(
            "kurier", "packen", str(tmp_path / f"{name}.kurier"), "--alles", folder=folders[name, 1]
        )
    theirs = {REAL: tmp_path / f"{DRILL}.kurier", DRILL: tmp_path / f"{REAL}.kurier"}
    for name, file in theirs.items():
        refused = lage("kurier", "einlesen", str(file), folder=folders[name, 1], code=2)
        assert "Übung" in refused
        assert incidents(folders[name, 1]) == {SAID[name]}

    table = tmp_path / "vorfaelle.csv"
    for file in (table, table.with_suffix(".json")):
        lage("bericht", "daten", "vorfaelle", str(file), folder=folders[DRILL, 1])
        refused = lage("import", "vorfaelle", str(file), folder=folders[REAL, 1], code=2)
        assert "ist aus einer Übung, hier ist Ernstfall" in refused
    assert incidents(folders[REAL, 1]) == {SAID[REAL]}
