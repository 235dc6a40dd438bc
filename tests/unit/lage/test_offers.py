# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Offers of help from outside: taken over, matched, sent, counted, withdrawn, deleted."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from lage.kinds.model import Query, Record
from lage.kinds.outside import Offer, Wish
from lage.language.epoch import from_unix
from lage.outside import desk, offers, tending
from lage.outside.desk import Source, boxes_of
from lage.outside.papers import certificate, insurance_sheet
from lage.outside.tending import tend
from lage.station import Station
from lage.store.inbox import Inbox
from lage.store.reception import Reception
from lage.views.alarm import Sort
from lage.volunteers import envelope, mark, private
from lage.volunteers.matching import Need, distance_km, matching
from lage.volunteers.private import Person
from sync.schema.definition import Point
from sync.schema.vocabulary import TERMS
from tests.fixtures import FixedClock, share
from tests.unit.lage.conftest import Terminal

ANNE = Offer(("Küche", "Erste Hilfe"), "Rheine", "Anne Beispiel", radius=10, hours=6, count=3,
             phone="0171 555 123", mail="anne@example.org", address="Emsufer 7", born=1985, days=14,
             consent=True)  # fmt: skip


class Portal:
    """A window of SAE Rheine's, and what its visitors read."""

    def __init__(self, station: Station, address: str, clock: FixedClock) -> None:
        desk.connect(station, Source(address, "Portal", "https://hilfe.example.org"))
        self.station, self.clock = station, clock
        self.inbox = Inbox.open(address)
        self.window = Reception(self.inbox, clock)

    def offer(self, offer: Offer = ANNE) -> str:
        """Somebody offers help; the ticket."""
        ticket = self.window.new_ticket()
        self.window.hand_in(offer, ticket)
        tend(self.station)
        return ticket

    def wish(self, ticket: str, wish: str, **more: Any) -> None:
        """Somebody wishes something by a ticket."""
        told = Wish(self.window.secret_of(ticket), wish, from_unix(self.clock()), **more)
        self.window.hand_in(told, self.window.new_ticket())
        tend(self.station)

    def record(self, ticket: str) -> Mapping[str, Any]:
        """What the holder of a ticket reads."""
        answer = self.window.answer(ticket)
        assert answer is not None
        return answer

    def helper(self) -> Record:
        """The first helper as the log has it."""
        return self.station.reader.select(Query("helper", order="entered", descending=False))[0]


@pytest.fixture
def portal(station: Station, tmp_path: Path, clock: FixedClock) -> Iterator[Portal]:
    """One that SAE Rheine has connected."""
    made = Portal(station, str(tmp_path / "portal" / "eingang.db"), clock)
    yield made
    made.inbox.close()


