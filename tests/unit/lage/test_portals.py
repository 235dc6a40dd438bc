# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A portal on another computer: whatever breaks between it and its node, nothing is lost."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lage.cli.key_files import fingerprint
from lage.kinds import exchange
from lage.kinds.exchange import Ask, Reply, Waiting
from lage.kinds.outside import Offer, Subscription, Told, Unreadable, Wish
from lage.language.errors import ServiceError, UsageError
from lage.outside import offers, portals
from lage.outside.desk import boxes_of
from lage.outside.exchanging import Line, exchange_all
from lage.outside.portals import Link, mirror_of
from lage.outside.subscriptions import ON, SERVICE, Service
from lage.outside.tending import tend
from lage.reports.board import board_of, write_board
from lage.station import Station
from lage.store.counterpart import Counterpart, Introduction, introduce
from lage.store.inbox import Inbox
from lage.store.reception import Reception
from lage.store.recipient import SHEET
from lage.store.ticket import Ticket
from lage.views.board import FILE, from_json
from lage.write import commands
from tests.asgi import one
from tests.fixtures import START
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_outbox import Service as Stand

pytest.importorskip("starlette", reason="the extra [portal] is not installed")
from lage.public.app import application
from lage.public.board_file import BoardFile
from lage.public.site import Role, Site

OFFER = Offer(("Küche",), "Rheine", "Annegret Musterfrau", phone="0171 5559876", consent=True)


