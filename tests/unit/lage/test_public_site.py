# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The place for people outside: languages, headers, limits, whose name it is, captive page."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import ask, one

pytest.importorskip("starlette", reason="the extra [portal] is not installed")
from lage.public.app import application
from lage.public.board_file import BoardFile
from lage.public.guard import BODY_MAX
from lage.public.routes.captive import PROBES
from lage.public.server import configured
from lage.public.site import Role, Site
from lage.public.words import LANGUAGES
from lage.views.board import FILE, Board, to_json

NOON = 1_795_863_600.0


def site(folder: Path, role: Role = Role.INFOPUNKT) -> Site:
    """A place whose Aushang lies in that folder."""
    base = "http://infopunkt.lan" if role is Role.INFOPUNKT else "https://hilfe.example.org"
    return Site(role, "Feuerwache Rheine", base, BoardFile(folder), lambda: NOON)


def _gaps(value: object) -> object:
    if isinstance(value, dict):
        return {key: _gaps(each) for key, each in value.items()}
    return sorted(re.findall(r"\{\w*\}", str(value)))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_says_everything(code: str) -> None:
    """Each has the keys of the German original, with the same gaps, and says something there."""
    german, other = LANGUAGES["de"].topics, LANGUAGES[code].topics

    assert _gaps(dict(other)) == _gaps(dict(german))
    assert "" not in [text for topic in other.values() for text in topic.values()]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_says_its_language_and_direction(code: str, tmp_path: Path) -> None:
    """Screen readers and browsers know in which language and direction a page is read."""
    text = ask(application(site(tmp_path)), f"/{code}/").text

    direction = "rtl" if code == "ar" else "ltr"
    assert f'<html lang="{LANGUAGES[code].tag}" dir="{direction}">' in text


def test_a_browser_is_greeted_in_its_language(tmp_path: Path) -> None:
    """The best of what it asks for; German where there is none of it."""
    app = application(site(tmp_path))

    def led(accept: str) -> str:
        return ask(app, "/", headers={"Accept-Language": accept}).headers["location"]

    assert led("fr,uk-UA;q=0.8,de;q=0.5") == "/uk/"
    assert led("fr") == led("") == led(";q=x") == "/de/"


SYSTEMS = {
    "connectivitycheck.gstatic.com": "/generate_204",  # Android
    "clients3.google.com": "/gen_204",
    "connect.rom.miui.com": "/generate_204",
    "captive.apple.com": "/hotspot-detect.html",  # iOS, macOS
    "www.apple.com": "/library/test/success.html",
    "www.msftconnecttest.com": "/connecttest.txt",  # Windows
    "www.msftncsi.com": "/ncsi.txt",
    "detectportal.firefox.com": "/canonical.html",
    "nmcheck.gnome.org": "/check_network_status.txt",
    "spectrum.s3.amazonaws.com": "/kindle-wifi/wifistub.html",
    "xn--bcher-kva.example": "/",
    "BÜCHER.example": "/",
    "évil.example:8080": "/de/",
    "evil.example\t": "/x?y=http://evil.example",
    "[::1": "/",
    "": "/",
}


def test_telephones_find_the_page_by_themselves(tmp_path: Path) -> None:
    """What they ask of their makers' servers is led to our page, under whatever name, and nothing
    of that name comes back; under our number as well."""
    app = application(site(tmp_path))

    def led(path: str, host: str, method: str) -> None:
        answer = ask(app, path, host=host, method=method)
        found = (answer.status, answer.headers["location"], answer.body)
        assert found == (302, "http://infopunkt.lan/", b""), (host, path)
        assert answer.headers["cache-control"] == "no-store", "or it would be led so for ever"

    for host, path in SYSTEMS.items():
        for method in ("GET", "HEAD"):
            led(path, host, method)
    for path in PROBES:
        led(path, "10.0.0.1", "GET")
    for name in ("INFOPUNKT.LAN", "infopunkt.lan.", "infopunkt.lan:80"):
        assert ask(app, "/captive-portal/api", host=name).status == 200
    assert ask(app, "/de/notruf/", host="evil.example", method="POST").status == 421


def test_a_portal_answers_to_its_own_name_only(tmp_path: Path) -> None:
    """It leads nobody anywhere; a page of a stranger's name is refused."""
    app = application(site(tmp_path, Role.PORTAL))

    assert ask(app, "/de/", host="hilfe.example.org").status == 200
    assert ask(app, "/de/", host="evil.example").status == 421
    assert ask(app, "/generate_204", host="hilfe.example.org").status == 404


def test_an_infopunkt_is_called_by_its_number_too(tmp_path: Path) -> None:
    """Its own screen asks so; a portal is not."""
    assert ask(application(site(tmp_path)), "/anzeige/", host="127.0.0.1:8080").status == 200
    assert ask(application(site(tmp_path)), "/de/", host="[fe80::1%25eth0]").status == 200
    portal = application(site(tmp_path, Role.PORTAL))
    assert ask(portal, "/de/", host="10.0.0.1").status == 421


def test_only_a_named_proxy_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who says to ask for another is believed from the address that was named, else nobody."""

    async def tell(scope: Any, receive: Any, send: Any) -> None:
        said = f"{scope['client'][0]} {scope['scheme']}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": said})

    monkeypatch.setattr("lage.public.server.application", lambda *_: tell)
    forwarded = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}

    def seen(proxies: list[str], client: str) -> str:
        config = configured(site(tmp_path, Role.PORTAL), None, proxies)
        config.load()
        answer = one(config.loaded_app, "/", headers=forwarded, client=client)
        return asyncio.run(answer).text

    assert seen(["127.0.0.1"], "127.0.0.1") == "203.0.113.7 https"
    assert seen(["127.0.0.1"], "10.0.0.9") == "10.0.0.9 http"
    assert seen([], "127.0.0.1") == "127.0.0.1 http"


def test_no_page_may_do_what_no_page_of_ours_does(tmp_path: Path) -> None:
    """Pages, errors and redirects forbid scripts, frames and foreign content, set no cookie."""
    app = application(site(tmp_path))
    for path in ("/de/", "/nichts", "/", "/generate_204", "/static/lage.css"):
        answer = ask(app, path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers


def test_too_much_is_refused(tmp_path: Path) -> None:
    """A body beyond the limit, a length that is none, an endless address."""
    app = application(site(tmp_path))

    assert ask(app, "/de/", method="POST", body=b"x" * (BODY_MAX + 1)).status == 413
    assert ask(app, "/de/", headers={"content-length": "-1"}).status == 400
    assert ask(app, "/" + "x" * 5000).status == 414


def test_pages_show_the_newest_board_that_can_be_read(tmp_path: Path) -> None:
    """A damaged file changes nothing; what is old says so."""
    board = BoardFile(tmp_path)
    assert board.read() is None
    (tmp_path / FILE).write_bytes(to_json(Board("Steinfurt", int(NOON) - 3600)))
    assert board.read() == Board("Steinfurt", int(NOON) - 3600)
    assert "Diese Angaben sind alt" in ask(application(site(tmp_path)), "/de/").text
    (tmp_path / FILE).write_bytes(b"{}")
    assert board.read() == Board("Steinfurt", int(NOON) - 3600)


def test_the_process_loads_neither_log_nor_keys() -> None:
    """What the running place has imported can open no log and knows no key."""
    code = "import sys, lage.public.server; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    ours = ("lage.store", "lage.station", "lage.county", "lage.node", "lage.write", "sync.replica",
            "sync.codec", "mesh", "tui", "sqlite_utils", "meshtastic")  # fmt: skip
    assert [name for name in loaded if name.startswith(ours)] == []
