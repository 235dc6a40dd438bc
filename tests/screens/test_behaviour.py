# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the screens do with people: nothing typed is lost, nothing urgent is missed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from lage.kinds.model import Draft
from lage.language.errors import StoreError
from lage.station import Station
from tests.fixtures import FixedClock
from tests.screens import stage
from tests.screens.picture import ASCII, UNICODE, Hands, picture, running
from tui.app.app import LageApp
from tui.screens import form
from tui.screens.form import FormScreen
from tui.screens.lists import TableView
from tui.terminal import Glyphs, Terminal

Doing = Callable[[LageApp, Hands], Awaitable[None]]


def play(folder: Path, doing: Doing, **options: object) -> None:
    """Run the app and do it."""

    async def run() -> None:
        async with running(folder, **options) as (app, hands):  # type: ignore[arg-type]
            await doing(app, hands)

    asyncio.run(run())


async def _journal(hands: Hands, text: str) -> None:
    await hands.press("f3")
    await hands.type(text)


async def _kept(app: LageApp, text: str | None) -> bool:
    """Whether that stands in the draft; None: whether there is none."""
    draft = await app.bridge.look(lambda s: s.draft("journal"))
    return (draft or {}).get("text") == text


# --- forms ------------------------------------------------------------------------------------


def test_what_was_typed_is_there_again_after_a_crash(rheine: Path) -> None:
    """A draft stands half a second after the last key, without any farewell."""

    async def crash(app: LageApp, hands: Hands) -> None:
        await _journal(hands, "Pumpe 3 steht")
        await hands.until(lambda: _kept(app, "Pumpe 3 steht"))

    async def again(app: LageApp, hands: Hands) -> None:
        assert "Entwurf nicht gesendet: Tagebucheintrag" in picture(app)
        await hands.press("f3")
        shown = picture(app)
        assert "Pumpe 3 steht" in shown
        assert "Entwurf wiederhergestellt" in shown

    play(rheine, crash)
    play(rheine, again)


def test_a_draft_that_was_refused_is_tried_again(
    rheine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log is locked for a while: a sentence says so, and the text is kept once it can be."""
    keep, locked = Station.save_draft, [True, True]

    def refusing(station: Station, name: str, content: Mapping[str, Any]) -> None:
        if locked and locked.pop():
            raise StoreError("Das Lagebuch kann nicht geschrieben werden.")
        keep(station, name, content)

    async def doing(app: LageApp, hands: Hands) -> None:
        await _journal(hands, "Pumpe 3 steht")
        await hands.until(lambda: _kept(app, "Pumpe 3 steht"))
        assert "Das Lagebuch kann nicht geschrieben werden." in picture(app)

    monkeypatch.setattr(Station, "save_draft", refusing)
    monkeypatch.setattr(form, "DRAFT_AGAIN_S", 0.05)
    play(rheine, doing)

    assert not locked


def test_what_was_taken_back_is_no_draft(rheine: Path) -> None:
    """Esc right after deleting what the draft holds: it does not come back."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await _journal(hands, "x")
        await hands.until(lambda: _kept(app, "x"))
        await hands.press("backspace", "escape")
        assert await _kept(app, None)

    play(rheine, doing)


def test_escape_never_loses_text(rheine: Path) -> None:
    """Esc leaves the form; opening it again shows what was typed."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await _journal(hands, "Halb fertig")
        await hands.press("escape")
        assert not isinstance(app.screen, FormScreen)
        assert "Entwurf bleibt erhalten" in picture(app)
        await hands.press("3", "f3")
        assert "Halb fertig" in picture(app)

    play(rheine, doing)


def test_clearing_a_form_asks_first(rheine: Path) -> None:
    """Ctrl+R empties the form and its draft only after Enter."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await _journal(hands, "Falsches Formular")
        await hands.press("ctrl+r", "escape")
        assert "Falsches Formular" in picture(app)
        await hands.press("ctrl+r", "enter")
        assert "Falsches Formular" not in picture(app)
        await hands.press("escape", "f3")
        assert "Falsches Formular" not in picture(app)

    play(rheine, doing)


def test_one_form_over_another_keeps_both(rheine: Path) -> None:
    """A journal entry can be written in the middle of a message."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f2", "tab", "tab")
        await hands.type("Erster Teil")
        await _journal(hands, "Zwischendurch")
        await hands.press("ctrl+s")
        assert "Neu: Nachricht" in picture(app)
        assert "Erster Teil" in picture(app)
        await app.sending.flush()

    play(rheine, doing)

    assert stage.entries(rheine, "journal") == 3


def test_undo_brings_the_entry_back_into_its_form(rheine: Path) -> None:
    """Within the seconds nothing is in the log, and Ctrl+Z shows the form as it was."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await _journal(hands, "Zu schnell")
        await hands.press("ctrl+s")
        assert "Strg+Z" in picture(app)
        await hands.press("ctrl+z")
        assert "Zu schnell" in picture(app)

    play(rheine, doing, undo_s=600.0)

    assert stage.entries(rheine, "journal") == 2


def test_what_waits_for_undo_survives_a_crash_as_a_draft(rheine: Path) -> None:
    """It is neither lost nor sent unseen."""

    async def crash(app: LageApp, hands: Hands) -> None:
        await _journal(hands, "Kurz vor dem Stromausfall")
        await hands.press("ctrl+s")

    async def again(app: LageApp, hands: Hands) -> None:
        assert "nicht mehr gesendet" in picture(app)
        await hands.press("f3")
        assert "Kurz vor dem Stromausfall" in picture(app)

    play(rheine, crash, undo_s=600.0)
    assert stage.entries(rheine, "journal") == 2
    play(rheine, again)


def test_leaving_writes_what_waits(rheine: Path) -> None:
    """Ctrl+Q asks, then saves first."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await _journal(hands, "Letzter Eintrag")
        await hands.press("ctrl+s", "ctrl+q", "enter")

    play(rheine, doing, undo_s=600.0)

    assert stage.entries(rheine, "journal") == 3


def test_a_wrong_field_is_named_with_its_reason_while_typing(rheine: Path) -> None:
    """And saving goes to the field instead of writing."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f5")
        await hands.type("Greven")
        await hands.press("tab")
        await hands.type("12,5")
        assert "diese Messstelle hat nur ganze Zahlen" in picture(app)
        await hands.press("tab", "tab", "ctrl+s")
        assert "Wert: „12,5“: diese Messstelle hat nur ganze Zahlen" in picture(app)
        assert app.focused is not None
        assert app.focused.id == "f_value"

    before = stage.entries(rheine, "reading")
    play(rheine, doing)

    assert stage.entries(rheine, "reading") == before