def text_of(pdf: bytes) -> str:
    """What stands on the pages, in one line."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_from_offer_to_certificate(portal: Portal, lage: Terminal, clock: FixedClock) -> None:
    """Taken over, sent, checked in by QR, counted, thanked; its owner reads each step."""
    ticket = portal.offer()
    assert portal.record(ticket)["state"] == "neu"
    assert portal.record(ticket)["offer"]["mail"] == "anne@example.org"
    assert "RHE-H1" in lage("angebot", "uebernehmen", "1")
    lage("helfer", "zuweisen", "1", "--an", "Greven", "--treffpunkt", "Rathaus", "--zeit", "1700",
         "--kontakt", "Frau Kroos")  # fmt: skip
    tend(portal.station)
    record = portal.record(ticket)
    assert (record["state"], record["label"]) == ("eingesetzt", "RHE-H1")
    assert record["sent"]["point"] == "Rathaus"
    assert record["sent"]["staff"] == "SAE Greven, Frau Kroos"
    lage("angebot", "da", ticket)
    assert lage.json("angebot", "zeigen", "RHE-H1")["helfende"] == "RHE-H1"
    clock.advance(3 * 3600)
    clock.advance(86_400)  # the pages' clock is a day ahead: nobody has worked 27 hours
    ahead = Wish(portal.window.secret_of(ticket), "fertig", from_unix(clock()))
    clock.advance(-86_400)
    portal.window.hand_in(ahead, portal.window.new_ticket())
    tend(portal.station)
    assert portal.record(ticket)["hours"] == 3
    lage("helfer", "rueckmeldung", "1", "Danke, bis morgen")
    tend(portal.station)
    assert portal.record(ticket)["hours"] == 3
    assert portal.record(ticket)["word"] == "Danke, bis morgen"
    portal.wish(ticket, "rueckmeldung", text="Wo gibt es Handschuhe?")
    assert lage.json("angebot", "rueckmeldungen")[0]["text"] == "Wo gibt es Handschuhe?"
    lage("helfer", "entlassen", "1")
    tend(portal.station)
    assert portal.record(ticket)["state"] == "entlassen"
    assert portal.record(ticket)["word"] == "Danke, bis morgen", "thanks are read afterwards too"
    assert "schon entlassen" in str(lage.refusal("angebot", "da", ticket))
    paper = text_of(certificate(portal.station, portal.helper()))
    assert "Anne Beispiel mit einer Gruppe von 3 Personen" in paper
    assert "3 Stunden" in paper
    assert "Rathaus" in paper
    sheet = text_of(insurance_sheet(portal.station, portal.helper()))
    for words in (
        "SGB VII § 2 Abs. 1 Nr. 11 a und Nr. 13 a",
        "1985",
        "Emsufer 7",
        "SAE Rheine",
        "24.11.2026 17:00",
    ):
        assert words in sheet
    assert lage("angebot", "nachweis", "RHE-H1", "--versicherung").strip().endswith(".pdf")


def test_what_the_log_learns_of_an_offer(portal: Portal, lage: Terminal, tmp_path: Path) -> None:
    """Skills, place, radius and time; name, number and mail stand in no file in clear."""
    portal.offer()
    lage("angebot", "uebernehmen", "--alle")
    helper = portal.helper()
    assert helper.texts("skills") == ("Küche", "Erste Hilfe")
    assert (helper.whole("radius"), helper.whole("count"), helper.whole("hours")) == (10, 3, 6)
    assert private.read_own(portal.station, helper) == Person(
        "Anne Beispiel", "0171 555 123", "Emsufer 7", 1985
    )
    data = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for word in ("Anne Beispiel", "0171 555 123", "anne@example.org", "Emsufer 7"):
        assert word.encode() not in data


def test_changed_withdrawn_and_deleted_by_its_owner(
    portal: Portal, lage: Terminal, county: list[Station]
) -> None:
    """Each wish is done once, whatever the log has of it; after deletion nothing is left."""
    ticket = portal.offer()
    portal.wish(ticket, "", count=5, place="Mesum")
    assert portal.record(ticket)["offer"]["count"] == "5"
    lage("angebot", "uebernehmen", "1")
    portal.wish(ticket, "", hours=2)
    assert (portal.helper().whole("hours"), portal.helper().text("place")) == (2, "Mesum")
    portal.wish(ticket, "", skills=("Traktor",), phone="0172 9", equipment="🚑" * 120, radius=50)
    helper = portal.helper()
    assert (helper.texts("skills"), helper.whole("radius")) == (("Traktor",), 50)
    assert helper.text("equipment").startswith("🚑"), "as much of it as an entry holds"
    person = private.read_own(portal.station, helper)
    assert person is not None
    assert (person.name, person.phone) == ("Anne Beispiel", "0172 9")
    assert portal.record(ticket)["offer"]["phone"] == "0172 9"
    lage("helfer", "zuweisen", "1", "--an", "Greven")
    portal.wish(ticket, "zurueckziehen")
    assert portal.helper().text("status") == "entlassen"
    assert portal.record(ticket)["state"] == "abgelegt"
    portal.wish(ticket, "loeschen")
    assert portal.helper().flag("erased")
    assert portal.window.answer(ticket) is None
    assert portal.window.entered(ticket) is None
    assert lage.json("angebot", "liste", "--alle") == []
    portal.wish(ticket, "da")  # of a ticket that is gone: nothing happens
    assert portal.helper().text("status") == "entlassen"


def test_deleted_on_its_day_and_with_the_helper(
    portal: Portal, lage: Terminal, clock: FixedClock
) -> None:
    """The day that its owner chose; or when the staff deletes the person by another way."""
    first, second = portal.offer(), portal.offer()
    lage("angebot", "uebernehmen", "2")
    lage("helfer", "loeschen", "1", "--ja")
    tend(portal.station)
    assert [row["nummer"] for row in lage.json("angebot", "liste", "--alle")] == ["1"]
    clock.advance(13 * 86_400)
    tend(portal.station)
    assert portal.record(first)["state"] == "neu"
    clock.advance(86_400)
    tend(portal.station)
    assert lage.json("angebot", "liste", "--alle") == []
    assert portal.window.answer(first) is None
    assert second != first


def test_pages_whose_clock_is_a_day_behind(
    portal: Portal, lage: Terminal, clock: FixedClock
) -> None:
    """Nothing is deleted before its day, and nobody has worked a day more."""

    def behind(told: Offer | Wish) -> str:
        ticket = portal.window.new_ticket()
        clock.advance(-86_400)
        portal.window.hand_in(told, ticket)
        clock.advance(86_400)
        tend(portal.station)
        return ticket

    def wish(kind: str) -> Wish:
        return Wish(portal.window.secret_of(ticket), kind, from_unix(clock() - 86_400))

    ticket = behind(replace(ANNE, days=3))
    assert portal.record(ticket)["state"] == "neu"
    lage("angebot", "uebernehmen", "1")
    lage("helfer", "zuweisen", "1", "--an", "Greven")
    clock.advance(30 * 3600)
    behind(wish("da"))
    clock.advance(3 * 3600)
    lage("angebot", "da", ticket, "--fertig")
    assert portal.helper().whole("worked") == 3, "left at the staff's scanner"
    behind(wish("da"))
    last = wish("fertig")
    clock.advance(5 * 3600)  # the portal was away
    last = replace(last, at=last.at + 2 * 3600)
    behind(last)
    assert portal.helper().whole("worked") == 5, "both by telephone"
    clock.advance(30 * 3600)
    tend(portal.station)
    assert portal.record(ticket)["state"] == "eingesetzt"
    clock.advance(5 * 3600)
    tend(portal.station)
    assert portal.window.answer(ticket) is None


def test_a_wish_of_another_is_none(portal: Portal, lage: Terminal) -> None:
    """Whoever guesses a ticket changes nothing, and stops nobody else's wish."""
    ticket = portal.offer()
    for secret in (b"", b"x" * 10, b"x" * 300):
        told = Wish(secret, "loeschen", 1)
        portal.window.hand_in(told, portal.window.new_ticket())
    portal.wish(ticket, "zurueckziehen")
    assert portal.record(ticket)["state"] == "abgelegt"
    with boxes_of(portal.station) as boxes:
        assert offers.feedback(portal.station, boxes) == []


