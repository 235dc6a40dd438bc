# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The conducting process over several computers, its net in memory: people, chairs, crashes."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from lage.exercise.direction import conducting, observations
from lage.exercise.direction.conducting import Conducted, Conducting
from lage.exercise.direction.desk import DirectionDesk
from lage.exercise.direction.handing_over import hand_over
from lage.exercise.direction.observations import Observed
from lage.exercise.direction.record import read_record
from lage.exercise.direction.setting_up import Plan, mark_of, set_up
from lage.exercise.direction.state import Standing
from lage.exercise.direction.writing import write
from lage.kinds.model import Draft, Query, Record
from lage.language.errors import UsageError
from lage.station import Station
from lage.views.direction import RELAY, StaffLine
from lage.views.exercise_clock import KIND, ToldClock, clock_words, told_clock
from lage.write import commands
from tests.fixtures import START

SCRIPT = """
name: Probe
beginn: 24.11.2026 05:30
stellen:
  - {name: Krisenstab Steinfurt, rolle: krisenstab, besetzung: Menschen}
  - name: SAE Rheine
    rolle: sae
    antworten:
      - {auf: {eintrag: nachricht, enthaelt: [Lage]}, quittung: {Name: Rollenspiel}}
relais:
  - {name: Tecklenburg, koordinate: "52.2190, 7.8120", hoehe: 40}
ablauf:
  - {nr: 1, zeit: X+00, stelle: SAE Rheine, nachricht: {An: Krisenstab Steinfurt,
     Inhalt: Brauchen Pumpen, Quittung: ja}}
  - {nr: 2, zeit: X+01, titel: Es brennt, stelle: Krisenstab Steinfurt,
     vorfall: {Art: Brand, Lage: Kreishaus}}
  - {nr: 3, zeit: X+02, weg: Fax, von: Land, an: SAE Rheine, inhalt: Wetterwarnung}
"""
HERE, TOWN = "Krisenstab Steinfurt", "SAE Rheine"


class Nobody:
    """No processes: all logs are at this computer."""

    def turn(self, cut: set[tuple[str, str]]) -> None:
        """Nothing to keep."""

    def standing(self, stations: Mapping[str, Station]) -> bool:
        """The net stands."""
        return True

    def hand_on(self, direction: Station) -> None:
        """Nobody waits for anything."""

    def close(self) -> None:
        """Nothing to end."""


class Wall:
    """The clock on the wall."""

    now = START

    def __call__(self) -> float:
        """Unix seconds."""
        return self.now


@pytest.fixture
def wall() -> Wall:
    """It passes when told to."""
    return Wall()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exercise over several computers, of which this one has all folders."""
    place = tmp_path_factory.mktemp("uebung")
    script = place / "probe.yaml"
    script.write_text(SCRIPT, "utf8")
    plan = Plan(alone=False, observers=("Beobachtung 1",))
    set_up(place / "uebung", script, plan, wall=lambda: START)
    return place / "uebung"


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of one's own."""
    shutil.copytree(built, tmp_path / "uebung")
    return tmp_path / "uebung"


@pytest.fixture
def conduct(folder: Path, wall: Wall) -> Iterator[Callable[[float], Conducting]]:
    """Let so many seconds pass, turn until nothing more is owed; a new process where none is."""
    running: list[Conducting] = []

    def turn(seconds: float) -> Conducting:
        if not running:
            running.append(Conducting(folder, processes=Nobody(), wall=wall))
        wall.now += seconds
        for _ in range(4):
            wall.now += 1
            running[0].turn()
        return running[0]

    turn.running = running  # type: ignore[attr-defined]
    yield turn
    for each in running:
        each.close()


def rows(folder: Path, staff: str, kind: str) -> list[Record]:
    """What a staff's log holds of a kind, as it came."""
    with closing(Station.open(folder / staff, read_only=True)) as station:
        return station.reader.select(Query(kind, order="arrival", descending=False))