def test_a_reading_from_the_future_is_named(rheine: Path) -> None:
    """It is kept, and whoever typed it learns that it does not count yet."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f5")
        await hands.type("Greven")
        await hands.press("tab")
        await hands.type("125")
        await hands.press("tab")
        await hands.type("in 3 h")
        await hands.press("ctrl+s")
        await app.sending.flush()
        await hands.settle()
        assert "liegt in der Zukunft" in picture(app)

    play(rheine, doing)


def test_times_and_places_show_how_they_were_understood(rheine: Path) -> None:
    """Tactical time and grid, while typing."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f4", *["tab"] * 3)
        await hands.type("52.24, 7.48")
        assert "= 32U LC 9621 8882 (Rheine)" in picture(app)
        await hands.press(*["tab"] * 9)
        await hands.type("1410")
        assert "= 241410nov26" in picture(app)

    play(rheine, doing)


def test_a_blitz_is_sent_only_after_a_question(rheine: Path) -> None:
    """Esc keeps the form; Enter sends at once."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f2")
        await hands.type("alle")
        await hands.press("tab")
        await hands.type("blitz")
        await hands.press("tab")
        await hands.type("Deich bricht")
        await hands.press("ctrl+s")
        assert "BLITZ Nachricht an alle: jetzt senden?" in picture(app)
        await hands.press("escape")
        assert "Deich bricht" in picture(app)
        await hands.press("ctrl+s", "enter")
        assert not isinstance(app.screen, FormScreen)

    play(rheine, doing, undo_s=600.0)

    assert stage.entries(rheine, "message") == 5


# --- alarms and news --------------------------------------------------------------------------


def test_a_blitz_stands_there_until_somebody_takes_it(county: Path) -> None:
    """Neither Esc nor going elsewhere helps; taken once, it does not come again."""
    stage.blitz(county)

    async def taken(app: LageApp, hands: Hands) -> None:
        for key in ("escape", "3", "0", "f2", "enter"):
            await hands.press(key)
            assert "!!! ALARM !!! BLITZ GRE-N2 von SAE Greven: Deichbruch" in picture(app)
        await hands.press("ctrl+t")
        shown = picture(app)
        assert "ALARM !!!" not in shown
        assert "Nachricht GRE-N2" in shown

    async def later(app: LageApp, hands: Hands) -> None:
        assert "ALARM !!!" not in picture(app)
        assert "BLITZ GRE-N2" in picture(app)

    play(county / "2", taken)
    play(county / "2", later)


def test_typing_goes_on_under_an_alarm(county: Path) -> None:
    """The banner appears over a form, with the bell; every letter goes into its field."""
    rung: list[int] = []

    async def doing(app: LageApp, hands: Hands) -> None:
        app.alarming._ring = lambda: rung.append(1)  # type: ignore[method-assign]
        await _journal(hands, "Mitten ")
        stage.blitz(county)
        await app.refresh_if_changed()
        await hands.settle()
        assert "ALARM !!!" in picture(app)
        assert len(rung) >= 1
        await hands.type("im Satz")
        assert "Mitten im Satz" in picture(app)
        await hands.press("ctrl+t", "escape")
        assert "ALARM !!!" not in picture(app)
        assert "Mitten im Satz" in picture(app)
        await hands.type(" weiter")
        assert "Mitten im Satz weiter" in picture(app)

    play(county / "2", doing)


def test_an_alarm_taken_on_one_screen_is_taken_on_all(county: Path) -> None:
    """Two screens on one log: what one takes leaves the other as well."""
    stage.blitz(county)

    async def run() -> None:
        async with running(county / "2") as (one, hands), running(county / "2") as (other, others):
            assert "ALARM !!!" in picture(one)
            assert "ALARM !!!" in picture(other)
            await hands.press("ctrl+t")
            await other.refresh_if_changed()
            await others.settle()
            assert "ALARM !!!" not in picture(other)

    asyncio.run(run())


def test_news_appear_and_the_cursor_stays_on_its_entry(rheine: Path) -> None:
    """What another process writes is shown; the selected row does not jump away."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("2", "down")
        view = app.main.view
        assert isinstance(view, TableView)
        before = view.selected()
        other = Station.open(rheine, clock=FixedClock())
        other.write([Draft("journal", {"text": f"Neu {n}"}) for n in range(40)])
        other.close()
        await app.refresh_if_changed()
        await hands.settle()
        assert view.selected() == before
        assert view.table.page.total == 58  # with 16 automatic lines
        await hands.press("home")
        assert "Neu 39" in picture(app)

    play(rheine, doing)


