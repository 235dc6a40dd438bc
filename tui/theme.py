# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Colours by what they mean; every RGB value is near one of xterm's 256, so little shifts over SSH.

Widgets name a role ("alarm", "dim"), never a colour. Foreground on background has a contrast of
at least 7 : 1 for text. No role says anything that a sign or a word does not say as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.style import Style
from textual.theme import Theme

from tui.terminal import Terminal

Roles = Mapping[str, Style]


@dataclass(frozen=True, slots=True)
class Look:
    """One set of colours: for our own drawing and for Textual's widgets."""

    name: str
    title: str  # German, for the palette
    roles: Roles
    theme: Theme | None  # None: a theme that Textual has already


def _look(name: str, title: str, back: str, text: str, dark: bool, **colours: str) -> Look:
    """A look from colours: dim, accent, warn, ok, alarm (background), bar (background)."""
    on_alarm, on_accent = colours["on_alarm"], colours["on_accent"]
    roles = {
        "text": Style.parse(f"{text} on {back}"),
        "dim": Style.parse(f"{colours['dim']} on {back}"),
        "bold": Style.parse(f"bold {text} on {back}"),
        "title": Style.parse(f"bold {colours['accent']} on {back}"),
        "head": Style.parse(f"bold {text} on {colours['bar']}"),
        "bar": Style.parse(f"{text} on {colours['bar']}"),
        "key": Style.parse(f"bold {colours['key']} on {colours['bar']}"),
        "warn": Style.parse(f"bold {colours['warn']} on {back}"),
        "ok": Style.parse(f"{colours['ok']} on {back}"),
        "water": Style.parse(f"{colours['water']} on {back}"),
        "alarm": Style.parse(f"bold {on_alarm} on {colours['alarm']}"),
        "cursor": Style.parse(f"bold {on_accent} on {colours['accent']}"),
        "blurred": Style.parse(f"bold underline {text} on {back}"),
        "exercise": Style.parse(f"bold {colours['on_exercise']} on {colours['exercise']}"),
    }
    theme = Theme(
        name,
        primary=colours["accent"],
        accent=colours["accent"],
        warning=colours["warn"],
        error=colours["alarm"],
        success=colours["ok"],
        foreground=text,
        background=back,
        surface=back,
        panel=colours["bar"],
        boost=back,
        dark=dark,
        text_alpha=1.0,
        luminosity_spread=0.0,
    )
    return Look(name, title, roles, theme)


NIGHT = _look(
    "lage-dunkel", "dunkel", "#121212", "#d0d0d0", True,
    dim="#b2b2b2", accent="#87d7ff", on_accent="#000000", bar="#303030", key="#ffd787",
    warn="#ffd700", ok="#87d787", water="#5fafff", alarm="#af0000", on_alarm="#ffffff",
    exercise="#ffd700", on_exercise="#000000",
)  # fmt: skip
DAY = _look(
    "lage-hell", "hell", "#ffffff", "#121212", False,
    dim="#444444", accent="#00005f", on_accent="#ffffff", bar="#d0d0d0", key="#5f0000",
    warn="#870000", ok="#005f00", water="#005f87", alarm="#af0000", on_alarm="#ffffff",
    exercise="#000000", on_exercise="#ffd700",
)  # fmt: skip
RED = _look(
    "lage-nachtsicht", "Nachtsicht (rot)", "#000000", "#ff5f5f", True,
    dim="#d75f5f", accent="#ff5f5f", on_accent="#000000", bar="#000000", key="#ff8787",
    warn="#ff8787", ok="#ff5f5f", water="#ff5f5f", alarm="#ff5f5f", on_alarm="#000000",
    exercise="#ff5f5f", on_exercise="#000000",
)  # fmt: skip
CONTRAST = _look(
    "lage-kontrast", "hoher Kontrast", "#000000", "#ffffff", True,
    dim="#ffffff", accent="#ffffff", on_accent="#000000", bar="#000000", key="#ffff00",
    warn="#ffff00", ok="#ffffff", water="#00ffff", alarm="#ffff00", on_alarm="#000000",
    exercise="#ffff00", on_exercise="#000000",
)  # fmt: skip
SIXTEEN = Look(
    "ansi-dark",
    "Farben des Terminals",
    {
        "text": Style(),
        "dim": Style(),
        "bold": Style(bold=True),
        "title": Style(bold=True, color="cyan"),
        "head": Style(bold=True, reverse=True),
        "bar": Style(reverse=True),
        "key": Style(bold=True, reverse=True),
        "warn": Style(bold=True, color="yellow"),
        "ok": Style(color="green"),
        "water": Style(color="cyan"),
        "alarm": Style(bold=True, color="red", reverse=True),
        "cursor": Style(bold=True, reverse=True),
        "blurred": Style(bold=True, underline=True),
        "exercise": Style(bold=True, color="yellow", reverse=True),
    },
    None,
)
PAPER = Look(
    "ansi-dark",
    "ohne Farbe",
    {role: style.without_color for role, style in SIXTEEN.roles.items()},
    None,
)

LOOKS: Mapping[str, Look] = {look.name: look for look in (NIGHT, DAY, RED, CONTRAST)}
"""What a user can choose from where there are enough colours."""


def look_for(terminal: Terminal, chosen: str = "") -> Look:
    """The look for a terminal; the user's choice counts where the colours allow it."""
    if terminal.colours == "none":
        return PAPER
    if terminal.colours == "16":
        return SIXTEEN
    return LOOKS.get(chosen) or (DAY if terminal.light else NIGHT)