def test_people_are_told_and_chairs_are_played(
    folder: Path, wall: Wall, conduct: Callable[[float], Conducting]
) -> None:
    """An own action of a staff with people comes to it as a message of the direction; a sheet for
    a staff without people counts as handed over; such a staff answers what it has an answer to."""
    desk = DirectionDesk(folder, wall=wall)
    desk.do("go_on")
    conduct(0)
    conduct(130)
    (first, told) = rows(folder, "krisenstab-steinfurt", "message")
    assert first.text("text") == "Brauchen Pumpen"
    assert told.text("text") == "Einlage 2: Vorfall. Art: Brand; Lage: Kreishaus"
    assert rows(folder, "krisenstab-steinfurt", "incident") == []
    assert read_record(folder).given["3"].by == "Übungsleitung"
    assert [(each.label, each.text, each.wording) for each in desk.view().past][1:] == [
        ("2", "Es brennt", "Vorfall. Art: Brand; Lage: Kreishaus"),
        ("1", "Brauchen Pumpen", "Brauchen Pumpen"),
    ]

    with closing(Station.open(folder / "krisenstab-steinfurt")) as station:
        asked = {"to": TOWN, "text": "Bitte Lage melden"}
        station.write(commands.enter("message", asked, station.parse_context()))
    conduct(0)
    assert rows(folder, "krisenstab-steinfurt", "receipt") == []
    conduct(310)  # the delay of an answer
    assert "Antw." in {each.label for each in desk.view().past}
    (receipt,) = rows(folder, "krisenstab-steinfurt", "receipt")
    assert receipt.text("person") == "Rollenspiel"


