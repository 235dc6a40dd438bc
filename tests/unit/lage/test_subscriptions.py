# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Being told of gauges: from the form to the letter to the end of it, with a real mail server."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from lage.kinds.outside import OWN, Subscription
from lage.language.epoch import from_unix
from lage.language.errors import LageError, ServiceError, StoreError, UsageError
from lage.outside import subscriptions
from lage.outside.channels.channel import Channel, Later, Letter, Refused
from lage.outside.channels.mail import Mail, leaving
from lage.outside.desk import boxes_of
from lage.outside.subscriptions import ADDRESS_MAX, LETTERS_MAX, SERVICE, Service
from lage.outside.tending import tend
from lage.outside.watching import EVERY_S, REMIND_S, Watch
from lage.reports.board import board_of, write_board
from lage.store.arrived import ArrivedBoxes
from lage.store.inbox import Inbox
from lage.store.notices import Notices
from lage.views.released import releases_of
from lage.write import commands
from lage.write.release import release, withdraw
from tests.asgi import Answer, one
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_offers import Portal, portal
from tests.unit.lage.test_outbox import Postbox, answering, postbox
from tests.unit.lage.test_outbox import Service as Stand

httpx = pytest.importorskip("httpx", reason="the extra [nachrichten] is not installed")
pytest.importorskip("starlette", reason="the extra [portal] is not installed")
from lage.outside.channels.web import Ntfy  # noqa: E402
from lage.public.app import application  # noqa: E402
from lage.public.board_file import BoardFile  # noqa: E402
from lage.public.routes import water  # noqa: E402
from lage.public.site import Role, Site  # noqa: E402
from lage.public.water import file_name  # noqa: E402
from lage.public.words import LANGUAGES  # noqa: E402

__all__ = ["portal", "postbox"]
ANNE = "anne@example.org"
DAY = 86_400
FORM = {"content-type": "application/x-www-form-urlencoded"}
MULTIPART = {"content-type": "multipart/form-data; boundary=x"}
ORDER = Subscription("Rheine", "info1", "beides", "mail", ANNE, consent=True)


class Citizen:
    """A portal with one public gauge, its staff, and what goes out."""

    def __init__(self, portal: Portal, folder: Path, ways: dict[str, Channel]) -> None:
        self.portal, self.station, self.clock = portal, portal.station, portal.clock
        self.ways, self.folder, self.watch = ways, folder, Watch()
        self.enter("gauge", name="Rheine", water="Ems", info1="300", info2="400")
        self.level(290)
        gauge = self.station.find_record("gauge", "Rheine")
        self.station.write(release(gauge))
        self.station.keep(SERVICE, Service("an", "datenschutz@example.org"))
        site = Site(Role.PORTAL, "Portal", "https://hilfe.example.org", BoardFile(folder),
                    self.clock, portal.window)  # fmt: skip
        self.round()
        write_board(board_of(self.station), folder)
        self.app, self.site = application(site), site

    def enter(self, kind: str, **typed: str) -> None:
        """The staff writes something."""
        self.station.write(commands.enter(kind, typed, self.station.parse_context()))

    def level(self, value: int, after: float = 900) -> None:
        """The gauge reports, a quarter of an hour later."""
        self.clock.advance(after)
        self.enter("reading", gauge="Rheine", value=str(value))

    def round(self) -> None:
        """The node tends what is outside, and sends."""
        self.clock.advance(EVERY_S + 1)
        tend(self.station, watch=self.watch)

    async def get(self, path: str) -> Answer:
        """Open a page."""
        return await one(self.app, path, host="hilfe.example.org")

    async def post(self, path: str, client: str = "10.0.0.7", **typed: str) -> Answer:
        """Send a form."""
        return await one(self.app, path, "POST", "hilfe.example.org", FORM,
                         urlencode(typed).encode(), client)  # fmt: skip

    def open(self, path: str) -> Answer:
        """Open a page, from outside a loop."""
        return asyncio.run(self.get(path))

    def fill(self, path: str, client: str = "10.0.0.7", **typed: str) -> Answer:
        """Open a page and send its (first) form."""

        async def story() -> Answer:
            page = await self.get(path)
            found = re.search(r'name="beleg" value="([^"]+)"', page.text)
            assert found, page.text
            return await self.post(path, client, beleg=found[1], **typed)

        return asyncio.run(story())

    def order(self, language: str = "de", client: str = "10.0.0.7", **typed: str) -> Answer:
        """Order a notification at the portal."""
        said = {"mark": "info1", "way": "beides", "channel": "mail", "mail": ANNE, "days": "30",
                "consent": "ja"}  # fmt: skip
        path = f"/{language}/pegel/{file_name('Rheine')}/"
        return self.fill(path, client, **{**said, **typed})

    def hand_in(self, order: Subscription = ORDER) -> str:
        """The same without the page; the form's ticket."""
        ticket = self.portal.window.new_ticket()
        self.portal.window.hand_in(order, ticket)
        self.round()
        return ticket

    def states(self) -> list[str]:
        """How the subscriptions stand, without the traces of orders."""
        with boxes_of(self.station) as boxes:
            rows = boxes.select("abo", ("neu", "bestellt", "angenommen", "abgelegt"))
            return [box.state for box in rows if box.sealed]

    def disk(self) -> bytes:
        """All that lies at staff and portal."""
        folder = self.station.folder.parent.parent
        return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def ways() -> dict[str, Channel]:
    """Channels that only remember."""
    return {"mail": Stand(), "ntfy": Ntfy(transport=answering(lambda _: httpx.Response(200), []))}


