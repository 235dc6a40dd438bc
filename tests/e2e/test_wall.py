# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage wand`` as a real process: login, where websockets come from, reading only, its end."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lage.write import commands
from tests.e2e.conftest import TIMEOUT_S, lage_json, wait_for
from tests.fixtures import make_station

if TYPE_CHECKING:
    import aiohttp
else:
    aiohttp = pytest.importorskip("aiohttp", reason="the extra [web] is not installed")
pytest.importorskip("textual_serve", reason="the extra [web] is not installed")

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="looks for processes in /proc"
)
PASSWORD = "Hochwasser Ems 24"
HOSTILE = "Wand [red]ruhig[/red] \x1b[2J"
ESCAPE = re.compile(r"\x1b\[[0-9;?$]*[a-zA-Z]")
LOOP_RACE = re.compile(
    r"Exception ignored in: <function BaseSubprocessTransport\.__del__ [^\n]*\n"
    r"Traceback \(most recent call last\):\n(?:  [^\n]*\n)*RuntimeError: Event loop is closed\n"
)
"""CPython 3.11 may collect the transport of a process after its loop has gone: no fault of ours."""


class WallProcess:
    """A running ``lage wand`` on a folder."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lage", "--daten", str(folder), "wand", "--port", "0",
             *arguments],
            env={**os.environ, "LAGE_WAND_KENNWORT": PASSWORD},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        found = re.search(r"http://\S+:\d+", self.said)
        assert found, self.said + self.process.stdout.read()
        self.url = found[0]

    def screens(self) -> list[int]:
        """Process numbers of its screens."""
        wanted = f"\0{self.folder}\0tui\0".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if wanted in entry.read_bytes():
                    found.append(int(entry.parent.name))
            except (FileNotFoundError, ProcessLookupError):
                continue  # ended while we looked
        return found

    def end(self, signum: int = signal.SIGTERM) -> None:
        """End it and wait."""
        self.process.send_signal(signum)
        self.process.wait(TIMEOUT_S)


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[WallProcess]:
    """A wall of Rheine with one message that holds markup; two screens at most."""
    station = make_station(tmp_path / "kreis")
    typed = {"to": "alle", "text": HOSTILE}
    station.write(commands.enter("message", typed, station.parse_context()))
    folder = station.folder
    station.close()
    running = WallProcess(folder, "--schirme", "2")
    yield running
    if running.process.poll() is None:
        running.end()
    assert running.process.stdout is not None
    assert "Traceback" not in LOOP_RACE.sub("", running.process.stdout.read())


class Visitor:
    """A browser without a picture: session, and the websocket protocol of textual-serve."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def login(self, password: str = PASSWORD, origin: str | None = None) -> int:
        """Fill the form in; the status of the answer."""
        answer = await self.session.post(
            "/anmelden", data={"kennwort": password}, headers={"Origin": origin or self.url},
            allow_redirects=False,
        )  # fmt: skip
        return int(answer.status)

    async def refusal(self, origin: str | None) -> int:
        """Status with which a websocket is refused."""
        headers = {"Origin": origin} if origin else {}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await self.session.ws_connect("/ws", headers=headers)
        return int(refused.value.status)

    @asynccontextmanager
    async def screen(self, size: str = "width=120&height=40") -> AsyncIterator[Screen]:
        """A screen in a tab."""
        headers = {"Origin": self.url}
        async with self.session.ws_connect(f"/ws?{size}", headers=headers) as socket:
            yield Screen(socket)

    @asynccontextmanager
    async def screen_once_free(self) -> AsyncIterator[Screen]:
        """A screen as soon as there is a place: there is one a little after a process ended."""
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(TIMEOUT_S):
                while (screen := await self._screen_or_none(stack)) is None:
                    await asyncio.sleep(0.1)
            yield screen

    async def _screen_or_none(self, stack: AsyncExitStack) -> Screen | None:
        try:
            return await stack.enter_async_context(self.screen())
        except aiohttp.WSServerHandshakeError as refused:
            if refused.status != 503:
                raise
            return None


class Screen:
    """What a tab receives."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.raw = ""

    async def until(self, words: str) -> str:
        """Read until these words were drawn; all text so far, without escape sequences."""
        async with asyncio.timeout(TIMEOUT_S):
            while words not in ESCAPE.sub("", self.raw):
                message = await self.socket.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, message
                self.raw += message.data.decode()
        return ESCAPE.sub("", self.raw)

    async def ended(self) -> int:
        """Read until the server closes; its code."""
        async with asyncio.timeout(TIMEOUT_S):
            while not self.socket.closed:
                await self.socket.receive()
        assert self.socket.close_code is not None
        return int(self.socket.close_code)

    async def say(self, *envelope: object) -> None:
        """One message of the browser's terminal."""
        await self.socket.send_json(list(envelope))


def visit(wall: WallProcess, story: Callable[[Visitor], Awaitable[None]]) -> None:
    """Let somebody visit a wall."""

    async def run() -> None:
        jar = aiohttp.CookieJar(unsafe=True)  # cookies of numbered hosts too
        async with aiohttp.ClientSession(wall.url, cookie_jar=jar) as session:
            await story(Visitor(session, wall.url))

    asyncio.run(run())


