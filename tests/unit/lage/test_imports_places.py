# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Incidents as GIS programs and services draw them: every shape has one place, or none is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from lage.kinds.model import Query
from lage.language.errors import ImportRefused
from lage.station import Station
from lage.write.parse import parse_point
from tests.unit.lage.conftest import Terminal
from tests.unit.lage.test_imports import put

HOOK = [[7.40, 52.20], [7.50, 52.20], [7.50, 52.21], [7.41, 52.21], [7.41, 52.30], [7.40, 52.20]]
"""Its middle lies outside of it."""
SHAPES: dict[str, Any] = {
    "eine Fläche": {"type": "Polygon", "coordinates": [HOOK]},
    "mehrere Flächen": {"type": "MultiPolygon", "coordinates": [[HOOK]]},
    "eine Linie": {"type": "LineString", "coordinates": HOOK[:4]},
    "mehrere Punkte": {"type": "MultiPoint", "coordinates": HOOK[:3]},
    "eine Sammlung von Formen": {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Point", "coordinates": HOOK[0]},
            {"type": "LineString", "coordinates": HOOK[:4]},
        ],
    },
}


def feature(number: str, geometry: Any, **more: Any) -> dict[str, Any]:
    """A feature that is an incident."""
    named = {"Nr. der Leitstelle": number, "Art": "Brand", "Lage": "Rauch", **more}
    return {"type": "Feature", "geometry": geometry, "properties": named}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    """A whole file."""
    return {"type": "FeatureCollection", "features": list(features), **more}


def brought(lage: Terminal, station: Station, path: str) -> tuple[dict[str, Any], list[str]]:
    """The values of all incidents by number, and what was said of the file."""
    told = lage.json("import", "vorfaelle", path)["hinweise"]
    rows = station.reader.select(Query("incident"))
    return {str(row.values["external_id"]): row.values for row in rows}, told


@pytest.mark.parametrize("words", SHAPES)
def test_a_shape_keeps_a_place_and_says_so(
    lage: Terminal, station: Station, tmp_path: Path, words: str
) -> None:
    """The point lies on the shape, not only in the middle of what it encloses."""
    path = put(tmp_path, "a.geojson", collection(feature("1", SHAPES[words])))
    rows, told = brought(lage, station, path)
    point = rows["1"]["point"]
    on = shapely.Point(point.lon_e4 / 10_000, point.lat_e4 / 10_000)
    drawn = shapely.from_geojson(json.dumps(SHAPES[words]))
    assert drawn.distance(on) < 0.0002  # stored to four decimals
    assert told == [f"1-mal ist der Ort {words}: eingetragen ist ein Punkt darauf."]


def test_no_place_is_an_entry_without_one(lage: Terminal, station: Station, tmp_path: Path) -> None:
    """A null geometry, an empty one; a count that the service writes as 3.0 is 3."""
    empty = {"type": "MultiPoint", "coordinates": []}
    features = (feature("1", None, Betroffene=3.0), feature("2", empty))
    rows, told = brought(lage, station, put(tmp_path, "a.geojson", collection(*features)))
    assert (rows["1"]["affected"], "point" in rows["1"], "point" in rows["2"]) == (3, False, False)
    assert told == []


def test_the_grid_of_the_file_counts(lage: Terminal, station: Station, tmp_path: Path) -> None:
    """``crs`` as GIS departments write it; one that nobody knows refuses the file."""
    metres = {"type": "Point", "coordinates": [393_663, 5_793_158]}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    path = put(tmp_path, "a.geojson", collection(feature("1", metres), crs=crs))
    rows, _ = brought(lage, station, path)
    assert rows["1"]["point"] == parse_point("32U 393663 5793158")

    crs["properties"] = {"name": "örtlich"}  # type: ignore[assignment]
    path = put(tmp_path, "b.geojson", collection(feature("2", metres), crs=crs))
    assert "Koordinatensystem" in str(lage.refusal("import", "vorfaelle", path))


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\x1e"])
def test_one_feature_or_one_on_each_line(
    lage: Terminal, station: Station, tmp_path: Path, between: str
) -> None:
    """As services stream them, with and without RFC 8142's separator; and a single object."""
    here = {"type": "Point", "coordinates": [7.44, 52.279]}
    lines = [json.dumps(feature(number, here)) for number in ("1", "2")]
    rows, _ = brought(lage, station, put(tmp_path, "a.geojson", between.join([*lines, ""])))
    assert sorted(rows) == ["1", "2"]
    rows, _ = brought(lage, station, put(tmp_path, "b.geojson", feature("3", here)))
    assert sorted(rows) == ["1", "2", "3"]
    broken = put(tmp_path, "c.geojson", f"{lines[0]}\n{lines[1]}\n{{'x'}}\n")
    assert "Zeile 3" in str(lage.refusal("import", "vorfaelle", broken))


def test_an_unreadable_place_is_a_bad_object(lage: Terminal, tmp_path: Path) -> None:
    """Metres without saying so, a half pair: named with the object's number."""
    metres = {"type": "Point", "coordinates": [393_663, 5_793_158]}
    here = {"type": "Point", "coordinates": [7.44, 52.279]}
    half = {"type": "Point", "coordinates": [7.44]}
    features = collection(feature("1", here), feature("2", metres), feature("3", half))
    error = lage.refusal("import", "vorfaelle", put(tmp_path, "a.geojson", features))
    assert isinstance(error, ImportRefused)
    assert [number for number, _ in error.problems] == [2, 3]
    assert all("Koordinate" in reason for _, reason in error.problems)
