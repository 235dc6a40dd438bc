# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A citizen is told of a gauge: a Chromium without scripts, the portal's process, a real mail
server and a stand-in for an ntfy server."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lage.language.tactical import tactical
from lage.outside.tending import tend
from lage.reports.board import board_of, write_board
from lage.station import Station
from lage.write import commands
from lage.write.release import release
from tests.e2e.conftest import lage, lage_json
from tests.e2e.test_infopunkt import Telephone, on_telephone, place
from tests.e2e.test_public_browser import axe_source, go, violations
from tests.e2e.test_wall_browser import browser
from tests.fixtures import make_station
from tests.nodes import free_port

controller = pytest.importorskip("aiosmtpd.controller")
pytest.importorskip("httpx", reason="the extra [nachrichten] is not installed")
from lage.public.water import file_name  # noqa: E402
from tests.unit.lage.test_outbox import Postbox  # noqa: E402

__all__ = ["browser"]
ANNE = "anne@example.org"


class Stand(ThreadingHTTPServer):
    """Takes what ntfy's documentation says of publishing as JSON: ``POST /`` with a topic."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", 0), _Publishing)

    @property
    def address(self) -> str:
        """As a staff names it."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Publishing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["content-length"])))
        fits = self.path == "/" and re.fullmatch(r"[-_A-Za-z0-9]{1,64}", said.get("topic", ""))
        if fits:
            self.server.got.append(said)  # type: ignore[attr-defined]
        self.send_response(200 if fits else 400)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Nothing is written."""


@contextmanager
def services() -> Iterator[tuple[Postbox, int, Stand]]:
    """A mail server and its port, an ntfy server."""
    box, port, stand = Postbox(), free_port(), Stand()
    mails = controller.Controller(box, hostname="127.0.0.1", port=port)
    mails.start()
    threading.Thread(target=stand.serve_forever, daemon=True).start()
    try:
        yield box, port, stand
    finally:
        mails.stop()
        stand.shutdown()
        stand.server_close()


def enter(station: Station, kind: str, **typed: str) -> None:
    """The staff writes something."""
    station.write(commands.enter(kind, typed, station.parse_context()))


def test_from_the_gauge_to_the_letter_to_the_end(browser: str, tmp_path: Path) -> None:
    """Ordered and confirmed by buttons, told once, ended; nothing is left, nothing lay open."""
    folder, board, inbox = tmp_path / "kreis" / "1", tmp_path / "a", str(tmp_path / "eingang.db")
    make_station(tmp_path / "kreis").close()
    with services() as (box, port, stand), closing(Station.open(folder)) as station:
        (folder / "kanaele.toml").write_text(
            f'[mail]\nserver = "127.0.0.1"\nport = {port}\nsender = "pegel@rheine.example"\n'
            f'[ntfy]\naddress = "{stand.address}"\n'
        )
        enter(station, "gauge", name="Rheine", info1="300")
        at = tactical(station.now() - 1800)
        enter(station, "reading", gauge="Rheine", value="295", at=at)
        station.write(release(station.find_record("gauge", "Rheine")))
        write_board(board_of(station), board)
        lage("eingang", "verbinden", inbox, "--name", "Portal", folder=folder)
        with place("portal", inbox, board) as base:
            lage("eingang", "verbinden", inbox, "--name", "Portal", "--seiten", base, folder=folder)
            lage("abo", "anbieten", "--kontakt", "datenschutz@rheine.example", folder=folder)
            lage("eingang", "holen", folder=folder)
            asyncio.run(on_telephone(browser, lambda p: _story(p, base, station, box)))
            _by_ntfy(base, station, stand)
    assert lage_json("abo", "stand", folder=folder)["messstellen"] == {}
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or ANNE.encode() not in path.read_bytes(), path


async def _story(
    phone: Telephone, base: str, station: Station, box: Postbox
) -> None:  # fmt: skip
    form = f"{base}/de/pegel/{file_name('Rheine')}/"
    await phone.page.call("Page.navigate", url=form)
    await phone.until("Datenschutz")
    tree = await phone.tree()
    for said in (("combobox", "Welche Marke?"), ("combobox", "Auf welchem Weg?"),
                 ("textbox", "E-Mail-Adresse (nur für E-Mail)"),
                 ("button", "Bestellen")):  # fmt: skip
        assert said in tree
    await phone.write("#mail", ANNE)
    await phone.page.call("DOM.focus", nodeId=await phone.find("#consent"))
    await phone.press(" ", 32)
    await phone.send("main button")
    await phone.until("Bitte sehen Sie in Ihr Postfach")
    tend(station)
    (asked,) = box.got
    page = _link(asked, base)
    await phone.page.call("Page.navigate", url=page)
    await phone.until("Haben Sie das bestellt?")
    tend(station)
    assert len(box.got) == 1, "looking is not confirming"
    await phone.send("main button")
    await phone.until("Ihr Wunsch ist aufgenommen")
    enter(station, "reading", gauge="Rheine", value="310")
    tend(station)
    assert box.got[1]["subject"] == "Rheine: Informationswert 1 erreicht, 310 cm"
    assert _link(box.got[1], base) == page
    await phone.page.call("Emulation.setScriptExecutionDisabled", value=False)
    axe = axe_source()  # a script, the pages have none
    for path in (form, form.replace("/de/", "/ar/"), page, f"{base}/leicht/abo/bestellt/"):
        await go(phone.page, path)
        assert await violations(phone.page, axe) == [], path
    await phone.page.call("Emulation.setScriptExecutionDisabled", value=True)
    await phone.page.call("Page.navigate", url=page)
    await phone.until("Eingerichtet")
    await phone.send("main form:last-of-type button")
    await phone.until("Ihr Wunsch ist aufgenommen")
    tend(station)
    await phone.page.call("Page.navigate", url=page)
    await phone.until("ist alles gelöscht")
    assert [url for url in phone.page.asked if not url.startswith(base)] == []


def _by_ntfy(base: str, station: Station, stand: Stand) -> None:
    """Without an address: the topic on the page is where it comes; one click ends it."""
    form = f"{base}/tr/pegel/{file_name('Rheine')}/"
    typed = {"mark": "info1", "way": "beides", "channel": stand.address, "days": "30",
             "consent": "ja"}  # fmt: skip
    token = re.search(r'name="beleg" value="([^"]+)"', _open(form)[1])
    assert token
    page, _ = _open(form, typed | {"beleg": token[1]})
    tend(station)
    shown = re.search(rf'href="{stand.address}/(lage-[a-z0-9]+)"', _open(page)[1])
    assert shown
    assert {each["topic"] for each in stand.got} == {shown[1]}
    assert stand.got[-1]["title"].startswith("Rheine: ulaşıldı")
    click = stand.got[-1]["click"]
    assert _open(click)[0] == page.replace("/tr/", "/de/")
    assert _open(click, {"List-Unsubscribe": "One-Click"}) == (click, "OK")
    tend(station)


def _link(message: Any, base: str) -> str:
    found = re.search(rf"{re.escape(base)}/de/abo/[0-9A-Z-]+/", message.get_content())
    assert found
    return found[0]


def _open(address: str, typed: dict[str, str] | None = None) -> tuple[str, str]:
    """(address, text) of the page that is shown in the end."""
    body = None if typed is None else urllib.parse.urlencode(typed).encode()
    with urllib.request.urlopen(address, body, timeout=30) as answer:  # noqa: S310
        return answer.url, answer.read().decode()
