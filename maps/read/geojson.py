# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""GeoJSON (RFC 7946) to geometries: a FeatureCollection, a single Feature, or one on each line.

Newline-delimited files (GeoJSONSeq, RFC 8142) are what ogr2ogr and many services stream.

Coordinates are longitude and latitude of WGS84. The older ``crs`` member (GeoJSON 2008) is
understood when it names an EPSG code, because GIS departments still write it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

import shapely

from maps.geo.errors import Fault, Flaw, ImportRefusedError, Refusal
from maps.read.files import load_json

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

WGS84 = 4326


def read_geojson(text: str) -> tuple[int, list[tuple[BaseGeometry | Flaw, dict[str, object]]]]:
    """(EPSG code, features) where a feature is its geometry, or its flaw, and properties.

    Raises ImportRefusedError when the text is not GeoJSON at all.
    """
    document = _document(text)
    if isinstance(document, dict) and document.get("type") == "Feature":
        features: object = [document]
    else:
        features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(features, list):
        raise ImportRefusedError(Refusal.NO_FEATURES)
    return _epsg(document.get("crs")), [_feature(feature) for feature in features]


def _document(text: str) -> Any:
    try:
        return load_json(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        lines = [line.strip("\x1e \t\r") for line in text.split("\n")]
        if len([line for line in lines if line.startswith("{") and line.endswith("}")]) < 2:
            raise ImportRefusedError(Refusal.BAD_JSON, detail=_where(error)) from error
    features = []
    for number, line in enumerate(lines, 1):
        try:
            if line:
                features.append(load_json(line, parse_constant=_refuse_constant))
        except (ValueError, RecursionError) as error:
            raise ImportRefusedError(Refusal.BAD_JSON, detail=_where(error, number)) from error
    return {"features": features}


def _feature(feature: object) -> tuple[BaseGeometry | Flaw, dict[str, object]]:
    if not isinstance(feature, dict) or feature.get("type", "Feature") != "Feature":
        return Flaw(Fault.NOT_A_FEATURE), {}
    properties = feature.get("properties")
    return _geometry(feature.get("geometry")), properties if isinstance(properties, dict) else {}


def _geometry(geometry: Any) -> BaseGeometry | Flaw:
    if geometry is None:
        return Flaw(Fault.NO_GEOMETRY)
    if not isinstance(geometry, dict):
        return Flaw(Fault.NO_OBJECT)
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, ValueError, RecursionError):
        return Flaw(Fault.UNREADABLE)


def _epsg(crs: object) -> int:
    if crs is None:
        return WGS84
    name = json.dumps(crs)
    if "CRS84" in name:
        return WGS84
    match = re.search(r"EPSG:+(?:[0-9.]*:)?([0-9]{4,6})\b", name)
    if match is None:
        raise ImportRefusedError(Refusal.UNKNOWN_GRID)
    return int(match[1])


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _where(error: Exception, line: int = 0) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{line or error.lineno} {error.colno}"
    return "nested" if isinstance(error, RecursionError) else "constant"
