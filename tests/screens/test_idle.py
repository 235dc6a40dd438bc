# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nothing is painted while nobody types: a slow line stays free, a battery lasts."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from tests.screens.picture import Hands
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


@pytest.mark.parametrize("keys", [("f2",), ("f3",), ("3", "slash"), ("ctrl+p",)])
def test_no_cursor_blinks(keys: tuple[str, ...], rheine: Path) -> None:
    """Each blink would send a line of the screen twice a second."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press(*keys)
        fields = [*app.screen.query(Input), *app.screen.query(TextArea)]
        assert fields
        assert not any(field.cursor_blink for field in fields)

    play(rheine, doing)
