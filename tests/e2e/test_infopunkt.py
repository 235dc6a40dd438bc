# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""From the form on a telephone to the control centre's Quittung: real processes, virtual radios.

Three staffs with a node and a radio each, an Infopunkt with the real web server, and a Chromium as
small as a telephone, in which scripts are switched off.
"""

from __future__ import annotations

import asyncio
import http.client
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import pytest

from lage.kinds.model import Query
from lage.kinds.outside import Call, Offer
from lage.outside import calls, desk, offers
from lage.outside.desk import Source, boxes_of
from lage.outside.tending import tend
from lage.station import Station
from lage.store.reception import Reception
from tests.asgi import Answer
from tests.e2e.conftest import TIMEOUT_S, lage, lage_json, make_troupe, wait_for
from tests.e2e.test_public_browser import axe_source, go, value, violations
from tests.e2e.test_wall_browser import Page, browser
from tests.fixtures import make_station
from tests.nodes import free_port
from tests.postgres import Server, postgres_server
from tests.unit.lage.test_public_handing_in import sum_of, token_of

if TYPE_CHECKING:
    import aiohttp
else:
    aiohttp = pytest.importorskip("aiohttp", reason="the extra [web] is not installed")
pytest.importorskip("uvicorn", reason="the extra [portal] is not installed")

__all__ = ["browser", "postgres_server"]
SCRIPT = """
name: Infopunkt
beginn: 24.11.2026 05:30
stellen:
  - {name: Leitstelle Steinfurt, rolle: leitstelle}
  - {name: SAE Rheine, rolle: sae}
  - {name: SAE Greven, rolle: sae}
