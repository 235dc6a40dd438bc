# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The public pages in a real Chromium: a telephone without scripts, the screen, a screen reader;
and the process that serves them, which cannot reach the log."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lage.reports.board import board_of, write_board, write_chart
from lage.write import commands
from tests.e2e.conftest import TIMEOUT_S
from tests.e2e.test_wall_browser import Page, browser
from tests.fixtures import FixedClock, make_station
from tests.public_board import board, lay

if TYPE_CHECKING:
    import aiohttp
else:
    aiohttp = pytest.importorskip("aiohttp", reason="the extra [web] is not installed")
pytest.importorskip("uvicorn", reason="the extra [portal] is not installed")

from lage.public.routes.kiosk import turns

__all__ = ["browser"]
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
SCREEN = {"width": 1920, "height": 1080, "deviceScaleFactor": 1, "mobile": False}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FENCED = """
import os, sys
fence = os.path.realpath(sys.argv.pop(1))
def hook(event, arguments):
    if event in ("open", "sqlite3.connect", "os.listdir", "os.scandir"):
        path = arguments[0]
        if isinstance(path, (str, bytes)) and os.path.realpath(os.fsdecode(path)).startswith(fence):
            raise PermissionError(13, "fenced", os.fsdecode(path))
sys.addaudithook(hook)
from lage.cli import main
main()
"""
"""A process for which a folder is unreadable, also where tests run as root."""


