# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Opening the screen on a node's folder, and closing the log whatever became of the screen."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from tui import terminal
from tui.app.app import LOOK, LageApp
from tui.bridge import Battery, Bridge, Clock
from tui.terminal import Terminal

UNDO_S = 5.0


def run(
    folder: Path,
    *,
    read_only: bool = False,
    ascii: bool | None = None,  # noqa: A002
    clock: Clock | None = None,
    battery: Battery | None = None,
) -> int:
    """Open the screen on a node's folder; the exit code. Raises LageError."""
    shown_on = terminal.examine(os.environ, sys.stdout.encoding or "utf-8", ascii_only=ascii)
    bridge = Bridge(folder, clock=clock, read_only=read_only, battery=battery)
    bridge.open(_progress)
    try:
        app = make_app(bridge, folder, shown_on)
        code = app.run()
        return int(app.return_code or 0) if code is None else code
    finally:
        bridge.close()


def make_app(
    bridge: Bridge, folder: Path, shown_on: Terminal, *, undo_s: float = UNDO_S
) -> LageApp:
    """An app on an open bridge."""

    async def first() -> tuple[bool, str]:
        return await bridge.look(lambda s: (s.exercise, str(s.setting(LOOK, ""))))

    exercise, chosen = asyncio.run(first())
    return LageApp(bridge, folder, shown_on, exercise=exercise, undo_s=undo_s, chosen_look=chosen)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        sys.stderr.write(f"\rLagebild wird aufgebaut: {done * 100 // total:3d} %")
        sys.stderr.write("\n" if done >= total else "")
        sys.stderr.flush()
