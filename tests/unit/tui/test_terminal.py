# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import subprocess
import sys

import pytest

from tui.terminal import Glyphs, Terminal, examine, prepare


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "256"),
        ({"TERM": "xterm", "WT_SESSION": "1"}, "256"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
        ({"TERM": "dumb"}, "none"),
        ({"TERM": "vt220"}, "none"),
        ({}, "16"),
    ],
)
def test_colours_follow_the_environment(environ: dict[str, str], colours: str) -> None:
    """NO_COLOR and old terminals have none; 256 only where the terminal says so."""
    assert examine(environ).colours == colours


@pytest.mark.parametrize(
    ("environ", "encoding", "wish", "glyphs"),
    [
        ({"TERM": "xterm-256color"}, "utf-8", None, Glyphs.FULL),
        ({"TERM": "linux"}, "UTF-8", None, Glyphs.PLAIN),
        ({"TERM": "xterm"}, "latin-1", None, Glyphs.ASCII),
        ({"TERM": "xterm", "LAGE_ASCII": "1"}, "utf-8", None, Glyphs.ASCII),
        ({"TERM": "xterm", "LAGE_ASCII": "1"}, "utf-8", False, Glyphs.FULL),
        ({"TERM": "xterm"}, "utf-8", True, Glyphs.ASCII),
        ({"OS": "Windows_NT"}, "utf-8", None, Glyphs.PLAIN),
        ({"OS": "Windows_NT", "WT_SESSION": "1"}, "utf-8", None, Glyphs.FULL),
    ],
)
def test_characters_follow_terminal_encoding_and_wish(
    environ: dict[str, str], encoding: str, wish: bool | None, glyphs: Glyphs
) -> None:
    """The user's word wins, then the encoding, then what the console's font has."""
    assert examine(environ, encoding, ascii_only=wish).glyphs is glyphs


def test_light_background_is_recognised() -> None:
    """COLORFGBG ends with the colour of the background."""
    assert examine({"COLORFGBG": "0;15"}).light
    assert not examine({"COLORFGBG": "15;0"}).light


def test_prepare_keeps_what_the_user_has_set() -> None:
    """No animations and few frames unless asked for; colours as judged."""
    environ = {"TEXTUAL_FPS": "60"}

    prepare(Terminal("16", Glyphs.PLAIN, light=False), environ)

    assert environ == {
        "TEXTUAL_FPS": "60",
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_COLOR_SYSTEM": "standard",
    }


def test_prepare_lets_the_terminal_tell_its_size() -> None:
    """An exported size would hold for ever; in a browser there is nobody else to ask."""
    plain = {"COLUMNS": "120", "LINES": "40"}
    web = {**plain, "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver"}

    for environ in (plain, web):
        prepare(Terminal("256", Glyphs.FULL, light=False), environ)

    assert "COLUMNS" not in plain
    assert "LINES" not in plain
    assert web["COLUMNS"] == "120"


def test_importing_the_package_and_the_judgement_loads_no_textual() -> None:
    """So that the environment can still be set when it is judged."""
    code = "import tui, tui.terminal, tui.actions, sys; sys.exit('textual' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
