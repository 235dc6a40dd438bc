# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What came from outside on the screen: seen at once, decided with one key, by keyboard alone."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest
from rich.cells import cell_len

from lage.kinds.model import Query
from lage.kinds.outside import Call, Offer
from lage.language.plain import plain
from lage.outside import calls, desk
from lage.outside.desk import Source, boxes_of
from lage.outside.tending import tend
from lage.station import Station
from lage.store.inbox import Inbox
from lage.store.reception import Reception
from lage.write import commands
from tests.fixtures import START, FixedClock
from tests.screens.picture import Hands, compare, picture, running
from tests.screens.test_behaviour import play
from tests.screens.test_golden import ASCII, HUGE, LARGE, SMALL, UNICODE
from tui.app.app import LageApp
from tui.terminal import Terminal

CALLS = (
    Call("Person in Not", "Lindenweg 12, Rheine", "Sauerstoff reicht noch zwei Stunden",
         people=1, name="Annegret Musterfrau", back="steht am Infopunkt"),
    Call("Brand", "Mesum, Alte Bahnhofstraße", "Rauch aus dem Keller"),
)  # fmt: skip
OFFER = Offer(("Küche",), "Rheine", "Jörg Dreckmann", phone="0171 555", count=4, consent=True)


@pytest.fixture
def called(rheine: Path) -> Path:
    """Rheine's folder with two calls and an offer from its Infopunkt, ten minutes old."""
    clock = FixedClock(START - 600)
    station = Station.open(rheine, clock=clock)
    address = str(rheine.parent / "eingang.db")
    desk.connect(station, Source(address, "Infopunkt Dorenkamp", "http://infopunkt.lan"))
    window = Reception(Inbox.open(address), clock)
    for told in (*CALLS, OFFER):
        window.hand_in(told, window.new_ticket())
        clock.advance(60)
    tend(station)
    station.close()
    return rheine


def entries(folder: Path, kind: str) -> list[str]:
    """What the newest entries of a kind say."""
    station = Station.open(folder, clock=FixedClock())
    found = [row.text("text") for row in station.reader.select(Query(kind, order="arrival"))]
    station.close()
    return found


@pytest.mark.parametrize(
    ("size", "shown_on", "name"),
    [
        (SMALL, UNICODE, "80x24"),
        (LARGE, UNICODE, "120x40"),
        (HUGE, UNICODE, "160x45"),
        (SMALL, ASCII, "80x24_ascii"),
    ],
)
def test_the_queue_looks_as_in_its_golden_text(
    called: Path, size: tuple[int, int], shown_on: Terminal, name: str
) -> None:
    """The calls, and the first of them in full."""

    async def run() -> tuple[str, str]:
        async with running(called, size, shown_on=shown_on) as (app, hands):
            await hands.press("number_sign")
            queue = picture(app)
            await hands.press("enter")
            return queue, picture(app)

    queue, detail = asyncio.run(run())
    compare(f"aussen_{name}", queue)
    compare(f"aussen_notruf_{name}", detail)


def test_a_call_is_an_alarm_that_leads_to_it(called: Path) -> None:
    """First in what is to be done; noting it does not make it go, only deciding does."""

    async def doing(app: LageApp, hands: Hands) -> None:
        assert "2 Notrufe vom Infopunkt sind zu prüfen" in picture(app)
        await hands.press("number_sign", "f", "f")  # what was looked at before must not hide them
        await hands.press("exclamation_mark", "home", "j")
        assert app.main.current == "aussen"
        assert "[Notrufe]" in picture(app)
        await hands.press("f", "f", "escape", "number_sign")
        assert "[Notrufe]" in picture(app), "also by its own key, while calls wait"
        await hands.press("home", "j", "j")
        assert "nichts zu prüfen" in picture(app)
        await hands.press("f", "f", "escape", "number_sign")
        assert "[Angebote]" in picture(app), "nothing waits: as it was left"
        await hands.press("exclamation_mark")
        assert "Notrufe vom Infopunkt" not in picture(app)

    play(called, doing)
    texts = entries(called, "incident")[:2]
    assert [text.split(".")[0] for text in texts] == ["Notruf 2 (Infopunkt Dorenkamp)",
                                                      "Notruf 1 (Infopunkt Dorenkamp)"]  # fmt: skip
    assert "Musterfrau" not in texts[1]


def test_blitz_and_put_aside_by_keyboard(called: Path) -> None:
    """One goes to the control centre, the other is put aside with a reason."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("number_sign", "home", "w")
        assert "Notruf 1 geht als RHE-N" in picture(app)
        assert "an Krisenstab Steinfurt" in picture(app)
        await hands.press("x")
        await hands.press("enter")
        assert "Bitte einen Grund angeben" in picture(app)
        await hands.press("x")
        await hands.type("schon gemeldet")
        await hands.press("enter")
        assert "Notruf 2 abgelegt" in picture(app)
        await hands.press("f")
        assert "[alle Notrufe]" in picture(app)
        assert "abgelegt" in picture(app)

    play(called, doing)
    assert entries(called, "message")[0].startswith("Notruf 1 (Infopunkt Dorenkamp): Person in Not")


def test_an_offer_becomes_a_helper(called: Path) -> None:
    """Two filters on; the name stands in the detail and nowhere in the list."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("number_sign", "f", "f", "home")
        assert "Küche" in picture(app)
        assert "u Zuweisen" in picture(app)
        assert "w Blitz" not in picture(app)
        await hands.press("enter")
        assert "Jörg Dreckmann" in picture(app)
        await hands.press("escape", "w")
        assert "Das geht nur mit einem Notruf" in picture(app)
        await hands.press("j")
        assert "Angebot 1 ist RHE-H2" in picture(app)

    play(called, doing)


