# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Emergency calls from an Infopunkt at the staff: fetched, checked, handed on, answered truly."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from lage.kinds.model import Draft, Query
from lage.kinds.outside import Call
from lage.kinds.setting import PUSHED
from lage.language.errors import LageError
from lage.outside import calls, desk
from lage.outside.desk import Source, boxes_of
from lage.outside.slip import slip_pdf
from lage.outside.tending import tend
from lage.station import Station
from lage.store.inbox import Inbox
from lage.store.reception import Reception
from lage.store.sealing import seal
from lage.store.ticket import Ticket
from tests.fixtures import FixedClock, make_county, share
from tests.unit.lage.conftest import Terminal


def text_of_pdf(data: bytes) -> str:
    """What stands on the pages."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


CALL = Call("Person in Not", "Lindenweg 12, Rheine", "Sauerstoff reicht noch zwei Stunden",
            people=1, name="Annegret Musterfrau", back="steht am Infopunkt")  # fmt: skip


@pytest.fixture
def county(tmp_path: Path, clock: FixedClock) -> Iterator[list[Station]]:
    """Rheine, whose Infopunkt it is, second as in the other tests, and the Leitstelle."""
    names = ["Leitstelle Steinfurt", "SAE Rheine", "SAE Greven"]
    stations = list(make_county(tmp_path / "kreis", names, clock=clock).values())
    yield stations
    for station in stations:
        station.close()


@pytest.fixture
def desk_of(station: Station, tmp_path: Path, clock: FixedClock) -> Iterator[Reception]:
    """The window of the Infopunkt that SAE Rheine has connected."""
    address = str(tmp_path / "infopunkt" / "eingang.db")
    desk.connect(station, Source(address, "Infopunkt Dorenkamp", "http://infopunkt.lan"))
    inbox = Inbox.open(address)
    yield Reception(inbox, clock)
    inbox.close()


def test_from_the_form_to_the_receipt(
    desk_of: Reception, county: list[Station], lage: Terminal, clock: FixedClock
) -> None:
    """Each step is said when it is true and not before; the time is that of the step."""
    control, rheine, _ = county
    ticket = desk_of.new_ticket()
    entered = desk_of.hand_in(CALL, ticket)
    assert (entered.number, entered.new) == (1, True)
    assert desk_of.answer(ticket) is None

    def steps() -> dict[str, list[object]]:
        tend(rheine)
        answer = desk_of.answer(ticket)
        assert answer is not None
        return dict(answer["steps"])

    assert steps() == {}
    (row,) = lage.json("notruf", "liste")
    assert (row["nummer"], row["stand"], row["angaben"]["back"]) == ("1", "neu", CALL.back)
    clock.advance(60)
    said = lage("notruf", "blitz", "1")
    assert "RHE-N1 (blitz) an Leitstelle Steinfurt" in said
    checked = int(clock.unix)
    clock.advance(60)
    assert steps() == {"geprueft": [checked]}
    rheine.keep(PUSHED, 1)
    assert list(steps()) == ["geprueft", "gesendet"]
    share(*county)
    rheine.store.local.save_peers([], {1: {2: 1}})
    clock.advance(60)
    assert steps()["angekommen"] == [int(clock.unix), "Leitstelle Steinfurt"]
    (message,) = control.reader.select(Query("message"))
    assert message.text("text") == (
        "Notruf 1 (Infopunkt Dorenkamp): Person in Not. Ort: Lindenweg 12, Rheine."
        " Sauerstoff reicht noch zwei Stunden. Betroffene: 1. Rückruf über uns"
    )
    assert message.text("priority") == "blitz"
    clock.advance(30)
    control.write([Draft("receipt", {"message": message.id, "person": "Mertens"})])
    at = int(clock.unix)
    share(*county)
    assert steps()["bestaetigt"] == [at, "Leitstelle Steinfurt"]
    assert "angekommen bei Leitstelle Steinfurt" in lage("notruf", "zeigen", ticket.lower())


def test_nobody_decides_twice(desk_of: Reception, station: Station, lage: Terminal) -> None:
    """The second key press is told what the first did; a refused entry leaves the call waiting."""
    desk_of.hand_in(CALL, desk_of.new_ticket())
    lage("eingang", "holen")
    with boxes_of(station) as boxes:
        found = calls.find(station, boxes, "1")
        record = calls.as_incident(station, boxes, found)
        assert record.text("priority") == "hoch"
        assert (record.whole("affected"), record.whole("injured")) == (1, None)
        for again in (
            lambda: calls.as_incident(station, boxes, found),
            lambda: calls.as_message(station, boxes, found),
            lambda: calls.put_aside(station, boxes, found, "doppelt"),
        ):
            with pytest.raises(LageError, match="schon übernommen"):
                again()
    assert len(station.reader.select(Query("incident"))) == 1
    assert station.reader.select(Query("message")) == []


def test_the_caller_is_named_only_where_somebody_wants_it(
    desk_of: Reception, station: Station, lage: Terminal, tmp_path: Path
) -> None:
    """Neither log nor this node's other files hold name or number in clear, until it is asked."""
    for _ in range(2):
        desk_of.hand_in(CALL, desk_of.new_ticket())
    lage("eingang", "holen")
    lage("notruf", "vorfall", "1")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path.name for path in files if b"Musterfrau" in path.read_bytes()]
    lage("notruf", "vorfall", "2", "--mit-rueckruf")
    texts = [record.text("text") for record in station.reader.select(Query("incident"))]
    assert [("Musterfrau" in text) for text in texts] == [True, False]