def test_the_same_person_twice(portal: Portal, lage: Terminal, county: list[Station]) -> None:
    """At one staff by name and number, across staffs by sixteen bits of a keyed hash."""
    portal.offer()
    lage("angebot", "uebernehmen", "1")
    portal.offer(
        Offer(("Küche",), "Rheine", "Beispiel, Anne", phone="+49 171 555123", consent=True)
    )
    assert "Vermutlich schon aufgenommen als RHE-H1" in lage("angebot", "zeigen", "2")
    greven = Portal(county[2], str(county[2].folder / "eingang.db"), portal.clock)
    greven.offer(Offer(("Küche",), "Greven", "A. Beispiel", phone="0049171555123", consent=True))
    with boxes_of(county[2]) as boxes:
        (found,) = offers.waiting(county[2], boxes)
        record = offers.take_over(county[2], boxes, found)
    greven.inbox.close()
    share(*county)
    (other,) = mark.elsewhere(county[2].context(), record.whole("mark"))
    assert county[2].directory.label(other) == "RHE-H1"
    assert "GRE-H1" in lage("angebot", "zeigen", "1")
    assert record.whole("mark") in range(1, 65536)


def test_marks_need_the_county_s_key() -> None:
    """Spellings of one number are one; another county's mark is another; no number has none."""
    spelt = {mark.of(b"k" * 32, phone, "") for phone in ("0171/555 123", "+49 171 555-123",
                                                        "0049 171 555123")}  # fmt: skip
    assert len(spelt) == 1
    assert mark.of(b"l" * 32, "0171 555 123", "") not in spelt
    assert mark.of(b"k" * 32, "", "") is None


def test_people_who_are_not_the_same() -> None:
    """A like name is not enough, nor a family's address."""
    anne = Person("Anne Beispiel", "1", "Emsufer 7", 1985)
    assert mark.same(anne, Person("Anne Beispiel", "2", "", 1985))
    assert not mark.same(anne, Person("Anne Beispiel", "2", "Emsufer 7", 1960))
    assert not mark.same(anne, Person("Jörg Beispiel", "2", "Emsufer 7", 1985))
    assert not mark.same(anne, Person("Anne Beispiel", "2", "", None))


