# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is drawn fits the room that there is, however the layout came about."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.events import Resize
from textual.geometry import Size

from tests.screens.picture import Hands, running
from tests.screens.test_behaviour import play
from tui.app.app import LageApp
from tui.screens.map import MapView
from tui.widgets.base import Lines


class _Asks(Lines):
    """Writes down which sizes it was told."""

    def __init__(self) -> None:
        super().__init__([()])
        self.heard: list[Size] = []

    def on_resize(self, event: Resize) -> None:
        """Told."""
        self.heard.append(event.size)


def test_after_each_layout_whoever_has_not_heard_of_its_size_is_told(rheine: Path) -> None:
    """Asked too early, it was laid out unnoticed; Textual itself sends no word of that."""

    async def doing(app: LageApp, hands: Hands) -> None:
        early, other = _Asks(), _Asks()
        await app.main.query_one("#body").mount(early, other)
        await hands.settle()
        early._told = Size()
        early.heard.clear()
        other.styles.height = 3
        await hands.settle()

        assert early.heard == [early.outer_size]

    play(rheine, doing)


def test_the_map_shows_the_whole_county_in_any_window_until_somebody_zooms(rheine: Path) -> None:
    """Not the part that fitted the window it was first drawn in."""

    async def run() -> None:
        async with running(rheine, (120, 40)) as (app, hands):
            await hands.press("0")
            view = app.main.view
            assert isinstance(view, MapView)
            assert view._port is not None
            large = view._port
            await hands.pilot.resize_terminal(80, 24)
            await hands.settle()
            assert view._port.cell_m > large.cell_m * 1.3
            await hands.pilot.resize_terminal(120, 40)
            await hands.settle()
            assert view._port == large
            await hands.press("plus")
            near = view._port.cell_m
            await hands.pilot.resize_terminal(80, 24)
            await hands.settle()
            assert view._port.cell_m == near < large.cell_m

    asyncio.run(run())
