# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which county a map is of, and how far around it maps are taken.

The product ships the ground of one county. Boundaries of another one, imported under its key,
take the place of the whole shipped ground; no line of the program names a county.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely

from maps.geo.features import Feature, FeatureLayer

KEY_DIGITS = 5
"""So many of a municipality's eight digits name its county."""

AROUND_M = 30_000
STREETS_AROUND_M = 5_000
"""Streets and houses are many, so of them less is taken."""

_STEP_M = 5_000

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class County:
    """A county as maps know it."""

    key: str  # its digits of the official municipality keys
    name: str
    bounds: Bounds | None = None  # EPSG:25832; None: as the boundaries that are read will say

    def around(self, metres: float) -> Bounds | None:
        """Its bounds grown by that much, on whole steps."""
        if self.bounds is None:
            return None
        west, south, east, north = self.bounds
        return (
            (west - metres) // _STEP_M * _STEP_M,
            (south - metres) // _STEP_M * _STEP_M,
            -(-(east + metres) // _STEP_M) * _STEP_M,
            -(-(north + metres) // _STEP_M) * _STEP_M,
        )


def county_of(features: Sequence[Feature]) -> County:
    """The county whose municipalities these are; without key and bounds if there are none."""
    towns = [feature for feature in features if feature.layer is FeatureLayer.MUNICIPALITY]
    named = [feature.name for feature in features if feature.layer is FeatureLayer.COUNTY]
    name = named[-1] if named else "Kreis"
    if not towns:
        return County("", name)
    return County(key_of(towns), name, bounds_of(towns))


def key_of(towns: Sequence[Feature]) -> str:
    """The digits that the first municipality shares with its county."""
    return towns[0].key[:KEY_DIGITS] if towns else ""


def bounds_of(features: Iterable[Feature]) -> Bounds:
    """West, south, east, north around features."""
    west, south, east, north = shapely.total_bounds([feature.shape for feature in features])
    return float(west), float(south), float(east), float(north)
