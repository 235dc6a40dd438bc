# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A fault of the program: said in one line, noted under a number, and everything else goes on."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.events import Resize
from textual.geometry import Size

from lage.views.alarm import Sort
from tests.screens.picture import Hands, picture, running
from tests.screens.test_behaviour import Doing, play
from tui.app import start
from tui.app.app import FELL, LageApp
from tui.screens import detail
from tui.screens.base import LageScreen
from tui.screens.entry import EntryView
from tui.screens.lists import KindView
from tui.screens.map import MapView
from tui.screens.network import NetworkScreenView
from tui.screens.overview import OverviewView
from tui.widgets import todo
from tui.widgets.log_table import LogTable

BROKEN = "nicht darstellbar (Vermerk 1)"


def _broken(*_: object, **__: object) -> object:
    raise RuntimeError("nobody thought of this")


def test_a_deed_that_breaks_becomes_a_sentence(
    rheine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number stands in a file that is its owner's alone, with the place in the program."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("3", "q")
        assert "Vermerk 1 in fehler.log" in picture(app)
        await hands.press("q")
        assert "Vermerk 1 in fehler.log" in picture(app), "the same fault has one number"
        await hands.press("5")
        assert "Vorfälle" in picture(app)

    monkeypatch.setattr(EntryView, "act_quittieren", _broken)
    play(rheine, doing, faults=1)

    log = rheine / "fehler.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "test_unsinkable.py" in log.read_text("utf8")


@pytest.mark.parametrize(
    ("view", "method", "keys"),
    [
        (KindView, "fetch", ["3"]),
        (NetworkScreenView, "refresh_data", ["z"]),
        (MapView, "refresh_data", ["0"]),
        (detail, "read_whole", ["3", "enter"]),
        (LogTable, "_heading", ["3"]),
    ],
)
def test_a_view_that_breaks_says_so(
    rheine: Path, monkeypatch: pytest.MonkeyPatch, view: object, method: str, keys: list[str]
) -> None:
    """In its place; status, keys and all other views stay."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press(*keys)
        shown = picture(app)
        assert BROKEN in shown
        assert "SAE Rheine" in shown
        await hands.press("escape", "1")
        assert "VORFÄLLE" in picture(app)

    monkeypatch.setattr(view, method, _broken)
    play(rheine, doing, faults=1)


@pytest.mark.parametrize(
    ("place", "keys", "left"),
    [
        ("lage.views.overview.helper_counts", [], "VORFÄLLE offen 2"),
        ("tui.widgets.panels._shortages", [], "VORFÄLLE offen 2"),
        ("tui.widgets.panels.short_value", [], "VORFÄLLE offen 2"),
        ("lage.views.overview.alarms", [], "VORFÄLLE offen 2"),
        ("lage.views.pages.mark_of", ["5"], "Deichschaden"),
        ("lage.views.detail.delivery", ["5", "enter"], "SAE Rheine"),
    ],
)
def test_what_cannot_be_shown_stands_for_itself(
    rheine: Path, monkeypatch: pytest.MonkeyPatch, place: str, keys: list[str], left: str
) -> None:
    """A panel, a row, a detail: the words and the number in its place, everything else stays."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press(*keys)
        shown = picture(app)
        assert left in shown
        assert BROKEN[:17] in shown or "mark_of" in place
        assert "SAE Rheine" in shown

    monkeypatch.setattr(place, _broken)
    play(rheine, doing, faults=1)


def test_the_map_says_what_it_leaves_out(rheine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signs that cannot be drawn are missing, and the line below says so."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("0")
        assert "Nicht alles auf der Karte ist darstellbar (Vermerk 1)." in picture(app)

    monkeypatch.setattr("lage.views.scene._mark_of", _broken)
    play(rheine, doing, faults=1)


def test_every_sort_of_alarm_leads_somewhere() -> None:
    """A new sort without a goal would break the first screen."""
    assert set(todo.GOALS) == set(Sort)


def test_an_answer_that_breaks_becomes_a_sentence(
    rheine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows on a box is fenced like what opened it."""

    async def doing(app: LageApp, hands: Hands) -> None:
        monkeypatch.setattr(app, "go", _broken)
        await hands.press("m", "enter")
        assert "Vermerk 1 in fehler.log" in picture(app)
        assert app.screen is app.main

    play(rheine, doing, faults=1)


def test_a_handler_that_breaks_takes_no_widget_with_it(
    rheine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list goes on with its next key."""
    real = LogTable.key_down

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("3")
        monkeypatch.setattr(LogTable, "key_down", _broken)
        await hands.press("down")
        assert "Vermerk 1" in picture(app)
        monkeypatch.setattr(LogTable, "key_down", real)
        view = app.main.view
        assert isinstance(view, KindView)
        before = view.table.cursor
        await hands.press("down")
        assert view.table.cursor == before + 1

    play(rheine, doing, faults=1)


def test_what_was_taken_down_while_it_was_read_is_no_fault(rheine: Path) -> None:
    """Seen under load: the detail was closed before its entry had been read."""

    async def doing(app: LageApp, hands: Hands) -> None:
        for keys in (("3", "enter"), ("5", "enter")):
            await hands.press(*keys)
            view = app.screen.view if isinstance(app.screen, LageScreen) else None
            assert view is not None
            await hands.press("escape")
            await view.refresh_data()
            view.post_message(Resize(Size(10, 10), Size(10, 10)))
            await hands.settle()

    play(rheine, doing)


def test_only_what_is_offered_may_act(rheine: Path) -> None:
    """Print forms of what is no message, new alarms: refused in words, not tried."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("5", "c")
        assert "Das geht nur mit einer Nachricht." in picture(app)
        await hands.press("exclamation_mark", "n")
        assert "Neu: das geht an dieser Stelle nicht." in picture(app)

    play(rheine, doing)


def test_reading_news_that_breaks_ends_nothing(
    rheine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch over the log goes on and shows the next news."""

    async def doing(app: LageApp, hands: Hands) -> None:
        app.token = (-1, -1)
        monkeypatch.setattr(OverviewView, "refresh_data", _broken)
        await app.refresh_if_changed()
        await hands.settle()
        assert "Vermerk 1" in picture(app)
        assert app.is_running

    play(rheine, doing, faults=1)


class _Ended:
    """An app that has run."""

    def __init__(self, code: int) -> None:
        self.return_code = code

    def run(self) -> None:
        """Nothing."""


def _made(codes: list[int], said: list[str]) -> Callable[[str], LageApp]:
    def make(text: str) -> LageApp:
        said.append(text)
        return _Ended(codes.pop(0))  # type: ignore[return-value]

    return make


def test_a_screen_that_falls_is_built_anew() -> None:
    """With a sentence; after three falls in a minute with an error in words."""
    said: list[str] = []

    assert start._kept_up(_made([FELL, 0], said)) == 0
    assert said[0] == ""
    assert "neu aufgebaut" in said[1]
    with pytest.raises(start.LageError, match=r"fehler\.log"):
        start._kept_up(_made([FELL, FELL, FELL], said))


def test_a_dead_widget_is_noticed(rheine: Path) -> None:
    """A part of the screen that takes no messages any more ends it, to be built anew."""

    async def run() -> None:
        async with running(rheine, faults=None) as (app, hands):
            body = app.main.query_one("#body")
            body._running = False
            app._handle_exception(RuntimeError("in a widget of the library"))

            async def fell() -> bool:
                return app.return_code == FELL

            await hands.until(fell)

    asyncio.run(run())


__all__ = ["Doing"]
