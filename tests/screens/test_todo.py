# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is to be done, from the first screen, with one key; its number of keys is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from lage.station import Station
from tests.fixtures import FixedClock, share
from tests.screens import stage
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


def _first(app: LageApp) -> str:
    """The row under the cursor."""
    return next(line for line in picture(app).splitlines() if line.startswith(">"))


def test_one_key_confirms_whatever_waits(rheine: Path) -> None:
    """Noted, confirmed by name, accepted; each is gone from the queue, and what was noted can wait
    again."""

    async def doing(app: LageApp, hands: Hands) -> None:
        assert "steigt 42 cm/h" in _first(app)
        assert "j Bestätigen" in picture(app)
        await hands.press("j")
        assert "ZU TUN 6" in picture(app)
        assert "SOFORT KST-N1" in _first(app)
        before = hands.presses
        await hands.press("j")
        await hands.type("Kroll")
        await hands.press("enter")
        await app.sending.flush()
        await hands.settle()
        assert hands.presses - before - len("Kroll") == 2
        assert "ZU TUN 5" in picture(app)
        await hands.press("down", "j")
        assert "Auftrag KST-A1 angenommen: gespeichert" in picture(app)
        await hands.press("exclamation_mark", "end", "up", "j")
        assert "Anforderung KST-F1 angenommen: gespeichert" in picture(app)
        await hands.press(*["f"] * 6)
        assert "steigt 42 cm/h" in _first(app)
        await hands.press("j", "1", "home")
        assert "steigt 42 cm/h" in picture(app)

    play(rheine, doing)
    station = Station.open(rheine)
    told = [alarm.text for alarm in station.queue()]
    station.close()
    assert not any("KST-N1" in text or "KST-F1" in text for text in told)
    assert any("KST-A1, überfällig" in text for text in told), "accepted and late is still to do"


def test_what_was_asked_of_all_is_taken_by_one_or_left(rheine: Path) -> None:
    """Two ways, and the one that commits the staff is said as such."""
    county = rheine.parent
    clock = FixedClock()
    stations = {n: Station.open(county / n, clock=clock) for n in "123"}
    stage.Play({stage.GRE: stations["3"]}, clock).write(
        stage.GRE, "request", item="Feldbetten", amount="50", priority="sofort"
    )
    share(*stations.values())
    for each in stations.values():
        each.close()

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("exclamation_mark")
        for _ in range(5):
            if "GRE-F1" not in _first(app):
                await hands.press("down")
        await hands.press("j")
        assert "Die Anforderung geht an alle" in picture(app)
        await hands.press("down", "enter")
        assert "GRE-F1" in picture(app), "left to the others it is open still"
        await hands.press("j", "enter")
        assert "GRE-F1 angenommen: gespeichert" in picture(app)

    play(rheine, doing)


def test_a_new_request_rings_once(rheine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On whatever screen somebody is; what was there before does not."""
    rung: list[int] = []
    monkeypatch.setattr("tui.app.alarming.QUEUE_S", 0.0)
    monkeypatch.setattr(LageApp, "bell", lambda _: rung.append(1))

    async def doing(app: LageApp, hands: Hands) -> None:
        assert rung == []
        county, clock = rheine.parent, FixedClock()
        stations = {n: Station.open(county / n, clock=clock) for n in "23"}
        stage.Play({stage.GRE: stations["3"]}, clock).write(
            stage.GRE, "request", item="Feldbetten", to=stage.RHE
        )
        share(*stations.values())
        for each in stations.values():
            each.close()
        await hands.press("3")
        await app.refresh_if_changed()
        await app.alarming.look()
        await app.alarming.look()
        assert rung == [1]

    play(rheine, doing)
