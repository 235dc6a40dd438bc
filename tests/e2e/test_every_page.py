# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every page that people outside can come to, in every language and both kinds of place, judged by
axe (WCAG 2.2 AA) in a real Chromium; and what a screen reader says of call and receipt. Long."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from lage.kinds.outside import Call, Offer, Subscription
from lage.outside import calls, desk
from lage.outside.desk import Source, boxes_of
from lage.outside.tending import tend
from lage.station import Station
from lage.store.inbox import Inbox
from lage.store.reception import SUBSCRIBING, Reception
from lage.store.ticket import Ticket
from tests.e2e.test_public_browser import PHONE, SCREEN, axe_source, go, names, value, violations
from tests.e2e.test_wall_browser import Page, browser
from tests.fixtures import make_station
from tests.public_board import lay

if TYPE_CHECKING:
    import aiohttp
else:
    aiohttp = pytest.importorskip("aiohttp", reason="the extra [web] is not installed")
pytest.importorskip("uvicorn", reason="the extra [portal] is not installed")
import uvicorn
from starlette.routing import Match, Route

from lage.public.app import ROUTES
from lage.public.board_file import BoardFile
from lage.public.routes.captive import API, PROBES
from lage.public.routes.kiosk import turns
from lage.public.server import configured, open_socket
from lage.public.site import Role, Site
from lage.public.water import file_name
from lage.public.words import LANGUAGES

__all__ = ["browser"]
pytestmark = pytest.mark.long
LINK = re.compile(rb'(?:href|action)="(/[^"#]*)')
NO_PAGES = ("/sta/v1.1", "/sta/v1.1/Things", *PROBES, API)
"""Addresses whose routes answer programs."""


@dataclass
class Served:
    """A running place, and the tickets of what was handed in there."""

    site: Site
    tickets: dict[str, str]

    def get(self, path: str, typed: dict[str, str] | None = None) -> tuple[int, bytes]:
        """A page without a browser."""
        body = urlencode(typed).encode() if typed else None
        try:
            with urllib.request.urlopen(f"{self.site.base}{path}", body, 30) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


def hand_in(station: Station, inbox: Inbox) -> dict[str, str]:
    """A call that is answered, an offer, a subscription that waits for its button and one that
    goes on; their tickets."""
    window = Reception(inbox)
    order = Subscription("Rheine", "info1", "beides", "ntfy", "https://ntfy.example.org",
                         consent=True)  # fmt: skip
    told = {"call": Call("Brand", "Rheine", name="Anne"), "ordered": order, "active": order,
            "offer": Offer(("Küche",), "Rheine", "Anne", phone="1", consent=True)}  # fmt: skip
    tickets = {name: window.new_ticket() for name in told}
    for name, each in told.items():
        window.hand_in(each, tickets[name])
    tend(station, letters=False)
    with boxes_of(station) as boxes:
        (found,) = calls.waiting(station, boxes)
        calls.as_incident(station, boxes, found)
    tend(station, letters=False)
    until = int(time.time()) + 90 * 86_400
    for name, state in (("ordered", "bestellt"), ("active", "aktiv")):
        ticket = Ticket.parse(tickets[name])
        said = {"kind": "abo", "state": state, "until": until, "gauge": "Rheine", "mark": "info1",
                "server": "https://ntfy.example.org", "value": "300", "unit": "cm", "way": "beides",
                "days": 90}  # fmt: skip
        inbox.answer(ticket.id, ticket.seal(json.dumps(said).encode()), until)
    ways = {"mail": True, "ntfy": ["https://ntfy.example.org"], "contact": "a@example.org"}
    inbox.lay_out(SUBSCRIBING, json.dumps(ways).encode())
    return tickets


@contextmanager
def served(role: Role, folder: Path) -> Iterator[Served]:
    """A place with something of everything."""
    lay(folder / "aushang", int(time.time()))
    with closing(make_station(folder / "kreis")) as station:
        source = Source(str(folder / "eingang.db"), "Infopunkt", "http://127.0.0.1")
        desk.connect(station, source)
        with closing(Inbox.open(source.address)) as inbox:
            tickets = hand_in(station, inbox)
            opened = open_socket("127.0.0.1", 0)
            base = f"http://127.0.0.1:{opened.getsockname()[1]}"
            site = Site(role, "Dorenkamp", base, BoardFile(folder / "aushang"), time.time,
                        Reception(inbox))  # fmt: skip
            server = uvicorn.Server(configured(site))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
            thread.start()
            try:
                yield Served(site, tickets)
            finally:
                server.should_exit = True
                thread.join()


def pages(place: Served, code: str) -> list[str]:
    """All that links lead to from the first page of a language, and what tickets open."""
    tickets, portal = place.tickets, place.site.role is Role.PORTAL
    own = [f"beleg/{tickets['call']}/", f"meine/{tickets['offer']}/", "beleg/0000-0000-0000-0000/",
           "nichts/"]  # fmt: skip
    if portal:
        own += [f"abo/{tickets['ordered']}/", f"abo/{tickets['active']}/?ok", "abo/bestellt/",
                "abo/0000-0000-0000-0000/"]  # fmt: skip
    waiting, found = [f"/{code}/", *(f"/{code}/{path}" for path in own)], dict[str, None]()
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found[path] = None
        _, html = place.get(path)
        links = {link.decode().replace("&amp;", "&") for link in LINK.findall(html)}
        waiting += sorted(link for link in links if link.startswith(f"/{code}/"))
    return list(found)


