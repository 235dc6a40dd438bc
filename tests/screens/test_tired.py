# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a tired person gets right: alarms, drafts and lists that can't be misunderstood."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.events import Key

from lage.kinds.model import Draft, Query
from lage.station import Station
from lage.store.report import ALIVE_S
from lage.views.gauges import gauge_views
from tests.fixtures import FixedClock, share
from tests.screens import stage
from tests.screens.picture import Hands, picture
from tests.screens.test_behaviour import play
from tui.app.app import STATUS_S, LageApp
from tui.screens.form import FormScreen
from tui.screens.main import FORGET_S
from tui.terminal import Glyphs
from tui.widgets.fields import TextField
from tui.widgets.panels import gauge_line


def test_any_draft_is_opened_from_the_overview(rheine: Path) -> None:
    """Also one of an answer; a form in which nothing was typed leaves none."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("3", "a")
        await hands.type("Wir kommen")
        await hands.press("escape", "f4", "escape", "1", "home")
        shown = picture(app)
        assert "Entwurf nicht gesendet: Antwort zu Nachricht GRE-N1" in shown
        assert "Vorfall\n" not in shown
        await hands.press("up", "up", "up", "enter")
        assert "Antwort an SAE Greven" in picture(app)
        assert "Wir kommen" in picture(app)

    play(rheine, doing)


def test_many_drafts_do_not_hide_what_others_wait_for(rheine: Path) -> None:
    """Seen: three of them stood before a message 'sofort', and of nine five could be opened."""

    async def doing(app: LageApp, hands: Hands) -> None:
        for key in ("f2", "f3", "f4"):
            await hands.press(key)
            await hands.type("x")
            await hands.press("escape")
        await hands.press("1", "home")
        assert _active(picture(app)).endswith(
            "3 Entwürfe nicht gesendet: Vorfall, Tagebucheintrag, Nachricht"
        )
        assert "SOFORT KST-N1 von Krisenstab" in picture(app)
        await hands.press("enter", "down", "down", "enter")
        assert "Neu: Nachricht  (Entwurf wiederhergestellt)" in picture(app)

    play(rheine, doing)


def test_names_of_fields_stand_whole_beside_each_other(rheine: Path) -> None:
    """Seen: all three Informationswerte read Informationsw…, and Allgemeine Lage lost its end."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("6", "e")
        shown = picture(app)
        for label in (
            "Informationswert 3   ",
            "Kleinster glaubhafter Wert",
            "Alarm ab Anstieg je S",
        ):
            assert label in shown
        await hands.press("escape", "b", "enter")
        assert "Allgemeine Lage Ems steigt" in picture(app)

    play(rheine, doing)


def test_typing_replaces_what_stands_in_a_field(rheine: Path) -> None:
    """151 over 143 is 151; Right goes on with what stands there, Ctrl+Z brings it back."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("5", "down", "e", "tab", "tab")
        await hands.type("X")
        assert "Mesum" not in _field(picture(app), "Ort")
        await hands.press("ctrl+z")
        assert "Mesum, Alte Bahnhofstraße" in _field(picture(app), "Ort")
        await hands.press("shift+tab", "tab", "right")
        await hands.type("X")
        assert "Mesum, Alte BahnhofstraßeX" in _field(picture(app), "Ort")
        await hands.press(*["tab"] * 3)
        await hands.type("kri")
        assert app.focused is not None
        assert getattr(app.focused, "value", "") == "kri"

    play(rheine, doing)


def test_a_number_typed_over_another_is_the_number_typed(rheine: Path) -> None:
    """In a change, where the old value stands in the field."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await app.go("shelter")
        await hands.press("e")
        while "Belegt" not in _active(picture(app)):
            await hands.press("tab")
        await hands.type("151")
        await hands.press("ctrl+s")
        await app.sending.flush()

    play(rheine, doing)

    station = Station.open(rheine)
    (shelter,) = station.reader.select(Query("shelter"))
    station.close()
    assert shelter.whole("occupied") == 151


def _field(shown: str, label: str) -> str:
    """What stands behind a label."""
    line = next(line for line in shown.splitlines() if line[1:].startswith(label))
    return line[17:]


def _active(shown: str) -> str:
    """The line of the active field."""
    return next((line for line in shown.splitlines() if line.startswith(">")), "")


def test_the_active_field_and_its_hint_stand_together(rheine: Path) -> None:
    """One field is marked; what may be typed there stands in the line below it."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f4")
        for label in ("Art", "Lage", "Ort"):
            lines = picture(app).splitlines()
            marked = [number for number, line in enumerate(lines) if line.startswith(">")]
            assert [lines[number][1:5].strip() for number in marked] == [label[:4]]
            await hands.press("tab")
        await hands.press("shift+tab", "shift+tab", "shift+tab")
        lines = picture(app).splitlines()
        place = next(number for number, line in enumerate(lines) if line.startswith(">Art"))
        assert "Auf/Ab wählt" in lines[place + 1]

    play(rheine, doing)


def test_an_error_goes_with_its_cause(rheine: Path) -> None:
    """It stands at its field, also while another is active, until what was wrong is right."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f5")
        await hands.type("Greven")
        await hands.press("tab")
        await hands.type("viel")
        await hands.press("ctrl+s")
        assert _below(picture(app), ">Wert").startswith("! Wert: „viel“")
        await hands.press("tab")
        await hands.type("x")
        assert _below(picture(app), "!Wert").startswith("! Wert: „viel“"), "another field's change"
        await hands.press("ctrl+z", "shift+tab")
        await hands.type("60")
        assert "! Wert" not in picture(app)

    play(rheine, doing)


