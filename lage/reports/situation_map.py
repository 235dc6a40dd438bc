# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the map of a Lagemeldung shows: everything open that has a place, and what has none."""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.model import Query, Where
from lage.kinds.states import open_only
from lage.language.errors import LageError
from lage.station import Station
from lage.views import scene
from maps.draw.scene import Key, Scene
from sync.schema.definition import EntityId


@dataclass(frozen=True, slots=True)
class SituationMap:
    """A scene, and a sentence about what is not on it."""

    scene: Scene
    absent: str


def situation_map(station: Station, staffs: tuple[int, ...] = ()) -> SituationMap:
    """The map of all staffs' entries, or of those named only."""
    context, said = station.context(), []

    def wanted(key: Key) -> bool:
        return not staffs or (isinstance(key, EntityId) and key.author in staffs)

    try:
        ground = station.ground()
    except LageError as error:
        ground = station.ground(shipped=True)
        said.append(str(error))
    where = (*open_only("incident"), Where("point", "unknown"))
    if staffs:
        where = (*where, Where("author", "in", staffs))
    placeless = context.reader.count(Query("incident", where))
    if placeless:
        said.append(f"Offene Vorfälle ohne Koordinate, darum nicht auf der Karte: {placeless}.")
    shown = Scene(
        ground,
        tuple(marker for marker in scene.markers(context) if wanted(marker.key)),
        tuple(area for area in scene.areas(context) if wanted(area.key)),
    )
    return SituationMap(shown, " ".join(said))
