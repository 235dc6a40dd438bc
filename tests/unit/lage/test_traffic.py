# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the node records of the radio: shown in words, as JSON, and played into another node."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

from lage.kinds.model import Draft, Query
from lage.language.errors import UsageError
from lage.node.loop import Loop
from lage.node.recorder import NEWER, OLDER, Recorder, entries_of, recorded
from lage.station import Station
from lage.store.timebase import Timebase
from mesh.link import Notice, RadioState, Received
from mesh.nodes import MeshNode
from mesh.record import Playback
from sync.schema.urgency import Urgency
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_radios import RELAYED, TOWN, Wire, told


def heard_from(town: Station, text: str) -> list[Received]:
    """The frames that the town's node makes of an urgent message."""
    draft = Draft("message", {"text": text, "priority": "sofort"}, urgency=Urgency.IMMEDIATE)
    town.write([draft])
    town.timebase = Timebase(speed=100.0)  # nobody waits for the air
    loop = Loop(town, wire := Wire(), random.Random(2))
    while town.unsent():
        loop.turn()
    return [Received(p.payload, TOWN, p.id, 6.0, -80, 3, 3) for p in wire.sent]


def test_a_record_is_shown_and_makes_the_same_picture_again(
    county: list[Station], tmp_path: Path
) -> None:
    """In words with names, as lines that are entries, and another node that hears the copy has the
    message too."""
    staff, town, third = county
    told(staff, *heard_from(town, "Deich hält"), RELAYED)
    lage = Terminal(staff)
    said = lage("funk", "protokoll")
    assert "Funkgerät: verbunden" in said
    assert "← !00000077 (6 dB, -80 dBm, direkt): Einträge SAE Rheine 1 (eilig)" in said
    assert "← Relais Dörenthe: heißt Relais Dörenthe" in said
    lines = lage("funk", "protokoll", "--json", "--letzte", "2").splitlines()
    assert [json.loads(line)["was"] for line in lines] == ["Received", "MeshNode"]

    copy = tmp_path / "mitschnitt.jsonl"
    assert "geschrieben" in lage("funk", "protokoll", "--nach", str(copy))
    assert lage("funk", "protokoll", "--von", str(copy)) == said
    link = Playback(entries_of(copy), lambda: 0)
    assert not third.reader.select(Query("message"))
    loop = Loop(third, link, random.Random(3))
    link.start()
    loop.turn()
    (message,) = third.reader.select(Query("message"))
    assert message.text("text") == "Deich hält"
    assert third.network().relays[0].name == "Relais Dörenthe"


def test_the_record_takes_turns_and_survives_damage_and_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files, half a line at the end of one, a disk that refuses, a pipe of that name."""
    monkeypatch.setattr("lage.node.recorder.FILE_MAX", 300)
    recorder = Recorder(tmp_path)
    for number in range(30):
        recorder.note(Notice(f"Meldung {number}"), number)
        recorder.write(number)
    kept = [entry.time for entry in recorded(tmp_path)]
    assert kept == list(range(kept[0], 30))
    assert 3 <= len(kept) < 30
    assert (tmp_path / OLDER).stat().st_mode & 0o077 == 0
    with (tmp_path / NEWER).open("a") as file:
        file.write('{"v":1,"t":99,"was":"Noti')
    assert [entry.time for entry in recorded(tmp_path)] == kept

    (tmp_path / NEWER).unlink()
    os.mkfifo(tmp_path / NEWER)
    recorder.note(Notice("verloren"), 40)
    recorder.write(40)
    recorder.note(Notice("auch verloren"), 41)
    recorder.write(41)
    assert recorder.lost == 2
    (tmp_path / NEWER).unlink()
    recorder.note(Notice("wieder da"), 100_000)
    recorder.write(100_000)
    assert [entry.what for entry in recorded(tmp_path)][-1] == Notice("wieder da")


def test_nothing_recorded_and_what_is_no_record(lage: Terminal, tmp_path: Path) -> None:
    """Said with what to do."""
    assert "erst muss der Knoten" in str(lage.refusal("funk", "protokoll"))
    (tmp_path / "x.txt").write_text("kein Protokoll")
    for path in ("x.txt", "fehlt", "."):
        assert isinstance(
            lage.refusal("funk", "protokoll", "--von", str(tmp_path / path)), UsageError
        )


def test_text_of_a_radio_is_data(county: list[Station]) -> None:
    """Control characters do nothing on the terminal, and none is lost in the record."""
    evil = MeshNode(5, name="\x1b[2J\x07böse\nzwei", hops=0, snr_db=1.0)
    told(county[0], RadioState(connected=True, address="x"), evil)
    said = Terminal(county[0])("funk", "protokoll")
    assert "\x1b" not in said
    assert "böse" in said
    assert [e.what for e in recorded(county[0].folder)][-1] == evil