def _below(shown: str, begin: str) -> str:
    lines = shown.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(begin))
    return lines[place + 1].strip()


def test_a_text_says_how_much_room_is_left(rheine: Path) -> None:
    """Always, for who writes on has to know."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("f3")
        field = app.focused
        assert isinstance(field, TextField)
        await hands.type("Kurz")
        assert "noch 396 Zeichen" in picture(app)
        field.text = "x" * 380
        await hands.settle()
        assert "noch 20 Zeichen" in picture(app)
        field.text = "x" * 403
        await hands.settle()
        assert "3 Zeichen zu viel" in picture(app)

    play(rheine, doing)


def test_an_old_value_is_dimmed_and_says_how_old_it_is(
    rheine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight hours later: no trend any more, neither at a glance nor in the list."""
    later = FixedClock()
    later.unix += 8 * 3600
    monkeypatch.setattr("tests.screens.picture.FixedClock", lambda: later)

    async def doing(app: LageApp, hands: Hands) -> None:
        row = next((line for line in picture(app).splitlines() if "vor 8 h I2" in line), "")
        assert "596 cm" in row
        assert "/h" not in row[row.index("596 cm") :]
        view, now = await app.bridge.look(lambda s: (gauge_views(s.context())[0], s.now()))
        roles = {text.strip(): role for text, role in gauge_line(view, now, Glyphs.FULL, 39)}
        assert roles["596 cm"] == "dim"
        await hands.press("6")
        row = next(line for line in picture(app).splitlines() if "Rheine Unterschl" in line)
        assert "I2 alt" in row
        assert "/h" not in row

    play(rheine, doing)