def test_a_list_reads_only_windows_around_what_it_shows(rheine: Path) -> None:
    """Four hundred rows: never more than three pages at a time, also at the end."""
    station = Station.open(rheine, clock=FixedClock())
    station.write([Draft("journal", {"text": f"Zeile {number}"}) for number in range(400)])
    station.close()

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("2")
        view = app.main.view
        assert isinstance(view, TableView)
        for key in ("pagedown", "end", "pageup", "home", "end"):
            await hands.press(key)
            assert len(view.table.page.rows) <= 3 * view.table.body
            assert view.table.row is not None
        assert "Stab vollzählig" in picture(app)
        assert "418/418" in picture(app)

    play(rheine, doing)


# --- looks ------------------------------------------------------------------------------------


def test_resizing_to_the_smallest_and_back_changes_nothing(rheine: Path) -> None:
    """40 x 12 and back, on every screen, an entry, a dialog and a form; some much smaller."""

    async def doing(app: LageApp, hands: Hands) -> None:
        places = [*((key,) for key in "1234567890zbl"), ("3", "enter"), ("escape", "m")]
        for keys in (*places, ("escape", "f3", "x")):
            await hands.press(*keys)
            before = picture(app)
            await hands.pilot.resize_terminal(40, 12)
            await hands.settle()
            rows = picture(app).splitlines()
            assert len(rows) == 12
            assert max(map(cell_len, rows)) <= 40
            if keys in (("3",), ("0",)):
                for size in ((120, 40), (10, 3)):
                    await hands.pilot.resize_terminal(*size)
                    await hands.settle()
            await hands.pilot.resize_terminal(80, 24)
            await hands.settle()
            assert picture(app) == before, keys

    play(rheine, doing)


