# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The screen in a real terminal (tmux): keys in, characters out, what is written is in the log."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from lage.kinds.model import Query
from lage.station import Station
from tests.e2e.conftest import TIMEOUT_S, wait_for
from tests.fixtures import make_station

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


UNHURRIED = (
    "import tui.app.start as s; s.make_app.__kwdefaults__['undo_s'] = 600.0;"
    " from lage.cli import main; main()"
)
"""A program whose screen keeps an entry back for ten minutes, for tests that take one back."""


class Terminal:
    """One tmux session of its own server."""

    def __init__(self, command: str, columns: int = 80, rows: int = 24) -> None:
        self._socket = f"lage-{uuid.uuid4().hex[:8]}"
        size = ("-x", str(columns), "-y", str(rows))
        self._tmux("-f", "/dev/null", "new-session", "-d", "-s", "t", *size, command)

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names."""
        self._tmux("send-keys", "-t", "t", *names)

    def type(self, text: str) -> None:
        """Type text."""
        self._tmux("send-keys", "-t", "t", "-l", text)

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self._tmux("resize-window", "-t", "t", "-x", str(columns), "-y", str(rows))

    def screen(self) -> str:
        """What stands there."""
        return self._tmux("capture-pane", "-p", "-t", "t")

    def see(self, text: str, *, below: int = 0) -> None:
        """Wait until it stands there, below so many lines."""
        try:
            wait_for(lambda: text in "\n".join(self.screen().splitlines()[below:]))
        except AssertionError:
            raise AssertionError(f"{text!r} not in\n{self.screen()}") from None

    @property
    def process(self) -> int:
        """The process in the window."""
        return int(self._tmux("display-message", "-p", "-t", "t", "#{pane_pid}"))

    def close(self) -> None:
        """End the server and what runs in it."""
        subprocess.run(
            ["tmux", "-L", self._socket, "kill-server"], capture_output=True, check=False
        )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A staff alone in its county."""
    station = make_station(tmp_path)
    station.close()
    return tmp_path / "1"


@pytest.fixture(
    params=["TERM=xterm-256color", "TERM=linux", "NO_COLOR=1", "LAGE_ASCII=1"],
    ids=["256", "console", "no-colour", "ascii"],
)
def terminal(request: pytest.FixtureRequest, folder: Path) -> Iterator[Terminal]:
    """``lage tui`` on that folder."""
    terminal = Terminal(f"env LANG=C.UTF-8 {request.param} {unhurried(folder)}")
    yield terminal
    terminal.close()


def unhurried(folder: Path) -> str:
    """``lage tui`` on that folder, which leaves all the time to take an entry back."""
    return f"{sys.executable} -c {shlex.quote(UNHURRIED)} --daten {folder} tui"


def entries(folder: Path) -> list[str]:
    """Texts of the journal."""
    station = Station.open(folder)
    rows = station.reader.select(Query("journal", order="entered", descending=False))
    station.close()
    return [str(row.values["text"]) for row in rows]


def test_an_entry_is_written_on_every_kind_of_terminal(terminal: Terminal, folder: Path) -> None:
    """From F3 to the log; Ctrl+Q writes what still waits; the window may change its size."""
    terminal.see("SAE Rheine")
    terminal.keys("F3")
    terminal.see("Neu: Tagebucheintrag")
    terminal.type("Pumpe läuft wieder")
    terminal.resize(60, 18)
    terminal.see("Pumpe l")
    terminal.resize(80, 24)
    terminal.keys("C-s")
    terminal.see("Strg+Z")
    terminal.keys("C-q")
    terminal.see("beenden")
    terminal.keys("Enter")
    wait_for(lambda: entries(folder) == ["Pumpe läuft wieder"])


def _companion(folder: Path) -> int:
    """The process of the node that ``lage start`` has begun."""
    number = json.loads((folder / "begleiter.json").read_text("utf8"))["prozess"]
    assert isinstance(number, int)
    return number


def _runs(number: int) -> bool:
    return b"starten" in Path(f"/proc/{number}/cmdline").read_bytes() if _there(number) else False


def _there(number: int) -> bool:
    return Path(f"/proc/{number}/cmdline").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc")
