# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One key makes an entry public, after a question with the words people will read; and takes it
back."""

from __future__ import annotations

from pathlib import Path

from lage.reports.board import board_of
from lage.station import Station
from lage.views.board import Item
from tests.fixtures import FixedClock
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


def test_one_key_releases_and_takes_back(rheine: Path) -> None:
    """A gauge in its list, what is out of order in the Versorgung; nothing without the answer."""

    def public() -> tuple[list[Item], list[str]]:
        station = Station.open(rheine, clock=FixedClock())
        board = board_of(station)
        station.close()
        return list(board.items), [gauge.name for gauge in board.gauges]

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("6", "home", "ctrl+f")
        assert "für alle sichtbar machen?" in " ".join(picture(app).split())
        await hands.press("escape")
        assert public() == ([], [])
        await hands.press("ctrl+f", "enter")
        assert len(public()[1]) == 1
        await hands.press("ctrl+f")
        assert "Zurückziehen" in picture(app)
        await hands.press("enter")
        assert public() == ([], [])
        await hands.press("l", "home")
        shown = picture(app).splitlines()
        first = next(n for n, line in enumerate(shown) if line.startswith(">"))
        town = next(n for n, line in enumerate(shown) if "teils" in line)
        await hands.press(*(["down"] * (town - first)), "ctrl+f")
        assert "öffentlich zeigen" in picture(app)
        await hands.press("enter", "enter")
        assert [item.topic for item in public()[0]] == ["ausfall"]

    play(rheine, doing)
