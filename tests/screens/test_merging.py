# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Merging incidents on the screen, and a concurrent edit whose loser is shown."""

from __future__ import annotations

from pathlib import Path

from lage.kinds.model import Draft, Query, Where
from lage.station import Station
from tests.fixtures import FixedClock, share
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp


def test_a_duplicate_is_merged_and_separated(rheine: Path) -> None:
    """i names the other incident; emptied it stands for itself again."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("5", "home")
        other = "GRE-1" if "Keller" in _chosen(app) else "RHE-1"
        await hands.press("i")
        await hands.type(other)
        await hands.press("enter")
        await app.sending.flush()
        assert f"= {other}" in _chosen(app)
        await hands.press("i", "ctrl+u", "enter")
        await app.sending.flush()
        assert "= " not in _chosen(app)

    play(rheine, doing)
    station = Station.open(rheine, clock=FixedClock())
    assert station.reader.count(Query("incident", (Where("merged_into", "known"),))) == 0
    steps = [s for r in station.reader.select(Query("incident"))
             for s in station.reader.history(r.id) if "merged_into" in s.changes]  # fmt: skip
    assert len(steps) == 2
    station.close()


def _chosen(app: LageApp) -> str:
    return next(line for line in picture(app).splitlines() if line.startswith(">"))


def test_both_sides_of_a_concurrent_edit_are_shown(county: Path) -> None:
    """Two staffs change the same figure unheard: one holds, the other is marked as overtaken."""
    stations = [Station.open(county / name, clock=FixedClock()) for name in "123"]
    (incident, *_) = stations[1].reader.select(Query("incident", (Where("author", "=", 2),)))
    stations[1].write([Draft("incident", {"affected": 41}, incident.id)])
    stations[2].write([Draft("incident", {"affected": 43}, incident.id)])
    share(*stations)
    for station in stations:
        station.close()

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("5", "home")
        while "Keller" not in _chosen(app):
            await hands.press("down")
        await hands.press("enter", "end")
        shown = " ".join(picture(app).split())
        assert "Betroffene: 41 (überstimmt: gleichzeitig von" in shown
        assert "Betroffene: 43" in shown
        assert "Betroffene: 43 (" not in shown

    play(county / "2", doing)


def test_a_wrong_clock_and_an_overruled_change_are_said(county: Path) -> None:
    """Two staffs write two years later than we live: said when a form opens. What they changed
    while our form was open holds, and the screen says so instead of "gespeichert"."""
    ahead = FixedClock()
    ahead.advance(63_072_000)
    ours = Station.open(county / "2", clock=FixedClock())
    others = [Station.open(county / name, clock=ahead) for name in "13"]
    for station in others:
        station.write([Draft("journal", {"text": "Lage ruhig"})])
    share(ours, *others)
    (incident, *_) = ours.reader.select(Query("incident", (Where("author", "=", 2),)))

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("5", "home")
        while "Keller" not in _chosen(app):
            await hands.press("down")
        await hands.press("e")
        assert "Die Uhr dieses Rechners geht" in " ".join(picture(app).split())
        others[1].write([Draft("incident", {"units": "LZ Greven"}, incident.id)])
        share(ours, *others)
        while app.focused is None or app.focused.id != "f_units":
            await hands.press("tab")
        await hands.press("ctrl+u")
        await hands.type("LZ Rheine")
        await hands.press("ctrl+s")
        await app.sending.flush()
        assert "Ihre Angabe gilt nicht" in " ".join(picture(app).split())

    play(county / "2", doing)
    for station in (ours, *others):
        station.close()


def test_a_group_is_made_changed_and_an_address(rheine: Path) -> None:
    """Staffs are named with the list, more can come and go; its name stands for them."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await app.go("group")
        await hands.press("n")
        await hands.type("Ems")
        await hands.press("tab")
        await hands.type("Rheine, Greven")
        await hands.press("ctrl+s")
        await app.sending.flush()
        await hands.press("e", "tab", "ctrl+u")
        await hands.type("alle")
        await hands.press("ctrl+s")
        await app.sending.flush()
        await hands.press("f2", "ctrl+u")
        await hands.type("ems")
        await hands.press("tab", "tab")
        await hands.type("Pegel melden")
        await hands.press("ctrl+s")
        await app.sending.flush()

    play(rheine, doing)
    station = Station.open(rheine, clock=FixedClock())
    (message, *_) = station.reader.select(Query("message", order="arrival", limit=1))
    assert message.values["to"] == (1, 3)
    station.close()
