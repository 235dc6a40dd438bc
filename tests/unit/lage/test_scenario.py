# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Exercises: scripts that are checked whole, and staffs that play their part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from lage.cli.demo import _tell
from lage.exercise.performance import Outcome as Performed
from lage.exercise.player import PLAYED, Outcome, Part, played_beside
from lage.exercise.script.model import Script
from lage.exercise.script.read import built_in, read_script
from lage.exercise.stage import folder_name
from lage.kinds.model import Query
from lage.language.errors import ImportRefused
from lage.station import Station
from lage.store.timebase import Timebase
from sync.schema.definition import EntityId
from tests.fixtures import START, FixedClock, make_county, share

SCRIPT = """
name: Probe
beginn: 24.11.2026 15:30
stellen:
  - {name: Krisenstab Steinfurt, rolle: krisenstab}
  - {name: SAE Rheine, rolle: sae}
ablauf:
  - {zeit: X+00, stelle: SAE Rheine, id: keller, vorfall: {Art: Überflutung, Lage: Keller}}
  - {zeit: X+02, stelle: Krisenstab Steinfurt, id: m1, nachricht: {An: SAE Rheine, Inhalt: Lage}}
  - {zeit: X+03, stelle: SAE Rheine, quittung: {Nachricht: m1, Name: Meyer}}
  - {zeit: X+04, stelle: Krisenstab Steinfurt, aendern: {vorfall: keller, Status: in Arbeit}}
"""


def script(tmp_path: Path, text: str = SCRIPT) -> Script:
    """A script read from a file."""
    path = tmp_path / "drehbuch.yaml"
    path.write_text(text, "utf8")
    return read_script(path)


def test_the_shipped_script_is_sound() -> None:
    """The demo's script reads without a fault and has something for every staff."""
    found = read_script(built_in())
    assert {inject.staff for inject in found.injects} == {member.name for member in found.cast}


def test_every_fault_is_named(tmp_path: Path) -> None:
    """All bad injects are listed with their place and reason, at once."""
    text = (
        SCRIPT
        + """
  - {zeit: bald, stelle: SAE Rheine, tagebuch: {Inhalt: x}}
  - {zeit: X+1, stelle: SAE Emden, tagebuch: {Inhalt: x}}
  - {zeit: X+1, stelle: SAE Rheine, tagebuch: {Farbe: x}}
  - {zeit: X+1, stelle: SAE Rheine, quittung: {Nachricht: m9, Name: A}}
  - {zeit: X+1, stelle: SAE Rheine, aendern: {nachricht: m1, Inhalt: anders}}
  - {zeit: X+1, stelle: SAE Rheine}
  - 7
"""
    )
    with pytest.raises(ImportRefused) as refused:
        script(tmp_path, text)
    first = (
        text.splitlines().index("  - {zeit: bald, stelle: SAE Rheine, tagebuch: {Inhalt: x}}") + 1
    )
    assert [line for line, _ in refused.value.problems] == list(range(first, first + 7))
    assert refused.value.problems[0][1].startswith("Einlage 5: ")
    reasons = " ".join(reason for _, reason in refused.value.problems)
    for word in ("X+05", "SAE Emden", "Farbe", "m9", "kann nicht geändert werden", "genau eine"):
        assert word in reasons


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("einheit: {Name: Zug 1, Stärke: 1/2}", "Stärke: "),
        ('einheit: {Name: "?", Stärke: 1/2/3}', "„Name“ ist leer"),
        ("einheit: {Stärke: 1/2/3}", "„Name“ ist leer"),
        ("einheit: {Name: Zug 1, Status: tot}", "Status: "),
        ("einheit: {Name: Zug 1, Vorfall: v9}", "v9"),
        ("einheit: {Name: Zug 1, Vorfall: m1}", "m1"),
        ("vorfall: {Art: Mord, Lage: x}", "Art: "),
        ("vorfall: {Art: Brand}", "„Lage“ ist leer"),
        ("vorfall: {Art: Brand, Lage: x, lage: y}", "zweimal"),
        ("id: keller, vorfall: {Art: Brand, Lage: x}", "schon eine frühere"),
        ('aendern: {vorfall: keller, Art: "?"}', "„Art“ ist leer"),
        ("aendern: {vorfall: keller, Status: zu}", "Status: "),
        ("aendern: {vorfall: keller}", "nichts geändert"),
        ("quittung: {Nachricht: m1, Name: Meyer}", "schon quittiert"),
        ("nachricht: {An: SAE Emden, Inhalt: x}", "SAE Emden"),
        ("nachricht: {An: SAE Rheine, Inhalt: x}", "eigene Stelle"),
    ],
)
def test_what_no_staff_could_write_is_refused_when_read(
    tmp_path: Path, said: str, reason: str
) -> None:
    """Seen: accepted, then refused in the exercise, which waited for it until its time was up."""
    text = SCRIPT.rstrip() + f"\n  - {{zeit: X+09, stelle: SAE Rheine, {said}}}\n"
    with pytest.raises(ImportRefused) as refused:
        script(tmp_path, text)
    ((line, why),) = refused.value.problems
    assert line == len(text.splitlines())
    assert why.startswith("Einlage 5: ")
    assert reason in why


