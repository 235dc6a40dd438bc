# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A ``.mitteilung`` of the county, read on the screen."""

from __future__ import annotations

from pathlib import Path

from lage.archive.notice import write_notice
from lage.station import Station
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


def test_a_notice_is_read_from_the_palette(rheine: Path, tmp_path: Path) -> None:
    """The palette asks for the file and says what came of it; a wrong one is said, too."""
    station = Station.open(rheine)
    good, bad = tmp_path / "k.mitteilung", tmp_path / "x.mitteilung"
    good.write_text(write_notice(station.store, station.network_keys), "utf8")
    bad.write_text("LAGE-MITTEILUNG-1:AAAA", "utf8")
    station.close()

    async def doing(app: LageApp, hands: Hands) -> None:
        for path, said in ((good, "demselben Stand"), (bad, "beschädigt"), (tmp_path, "Die Datei")):
            await hands.press("ctrl+p")
            await hands.type("Mitteilung einlesen")
            await hands.press("enter")
            assert "welche Datei" in picture(app)
            await hands.type(str(path))
            await hands.press("enter")
            assert said in picture(app)

    play(rheine, doing)
