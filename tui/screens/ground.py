# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ground with everything that stands on it, for the map and for the little one beside lists."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lage.language.errors import LageError
from lage.station import Station
from lage.views import scene
from lage.views.rough import rough
from maps.draw.scene import Scene


@dataclass(frozen=True, slots=True)
class Ground:
    """What is to be drawn, and what there is to complain of."""

    scene: Scene
    nowhere: int = 0  # entries without any place
    complaint: str = ""  # about an imported map, or an entry that cannot be shown


def read_ground(station: Station) -> Ground:
    """Markers and areas from the log, the ground with what was imported meanwhile."""
    complaint, odd = "", list[int]()

    def note(error: Exception) -> int:
        odd.append(station.faults.note(error))
        return odd[-1]

    context = replace(station.context(), odd=note)
    try:
        ground = station.ground()
    except LageError as error:
        ground, complaint = station.ground(shipped=True), str(error)
    nodes = scene.radio_nodes(station.network(), context, ground.municipalities)
    without = rough(context, ground.municipalities)
    signs = scene.markers(context) + without.markers + nodes
    areas = scene.areas(context)
    if odd:
        complaint = f"Nicht alles auf der Karte ist darstellbar (Vermerk {odd[0]})."
    return Ground(Scene(ground, signs, areas), without.nowhere, complaint)
