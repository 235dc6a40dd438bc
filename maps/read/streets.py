# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The streets of the county by name: what an import of lines or vector tiles brought with it.

A street that runs through two municipalities is one in each. Its place is a point on its longest
piece there: good to find it, not a house in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from maps.geo.features import Feature, Floats

Owners = Callable[[Floats], npt.NDArray[np.intp]]
"""Of each point the index of its municipality, -1 for none."""
_NUMBER = re.compile(r"\s+\d+\s?[a-z]?(\s*[-–]\s*\d+\s?[a-z]?)?$")
"""Of a house, or several."""


@dataclass(frozen=True, slots=True)
class Street:
    """One street in one municipality."""

    name: str
    town: str
    east: float  # EPSG:25832
    north: float

    @property
    def address(self) -> str:
        """As it is written: name, municipality."""
        return f"{self.name}, {self.town}"


def folded(name: str) -> str:
    """Spelt alike: ``Bahnhofstr.`` and ``Bahnhofstraße``, whatever the case."""
    text = " ".join(name.casefold().split())
    return re.sub(r"str(\.|asse)(?=$|[\s,])", "strasse", text)


class Streets:
    """All of them, to be asked by beginnings and by addresses."""

    def __init__(self, streets: Iterable[Street]) -> None:
        found = sorted(streets, key=lambda street: (street.name, street.town))
        self._all = [(folded(street.name), street) for street in found]

    def __len__(self) -> int:
        return len(self._all)

    def matching(self, typed: str, limit: int) -> list[Street]:
        """Those that begin with what was typed, then those that hold it; a town may follow."""
        name, _, town = (part.strip() for part in folded(typed).partition(","))
        wanted = _NUMBER.sub("", name)
        if len(wanted) < 2:
            return []
        held = [
            (not key.startswith(wanted), street)
            for key, street in self._all
            if wanted in key and street.town.casefold().startswith(town)
        ]
        return [street for _, street in sorted(held, key=lambda pair: pair[0])[:limit]]

    def of_address(self, text: str, towns: Sequence[str]) -> Street | None:
        """The street that an address names, where it can be but one; ``towns`` are named with it.

        The parts of an address stand in any order, with or without numbers of houses.
        """
        parts = {_NUMBER.sub("", part.strip()) for part in re.split(r"[,;]", folded(text))}
        found = [street for key, street in self._all if key in parts]
        if towns:
            found = [street for street in found if street.town in towns]
        return found[0] if len(found) == 1 else None


def streets_of(roads: Sequence[Feature], towns: Sequence[str], owners: Owners) -> Streets:
    """What the named lines of the map come to, within the county whose municipalities these are."""
    named = [road for road in roads if road.name]
    if not named:
        return Streets(())
    shapes = [road.shape for road in named]
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    longest: dict[tuple[str, int], tuple[float, Street]] = {}
    found = zip(named, points, owners(points), shapely.length(shapes), strict=True)
    for road, point, owner, size in found:
        if owner < 0:
            continue
        street = Street(road.name, towns[owner], *map(float, point))
        key = road.name, int(owner)
        if key not in longest or size > longest[key][0]:
            longest[key] = float(size), street
    return Streets(street for _, street in longest.values())