def test_put_aside_with_a_reason_that_the_caller_reads(
    desk_of: Reception, station: Station, lage: Terminal
) -> None:
    """A call that is none, or told twice: kept, and said so; two that sound alike are named."""
    tickets = [desk_of.new_ticket() for _ in range(2)]
    desk_of.hand_in(CALL, tickets[0])
    desk_of.hand_in(
        Call("Person in Not", "Lindenweg 12", "Sauerstoff reicht nur noch zwei Stunden"), tickets[1]
    )
    lage("eingang", "holen")
    assert "Klingt wie Notruf 1" in lage("notruf", "zeigen", "2")
    assert "einen Grund angeben" in str(lage.refusal("notruf", "ablegen", "2", "--grund", " "))
    lage("notruf", "ablegen", "2", "--grund", "schon als Notruf 1 gemeldet")
    tend(station)
    answer = desk_of.answer(tickets[1])
    assert answer is not None
    assert answer["steps"]["abgelegt"][1] == "schon als Notruf 1 gemeldet"
    assert [row["stand"] for row in lage.json("notruf", "liste", "--alle")] == ["neu", "abgelegt"]


def test_a_place_that_nobody_understands_holds_no_call_up(
    desk_of: Reception, station: Station, lage: Terminal
) -> None:
    """What was typed as coordinate goes into the place instead."""
    desk_of.hand_in(Call("Brand", "", point="hinter der Scheune"), desk_of.new_ticket())
    lage("eingang", "holen")
    lage("notruf", "vorfall", "1")
    (record,) = station.reader.select(Query("incident"))
    assert record.text("place") == "hinter der Scheune"


def test_what_is_not_for_us_is_counted_and_harms_nothing(
    desk_of: Reception, station: Station, lage: Terminal, tmp_path: Path
) -> None:
    """Boxes of another key, of random bytes, of another ticket: the true one is still read."""
    inbox = Inbox.open(str(tmp_path / "infopunkt" / "eingang.db"))
    inbox.put(Ticket.new().id, "notruf", b"x" * 300, 1)
    inbox.put(Ticket.new().id, "notruf", seal(b"\xff" * 80, station.roster.members[2].seal_key), 1)
    inbox.close()
    desk_of.hand_in(CALL, desk_of.new_ticket())
    assert lage.json("eingang", "holen") == {"neu": 3, "fremd": 2, "fehler": []}
    assert [row["nummer"] for row in lage.json("notruf", "liste")] == ["3"]


