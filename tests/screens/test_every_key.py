# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every key in every place: whatever is pressed wherever, the screen stays and nothing breaks."""

from __future__ import annotations

import asyncio
import random
import string
from pathlib import Path

import pytest
from textual.events import Key

from lage.documents.library import file_away
from lage.station import Station
from lage.views.lists import LISTS
from tests.fixtures import FixedClock
from tests.screens import stage
from tests.screens.picture import CHARACTERS, picture, rest, running
from tui import actions
from tui.actions import ACTIONS
from tui.app.app import LageApp
from tui.screens.detail import DetailScreen
from tui.screens.main import MORE, VIEWS

NAMES = {character: name for name, character in CHARACTERS.items()}
NAMES |= {"!": "exclamation_mark", "/": "slash", "+": "plus", "?": "question_mark"}
PRINTABLE = [NAMES.get(c, c) for c in string.printable[:95] if not c.isupper()] + ["ä", "ß", "€"]
DECLARED = [key for action in ACTIONS.values() for key in (action.key, *action.aliases) if key]
FUNCTION = [f"f{number}" for number in range(1, 13)]
CTRL = [f"ctrl+{letter}" for letter in string.ascii_lowercase]
MOVING = ["up", "down", "left", "right", "pageup", "pagedown", "home", "end", "tab", "shift+tab"]
KEYS = list(dict.fromkeys([*DECLARED, *FUNCTION, *CTRL, *MOVING, "enter", "delete", *PRINTABLE]))
ANYWHERE = {action.key for action in actions.in_groups(actions.EVERYWHERE, actions.GO)}
"""Do the same in every view: all are pressed over ``ALL``, list and detail, in each other view
every sixth."""
MEANT = {*DECLARED, *MOVING, "enter", "delete"}
"""What a view may answer to; of the other keys, which do nothing, each place gets every
sixth; the campaign presses all of them everywhere."""
ALL = "message"
LEADING = "leitung"  # reached where an exercise is led only: tests/screens/test_direction.py
PLACES = [place for place in dict.fromkeys([*VIEWS, *MORE, *LISTS]) if place != LEADING]
SIZES = [(80, 24), (40, 15), (160, 45)]


async def press(app: LageApp, key: str) -> None:
    """One key, and all that follows from it."""
    app.post_message(Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
    await rest(app)


async def _back_to(app: LageApp, place: str, *, opened: bool) -> None:
    """As it was before the key: that view, and the entry under the cursor open or not."""
    while app.screen is not app.main:
        if opened and isinstance(app.screen, DetailScreen):
            break
        await app.pop_screen()
    if app.main.current != place:
        await app.main.show(place)
    view = app.main.view
    assert view is not None
    if opened and app.screen is app.main and (entity := view.selected()) is not None:
        await app.open_detail(entity)


def _keys_for(place: str, share: int, *, opened: bool) -> list[str]:
    """All of them, or of those that mean nothing there one in ``share``."""
    if place == ALL or share == 1:
        return KEYS
    turn = PLACES.index(place) + opened
    views = place in VIEWS and not opened
    return [
        key
        for number, key in enumerate(KEYS)
        if ((number + turn) % share == 0 and (views or key not in ANYWHERE))
        or key in MEANT - ANYWHERE
    ]


def _with_more(folder: Path) -> None:
    """Entries of the kinds that the county for pictures has none of."""
    clock = FixedClock()
    station = Station.open(folder, clock=clock)
    p = stage.Play({stage.RHE: station}, clock)
    p.write(stage.RHE, "contact", function="S6", text="05971 1")
    p.write(stage.RHE, "handover", from_person="Kro", to_person="Mey", text="Alles ruhig")
    p.write(stage.RHE, "group", name="Ems-Anlieger")
    plan = folder / "plan.txt"
    plan.write_text("Deichplan", "utf8")
    file_away(station, plan)
    station.close()


@pytest.mark.parametrize("share", [6, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("place", PLACES)
def test_no_key_breaks_a_place(rheine: Path, place: str, share: int) -> None:
    """Each key by itself, from the list and from an entry opened there; the frame is there and no
    fault was noted."""
    _with_more(rheine)
    size = SIZES[len(place) % len(SIZES)]

    async def run() -> None:
        async with running(rheine, size, undo_s=600.0) as (app, _):
            await app.go(place)
            for opened in (False, True):
                await _back_to(app, place, opened=opened)
                if opened and app.screen is app.main:
                    break  # no entry there: the same as the list
                for key in _keys_for(place, share, opened=opened):
                    await _back_to(app, place, opened=opened)
                    await press(app, key)
                    assert app.is_running, key
                    assert app.bridge.noted == 0, key
            await _back_to(app, place, opened=False)
            assert "SAE Rheine" in picture(app)

    asyncio.run(run())


def test_capitals_do_what_letters_do(rheine: Path) -> None:
    """Shift or Caps Lock change nothing: every letter that is bound is bound as a capital too."""

    async def run() -> None:
        async with running(rheine) as (app, _):
            for view in ("lage", "message", "karte"):
                await app.go(view)
                shown = app.main.view
                assert shown is not None
                bound = {*shown._bindings.key_to_bindings, *app.main._bindings.key_to_bindings}
                letters = {key for key in bound if len(key) == 1 and key.islower()}
                assert {letter.upper() for letter in letters} <= bound

    asyncio.run(run())


@pytest.mark.parametrize("size", SIZES)
def test_keys_in_any_order_break_nothing(rheine: Path, size: tuple[int, int]) -> None:
    """Two hundred keys one after the other, forms and boxes left open as they come."""
    _with_more(rheine)
    chance = random.Random(size[0])
    keys = chance.choices([key for key in KEYS if key not in ("ctrl+q", "ctrl+c")], k=200)

    async def run() -> None:
        async with running(rheine, size, undo_s=600.0) as (app, _):
            for number, key in enumerate(keys):
                await press(app, key)
                assert app.bridge.noted == 0, keys[: number + 1]

    asyncio.run(run())