def test_without_colour_no_segment_has_any(rheine: Path) -> None:
    """Bold and reverse remain."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("3")
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                style = segment.style
                for colour in (style.color, style.bgcolor) if style else ():
                    assert colour is None or colour.is_default or colour.number is not None

    play(rheine, doing, shown_on=ASCII)


@pytest.mark.parametrize(
    "shown_on",
    [UNICODE, ASCII, Terminal("16", Glyphs.PLAIN, light=False), Terminal("256", Glyphs.FULL, True)],
    ids=["256", "none", "16", "light"],
)
def test_every_screen_opens_on_every_terminal(shown_on: Terminal, rheine: Path) -> None:
    """No terminal makes a screen fail."""

    async def doing(app: LageApp, hands: Hands) -> None:
        for key in "1234567890zbl":
            await hands.press(key)
            assert picture(app).strip()

    play(rheine, doing, shown_on=shown_on)


def test_a_wall_display_writes_nothing(rheine: Path) -> None:
    """Forms say why not; the log stays as it is."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f2")
        assert "zeigt nur an" in picture(app)
        await hands.press("3", "enter", "escape")

    play(rheine, doing, read_only=True)

    assert stage.entries(rheine, "message") == 4


# --- map --------------------------------------------------------------------------------------


def test_an_area_is_drawn_and_written(rheine: Path) -> None:
    """Corners by Enter, people living there, then the form."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("0", "g", "enter", *["right"] * 6, "enter", *["down"] * 4, "enter")
        assert "3 Ecken" in picture(app)
        await hands.press("g")
        assert "Neu: Gebiet" in picture(app)
        await hands.press("tab")
        await hands.type("Aue")
        await hands.press("ctrl+s")
        await app.sending.flush()

    play(rheine, doing)

    assert stage.entries(rheine, "area") == 2


def test_an_entry_is_found_on_the_map_and_from_there(rheine: Path) -> None:
    """From the list to its place, and Enter there opens it again."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("5", "o")
        assert "[0Karte]" in picture(app)
        assert "hier: " in picture(app)
        await hands.press("enter")
        assert "Vorfall" in picture(app)

    play(rheine, doing)


def test_layers_can_be_switched_off(rheine: Path) -> None:
    """Names vanish when their layer is off."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("0")
        assert "Ibbenbüren" in picture(app)
        await hands.press("e", *["down"] * 3, "enter", "escape")
        assert "Ibbenbüren" not in picture(app)

    play(rheine, doing)


# --- everything else --------------------------------------------------------------------------


def test_the_palette_finds_and_runs_actions(rheine: Path) -> None:
    """By any word of title or help."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("ctrl+p")
        await hands.type("neu notunter")
        await hands.press("enter")
        assert "Neu: Notunterkunft" in picture(app)
        await hands.press("escape", "ctrl+p")
        await hands.type("vorfall")
        shown = picture(app)
        assert shown.index("Vorfall melden") < shown.index("Vorfälle zeigen")

    play(rheine, doing)


def test_the_first_key_after_another_is_not_swallowed(rheine: Path) -> None:
    """Typing ahead: keys pressed at once arrive in the form that the first one opens."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.pilot.press("f3", "a", "b", "c")
        await hands.settle()
        assert "abc" in picture(app)

    play(rheine, doing)


def test_opening_a_message_marks_it_read(rheine: Path) -> None:
    """The count on top falls, also for the next start; G marks all."""

    async def one(app: LageApp, hands: Hands) -> None:
        assert "5 ungel" in picture(app)
        await hands.press("3", "end", "enter", "escape")
        assert "4 ungel" in picture(app)

    async def all_of_them(app: LageApp, hands: Hands) -> None:
        assert "4 ungel" in picture(app)
        await hands.press("3", "g")
        assert "0 ungel" in picture(app)

    play(rheine, one)
    play(rheine, all_of_them)


def test_two_screens_on_one_folder_show_the_same(rheine: Path, tmp_path: Path) -> None:
    """What one writes the other shows."""

    async def run() -> None:
        async with running(rheine) as (one, hands):
            await hands.press("2")
            station = await one.bridge.look(lambda s: s.folder)
            assert station == rheine
            await _journal(hands, "Vom einen")
            await hands.press("ctrl+s")
            await one.sending.flush()
        async with running(rheine) as (other, hands):
            await hands.press("2")
            assert "Vom einen" in picture(other)

    asyncio.run(run())
    shutil.rmtree(tmp_path / "county")
