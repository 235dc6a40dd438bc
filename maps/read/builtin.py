# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The geodata that ships with the product: one county, its neighbours, places, main waters.

Sources and licences stand in ``maps/data/README.md``. The files are ours and known to be sound,
so nothing is checked here that the tests check once; foreign files go through ``imports``.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import numpy as np
import shapely

from maps.geo.features import Feature, FeatureLayer
from maps.geo.projection import project
from maps.read.towns import shipped_towns

ATTRIBUTION = (
    "© GeoBasis-DE / BKG 2017 (Daten verändert)",
    "GeoNames.org (CC BY 4.0)",
    "GSHHG (Wessel & Smith 1996)",
)
"""Notices to show with the map, as the licences of the data ask."""


def builtin_features() -> list[Feature]:
    """All shipped features, projected."""
    facts = {town.key: town for town in shipped_towns()}
    centres = project(
        np.array([town.lon for town in facts.values()]),
        np.array([town.lat for town in facts.values()]),
    )
    centre_of = {
        ags: (float(east), float(north)) for ags, (east, north) in zip(facts, centres, strict=True)
    }
    features = [
        Feature(
            FeatureLayer.MUNICIPALITY,
            facts[ags].name,
            shape,
            key=ags,
            kind=facts[ags].kind,
            population=facts[ags].population,
            centre=centre_of[ags],
        )
        for properties, shape in _read("gemeinden.geojson")
        if (ags := properties["ags"])
    ]
    for properties, shape in _read("kreis.geojson"):
        features.append(Feature(FeatureLayer.COUNTY, properties["name"], shape))
    for properties, shape in _read("nachbargemeinden.geojson"):
        features.append(
            Feature(
                FeatureLayer.NEIGHBOUR,
                properties["name"],
                shape,
                key=properties["ags"],
                kind=properties["bez"],
            )
        )
    for properties, shape in _read("gewaesser.geojson"):
        features.append(
            Feature(FeatureLayer.WATER, properties["name"], shape, kind=properties["art"])
        )
    features += _places(centre_of)
    return features


def _places(centre_of: dict[str, tuple[float, float]]) -> list[Feature]:
    """Places; a municipality's main place lies where the official figures put its centre."""
    places = []
    for properties, shape in _read("orte.geojson"):
        name, ags = properties["name"], properties["ags"] or ""
        main = name == properties["gemeinde"] and ags in centre_of
        places.append(
            Feature(
                FeatureLayer.PLACE,
                name,
                shapely.Point(centre_of[ags]) if main else shape,
                key=ags,
                kind="Ort",
                population=properties["einwohner_geonames"],
            )
        )
    return places


def _read(name: str) -> list[tuple[dict[str, Any], Any]]:
    """(properties, shape in EPSG:25832) of every feature of a shipped file."""
    document = json.loads(files("maps").joinpath("data", name).read_text("utf-8"))
    shapes = shapely.from_geojson(
        [json.dumps(feature["geometry"]) for feature in document["features"]]
    )
    projected = shapely.transform(
        shapes, lambda points: project(points[:, 0], points[:, 1]), include_z=False
    )
    return [
        (feature["properties"], shape)
        for feature, shape in zip(document["features"], projected, strict=True)
    ]
