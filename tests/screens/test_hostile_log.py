# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever members signed: every list, panel, map and detail shows it, and no fault is noted."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from lage.kinds.model import Query
from lage.kinds.schema import SCHEMA
from tests.fuzz.situation import poisoned
from tests.screens.picture import picture, running
from tests.screens.test_every_key import PLACES, press
from tui.app.app import LageApp
from tui.screens.lists import TableView
from tui.screens.map import MapView

OPERATIONS = 250
SHOWN_MAX = 2
DEEDS = ("q", "a", "w", "v", "s", "e", "k", "t", "u", "r", "x", "i", "o")
"""Keys of what is done with an entry: each opens a form, a box, the map, or refuses."""


async def _look_around(app: LageApp) -> None:
    """Every view, down its rows."""
    for place in PLACES:
        await app.go(place)
        view = app.main.view
        if isinstance(view, TableView):
            for key in ("end", "f", "enter"):
                await press(app, key)
        elif isinstance(view, MapView):
            for key in ("plus", "plus", "enter", "escape", "minus", "k"):
                await press(app, key)
        await _home(app)
        _no_fault(app, place)
        assert "SAE Rheine" in picture(app)


async def _open_some(app: LageApp, chance: random.Random) -> None:
    """Entries of every kind in full, and what may be done with them."""
    for kind in SCHEMA.kinds:
        query = Query(kind.name, limit=50)
        found = await app.bridge.look(lambda s, query=query: s.reader.select(query))
        for record in chance.sample(found, min(SHOWN_MAX, len(found))):
            await app.open_detail(record.id)
            await press(app, "end")
            await press(app, chance.choice(DEEDS))
            await _home(app)
            _no_fault(app, record)


def _no_fault(app: LageApp, place: object) -> None:
    log = app.bridge.folder / "fehler.log"
    assert app.bridge.noted == 0, f"{place}\n{log.read_text('utf8')}"


async def _home(app: LageApp) -> None:
    while app.screen is not app.main:
        await app.pop_screen()


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 45), marks=pytest.mark.long)])
def test_every_screen_shows_whatever_stands_in_the_log(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    """Operations of the whole grammar, as hostile members may sign them."""
    chance = random.Random(f"screens {size}")
    station = poisoned(tmp_path, chance, OPERATIONS)
    folder = station.folder
    station.close()

    async def run() -> None:
        async with running(folder, size, undo_s=600.0, faults=None) as (app, _):
            await _home(app)
            await _look_around(app)
            await _open_some(app, chance)

    asyncio.run(run())