def test_an_entry_can_only_be_named_once_it_is_there(tmp_path: Path) -> None:
    """By the exercise's clock, not by the order of lines; what is faulty is not there."""
    early = SCRIPT + "  - {zeit: X-, stelle: SAE Rheine, aendern: {vorfall: keller, Tote: 1}}"
    with pytest.raises(ImportRefused, match="einen Fehler") as refused:
        script(tmp_path, early.replace("X-", "X+0").replace("zeit: X+00", "zeit: X+01"))
    assert "„keller“" in refused.value.problems[0][1]


@pytest.mark.parametrize("text", ["", "a: [", "ablauf: 3", "name: x\nablauf: []", "\x00"])
def test_files_that_are_no_script(tmp_path: Path, text: str) -> None:
    """Anything else is refused in words."""
    with pytest.raises(ImportRefused):
        script(tmp_path, text)


def test_what_is_typed_is_read_as_text(tmp_path: Path) -> None:
    """YAML's own types change nothing: no sexagesimal, octal, date, truth or nothing."""
    typed = {"Lage": "15:30", "Ort": "0251123", "Kräfte": "1_000", "Betroffene": "010"}
    said = ", ".join(f"{label}: {text}" for label, text in typed.items())
    said = f"Art: Brand, Gemeinde: yes, {said}"
    text = SCRIPT + f"  - {{zeit: X+5, stelle: SAE Rheine, nr: 007, vorfall: {{{said}}}}}"
    entry = script(tmp_path, text).injects[-1].entry
    assert entry is not None
    assert list(entry.fields.values()) == ["Brand", "yes", *typed.values()]
    with pytest.raises(ImportRefused) as refused:
        script(tmp_path, SCRIPT + "  - {zeit: X+5, stelle: SAE Rheine, vorfall: {Lage: [a]}}")
    assert "„Lage“" in refused.value.problems[0][1]


def parts(tmp_path: Path, clock: FixedClock, played: Script) -> dict[str, Part]:
    """Both staffs of the script."""
    names = [member.name for member in played.cast]
    stations = make_county(tmp_path / "kreis", names, clock=clock, exercise=True)

    def played_by(staff: str) -> Mapping[int, Outcome]:
        return stations[staff].setting(PLAYED)

    return {name: Part(played, station, played_by) for name, station in stations.items()}


def spoilt(played: Script) -> Script:
    """With a first inject that is refused when it is played."""
    first, *rest = played.injects
    entry = first.entry
    assert entry is not None
    refused = replace(entry, fields={**entry.fields, "affected": "viele"})
    return replace(played, injects=(replace(first, content=refused), *rest))