class Served:
    """A running Infopunkt."""

    def __init__(self, board: Path, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", FENCED, str(data), "infopunkt", "starten", "--aushang",
             str(board), "--name", "Feuerwache Rheine", "--port", "0", "--adresse", "127.0.0.1",
             "--erreichbar", "http://127.0.0.1"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        port = self.process.stdout.readline().rpartition("Port ")[2].strip(")\n")
        self.url = f"http://127.0.0.1:{port}/"

    def end(self) -> str:
        """Tell it to end; what it complained of."""
        self.process.terminate()
        return self.process.communicate(timeout=TIMEOUT_S)[1]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """With an Aushang written by a station whose folder is out of its reach."""
    lay(tmp_path / "aushang", int(time.time()))
    (tmp_path / "lagebuch").mkdir()
    running = Served(tmp_path / "aushang", tmp_path / "lagebuch")
    yield running
    running.process.kill()
    running.process.communicate()


def axe_source() -> str:
    """axe-core as a package brings it; nothing is fetched."""
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("axe-playwright-python is not installed")
    return (Path(found.origin).parent / "axe.min.js").read_text("utf8")


async def value(page: Page, expression: str, *, later: bool = False) -> Any:
    """What an expression gives in the page."""
    result = await page.call(
        "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=later
    )
    assert "exceptionDetails" not in result, result
    return result["result"].get("value")


async def go(page: Page, url: str) -> None:
    """Open an address and wait until all of it is there, and the page before it has gone."""
    await value(page, "window.left = true")
    await page.call("Page.navigate", url=url)
    await page.until(
        f"!window.left && location.href.startsWith({json.dumps(url)})"
        " && document.readyState === 'complete'"
    )


async def violations(page: Page, axe: str, *, but: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong, with where."""
    await value(page, f"{axe};0")
    rules = {rule: {"enabled": False} for rule in but}
    options = json.dumps({"runOnly": {"type": "tag", "values": TAGS}, "rules": rules})
    found = await value(
        page,
        f"axe.run(document, {options}).then(r => r.violations.map(v => v.id + ': '"
        " + v.nodes.map(n => n.target.join(' ')).join(', ')))",
        later=True,
    )
    return list(found)


async def names(page: Page, role: str) -> list[str]:
    """What a screen reader says of everything with a role."""
    tree = await page.call("Accessibility.getFullAXTree")
    return [
        node.get("name", {}).get("value", "")
        for node in tree["nodes"]
        if node.get("role", {}).get("value") == role
    ]


def test_pages_on_a_telephone_and_on_the_screen(served: Served, browser: str) -> None:
    """No scripts, nothing from elsewhere, no sideways scrolling, readable by a screen reader in
    every direction of writing, and from four metres."""
    axe = axe_source()

    async def without_scripts(page: Page) -> None:
        await page.call("Emulation.setDeviceMetricsOverride", **PHONE)
        await page.call("Emulation.setScriptExecutionDisabled", value=True)
        await go(page, served.url + "de/")
        follow = "document.querySelector('a[href=\"/de/hilfe/\"]').click()"
        await value(page, follow)
        await page.until("location.pathname === '/de/hilfe/' && document.querySelector('.free')")
        await page.call("Emulation.setScriptExecutionDisabled", value=False)

    async def on_a_telephone(page: Page) -> None:
        for path in ("de/", "ar/wasser/", "uk/hilfe/", "leicht/warnungen/"):
            await go(page, served.url + path)
            assert await value(page, "document.documentElement.scrollWidth <= innerWidth"), path
            assert await violations(page, axe) == [], path
        head = "document.querySelector('h1')"
        await go(page, served.url + "de/")
        assert await value(page, f"{head}.getBoundingClientRect().top < 400"), (
            "menus alone are seen"
        )
        await value(page, f"{head}.textContent = 'Trinkwassernotversorgungsstelle'.repeat(2)")
        assert await value(page, "document.documentElement.scrollWidth <= innerWidth")
        await go(page, served.url + "nichts/")
        assert "That did not work" in await value(page, "document.body.innerText")

    async def to_a_screen_reader(page: Page) -> None:
        await go(page, served.url + "de/")
        assert (await names(page, "heading"))[:2] == ["Was ist los?", "Warnungen"]
        assert await names(page, "navigation") == ["Sprachen", "Seiten"]
        assert "Zum Inhalt" in await names(page, "link")
        await go(page, served.url + "en/wasser/")
        assert await names(page, "columnheader") == [
            "Gauge", "Level", "Trend", "Measured", "What it means",
        ]  # fmt: skip
        assert any(name.startswith("1. Rheine") for name in await names(page, "rowheader"))

    async def from_four_metres(page: Page) -> None:
        await page.call("Emulation.setDeviceMetricsOverride", **SCREEN)
        order = [(code, topic, str(items)) for code, topic, items in turns(board())]
        distinct = {shown: place for place, shown in enumerate(order)}
        assert len(distinct) > 20
        for place in distinct.values():
            await go(page, f"{served.url}anzeige/{place}/")
            least = await value(
                page,
                "Math.min(...[...document.querySelectorAll('body *')].filter(e => e.innerText)"
                ".map(e => parseFloat(getComputedStyle(e).fontSize)))",
            )
            assert least >= 0.09 * SCREEN["height"] - 1
            assert await value(page, "document.body.scrollHeight <= innerHeight"), place
        await go(page, served.url + "anzeige/")
        assert await violations(page, axe, but=("meta-refresh", "meta-refresh-no-exceptions")) == []

    async def run() -> Page:
        async with aiohttp.ClientSession() as session:
            tabs = await (await session.get(f"{browser}/json")).json()
            target = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
            async with session.ws_connect(target, max_msg_size=0) as socket:
                page = Page(socket)
                for area in ("Page", "Network", "Log", "Accessibility"):
                    await page.call(f"{area}.enable")
                await without_scripts(page)
                await on_a_telephone(page)  # axe is a script, the pages have none
                await to_a_screen_reader(page)
                await from_four_metres(page)
                return page

    page = asyncio.run(run())
    assert [url for url in page.asked if not url.startswith(served.url)] == []
    assert [text for text in page.complaints if "Security Policy" in text] == []
    assert served.end() == ""


def test_the_pages_live_where_the_log_cannot_be_read(tmp_path: Path) -> None:
    """A node's release is shown by a process that is refused every file of the node's folder."""
    import urllib.request

    station = make_station(tmp_path, clock=FixedClock(time.time()))
    typed = {"text": "Trinkwasser am Rathaus", "topic": "Ausgabestelle"}
    station.write(commands.enter("notice", typed, station.parse_context()))
    board = board_of(station)
    write_board(board, tmp_path / "aushang")
    write_chart(station, board, tmp_path / "aushang")
    station.close()
    running = Served(tmp_path / "aushang", station.folder)
    try:
        with urllib.request.urlopen(f"{running.url}de/hilfe/", timeout=TIMEOUT_S) as answer:  # noqa: S310
            assert "Trinkwasser am Rathaus" in answer.read().decode()
    finally:
        assert running.end() == ""
    fenced = subprocess.run(
        [sys.executable, "-c", FENCED, str(station.folder), "--daten", str(station.folder),
         "aushang", "oeffentlich"], capture_output=True, text=True, timeout=TIMEOUT_S,
    )  # fmt: skip
    assert fenced.returncode == 1, "the fence keeps nobody out"
