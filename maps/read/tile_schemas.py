# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the layers of common vector tile schemas mean to a staff: a table, and one function. Pure.

Sources: openmaptiles.org/schema, shortbread-tiles.org/schema/1.0,
docs.protomaps.com/basemaps/layers. Classes that a schema adds later count as an ordinary street.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from maps.geo.features import FeatureLayer

SCHEMA: Mapping[str, FeatureLayer] = {
    # OpenMapTiles
    "transportation": FeatureLayer.ROAD, "transportation_name": FeatureLayer.ROAD,
    "building": FeatureLayer.BUILDING, "waterway": FeatureLayer.WATER,
    "water": FeatureLayer.WATER, "place": FeatureLayer.PLACE,
    # Shortbread
    "streets": FeatureLayer.ROAD, "street_labels": FeatureLayer.ROAD,
    "buildings": FeatureLayer.BUILDING, "water_lines": FeatureLayer.WATER,
    "water_polygons": FeatureLayer.WATER, "place_labels": FeatureLayer.PLACE,
    # Protomaps; its water and buildings are called as above
    "roads": FeatureLayer.ROAD, "places": FeatureLayer.PLACE,
}  # fmt: skip

_ROADS = {
    "motorway": "Fernstraße", "trunk": "Fernstraße", "highway": "Fernstraße",
    "primary": "Hauptstraße", "secondary": "Hauptstraße", "major_road": "Hauptstraße",
    "tertiary": "Nebenstraße", "medium_road": "Nebenstraße", "unclassified": "Nebenstraße",
    "path": "Weg", "track": "Weg", "footway": "Weg", "cycleway": "Weg", "steps": "Weg",
    "pedestrian": "Weg", "bridleway": "Weg",
}  # fmt: skip
_NO_ROADS = {
    "rail", "transit", "ferry", "aerialway", "aeroway", "runway", "taxiway", "pier", "tram",
    "light_rail", "narrow_gauge", "subway", "monorail", "funicular",
}  # fmt: skip
_WATERS = {"river": "Fluss", "canal": "Kanal", "stream": "Bach", "ditch": "Bach", "drain": "Bach"}
_PLACES = {
    "village", "suburb", "quarter", "neighbourhood", "hamlet", "locality", "isolated_dwelling",
    "isolated_dwellings", "farm",
}  # fmt: skip
"""Towns are on the map already, where the county put them."""

_SHAPES = {
    FeatureLayer.ROAD: ("LineString", "MultiLineString"),
    FeatureLayer.BUILDING: ("Polygon", "MultiPolygon"),
    FeatureLayer.WATER: ("LineString", "MultiLineString", "Polygon", "MultiPolygon"),
    FeatureLayer.PLACE: ("Point",),
}


class Description(NamedTuple):
    """What belongs together: everything described alike is one shape."""

    layer: FeatureLayer | None  # None: of no known schema
    values: tuple[tuple[str, object], ...]
    shape: str  # points, lines and areas are not mixed
    tile: tuple[int, ...] | None = None  # stays with its tile; None: joined with the others


def describe(
    layer_name: str, properties: Mapping[str, object], geometry: str, tile: tuple[int, ...]
) -> Description | None:
    """The description of a feature of a tile; None for one that is of no use."""
    plain = geometry.removeprefix("Multi")
    layer = SCHEMA.get(layer_name)
    if layer is None:
        return Description(None, tuple(sorted(properties.items())), plain)
    if geometry not in _SHAPES[layer]:
        return None
    classes = [str(properties.get(key, "")) for key in ("kind_detail", "class", "kind")]
    name = str(properties.get("name:de") or properties.get("name") or properties.get("ref") or "")
    if layer is FeatureLayer.BUILDING:
        return Description(layer, (("kind", "Gebäude"),), plain, tile)
    if layer is FeatureLayer.ROAD:
        if _NO_ROADS & set(classes):
            return None
        kind = next((_ROADS[word] for word in classes if word in _ROADS), "Straße")
        return Description(layer, (("kind", kind), ("name", name)), plain, tile)
    if layer is FeatureLayer.WATER:
        other = "See" if plain == "Polygon" else "Bach"
        kind = next((_WATERS[word] for word in classes if word in _WATERS), other)
        return Description(layer, (("kind", kind), ("name", name)), plain)
    if not name or not _PLACES & set(classes):
        return None
    return Description(layer, (("kind", "Ort"), ("name", name)), plain)
