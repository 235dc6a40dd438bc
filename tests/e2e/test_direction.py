# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A conducted exercise with real processes: air, nodes, the conducting process killed amid it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from lage.exercise.direction import events as e
from lage.exercise.direction.desk import DirectionDesk
from lage.exercise.direction.record import read_record
from lage.exercise.direction.state import Standing
from lage.exercise.on_air import REPORT_FILE, carried, carried_by
from lage.kinds.model import Query
from lage.language.epoch import to_unix
from lage.language.errors import StoreError
from lage.station import Station
from lage.store.direction import DirectionJournal
from lage.store.lock import FolderLock
from lage.store.report import REPORT
from lage.store.timebase import Line, read_timebase
from tests.e2e.conftest import TIMEOUT_S, lage, lage_json, wait_for

STAFF, TOWN = "Krisenstab Steinfurt", "SAE Rheine"
SCRIPT = """
name: Probe
beginn: 24.11.2026 05:30
stellen:
  - {name: Krisenstab Steinfurt, rolle: krisenstab, besetzung: Menschen}
  - {name: SAE Rheine, rolle: sae}
ablauf:
  - {nr: 1, zeit: X+01, stelle: SAE Rheine, nachricht: {An: Krisenstab Steinfurt,
     Inhalt: Brauchen Pumpen, Quittung: ja}}
  - {nr: 2, zeit: X+02, weg: Telefon, von: Bürgerin, an: Krisenstab Steinfurt, inhalt: Kein Strom}
  - {nr: 3, zeit: 1 min nachdem 1 quittiert ist, stelle: SAE Rheine, tagebuch: {Inhalt: Danke}}
  - {nr: 4, zeit: "wenn bis X+90 1 nicht quittiert ist", stelle: SAE Rheine,
     tagebuch: {Inhalt: Niemand hat quittiert}}
"""
SCRIPT += "".join(
    f"  - {{nr: {n}, zeit: X+{n - 2}, stelle: SAE Rheine, tagebuch: {{Inhalt: Eintrag {n}}}}}\n"
    for n in range(5, 10)
)


FAR = """
name: Fern
beginn: 24.11.2027 05:30
stellen:
  - {name: Krisenstab Steinfurt, rolle: krisenstab, besetzung: Menschen}
  - {name: SAE Rheine, rolle: sae}
ablauf:
  - {nr: 1, zeit: X+00, stelle: SAE Rheine, nachricht: {An: Krisenstab Steinfurt, Inhalt: Pumpen,
     Vorrang: sofort}}
  - {nr: 2, zeit: X+61, stelle: SAE Rheine, nachricht: {An: Krisenstab Steinfurt, Inhalt: Sand,
     Vorrang: sofort}}
"""