def at(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    """Let the exercise's clock stand at X plus so many minutes."""
    monkeypatch.setattr(Timebase, "elapsed", lambda _: minutes * 60)


def test_parts_wait_for_each_other(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An inject about another staff's entry waits until that entry has arrived."""
    both = parts(tmp_path, clock, script(tmp_path))
    kst, rhe = both["Krisenstab Steinfurt"], both["SAE Rheine"]
    at(monkeypatch, 1)
    assert [len(kst.play()), len(rhe.play())] == [0, 1]
    at(monkeypatch, 60)
    assert [len(kst.play()), len(rhe.play())] == [1, 0]
    assert not kst.finished
    share(kst.station, rhe.station)
    assert [len(kst.play()), len(rhe.play())] == [1, 1]
    assert kst.finished
    assert rhe.finished
    assert kst.failed == rhe.failed == []
    share(kst.station, rhe.station)
    (incident,) = rhe.station.reader.select(Query("incident"))
    assert incident.values["status"] == "in Arbeit"
    assert rhe.station.reader.count(Query("receipt")) == 1


def test_a_failing_inject_is_reported_and_the_rest_goes_on(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in one inject is kept with its place; the exercise continues."""
    text = SCRIPT + "  - {zeit: X+05, stelle: SAE Rheine, tagebuch: {Inhalt: weiter}}\n"
    played = spoilt(script(tmp_path, text))
    part = parts(tmp_path, clock, played)["SAE Rheine"]
    at(monkeypatch, 60)
    part.play()
    assert [place for place, _ in part.failed] == [1]
    assert part.station.reader.search("weiter")


def test_a_change_meets_the_entry_that_was_meant(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen: after a refused inject, changes went to the next entry of its kind. What was refused
    is nothing to refer to, here or at another staff, before or after a restart."""
    head = SCRIPT[: SCRIPT.index("  - {zeit")]
    text = (
        head
        + """
  - {zeit: X+0, stelle: SAE Rheine, id: v1, vorfall: {Art: Brand, Lage: erster}}
  - {zeit: X+0, stelle: SAE Rheine, id: v2, vorfall: {Art: Brand, Lage: zweiter}}
  - {zeit: X+1, stelle: SAE Rheine, aendern: {vorfall: v1, Status: erledigt}}
  - {zeit: X+1, stelle: SAE Rheine, aendern: {vorfall: v2, Betroffene: 7}}
  - {zeit: X+1, stelle: Krisenstab Steinfurt, aendern: {vorfall: v1, Tote: 1}}
  - {zeit: X+1, stelle: Krisenstab Steinfurt, aendern: {vorfall: v2, Verletzte: 3}}
"""
    )
    played = spoilt(script(tmp_path, text))
    both = parts(tmp_path, clock, played)
    kst, rhe = both["Krisenstab Steinfurt"], both["SAE Rheine"]
    at(monkeypatch, 0)
    rhe.play()
    at(monkeypatch, 1)
    rhe = Part(played, rhe.station)
    rhe.play()
    assert [place for place, _ in rhe.failed] == [1, 3]
    assert "Einlage 1" in rhe.failed[1][1]
    assert (rhe.done, rhe.finished) == (2, True)
    kst.play()
    assert [place for place, _ in kst.failed] == [5]
    share(kst.station, rhe.station)
    kst.play()
    assert kst.finished
    (incident,) = kst.station.reader.select(Query("incident"))
    said = {name: incident.values.get(name) for name in ("text", "status", "affected", "injured")}
    assert said == {"text": "zweiter", "status": "offen", "affected": 7, "injured": 3}
    assert Part(played, rhe.station).failed == rhe.failed


def test_what_another_has_played_is_read_from_its_folder(station: Station) -> None:
    """Beside this folder on the stage; where there is none, nothing is known."""
    folder = station.folder.parent / folder_name("SAE Rheine")
    station.keep(PLAYED, {1: EntityId(1, 7), 2: "Art fehlt"})
    if folder != station.folder:
        folder.symlink_to(station.folder)
    assert played_beside(station.folder, "SAE Rheine") == {1: EntityId(1, 7), 2: "Art fehlt"}
    assert played_beside(station.folder, "SAE Emden") == {}


@pytest.mark.parametrize(
    ("pictures", "failed", "converged", "said"),
    [
        ("aa", {}, True, "Alle Lagebilder sind gleich."),
        ("ab", {}, False, "NICHT gleich."),
        ("aa", {"SAE Rheine": ((3, "Art fehlt"),)}, False, "es fehlen die abgelehnten Einlagen"),
        ("aa", {}, False, "die Zeit reichte nicht"),
    ],
)
def test_what_came_of_an_exercise_is_said(
    capsys: pytest.CaptureFixture[str],
    pictures: str,
    failed: dict[str, tuple[tuple[int, str], ...]],
    converged: bool,
    said: str,
) -> None:
    """Seen: „NICHT gleich“ under two equal fingerprints, because an inject had been refused."""
    staffs = dict(zip(("SAE Rheine", "SAE Greven"), pictures, strict=True))
    _tell("Probe", Performed(2, 6, converged, 1.0, 9, 900, staffs, failed, ()))
    shown = capsys.readouterr().out
    assert said in shown
    assert ("NICHT" in shown) == (pictures == "ab")
    assert all(f"{staff}, Einlage 3: Art fehlt" in shown for staff in failed)


def test_folder_names() -> None:
    """A staff's folder has letters that every file system takes."""
    assert folder_name("SAE Hörstel / Süd") == "sae-hoerstel-sued"
    assert START > 0


def test_restarted_player_does_not_write_twice(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that was restarted goes on where its log stands."""
    played = script(tmp_path)
    part = parts(tmp_path, clock, played)["SAE Rheine"]
    at(monkeypatch, 1)
    part.play()
    again = Part(played, part.station)
    again.play()
    assert part.station.reader.count(Query("incident")) == 1


def test_crash_between_an_entry_and_its_note(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after an entry was durable and before it was noted as played, or just before it was
    written: in either case it is there once."""
    played = script(tmp_path)
    part = parts(tmp_path, clock, played)["SAE Rheine"]
    at(monkeypatch, 1)

    class Killed(BaseException):
        """The process ends here."""

    def die(*_: object) -> None:
        raise Killed

    write = Part._write
    for deed in (die, lambda self, inject: die(write(self, inject))):
        part = Part(played, part.station)
        with monkeypatch.context() as killed:
            killed.setattr(Part, "_write", deed)
            with pytest.raises(Killed):
                part.play()

    again = Part(played, part.station)
    again.play()
    assert not again.failed
    assert part.station.reader.count(Query("incident")) == 1


def test_station_type(station: Station) -> None:
    """An exercise folder may carry its own clock, a real one never does."""
    assert not station.timebase.own
