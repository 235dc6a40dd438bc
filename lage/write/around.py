# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""An area as people say it: "300 m um Mesum", written as the corners of a ring.

Corners for an area are many keys; most areas are a distance around something that has a name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from lage.language.errors import UsageError
from sync.schema.definition import Point

CORNERS = 12
LEAST_M, MOST_M = 50, 50_000
"""Below, the grid of the log bends the ring; above, it is no area of a county."""
_AROUND = re.compile(r"(\d+(?:[.,]\d+)?)\s*(m|km)\s+um\s+(\S.*)", re.IGNORECASE)


def said_around(text: str) -> tuple[float, str] | None:
    """Metres and what they are meant around; None where the text says nothing of the kind."""
    match = _AROUND.fullmatch(text.strip())
    if match is None:
        return None
    metres = float(match[1].replace(",", ".")) * (1000 if match[2].lower() == "km" else 1)
    if not LEAST_M <= metres <= MOST_M:
        raise UsageError(
            f"„{match[1]} {match[2]}“: möglich sind {LEAST_M} m bis {MOST_M // 1000} km."
        )
    return metres, match[3]


def ring(place: str, metres: float, spot: Callable[[str], Point | None]) -> tuple[Point, ...]:
    """Corners around a place so that the whole circle lies within. Raises UsageError."""
    from maps.geo.places import Position, offset

    centre = spot(place)
    if centre is None:
        raise UsageError(f"„{place}“ ist weder Koordinate noch ein Ort auf der Karte.")
    start = Position(centre.lat_e4 / 10_000, centre.lon_e4 / 10_000)
    far = metres / math.cos(math.pi / CORNERS)
    corners = (offset(start, step * 360 / CORNERS, far) for step in range(CORNERS))
    return tuple(Point(round(at.lat * 10_000), round(at.lon * 10_000)) for at in corners)