def test_who_fits_and_why(station: Station, lage: Terminal) -> None:
    """Skill, way and time decide, and are said; who would not come so far is left out."""
    for skills, place, more in (
        ("Küche", "Rheine", ("--umkreis", "10")),
        ("Küche, Erste Hilfe", "Greven", ("--umkreis", "50", "--stunden", "8")),
        ("Küche", "Greven", ("--umkreis", "5")),
        ("Traktor", "Rheine", ()),
        ("Küche", "Rheine", ("--ab", "morgen 8:00")),
    ):
        lage("helfer", "melden", skills, "--ort", place, *more)
    need = Need(("küche", "erste hilfe"), "Rheine", None, 4)
    found = matching(station.context(), need)
    assert [station.directory.label(match.helper) for match in found] == ["RHE-H2", "RHE-H1"]
    assert "kann Küche, Erste Hilfe" in found[0].fit.why
    assert "aus Greven" in found[0].fit.why
    assert "kommt bis 50 km" in found[0].fit.why
    assert "aus Rheine" in found[1].fit.why
    shown = lage("helfer", "passend", "--kann", "Küche,Erste Hilfe", "--ort", "Rheine")
    assert shown.index("RHE-H2") < shown.index("RHE-H1")


def test_waiting_offers_and_open_needs(
    portal: Portal, lage: Terminal, county: list[Station]
) -> None:
    """Per need who fits, per offer which needs, each with its reasons; taken over and sent in one;
    his page says meeting point and contact."""
    lage("aufruf", "schreiben", "Rheine", "--gesucht", "Stromaggregat, Küche", "--personen", "4",
         "--treffpunkt", "Rathaus", "--kontakt", "Frau Kroos")  # fmt: skip
    lage("aufruf", "schreiben", "Greven", "--gesucht", "Küche")
    lage("aufruf", "schreiben", "Rheine", "--gesucht", "Traktor", "--status", "bitte nicht kommen")
    ticket = portal.offer()  # comes ten kilometres: not to Greven
    portal.offer(replace(ANNE, skills=("Traktor",), equipment="Stromaggregat 5 kVA", count=1,
                         phone="1", since=portal.station.now() + 3600))  # fmt: skip
    portal.offer(replace(ANNE, since=portal.station.now() + 2 * 86_400, phone="2"))
    rows = lage.json("angebot", "passend")
    assert [(row["aufruf"], row["angebot"]) for row in rows] == [("RHE-R1", "1"), ("RHE-R1", "2")]
    assert rows[0]["passt"] == [
        "kann Küche", "aus Rheine", "da bis 21:30", "3 Personen, gesucht 4",
    ]  # fmt: skip
    assert rows[1]["passt"][0] == "bringt mit: Stromaggregat 5 kVA"
    assert "erst ab 16:30" in rows[1]["passt"]
    assert [row["angebot"] for row in lage.json("angebot", "passend", "2")] == ["2"]
    assert lage.json("angebot", "passend", "--aufruf", "RHE-R2") == []
    assert "Passt zu RHE-R1 Rheine: " in lage("angebot", "zeigen", "1")
    said = lage("angebot", "zuweisen", "1", "--aufruf", "RHE-R1")
    assert "Angebot 1 ist RHE-H1, eingesetzt für RHE-R1. Noch gesucht: 1." in said
    tend(portal.station)
    assert portal.record(ticket)["sent"] == {
        "point": "Rathaus", "at": None, "staff": "SAE Rheine, Frau Kroos",
    }  # fmt: skip
    assert "sucht niemanden mehr" in str(
        lage.refusal("angebot", "zuweisen", "2", "--aufruf", "RHE-R3")
    )
    assert "Damit sind genug da" in lage("angebot", "zuweisen", "2", "--aufruf", "RHE-R1")
    assert lage.json("angebot", "passend") == []
    portal.wish(ticket, "", count=2)
    assert lage.json("aufruf", "liste")[-1]["count"] == 1, "one of three does not come"
    portal.wish(ticket, "zurueckziehen")
    portal.wish(ticket, "loeschen")  # the alarm does not need what is deleted
    (off,) = [each for each in portal.station.queue() if each.sort is Sort.WITHDRAWN]
    assert off.text == "RHE-H1 (2 Personen) kommt doch nicht: RHE-R1 Rheine sucht wieder 3"
    lage("aufruf", "aendern", "1", "--personen", "0", "--status", "beendet")  # enough were sent
    (off,) = [each for each in portal.station.queue() if each.sort is Sort.WITHDRAWN]
    assert off.text.endswith("RHE-R1 Rheine steht auf „beendet“")


