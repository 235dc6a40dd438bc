# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Opening the screen on a node's folder, and closing the log whatever became of the screen."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from lage.language.errors import LageError
from tui import terminal
from tui.app.app import FELL, LOOK, LageApp
from tui.bridge import Battery, Bridge, Clock, Direction, Player, seconds
from tui.terminal import Terminal
from tui.widgets.bars import mark_of

UNDO_S = 5.0
FALLS_MAX, FALLS_S = 3, 60.0
"""So many times within so many seconds a screen may break."""


def run(
    folder: Path,
    *,
    read_only: bool = False,
    ascii: bool | None = None,  # noqa: A002
    clock: Clock | None = None,
    battery: Battery | None = None,
    player: Player | None = None,
    direction: Direction | None = None,
) -> int:
    """Open the screen on a node's folder; the exit code. Raises LageError."""
    shown_on = terminal.examine(os.environ, sys.stdout.encoding or "utf-8", ascii_only=ascii)
    bridge = Bridge(
        folder,
        clock=clock,
        read_only=read_only,
        battery=battery,
        player=player,
        direction=direction,
    )
    try:
        bridge.open(_progress)
        return _kept_up(lambda said: make_app(bridge, folder, shown_on, said=said))
    finally:
        bridge.close()


def _kept_up(make: Callable[[str], LageApp]) -> int:
    """Run the screen; where a fault of ours has broken it build it anew, drafts are kept.

    Raises LageError for a screen that breaks again and again.
    """
    falls: list[float] = []
    said = ""
    while True:
        app = make(said)
        code = app.run()
        if app.return_code not in (FELL, 1):
            return int(app.return_code or 0) if code is None else code
        falls = [at for at in falls if seconds() - at < FALLS_S] + [seconds()]
        if len(falls) >= FALLS_MAX:
            raise LageError(
                "Der Bildschirm lässt sich nicht aufbauen (Fehler im Programm, siehe fehler.log im"
                " Datenordner). Das Lagebuch ist heil; „lage --help“ nennt die Befehle dafür."
            )
        said = "Der Bildschirm ist nach einem Fehler neu aufgebaut worden; Entwürfe sind erhalten."


def make_app(
    bridge: Bridge, folder: Path, shown_on: Terminal, *, undo_s: float = UNDO_S, said: str = ""
) -> LageApp:
    """An app on an open bridge."""

    async def first() -> tuple[str, str]:
        return await bridge.look(lambda s: (mark_of(bridge.past, s.exercise), s.setting(LOOK)))

    marked, chosen = asyncio.run(first())
    app = LageApp(bridge, folder, shown_on, marked=marked, undo_s=undo_s, chosen_look=chosen)
    app.said = (said, "alarm") if said else None
    return app


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        sys.stderr.write(f"\rLagebild wird aufgebaut: {done * 100 // total:3d} %")
        sys.stderr.write("\n" if done >= total else "")
        sys.stderr.flush()
