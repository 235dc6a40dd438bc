# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage start``, ``lage tui`` and the running of a node without a screen."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from lage.cli.common import folder_of, note, say
from lage.cli.companion import RUNS, Companion
from lage.cli.said import stays
from lage.language.errors import LageError

PARENT_POLL_S = 1.0


def run_node(folder: Path, radio: str | None, script: Path | None = None) -> None:
    """Run a node in this process until it is told to stop."""
    from lage.node.process import Node

    node = Node(folder, radio, script=script)
    stop = threading.Event()

    def ask_to_stop(*_: object) -> None:
        stop.set()
        node.wake()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    say(f"{RUNS}: {folder}. Beenden mit Strg+C.")
    sys.stdout.flush()
    node.run(stop)


def load_screen(ascii_only: bool | None) -> Callable[..., int]:
    """What opens the screen on a folder and gives its exit code; takes its time to be loaded."""
    from tui import terminal

    shown_on = terminal.examine(os.environ, sys.stdout.encoding or "utf-8", ascii_only=ascii_only)
    terminal.prepare(shown_on, os.environ)
    gc.disable()  # thousands of objects that stay: sweeping them only costs time
    from tui.app.start import run  # imports Textual, which reads the environment once

    gc.freeze()
    gc.enable()
    return partial(run, ascii=ascii_only)


def end_with_parent() -> None:
    """End this process when the one that started it is gone, however that one ended."""
    end_with(os.getppid())


def end_with(parent: int) -> None:
    """The same by the number of the one that started it, which may be gone by now."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_POLL_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


@click.command()
@click.option("--ascii/--unicode", "ascii_only", default=None, help="Zeichensatz erzwingen.")
@click.option("--nur-lesen", is_flag=True, help="Nur anzeigen, z. B. für die Wand.")
@click.option("--wand", is_flag=True, hidden=True)
@click.option("--leitung", type=click.Path(file_okay=False, path_type=Path), hidden=True)
@click.pass_context
@stays
def tui(
    ctx: click.Context, ascii_only: bool | None, nur_lesen: bool, wand: bool, leitung: Path | None
) -> None:
    """Den Bildschirm öffnen; der Knoten läuft in einem anderen Fenster oder gar nicht."""
    if wand:
        end_with_parent()
    screen: dict[str, Any] = {"read_only": nur_lesen}
    if leitung is not None:
        from lage.exercise.direction.desk import DirectionDesk  # others need not wait for it

        screen["direction"] = DirectionDesk(leitung, leads=False)
    ctx.exit(load_screen(ascii_only)(folder_of(ctx), **screen))


@click.command()
@click.option("--radio", help="tcp:HOST:PORT, serial:GERÄT oder ble:ADRESSE.")
@click.option("--ascii/--unicode", "ascii_only", default=None, help="Zeichensatz erzwingen.")
@click.pass_context
@stays
def start(ctx: click.Context, radio: str | None, ascii_only: bool | None) -> None:
    """Knoten und Bildschirm zusammen starten; der Knoten überlebt einen Absturz des Bildschirms."""
    ctx.exit(node_and_screen(folder_of(ctx), radio, ascii_only))


def node_and_screen(
    folder: Path, radio: str | None, ascii_only: bool | None = None, **screen: Any
) -> int:
    """Run the node beside the screen, which is opened with ``screen``; its exit code. Raises
    LageError."""
    companion = Companion(folder)
    companion.begin(radio)
    run = load_screen(ascii_only)  # while the node comes up
    companion.confirm()
    try:
        code = run(folder, **screen)
    except BaseException:
        _say_farewell(companion)
        raise
    if code:
        _say_farewell(companion)
        return code
    words = companion.last_words()
    companion.end()
    if words:
        raise LageError(words)
    return code


def _say_farewell(companion: Companion) -> None:
    if words := companion.farewell():
        note(words)
