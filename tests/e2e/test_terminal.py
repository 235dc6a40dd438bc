# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a real terminal (tmux) gets to see: characters, colours, sizes, news of other processes."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lage.station import Station
from lage.write.commands import enter
from tests.e2e.conftest import lage_json, wait_for
from tests.e2e.test_tui_terminal import Terminal
from tests.fixtures import FixedClock, make_county, share

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

RHEINE, GREVEN = "SAE Rheine", "SAE Greven"
HOSTILE = "[red]rot[/red] \x1b[31mauch\x1b[0m \x1b]0;Titel\x07"
SHOWN = "[red]rot[/red] �[31mauch�[0m"
SHOWN_ASCII = "[red]rot[/red] ?[31mauch?[0m"
COLOUR = re.compile(r"\x1b\[[0-9;]*\b(3[0-7]|4[0-7]|9[0-7]|[34]8)[;m]")
RICH = re.compile(r"\x1b\[[0-9;]*\b[34]8[;:][25][;:]")


def write(station: Station, kind: str, **typed: str) -> None:
    """An entry as somebody types it."""
    station.write(enter(kind, typed, station.parse_context()))


@pytest.fixture
def county(tmp_path: Path) -> dict[str, Station]:
    """Rheine and Greven; Rheine has a message with markup and escape sequences in it."""
    stations = make_county(tmp_path / "kreis", [RHEINE, GREVEN], clock=FixedClock(time.time()))
    write(stations[GREVEN], "message", to=RHEINE, text=HOSTILE)
    share(*stations.values())
    return stations


def _screen_of(folder: Path) -> str:
    """The command that opens a folder's screen."""
    return f"{sys.executable} -m lage --daten {shlex.quote(str(folder))} tui"


class Watched(Terminal):
    """A terminal whose colours and raw bytes can be looked at."""

    def __init__(self, folder: Path, settings: str, columns: int = 80, rows: int = 24) -> None:
        clean = "env -u NO_COLOR -u COLORTERM -u COLORFGBG -u WT_SESSION"
        self.log = folder.parent / "bytes"
        watched = f"until test -e {shlex.quote(str(self.log))}; do sleep 0.05; done"
        super().__init__(f"{watched}; {clean} {settings} {_screen_of(folder)}", columns, rows)
        self._tmux("pipe-pane", "-t", "t", f"cat > {shlex.quote(str(self.log))}")

    def painted(self) -> str:
        """What stands there, with the colours."""
        return self._tmux("capture-pane", "-e", "-p", "-t", "t")


@pytest.fixture
def opened(county: dict[str, Station]) -> Iterator[list[Terminal]]:
    """Terminals that are closed at the end."""
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        terminal.close()


KINDS = {
    "xterm": ("TERM=xterm-256color LANG=C.UTF-8", 120, 40),
    "hell": ("TERM=xterm-256color COLORFGBG='0;15' LANG=C.UTF-8", 120, 40),
    "konsole": ("TERM=linux LANG=C.UTF-8", 80, 24),
    "ohne-farbe": ("TERM=xterm-256color NO_COLOR=1 LANG=C.UTF-8", 80, 24),
    "vt100": ("TERM=vt100 LANG=C PYTHONCOERCECLOCALE=0 PYTHONUTF8=0", 80, 24),
}


@pytest.mark.parametrize("kind", KINDS)
def test_terminal_gets_what_it_can_show(
    kind: str, county: dict[str, Station], opened: list[Terminal]
) -> None:
    """Colours and characters fit the terminal; what others wrote is shown, never obeyed."""
    settings, columns, rows = KINDS[kind]
    terminal = Watched(county[RHEINE].folder, settings, columns, rows)
    opened.append(terminal)
    plain = kind == "vt100"
    terminal.see("NACHRICHTEN")
    terminal.keys("3")
    terminal.see("alle" if plain else "Eingang")
    terminal.keys("Enter")
    terminal.see(SHOWN_ASCII if plain else SHOWN)

    painted = terminal.painted()
    assert terminal.screen().isascii() is plain
    assert bool(COLOUR.search(painted)) is (kind not in ("ohne-farbe", "vt100"))
    assert bool(RICH.search(painted)) is (kind in ("xterm", "hell"))
    assert ("48;5;231" in painted) is (kind == "hell"), "a white background on light terminals"
    assert not any("\u2800" <= sign <= "\u28ff" for sign in terminal.screen() if plain)
    assert b"Titel\x07" not in terminal.log.read_bytes()


