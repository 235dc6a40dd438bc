# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The beginner's exercise from beginning to end, in virtual time: by keyboard, and by nobody.

The county is simulated, its staffs are played, Rheine's screen runs on Rheine's folder.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lage.exercise.scenarios import scenario
from lage.exercise.script.model import At
from lage.exercise.script.read import read_script
from lage.exercise.simulation.county import AirPlan, SimulatedCounty
from lage.exercise.simulation.places import cast_of, relays_of, sites_of
from lage.exercise.simulation.playing import Playing
from tests.fixtures import write_node
from tests.screens.picture import Hands, picture, running
from tui.app.app import LageApp

RHEINE = "SAE Rheine"
MINUTE_MS = 60_000
SETTLE_MS = 5 * MINUTE_MS
NUMBERS = [str(n) for n in range(1, 11)]

Doing = Callable[[Hands], Awaitable[None]]


@contextmanager
def exercise(folder: Path) -> Iterator[tuple[SimulatedCounty, Playing]]:
    """The exercise at X+00, with people in Rheine."""
    script = read_script(scenario("erste-schritte"))
    begin = script.begin - SETTLE_MS // 1000
    cast = sites_of(cast_of(script, None))
    plan = AirPlan(loss=0.0, chatter=False)
    with SimulatedCounty(folder, "Probe", begin, cast, relays_of(script), plan, 1) as county:
        county.run_until(SETTLE_MS)
        yield county, Playing(script, county, SETTLE_MS, manned=[RHEINE])


def met(playing: Playing) -> set[str]:
    """Numbers of the tasks that the machine sees done."""
    return {nr for nr in NUMBERS if playing.expected.when_met(nr) is not None}


def fired(playing: Playing) -> set[str]:
    """Numbers of what was given."""
    doings = playing.conductor.state.doings
    return {nr for nr, did in doings.items() if did.fired_s is not None and nr[0] not in ">!~"}


async def _journal(hands: Hands) -> None:
    await hands.press("f3")
    await hands.type("arbeitsfähig")
    await hands.press("ctrl+s")


async def _receipt(hands: Hands) -> None:
    await _message_about(hands, "Stu")
    await hands.press("q")
    await hands.type("Ro")
    await hands.press("enter")


async def _incident(hands: Hands) -> None:
    await hands.press("f4")
    await hands.type("Stromausfall")
    await hands.press("tab")
    await hands.type("Heim")
    await hands.press("tab")
    await hands.type("Elte")
    await hands.press("ctrl+s")


async def _message(hands: Hands) -> None:
    await hands.press("f2")
    await hands.type("Greven")
    await hands.press("tab", "tab")
    await hands.type("Aggregate")
    await hands.press("ctrl+s")


async def _answer(hands: Hands) -> None:
    await _message_about(hands, "Woh")
    await hands.press("a")
    await hands.type("Feuerwehrhaus")
    await hands.press("ctrl+s")


async def _order(hands: Hands) -> None:
    await hands.press("5", "t")
    await hands.type("Greven")
    await hands.press("tab")
    await hands.type("Elte")
    await hands.press("ctrl+s")


async def _reading(hands: Hands) -> None:
    await hands.press("f5")
    await hands.type("Rheine U")
    await hands.press("right", "tab")
    await hands.type("412")
    await hands.press("ctrl+s")


async def _stock(hands: Hands) -> None:
    await hands.press("8", "n")
    await hands.type("-800")
    await hands.press("ctrl+s")


async def _status(hands: Hands) -> None:
    await hands.press("5", "s", "u", "enter")


async def _search(hands: Hands) -> None:
    await hands.press("f6")
    await hands.type("netzl")
    await hands.press("enter", "enter")
    assert "4711" in picture(hands.pilot.app)
    await hands.press("f2")
    await hands.type("Übungsl")
    await hands.press("right", "tab", "tab")
    await hands.type("4711")
    await hands.press("ctrl+s")


async def _message_about(hands: Hands, word: str) -> None:
    """Select the message that says it."""
    await hands.press("3", "slash")
    await hands.type(word)
    await hands.press("enter")


DOINGS: dict[str, Doing] = {
    "1": _journal,
    "2": _receipt,
    "3": _incident,
    "4": _message,
    "5": _answer,
    "6": _order,
    "7": _reading,
    "8": _stock,
    "9": _status,
    "10": _search,
}


def test_ten_tasks_are_done_by_keyboard_and_each_is_seen(tmp_path: Path) -> None:
    """Not before, and at once after; nobody needs help, and the end says that all ten are done."""
    with exercise(tmp_path) as (county, playing):
        laptop = county.laptops[RHEINE]
        write_node(laptop.station)
        asyncio.run(_do_all(county, playing, laptop.station.folder))

        assert fired(playing) == {"V1", "V2", "V3", *NUMBERS, "11"}


async def _do_all(county: SimulatedCounty, playing: Playing, folder: Path) -> None:
    clock = county.laptops[RHEINE].station.unix
    async with running(folder, exercise=True, clock=clock) as (app, hands):
        assert isinstance(app, LageApp)
        for place, nr in enumerate(NUMBERS):
            inject = playing.conductor.inject(nr)
            assert inject is not None
            assert isinstance(inject.when, At)
            playing.run(round((inject.when.minute + 1) * MINUTE_MS))
            assert met(playing) == set(NUMBERS[:place]), picture(app)
            await DOINGS[nr](hands)
            await app.sending.flush()
            county.look(RHEINE)
            playing.run(round((inject.when.minute + 2) * MINUTE_MS))
            assert met(playing) == set(NUMBERS[: place + 1]), picture(app)
            await hands.press("escape", "escape", "1")
        playing.run(45 * MINUTE_MS)


def test_who_does_nothing_is_helped_ten_times_and_told_so(tmp_path: Path) -> None:
    """No check is met, every help comes three minutes after its task, and nobody is praised."""
    with exercise(tmp_path) as (_, playing):
        playing.run(45 * MINUTE_MS)

        doings = playing.conductor.state.doings
        assert met(playing) == set()
        helps = {f"H{nr}" for nr in NUMBERS}
        assert fired(playing) == {"V1", "V2", "V3", *NUMBERS, *helps, "4x", "12"}
        for nr in NUMBERS:
            assert doings[f"H{nr}"].fired_s == (doings[nr].fired_s or 0) + 180
