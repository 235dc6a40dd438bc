# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Without a coordinate an entry stands at the middle of its municipality, or is counted."""

from __future__ import annotations

from lage.station import Station
from lage.views.rough import rough
from lage.write import commands
from maps.draw.signs import Mark


def test_what_has_no_coordinate_stands_at_its_municipality_or_is_counted(station: Station) -> None:
    """By the municipality entered, else by one that is named in the words for the place."""
    for typed in (
        {"municipality": "Greven", "place": "Gimbte"},
        {"place": "Rheine, Bahnhof"},
        {"place": "hinter dem Deich"},
        {"point": "52.28, 7.44"},
    ):
        told = {"type": "Brand", "text": "Rauch", **typed}
        station.write(commands.enter("incident", told, station.parse_context()))
    towns = {town.name: town.centre for town in station.ground().municipalities}

    found = rough(station.context(), station.ground().municipalities)

    assert found.nowhere == 1
    assert {marker.position for marker in found.markers} == {towns["Greven"], towns["Rheine"]}
    assert all(marker.mark is Mark.SUSPECTED for marker in found.markers)
    assert all("(ungenau)" in marker.label for marker in found.markers)