def test_a_dead_node_shows_within_a_quarter_of_a_minute(
    rheine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing in the log changes when a node is killed: the status is read all the same."""

    async def doing(app: LageApp, hands: Hands) -> None:
        assert "Funk: verbunden" in picture(app)
        monkeypatch.setattr("lage.store.report.ALIVE_S", ALIVE_S)
        gone = time.time() + 15 - STATUS_S
        monkeypatch.setattr("lage.station.time.time", lambda: gone)
        app._status_read -= STATUS_S
        await app.refresh_if_changed()
        await hands.settle()
        assert "Knoten" in picture(app).splitlines()[0]

    play(rheine, doing)


def test_hundreds_of_alarms_can_all_be_read(rheine: Path) -> None:
    """The overview shows the first few and the number; the list reaches the last."""
    station = Station.open(rheine, clock=FixedClock())
    supplies = [
        Draft("supply", {"item": f"Posten {n:03}", "place": "Lager", "unit": "Stück", "minimum": 1})
        for n in range(300)
    ]
    station.write(supplies)
    station.close()

    async def doing(app: LageApp, hands: Hands) -> None:
        assert "ZU TUN 307   ! zeigt alle" in picture(app)
        assert "+302 weitere" in picture(app)
        await hands.press("exclamation_mark")
        assert "Zu tun 1/307" in picture(app)
        (short,) = [line for line in picture(app).splitlines() if "Sandsäcke Rheine: 2500" in line]
        assert short.split()[:2] == ["-", "14:30"], "when the last of them went"
        await hands.press("end")
        assert "Posten 299" in _active(picture(app))
        await hands.press("f")
        assert "[Post]" in picture(app)
        assert "Zu tun 2 " in picture(app)

    play(rheine, doing)


def test_two_dozen_blitz_messages_are_all_announced(county: Path) -> None:
    """Twenty at a time, with how many there are; none is left out."""
    clock = FixedClock()
    greven, rheine = (Station.open(county / name, clock=clock) for name in "32")
    texts = {"to": (2,), "priority": "blitz", "receipt_wanted": True}
    greven.write([Draft("message", {**texts, "text": f"Lage {n:02}"}) for n in range(24)])
    share(greven, rheine)
    greven.close()
    rheine.close()

    async def doing(app: LageApp, hands: Hands) -> None:
        assert "!!! 20 ALARME !!!" in picture(app)
        await hands.press("f3", "ctrl+t")
        shown = picture(app)
        assert "20 Alarme angenommen" in shown
        assert "Lage 23" in shown
        await hands.press("escape")
        assert "Neu: Tagebucheintrag" in picture(app), "nobody is taken from his form"
        await app.alarming.look()
        await hands.settle()
        assert "!!! 4 ALARME !!!" in picture(app)
        await hands.press("escape", "ctrl+t")
        assert "ALARME !!!" not in picture(app)
        assert "Zu tun 1/31" in picture(app)

    play(county / "2", doing)


def test_a_line_of_the_journal_that_is_no_entry_can_be_read_in_full(rheine: Path) -> None:
    """Enter shows what the list cuts."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("2", "down", "down", "down", "down")
        assert "Informationswert 2 erreicht" not in picture(app)
        await hands.press("enter")
        assert "Informationswert 2 erreicht" in picture(app)
        await hands.press("enter")
        assert "Esc zurück" not in picture(app)

    play(rheine, doing)


def test_a_list_says_what_may_be_done_when_it_is_empty(rheine: Path) -> None:
    """No entry yet, none with this filter, none found."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("m", "n", "enter")
        assert "noch kein" not in picture(app)
        await hands.press("7", "f")
        assert "mit diesem Filter kein Eintrag; f schaltet weiter" in picture(app)
        await hands.press("f", "f", "f", "slash")
        await hands.type("Kran")
        await hands.press("enter")
        assert "nichts gefunden; Esc zeigt wieder alles" in picture(app)
        await hands.press("escape")
        assert "THW Rheine 1" in picture(app)
        assert "Zusammen 1/2/15//18 in 1 Einheit im Dienst" in picture(app)

    play(rheine, doing)


def test_a_display_offers_nothing_that_writes(rheine: Path) -> None:
    """Neither in the bars nor in palette and help."""

    async def doing(app: LageApp, hands: Hands) -> None:
        for keys in ((), ("3",), ("5",), ("8",), ("0",)):
            await hands.press(*keys)
            bars = picture(app).splitlines()[-2:]
            assert not any(word in line for line in bars for word in ("F2", "F4", "Status", "Neu"))
            assert " n Neu" not in picture(app)
        await hands.press("ctrl+p")
        await hands.type("melden")
        assert "(nichts gefunden)" in picture(app)

    play(rheine, doing, read_only=True)


def test_letters_work_with_caps_lock(rheine: Path) -> None:
    """Somebody's Caps Lock is on."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("Z")
        assert "Eigenes Funkgerät" in picture(app)
        await hands.press("3", "A")
        assert "Antwort an" in picture(app)

    play(rheine, doing)


def test_a_taken_alarm_stays_taken_while_older_news_are_being_read(county: Path) -> None:
    """What was read just before somebody took it does not bring the alarm back."""
    stage.blitz(county)

    async def doing(app: LageApp, hands: Hands) -> None:
        look, read, go_on = app.bridge.look, asyncio.Event(), asyncio.Event()

        async def slowly(question: Callable[[Station], object]) -> object:
            found = await look(question)
            if question.__qualname__.startswith("LageApp._read_local"):
                read.set()
                await go_on.wait()
            return found

        setattr(app.bridge, "look", slowly)  # noqa: B010
        app.token = (-1, -1)
        reading = asyncio.create_task(app.refresh_if_changed())
        await read.wait()
        await hands.press("ctrl+t", "escape")
        go_on.set()
        await reading
        await hands.settle()
        assert "ALARM !!!" not in picture(app)

    play(county / "2", doing)


def test_a_fast_typist_writes_into_the_right_fields(rheine: Path) -> None:
    """Keys that come faster than they are dealt with: Tab is over before the letter after it."""

    async def doing(app: LageApp, hands: Hands) -> None:
        for key in ("f4", *"Brand", "tab", *("Dach brennt " * 9), "tab", *"Elte", "tab"):
            name = "space" if key == " " else key
            app.post_message(Key(name, key if len(key) == 1 else None))
        await hands.settle()
        assert isinstance(app.screen, FormScreen)
        typed = app.screen.typed()
        assert typed["text"] == "Dach brennt " * 9
        assert (typed["type"], typed["place"]) == ("Brand", "Elte")

    play(rheine, doing)


@pytest.mark.parametrize("over", ["f1", "f3"], ids=["dialog", "form"])
def test_news_that_came_behind_a_dialog_or_a_form_are_there_afterwards(
    over: str, rheine: Path
) -> None:
    """The list below is read again, without waiting for the next change."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("2", over)
        other = Station.open(rheine, clock=FixedClock())
        other.write([Draft("journal", {"text": "Ganz neu"})])
        other.close()
        await app.refresh_if_changed()
        await hands.press("escape")
        assert "Ganz neu" in picture(app)

    play(rheine, doing)


def test_a_filter_of_yesterday_does_not_answer_today_s_question(
    rheine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Back in a list soon it is still there; after long, or where no key came, all is shown."""
    now = 0.0
    for name in ("main", "lists"):
        monkeypatch.setattr(f"tui.screens.{name}.seconds", lambda: now, raising=False)

    async def doing(app: LageApp, hands: Hands) -> None:
        nonlocal now
        await hands.press("3", "f", "4", "3")
        assert "[Eingang]" in picture(app)
        await hands.press("4")
        now += FORGET_S + 1
        await hands.press("3")
        assert "[alle]" in picture(app)
        await hands.press("f")
        assert "[Eingang]" in picture(app)
        await app.main.forget()
        await hands.settle()
        assert "[alle]" in picture(app)

    play(rheine, doing)
