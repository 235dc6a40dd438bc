# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages on which people hand something in: no script, no cookie, no account, no flood."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the extra [portal] is not installed")
from lage.cli import cli
from lage.language.errors import LageError
from lage.public.app import application
from lage.public.board_file import BoardFile
from lage.public.brakes import Brakes, Verdict
from lage.public.routes import information
from lage.public.site import Role, Site
from lage.public.water import file_name
from lage.reports.board import write_board
from lage.store.databases import Postgres
from lage.store.inbox import Inbox
from lage.store.opening import open_box
from lage.store.reception import APPEALS, SUBSCRIBING, Reception
from lage.store.recipient import SHEET
from lage.store.tally import device_number
from lage.views.board import FILE, Board, to_json
from tests.asgi import Answer, one
from tests.postgres import Server, postgres_server
from tests.public_board import lay
from tests.unit.lage.test_inbox import SECRET, inbox, recipient

__all__ = ["inbox", "postgres_server"]

FORM = {"content-type": "application/x-www-form-urlencoded"}
NOON = 1_795_863_600.0
CALL = {"what": "Person in Not", "place": "Lindenweg 12", "text": "Sauerstoff", "people": "1",
        "name": "Annegret Musterfrau", "back": "0171 5559876"}  # fmt: skip


class Place:
    """An Infopunkt with its inbox, asked in memory."""

    def __init__(
        self, folder: Path, *, role: Role = Role.INFOPUNKT, exercise: bool = False
    ) -> None:
        self.inbox = Inbox.open(str(folder / "eingang.db"))
        self.inbox.lay_out(SHEET, recipient(exercise=exercise).to_json())
        self.now, self.folder = NOON, folder
        window = Reception(self.inbox, lambda: self.now)
        site = Site(role, "Dorenkamp", "http://infopunkt.lan", BoardFile(folder),
                    lambda: self.now, window)  # fmt: skip
        self.site, self.app = site, application(site)

    async def get(self, path: str) -> Answer:
        """Open a page."""
        return await one(self.app, path)

    async def post(
        self,
        path: str,
        client: str = "10.0.0.7",
        headers: dict[str, str] | None = None,
        **typed: str,
    ) -> Answer:
        """Send a form."""
        body = urlencode(typed).encode()
        return await one(self.app, path, "POST", headers={**FORM, **(headers or {})}, body=body,
                         client=client)  # fmt: skip

    async def token(self, path: str = "/de/notruf/") -> str:
        """Of a fresh form."""
        return token_of(await self.get(path))

    async def hand_in(self, client: str = "10.0.0.7", **typed: str) -> Answer:
        """Fill in a fresh form and send it."""
        beleg = typed.pop("beleg", None) or await self.token()
        return await self.post("/de/notruf/", client, beleg=beleg, **{**CALL, **typed})


def token_of(answer: Answer) -> str:
    """What a form carries."""
    found = re.search(r'name="beleg" value="([^"]+)"', answer.text)
    assert found, answer.text
    return found[1]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A real one, not an exercise."""
    return Place(tmp_path)


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a loop of its own."""
    asyncio.run(story())


def test_from_form_to_receipt(place: Place) -> None:
    """What is typed is sealed; the receipt has number, time and code, and nothing sooner."""

    async def story() -> None:
        answer = await place.hand_in()
        assert answer.status == 303
        receipt = await place.get(answer.headers["location"])
        assert "Ihr Notruf 1" in receipt.text
        assert "12:00 aufgenommen" in receipt.text
        assert "Noch nicht angekommen" in receipt.text
        assert "geprüft" not in receipt.text
        assert "<svg" in receipt.text
        assert "set-cookie" not in receipt.headers
        assert receipt.headers["cache-control"] == "no-store"
        for page in (receipt.text, (await place.get("/de/notruf/")).text):
            assert "<script" not in page
            assert " style=" not in page

    run(story)
    (box,) = place.inbox.waiting()
    ticket, told = open_box(box.sealed, [SECRET], exercise=False)
    assert (told.place, told.people, told.back) == ("Lindenweg 12", 1, "0171 5559876")  # type: ignore[union-attr]
    assert ticket.id == box.id