def test_small_window_and_back(county: dict[str, Station], opened: list[Terminal]) -> None:
    """At 40 by 12 time, staff and messages are there, back at 120 by 40 all is as on a screen that
    was never small; also where the shell exports the size of its start. The two are compared until
    they are equal: a screen comes in pieces, and none says which is its last."""
    settings = "COLUMNS=120 LINES=40 TERM=xterm-256color LANG=C.UTF-8"
    terminal = Watched(county[RHEINE].folder, settings, 120, 40)
    never_small = Terminal(f"env {settings} {_screen_of(county[RHEINE].folder)}", 120, 40)
    opened += (terminal, never_small)
    _see_map(terminal)

    terminal.resize(40, 12)
    terminal.see(f"{RHEINE} FUNK WEG")
    wait_for(lambda: _fits(terminal.screen().splitlines(), 40, 12))
    terminal.resize(120, 40)

    _see_map(never_small)
    wait_for(lambda: terminal.screen().splitlines()[1:] == never_small.screen().splitlines()[1:])


def _fits(lines: list[str], columns: int, rows: int) -> bool:
    whole = len(lines) == rows and max(map(len, lines)) <= columns
    return whole and any("NACHRICHTEN" in line for line in lines)


def _see_map(terminal: Terminal) -> None:
    """Wait for the map beside, which comes last."""
    wait_for(lambda: any("\u2800" <= sign <= "\u28ff" for sign in terminal.screen()))


def test_entry_is_in_the_log_when_the_screen_says_so(
    county: dict[str, Station], opened: list[Terminal]
) -> None:
    """From the moment of "gespeichert" the command line of another process shows the entry."""
    folder = county[RHEINE].folder
    terminal = Watched(folder, "TERM=xterm-256color LANG=C.UTF-8")
    opened.append(terminal)
    terminal.see("NACHRICHTEN")
    terminal.keys("F3")
    terminal.see("Neu: Tagebucheintrag")
    terminal.type("Anruf Leitstelle: Straße frei")
    terminal.keys("C-s")
    terminal.see("gespeichert.")

    rows = lage_json("tagebuch", "liste", folder=folder)

    assert [row["text"] for row in rows] == ["Anruf Leitstelle: Straße frei"]


def test_blitz_of_another_process_rings(county: dict[str, Station], opened: list[Terminal]) -> None:
    """A Blitz that reaches the log by another process is on the screen at once, with the bell."""
    terminal = Watched(county[RHEINE].folder, "TERM=xterm-256color LANG=C.UTF-8")
    opened.append(terminal)
    terminal.see("NACHRICHTEN")
    assert b"\x07" not in bell(terminal)
    terminal.keys("F3")
    terminal.see("Neu: Tagebucheintrag")
    terminal.type("halber Satz")
    terminal.see("halber Satz")

    write(county[GREVEN], "message", to=RHEINE, priority="blitz", text="Deichbruch bei Gimbte")
    share(*county.values())

    terminal.see("Deichbruch bei Gimbte")
    wait_for(lambda: b"\x07" in bell(terminal))
    terminal.keys("Escape")
    terminal.see("halber Satz")


def bell(terminal: Watched) -> bytes:
    """Bytes sent so far, without the control strings that end in the same byte as a bell."""
    return re.sub(rb"\x1b\][^\x07\x1b]*\x07", b"", terminal.log.read_bytes())
