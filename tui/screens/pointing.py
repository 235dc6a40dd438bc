# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is meant by a place on the map: its words, the sign next to it, the area between two."""

from __future__ import annotations

from maps.draw.scene import Area, Hit, Key, Marker
from maps.draw.viewport import Viewport
from maps.geo.places import Position

PICK_COLUMNS = 3


def typed_position(position: Position) -> str:
    """A position as it is typed into a form."""
    return f"{position.lat:.4f}, {position.lon:.4f}"


def between(one: Position, other: Position) -> tuple[Position, ...]:
    """The four corners of the rectangle of which two opposite ones are set."""
    return (one, Position(one.lat, other.lon), other, Position(other.lat, one.lon))


def picked(hits: list[Hit], port: Viewport, cursor: Position) -> Key | None:
    """What is meant: the sign nearest in cells, of a cell the most important; else an area."""
    here = port.cell_of(cursor) or (0, 0)

    def steps(marker: Marker) -> float:
        column, row = port.cell_of(marker.position) or (0, 0)
        return max(abs(column - here[0]) / PICK_COLUMNS, abs(row - here[1]))

    signs = [hit.item for hit in hits if isinstance(hit.item, Marker) and steps(hit.item) <= 1]
    if signs:
        return min(signs, key=lambda sign: (steps(sign), -sign.priority, sign.key)).key
    return next((hit.item.key for hit in hits if isinstance(hit.item, Area)), None)
