# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the ground of this folder's map says: the county's towns, who lives there, what lies where.

The product ships one county's ground; a pack with the boundaries of another takes its place. Asked
for names or people only, the shipped ground answers from a table, without any map library. While a
pack is damaged nobody can tell whose ground it is: nothing is known then, and the map names the
file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lage.language.errors import LageError
from lage.language.folding import fold_text
from lage.store import charts
from maps.read.towns import shipped_towns
from sync.schema.definition import Point
from sync.schema.vocabulary import TERMS

if TYPE_CHECKING:
    from lage.kinds.model import Record
    from maps.geo.projection import Position
    from maps.read.layers import Layers
    from maps.read.streets import Streets

STREETS_MAX = 12
_WORD = re.compile(r"[\w-]+")
_OF_THE_COUNTY = ("place", "gauge")
"""Word lists of the log that name places and gauges of the shipped county and around it."""


class Ground:
    """The ground under a data folder; fulfils ``lage.kinds.reader.County``."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @property
    def shipped(self) -> bool:
        """Whether it is that of the shipped county."""
        if not charts.has_packs(self._folder):
            return True
        layers = self._layers
        return layers is not None and layers.area.key == charts.layers_of().area.key

    @property
    def _layers(self) -> Layers | None:
        try:
            return charts.layers_of(self._folder, ground_only=True)
        except LageError:
            return None

    def towns(self) -> Mapping[str, int | None]:
        """People by municipality of the county, in order of the names; None: not known."""
        if not charts.has_packs(self._folder):
            found: dict[str, int | None] = {t.name: t.population for t in shipped_towns()}
        else:
            layers = self._layers
            found = {t.name: t.population for t in layers.municipalities} if layers else {}
        return {name: found[name] for name in sorted(found)}

    def people(self, municipality: str) -> int | None:
        """People living there; None where nobody knows, or there is no such town."""
        wanted = fold_text(municipality)
        return next((n for name, n in self.towns().items() if fold_text(name) == wanted), None)

    def at(self, point: Point) -> str | None:
        """Name of the municipality in which a point lies; None outside the county."""
        layers = self._layers
        found = layers.municipality_at(charts.position_of(point)) if layers else None
        return None if found is None else found.name

    def streets(self, typed: str) -> list[str]:
        """Addresses of streets that fit what was typed; none where no map has streets."""
        found = self._streets
        return [street.address for street in found.matching(typed, STREETS_MAX)] if found else []

    def address(self, text: str) -> tuple[str | None, Point | None]:
        """Municipality and point of what somebody wrote as the place, as far as it tells.

        A street counts where it can be but one, a municipality where but one is named.
        """
        words = f" {' '.join(_WORD.findall(fold_text(text)))} "
        towns = [town for town in self.towns() if f" {fold_text(town)} " in words]
        found = self._streets
        street = found.of_address(text, towns) if found else None
        if street is not None:
            return street.town, charts.point_of(street.east, street.north)
        return (towns[0] if len(towns) == 1 else None), None

    def spot(self, name: str) -> Point | None:
        """Where a street, municipality or place of that name is; None for one not on the map."""
        _, street = self.address(name)
        layers = self._layers
        if street is not None or layers is None:
            return street
        wanted = fold_text(name).strip()
        named = [(town.name, town.centre) for town in layers.municipalities]
        named += [(place.name, place.position) for place in layers.places]
        found = next((at for known, at in named if fold_text(known) == wanted), None)
        if found is None:
            return None
        return Point(round(found.lat * 10_000), round(found.lon * 10_000))

    @property
    def _streets(self) -> Streets | None:
        """Only a pack brings streets: without one no map is loaded."""
        if not charts.has_packs(self._folder):
            return None
        try:
            return charts.layers_of(self._folder).streets
        except LageError:
            return None

    def dwellers(self, record: Record) -> str:
        """Who lives in a drawn area: figure and method in words, or why nobody can tell."""
        return charts.dwellers(self._folder, record)

    def centre(self) -> Position | None:
        """The middle of the county."""
        layers = self._layers
        return layers.centre() if layers else None

    def place_names(self) -> tuple[str, ...]:
        """Towns, then the other places on the map."""
        layers = self._layers
        places = (place.name for place in layers.places) if layers else ()
        return tuple(dict.fromkeys((*self.towns(), *places)))

    @cached_property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """Listed words by vocabulary, those of places and gauges as this county has them."""
        return _Words(self)


class _Words(Mapping[str, tuple[str, ...]]):
    """Looks at the map only when it is asked for places or gauges."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def __getitem__(self, vocabulary: str) -> tuple[str, ...]:
        listed = TERMS[vocabulary]
        if vocabulary not in _OF_THE_COUNTY or self._ground.shipped:
            return listed
        return self._ground.place_names() if vocabulary == "place" else ()

    def __iter__(self) -> Iterator[str]:
        return iter(TERMS)

    def __len__(self) -> int:
        return len(TERMS)
