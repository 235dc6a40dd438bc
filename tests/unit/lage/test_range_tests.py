# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage funk test``: through the running node or a node of its own, with any radio as partner."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.cli import cli
from lage.node.process import Node
from lage.station import Station
from lage.store.radios import RADIOS
from lage.store.range_tests import ORDER, RUNS, Asked, TestRun
from lage.store.timebase import Timebase, write_timebase
from lage.views.range_tests import by_distance, probe_words, summary
from mesh.link import Acknowledged, Packet, Refusal
from mesh.nodes import MeshNode, Place
from mesh.send.range_test import TEST_APP, Order, Probe
from tests.e2e.conftest import wait_for
from tests.fixtures import make_county
from tests.unit.lage.test_radios import OWN, Wire

RELAY = MeshNode(
    0xA1B2C3D4, heard=1, snr_db=3.0, hops=0, name="Relais Dörenthe", place=Place(52.21, 7.66)
)
PROBES = (
    Probe(1, 1_200, True, 5.0, -80, 0, distance_m=850),
    Probe(2, 9_400, False, 1.0, -95, 0, distance_m=1_850),
    Probe(3, refusal=Refusal.MAX_RETRANSMIT, relayed=True, distance_m=1_900),
    Probe(4, refusal=Refusal.DUTY_CYCLE_LIMIT),
)


class Answering(Wire):
    """A radio whose partner answers every second probe."""

    def __init__(self) -> None:
        super().__init__(MeshNode(OWN, place=Place(52.25, 7.66)))
        self.wake: Any = lambda: None

    def send(self, packet: Packet) -> None:
        """Take it; what becomes of a probe is known at once."""
        super().send(packet)
        if packet.port == TEST_APP:
            even = not sum(p.port == TEST_APP for p in self.sent) % 2
            lost = Acknowledged(packet.id, True, Refusal.MAX_RETRANSMIT)
            heard = Acknowledged(packet.id, False, snr_db=4.0, rssi_dbm=-90, hops=1)
            self.events.append(lost if even else heard)
        self.wake()


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    """A staff in hurried time that has heard a relay."""
    made = make_county(tmp_path, ["SAE Rheine"], exercise=True)["SAE Rheine"]
    now = time.time()
    write_timebase(made.folder, Timebase(now, now, 50.0))
    made.keep(RADIOS, (RELAY,))
    yield made
    made.close()


def run(station: Station, *arguments: str) -> Result:
    """The command, in this process."""
    call = ["--daten", str(station.folder), "funk", "test", *arguments]
    return CliRunner().invoke(cli, call, catch_exceptions=False)


def test_through_the_running_node(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """It owns the radio: three probes, one lost, with signal and distance; kept for later."""
    monkeypatch.setattr("lage.cli.range_test.POLL_S", 0.02)
    link, stop = Answering(), threading.Event()
    node = Node(station.folder, None, link=link)
    link.wake = node.wake
    thread = threading.Thread(target=node.run, args=(stop,))
    thread.start()
    try:
        wait_for(lambda: station.radio().sends)
        done = run(station, "relais dörenthe", "--anzahl", "3", "--abstand", "0")
        told = json.loads(run(station, "!A1B2C3D4", "--anzahl", "1", "--json").stdout)
        busy = CliRunner().invoke(
            cli,
            ["--daten", str(station.folder), "funk", "test", "!a1b2c3d4", "--radio", "tcp:x:1"],
        )
    finally:
        stop.set()
        node.wake()
        thread.join()
    assert done.exit_code == 0, done.output
    assert "Relais Dörenthe (!a1b2c3d4): 3 Pakete zu 20 B" in done.output
    assert "4,5 km, Antwort nach" in done.output
    assert "keine Antwort" in done.output
    assert "2 von 3 beantwortet, Verlust 33 %" in done.output
    assert (told["gesendet"], told["nach_entfernung"][0]["von_m"]) == (1, 2_000)
    assert "ohne --radio" in str(busy.exception)
    destinations = {packet.destination for packet in link.sent if packet.port == TEST_APP}
    assert destinations == {0xA1B2C3D4}

    earlier = run(station)
    assert "Relais Dörenthe" in earlier.output
    assert "2 von 3 beantwortet" in earlier.output
    assert "2,0 km bis 5,0 km" in earlier.output
    assert len(json.loads(run(station, "--json").stdout)["tests"]) == 2


@pytest.mark.parametrize(
    ("typed", "told"), [("Relais Nirgends", "wer zu hören ist"), ("RHE", "noch nicht gehört")]
)
def test_who_is_not_heard(station: Station, typed: str, told: str) -> None:
    """Each refusal says what to do."""
    call = ["--daten", str(station.folder), "funk", "test", typed]
    assert told in str(CliRunner().invoke(cli, call).exception)


def test_loss_trip_and_signal_by_distance() -> None:
    """What was not sent is no loss; the middle value stands for all."""
    result = summary(PROBES)
    assert (result.sent, result.answered, result.first_try, result.loss_percent) == (3, 2, 1, 33)
    assert (result.round_trip_ms, result.fastest_ms, result.slowest_ms) == (5_300, 1_200, 9_400)
    assert (result.snr_db, result.worst_snr_db) == (3.0, 1.0)
    assert [(low, high, each.sent) for low, high, each in by_distance(PROBES)] == [
        (500, 1_000, 1), (1_000, 2_000, 2),
    ]  # fmt: skip
    assert list(map(probe_words, PROBES)) == [
        "850 m, Antwort nach 1,2 s, 5 dB, -80 dBm, direkt",
        "1,9 km, Antwort nach 9,4 s, erst nach Wiederholung, 1 dB, -95 dBm, direkt",
        "1,9 km, keine Antwort, aber weitergegeben",
        "nicht gesendet: Sendezeit der Stunde verbraucht",
    ]
    assert summary(()).loss_percent is None


def test_orders_and_results_come_back_as_they_were_kept() -> None:
    """Through JSON; an order that no test can be made of is none."""
    asked = Asked(Order(5, 7, 3, 20, 0, 900), 12.5)
    assert ORDER.read(json.loads(json.dumps(ORDER.kept(asked)))) == asked
    runs = (TestRun(5, 7, 1, 20, True, PROBES), TestRun(6, 8, 2))
    assert RUNS.read(json.loads(json.dumps(RUNS.kept(runs)))) == runs
    for wrong in ({"size": 400}, {"count": -1}, {"radio": 0}, {"radio": 0xFFFFFFFF}):
        assert ORDER.read({"id": 1, "radio": 7, "unix_s": 1.0} | wrong) is None


@settings(max_examples=12)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "radio", "began", "probes", "size"]),
            st.integers() | st.text(max_size=3) | st.lists(st.dictionaries(
                st.sampled_from(["at", "snr_db", "refusal"]), st.integers() | st.text(max_size=3),
                max_size=3,
            ), max_size=3),
        ),
        max_size=3,
    )
)  # fmt: skip
def test_any_kept_value_gives_results(kept: object) -> None:
    """What is damaged is left out."""
    assert isinstance(RUNS.read(kept), tuple)
