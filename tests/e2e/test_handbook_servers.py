# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the handbook tells people to copy, taken literally from it: nginx serves pages and portal,
systemd finds nothing wrong. ``pytest -m long``."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

pytest.importorskip("uvicorn", reason="the extra [portal] is not installed")
from lage.kinds import exchange
from lage.outside import portals
from lage.store.counterpart import Introduction, introduce
from lage.store.inbox import Inbox
from tests.asgi import Answer
from tests.e2e.conftest import wait_for
from tests.e2e.test_portal_elsewhere import TYPED, authority, started
from tests.fixtures import make_station
from tests.nodes import free_port
from tests.public_board import lay
from tests.unit.lage.test_public_handing_in import token_of

pytestmark = pytest.mark.long
PAGE = (Path(__file__).parents[2] / "docs" / "auskunft.md").read_text("utf8")
NAME = "lage.kreis.example"
AROUND = """daemon off; worker_processes 1; {user} pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{ include /etc/nginx/mime.types; default_type application/octet-stream; access_log off;
client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{snippet} }}
"""
"""What Debian's nginx.conf has around its sites."""


def blocks(first: str) -> list[str]:
    """The code of the handbook that begins so."""
    found = re.findall(r"^( *)```\n(.*?)^ *```$", PAGE, re.DOTALL | re.MULTILINE)
    cleaned = ["".join(line[len(indent):] for line in text.splitlines(True))
               for indent, text in found]  # fmt: skip
    return [text for text in cleaned if text.startswith(first)]


def put(text: str, changes: Mapping[str, str]) -> str:
    """The same, with the places of this machine; each must be there."""
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


class Site:
    """The portal behind nginx."""

    def __init__(self, port: int, ca: Path) -> None:
        self._port, self._trust = port, ssl.create_default_context(cafile=str(ca))

    def ask(self, path: str, method: str = "GET", body: bytes | None = None,
            headers: Mapping[str, str] | None = None) -> Answer:  # fmt: skip
        """One request under the portal's name."""
        line = http.client.HTTPSConnection("127.0.0.1", self._port, timeout=60, context=self._trust)
        line.request(method, path, body, {"Host": NAME, **(headers or {})})
        answer = line.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        counted = [name.lower() for name, _ in answer.getheaders()]
        assert counted.count("content-security-policy") <= 1, "said twice"
        found = Answer(answer.status, headers, answer.read())
        line.close()
        return found


