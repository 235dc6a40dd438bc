# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tactical signs in one to three characters, as data.

The basic shapes of the German tactical signs (DV 102) shrink to one character each: a danger is
the red triangle on its tip, a measure the triangle on its base, a unit a box, a place a circle, a
command post a flag. A letter inside or behind says which one; a mark says how it stands. So a
sign can be read without colour, and colour (a role, see ``roles``) only repeats it.

Characters come from the WGL4 set, which the fonts of Windows consoles and graphical terminals
have, all one cell wide; the three that the fonts of the Linux console lack are replaced there. Each
sign has an ASCII form of the same length. An unknown key gives a general
sign: what a newer version calls something must not vanish from the map.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from maps.draw.canvas import Style
from maps.draw.roles import Layer, Role


class Mark(enum.Enum):
    """How a thing stands, as the last character of its sign: (Unicode, ASCII)."""

    NONE = ("", "")
    ACUTE = ("!", "!")  # DV 102: the exclamation mark beside the danger triangle
    SUSPECTED = ("?", "?")  # DV 102: the question mark
    DONE = ("√", "x")
    WORKING = ("→", ">")  # "+" behind a sign counts what else lies there
    FAILED = ("-", "-")
    LEVEL_1 = ("1", "1")  # information value 1 of a gauge is reached
    LEVEL_2 = ("2", "2")
    LEVEL_3 = ("3", "3")


@dataclass(frozen=True, slots=True)
class Sign:
    """One row of the table; ``text`` and ``ascii`` have the same length, 1 or 2."""

    title: str  # German, for legend and lists
    text: str
    ascii: str
    role: Role
    layer: Layer


def _danger(letter: str, title: str) -> Sign:
    return Sign(title, f"▼{letter}", f"V{letter}", Role.DANGER, Layer.INCIDENTS)


def _place(letter: str, title: str, layer: Layer = Layer.SHELTERS) -> Sign:
    return Sign(title, f"○{letter}", f"o{letter}", Role.PLACE_SIGN, layer)


def _unit(letter: str, title: str, role: Role) -> Sign:
    return Sign(title, f"■{letter}", f"#{letter}", role, Layer.UNITS)


SIGNS: dict[str, Sign] = {
    "vorfall": Sign("Vorfall", "▼", "V", Role.DANGER, Layer.INCIDENTS),
    "ueberflutung": _danger("W", "Überflutung"),
    "stromausfall": _danger("E", "Stromausfall"),
    "person_in_not": _danger("P", "Person in Not"),
    "deichschaden": _danger("D", "Deichschaden"),
    "strassensperre": _danger("X", "Straßensperre"),
    "gefahrgut": _danger("G", "Gefahrgut"),
    "infrastruktur": _danger("I", "Infrastruktur"),
    "betreuung": _danger("B", "Betreuung"),
    "brand": _danger("F", "Brand"),
    "massnahme": Sign("Maßnahme", "▲", "A", Role.MEASURE, Layer.INCIDENTS),
    "pegel": Sign("Pegel", "≈", "=", Role.WATER_SIGN, Layer.GAUGES),
    "einheit": Sign("Einheit", "■", "#", Role.AID, Layer.UNITS),
    "feuerwehr": _unit("F", "Feuerwehr", Role.FIRE),
    "thw": _unit("T", "THW", Role.THW),
    "hiorg": _unit("H", "Hilfsorganisation", Role.AID),
    "polizei": _unit("P", "Polizei", Role.POLICE),
    "bundeswehr": _unit("B", "Bundeswehr", Role.AID),
    "fuehrung": Sign("Führungsstelle", "►", ">", Role.COMMAND, Layer.UNITS),
    "krisenstab": Sign("Krisenstab", "►K", ">K", Role.COMMAND, Layer.UNITS),
    "sae": Sign("Stab für außergewöhnliche Ereignisse", "►S", ">S", Role.COMMAND, Layer.UNITS),
    "notunterkunft": _place("U", "Notunterkunft"),
    "betreuungsplatz": _place("B", "Betreuungsplatz"),
    "leuchtturm": _place("L", "Notfallinformationspunkt (Leuchtturm)"),
    "bereitstellungsraum": _place("R", "Bereitstellungsraum", Layer.UNITS),
    "lager": _place("M", "Materiallager"),
    "krankenhaus": _place("K", "Krankenhaus"),
    "funkknoten": Sign("Funkknoten", "¥", "Y", Role.RADIO, Layer.RADIO),
}
"""Every sign by its key. Keys are stable: other parts and imported tables use them."""

_CONSOLE = str.maketrans("►○√", ">ox")
"""For the fonts of console-setup: Lat15, Uni1, Uni2."""

UNKNOWN = Sign("Sonstiges", "▼?", "V?", Role.DANGER, Layer.INCIDENTS)


def sign(key: str) -> Sign:
    """The sign of a key; ``UNKNOWN`` for one that is not in the table."""
    return SIGNS.get(key, UNKNOWN)


def characters(key: str, mark: Mark = Mark.NONE, *, style: Style = Style.BRAILLE) -> str:
    """One to three characters for a sign and how the thing stands."""
    entry = sign(key)
    if style is Style.ASCII:
        return entry.ascii + mark.value[1]
    shown = entry.text + mark.value[0]
    return shown.translate(_CONSOLE) if style is Style.STROKES else shown