def test_pressed_twice_is_one(place: Place) -> None:
    """The same form sent again, on a bad line say, leads to the same receipt."""

    async def story() -> None:
        token = await place.token()
        first = await place.hand_in(beleg=token)
        again = await place.hand_in(beleg=token, text="noch einmal gedrückt")
        assert first.headers["location"] == again.headers["location"]

    run(story)
    assert len(place.inbox.waiting()) == 1


def test_where_to_come_and_where_not_stands_in_front(place: Place) -> None:
    """On the first page and on that for helping, with its time; what has ended is gone."""
    told = {"wanted": True, "text": "", "until": None, "stand": NOON}
    rows = [{**told, "place": "Greven", "wanted": False}, {**told, "place": "Rheine"},
            {**told, "place": "Mesum", "until": NOON - 5}]  # fmt: skip
    place.inbox.lay_out(APPEALS, json.dumps(rows).encode())

    async def story() -> None:
        home = information.files(place.site)["de/index.html"].decode()
        for shown in (home, (await place.get("/de/helfen/")).text):
            assert "Hierhin bitte nicht kommen" in shown
            assert 'kommen:</strong> <bdi lang="de">Greven' in shown
            assert "Stand 28.11. 12:00" in shown
            assert "Mesum" not in shown.partition("</main>")[0]

    run(story)


def test_an_exercise_s_board_is_not_shown_beside_a_real_inbox(tmp_path: Path) -> None:
    """Neither at the start nor later: what was shown before gets old, and says so."""
    (tmp_path / FILE).write_bytes(to_json(Board("Steinfurt", int(NOON), exercise=True)))
    Place(tmp_path)
    address = str(tmp_path / "eingang.db")
    refused = CliRunner().invoke(cli, ["infopunkt", "starten", "--name", "x", "--aushang",
                                       str(tmp_path), "--eingang", address])  # fmt: skip
    assert "gehören nicht zusammen" in str(refused.exception)
    shown = BoardFile(tmp_path, exercise=False)
    assert shown.read() is None
    (tmp_path / FILE).write_bytes(to_json(Board("Steinfurt", int(NOON))))
    assert shown.read() == Board("Steinfurt", int(NOON))
    (tmp_path / FILE).write_bytes(to_json(Board("Steinfurt", int(NOON) + 60, exercise=True)))
    assert shown.read() == Board("Steinfurt", int(NOON))
    with pytest.raises(LageError, match="Aushang einer Übung"):
        write_board(Board("Steinfurt", int(NOON)), tmp_path)


def test_what_is_missing_is_said_at_its_field(place: Place) -> None:
    """Everything else that was typed stays there; nothing is kept."""

    async def story() -> None:
        for typed, field in (
            ({"what": ""}, "what"), ({"place": ""}, "place"), ({"people": "viele"}, "people"),
            ({"text": "x" * 500}, "text"),
        ):  # fmt: skip
            answer = await place.hand_in(**typed)
            assert answer.status == 422
            assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', answer.text)
            assert 'value="Annegret Musterfrau"' in answer.text

    run(story)
    assert place.inbox.waiting() == []


def test_only_our_own_forms_count(place: Place) -> None:
    """No token, another's, a changed one, an old one, a page of a stranger: nothing is kept."""

    async def story() -> None:
        token = await place.token()
        ticket, made, puzzle, mac = token.split(".")
        for bad in ("", "x", f"{ticket}.{made}.{puzzle}.{'0' * 32}",
                    f"{ticket}.{int(made) + 1}.{puzzle}.{mac}",
                    f"{ticket}.{made}.1.{mac}"):  # fmt: skip
            assert (await place.hand_in(beleg=bad or "-")).status == 422
        for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
            answer = await place.post("/de/notruf/", headers=headers, beleg=token, **CALL)
            assert answer.status == 403
        answer = await place.post("/de/notruf/", headers={"content-type": "text/plain"},
                                  beleg=token, **CALL)  # fmt: skip
        assert answer.status == 403
        place.now += 13 * 3600
        assert (await place.hand_in(beleg=token)).status == 422

    run(story)
    assert place.inbox.waiting() == []


