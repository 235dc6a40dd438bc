# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Tagebuch on the screen: written entries among what the system knows."""

from __future__ import annotations

from pathlib import Path

from lage.station import Station
from lage.views.journal import journal
from lage.views.journal_pages import JournalPager
from tests.fixtures import FixedClock
from tests.screens import stage
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import LageApp
from tui.screens.detail import DetailScreen
from tui.screens.lists import TableView


def test_windows_of_any_place_and_order_hold_the_same_lines_as_the_whole(rheine: Path) -> None:
    """Scrolling down, to the end and back gives exactly what ``journal`` gives."""
    station = Station.open(rheine, clock=FixedClock())
    whole = journal(station.context(), limit=5000)
    pager = JournalPager()
    places = [*range(0, len(whole), 3), len(whole) - 4, 2, 0]

    found = [pager.window(station.context(), 1, place, 4) for place in places]
    station.close()

    assert [lines for _, lines in found] == [whole[place : place + 4] for place in places]
    assert {total for total, _ in found} == {len(whole)}


def test_automatic_lines_are_marked_and_can_be_left_out(rheine: Path) -> None:
    """At first the Tagebuch shows both; f leaves the written entries of this staff, then lines
    about one thing."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("2")
        shown = picture(app)
        assert "auto" in shown
        assert "Ausgang Nachricht" in shown
        assert "Stab vollzählig" in shown
        await hands.press("f")
        assert "Ausgang Nachricht" not in picture(app)
        assert "Stab vollzählig" in picture(app)
        await hands.press("f")
        shown = picture(app)
        assert "auto" in shown
        assert "Auftrag KST-A1 an SAE Rheine" in shown
        assert "Stab vollzählig" not in shown
        assert "Notunterkunft" not in shown

    play(rheine, doing, size=(80, 40))


def test_an_automatic_line_opens_its_message(rheine: Path) -> None:
    """Enter on "Ausgang Nachricht …" shows that message."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("2")
        for _ in range(30):
            if any("> auto" in line or ">auto" in line for line in picture(app).splitlines()
                   if "Ausgang" in line):  # fmt: skip
                break
            await hands.press("down")
        await hands.press("enter")
        assert isinstance(app.screen, DetailScreen)
        assert "Stromausfall in Rheine" in picture(app)

    play(rheine, doing)


def test_a_list_is_searched_while_typing(rheine: Path) -> None:
    """Rows follow the keys once these rest; Esc brings back what was shown before."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("5", "slash")
        await hands.type("Gimb")
        view = app.main.view
        assert isinstance(view, TableView)

        async def found() -> bool:
            return view.table.page.total == 1

        await hands.until(found)
        await hands.press("escape")
        assert view.table.page.total == 2
        assert not view.text

    play(rheine, doing)


def test_a_search_finds_written_entries_of_this_staff(rheine: Path) -> None:
    """And the filter shown in brackets says that automatic lines are left out."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("2", "slash")
        await hands.type("Stadtwerke")
        await hands.press("enter")
        shown = picture(app)
        assert "[nur Einträge]" in shown
        assert "Umspannwerk" in shown
        assert "Tagebuch 1 " in shown

    play(rheine, doing)
    assert stage.entries(rheine, "journal") == 2
