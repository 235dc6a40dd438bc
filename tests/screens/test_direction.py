# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The desk of an exercise's direction: its pictures, and a director's work by keyboard alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lage.exercise.direction.conducting import Conducting
from lage.exercise.direction.desk import DirectionDesk
from lage.exercise.direction.record import read_record
from lage.exercise.direction.setting_up import Plan, set_up
from lage.exercise.direction.state import Standing
from lage.kinds.model import Query
from lage.station import Station
from lage.views.exercise_clock import clock_words
from tests.screens.picture import UNICODE, Hands, compare, picture, running
from tui.app.app import LageApp

SCRIPT = """
name: Hochwasser an der Ems
beginn: 24.11.2026 05:30
phasen:
  - {name: Anlauf, ab: X+00}
stellen:
  - {name: Krisenstab Steinfurt, rolle: krisenstab, besetzung: Menschen}
  - {name: SAE Rheine, rolle: sae, besetzung: Menschen}
  - {name: SAE Greven, rolle: sae}
ablauf:
  - {nr: 1, zeit: X+05, weg: Telefon, von: Bürgerin aus Wettringen, an: Krisenstab Steinfurt,
     inhalt: "Bei uns ist seit einer Stunde der Strom weg. Wo bekomme ich Wasser?",
     erwartet: Verweis auf den Notfall-Infopunkt, bewertung: "Wird die Gemeinde verständigt?"}
  - {nr: 2, zeit: X+10, stelle: SAE Greven, nachricht: {An: Krisenstab Steinfurt,
     Inhalt: Der Deich an der Schöneflieth sickert, Quittung: ja}}
  - {nr: 3, zeit: X+20, stelle: SAE Greven, nachricht: {An: alle, Inhalt: Schule wird geräumt}}
  - {nr: 4, zeit: "wenn bis X+40 2 nicht quittiert ist", weg: Fax, von: Bezirksregierung,
     an: Krisenstab Steinfurt, inhalt: "Bitte um Lagemeldung bis 07:00"}
"""


class Nobody:
    """No processes: everybody is at this computer, and nobody needs the air."""

    def turn(self, cut: set[tuple[str, str]]) -> None:
        """Nothing to keep."""

    def standing(self, stations: Mapping[str, Station]) -> bool:
        """The net stands."""
        return True

    handed_on = False

    def hand_on(self, direction: Station) -> None:
        """Nobody waits for anything."""
        self.handed_on = True

    def close(self) -> None:
        """Nothing to end."""


class Wall:
    """The clock on the wall."""

    def __init__(self) -> None:
        self.now = 1_795_494_600.0

    def __call__(self) -> float:
        """Unix seconds."""
        return self.now


@pytest.fixture
def wall() -> Wall:
    """One that passes when told to."""
    return Wall()


@pytest.fixture
def folder(tmp_path: Path, wall: Wall) -> Path:
    """An exercise that was set up."""
    script = tmp_path / "hochwasser.yaml"
    script.write_text(SCRIPT, "utf8")
    set_up(tmp_path / "uebung", script, Plan(), wall=wall)
    return tmp_path / "uebung"


@pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (160, 45)], ids=["80x24", "120x40", "160x45"]
)
def test_the_desk_looks_as_in_its_golden_texts(
    size: tuple[int, int], folder: Path, wall: Wall
) -> None:
    """Cards first, then what comes; what was given; who takes part; observations; the talk."""
    desk = DirectionDesk(folder, wall=wall)
    with_process = Conducting(folder, processes=Nobody(), wall=wall)
    with_process.turn()
    desk.do("go_on")
    for passed in (0, 600, 60):
        wall.now += passed
        with_process.turn()
    desk.do("cut", "SAE Rheine", "Funk")
    desk.observe("SAE Rheine", "Der Sichter verteilt zügig, S2 führt keine Karte")
    desk.do("wash", "Wer gibt Quittungen bei Schichtwechsel?")
    desk.do("pause")
    with_process.turn()

    async def run() -> dict[str, str]:
        shots = {}
        marked = {"exercise": True, "direction": desk, "shown_on": UNICODE}
        async with running(desk.own, size, **marked) as (app, hands):  # type: ignore[arg-type]
            for name, keys in (
                ("leitung", ()),
                ("leitung_gegeben", ("f",)),
                ("leitung_stellen", ("f",)),
                ("leitung_beobachtet", ("f",)),
                ("leitung_gespraech", ("f",)),
            ):
                await hands.press(*keys)  # fmt: skip
                shots[name] = picture(app)
        return shots

    try:
        for name, shown in asyncio.run(run()).items():
            compare(f"{name}_{size[0]}x{size[1]}", shown)
    finally:
        with_process.close()