def test_more_than_was_said(place: Place) -> None:
    """A length that is too small, or in chunks none at all: refused like any other, once."""

    async def story() -> None:
        headers = {**FORM, "content-length": "0"}
        for path in ("/de/notruf/", "/de/helfen/"):
            answer = await one(place.app, path, "POST", headers=headers, body=b"x" * 40_000)
            assert answer.status == 413

    run(story)


def test_a_flood_has_to_do_sums_and_then_to_wait(place: Place) -> None:
    """One device: four at once, then sums, then not at all; others are not held up by it."""

    async def story() -> None:
        for _ in range(4):
            assert (await place.hand_in()).status == 303
        asked = await place.hand_in()
        assert asked.status == 429
        assert "Bitte rechnen Sie" in asked.text
        assert (await place.hand_in(beleg=token_of(asked), summe="99")).status == 422
        guessed = await place.hand_in(beleg=token_of(asked), summe=sum_of(asked))
        assert guessed.status == 422, "nobody may try all sums on one form"
        for _ in range(8):
            asked = await place.hand_in()
            solved = await place.hand_in(beleg=token_of(asked), summe=sum_of(asked))
            assert solved.status == 303
        full = await place.hand_in()
        assert full.status == 429
        assert "NICHT angekommen" in full.text
        assert 'value="Annegret Musterfrau"' in full.text
        assert (await place.hand_in(client="10.0.0.9")).status == 303
        place.now += 3600
        assert (await place.hand_in()).status == 303

    run(story)
    assert len(place.inbox.waiting()) == 14


def sum_of(answer: Answer) -> str:
    """What a person would work out."""
    names = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
    a, b = re.search(r"rechnen Sie: (\w+) plus (\w+)", answer.text).groups()  # type: ignore[union-attr]
    return str(names.index(a) + names.index(b))


def test_many_devices_together_are_braked_by_the_minute(inbox: Inbox) -> None:
    """Beyond thirty in a minute sums, beyond a hundred and twenty nothing; a minute later again.
    All processes of a place count together, also at the same moment."""
    inbox.lay_out(SHEET, recipient().to_json())
    processes = [Brakes(Reception(inbox), "notruf") for _ in range(2)]
    verdicts = [
        processes[device % 2].take(f"10.0.1.{device}", NOON, solved=True) for device in range(130)
    ]
    assert [verdicts.count(each) for each in Verdict] == [30, 90, 10]
    assert processes[0].take("", NOON, solved=False) is Verdict.FREE, "the Infopunkt's own computer"
    assert processes[0].ask("10.0.2.1", NOON + 61) is Verdict.FREE
    assert processes[0].ask("10.0.2.1", NOON - 86_400) is Verdict.FREE, "a clock put right"
    assert Brakes(Reception(inbox), "helfen").ask("10.0.2.1", NOON) is Verdict.FREE


def test_who_handed_in_is_not_written_down(tmp_path: Path) -> None:
    """A device is a number that fits 65,000 addresses, another each hour; it goes with the hour."""
    inbox = Inbox.open(str(tmp_path / "eingang.db"))
    secret = inbox.shared_secret("formulare")
    for device in range(20):
        number = device_number(f"192.168.7.{device}", NOON, secret)
        assert number is not None
        assert 0 <= number < 65_536
        inbox.tally.weigh("notruf", number, int(NOON), lambda *_: True)
    assert b"192.168" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    moved = {device_number("192.168.7.1", NOON + n * 3600, secret) for n in range(5)}
    assert len(moved) > 1
    inbox.tally.weigh("notruf", 1, int(NOON) + 3700, lambda *_: False)
    with inbox.tally._db.look() as run:
        assert run("SELECT COUNT(*) FROM taken") == [(0,)]
    inbox.close()


