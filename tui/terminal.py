# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the terminal can show: colours, characters, light or dark. Decided before the app exists.

Textual reads its environment when it is imported and chooses its colour filters when the app is
built, so both answers must be known earlier. This module imports nothing of Textual.

Sources: NO_COLOR (no-color.org), TERM, COLORTERM (not passed on by OpenSSH), COLORFGBG (rxvt,
konsole). The Linux console and old Windows consoles have fonts of 256 or 512 glyphs: umlauts
and lines, but no braille; those of console-setup (Lat15, Uni1, Uni2) lack ▀, ► and ○ as well.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Literal

Colours = Literal["none", "16", "256"]

FRAMES_PER_SECOND = "15"
"""Enough for typing and scrolling; a slow line is not flooded."""


class Glyphs(enum.Enum):
    """Which characters may be drawn."""

    FULL = "full"  # braille and eighth blocks
    PLAIN = "plain"  # umlauts, lines, arrows: what WGL4 and the console fonts have in common
    ASCII = "ascii"  # seven bits only


@dataclass(frozen=True, slots=True)
class Terminal:
    """What may be used on this terminal."""

    colours: Colours
    glyphs: Glyphs
    light: bool


def examine(
    environ: Mapping[str, str], encoding: str = "utf-8", *, ascii_only: bool | None = None
) -> Terminal:
    """Judge the terminal by its environment; ``ascii_only`` is the user's word and wins."""
    term = environ.get("TERM", "")
    return Terminal(
        _colours(environ, term),
        _glyphs(environ, term, encoding, ascii_only),
        environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15"),
    )


def prepare(terminal: Terminal, environ: MutableMapping[str, str]) -> None:
    """Tell Textual, before it is imported. What the user has set already stays.

    COLUMNS and LINES go where a real terminal is asked instead: some shells export them, and then
    the screen would keep its first size whatever becomes of the window.
    """
    if "TEXTUAL_DRIVER" not in environ:
        for name in ("COLUMNS", "LINES"):
            environ.pop(name, None)
    environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    systems = {"256": "256", "16": "standard"}
    if terminal.colours == "none":
        environ.setdefault("NO_COLOR", "1")
    else:
        environ.setdefault("TEXTUAL_COLOR_SYSTEM", systems[terminal.colours])


def _colours(environ: Mapping[str, str], term: str) -> Colours:
    if "NO_COLOR" in environ or term == "dumb" or term.startswith("vt"):
        return "none"
    rich = "256" in term or "kitty" in term or "direct" in term or "alacritty" in term
    if rich or environ.get("COLORTERM") or environ.get("WT_SESSION"):
        return "256"
    return "16"


def _glyphs(
    environ: Mapping[str, str], term: str, encoding: str, ascii_only: bool | None
) -> Glyphs:
    stated = environ.get("LAGE_ASCII", "") not in ("", "0") if ascii_only is None else ascii_only
    unicode_line = encoding.lower().replace("-", "") == "utf8"
    if stated or not unicode_line or term == "dumb" or term.startswith("vt"):
        return Glyphs.ASCII
    # conhost without Windows Terminal: OS says Windows, but no WT_SESSION.
    console = environ.get("OS") == "Windows_NT" and "WT_SESSION" not in environ
    return Glyphs.PLAIN if term == "linux" or console else Glyphs.FULL
