# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The main job with real processes: demo, crashes, several writers at once, hostile packets."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from lage.exercise.player import PROGRESS
from lage.exercise.script.read import built_in
from lage.exercise.troupe import heads, log_digest, picture_digest
from lage.kinds.model import Draft, Query, Where
from lage.language.errors import KeysError
from lage.station import Station
from mesh.link import Packet, Received
from mesh.radio.supervisor import MeshtasticLink
from tests.e2e.conftest import EMPTY_SCRIPT, TIMEOUT_S, lage, lage_json, make_troupe, wait_for
from tests.fixtures import make_county


def test_demo_brings_three_pictures_together() -> None:
    """``lage demo --headless --json``: over 30 operations, three equal pictures, exit code 0."""
    result = json.loads(lage("demo", "--headless", "--json", "--tempo", "150"))

    assert result["nodes"] == 3
    assert result["operations"] >= 30
    assert result["converged"] is True
    assert len(set(result["picture_sha256"].values())) == 1
    assert result["packets"] > result["nodes"]
    assert result["airtime_ms"] > 0
    assert result["failed"] == {}


def test_killed_node_loses_nothing_and_catches_up(tmp_path: Path) -> None:
    """kill -9 amid traffic: what was confirmed is there, what was missed comes after a restart."""
    with make_troupe(tmp_path, EMPTY_SCRIPT) as troupe:
        staff, town = (troupe.folders[member.name] for member in troupe.script.cast)
        lage("tagebuch", "eintragen", "Vor dem Absturz", folder=town)
        os.kill(troupe.nodes["SAE Rheine"].pid, signal.SIGKILL)
        troupe.nodes["SAE Rheine"].wait()
        lage("tagebuch", "eintragen", "Während des Ausfalls in Rheine", folder=town)
        lage("nachricht", "senden", "--an", "Rheine", "--vorrang", "sofort", "Bitte melden",
             folder=staff)  # fmt: skip

        assert [row["text"] for row in lage_json("tagebuch", "liste", folder=town)] == [
            "Während des Ausfalls in Rheine",
            "Vor dem Absturz",
        ]
        troupe.start_node("SAE Rheine", troupe.ports[1])
        stations = [Station.open(staff), Station.open(town)]
        wait_for(lambda: heads(stations[0]) == heads(stations[1]) == {0: 2, 1: 1, 2: 2})

        assert log_digest(stations[0]) == log_digest(stations[1])
        assert picture_digest(stations[0]) == picture_digest(stations[1])
        lage("nachricht", "quittieren", "1", "--name", "Brandt", folder=town)
        wait_for(lambda: len(stations[0].reader.select(Query("receipt"))) == 1)
        shown = lage_json("nachricht", "zeigen", "KST-N1", folder=staff)
        assert shown["quittiert"] == [{"stelle": "SAE Rheine", "person": "Brandt"}]
        assert "SAE Rheine" in shown["empfangen"]
        for station in stations:
            station.close()


def test_node_killed_in_the_middle_of_the_demo(tmp_path: Path) -> None:
    """kill -9 while the demo plays, and a restart: every inject is there once, pictures equal."""
    with (
        make_troupe(tmp_path, built_in().read_text("utf8"), speed=150.0) as troupe,
        ExitStack() as s,
    ):
        stations = {n: s.enter_context(closing(Station.open(f))) for n, f in troupe.folders.items()}
        town = stations["SAE Rheine"]

        wait_for(lambda: town.setting(PROGRESS).done >= 3)
        os.kill(troupe.nodes["SAE Rheine"].pid, signal.SIGKILL)
        troupe.nodes["SAE Rheine"].wait()
        saved = town.store.log.operations(2, 1, town.store.log.head(2))
        assert not town.setting(PROGRESS).finished
        troupe.start_node("SAE Rheine", troupe.ports[1])
        wait_for(lambda: all(station.setting(PROGRESS).finished for station in stations.values()))
        wait_for(lambda: len({str(heads(station)) for station in stations.values()}) == 1)

        assert town.store.log.operations(2, 1, len(saved)) == saved
        assert len({picture_digest(station) for station in stations.values()}) == 1
        for name, station in stations.items():
            own = station.network_keys.author
            assert own is not None
            assert station.setting(PROGRESS).failed == ()
            for kind in ("journal", "message", "incident", "reading"):
                says = [i.entry for i in troupe.script.injects if i.entry and i.staff == name]
                wanted = [e for e in says if (e.kind, e.action) == (kind, "create")]
                there = station.reader.select(Query(kind, (Where("author", "=", own),)))
                assert len(there) == len(wanted)