def test_volunteers_in_three_steps(place: Place) -> None:
    """Each step asks its own; going back keeps everything; the record opens by its ticket."""

    async def story() -> None:
        first = await place.get("/de/helfen/")
        assert "Schritt 1 von 3" in first.text
        none = await place.post("/de/helfen/", schritt="1")
        assert none.status == 422
        assert "Fähigkeit auswählen" in none.text
        second = await place.post("/de/helfen/", schritt="1", skills="Küche", equipment="Topf")
        assert "Schritt 2 von 3" in second.text
        assert 'name="skills" value="Küche"' in second.text
        back = await place.post(
            "/de/helfen/", schritt="2", skills="Küche", back="1", place="Rheine"
        )
        assert "Schritt 1 von 3" in back.text
        assert 'name="place" value="Rheine"' in back.text
        known = {"skills": "Küche", "place": "Rheine", "radius": "10", "hours": "6"}
        third = await place.post("/de/helfen/", schritt="2", since="2026-11-28T14:00", **known)
        assert "Schritt 3 von 3" in third.text
        person = {"name": "Jörg Dreckmann", "phone": "0171 555", "days": "14", **known}
        refused = await place.post("/de/helfen/", schritt="3", beleg=token_of(third), **person)
        assert refused.status == 422
        assert "Einwilligung" in refused.text
        done = await place.post("/de/helfen/", schritt="3", beleg=token_of(refused), consent="ja",
                                **person)  # fmt: skip
        assert done.status == 303
        mine = await place.get(done.headers["location"])
        assert "Ihr Hilfsangebot 1" in mine.text
        assert "noch nicht abgeholt" in mine.text
        slip = await place.post(done.headers["location"], beleg=token_of(mine), wish="loeschen")
        assert "Bitte kreuzen Sie an" in slip.text, "a finger that slipped deletes nothing"
        wished = await place.post(done.headers["location"], beleg=token_of(mine), wish="loeschen",
                                  sure="ja")  # fmt: skip
        assert wished.headers["location"].endswith("/?ok")

    run(story)
    offer, wish = (open_box(b.sealed, [SECRET], exercise=False) for b in place.inbox.waiting())
    assert (offer[1].radius, offer[1].days) == (10, 14)  # type: ignore[union-attr]
    assert (wish[1].wish, wish[1].ticket) == ("loeschen", offer[0].secret)  # type: ignore[union-attr]


def test_a_code_that_there_is_not(place: Place) -> None:
    """Typed codes lead to their receipt, whatever else to a sentence."""

    async def story() -> None:
        ticket = (await place.hand_in()).headers["location"].split("/")[-2]
        asked = await place.get(f"/de/beleg/?code={ticket.lower().replace('-', '+')}")
        assert (await place.get(asked.headers["location"])).status == 200
        assert (await place.get(f"/beleg/{ticket}")).headers["location"].startswith("/de/beleg/")
        for path in ("/de/beleg/?code=%3Cscript%3E", "/de/beleg/AAAA/", "/de/meine/AAAA/"):
            answer = await place.get(path)
            while answer.status == 303:
                answer = await place.get(answer.headers["location"])
            assert answer.status == 404
            assert "Diesen Code gibt es hier nicht" in answer.text

    run(story)


def test_an_exercise_says_so_everywhere(tmp_path: Path) -> None:
    """Forms and receipt; and the box can't be taken for a real one."""
    place = Place(tmp_path, exercise=True)

    async def story() -> None:
        answer = await place.hand_in()
        for path in ("/de/notruf/", "/de/helfen/", answer.headers["location"]):
            assert (await place.get(path)).text.count("ÜBUNG ÜBUNG ÜBUNG") == 2

    run(story)