def test_a_changed_number_reaches_the_staff_that_has_the_old_one(
    portal: Portal, lage: Terminal, county: list[Station]
) -> None:
    """Sealed once more; while a part is missing the number before is read."""
    ticket = portal.offer(replace(ANNE, address="Emsufer 7, hinterm Deich, zweiter Hof links"))
    lage("angebot", "uebernehmen", "1")
    lage("helfer", "zuweisen", "1", "--an", "Greven")

    def phone() -> str:
        share(*county)
        helper = county[2].reader.select(Query("helper"))[0]
        person = envelope.read(county[2], helper)
        return "" if person is None else person.phone

    def settle() -> None:
        for each in county:
            share(*county)
            envelope.tend(each)

    settle()
    settle()
    assert phone() == "0171 555 123"
    for number in ("0172 9", "0173 1234567890"):
        portal.wish(ticket, "", phone=number)
        assert phone() == number
    before = county[1].store.log.head(2)
    settle()
    assert county[1].store.log.head(2) == before, "once each"
    assert "noch unterwegs" not in envelope.missing_words(county[0], portal.helper())


def test_the_same_person_at_two_points_that_wait(
    portal: Portal, lage: Terminal, tmp_path: Path
) -> None:
    """Nobody has taken either over yet: each names the other."""
    portal.offer()
    lage("eingang", "verbinden", str(tmp_path / "b.db"), "--name", "Infopunkt Süd")
    window = Reception.open(str(tmp_path / "b.db"))
    window.hand_in(replace(ANNE, name="Beispiel, Anne"), window.new_ticket())
    tend(portal.station)
    assert "dieselbe Person wie Angebot B1 (Infopunkt Süd)" in lage("angebot", "zeigen", "1")
    assert "dieselbe Person wie Angebot 1 (Portal)" in lage("angebot", "zeigen", "b1")


def test_distances() -> None:
    """Rheine to Greven, as maps say: 23 km."""
    kilometres = distance_km(Point(522_800, 74_400), Point(520_930, 76_080))
    assert 22 < kilometres < 25


def test_where_to_come_and_where_not(portal: Portal, lage: Terminal) -> None:
    """Appeals stand on the pages, those not to come to first, until they end; and as text."""
    lage("aufruf", "schreiben", "Rheine", "--gesucht", "Küche", "--personen", "5", "--treffpunkt",
         "Rathaus")  # fmt: skip
    lage("aufruf", "schreiben", "Greven", "--status", "bitte nicht kommen", "--text", "voll")
    tend(portal.station)
    shown = portal.window.appeals()
    assert [(row["place"], row["wanted"]) for row in shown] == [("Greven", False), ("Rheine", True)]
    assert shown[1]["text"] == "Küche. noch 5 Personen"
    text = lage("angebot", "aufruf", "RHE-R1")
    for words in ("Rheine: BITTE KOMMEN", "Gesucht: Küche", "https://hilfe.example.org/de/helfen/"):
        assert words in text
    assert "Anmelden" not in lage("angebot", "aufruf", "RHE-R2")
    lage("aufruf", "aendern", "2", "--status", "beendet")
    tend(portal.station)
    assert [row["place"] for row in portal.window.appeals()] == ["Rheine"]


def test_offers_that_rest_are_not_opened(
    portal: Portal, lage: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing happens a round opens nothing, however many offers there are."""
    tickets = [portal.offer() for _ in range(5)]
    lage("angebot", "uebernehmen", "1")
    seen: tending.Seen = {}
    looked: list[int] = []
    for _ in range(2):
        tend(portal.station, seen)

    def counting(station: Station, box: Any) -> Any:
        looked.append(box.number)
        return desk.opened(station, box)

    monkeypatch.setattr(tending, "opened", counting)
    tend(portal.station, seen)
    assert looked == []
    lage("helfer", "zuweisen", "1", "--an", "Greven", "--treffpunkt", "Rathaus")
    tend(portal.station, seen)
    assert set(looked) == {1}
    assert portal.record(tickets[0])["state"] == "eingesetzt"
    lage("angebot", "ablegen", "2")
    tend(portal.station, seen)
    assert portal.record(tickets[1])["state"] == "abgelegt"


def test_no_offer_is_too_long_to_be_taken_over(portal: Portal, station: Station) -> None:
    """Every field filled to its end: the entry says less, the sealed offer stays whole."""
    skills = TERMS["skill"][:12]
    full = replace(ANNE, skills=skills, place="é" * 40, equipment="🚑" * 120, hours=1000, count=500,
                   radius=200, since=2**32, days=180)  # fmt: skip
    ticket = portal.offer(full)
    with desk.boxes_of(station) as boxes:
        found = offers.find(station, boxes, ticket)
        record = offers.take_over(station, boxes, found)
        assert record.whole("hours") == 1000
        assert record.texts("skills")
        assert offers.offer_of(offers.find(station, boxes, ticket)) == full
