# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Searching in everything on the screen: filters among the words, kinds, what is new."""

from __future__ import annotations

from pathlib import Path

from lage.station import Station
from lage.views.search import SEEN
from tests.fixtures import FixedClock
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


def test_filters_stand_among_the_words(rheine: Path) -> None:
    """A filter restricts; a wrong one is said and changes nothing."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f6")
        await hands.type("stelle:Greven deich")
        await hands.press("enter")
        assert "Vorfall GRE-1" in picture(app)
        assert "RHE-" not in picture(app)
        await hands.press("f6", "ctrl+u")
        await hands.type("vorrang:eilig")
        await hands.press("enter")
        assert "gibt es hier nicht" in picture(app)
        assert "Vorfall GRE-1" in picture(app)

    play(rheine, doing)


def test_f_shows_what_is_new_and_then_single_kinds(rheine: Path) -> None:
    """What was shown whole counts as looked at; while it stands there it stays."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f6", "escape", "f")
        assert "[neu]" in picture(app)
        assert "0 gefunden" not in picture(app)
        assert app.bridge is not None
        newest = await app.bridge.look(lambda station: station.newest())
        assert await app.bridge.look(lambda station: station.setting(SEEN)) == newest
        await hands.press("f")
        assert "2 gefunden   f alle neu [Fälle]" in picture(app)
        await hands.press("f", "f", "f", "f", "f")
        assert "0 gefunden   f alle [neu]" in picture(app)

    play(rheine, doing)
    station = Station.open(rheine, clock=FixedClock())
    assert station.setting(SEEN) == station.newest()
    station.close()


def test_a_slip_and_a_plate_are_found_from_the_same_key(rheine: Path) -> None:
    """F6, the words, Enter: three keys to what the plate means, and the word that was meant."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f6")
        await hands.type("umspanwerk")
        await hands.press("enter")
        shown = picture(app)
        assert "gemeint: umspannwerk?" in shown
        assert "RHE-T2" in shown
        before = hands.presses
        await hands.press("f6")
        await hands.type("33/1203")
        await hands.press("enter", "enter")
        assert hands.presses - before - len("33/1203") == 3
        shown = picture(app)
        assert "33 / 1203" in shown
        assert "entzündbar" in shown

    play(rheine, doing)