def test_a_portal_takes_no_emergency_calls(tmp_path: Path) -> None:
    """Whoever has internet has 112; help is offered there all the same."""
    place = Place(tmp_path, role=Role.PORTAL)

    async def story() -> None:
        assert (await place.get("/de/notruf/")).status == 404
        assert "/de/helfen/" in (await place.get("/de/beleg/")).text

    run(story)


def test_a_database_that_comes_later(postgres_server: Server, tmp_path: Path) -> None:
    """Readers are served from the beginning; forms say that they are shut, until it is there."""
    address = postgres_server.fresh_database()
    first = Inbox.open(address)
    first.lay_out(SHEET, recipient().to_json())
    first.close()
    database = Postgres("postgresql:///nirgends?host=/nirgends")
    window = Reception(Inbox(database), lambda: NOON)
    board = BoardFile(tmp_path)
    app = application(Site(Role.PORTAL, "P", "http://infopunkt.lan", board, window.now, window))

    async def status(path: str) -> int:
        return (await one(app, path)).status

    async def story() -> None:
        for path in ("/de/helfen/", "/de/beleg/0000-0000-0000-0000/"):
            assert await status(path) == 503, path
        assert await status("/sta/v1.1") == 200
        database._connect = Postgres(address)._connect
        window.look()
        assert await status("/de/helfen/") == 200
        assert await status("/de/beleg/0000-0000-0000-0000/") == 404

    run(story)
    database.close()


PATHS = ("/de/notruf/", "/ar/helfen/", "/de/beleg/", "/de/meine/0000-0000-0000-0000/", "/beleg/x")
PORTAL_PATHS = (f"/de/pegel/{file_name('Rheine')}/", "/tr/abo/0000-0000-0000-0000/", "/abo/x",
                "/uk/abo/bestellt/")  # fmt: skip
NAMES = ("what", "place", "text", "people", "skills", "schritt", "beleg", "summe", "wish", "since",
         "name", "back", "days", "consent", "homepage", "mark", "value", "way", "channel", "mail",
         "List-Unsubscribe")  # fmt: skip


def bombard(
    places: tuple[Place, Place], path: str, method: str, typed: list[tuple[str, str]], raw: bytes
) -> None:
    """One request; it is answered in order, with our headers, and nothing is kept unsigned."""

    place = places[path in PORTAL_PATHS]

    async def story() -> None:
        body = raw or urlencode(typed, errors="replace").encode()
        answer = await one(place.app, path, method, headers=FORM, body=body)
        assert answer.status in (200, 302, 303, 400, 403, 404, 405, 413, 422, 429)
        assert "default-src 'none'" in answer.headers["content-security-policy"]

    run(story)
    assert place.inbox.waiting() == []


FUZZ = given(
    path=st.sampled_from(PATHS + PORTAL_PATHS),
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT"]),
    typed=st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=60)), max_size=8),
    raw=st.binary(max_size=80),
)


@pytest.fixture(scope="module")
def shared_places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Place]:
    """An Infopunkt and a portal for many requests."""
    portal = Place(tmp_path_factory.mktemp("portal"), role=Role.PORTAL)
    lay(portal.folder)
    portal.inbox.lay_out(SUBSCRIBING, b'{"mail": true, "ntfy": ["https://ntfy.sh"], "contact": ""}')
    return Place(tmp_path_factory.mktemp("infopunkt")), portal


@settings(max_examples=30)
@FUZZ
def test_any_request_is_answered(shared_places: tuple[Place, Place], path: str, method: str,
                                 typed: list[tuple[str, str]], raw: bytes) -> None:  # fmt: skip
    """Whatever is typed or sent: a page, a refusal, and no fault."""
    bombard(shared_places, path, method, typed, raw)


@pytest.mark.long
@settings(settings.get_profile("long"))
@FUZZ
def test_any_request_is_answered_for_long(
    shared_places: tuple[Place, Place],
    path: str,
    method: str,
    typed: list[tuple[str, str]],
    raw: bytes,
) -> None:
    """The same by ``pytest -m long``."""
    bombard(shared_places, path, method, typed, raw)