def test_an_offer_goes_where_it_is_needed_with_one_key(called: Path) -> None:
    """Need after need, who fits and why; taken over and sent; what nobody fits is shown as well."""
    station = Station.open(called, clock=FixedClock())
    for skills in ("Küche", "Traktor"):
        typed = {"place": "Rheine", "skills": skills, "count": "4", "status": "bitte kommen",
                 "meeting_point": "Rathaus", "contact": "Frau Kroos"}  # fmt: skip
        station.write(commands.enter("appeal", typed, station.parse_context()))
    station.close()

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("number_sign", "f", "f", "f", "home")
        shown = picture(app)
        assert "kann Küche; aus Rheine" in shown
        assert "niemand, der wartet, passt" in shown
        await hands.press("enter")
        assert "4 Personen, gesucht 4" in picture(app)
        await hands.press("escape", "u")
        assert "Angebot 1 ist RHE-H2, eingesetzt für RHE-R1. Damit sind genug" in picture(app)
        await hands.press("home", "u")
        assert "passt bisher kein Angebot" in picture(app)
        for said in ("Angebot 1 (RHE-H2): da.", "fertig, zusammen 1 h"):
            await hands.press("a")
            await hands.type("1")
            await hands.press("enter")
            assert said in picture(app)
        await hands.press("f")
        assert "nichts zu lesen" in picture(app)
        assert "x Ablegen" not in picture(app)

    play(called, doing)
    station = Station.open(called, clock=FixedClock())
    (sent,) = station.reader.select(Query("assignment", limit=1))
    assert (sent.text("meeting_point"), sent.text("contact")) == ("Rathaus", "Frau Kroos")
    assert station.find_record("appeal", "RHE-R1").whole("count") == 0
    station.close()


CALLED = "zu prüfen"
HOSTILE = ("[bold]{0} %s \\n", "خمسة أشخاص في القبو", "漢字" * 40, "🚑" * 80, "é̂" * 20)


def test_whatever_people_write_stays_in_its_column(called: Path) -> None:
    """Other scripts, wide and combining letters, markup, no space in eighty: list and detail."""
    station = Station.open(called, clock=FixedClock())
    window = Reception.open(str(called.parent / "eingang.db"))
    for text in map(plain, HOSTILE):
        call = Call("Brand", text, (text * 5)[:400].strip(), name=text[:60].strip()).check()
        window.hand_in(call, window.new_ticket())
    tend(station)
    station.close()

    async def run() -> None:
        async with running(called, LARGE) as (app, hands):
            await hands.press("number_sign", "end")
            for _ in HOSTILE:
                rows = [row.partition(CALLED) for row in picture(app).splitlines() if CALLED in row]
                assert len(rows) == len(CALLS) + len(HOSTILE)
                assert len({cell_len(before) for before, _, _ in rows}) == 1, rows
                await hands.press("up")
            await hands.press("end", "enter")
            told = [row for row in picture(app).splitlines() if "┃" in row]
            letter = plain(HOSTILE[-1])[: len(plain(HOSTILE[-1])) // 20]
            assert sum(row.count(letter) for row in told) == 20 + 100 + 20, "place, text, name"
            await hands.press("escape", "x")
            assert "Notruf 7 (Brand) ablegen" in picture(app)

    asyncio.run(run())


def test_what_cannot_be_opened_stands_among_the_calls(called: Path) -> None:
    """With where from; it is no call to be decided, and goes only after a question."""
    station = Station.open(called, clock=FixedClock())
    inbox = Inbox.open(str(called.parent / "eingang.db"))
    inbox.put(b"x" * 16, "notruf", b"x" * 300, int(START))
    tend(station)
    station.close()
    inbox.close()

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("exclamation_mark")
        assert "Eine Meldung lässt sich nicht öffnen" in picture(app)
        await hands.press("number_sign", "home")
        assert "verschlossen" in picture(app)
        await hands.press("enter")
        assert "knoten-alt-" in picture(app)
        await hands.press("escape", "j")
        assert "Das lässt sich hier nicht öffnen" in picture(app)
        await hands.press("x", "j")
        assert "verschlossen" not in picture(app)

    play(called, doing)


def test_a_screen_that_only_shows_shows_nothing_of_it(called: Path) -> None:
    """On the wall nobody reads who called."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("number_sign")
        shown = picture(app)
        assert "nur am Rechner der Stelle zu sehen" in shown
        assert "Lindenweg" not in shown

    play(called, doing, read_only=True)


def test_a_dialog_is_about_the_call_that_it_named(called: Path) -> None:
    """Another screen decides it while it stands open: the next call, which then has the cursor,
    stays as it is."""

    async def doing(app: LageApp, hands: Hands) -> None:
        await hands.press("number_sign", "home", "x")
        assert "Notruf 1 (Person in Not) ablegen" in picture(app)
        with closing(Station.open(called, clock=FixedClock())) as other, boxes_of(other) as boxes:
            calls.put_aside(other, boxes, calls.find(other, boxes, "1"), "doppelt")
        await app.main.refresh_data()
        await hands.type("Fehlalarm")
        await hands.press("enter")
        assert "Notruf 1 ist schon abgelegt" in picture(app)

    play(called, doing)
    with closing(Station.open(called, clock=FixedClock())) as station, boxes_of(station) as boxes:
        assert [found.box.nr for found in calls.waiting(station, boxes)] == ["2"]