@contextmanager
def nginx(folder: Path, changes: Mapping[str, str]) -> Iterator[None]:
    """nginx with the handbook's lines."""
    program = shutil.which("nginx")
    if program is None:
        pytest.skip("no nginx here (Debian: nginx)")
    (snippet,) = blocks("server {")
    user = "user nobody nogroup;" if os.name == "posix" and os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(AROUND.format(folder=folder, user=user, snippet=put(snippet, changes)))
    process = subprocess.Popen([program, "-c", str(config), "-p", str(folder)])
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that an account without rights may enter; pytest's are its own."""
    with tempfile.TemporaryDirectory(prefix="lage-nginx-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_nginx_as_the_handbook_has_it(folder: Path) -> None:
    """Finished pages from files, with the right types and headers; forms and the door by proxy;
    with the portal killed the pages stay."""
    ca, certificate = authority(folder, "kreis")
    pages, port, inner = folder / "seiten", free_port(), free_port()
    pages.mkdir()
    pages.chmod(0o755)  # as the handbook makes it
    lay(folder / "aushang", int(time.time()))
    inbox = str(folder / "eingang.db")
    with closing(make_station(folder / "kreis")) as station:
        link, told = portals.connect(station, f"https://{NAME}", "Portal")
    with closing(Inbox.open(inbox)) as opened:
        introduce(opened, Introduction.from_json(told))
    public = ("portal", "starten", "--aushang", str(folder / "aushang"), "--eingang", inbox,
              "--name", "Kreis", "--port", str(inner), "--erreichbar", f"https://{NAME}",
              "--proxy", "127.0.0.1", "--seiten", str(pages))  # fmt: skip
    changes = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "/srv/lage/seiten": str(pages),
        "127.0.0.1:8080": f"127.0.0.1:{inner}",
        "/etc/letsencrypt/live/lage.kreis.example/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/lage.kreis.example/privkey.pem": str(certificate),
    }
    site = Site(port, ca)
    with nginx(folder, changes), started(*public) as portal:
        wait_for(lambda: (pages / "uk/hilfe/index.html.gz").exists())
        page = site.ask("/de/hilfe/", headers={"Accept-Encoding": "gzip"})
        assert page.headers["content-encoding"] == "gzip"
        assert "Turnhalle Nord" in gzip.decompress(page.body).decode()
        for path, kind in (
            ("/de/", "text/html; charset=utf-8"), ("/static/lage.css", "text/css"),
            ("/daten/pegel.csv", "text/csv"), ("/daten/karte.svg", "image/svg+xml"),
            ("/daten/pegel.geojson", "application/geo+json"), ("/de/beleg/", "text/html"),
            ("/sta/v1.1", "application/json"),
        ):  # fmt: skip
            answer = site.ask(path)
            assert (answer.status, path) == (200, path)
            assert answer.headers["content-type"].startswith(kind), path
            for name in ("x-content-type-options", "referrer-policy"):
                assert answer.headers[name] in ("nosniff", "no-referrer"), (path, name)
            assert "default-src 'none'" in answer.headers["content-security-policy"]
        greeted = site.ask("/", headers={"Accept-Language": "uk"})
        assert (greeted.status, greeted.headers["location"]) == (302, "/uk/")
        form = site.ask("/de/helfen/")
        typed = urlencode({**TYPED, "beleg": token_of(form)}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        done = site.ask("/de/helfen/", "POST", typed, kind)
        assert done.status == 303
        assert "Ihr Hilfsangebot 1" in site.ask(done.headers["location"]).text
        body = bytes(2 * 2**20)
        door = {exchange.HEADER: exchange.sign(link.signing, 1, body)}
        assert site.ask(exchange.PATH, "POST", body, door).status == 422, "read, not understood"
        assert site.ask(exchange.PATH, "POST", body, door).status == 409, "said by nginx too"
        assert site.ask(exchange.PATH, "POST", b"x").status == 403
        assert site.ask("/de/helfen/", "POST", bytes(100_000), kind).status == 413
        for path in ("/../nginx.conf", "/static/..%2f..%2feingang.db", "/static/../../eingang.db",
                     "/de/%00", "/de/nichts/", "//etc/passwd", "/.git/config"):  # fmt: skip
            assert site.ask(path).status in (400, 404), path
        portal.kill()
        portal.wait()
        assert site.ask("/ar/wasser/").status == 200
        assert site.ask("/de/helfen/").status == 502
    said = (folder / "error.log").read_text("utf8")
    assert "[emerg]" not in said
    assert "[alert]" not in said


@pytest.mark.parametrize("name", ["lage-infopunkt.service", "lage-portal.service"])
def test_systemd_as_the_handbook_has_it(name: str, tmp_path: Path) -> None:
    """Every line is one that systemd knows, and the command is one of ours with options of ours."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd here")
    role = name.removesuffix(".service").removeprefix("lage-")
    (unit,) = [text for text in blocks("[Unit]") if f"lage {role} starten" in text]
    ours = tmp_path / "lage"
    ours.write_text(f'#!/bin/sh\nexec {sys.executable} -m lage "$@"\n')
    ours.chmod(0o755)
    path = tmp_path / name
    path.write_text(put(unit, {"/opt/lage/bin/lage": str(ours)}))
    checked = subprocess.run(
        [program, "verify", str(path)], capture_output=True, text=True, timeout=60
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    for key in ("Restart=always", "RestartSec=", "WantedBy=", "NoNewPrivileges=yes"):
        assert key in unit
    command = re.search(r"ExecStart=\S+ (.*)", unit)
    assert command
    import shlex

    asked = [*shlex.split(command[1]), "--help"]
    done = subprocess.run([str(ours), *asked], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
