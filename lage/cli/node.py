# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage start``, ``lage tui`` and the running of a node without a screen."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import click

from lage.cli.common import folder_of, say
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
    say(f"Knoten läuft: {folder}. Beenden mit Strg+C.")
    sys.stdout.flush()
    node.run(stop)


def run_screen(folder: Path, *, ascii_only: bool | None, read_only: bool = False) -> int:
    """Open the screen on a folder; its exit code."""
    from tui import terminal

    shown_on = terminal.examine(os.environ, sys.stdout.encoding or "utf-8", ascii_only=ascii_only)
    terminal.prepare(shown_on, os.environ)
    from tui.app.start import run  # imports Textual, which reads the environment once

    return run(folder, read_only=read_only, ascii=ascii_only)


def end_with_parent() -> None:
    """End this process when the one that started it is gone, however that one ended."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_POLL_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


@click.command()
@click.option("--ascii/--unicode", "ascii_only", default=None, help="Zeichensatz erzwingen.")
@click.option("--nur-lesen", is_flag=True, help="Nur anzeigen, z. B. für die Wand.")
@click.option("--wand", is_flag=True, hidden=True)
@click.pass_context
def tui(ctx: click.Context, ascii_only: bool | None, nur_lesen: bool, wand: bool) -> None:
    """Den Bildschirm öffnen; der Knoten läuft in einem anderen Fenster oder gar nicht."""
    if wand:
        end_with_parent()
    ctx.exit(run_screen(folder_of(ctx), ascii_only=ascii_only, read_only=nur_lesen))


@click.command()
@click.option("--radio", help="tcp:HOST:PORT, serial:GERÄT oder ble:ADRESSE.")
@click.option("--ascii/--unicode", "ascii_only", default=None, help="Zeichensatz erzwingen.")
@click.pass_context
def start(ctx: click.Context, radio: str | None, ascii_only: bool | None) -> None:
    """Knoten und Bildschirm zusammen starten."""
    from lage.node.process import Node, NodeRunning

    folder = folder_of(ctx)
    stop = threading.Event()
    thread: threading.Thread | None = None
    problem: list[LageError] = []
    try:
        node = Node(folder, radio)
    except NodeRunning:
        node = None  # another window runs it: the screen alone is what is wanted

    def work() -> None:
        assert node is not None
        try:
            node.run(stop)
        except LageError as error:
            problem.append(error)

    if node is not None:
        thread = threading.Thread(target=work, name="node")
        thread.start()
    try:
        code = run_screen(folder, ascii_only=ascii_only)
    finally:
        stop.set()
        if node is not None and thread is not None:
            node.wake()
            thread.join()
    if problem:
        raise problem[0]
    ctx.exit(code)