def test_wall_lets_in_whom_it_should(wall: WallProcess) -> None:
    """Without session, with a wrong password or from another page: no screen is started."""

    async def story(visitor: Visitor) -> None:
        page = await visitor.session.get("/", allow_redirects=False)
        assert (page.status, page.headers["Location"]) == (303, "/anmelden")
        assert await visitor.refusal(visitor.url) == 401
        assert await visitor.login("falsch") == 401
        assert await visitor.refusal(visitor.url) == 401
        assert await visitor.login(origin="http://boese.example") == 403
        assert await visitor.login() == 303
        assert await visitor.refusal("http://boese.example") == 403
        assert await visitor.refusal(None) == 403
        rebound = await visitor.session.get("/", headers={"Host": "boese.example"})
        assert rebound.status == 421
        page = await visitor.session.get("/")
        assert page.status == 200
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert "https:" not in await page.text(), "nothing of the page comes from elsewhere"
        listing = await visitor.session.get("/static/")
        assert listing.status == 403

    visit(wall, story)
    assert wall.screens() == []
    assert "127.0.0.1" in wall.said


def test_guessing_is_slowed(wall: WallProcess) -> None:
    """The sixth guess is told to wait, also with the right password."""

    async def story(visitor: Visitor) -> None:
        assert [await visitor.login("falsch") for _ in range(5)] == [401] * 5
        answer = await visitor.session.post(
            "/anmelden", data={"kennwort": PASSWORD}, headers={"Origin": visitor.url}
        )
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) <= 30
        assert "Zu viele falsche Kennwörter" in await answer.text()

    visit(wall, story)


def test_wall_shows_and_never_writes(wall: WallProcess) -> None:
    """The picture comes with texts shown literally; keys that write are refused by the screen."""

    async def story(visitor: Visitor) -> None:
        await visitor.login()
        async with visitor.screen() as screen:
            await screen.until("nur Anzeige")
            await screen.say("stdin", "3")
            assert "[red]ruhig[/red]" in await screen.until("[red]ruhig[/red]")
            assert screen.raw.count("\x1b[2J") == 0
            environ = Path(f"/proc/{wall.screens()[0]}/environ").read_bytes()
            assert b"TEXTUAL_DRIVER" in environ
            assert PASSWORD.encode() not in environ
            await screen.say("stdin", "\x1bOR")  # F3
            await screen.until("Dieser Bildschirm zeigt nur an")
            await screen.say("stdin", "nvon der Wand\x13\x11")
            await screen.say("resize", {"width": 10**9, "height": 10**9})
            await screen.say("ping", "7")

    visit(wall, story)
    wait_for(lambda: wall.screens() == [])
    assert lage_json("tagebuch", "liste", folder=wall.folder) == []
    assert len(lage_json("nachricht", "liste", folder=wall.folder)) == 1


def test_number_of_screens_is_limited(wall: WallProcess) -> None:
    """A third tab is refused while two are open; where one closed, the next may open."""

    async def story(visitor: Visitor) -> None:
        await visitor.login()
        async with visitor.screen() as first:
            await first.until("nur Anzeige")
            async with visitor.screen("width=zehn&height=-3"):
                assert await visitor.refusal(visitor.url) == 503
            async with visitor.screen_once_free() as next_one:
                await next_one.say("quatsch")
                assert await next_one.ended() == aiohttp.WSCloseCode.POLICY_VIOLATION
            await first.say("stdin", "\x11")  # Ctrl+Q asks, Enter confirms
            await first.until("beenden?")
            await first.say("stdin", "j")
            await first.ended()

    visit(wall, story)
    wait_for(lambda: wall.screens() == [])


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL])
def test_no_screen_outlives_the_wall(wall: WallProcess, signum: int) -> None:
    """However the wall ends, its screens end too."""

    async def story(visitor: Visitor) -> None:
        await visitor.login()
        async with visitor.screen() as screen:
            await screen.until("nur Anzeige")
            assert len(wall.screens()) == 1
            await asyncio.to_thread(wall.end, signum)

    visit(wall, story)
    wait_for(lambda: wall.screens() == [])


_WITHOUT_WEB = "import sys; sys.modules['textual_serve'] = None; import lage.cli; lage.cli.main()"


def test_missing_extra_is_said_in_german(tmp_path: Path) -> None:
    """Without textual-serve the command says what to install; with a short password, why not."""
    station = make_station(tmp_path / "kreis")
    station.close()
    arguments = ["--daten", str(station.folder), "wand", "--port", "0"]
    for before, password, sentence in (
        (["-c", _WITHOUT_WEB], PASSWORD, "--find-links ORDNER 'lage-krisenstab[web]'"),
        (["-m", "lage"], "kurz", "mindestens 8 Zeichen"),
        (["-m", "lage"], "", "LAGE_WAND_KENNWORT"),
    ):
        done = subprocess.run(
            [sys.executable, *before, *arguments], capture_output=True, text=True,
            env={**os.environ, "LAGE_WAND_KENNWORT": password}, stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
        )  # fmt: skip
        assert done.returncode in (1, 2)
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
