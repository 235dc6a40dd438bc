# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Positions in links of map services and in WKT, as telephones and GIS programs share them.

Read as text, offline. In a link the marked place goes before the middle of the map. Short links
and three-word codes hold no coordinate: only their service could resolve them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from maps.geo.errors import NoCoordinateError

_PAIR = r"(-?\d{1,3}(?:\.\d{1,20})?)"
_LINK = re.compile(r"(?:https?://|(?:[\w-]+\.)+(?:com|de|org|net|gl)/)\S", re.I)
_MARKED = (
    re.compile(rf"!3d{_PAIR}!4d{_PAIR}"),
    re.compile(rf"[?&#]mlat={_PAIR}&mlon={_PAIR}"),
    re.compile(
        rf"[?&](?:q|query|ll|sll|daddr|destination|coordinate|near|to|at|cp|center)="
        rf"(?:loc:)?{_PAIR}(?:,\s*|~|\+){_PAIR}"
    ),
    re.compile(rf"/(?:place|search|dir//?|\?)/?{_PAIR},\s*\+?{_PAIR}"),
    re.compile(rf"[?&]lat={_PAIR}&(?:lon|lng)={_PAIR}"),
)
_MIDDLE = (
    re.compile(rf"/@{_PAIR},{_PAIR}"),
    re.compile(rf"[#&]map=\d{{1,2}}(?:\.\d+)?/{_PAIR}/{_PAIR}"),
    re.compile(rf"[?&]map={_PAIR},{_PAIR}"),
    re.compile(rf"#\d{{1,2}}(?:\.\d+)?/{_PAIR}/{_PAIR}"),
)
_WORDS = re.compile(r"/{3}\S+\.\S+\.\S+")
_WKT = re.compile(
    r"(?:SRID=(\d{4,6});)?\s*POINT\s*(?:Z|M|ZM)?\s*\(\s*(-?[\d.]{1,24})\s+(-?[\d.]{1,24})"
    r"(?:\s+-?[\d.]{1,24}){0,2}\s*\)",
    re.I | re.A,
)
_LARGEST_DEGREE = 180
_SYSTEMS = {
    "": "", "4326": "", "4258": "", "25831": "31 ", "25832": "32 ", "25833": "33 ",
    **dict.fromkeys(("31466", "31467", "31468", "31469"), ""),
}  # fmt: skip
"""Codes that a WKT point may name, and the zone that its metres are in."""


def unfolded(text: str) -> str:
    """The notation within a link or a WKT point, latitude first; any other text as it is.

    Raises NoCoordinateError for a link or code without one.
    """
    if match := _WKT.fullmatch(text.strip()):
        east, north = match[2], match[3]
        zone = _SYSTEMS.get(match[1] or "")
        if zone is None:
            return text
        try:
            degrees = abs(float(east)) <= _LARGEST_DEGREE
        except ValueError:
            return text
        return f"{_fraction(north)} {_fraction(east)}" if degrees else f"{zone}{east} {north}"
    if _WORDS.fullmatch(text.strip()):
        raise NoCoordinateError
    if not _LINK.match(text.strip()):
        return text
    link = unquote(text.strip())
    for pattern in (*_MARKED, *_MIDDLE):
        if match := pattern.search(link):
            return f"{_fraction(match[1])} {_fraction(match[2])}"
    raise NoCoordinateError


def _fraction(degrees: str) -> str:
    """With a decimal, so that whole degrees are read as degrees."""
    return degrees if "." in degrees else f"{degrees}.0"
