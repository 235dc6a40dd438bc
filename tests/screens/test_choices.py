# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lists to choose from: one key does one thing."""

from __future__ import annotations

from pathlib import Path

from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


def test_choosing_a_status_does_nothing_else(rheine: Path) -> None:
    """The choice begins at what holds now; Enter takes it and does not open the entry as well."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("5", "s", "down", "enter")
        assert app.screen is app.main
        await app.sending.flush()
        await hands.settle()
        assert "in Arbeit" in picture(app)
        await hands.press("s")
        assert ">x in Arbeit" in picture(app)
        await hands.press("enter")
        assert app.screen is app.main
        assert app.sending.notice == ""

    play(rheine, doing)