def test_what_was_written_just_before_a_crash_is_not_written_again(
    folder: Path,
    wall: Wall,
    conduct: Callable[[float], Conducting],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The entry stands in the log, the note of it does not: the next process finds it."""
    DirectionDesk(folder, wall=wall).do("go_on")
    written: list[int] = []

    def crash(drafts: Sequence[Draft], station: Station, **about: object) -> object:
        write(drafts, station, **about)  # type: ignore[arg-type]
        written.append(1)
        raise KeyboardInterrupt

    monkeypatch.setattr(conducting, "write", crash)
    with pytest.raises(KeyboardInterrupt):
        conduct(0)
    conduct.running.pop().close()  # type: ignore[attr-defined]
    assert written == [1]
    assert read_record(folder).given["1"].standing is Standing.OWED

    monkeypatch.setattr(conducting, "write", write)
    conduct(0)
    assert [m.text("text") for m in rows(folder, "sae-rheine", "message")] == ["Brauchen Pumpen"]
    did = read_record(folder).given["1"]
    assert did.standing is Standing.GIVEN
    assert did.entries


def test_what_cannot_be_cut_from_here_is_told_off_by_telephone(
    folder: Path, wall: Wall, conduct: Callable[[float], Conducting]
) -> None:
    """To people; what nobody would hear is not said."""
    desk = DirectionDesk(folder, wall=wall)
    desk.do("go_on")
    conduct(0)
    desk.do("cut", "Krisenstab", "Funk")
    desk.do("cut", "Rheine", "Funk")
    conduct(0)
    (card,) = desk.view().cards
    assert (card.way, card.to) == ("Telefon", HERE)
    assert "Ihr Funkgerät fällt aus" in card.text
    assert card.text.startswith("ÜBUNG ÜBUNG ÜBUNG")
    desk.do("mend", "Krisenstab", "Funk")
    desk.do("cut", "tecklenburg", "Relais")
    conduct(0)
    assert "Funk geht wieder" in desk.view().cards[1].text
    relay = desk.view().cards[2]
    assert relay.to == "Übungsleitung"  # a staff would know why it hears nobody any more
    assert "Tecklenburg: das Relais fällt aus" in relay.text
    assert desk.view().staffs[-1] == StaffLine("Tecklenburg", RELAY, "Relais ausgefallen", "")


def test_observers_hand_in_files_and_each_line_counts_once(
    folder: Path, wall: Wall, conduct: Callable[[float], Conducting]
) -> None:
    """With the time of the exercise at which they were made; another exercise's are refused."""
    DirectionDesk(folder, wall=wall).do("go_on")
    conduct(0)
    conduct(60)
    mark = mark_of(folder)
    path = folder / observations.FOLDER / f"eins{observations.SUFFIX}"
    at = round(wall.now * 1000)
    observations.append(path, Observed(mark, "b-1", at, TOWN, "Karte veraltet", "Meyer"))
    wall.now += 30
    for _ in range(2):
        conduct(0)
        with path.open("a", encoding="utf8") as stream:
            stream.write('{"torn')
    (note,) = read_record(folder).notes
    assert (note.staff, note.text, note.by, note.s) == (TOWN, "Karte veraltet", "Meyer", 67)
    assert (folder / "beobachtung-1").is_dir()

    foreign = path.with_name("fremd.beobachtung")
    observations.append(foreign, Observed("ff", "b-2", at, TOWN, "Fremd", "X"))
    with pytest.raises(UsageError, match="anderen Übung"):
        observations.read(foreign, mark)
    foreign.write_text("kein JSON\n" + json.dumps({"uebung": 1}), "utf8")
    with pytest.raises(UsageError, match="keine Beobachtungen"):
        observations.read(foreign, mark)


def test_one_exercise_is_conducted_once(
    folder: Path, conduct: Callable[[float], Conducting]
) -> None:
    """A second process is refused, and disturbs nothing; for a desk one conducts until any desk is
    closed, as where the one it was begun for has crashed."""
    first = conduct(0)
    with pytest.raises(Conducted):
        Conducting(folder, processes=Nobody())
    DirectionDesk(folder).close()
    first.run(threading.Event(), stays=True)
    conduct.running.clear()  # type: ignore[attr-defined]
    with closing(Conducting(folder, processes=Nobody())) as second:
        assert second.conductor.state.seq == first.conductor.state.seq


REFUSED: tuple[tuple[str, tuple[Any, ...], str], ...] = (
    ("fire", ("99",), "gibt es nicht"), ("fire", ("1",), "ist schon"),
    ("deliver", ("1", ""), "nicht vorgelesen"), ("tempo", (0.0,), "Tempo liegt"),
    ("jump", ("X+00", False), "geht die Übungsuhr nicht"), ("jump", ("bald", False), "bald"),
    ("jump", ("X+99:00", False), "nach dem Ende"),
    ("insert", ({"an": HERE},), "Inhalt"), ("insert", ({"text": "x"},), "„An“ ist leer"),
    ("insert", ({"an": "Emden", "text": "x"},), "spielt nicht mit"),
    ("insert", ({"an": HERE, "text": "x", "weg": "Taube"},), "Taube"),
    ("change", ("2", {"text": "x"}), "Wortlaut"), ("change", ("2", {}), "nichts angegeben"),
    ("change", ("3", {"vorrang": "eilig"}), "eilig"), ("mend", (HERE, "Funk"), "nicht ausge"),
    ("cut", (HERE, "Kaffee"), "Kaffee"), ("cut", (HERE, "Relais"), "passen nicht"),
    ("choose", ("Weg", "links"), "Abzweig"),
    ("note", ("", " "), "leer"), ("washed", (1,), "Punkt"),
)  # fmt: skip


def test_orders_that_cannot_be_are_refused_with_a_sentence(
    folder: Path, wall: Wall, conduct: Callable[[float], Conducting]
) -> None:
    """And nothing of them stands in the journal."""
    desk = DirectionDesk(folder, wall=wall)
    desk.do("go_on")
    conduct(0)
    before = desk.view()
    for order, said, sentence in REFUSED:
        say = partial(desk.observe, *said) if order == "note" else partial(desk.do, order, *said)
        with pytest.raises(UsageError, match=sentence):
            say()
    assert desk.view() == before


def test_other_computers_are_told_how_the_clock_goes(
    folder: Path, wall: Wall, conduct: Callable[[float], Conducting]
) -> None:
    """One entry for each change and none for a crash that changed nothing; whatever of them
    arrives, the last word alone says all."""
    desk = DirectionDesk(folder, wall=wall)
    begin = desk.conductor.script.begin
    conduct(0)
    for order in ((("go_on",)), ("tempo", 2.0), ("jump", "X+02:00", False), ("pause",), ("end",)):
        desk.do(*order)
        conduct(20)
        conduct.running.pop().close()  # type: ignore[attr-defined]
        wall.now += 600
        conduct(0)
    found = sorted(rows(folder, "sae-rheine", KIND), key=lambda row: row.id)
    told = [ToldClock.of(row) for row in found]
    assert [(each.state, each.tempo) for each in told] == [
        ("steht", 100), ("läuft", 100), ("steht", 100), ("läuft", 100), ("läuft", 200),
        ("steht", 200), ("läuft", 200), ("läuft", 200), ("steht", 200), ("läuft", 200),
        ("steht", 200), ("beendet", 200),
    ]  # fmt: skip
    assert {each.begin for each in told} == {begin}
    record = read_record(folder)
    ms, clock = record.marks[-1]
    assert told[-1].at == begin + clock.passed(ms) // 1000
    assert all(one.at <= other.at for one, other in pairwise(told))
    for seconds, words in ((40, 1), (40, 1), (60, 2), (300, 2)):  # nobody is known to have heard
        conduct(seconds)
        assert len(rows(folder, "sae-rheine", KIND)) == len(told) + words
    with closing(Station.open(folder / "beobachtung-1")) as observer:
        hand_over(Station.open(folder / "uebungsleitung", read_only=True), observer)
        assert told_clock(observer.reader, observer.directory) == told[-1]
        assert clock_words(observer.reader, observer.directory, observer.timebase) == "beendet"