_WRITER = """
import sys
from pathlib import Path
from lage.kinds.model import Draft, Query, Where
from lage.exercise.player import PROGRESS
from lage.exercise.script.read import built_in
from lage.station import Station
station = Station.open(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    station.write([Draft("journal", {"text": f"{sys.argv[2]} {number}"})])
"""


def test_processes_that_write_at_once_make_one_chain(tmp_path: Path) -> None:
    """Four writers, one folder: every entry is there once, and the feed is whole."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(station.folder), name, "15"])
        for name in "ABCD"
    ]
    for writer in writers:
        assert writer.wait(TIMEOUT_S) == 0

    log = station.store.log
    assert log.head(1) == 60
    assert len(log.operations(1, 1, 60)) == len(log.signatures(1, 1, 60)) == 60
    rows = json.loads(lage("tagebuch", "liste", "-n", "100", "--json", folder=station.folder))
    assert {row["text"] for row in rows} == {f"{name} {n}" for name in "ABCD" for n in range(15)}
    station.close()


def test_other_process_sees_an_entry_at_once(tmp_path: Path) -> None:
    """What one process writes, another that has the log open sees by its change token."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    token = station.change_token()
    lage("vorfall", "melden", "--art", "Brand", "Dachstuhl Münsterstraße", folder=station.folder)

    assert station.change_token() != token
    assert station.reader.search("dachstuhl")[0].kind == "incident"
    station.close()


