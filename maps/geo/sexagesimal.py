# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Degrees with minutes, or with minutes and seconds, as telephones and nautical charts give them.

``52°16'44.4"N 7°26'24"E``, ``N 52° 16,740' E 7° 26,400'``; signs may be typographic or missing.
"""

from __future__ import annotations

import re

from maps.geo.projection import Position

_VALUE = (
    r"([+-]?\d{1,3})\s*[°D ]\s*(\d{1,2})(?:[.,](\d{1,12}))?\s*(?:['M ]\s*"
    r"(?:(\d{1,2})(?:[.,](\d{1,12}))?\s*(?:\"|''|S(?![A-Z]))?)?)?"
)
_AFTER = re.compile(rf"{_VALUE}\s*([NS])[\s,;/]*{_VALUE}\s*([EOW])", re.ASCII)
_BEFORE = re.compile(rf"([NS])\s*{_VALUE}[\s,;/]+([EOW])\s*{_VALUE}", re.ASCII)
_SIGNS = str.maketrans("′’‘´`″”“„º", "'''''\"\"\"\"°")


def read_sexagesimal(text: str) -> tuple[Position, float] | None:
    """The position and how fine it was written, in degrees; None for another notation.

    ``text`` in capitals. ValueError for minutes or seconds of sixty and more.
    """
    plain = text.translate(_SIGNS).replace("''", '"')
    if match := _AFTER.fullmatch(plain):
        groups = match.groups()
        parts = (groups[:5], groups[5], groups[6:11], groups[11])
    elif match := _BEFORE.fullmatch(plain):
        groups = match.groups()
        parts = (groups[1:6], groups[0], groups[7:12], groups[6])
    else:
        return None
    lat, fine = _degrees(*parts[0])
    lon, other = _degrees(*parts[2])
    signed = -lat if parts[1] == "S" else lat, -lon if parts[3] == "W" else lon
    return Position(*signed), max(fine, other)


def _degrees(
    degrees: str, minutes: str, minute_part: str | None, seconds: str | None, part: str | None
) -> tuple[float, float]:
    if int(minutes) >= 60 or (seconds and int(seconds) >= 60) or (minute_part and seconds):
        raise ValueError("sixty and more")
    minute = float(f"{minutes}.{minute_part or 0}")
    second = float(f"{seconds or 0}.{part or 0}")
    size = abs(int(degrees)) + minute / 60 + second / 3600
    step = 1 / 3600 / 10 ** len(part or "") if seconds else 1 / 60 / 10 ** len(minute_part or "")
    return (-size if degrees.startswith("-") else size), step
