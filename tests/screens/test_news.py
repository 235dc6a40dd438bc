# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is new since somebody looked, with one key."""

from __future__ import annotations

from pathlib import Path

from lage.station import Station
from lage.views.news import news
from lage.write import commands
from tests.fixtures import FixedClock, share
from tests.screens.picture import Hands, picture
from tests.screens.stage import GRE, Play
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


def test_what_others_changed_since_the_last_look_has_a_view(rheine: Path) -> None:
    """What was, what is, by whom; what we wrote ourselves is not there, nor what was seen."""

    def change() -> None:
        clock = FixedClock()
        clock.unix += 600
        ours, greven = (Station.open(rheine.parent / name, clock=clock) for name in "23")
        (incident,) = [
            found
            for nr in (1,)
            if (found := greven.reader.by_number("incident", 3, nr)) is not None
        ]
        edited = {"status": "in Arbeit", "priority": "hoch"}
        greven.write(commands.edit(incident, edited, greven.parse_context()))
        Play({GRE: ours}, clock).write(GRE, "journal", text="eigenes")
        share(ours, greven)
        found = news(ours.context(), (0, 0))
        assert {each.who for each in found} <= {"Krisenstab Steinfurt", "SAE Greven"}
        ours.close()
        greven.close()

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("y")
        assert "Auftrag KST-A1" in picture(app), "the first look shows everything"
        await hands.press("1", "y")
        assert "nichts Neues seit dem letzten Blick" in picture(app)
        await hands.press("1")
        change()
        before = hands.presses
        await hands.press("y")
        shown = picture(app)
        assert hands.presses - before == 1
        assert "Vorfall GRE-1 in Arbeit" in shown
        assert "SAE Greven" in shown
        assert "eigenes" not in shown
        await hands.press("enter")
        assert "Vorfall GRE-1" in picture(app)
        await hands.press("escape", "f")
        assert "[12 h]" in picture(app)
        assert "KST-A1" in picture(app)

    play(rheine, doing)
