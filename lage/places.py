# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Points of the log on the map: which municipality, and in which notation."""

from __future__ import annotations

from sync.schema import Point


def municipality_at(point: Point) -> str | None:
    """Name of the municipality in which a point lies; None outside the county."""
    from maps.geo import Position
    from maps.layers import load_layers

    found = load_layers().municipality_at(Position(point.lat_e4 / 10_000, point.lon_e4 / 10_000))
    return None if found is None else found.name