@contextmanager
def conducted(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The process that conducts; at the end it is told to stop."""
    with (folder.parent / "leitung.txt").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "lage", "uebung", "leiten", *arguments,
             "--ordner", str(folder), "--headless"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(TIMEOUT_S)


def begun(folder: Path) -> bool:
    """Whether the journal of the direction has its first line."""
    with suppress(StoreError), closing(DirectionJournal(folder)) as journal:
        return bool(journal.since(0))
    return False


def state(folder: Path) -> Any:
    """What the direction sees."""
    return lage_json_plain("uebung", "stand", str(folder))


def lage_json_plain(*arguments: str) -> Any:
    """As ``lage_json`` for commands without a folder of data."""
    import json

    return json.loads(lage(*arguments, "--json"))


def texts(folder: Path, kind: str = "journal") -> Counter[str]:
    """What a staff's log says, and how often."""
    with closing(Station.open(folder, read_only=True)) as station:
        return Counter(row.text("text") for row in station.reader.select(Query(kind, limit=200)))


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script as a file."""
    path = tmp_path / "probe.yaml"
    path.write_text(SCRIPT, "utf8")
    return path


def test_a_director_killed_amid_the_exercise_goes_on_where_it_stood(
    script: Path, tmp_path: Path
) -> None:
    """kill -9 of the conducting process: the clock stands, nothing is given twice or lost."""
    folder = tmp_path / "uebung"
    staff = folder / "krisenstab-steinfurt"
    with conducted(folder, str(script), "--los") as first:
        wait_for(lambda: begun(folder))
        lage("uebung", "steuern", "tempo", str(folder), "60")
        wait_for(lambda: texts(staff)["Eintrag 6"])
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    desk = DirectionDesk(folder)
    wait_for(lambda: desk.view().state == "wird nicht geleitet")
    with closing(DirectionJournal(folder)) as journal:
        last = journal.pulse
    assert last is not None
    before = carried(folder)
    stood = read_record(folder).clock_at(last).passed(last)

    with conducted(folder):
        message = lage_json("nachricht", "liste", folder=staff)[0]
        lage("nachricht", "quittieren", str(message["nr"]), "--name", "Meyer", folder=staff)
        wait_for(lambda: texts(staff)["Eintrag 9"] and texts(staff)["Danke"])
        (card,) = state(folder)["cards"]
        assert card["text"] == "ÜBUNG ÜBUNG ÜBUNG\nKein Strom\nÜBUNG ÜBUNG ÜBUNG"
        lage("uebung", "steuern", "zugestellt", str(folder), "2", "--durch", "Müller")
        assert state(folder)["cards"] == []

    after, now = carried(folder), carried_by(folder / REPORT_FILE)
    assert before is not None
    assert after is not None
    assert now is not None
    assert 0 < before.airtime_ms <= after.airtime_ms - now.airtime_ms  # of both runs of the air
    record = read_record(folder)
    assert any(not clock.running and clock.passed_ms == stood for _, clock in record.marks)
    given = {nr: did.standing for nr, did in record.given.items()}
    assert given == {str(n): Standing.GIVEN for n in range(1, 10)} | {"4": Standing.SKIPPED}
    assert set(texts(staff).values()) == {1}
    assert texts(staff).keys() == {"Danke", *(f"Eintrag {n}" for n in range(5, 10))}
    assert texts(staff, "message") == Counter(["Brauchen Pumpen"])
    assert record.given["2"].by == "Müller"
    assert record.given["3"].cause is e.Cause.CONDITION
    assert record.facts["1", "quittiert", STAFF] > 0


def test_a_laptop_elsewhere_goes_by_the_clock_of_a_direction_that_is_killed(tmp_path: Path) -> None:
    """Over virtual radios: it is killed as well, hears of a jump afterwards, and is told nothing
    twice; with the exercise conducting ends by itself."""
    script, folder, laptop = tmp_path / "fern.yaml", tmp_path / "uebung", tmp_path / "laptop"
    script.write_text(FAR, "utf8")
    about = ("--fern", STAFF, "--radio", "simuliert", "--preset", "SHORT_FAST")
    with conducted(folder, str(script), *about) as first:
        wait_for(lambda: begun(folder))
        desk = DirectionDesk(folder)
        (each,) = desk.elsewhere()
        each.folder.rename(laptop)
        with node(laptop, f"tcp:127.0.0.1:{each.port}") as far:
            wait_for(lambda: on_air(laptop))
            desk.do("go_on")
            wait_for(lambda: texts(laptop, "message")["Pumpen"])
            os.kill(far.pid, signal.SIGKILL)
        jumped = time.time()
        desk.do("jump", "X+60", False)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    wait_for(lambda: not held(folder / "uebungsleitung"))

    with conducted(folder) as second, node(laptop, f"tcp:127.0.0.1:{each.port}"):
        wait_for(lambda: desk.view().state == "läuft" and on_air(laptop))
        desk.do("fire", "2")
        wait_for(lambda: texts(laptop, "message")["Sand"])
        wait_for(lambda: line(laptop) == line(folder / "uebungsleitung"))
        assert line(laptop).speed == 1.0
        begin = to_unix(read_record(folder).begin)
        now = time.time()
        assert -1 < line(laptop).unix(now) - begin - 3600 < now - jumped + 1  # in whole seconds
        desk.do("end")
        assert second.wait(TIMEOUT_S) == 0
        wait_for(lambda: line(laptop).speed == 0.0)
    assert set(texts(laptop, "message").values()) == {1}
    said = (tmp_path / "leitung.txt").read_text("utf8")
    assert "Die Übung „Fern“ ist beendet, bei X+01:0" in said
    assert "ÜBUNG · beendet" in lage("status", folder=laptop)


@contextmanager
def node(folder: Path, radio: str) -> Iterator[subprocess.Popen[bytes]]:
    """The node of a staff at another laptop."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lage", "--daten", str(folder), "knoten", "starten",
         "--radio", radio], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(TIMEOUT_S)


def on_air(folder: Path) -> bool:
    """Whether the node of a folder has its radio."""
    with closing(Station.open(folder, read_only=True)) as station:
        report = station.setting(REPORT)
    return report is not None and report.running(time.time()) and report.connected


def held(folder: Path) -> bool:
    """Whether a node of that folder runs."""
    lock = FolderLock(folder)
    if lock.take():
        lock.release()
        return False
    return True


def line(folder: Path) -> Line:
    """How the clock of a folder goes."""
    return read_timebase(folder, exercise=True).line
