# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of imports: any bytes give a result or a typed refusal, and nothing half-done."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.draw.people import Method, people_in
from maps.geo.errors import Flaw, ImportRefusedError, PackError
from maps.geo.features import Feature, FeatureLayer
from maps.read.census import read_census
from maps.read.geojson import read_geojson
from maps.read.geopackage import decode_blob
from maps.read.imports import import_file
from maps.read.pack import Pack, list_packs, read_pack, write_pack
from tests.laws.test_maps_drawing import NEARBY, layers

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
GEOMETRY = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "LineString", "Polygon", "MultiPoint", "Nix"]),
        "coordinates": JSON
        | st.lists(st.floats(width=32), min_size=1, max_size=3)
        | st.lists(st.tuples(st.floats(6.9, 8.2), st.floats(51.9, 52.5)), max_size=5)
        | st.lists(
            st.lists(st.tuples(st.floats(6.9, 8.2), st.floats(51.9, 52.5)), max_size=6), max_size=2
        ),
    }
)
FEATURE = st.fixed_dictionaries(
    {"type": st.just("Feature"), "properties": JSON, "geometry": GEOMETRY | JSON}
)
REGION = (0.0, 0.0, 1e7, 1e7)


@given(st.lists(FEATURE | JSON, max_size=4))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_any_geojson_is_taken_or_refused_whole(features: list[object]) -> None:
    """Either a pack that can be read again, or a refusal and no pack."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "x.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
        try:
            report = import_file(path, folder)
        except ImportRefusedError:
            assert list_packs(folder) == []
            return
        assert len(read_pack(report.path).features) == sum(report.taken.values())


@given(st.text(max_size=200))
@settings(derandomize=True, max_examples=200)
def test_any_text_is_geojson_or_refused(text: str) -> None:
    """The reader is total."""
    try:
        epsg, features = read_geojson(text)
    except ImportRefusedError:
        return
    assert epsg > 0
    assert isinstance(features, list)


@given(st.binary(max_size=120) | st.binary(max_size=80).map(lambda b: b"GP\x00\x01\0\0\0\0" + b))
@settings(derandomize=True, max_examples=300)
def test_any_blob_is_a_geometry_or_a_reason(blob: bytes) -> None:
    """The GeoPackage decoder is total."""
    result = decode_blob(blob)

    assert isinstance(result, Flaw | shapely.Geometry)


@given(st.lists(st.text("0123456789;NECRSm–-.x", max_size=60), max_size=6))
@settings(derandomize=True, max_examples=200)
def test_any_lines_are_census_or_faults(lines: list[str]) -> None:
    """Every line that is not blank is a cell, beyond the region, or a numbered fault."""
    header = "GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner"

    reading = read_census([header, *lines], REGION)

    assert (reading.census is None) == bool(reading.problems)
    assert all(2 <= problem.number <= len(lines) + 1 for problem in reading.problems)


@given(st.binary(max_size=400), st.integers(0, 20_000))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_any_damage_to_a_pack_is_found_or_harmless(noise: bytes, at: int) -> None:
    """Overwriting bytes of a pack gives a pack or a typed error, never anything else."""
    feature = Feature(FeatureLayer.AREA, "x", shapely.box(4e5, 5.78e6, 4.1e5, 5.79e6))
    with tempfile.TemporaryDirectory() as name:
        path = write_pack(Path(name), Pack("p", (feature,)))
        data = bytearray(path.read_bytes())
        start = at % len(data)
        data[start : start + len(noise)] = noise
        path.write_bytes(data)
        try:
            pack = read_pack(path)
        except PackError:
            return
        assert all(isinstance(f, Feature) for f in pack.features)


@given(st.lists(NEARBY, max_size=8))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_no_ring_holds_more_people_than_the_county(ring: list) -> None:  # type: ignore[type-arg]
    """An estimate lies between nobody and everybody, and its shares are shares."""
    estimate = people_in(ring, layers())

    assert 0 <= estimate.people <= 460_000
    assert estimate.method is Method.MUNICIPAL_SHARES
    assert 0 <= estimate.outside_share <= 1
    assert np.isfinite(estimate.area_km2)