def unvisited(place: Served, found: Sequence[str]) -> list[str]:
    """Routes of pages that none of those addresses meets."""
    routes = [route for make in ROUTES[place.site.role] for route in make(place.site)]
    asked = [path.partition("?")[0] for path in (*found, *NO_PAGES, "/", "/beleg/X", "/abo/X")]
    left = []
    for route in routes:
        assert isinstance(route, Route)
        scopes = [
            {"type": "http", "method": "GET", "path": path, "root_path": ""} for path in asked
        ]
        if all(route.matches(scope)[0] is Match.NONE for scope in scopes):
            left.append(route.path)
    return left


async def steps(page: Page, place: Served, code: str, axe: str) -> list[str]:
    """The forms as they answer: the steps of an offer, and each with something to be mended."""
    wrong = []
    forms = [f"/{code}/helfen/", f"/{code}/meine/{place.tickets['offer']}/"]
    gauge = f"/{code}/pegel/{file_name('Rheine')}/"
    forms.append(gauge if place.site.role is Role.PORTAL else f"/{code}/notruf/")
    for path in forms:
        await go(page, f"{place.site.base}{path}")
        await value(page, "window.left = true")
        await value(
            page,
            "(f => {f.noValidate = true; HTMLFormElement.prototype.submit.call(f)})"
            "(document.querySelector('main form')); 0",
        )
        await page.until("!window.left && document.readyState === 'complete'")
        wrong += [f"{path} sent: {each}" for each in await violations(page, axe)]
    for done, more in (("1", {"skills": "Küche"}), ("2", {"skills": "Küche", "place": "Rheine"})):
        body = json.dumps(urlencode({"schritt": done, **more}))
        await go(page, f"{place.site.base}/{code}/helfen/")
        await value(page, "window.left = true")
        await value(
            page,
            "(d => {const f = document.createElement('form'); f.method = 'post'; f.action = '';"
            f"for (const [k, v] of new URLSearchParams({body})) {{const i = document.createElement("
            "'input'); i.type = 'hidden'; i.name = k; i.value = v; f.append(i)} d.append(f);"
            "f.submit()})(document.querySelector('main')); 0",
        )
        await page.until("!window.left && document.readyState === 'complete'")
        wrong += [f"{code} step {done}: {each}" for each in await violations(page, axe)]
    return wrong


async def judged(address: str, place: Served) -> list[str]:
    """Everything that axe finds; pages that do not fit a telephone; routes nobody came to."""
    wrong, found, axe = list[str](), list[str](), axe_source()
    async with aiohttp.ClientSession() as session:
        tabs = await (await session.get(f"{address}/json")).json()
        target = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
        async with session.ws_connect(target, max_msg_size=0) as socket:
            page = Page(socket)
            for area in ("Page", "Network", "Log", "Accessibility"):
                await page.call(f"{area}.enable")
            await page.call("Emulation.setDeviceMetricsOverride", **PHONE)
            for code in LANGUAGES:
                for path in await asyncio.to_thread(pages, place, code):
                    found.append(path)
                    await go(page, f"{place.site.base}{path}")
                    wrong += [f"{path}: {each}" for each in await violations(page, axe)]
                    if not await value(page, "document.documentElement.scrollWidth <= innerWidth"):
                        wrong.append(f"{path}: wider than a telephone")
                wrong += await steps(page, place, code, axe)
            if place.site.role is Role.INFOPUNKT:
                wrong += await spoken(page, place)
                wrong += await on_the_screen(page, place, axe)
            wrong += [f"loaded from elsewhere: {url}" for url in page.asked
                      if not url.startswith((place.site.base, "data:"))]  # fmt: skip
    assert len(found) > 10 * len(LANGUAGES)
    return wrong + [f"no page of {path} was looked at" for path in unvisited(place, found)]


async def on_the_screen(page: Page, place: Served, axe: str) -> list[str]:
    """All that the screen shows; it turns by itself, which nobody reads with a keyboard."""
    await page.call("Emulation.setDeviceMetricsOverride", **SCREEN)
    wrong = []
    for number in range(len(list(turns(place.site.board.read())))):
        await go(page, f"{place.site.base}/anzeige/{number}/")
        but = ("meta-refresh", "meta-refresh-no-exceptions")
        wrong += [f"anzeige {number}: {each}" for each in await violations(page, axe, but=but)]
    return wrong


async def spoken(page: Page, place: Served) -> list[str]:
    """What a screen reader says of call and receipt: every input has a name, the number is read."""
    wrong = []
    for code in LANGUAGES:
        await go(page, f"{place.site.base}/{code}/notruf/")
        for role in ("textbox", "combobox", "spinbutton", "button", "link", "navigation"):
            said = await names(page, role)
            if not all(said):
                wrong.append(f"{code} call: a {role} without a name")
        if not await names(page, "combobox") or not await names(page, "button"):
            wrong.append(f"{code} call: nothing to choose or press")
        await go(page, f"{place.site.base}/{code}/beleg/{place.tickets['call']}/")
        (first, *_) = await names(page, "heading")
        if not re.search(r"\b1\b", first):
            wrong.append(f"{code} receipt: the number is not in its heading: {first}")
        if len(await names(page, "listitem")) < 2:
            wrong.append(f"{code} receipt: its steps are no list")
        language = await value(page, "document.documentElement.lang")
        if language != LANGUAGES[code].tag:
            wrong.append(f"{code} receipt: read in {language}")
    return wrong


@pytest.mark.parametrize("role", Role)
def test_every_page_in_every_language(role: Role, browser: str, tmp_path: Path) -> None:
    """Nothing that axe objects to, nothing wider than a telephone, nothing from elsewhere."""
    with served(role, tmp_path) as place:
        assert asyncio.run(judged(browser, place)) == []