ablauf: []
"""
NAMES = ("Annegret Musterfrau", "0171 5559876")


@contextmanager
def place(role: str, inbox: str, board: Path) -> Iterator[str]:
    """A running Infopunkt or portal; its address."""
    base = f"http://127.0.0.1:{free_port()}"
    process = _started(role, inbox, board, base)
    assert process.stdout is not None
    try:
        wait_for(lambda: process.poll() is not None or _answers(f"{base}/de/beleg/"))
        assert process.poll() is None, process.stdout.read()
        yield base
    finally:
        process.terminate()
        said = process.communicate(timeout=TIMEOUT_S)[0]
        assert "Traceback" not in said
        assert "127.0.0.1:" not in said.replace(base, ""), "no address of a visitor is written down"
        assert not any(name in said for name in NAMES)


@contextmanager
def killed(inbox: str, board: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """An Infopunkt whose process the test kills."""
    base = f"http://127.0.0.1:{free_port()}"
    process = _started("infopunkt", inbox, board, base)
    try:
        wait_for(lambda: process.poll() is not None or _answers(f"{base}/de/beleg/"))
        yield process, base
    finally:
        process.kill()
        process.communicate(timeout=TIMEOUT_S)


def _started(role: str, inbox: str, board: Path, base: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "lage", role, "starten", "--aushang", str(board), "--eingang", inbox,
         "--name", "Dorenkamp", "--port", base.rpartition(":")[2], "--adresse", "127.0.0.1",
         "--erreichbar", base],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


class Telephone:
    """A page without scripts, used with a finger."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def begin(self) -> None:
        """A small screen, no scripts."""
        for area in ("Page", "Network", "Log", "DOM", "Accessibility"):
            await self.page.call(f"{area}.enable")
        await self.page.call("Emulation.setDeviceMetricsOverride", width=360, height=740,
                             deviceScaleFactor=2, mobile=True)  # fmt: skip
        await self.page.call("Emulation.setScriptExecutionDisabled", value=True)

    async def html(self) -> str:
        """The page as it stands."""
        root = (await self.page.call("DOM.getDocument"))["root"]["nodeId"]
        return str((await self.page.call("DOM.getOuterHTML", nodeId=root)).get("outerHTML", ""))

    async def until(self, words: str) -> str:
        """Until the page says that."""
        end = time.monotonic() + TIMEOUT_S
        while words not in (html := await self.html()):
            assert time.monotonic() < end, html
            await asyncio.sleep(0.1)
        return html

    async def find(self, selector: str) -> int:
        """An element."""
        root = (await self.page.call("DOM.getDocument"))["root"]["nodeId"]
        found = await self.page.call("DOM.querySelector", nodeId=root, selector=selector)
        assert found.get("nodeId"), selector
        return int(found["nodeId"])

    async def write(self, selector: str, text: str) -> None:
        """Type into a field."""
        await self.page.call("DOM.focus", nodeId=await self.find(selector))
        await self.page.call("Input.insertText", text=text)

    async def press(self, key: str, number: int) -> None:
        """A key, down and up."""
        text = {"text": "\r"} if key == "Enter" else {}
        for kind, more in (("keyDown", text), ("keyUp", {})):
            await self.page.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                                 windowsVirtualKeyCode=number, **more)  # fmt: skip

    async def choose(self, selector: str, steps: int) -> None:
        """So many entries down a list."""
        await self.page.call("DOM.focus", nodeId=await self.find(selector))
        for _ in range(steps):
            await self.press("ArrowDown", 40)

    async def send(self, selector: str) -> None:
        """Press a button."""
        await self.page.call("DOM.focus", nodeId=await self.find(selector))
        await self.press("Enter", 13)

    async def tree(self) -> set[tuple[str, str]]:
        """What a screen reader says: (role, name)."""
        nodes = (await self.page.call("Accessibility.getFullAXTree"))["nodes"]
        return {(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes
                if not n.get("ignored")}  # fmt: skip


async def on_telephone(address: str, use: Any) -> None:
    """Use a telephone."""
    async with aiohttp.ClientSession() as session:
        tabs = await (await session.get(f"{address}/json")).json()
        target = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
        async with session.ws_connect(target, max_msg_size=0) as socket:
            telephone = Telephone(Page(socket))
            await telephone.begin()
            await use(telephone)
            # that there is no icon for the tab is all that the browser may miss
            assert [said for said in telephone.page.complaints if "404" not in said] == []


def test_from_the_telephone_to_the_quittung(browser: str, tmp_path: Path) -> None:
    """QR's address, form, receipt; then checked, sent by radio, arrived, confirmed."""
    inbox = str(tmp_path / "infopunkt" / "eingang.db")
    with make_troupe(tmp_path, SCRIPT) as troupe:
        control, rheine = (troupe.folders[n] for n in ("Leitstelle Steinfurt", "SAE Rheine"))
        lage("eingang", "verbinden", inbox, "--name", "Dorenkamp", folder=rheine)
        with place("infopunkt", inbox, tmp_path / "aushang") as base:
            asyncio.run(on_telephone(browser, lambda phone: _story(phone, base, rheine, control)))
    data = b"".join(path.read_bytes() for path in Path(inbox).parent.iterdir())
    for name in (*NAMES, "Lindenweg"):
        assert name.encode() not in data


async def _story(phone: Telephone, base: str, rheine: Path, control: Path) -> None:
    await phone.page.call("Page.navigate", url=f"{base}/de/notruf/")
    html = await phone.until("Notruf absenden")
    assert html.count("ÜBUNG ÜBUNG ÜBUNG") == 2
    tree = await phone.tree()
    for said in (
        ("combobox", "Was ist passiert?"),
        ("button", "Notruf absenden"),
        ("combobox", "Wo? Ort, Straße, Hausnummer"),
        ("textbox", "Wie erreichen wir Sie?"),
    ):
        assert said in tree
    await phone.choose("#what", 3)
    await phone.write("#place", "Lindenweg 12, Rheine")
    await phone.write("#text", "Sauerstoff reicht noch zwei Stunden")
    await phone.write("#name", NAMES[0])
    await phone.write("#back", NAMES[1])
    await phone.send("main button")
    receipt = await phone.until("Ihr Notruf 1")
    assert "Noch nicht angekommen" in receipt
    found = re.search(r'class="ticket"[^>]*>([0-9A-Z-]+)<', receipt)
    assert found
    await asyncio.to_thread(_decide, rheine)
    address = f"{base}/de/beleg/{found[1]}/"

    async def told(words: str) -> str:
        end = time.monotonic() + TIMEOUT_S
        while True:
            await phone.page.call("Page.navigate", url=address)
            html = await phone.until("Ihr Notruf 1")
            if words in html:
                return html
            assert time.monotonic() < end, html
            await asyncio.sleep(0.5)

    await told("geprüft und weitergegeben")
    text = await asyncio.to_thread(_confirm, control)
    assert text.startswith("Notruf 1 (Dorenkamp): Person in Not. Ort: Lindenweg 12")
    assert "Musterfrau" not in text
    html = await told("bestätigt von Leitstelle Steinfurt")
    steps = [html.index(words) for words in ("aufgenommen</li>", "geprüft und weitergegeben",
             "gesendet</li>", "angekommen bei Leitstelle Steinfurt", "bestätigt von")]  # fmt: skip
    assert steps == sorted(steps)
    assert "Noch nicht angekommen" not in html
    assert [url for url in phone.page.asked if not url.startswith(base)] == []


def _decide(rheine: Path) -> None:
    """The helper of the point checks the call and sends it on."""
    with closing(Station.open(rheine)) as station, boxes_of(station) as boxes:
        wait_for(lambda: calls.waiting(station, boxes))
    lage("notruf", "blitz", "1", folder=rheine)


def _confirm(control: Path) -> str:
    """The control centre receives it by radio, and confirms it by name."""
    with closing(Station.open(control)) as station:
        wait_for(lambda: station.reader.count(Query("message")))
    (message,) = lage_json("nachricht", "liste", folder=control)
    lage("nachricht", "quittieren", message["nr"], "--name", "Mertens", folder=control)
    return str(message["text"])


def test_a_killed_web_process_loses_nothing_that_it_confirmed(tmp_path: Path) -> None:
    """kill -9 while telephones are sending: every receipt that was given is kept, once."""
    inbox = str(tmp_path / "eingang.db")
    confirmed: list[str] = []
    with closing(make_station(tmp_path / "kreis")) as station:
        desk.connect(station, Source(inbox, "Infopunkt"))
        with killed(inbox, tmp_path / "a") as (process, base):
            forms = [_token(f"{base}/de/notruf/") for _ in range(24)]

            def send(token: str) -> None:
                typed = {"beleg": token, "what": "Brand", "place": "Rheine", "text": token}
                with suppress(OSError, http.client.HTTPException):
                    answer = _post(f"{base}/de/notruf/", typed)
                    if "Ihr Notruf" in answer:
                        confirmed.append(token)
                        process.kill()

            with ThreadPoolExecutor(6) as telephones:
                list(telephones.map(send, forms))
        assert confirmed
        tend(station)
        with boxes_of(station) as boxes:
            kept = [calls.call_of(found).text for found in calls.waiting(station, boxes)]
        assert set(confirmed) <= set(kept)
        assert len(kept) == len(set(kept))


def _token(address: str) -> str:
    found = re.search(r'name="beleg" value="([^"]+)"', _get(address))
    assert found
    return found[1]


def test_forms_and_receipt_are_found_without_fault(browser: str, tmp_path: Path) -> None:
    """axe finds nothing in the forms, with and without a fault in them, and in both records."""
    inbox = str(tmp_path / "eingang.db")
    with closing(make_station(tmp_path / "kreis")) as station:
        desk.connect(station, Source(inbox, "Infopunkt"))
        window = Reception.open(inbox)
        call, offer = window.new_ticket(), window.new_ticket()
        window.hand_in(Call("Brand", "Rheine"), call)
        window.hand_in(Offer(("Küche",), "Rheine", "Anne", phone="1", consent=True), offer)
        tend(station)
        with place("infopunkt", inbox, tmp_path / "a") as base:
            asyncio.run(_look(browser, base, call, offer))


async def _look(address: str, base: str, call: str, offer: str) -> None:
    axe = axe_source()
    async with aiohttp.ClientSession() as session:
        tabs = await (await session.get(f"{address}/json")).json()
        target = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
        async with session.ws_connect(target, max_msg_size=0) as socket:
            page = Page(socket)
            for path in ("de/notruf/", "ar/helfen/", f"de/beleg/{call}/", f"uk/meine/{offer}/"):
                await go(page, f"{base}/{path}")
                assert await violations(page, axe) == [], path
            await go(page, f"{base}/de/notruf/")
            await value(page, "document.querySelector('main form').noValidate = true; 0")
            await value(page, "document.querySelector('main form').submit(); 0")
            await page.until("document.querySelector('#problem')")
            assert await violations(page, axe) == []


def test_two_processes_of_a_portal_are_one(postgres_server: Server, tmp_path: Path) -> None:
    """A form of one is taken by the other, in one inbox on a real server; one may end."""
    inbox = postgres_server.fresh_database()
    left_s = 3600 - time.time() % 3600  # with a new hour a device may hand in anew
    if left_s < 40:
        time.sleep(left_s)
    with closing(make_station(tmp_path / "kreis")) as station:
        desk.connect(station, Source(inbox, "Portal"))
        with place("portal", inbox, tmp_path / "a") as one:
            with place("portal", inbox, tmp_path / "a") as other:
                token = _token(f"{one}/de/helfen/")
                typed = {"schritt": "3", "beleg": token, "skills": "Küche", "place": "Rheine",
                         "name": NAMES[0], "phone": NAMES[1], "consent": "ja"}  # fmt: skip
                for address in (other, one):
                    assert "Ihr Hilfsangebot 1" in _post(f"{address}/de/helfen/", typed)
                _brake_together(one, other, typed)
            tend(station)
            with boxes_of(station) as boxes:
                found, *others = offers.waiting(station, boxes)
            assert len(others) == 4
            assert NAMES[0] in _get(f"{one}/de/meine/{found.ticket}/")


def _brake_together(one: str, other: str, typed: dict[str, str]) -> None:
    """The fifth of one device must work out a sum, wherever the four were; and no second guess."""
    for address in (one, other, one):
        fresh = {**typed, "beleg": _token(f"{address}/de/helfen/")}
        assert "Ihr Hilfsangebot" in _post(f"{address}/de/helfen/", fresh)
    for address in (one, other):
        fresh = {**typed, "beleg": _token(f"{address}/de/helfen/")}
        with pytest.raises(HTTPError) as asked:
            _post(f"{address}/de/helfen/", fresh)
        assert asked.value.code == 429
    page = Answer(429, {}, asked.value.read())
    puzzle = {**typed, "beleg": token_of(page)}
    for address, summe in ((one, "99"), (other, sum_of(page))):
        with pytest.raises(HTTPError) as refused:
            _post(f"{address}/de/helfen/", {**puzzle, "summe": summe})
        assert refused.value.code == 422
        page = Answer(422, {}, refused.value.read())
    solved = {**typed, "beleg": token_of(page), "summe": sum_of(page)}
    assert "Ihr Hilfsangebot 5" in _post(f"{one}/de/helfen/", solved)


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:  # noqa: S310
        return str(answer.read().decode())


def _post(address: str, typed: dict[str, str]) -> str:
    from urllib.parse import urlencode

    asked = urllib.request.Request(address, urlencode(typed).encode())  # noqa: S310
    with urllib.request.urlopen(asked, timeout=TIMEOUT_S) as answer:  # noqa: S310
        return str(answer.read().decode())
