# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One screen for one browser tab: a process of its own that may only read, and its end.

The process is ``lage tui --nur-lesen``: it is the one that refuses to write, whatever keys a
browser sends. It is started without a shell and without the wall's password in its environment.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from lage.wall.gate import PASSWORD_VARIABLE

QUIT_S = 5.0
"""A screen that was asked to end and does not is killed."""
WIDTH = (20, 400)
HEIGHT = (6, 150)
"""Cells a screen may have; a browser could ask for any number."""


def command(folder: Path) -> list[str]:
    """The screen as a command."""
    return [sys.executable, "-m", "lage", "--daten", str(folder), "tui", "--nur-lesen", "--wand"]


def environment(width: int, height: int) -> dict[str, str]:
    """What the screen's process is told: a modern terminal, and not the password."""
    own = {name: value for name, value in os.environ.items() if name != PASSWORD_VARIABLE}
    for name in ("NO_COLOR", "LAGE_ASCII", "COLORFGBG"):
        own.pop(name, None)  # about the terminal of the server, not about the browser
    return own | {
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TERM_PROGRAM": "textual",
        "TERM_PROGRAM_VERSION": version("textual-serve"),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": str(width),
        "ROWS": str(height),
    }


def clamp(value: object, limits: tuple[int, int], otherwise: int) -> int:
    """A size as a browser says it, within limits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 6:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return otherwise
    return min(max(value, limits[0]), limits[1])


class WallScreen(AppService):
    """One running screen."""

    def __init__(
        self,
        folder: Path,
        *,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[object]],
    ) -> None:
        async def closing() -> None:
            await close()

        super().__init__(
            "lage tui",
            write_bytes=write_bytes,
            write_str=write_str,
            close=closing,
            download_manager=DownloadManager(),
        )
        self._arguments = command(folder)

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment(width, height),
        )
        self._process = process
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        """Pass on what the screen shows; when it ends, so does the browser's connection."""
        try:
            await super().run()
        finally:
            await self.remote_close()

    async def on_meta(self, data: bytes) -> None:
        """Of what a screen may ask of the browser, a wall grants its end only."""
        if json.loads(data).get("type") == "exit":
            await self.remote_close()

    async def stop(self) -> None:
        """End the screen: first by asking."""
        process = self._process
        if process is None:
            return
        try:
            await asyncio.wait_for(super().stop(), QUIT_S)
            await asyncio.wait_for(process.wait(), QUIT_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        finally:
            # Pipes that nobody reads to the end would be closed when the loop is gone already.
            process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001
            await asyncio.sleep(0)