def test_a_director_conducts_by_keyboard_alone(folder: Path, wall: Wall) -> None:
    """Start, pause, give one, leave one out, insert one, note an observation, jump, end."""
    desk = DirectionDesk(folder, wall=wall)
    processes = Nobody()
    conducting = Conducting(folder, processes=processes, wall=wall)
    conducting.turn()

    async def run() -> None:
        async with running(desk.own, exercise=True, direction=desk) as (app, hands):

            async def act(*keys: str, typed: str = "", then: tuple[str, ...] = ()) -> str:
                await hands.press(*keys)
                await hands.type(typed)
                await hands.press(*then)
                conducting.turn()
                await shows(app, hands, lambda text: "Leitung" in text)
                return picture(app)

            await act("space")
            assert desk.view().state == "läuft"
            wall.now += 60
            await act("space")
            assert desk.view().state == "steht"
            assert desk.view().passed == "X+00:01:00"
            await act("p")  # the first one, a card
            assert [card.nr for card in desk.view().cards] == ["1"]
            await shows(app, hands, lambda text: "TELEFON" in text)
            await act("home", "v", typed="Meyer", then=("enter",))
            assert desk.view().cards == ()
            await act("home", "a")
            assert "2" in {each.nr for each in desk.view().past if each.standing == "ausgelassen"}
            await act("n", typed="Polizei", then=("enter", "down", "enter", "enter"))
            await act(typed="B 54 gesperrt", then=("enter",))
            await act("ctrl+b", "down", "enter", typed="Ruhig", then=("enter",))
            await act("space")
            conducting.turn()
            assert "kein Tempo" in await act("t", typed="x", then=("enter",))
            await act("escape", "s", typed="X+00", then=("enter",))
            assert "Zurück geht die Übungsuhr nicht" in picture(app), (
                "said before the next question"
            )
            await act("backspace", "backspace", typed="30", then=("enter", "enter"))
            place = [each.nr for each in desk.view().past].index("E1")
            read = await act("f", *["down"] * place, "enter")
            assert "Empfang:" in read
            assert "empfangen von den Adressaten: 0 von 1" in read, "nobody carries anything here"
            await act("escape", "q", "enter")
            assert desk.view().state == "beendet"

    try:
        asyncio.run(run())
    finally:
        conducting.close()
    record = read_record(folder)
    given = {nr: (did.standing, did.cause and did.cause.value) for nr, did in record.given.items()}
    assert given == {
        "1": (Standing.GIVEN, "hand"), "2": (Standing.SKIPPED, None),
        "3": (Standing.SKIPPED, None), "E1": (Standing.GIVEN, "zeit"),
    }  # fmt: skip
    assert record.given["1"].by == "Meyer"
    assert [(note.staff, note.text, note.s) for note in record.notes] == [
        ("Krisenstab Steinfurt", "Ruhig", 60)
    ]
    assert record.ended
    station = Station.open(desk.own, read_only=True)
    (message,) = station.reader.select(Query("message"))
    assert clock_words(station.reader, station.directory, station.timebase) == "beendet"
    assert processes.handed_on, "the others hear it before their air ends"
    assert (message.text("text"), message.text("external_sender")) == ("B 54 gesperrt", "Polizei")
    station.close()


def test_what_the_clock_gives_first_is_not_the_next_one_that_a_key_hits(
    folder: Path, wall: Wall
) -> None:
    """The cursor stays on its inject: given meanwhile, the keys hit nothing and say so; what was
    given by hand is named, and the cursor goes on."""
    desk = DirectionDesk(folder, wall=wall)
    conducting = Conducting(folder, processes=Nobody(), wall=wall)
    conducting.turn()
    desk.do("go_on")
    desk.do("skip", "1")
    conducting.turn()

    def waiting() -> set[str]:
        return {each.nr for each in desk.view().coming}

    async def run() -> None:
        async with running(desk.own, exercise=True, direction=desk) as (app, hands):
            assert app.main.view is not None
            await hands.press("home")
            wall.now += 601  # the clock gives the first one, number 2
            conducting.turn()
            await shows(app, hands, lambda text: "Schöneflieth" not in text)
            for key in "p", "a":
                await hands.press(key)
                assert waiting() == {"3", "4"}
                assert "Einlage 2 „Der Deich an der Schöneflieth sickert“ steht" in picture(app)
            await hands.press("down", "p")
            assert waiting() == {"4"}
            assert "Einlage 3 „Schule wird geräumt“ wird jetzt gegeben." in picture(app)
            await hands.press("a")
            assert waiting() == set()
            assert "Einlage 4 „Bitte um Lagemeldung bis 07:00“ wird ausgelassen" in picture(app)

    try:
        asyncio.run(run())
    finally:
        conducting.close()


async def shows(app: LageApp, hands: Hands, holds: Callable[[str], bool]) -> None:
    """Wait until the screen shows it."""

    async def there() -> bool:
        await hands.settle()
        return holds(picture(app))

    await hands.until(there)