def test_the_node_outlives_its_screen(folder: Path) -> None:
    """SIGKILL of the screen: the node runs on, the next ``lage start`` takes it up and ends it."""
    command = (
        f"env LANG=C.UTF-8 TERM=xterm-256color {sys.executable} -m lage --daten {folder}"
        " start --radio tcp:127.0.0.1:1"
    )
    first = Terminal(f"exec {command}")
    second = None
    try:
        first.see("SAE Rheine")
        node = _companion(folder)
        os.kill(first.process, signal.SIGKILL)
        second = Terminal(f"exec {command}")
        second.see("SAE Rheine")
        assert _runs(node)
        assert _companion(folder) == node
        second.keys("C-q")
        second.see("beenden")
        second.keys("Enter")
        wait_for(lambda: not _runs(node))
        wait_for(lambda: not (folder / "begleiter.json").exists())
    finally:
        first.close()
        if second is not None:
            second.close()


def test_a_node_that_does_not_come_up_says_why(folder: Path) -> None:
    """Before any screen is opened, in its own words, with nothing left behind."""
    command = [sys.executable, "-m", "lage", "--daten", str(folder), "start", "--radio", "?:"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)

    assert done.returncode == 1
    assert "tcp:" in done.stderr
    assert not (folder / "begleiter.json").exists()


SCREENS = {
    "2": "Tagebuch ", "3": "Nachrichten ", "4": "Aufträge ", "5": "Vorfälle ", "6": "Pegel ",
    "7": "Kräfte ", "8": "Material ", "9": "Helfer ", "0": "Näher", "Z": "Eigenes Funkgerät",
    "B": "Berichte ", "l": "Versorgung 1/24", "!": "Was auf uns wartet",
    "F6": "Suchen in allem", "1": "VORFÄLLE",
}  # fmt: skip
"""Key, with Caps Lock or without, and what its screen shows besides the line of screens."""


def test_every_screen_is_reached_by_its_key(folder: Path) -> None:
    """At 80 by 24, from one to the next, in a real terminal."""
    command = f"env LANG=C.UTF-8 TERM=xterm-256color {sys.executable} -m lage --daten {folder} tui"
    terminal = Terminal(command)
    try:
        terminal.see("SAE Rheine")
        for key, shown in SCREENS.items():
            terminal.keys(key)
            terminal.see(shown, below=2)
            if key == "F6":
                terminal.keys("Escape")
                wait_for(lambda: shown not in terminal.screen())  # noqa: B023
    finally:
        terminal.close()


def test_an_entry_is_taken_back_before_it_is_written(folder: Path) -> None:
    """Ctrl+Z brings the text back into its form; the log never had it."""
    terminal = Terminal(f"env LANG=C.UTF-8 TERM=xterm-256color {unhurried(folder)}")
    try:
        terminal.see("SAE Rheine")
        terminal.keys("F3")
        terminal.see("Neu: Tagebucheintrag")
        terminal.type("Zu früh")
        terminal.keys("C-s")
        terminal.see("Strg+Z")
        terminal.keys("C-z")
        terminal.see("Neu: Tagebucheintrag")
        terminal.see("Zu fr")
        assert entries(folder) == []
    finally:
        terminal.close()


def test_a_killed_screen_leaves_a_draft(folder: Path) -> None:
    """``kill -9`` in the middle of a sentence: the next start has it."""
    command = f"env LANG=C.UTF-8 TERM=xterm-256color {sys.executable} -m lage --daten {folder} tui"
    first = Terminal(f"sh -c 'echo $$ > {folder}/pid; exec {command}'")
    first.see("SAE Rheine")
    first.keys("F3")
    first.see("Neu: Tagebucheintrag")
    first.type("Deichwache meldet")

    def kept() -> bool:
        station = Station.open(folder)
        draft = station.draft("journal")
        station.close()
        return draft is not None and draft["text"] == "Deichwache meldet"

    wait_for(kept)
    pid = int((folder / "pid").read_text())
    subprocess.run(["kill", "-9", str(pid)], check=True)
    first.close()
    second = Terminal(command)
    second.see("Entwurf nicht gesendet: Tagebucheintrag")
    second.keys("F3")
    second.see("Deichwache meldet")
    second.close()