@pytest.fixture
def citizen(
    portal: Portal, tmp_path: Path, ways: dict[str, Channel], monkeypatch: pytest.MonkeyPatch
) -> Citizen:
    """One in front of a portal."""
    monkeypatch.setattr("lage.outside.tending.channels_of", lambda _: ways)
    monkeypatch.setattr("lage.outside.service.channels_of", lambda _: ways)
    monkeypatch.setattr("lage.outside.parting.channels_of", lambda _: ways)
    return Citizen(portal, tmp_path / "aushang", ways)


def sent(citizen: Citizen) -> list[Letter]:
    """Letters that the mail service took."""
    service = citizen.ways["mail"]
    assert isinstance(service, Stand)
    return service.sent


def link(text: str) -> str:
    """The page that a letter leads to."""
    found = re.search(r"https://hilfe\.example\.org(/\w+/abo/[0-9A-Z-]+/)", text)
    assert found, text
    return found[1]


def test_from_the_form_to_the_letter_to_the_end(
    citizen: Citizen, postbox: tuple[Postbox, int], tmp_path: Path
) -> None:
    """Ordered, confirmed by a button in another's mail, told once for each crossing, ended by what
    a mail program sends; then nothing is left of the address, anywhere."""
    box, port = postbox
    citizen.ways["mail"] = Mail("127.0.0.1", "pegel@rheine.example", port)
    answer = citizen.order()
    assert (answer.status, answer.headers["location"]) == (303, "/de/abo/bestellt/")
    assert "Postfach" in citizen.open(answer.headers["location"]).text
    assert ANNE.encode() not in citizen.disk()
    citizen.round()
    (asked,) = box.got
    assert asked["to"] == ANNE
    path = link(asked.get_content())
    page = citizen.open(path)
    assert "Bestätigen" in page.text
    citizen.open(path)  # a scanner of mails looks at every link
    citizen.level(310)
    citizen.round()
    assert len(box.got) == 1, "not confirmed, not told"
    assert citizen.fill(path, wish="bestaetigen").status == 303
    citizen.round()
    citizen.round()
    citizen.level(296)
    citizen.round()
    assert "Eingerichtet" in citizen.open(path).text
    (over,) = box.got[1:]
    assert over["subject"] == "Rheine: Informationswert 1 erreicht, 310 cm"
    said = over.get_content()
    for words in ("310 cm, gemessen 24.11. 16:00", "Warnungen geben die Behörden", path,
                  "datenschutz@example.org"):  # fmt: skip
        assert words in said
    assert over["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert over["content-language"] == "de"
    citizen.level(294)
    citizen.round()
    assert box.got[2]["subject"] == "Rheine: Informationswert 1 wieder unterschritten, 294 cm"
    click = over["list-unsubscribe"].strip("<>").removeprefix("https://hilfe.example.org")
    asyncio.run(_clicks(citizen, click))
    citizen.level(305)
    citizen.round()
    citizen.round()
    assert len(box.got) == 3
    assert citizen.open(path).status == 404
    assert citizen.states() == []
    with boxes_of(citizen.station) as boxes:
        assert Notices(boxes.database).all() == []
    assert ANNE.encode() not in citizen.disk()


async def _clicks(citizen: Citizen, click: str) -> None:
    """A person's browser, a provider's computer (twice), a stranger with a ticket of his own."""
    looked = await citizen.get(click)
    assert (looked.status, looked.headers["location"]) == (302, f"/de{click}/")
    assert (await citizen.post(click, etwas="anderes")).status == 400
    for _ in range(2):
        done = await citizen.post(click, **{"List-Unsubscribe": "One-Click"})
        assert done.status == 200  # RFC 8058: no redirection
    body = (b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
            b"One-Click\r\n--x--\r\n")  # fmt: skip
    for ticket in ("0000-0000-0000-0000", "x"):
        unknown = await one(citizen.app, f"/abo/{ticket}", "POST", "hilfe.example.org",
                            MULTIPART, body)  # fmt: skip
        assert unknown.status == 200, "nobody learns which there are"
    assert len(citizen.portal.inbox.waiting()) == 1


def test_by_ntfy_on_servers_of_the_staff_alone(citizen: Citizen) -> None:
    """The topic is ours and unguessable; no other address is called, whoever names it."""
    seen: list[Any] = []
    taken = answering(lambda _: httpx.Response(200, json={"id": "x"}), seen)
    citizen.ways["ntfy"] = Ntfy("https://ntfy.rheine.example", "tk_x", ["https://ntfy.sh"], taken)
    citizen.round()
    page = citizen.open(f"/de/pegel/{file_name('Rheine')}/").text
    assert "ntfy über ntfy.rheine.example" in page
    for evil in ("http://127.0.0.1:8080", "https://10.0.0.1", "https://ntfy.sh.evil.example"):
        assert citizen.order(channel=evil).status == 422
        citizen.hand_in(replace(ORDER, channel="ntfy", to=evil))
    assert citizen.states() == []
    answer = citizen.order(channel="https://ntfy.sh", mail="")
    path = answer.headers["location"]
    assert "eingerichtet" in citizen.open(path).text
    citizen.round()
    citizen.level(305)
    citizen.round()
    said = [json.loads(request.content) for request in seen]
    assert {request.url.host for request in seen} == {"ntfy.sh"}
    assert all("authorization" not in request.headers for request in seen), "the token is for ours"
    assert {each["topic"] for each in said} == {citizen.portal.window.topic(path.split("/")[3])}
    assert [each["title"] for each in said] == [
        "Eingerichtet: Wasserstand Rheine", "Rheine: Informationswert 1 erreicht, 305 cm",
    ]  # fmt: skip
    shown = citizen.open(path).text
    assert f"https://ntfy.sh/{said[0]['topic']}" in shown
    citizen.fill(path, wish="abbestellen")
    citizen.round()
    assert citizen.open(path).status == 404
    with pytest.raises(Refused):
        citizen.ways["ntfy"].send(Letter("x", "https://10.0.0.1/thema", "a", "b"))


def test_nobody_else_can_confirm_and_nobody_learns_who_is_known(citizen: Citizen) -> None:
    """The form's ticket, which whoever ordered has, opens nothing; every answer is the same."""
    ticket = citizen.hand_in()
    for path in (f"/de/abo/{ticket}/", "/de/abo/0000-0000-0000-0000/"):
        assert "Bestätigen" not in citizen.open(path).text
    citizen.portal.wish(ticket, "bestaetigen")
    assert citizen.states() == ["bestellt"]
    answers = [citizen.order(), citizen.order(), citizen.order(mail="wer@example.org")]
    assert {(a.status, a.headers["location"], a.body) for a in answers} == {
        (303, "/de/abo/bestellt/", b"")
    }


def test_an_order_that_nobody_confirms_is_gone_after_a_day(citizen: Citizen) -> None:
    """Here, in the inbox, and its hash; a button pressed in time counts though it was fetched
    late, one that comes after the day does not."""
    citizen.hand_in()
    citizen.hand_in(
        Subscription("Rheine", "info2", "steigt", "mail", "b@example.org", consent=True)
    )
    early, late = (link(letter.text) for letter in sent(citizen))
    citizen.fill(early, wish="bestaetigen")
    citizen.clock.advance(DAY + 60)
    secret = citizen.portal.window.secret_of(late.split("/")[3])
    assert citizen.open(late).status == 404
    citizen.portal.window.hand_in(
        subscriptions.Wish(secret, "bestaetigen", from_unix(citizen.clock())),
        citizen.portal.window.new_ticket(),
    )
    citizen.round()
    citizen.round()
    assert citizen.states() == ["angenommen"]
    with boxes_of(citizen.station) as boxes:
        assert len(boxes.select("abo", ("neu", "bestellt", "angenommen", "abgelegt"))) == 1


def test_so_often_and_not_more_often(citizen: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    """One address: a few letters a day in any spelling, a few subscriptions; all: some an hour."""
    for spelling in (ANNE, "Anne@Example.org", "anne+2@example.org", ANNE, ANNE):
        citizen.hand_in(replace(ORDER, to=spelling))
    assert len(sent(citizen)) == LETTERS_MAX
    while len(citizen.states()) < ADDRESS_MAX:
        for letter in sent(citizen):
            citizen.portal.wish(link(letter.text).split("/")[3], "bestaetigen")
        citizen.clock.advance(DAY + 60)
        citizen.hand_in()
    count = len(sent(citizen))
    citizen.hand_in()
    assert len(sent(citizen)) == count
    monkeypatch.setattr(subscriptions, "HOUR_MAX", 2)
    for n in range(6):
        ticket = citizen.portal.window.new_ticket()
        citizen.portal.window.hand_in(
            Subscription("Rheine", "info1", "steigt", "mail", f"{n}@b.example", consent=True),
            ticket,
        )
    citizen.clock.advance(3700)
    citizen.round()
    citizen.round()
    assert len(sent(citizen)) == count + 2
    held = citizen.states().count("angenommen")
    citizen.hand_in(replace(ORDER, channel="ntfy", to="https://ntfy.sh"))
    assert citizen.states().count("angenommen") == held + 1, "by ntfy nobody waits behind letters"
    citizen.clock.advance(3700)
    citizen.round()
    assert len(sent(citizen)) == count + 4
    citizen.clock.advance(DAY)
    citizen.round()
    assert citizen.states().count("neu") == 0, "what waited for a day is gone"


def test_only_what_is_public_is_told(citizen: Citizen) -> None:
    """A gauge that is taken back is silent, and says so; back again it goes on."""
    citizen.hand_in()
    path = link(sent(citizen)[0].text)
    citizen.fill(path, wish="bestaetigen")
    citizen.round()
    gauge = citizen.station.find_record("gauge", "Rheine")
    standing = releases_of(citizen.station.reader, gauge, citizen.station.now())
    citizen.station.write(withdraw([each.notice for each in standing]))
    for _ in range(6):
        citizen.level(350)
        citizen.round()
    (silent,) = sent(citizen)[1:]
    assert silent.subject == "Rheine: keine Werte"
    assert "350" not in silent.text
    citizen.station.write(release(gauge))
    citizen.round()
    assert "350 cm" in sent(citizen)[2].subject
    citizen.clock.advance(7 * 3600)
    citizen.round()
    citizen.clock.advance(DAY)
    citizen.round()
    assert "dieser Wert ist alt: 31 h" in sent(citizen)[3].text


def test_reminded_then_deleted_or_extended(citizen: Citizen) -> None:
    """A week before its end; extended by its holder alone, gone to the day otherwise."""
    citizen.hand_in(replace(ORDER, mark=OWN, value="480", days=30))
    path = link(sent(citizen)[0].text)
    citizen.fill(path, wish="bestaetigen")
    citizen.round()
    citizen.level(290, 30 * DAY - REMIND_S - 3600)
    citizen.round()
    citizen.level(290, 3600)
    citizen.round()
    citizen.round()
    reminder = sent(citizen)[-1]
    assert reminder.subject == "Ihre Benachrichtigung endet: Wasserstand Rheine"
    assert sum("endet" in letter.subject for letter in sent(citizen)) == 1
    citizen.fill(link(reminder.text), wish="verlaengern")
    citizen.round()
    citizen.level(290, REMIND_S + 3600)
    citizen.round()
    assert citizen.states() == ["angenommen"]
    citizen.level(490, 2 * 3600)
    citizen.round()
    assert sent(citizen)[-1].subject == "Rheine: eigener Wert 480 cm erreicht, 490 cm"
    citizen.clock.advance(30 * DAY)
    citizen.round()
    citizen.round()
    assert citizen.states() == []
    assert citizen.open(path).status == 404


def test_what_is_overtaken_while_a_server_is_down_is_not_sent(citizen: Citizen) -> None:
    """Only the last word arrives, and helpers' letters go before the many of one crossing."""
    service = citizen.ways["mail"]
    assert isinstance(service, Stand)
    citizen.hand_in()
    citizen.fill(link(sent(citizen)[0].text), wish="bestaetigen")
    citizen.round()
    service.refuses = Later("Antwort 451")
    for value in (310, 290):
        citizen.level(value)
        citizen.round()
    service.refuses = None
    citizen.clock.advance(3600)
    citizen.round()
    assert [letter.subject for letter in sent(citizen)][1:] == [
        "Rheine: Informationswert 1 wieder unterschritten, 290 cm"
    ]
    citizen.level(310)
    service.refuses = Later("Antwort 451")
    citizen.round()
    citizen.clock.advance(600)
    with boxes_of(citizen.station) as boxes:
        subscriptions.outbox.write(citizen.station, boxes, "mail", "h@b.c", "Bitte kommen", "x")
        due = Notices(boxes.database).due("mail", int(citizen.clock()) + 3600, 10)
    assert [bool(notice.owner) for notice in due] == [False, True]


def test_page_and_letter_speak_the_same_language(citizen: Citizen) -> None:
    """Form, letter, page of the ticket, whichever of the six it was ordered in."""
    for code in LANGUAGES:
        words = LANGUAGES[code].gauge
        form = citizen.open(f"/{code}/pegel/{file_name('Rheine')}/").text
        for key in ("mark", "way", "channel", "private", "send"):
            assert str(words[key]) in form
        citizen.order(code, mail=f"{code}@example.org", client=f"10.0.1.{ord(code[0])}")
        citizen.round()
        letter = sent(citizen)[-1]
        assert letter.subject == words["confirm_subject"].format(gauge="Rheine")
        assert letter.language == LANGUAGES[code].tag
        assert str(words["question"]) in citizen.open(link(letter.text)).text
        citizen.fill(link(letter.text), f"10.0.2.{ord(code[0])}", wish="bestaetigen")
    citizen.round()
    citizen.level(310)
    citizen.round()
    told = sent(citizen)[len(LANGUAGES) :]
    assert [letter.to.partition("@")[0] for letter in told] == list(LANGUAGES)
    for letter in told:
        assert "310 cm" in letter.text
        assert "{" not in letter.subject + letter.text


def test_many_are_told_in_rounds(citizen: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    """One crossing for thousands holds up no call; nobody is left out, nobody told twice."""
    monkeypatch.setattr("lage.outside.watching.ROUND_MAX", 2)
    topics = [citizen.hand_in(replace(ORDER, channel="ntfy", to="https://ntfy.sh"))
              for _ in range(5)]  # fmt: skip
    citizen.level(310)
    counts = []
    for _ in range(4):
        tend(citizen.station, watch=citizen.watch)
        citizen.clock.advance(2)
        with boxes_of(citizen.station) as boxes:
            counts.append(len(Notices(boxes.database).all()) - len(topics))
    assert counts == [2, 4, 5, 5]


def test_offered_where_it_can_be_kept(citizen: Citizen, lage: Terminal) -> None:
    """Not at an Infopunkt, not while held, not without a way; ending always works."""
    citizen.hand_in()
    path = link(sent(citizen)[0].text)
    citizen.fill(path, wish="bestaetigen")
    citizen.round()
    form = f"/de/pegel/{file_name('Rheine')}/"
    counted = lage.json("abo", "stand")
    assert counted["messstellen"] == {"Rheine": 1}
    assert counted["nachrichten"][0] | {"aelteste": ""} == {
        "kanal": "mail", "stand": "gesendet", "anzahl": 1, "aelteste": ""}  # fmt: skip
    assert ANNE not in lage("abo", "stand")
    assert "Wasserständen: an, 1 bestätigt" in lage("status")
    lage("abo", "anhalten")
    citizen.level(310)
    citizen.round()
    assert len(sent(citizen)) == 1
    assert citizen.open(form).status == 503
    assert "kontakt" in str(lage.refusal("abo", "anbieten", "--kontakt", " "))
    lage("abo", "anbieten", "--kontakt", "datenschutz@example.org")
    citizen.round()
    assert len(sent(citizen)) == 2
    assert citizen.open(form).status == 200
    local = Site(Role.INFOPUNKT, "Punkt", "http://infopunkt.lan", BoardFile(citizen.folder),
                 citizen.clock, citizen.portal.window)  # fmt: skip
    assert asyncio.run(one(application(local), form)).status == 404
    assert "pegel/" not in water.files(local)["de/wasser/index.html"].decode()
    assert form in water.files(citizen.site)["de/wasser/index.html"].decode()
    assert "1 Bestellungen gelöscht" in lage("abo", "beenden", "--ja")
    citizen.round()
    assert citizen.states() == []
    assert citizen.open(path).status == 404
    citizen.ways.clear()
    assert isinstance(lage.refusal("abo", "anbieten", "--kontakt", "x"), UsageError)


def test_who_asks_is_told_what_is_kept_and_may_have_it_deleted(
    citizen: Citizen, lage: Terminal
) -> None:
    """By his address in any spelling, or the code in his link; of others nothing is seen."""
    citizen.hand_in()
    citizen.hand_in(replace(ORDER, to="b@example.org"))
    path = link(sent(citizen)[0].text)
    citizen.fill(path, wish="bestaetigen")
    citizen.round()
    (kept,) = lage.json("abo", "zeigen", "ANNE+x@example.org")
    assert (kept["an"], kept["messstelle"], kept["marke"]) == (ANNE, "Rheine", "info1")
    assert kept["bestaetigt"] is not None
    code = path.split("/")[3]
    shown = lage("abo", "zeigen", code)
    assert "Wird gelöscht: 20" in shown
    assert "b@example.org" not in shown
    assert "1 Bestellungen gelöscht" in lage("abo", "loeschen", ANNE)
    lage.refusal("abo", "zeigen", code)
    lage.refusal("abo", "loeschen", "gibt-es-nicht")
    assert citizen.states() == ["bestellt"]


def test_whoever_parts_from_a_portal_tells_those_who_ordered_there(
    citizen: Citizen, lage: Terminal
) -> None:
    """How many is asked first; one last letter to whoever confirmed, and nothing stays of anybody,
    here or there; what they were to be told before is overtaken."""
    citizen.hand_in()
    citizen.hand_in(replace(ORDER, to="b@example.org"))
    path = link(sent(citizen)[0].text)
    citizen.fill(path, wish="bestaetigen")
    citizen.round()
    (inbox,) = lage.json("eingang", "liste")
    name = "Anders genannt"
    lage("eingang", "verbinden", inbox["adresse"], "--name", name, "--seiten", inbox["seiten"])
    with pytest.raises(AssertionError, match="enden: 2"):
        lage("eingang", "trennen", name)
    citizen.level(310)
    service = citizen.ways["mail"]
    assert isinstance(service, Stand)
    service.refuses = Later("Antwort 451")
    citizen.round()
    said = lage("eingang", "trennen", name, "--ja")
    assert "Beendete Benachrichtigungen: 2, letzte Nachrichten: 1." in said
    assert citizen.states() == []
    assert citizen.open(path).status == 404
    service.refuses = None
    citizen.clock.advance(3600)
    citizen.round()
    (last,) = sent(citizen)[2:]
    assert (last.to, last.subject, last.leave) == (ANNE, "Beendet: Wasserstand Rheine", "")
    assert "betreibt die Seite nicht mehr" in last.text
    citizen.clock.advance(3 * DAY)
    citizen.round()
    with boxes_of(citizen.station) as boxes:
        assert boxes.select("abo", ("neu", "bestellt", "angenommen", "abgelegt")) == []
        assert Notices(boxes.database).all() == []


def test_what_breaks_in_between_sends_the_letter_once(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is there before the letter that leads to it; a crash after it makes no second."""
    with monkeypatch.context() as broken:
        broken.setattr(Inbox, "answer", _fails)
        citizen.hand_in()
    assert sent(citizen) == []
    with monkeypatch.context() as broken:
        broken.setattr(ArrivedBoxes, "exchange", _fails)
        citizen.round()
    for _ in range(3):
        citizen.round()
    (letter,) = sent(citizen)
    assert "Bestätigen" in citizen.open(link(letter.text)).text


def _fails(*_: object) -> None:
    raise StoreError("gerade nicht")


def test_a_trial_letter(citizen: Citizen, lage: Terminal) -> None:
    """Sent at once; what the service says is said."""
    lage("abo", "probe", "--kanal", "mail", "--an", "ich@rheine.example")
    assert sent(citizen)[0].to == "ich@rheine.example"
    service = citizen.ways["mail"]
    assert isinstance(service, Stand)
    service.refuses = Refused("Antwort 550")
    refusal: LageError = lage.refusal("abo", "probe", "--kanal", "mail", "--an", "x@y.z")
    assert isinstance(refusal, ServiceError)
    assert "550" in str(refusal)


def test_headers_by_which_a_mail_program_ends_it() -> None:
    """RFC 8058 takes https; without it only the address is said, without an address nothing."""
    assert leaving("https://a.example/abo/x") == {
        "List-Unsubscribe": "<https://a.example/abo/x>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert leaving("http://a.example/abo/x") == {"List-Unsubscribe": "<http://a.example/abo/x>"}
    assert leaving("") == {}


@pytest.mark.parametrize("wrong", [
    {"mark": "info9"}, {"mark": OWN}, {"mark": OWN, "value": "viel"}, {"value": "480"},
    {"way": "immer"}, {"channel": "fax"}, {"to": "anne"}, {"to": "a@b.c\nBcc: d@e.f"},
    {"to": "a@b..c"}, {"days": 31},
    {"consent": False}, {"gauge": ""},
])  # fmt: skip
def test_what_cannot_be_kept_is_refused(wrong: dict[str, Any]) -> None:
    """Whether the form or a box says it."""
    with pytest.raises(UsageError):
        replace(ORDER, **wrong).check()