def test_an_inbox_that_is_gone_is_named(station: Station, lage: Terminal, tmp_path: Path) -> None:
    """The others are still fetched from; once it is back, all goes on."""
    good, bad = tmp_path / "a" / "e.db", tmp_path / "b" / "e.db"
    lage("eingang", "verbinden", str(bad), "--name", "B")
    lage("eingang", "verbinden", str(good), "--name", "A")
    Reception.open(str(good)).hand_in(CALL, Ticket.new().__str__())
    for path in bad.parent.iterdir():
        path.unlink()
    bad.mkdir()
    assert "B: " in str(lage.refusal("eingang", "holen"))
    assert len(lage.json("notruf", "liste")) == 1
    assert [each["name"] for each in lage.json("eingang", "liste")] == ["B", "A"]
    lage("eingang", "trennen", "B")
    assert lage.json("eingang", "holen")["fehler"] == []


def test_a_file_is_named_in_full(
    lage: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The node fetches from it wherever it was started."""
    monkeypatch.chdir(tmp_path)
    lage("eingang", "verbinden", "e.db", "--name", "A")
    assert lage.json("eingang", "liste")[0]["adresse"] == str(tmp_path.resolve() / "e.db")


def test_an_inbox_has_one_staff(county: list[Station], tmp_path: Path) -> None:
    """Nobody takes another's inbox over by connecting it as well."""
    address = str(tmp_path / "e.db")
    desk.connect(county[1], Source(address, "A"))
    desk.connect(county[1], Source(address, "A neu"))
    with pytest.raises(LageError, match="gehört schon zu SAE Rheine"):
        desk.connect(county[2], Source(address, "A"))


def test_everything_goes_on_its_day(
    desk_of: Reception, station: Station, lage: Terminal, clock: FixedClock
) -> None:
    """After thirty days neither box nor answer is left, here or there."""
    ticket = desk_of.new_ticket()
    desk_of.hand_in(CALL, ticket)
    lage("eingang", "holen")
    assert desk_of.answer(ticket) is not None
    clock.advance(31 * 86_400)
    tend(station)
    assert lage.json("notruf", "liste", "--alle") == []
    assert desk_of.answer(ticket) is None
    assert desk_of.entered(ticket) is None


def test_the_slip_says_what_is_true(desk_of: Reception, station: Station, lage: Terminal) -> None:
    """Before it has arrived it says so; code and number are on it."""
    ticket = desk_of.new_ticket()
    desk_of.hand_in(CALL, ticket)
    lage("eingang", "holen")
    with boxes_of(station) as boxes:
        text = text_of_pdf(slip_pdf(station, calls.find(station, boxes, "1")))
    assert "Ihr Notruf 1" in text
    assert ticket in text
    assert "Noch nicht angekommen" in text
    assert "geprüft" not in text
    path = Path(lage("notruf", "beleg", "1").strip())
    assert path.name.startswith("notruf_1_")
    assert path.read_bytes().startswith(b"%PDF")


def test_no_call_is_too_long_to_be_handed_on(desk_of: Reception, station: Station) -> None:
    """Every field filled to its end: both keys take it, with the caller too, and keep the call."""
    full = [Call("Brand", **{name: letter * most for name, most in Call.LIMITS.items()
                             if name != "what"}, people=100_000) for letter in "y🚑"]  # fmt: skip
    tickets = [desk_of.new_ticket() for _ in full]
    for ticket, call in zip(tickets, full, strict=True):
        desk_of.hand_in(call, ticket)
    tend(station)
    with boxes_of(station) as boxes:
        one, other = (calls.find(station, boxes, ticket) for ticket in tickets)
        incident = calls.as_incident(station, boxes, other, with_caller=True)
        assert incident.text("text").startswith("Notruf 2 (Infopunkt Dorenkamp). 🚑")
        assert "Gekürzt, ganz bei uns. Rückruf: 🚑" in incident.text("text")
        message = calls.as_message(station, boxes, one, with_caller=True)
        assert full[0].text in message.text("text")
        assert calls.call_of(calls.find(station, boxes, tickets[1])) == full[1]
