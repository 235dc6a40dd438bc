# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Gauß-Krüger, the older German grid, which still stands on maps, plans and in databases.

``R 3405000 H 5795000``, with the words written out, in either order, or bare. The first digit of
the Rechtswert tells the strip. DHDN differs from today's grid by some metres, which PROJ leaves.
"""

from __future__ import annotations

import math
import re

from maps.geo.errors import OutsideAreaError
from maps.geo.projection import Position, transformer

EAST = r"(?:(?:RW?|RECHTS(?:WERT)?|[EYO]|OST(?:WERT)?)[ :=]*)?"
NORTH = r"(?:(?:HW?|HOCH(?:WERT)?|[NX]|NORD(?:WERT)?)[ :=]*)?"
"""How people name the two values, here and in UTM."""
_METRES = r"([0-9]{7})(?:[.,][0-9]{1,6})?[ ]*M?"
_GAP = r"(?:[ ]+|[ ]*[,;/][ ]*)"
_RIGHT_FIRST = re.compile(rf"{EAST}{_METRES}{_GAP}{NORTH}{_METRES}")
_HIGH_FIRST = re.compile(
    rf"({NORTH}[0-9]{{7}}(?:[.,][0-9]{{1,6}})?[ ]*M?){_GAP}"
    rf"({EAST}[0-9]{{6,8}}(?:[.,][0-9]{{1,6}})?[ ]*M?)"
)
_ZONES = {"2": 31466, "3": 31467, "4": 31468, "5": 31469}
"""By the first digit of the Rechtswert: the strip's middle divided by three degrees."""


def east_first(text: str) -> str:
    """The two values with the eastern one first, whether names or sizes tell which it is."""
    match = _HIGH_FIRST.fullmatch(text)
    if match is None:
        return text
    high, right = match.groups()
    digits = [re.sub(r"\D", "", part.partition(".")[0].partition(",")[0]) for part in (high, right)]
    turned = (high[0] in "HNX" and right[0] in "REYO") or (
        high[0].isdigit() and high[0] in "45" and len(digits[1]) == 6
    )
    return f"{right} {high}" if turned else text


def read_gauss_krueger(text: str) -> Position | None:
    """The position; None for another notation. Raises OutsideAreaError."""
    match = _RIGHT_FIRST.fullmatch(east_first(text))
    epsg = _ZONES.get(match[1][0]) if match else None
    if match is None or epsg is None:
        return None
    lon, lat = transformer(epsg, 4326).transform(int(match[1]) + 0.5, int(match[2]) + 0.5)
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise OutsideAreaError
    position = Position(lat, lon)
    if not position.covered:
        raise OutsideAreaError
    return position
