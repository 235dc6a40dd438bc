# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The wall in a real Chromium without a window, driven by its DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import wait_for
from tests.e2e.test_wall import PASSWORD, TIMEOUT_S, WallProcess, wall

if TYPE_CHECKING:
    import aiohttp
else:
    aiohttp = pytest.importorskip("aiohttp", reason="the extra [web] is not installed")

__all__ = ["wall"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRAWN = 25_000
"""Bytes of a screenshot with text on it; an empty page compresses to a few thousand."""
LOGIN = "document.querySelector('#kennwort').value = {}; document.querySelector('form').submit()"


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self.asked: list[str] = []  # addresses
        self.complaints: list[str] = []

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """A command, and its result."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        while True:
            message = await self._socket.receive_json(timeout=TIMEOUT_S)
            if message.get("id") == self._number:
                return dict(message.get("result", {}))
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        if message["method"] == "Network.requestWillBeSent":
            self.asked.append(message["params"]["request"]["url"])
        elif message["method"] == "Log.entryAdded":
            self.complaints.append(message["params"]["entry"]["text"])

    async def until(self, condition: str) -> None:
        """Wait until a condition holds in the page."""
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                result = await self.call("Runtime.evaluate", expression=f"!!({condition})")
                if result.get("result", {}).get("value"):  # none while another page comes
                    return
                await asyncio.sleep(0.1)

    async def picture_when(self, fits: Callable[[bytes], bool]) -> bytes:
        """The first screenshot (PNG) that fits."""
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                shot = await self.call("Page.captureScreenshot", format="png")
                png = base64.b64decode(shot["data"])
                if fits(png):
                    return png
                await asyncio.sleep(0.1)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[str]:
    """A running Chromium; the address of its DevTools."""
    if CHROMIUM is None:
        pytest.skip("no chromium here")
    profile = tmp_path / "profile"
    process = subprocess.Popen(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--remote-debugging-port=0",
         f"--user-data-dir={profile}", "--window-size=1200,800", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    told = profile / "DevToolsActivePort"
    try:
        wait_for(lambda: told.exists() and "\n" in told.read_text())
        yield f"http://127.0.0.1:{told.read_text().split()[0]}"
    finally:
        process.terminate()
        process.wait(TIMEOUT_S)


def test_wall_in_a_browser(wall: WallProcess, browser: str, tmp_path: Path) -> None:
    """Login form, then the screen is drawn; nothing is fetched from elsewhere or forbidden."""

    async def run() -> Page:
        async with aiohttp.ClientSession() as session:
            tabs = await (await session.get(f"{browser}/json")).json()
            target = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
            async with session.ws_connect(target, max_msg_size=0) as socket:
                page = Page(socket)
                await _look(page)
                return page

    async def _look(page: Page) -> None:
        for area in ("Page", "Network", "Log"):
            await page.call(f"{area}.enable")
        await page.call("Page.navigate", url=wall.url)
        await page.until("document.querySelector('#kennwort')")
        await page.call("Runtime.evaluate", expression=LOGIN.format(json.dumps(PASSWORD)))
        await page.until("document.body.classList.contains('-first-byte')")
        overview = await page.picture_when(lambda png: len(png) > DRAWN)
        await page.until("document.activeElement.classList.contains('xterm-helper-textarea')")
        await page.call("Input.insertText", text="0")  # the map over the whole width: more dots
        chart = await page.picture_when(lambda png: len(png) > 1.05 * len(overview))
        (tmp_path / "karte.png").write_bytes(chart)
        wall.end()
        await page.until("document.body.classList.contains('-closed')")

    page = asyncio.run(run())
    assert [url for url in page.asked if not url.startswith((wall.url, "data:", "blob:"))] == []
    assert [text for text in page.complaints if "Security Policy" in text] == []
