# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A staff's maps: the shipped ground with the packs that it has imported, and who lives where.

Layers take a tenth of a second to build, so they are kept until a pack of the folder changes. A
damaged pack is an error, never left out silently: a map that lacks a layer would be believed.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lage.language.errors import LageError
from lage.language.map_errors import pack_sentence
from lage.language.whereabouts import people_words
from sync.schema.definition import Point

if TYPE_CHECKING:
    from lage.kinds.model import Record
    from maps.geo.places import Position
    from maps.read.layers import Layers

MAP_FOLDER = "karten"

_State = tuple[tuple[str, int, int], ...]


def packs_of(folder: Path) -> Path:
    """Where a data folder keeps its map packs."""
    return folder / MAP_FOLDER


def has_packs(folder: Path | None) -> bool:
    """Whether maps have been imported there."""
    return folder is not None and any(packs_of(folder).glob("*.lagekarte"))


def layers_of(folder: Path | None = None, *, ground_only: bool = False) -> Layers:
    """The map's ground with the imported packs of a data folder; without one as it is shipped.

    ``ground_only``: of the packs boundaries and places only. Raises LageError for a pack that
    cannot be read, saying which.
    """
    from maps.geo.errors import PackError
    from maps.read.pack import list_packs

    packs = [] if folder is None else list_packs(packs_of(folder))
    found = [(path, path.stat()) for path in packs]
    state = tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)
    try:
        where = packs_of(folder) if folder is not None and packs else None
        return _layers(where, state, ground_only=ground_only and bool(packs))
    except PackError as error:
        raise LageError(pack_sentence(error)) from error


@lru_cache(maxsize=4)
def _layers(packs: Path | None, state: _State, *, ground_only: bool) -> Layers:
    from maps.read.layers import load_layers

    return load_layers(packs, ground_only=ground_only)


def position_of(point: Point) -> Position:
    """A point of the log on the map."""
    from maps.geo.places import Position

    return Position(point.lat_e4 / 10_000, point.lon_e4 / 10_000)


def point_of(east: float, north: float) -> Point:
    """A point of the grid as the log has it."""
    from maps.geo.places import GridPoint, from_grid

    place = from_grid(GridPoint(east, north))
    return Point(round(place.lat * 10_000), round(place.lon * 10_000))


def dwellers(folder: Path | None, record: Record) -> str:
    """Who lives in an area of the log, in German: figure and method, or why nobody can tell."""
    from maps.draw.people import people_in

    corners = [position_of(point) for point in record.corners()]
    try:
        return people_words(people_in(corners, layers_of(folder)))
    except LageError as error:
        return f"unbekannt: {error}"