class Portal(httpx.BaseTransport):
    """A portal on another computer, and the line to it, which may break."""

    def __init__(self, folder: Path, told: bytes) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.inbox = Inbox.open(str(folder / "eingang.db"))
        introduce(self.inbox, Introduction.from_json(told))
        self.window = Reception(self.inbox, lambda: START)
        self.app = application(
            Site(Role.PORTAL, "Portal", "https://portal.example", BoardFile(folder),
                 lambda: START, self.window, Counterpart(self.inbox))
        )  # fmt: skip
        self.recorded: list[httpx.Request] = []
        self.breaks = -1  # counts down: at nought the question is lost, at minus two its answer is
        self.loses_answer = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the application."""
        self.recorded.append(request)
        self.breaks -= 1
        if self.breaks == 0 and not self.loses_answer:
            raise httpx.ConnectError("no line")
        answer = asyncio.run(
            one(self.app, request.url.path, request.method, "portal.example",
                dict(request.headers), request.read())
        )  # fmt: skip
        if self.breaks == 0:
            raise httpx.ReadError("the line broke")
        return httpx.Response(answer.status, content=answer.body)

    def offered(self, told: Told = OFFER) -> Ticket:
        """Somebody hands something in."""
        ticket = self.window.new_ticket()
        self.window.hand_in(told, ticket)
        return Ticket.parse(ticket)


@pytest.fixture
def link(station: Station) -> Link:
    """From SAE Rheine."""
    link, _ = portals.connect(station, "https://portal.example/", "Portal")
    return link


@pytest.fixture
def portal(link: Link, tmp_path: Path) -> Iterator[Portal]:
    """Introduced to SAE Rheine."""
    opened = Portal(tmp_path / "portal", portals.introduction(link))
    yield opened
    opened.inbox.close()


def talk(link: Link, portal: Portal) -> None:
    """One round."""
    line = Line(link, portal)
    with mirror_of(link) as mirror:
        exchange_all(link, line, mirror, lambda: START)
    line.close()


def answer_at(portal: Portal, ticket: Ticket) -> str:
    """What the pages tell the holder of a ticket."""
    return str((portal.window.answer(str(ticket)) or {}).get("state", ""))


def test_there_and_back(station: Station, link: Link, portal: Portal) -> None:
    """An offer comes to the staff, its answer to the portal; the Aushang too, where it changed."""
    ticket = portal.offered()
    typed = {"text": "Wasser", "topic": "Ausgabestelle"}
    station.write(commands.enter("notice", typed, station.parse_context()))
    write_board(board_of(station), link.board)
    talk(link, portal)
    entered = portal.inbox.entered(ticket.id)
    assert entered is not None
    assert entered.fetched
    assert [i.words for i in from_json((portal.folder / FILE).read_bytes()).items] == ["Wasser"]
    assert tend(station).new == 1
    talk(link, portal)
    assert answer_at(portal, ticket) == "neu"
    asked = len(portal.recorded)
    talk(link, portal)
    assert len(portal.recorded) == asked + 1, "nothing new is one question"
    ours = portal.inbox.laid_out(SHEET)
    portal.inbox.lay_out(SHEET, b"sealed to an intruder from now on")
    (portal.folder / FILE).write_bytes(b"defaced")
    talk(link, portal)
    assert portal.inbox.laid_out(SHEET) == ours
    assert from_json((portal.folder / FILE).read_bytes()).items
    with boxes_of(station) as boxes:
        (found,) = offers.waiting(station, boxes)
        assert found.told == OFFER


def test_a_file_that_was_swapped_is_seen(
    lage: Terminal, link: Link, tmp_path: Path
) -> None:  # fmt: skip
    """Names in it can be copied, keys cannot: both sides show a fingerprint of them."""
    files = [tmp_path / "a.verbindung", tmp_path / "b.verbindung"]
    files[0].write_bytes(portals.introduction(link))
    told = json.loads(files[0].read_bytes())
    files[1].write_text(json.dumps({**told, "schluessel": "11" * 32}))
    ours = fingerprint(Introduction.from_json(files[0].read_bytes()).keys)
    said = [lage("portal", "einrichten", str(file), "--eingang", f"{file}.db") for file in files]
    assert [ours in each for each in said] == [True, False]


@pytest.mark.parametrize("loses_answer", [False, True])
def test_a_line_that_breaks_anywhere(
    station: Station, link: Link, portal: Portal, loses_answer: bool
) -> None:
    """Before the question arrives, or after it was done: asked again it is whole, and once."""
    portal.loses_answer = loses_answer
    tickets = []
    for at in range(1, 12):
        tickets += [portal.offered() for _ in range(2)]
        portal.breaks = at
        with suppress(ServiceError):
            talk(link, portal)
        for box in tickets:
            entered = portal.inbox.entered(box.id)
            assert entered is not None
            with mirror_of(link) as mirror:
                here = mirror.inbox.entered(box.id) is not None
            assert here or not entered.fetched, "let go there before it was safe here"
        tend(station)
    portal.breaks = -1
    talk(link, portal)
    tend(station)
    talk(link, portal)
    assert portal.inbox.waiting() == []
    with boxes_of(station) as boxes:
        numbers = sorted(found.box.number for found in offers.waiting(station, boxes))
    assert numbers == list(range(1, len(tickets) + 1))
    assert {answer_at(portal, ticket) for ticket in tickets} == {"neu"}
    with mirror_of(link) as mirror:
        assert replace(mirror.due(None), numbers={}) == Ask()


@pytest.mark.parametrize("loses_answer", [False, True])
def test_a_subscription_by_mail(
    station: Station, link: Link, portal: Portal, monkeypatch: pytest.MonkeyPatch,
    loses_answer: bool,
) -> None:  # fmt: skip
    """Its ticket is drawn by the staff and no box of the portal has it: confirmed there by the link
    in the letter, and gone there when it ends, wherever the line breaks."""
    mails = Stand()
    monkeypatch.setattr("lage.outside.tending.channels_of", lambda _: {"mail": mails})
    station.keep(SERVICE, Service(ON, "datenschutz@rheine.example"))

    def rounds() -> None:
        portal.loses_answer = loses_answer
        for at in (1, 2, 3, -1):
            portal.breaks = at
            with suppress(ServiceError):
                talk(link, portal)
            tend(station)
        talk(link, portal)

    portal.offered(Subscription("Rheine", "info1", "beides", "mail", "a@b.example", consent=True))
    rounds()
    (letter,) = mails.sent
    ticket = Ticket.parse(letter.leave.rpartition("/")[2])
    assert answer_at(portal, ticket) == "bestellt"
    portal.offered(Wish(ticket.secret, "bestaetigen", station.now()))
    rounds()
    assert answer_at(portal, ticket) == "angenommen"
    portal.offered(Wish(ticket.secret, "abbestellen", station.now()))
    rounds()
    assert portal.inbox.answered(ticket.id) is None
    with mirror_of(link) as mirror:
        assert replace(mirror.due(None), numbers={}) == Ask()


def test_more_than_one_answer_holds(link: Link, portal: Portal) -> None:
    """A day without internet: all that waited comes, fifty at a time."""
    for _ in range(exchange.BOXES * 2 + 7):
        portal.offered()
    talk(link, portal)
    with mirror_of(link) as mirror:
        assert len(mirror.inbox.waiting(limit=1000)) == exchange.BOXES * 2 + 7
    assert portal.inbox.waiting() == []


def test_nobody_else_is_answered(link: Link, portal: Portal) -> None:
    """Recorded, signed by another, changed, too large, nothing of ours: it changes nothing."""
    ticket = portal.offered()
    talk(link, portal)

    def status(request: httpx.Request) -> int:
        return portal.handle_request(request).status_code

    def asked(ask: Ask | bytes, number: int, signer: Link = link) -> httpx.Request:
        body = ask if isinstance(ask, bytes) else exchange.pack_ask(ask)
        header = {exchange.HEADER: exchange.sign(signer.signing, number, body)}
        return httpx.Request("POST", f"{link.address}{exchange.PATH}", content=body, headers=header)

    recorded = list(portal.recorded)
    assert {status(request) for request in recorded} == {409}
    stranger = replace(link, key=bytes(range(32)))
    assert status(asked(Ask(forget=(ticket.id,)), 10**6, stranger)) == 403
    changed = asked(Ask(), 10**6)
    changed = httpx.Request("POST", changed.url, content=b"x" * 9, headers=changed.headers)
    assert status(changed) == 403
    assert status(asked(b"x" * (exchange.ASK_MAX + 1), 10**6 + 1)) == 413
    for n, ask in enumerate(
        (b"", b"\xc1", Ask(files={"../x": b""}), Ask(files={FILE: gzip.compress(b"{}")}),
         Ask(files={FILE: gzip.compress(bytes(40 * 2**20))}), Ask(files={FILE: b"no"}))
    ):  # fmt: skip
        assert status(asked(ask, 10**6 + 2 + n)) == 422
    for header in ("", "1.2", "-1.x.y", "9" * 30 + ".a.b", "1.é.00"):
        assert status(httpx.Request("POST", changed.url, headers={
            exchange.HEADER: header.encode("latin-1")})) == 403  # fmt: skip
    assert status(httpx.Request("GET", changed.url)) == 403
    assert portal.inbox.entered(ticket.id) is not None
    assert sorted(path.name for path in portal.folder.iterdir() if path.suffix == ".json") == []
    talk(link, portal)
    assert portal.inbox.entered(ticket.id) is not None, "the true node goes on, from a number later"


def test_put_back_from_a_copy(station: Station, link: Link, portal: Portal, tmp_path: Path) -> None:
    """An older state of the portal, a new portal, an older state here: all meet again."""
    kept, deleted = portal.offered(), portal.offered()
    portal.inbox._db.scrub()
    shutil.copy(portal.folder / "eingang.db", tmp_path / "portal.alt")
    talk(link, portal)
    tend(station)
    shutil.copytree(link.folder, tmp_path / "kopie")
    portal.offered(Wish(deleted.secret, "loeschen", station.now()))
    for _ in range(2):
        talk(link, portal)
        tend(station)
    assert portal.inbox.entered(deleted.id) is None

    portal.inbox.close()
    for path in portal.folder.glob("eingang.db*"):
        path.unlink()
    shutil.copy(tmp_path / "portal.alt", portal.folder / "eingang.db")
    portal.__init__(portal.folder, portals.introduction(link))  # type: ignore[misc]
    for _ in range(2):
        talk(link, portal)
    assert portal.inbox.entered(deleted.id) is None, "who was forgotten stays so"
    assert tend(station).new == 0

    fresh = Portal(tmp_path / "neu", portals.introduction(link))
    talk(link, fresh)
    assert answer_at(fresh, kept) == "neu", "one that was set up anew is told all answers again"
    again = fresh.inbox.entered(fresh.offered().id)
    assert again is not None
    assert again.number > 2, "no number of a receipt is given twice"
    fresh.inbox.close()

    shutil.rmtree(link.folder)
    shutil.copytree(tmp_path / "kopie", link.folder)
    talk(link, portal)
    assert tend(station).new == 0


def test_a_clock_that_is_a_day_off(link: Link, portal: Portal) -> None:
    """It is told, and changes nothing."""
    portal.offered()
    line = Line(link, portal)
    with mirror_of(link) as mirror:
        found = exchange_all(link, line, mirror, lambda: START + 86_400)
    assert found.new == 1
    assert found.ahead_s != 0


def test_a_portal_belongs_to_one_staff(
    station: Station, link: Link, portal: Portal, lage: Terminal
) -> None:
    """A name is given once, an address is encrypted, and another staff's inbox is refused."""
    with pytest.raises(UsageError, match="schon verbunden"):
        portals.connect(station, "https://anderes.example", "Portal")
    with pytest.raises(UsageError, match="https"):
        portals.connect(station, "http://anderes.example", "Anderes")
    told = Introduction.from_json(portals.introduction(link))
    other = replace(told, recipient=replace(told.recipient, staff="SAE Greven"))
    with pytest.raises(UsageError, match="schon zu SAE Rheine"):
        introduce(portal.inbox, other)
    portal.offered()
    talk(link, portal)
    assert "portal trennen" in str(lage.refusal("eingang", "trennen", "Portal"))
    lage("portal", "trennen", "Portal")
    assert portals.links(station.folder) == []
    assert not link.folder.exists()
    assert len(lage.json("angebot", "liste")) == 1, "what had come over is not lost"


VALUES = st.recursive(
    st.none() | st.integers(-3, 2**63) | st.binary(max_size=20) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


@settings(max_examples=30)
@given(st.binary(max_size=60) | VALUES.map(exchange._packed) | st.lists(VALUES, min_size=6,
       max_size=7).map(exchange._packed), st.text(max_size=60))  # fmt: skip
def test_reading_is_total(data: bytes, header: str) -> None:
    """Any bytes are a question, an answer, or refused."""
    for read in (exchange.read_ask, exchange.read_reply):
        with suppress(Unreadable):
            read(data)
    with suppress(Unreadable):
        exchange.check_header(header, bytes(32))
    said = (bytes(16),), ((bytes(16), b"x", 5),), (bytes(16),), {"a": b"b"}, {"c": b"d"}, {"e": 6}
    ask = Ask(*said)
    assert exchange.read_ask(exchange.pack_ask(ask)) == ask
    reply = Reply(b"p", 5, (Waiting(bytes(16), "angebot", 1, 2, b"s"),), {"a": b"b"}, {})
    assert exchange.read_reply(exchange.pack_reply(reply)) == reply
