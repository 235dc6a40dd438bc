# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A past moment on the screen: unmistakable, and nothing can be written."""

from __future__ import annotations

from pathlib import Path

from lage.archive.replay import replay
from lage.station import Station
from tests.fixtures import START, FixedClock
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


def test_the_past_looks_like_it_and_takes_no_entry(rheine: Path, tmp_path: Path) -> None:
    """Both bars say which moment; no key that writes is offered."""
    target = tmp_path / "damals"
    station = Station.open(rheine, clock=FixedClock(START))
    replay(station, target, station.now() - 3600, known_today=True)
    station.close()

    async def look(app: LageApp, hands: Hands) -> None:
        shown = picture(app).splitlines()
        marks = [line for line in shown if "WIEDERGABE 241430nov26, nach heutigem Stand" in line]
        assert len(marks) == 2
        assert "241430nov26" in shown[0]
        await hands.press("f3")
        assert "nur an" in " ".join(picture(app).split())

    play(target, look)