def test_garbage_and_forgeries_on_the_air_change_nothing(tmp_path: Path) -> None:
    """Altered, truncated, replayed and foreign packets from another radio of the same air."""
    script = EMPTY_SCRIPT.replace(
        "  - {name: SAE Rheine", "  - {name: Lauscher, rolle: technik}\n  - {name: SAE Rheine"
    )
    with make_troupe(tmp_path, script) as troupe:
        staff, town = troupe.folders["Krisenstab Steinfurt"], troupe.folders["SAE Rheine"]
        spy = troupe.nodes["Lauscher"]
        spy.terminate()
        spy.wait()
        link = MeshtasticLink(f"tcp:127.0.0.1:{troupe.ports[1]}")
        link.start()
        heard: list[bytes] = []

        def listen() -> bool:
            heard.extend(e.payload for e in link.take_events() if isinstance(e, Received))
            return any(len(payload) > 80 for payload in heard)

        lage("nachricht", "senden", "--vorrang", "sofort", "--an", "Rheine", "Echte Meldung",
             folder=staff)  # fmt: skip
        wait_for(listen)
        real = next(payload for payload in heard if len(payload) > 80)
        altered = bytearray(real)
        altered[len(real) // 3] ^= 1
        forged = [real, bytes(altered), real[:-1], real[: len(real) // 2], b"\x00" * 40,
                  b"\xff" * 231, os.urandom(120)]  # fmt: skip
        for number, payload in enumerate(forged, 1):
            link.send(Packet(payload, id=0x5000 + number))
        stations = [Station.open(staff), Station.open(town)]
        wait_for(lambda: sum(stations[1].radio().rejected.values()) >= 3)
        link.stop()

        assert [len(s.reader.select(Query("message"))) for s in stations] == [1, 1]
        lage("tagebuch", "eintragen", "Weiter im Text", folder=staff)
        wait_for(lambda: stations[1].reader.search("weiter text"))
        assert log_digest(stations[0]) == log_digest(stations[1])
        for station in stations:
            station.close()


def test_exercise_packets_cannot_enter_a_real_network(tmp_path: Path) -> None:
    """A real node on the same air as an exercise takes nothing of it, though numbers are equal."""
    real = make_county(tmp_path / "echt", ["Krisenstab Steinfurt", "SAE Rheine"])
    victim = real["SAE Rheine"]
    before = log_digest(victim)
    with make_troupe(tmp_path, EMPTY_SCRIPT) as troupe:
        troupe.nodes["SAE Rheine"].terminate()
        troupe.nodes["SAE Rheine"].wait()
        node = subprocess.Popen(
            [sys.executable, "-m", "lage", "--daten", str(victim.folder), "knoten", "starten",
             "--radio", f"tcp:127.0.0.1:{troupe.ports[1]}"],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(lambda: victim.radio().connected)
            lage("nachricht", "senden", "--vorrang", "blitz", "ÜBUNG ÜBUNG ÜBUNG Deichbruch",
                 folder=troupe.folders["Krisenstab Steinfurt"])  # fmt: skip
            wait_for(lambda: victim.radio().packets_heard > 0)
            wait_for(lambda: sum(victim.radio().rejected.values()) > 0)
        finally:
            node.terminate()
            node.wait()

    assert log_digest(victim) == before
    assert victim.reader.search("deichbruch") == []
    for station in real.values():
        station.close()


def test_hostile_text_is_shown_never_obeyed(tmp_path: Path) -> None:
    """Markup, escape sequences and bidirectional overrides come out of the command line as text."""
    station = make_county(tmp_path, ["SAE Rheine"])["SAE Rheine"]
    text = "[red]rot[/red] \x1b[31mEsc\x1b[0m \u202eumgekehrt\u202c {0} %s"
    station.write([Draft("journal", {"text": text})])

    shown = lage("tagebuch", "liste", folder=station.folder)
    assert "[red]rot[/red]" in shown
    assert not {"\x1b", "\u202e", "\u202c"} & set(shown)
    assert lage_json("tagebuch", "liste", folder=station.folder)[0]["text"] == text
    station.close()


def test_joining_by_files_on_the_command_line(tmp_path: Path) -> None:
    """Founding, asking, admitting, joining; every refusal is a sentence and exit code 1 or 2."""
    holder, town = tmp_path / "kreis", tmp_path / "rheine"
    files = ["--nach", str(tmp_path)]
    word = ["--kennwort", "Zaun Nebel Ruder Kiste"]
    lage("kreis", "anlegen", "--name", "Kreis Steinfurt", *word, folder=holder)
    lage("knoten", "anlegen", "--name", "SAE Rheine", *files, folder=town)
    asking = str(tmp_path / "sae-rheine.anfrage")
    refused = lage("kreis", "aufnehmen", asking, "--rolle", "sae", "--kennwort", "falsch!!", *files,
                   folder=holder, code=1)  # fmt: skip
    assert "Kennwort" in refused
    lage("kreis", "aufnehmen", asking, "--rolle", "sae", *word, *files, folder=holder)
    lage("knoten", "beitreten", str(tmp_path / "sae-rheine.einladung"), folder=town)
    again = lage("knoten", "beitreten", str(tmp_path / "sae-rheine.einladung"), folder=town, code=1)

    assert "gehört schon zu" in again
    assert lage_json("status", folder=town)["stelle"] == "SAE Rheine"
    if os.name == "posix":
        for name in ("knoten.json", "netz.json"):
            assert (town / name).stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeysError):
        Station.open(tmp_path / "leer")


def test_script_errors_name_every_bad_inject(tmp_path: Path) -> None:
    """A script with faults is refused as a whole, each fault with its line."""
    path = tmp_path / "falsch.yaml"
    path.write_text(
        EMPTY_SCRIPT.replace(
            "ablauf: []",
            "ablauf:\n"
            "  - {zeit: bald, stelle: SAE Rheine, tagebuch: {Inhalt: x}}\n"
            "  - {zeit: X+1, stelle: SAE Nirgends, tagebuch: {Inhalt: x}}\n"
            "  - {zeit: X+2, stelle: SAE Rheine, tagebuch: {Inhalte: x}}\n",
        ),
        "utf8",
    )
    shown = lage("uebung", "starten", str(path), "--headless", code=2)

    found = re.findall(r"^  Zeile (\d+), Spalte \d+: Einlage (\d): ", shown, re.MULTILINE)
    assert found == [("8", "1"), ("9", "2"), ("10", "3")]
