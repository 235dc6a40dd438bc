# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Vector tiles: what GDAL wrote is read back in its place; other schemas, broken files, limits."""

from __future__ import annotations

import gzip
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from lage.language.install import install_command
from lage.language.map_errors import refusal_sentence
from maps.geo.errors import ImportRefusedError, Refusal
from maps.geo.features import Feature, FeatureLayer
from maps.read import tiles
from maps.read.area import STREETS_AROUND_M, county_of
from maps.read.builtin import builtin_features
from maps.read.imports import import_file
from maps.read.layers import load_layers
from maps.read.pack import read_pack
from maps.read.tiles import Tile

mapbox_vector_tile = pytest.importorskip(
    "mapbox_vector_tile", reason="the extra [karten] is not installed"
)
CORPUS = Path(__file__).parents[2] / "corpus" / "tiles"
EAST, NORTH = 392_500.0, 5_791_500.0
TILE = (14, 8530, 5393)  # in Rheine
GRID_M = 2.5
"""A tile of zoom 14 has 4096 steps of 0.6 m; streets are simplified by 2 m."""
_REGION = county_of(builtin_features()).around(STREETS_AROUND_M)
assert _REGION is not None
TILE_REGION = _REGION


def taken(path: Path, folder: Path) -> list[Feature]:
    """The features of an imported file."""
    return list(read_pack(import_file(path, folder).path).features)


def mbtiles(
    path: Path, layers: Mapping[str, list[tuple[str, dict[str, object]]]], *, form: str = "pbf"
) -> Path:
    """A file of one tile; geometries as WKT in the tile's grid."""
    encoded = mapbox_vector_tile.encode(
        [
            {
                "name": name,
                "features": [{"geometry": wkt, "properties": values} for wkt, values in features],
            }
            for name, features in layers.items()
        ],
        default_options={"y_coord_down": True},
    )
    return store(path, gzip.compress(encoded), form=form)


def store(path: Path, data: bytes, *, form: str = "pbf") -> Path:
    """An MBTiles file with this as its tile."""
    zoom, x, y = TILE
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        connection.execute("INSERT INTO metadata VALUES ('format', ?)", (form,))
        connection.execute(
            "CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)"
        )
        connection.execute(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)", (zoom, x, 2**zoom - 1 - y, data)
        )
    return path


def test_streets_that_gdal_wrote_lie_where_they_were(tmp_path: Path) -> None:
    """All 24 streets with name and rank, none of the railway, within the grid of the tiles."""
    found = taken(CORPUS / "dorf_strassen.pmtiles", tmp_path)

    assert {feature.layer for feature in found} == {FeatureLayer.ROAD}
    assert {feature.name for feature in found} == {
        *(f"Querweg {n}" for n in range(1, 13)),
        *(f"Langgasse {n}" for n in range(1, 13)),
    }
    kinds = {feature.name: feature.kind for feature in found}
    assert [kinds[f"Langgasse {n}"] for n in (1, 2, 5)] == [
        "Hauptstraße",
        "Nebenstraße",
        "Hauptstraße",
    ]
    assert kinds["Querweg 3"] == "Straße"
    for number in range(12):
        x, y = EAST + number * 250, NORTH + number * 250
        _same(found, f"Langgasse {number + 1}", [(x, NORTH), (x + 30, NORTH + 3000)])
        _same(
            found,
            f"Querweg {number + 1}",
            [(EAST, y), (EAST + 1500, y + 60), (EAST + 3000, y - 40)],
        )


def _same(found: list[Feature], name: str, points: list[tuple[float, float]]) -> None:
    drawn = shapely.union_all([feature.shape for feature in found if feature.name == name])
    meant = shapely.LineString(points)
    assert drawn.length == pytest.approx(meant.length, rel=0.01)
    assert shapely.hausdorff_distance(drawn, meant, densify=0.05) < GRID_M


def test_houses_on_a_tile_border_are_taken_once(tmp_path: Path) -> None:
    """150 houses of 108 m², some overlapping; none twice, none cut."""
    found = taken(CORPUS / "dorf_haeuser.mbtiles", tmp_path)

    houses = shapely.get_parts([feature.shape for feature in found])
    assert {feature.layer for feature in found} == {FeatureLayer.BUILDING}
    assert 140 <= len(houses) <= 150
    assert float(shapely.area(houses).sum()) == pytest.approx(150 * 108, rel=0.05)
    assert shapely.union_all(houses).area == pytest.approx(float(shapely.area(houses).sum()))


def test_a_lake_in_four_tiles_is_one_and_a_pond_is_seen_from_near_only(tmp_path: Path) -> None:
    """Tile borders are no shores."""
    lake, pond = sorted(
        taken(CORPUS / "dorf_wasser.pmtiles", tmp_path), key=lambda f: -f.shape.area
    )

    assert (lake.name, lake.kind, pond.kind) == ("Mustersee", "See", "Teich")
    assert lake.shape.geom_type == "Polygon"
    assert lake.shape.area == pytest.approx(3.14159 * 700**2, rel=0.01)
    layers = load_layers(tmp_path)
    assert [water.name for water in layers.waters] == ["Mustersee", ""]
    shown = {
        cell: shapely.total_bounds(
            shapely.linestrings(
                layers.edges(FeatureLayer.WATER, layers.bounds, cell).reshape(-1, 2, 2)
            )
        )
        for cell in (10.0, 200.0)
    }
    assert shown[10.0][0] < shown[200.0][0] == pytest.approx(EAST + 800, abs=GRID_M)


@pytest.mark.parametrize(
    ("name", "wkt", "values", "expected"),
    [
        ("transportation", "LINESTRING(0 0, 900 900)",
         {"class": "trunk"}, ("strasse", "Fernstraße")),
        ("streets", "LINESTRING(0 0, 900 900)", {"kind": "track"}, ("strasse", "Weg")),
        ("roads", "LINESTRING(0 0, 900 900)", {"kind": "minor_road"}, ("strasse", "Straße")),
        ("roads", "LINESTRING(0 0, 900 900)",
         {"kind": "major_road", "kind_detail": "tertiary"}, ("strasse", "Nebenstraße")),
        ("streets", "LINESTRING(0 0, 900 900)", {"kind": "tram"}, None),
        ("transportation", "POLYGON((0 0, 900 0, 0 900, 0 0))", {"class": "pedestrian"}, None),
        ("waterway", "LINESTRING(0 0, 900 900)", {"class": "river"}, ("gewaesser", "Fluss")),
        ("water_lines", "LINESTRING(0 0, 900 900)", {"kind": "ditch"}, ("gewaesser", "Bach")),
        ("buildings", "POLYGON((0 0, 90 0, 0 90, 0 0))", {}, ("gebaeude", "Gebäude")),
        ("place_labels", "POINT(9 9)", {"kind": "hamlet", "name": "Catenhorn X"}, ("ort", "Ort")),
        ("place", "POINT(9 9)", {"class": "town", "name": "Rheine"}, None),
        ("places", "POINT(9 9)", {"kind": "locality"}, None),
        ("landuse", "POLYGON((0 0, 90 0, 0 90, 0 0))", {"class": "farmland"}, None),
    ],
)  # fmt: skip
def test_common_schemas_are_understood(
    name: str,
    wkt: str,
    values: dict[str, object],
    expected: tuple[str, str] | None,
    tmp_path: Path,
) -> None:
    """OpenMapTiles, Shortbread and Protomaps, beside a street that is always there."""
    street = ("LINESTRING(0 0, 0 900)", {"class": "residential", "name": "Probeweg"})
    layers = {"transportation": [street]}
    layers.setdefault(name, []).append((wkt, values))

    found = taken(mbtiles(tmp_path / "probe.mbtiles", layers), tmp_path)

    others = [(f.layer.value, f.kind) for f in found if f.name != "Probeweg"]
    assert others == ([] if expected is None else [expected])


def test_tiles_of_any_other_schema_are_taken_by_their_columns(tmp_path: Path) -> None:
    """Boundaries of VG250 as tiles are municipalities again."""
    values: dict[str, object] = {"AGS": "05566076", "GEN": "Rheine", "EWZ": 76_000}
    path = mbtiles(
        tmp_path / "grenzen.mbtiles",
        {"gem": [("POLYGON((0 0, 4000 0, 0 4000, 0 0))", values)]},
    )

    (town,) = taken(path, tmp_path)

    assert (town.layer, town.name, town.population) == (FeatureLayer.MUNICIPALITY, "Rheine", 76_000)


def with_byte(place: int, value: int) -> bytes:
    """An intact file that says of itself that it is something else."""
    data = bytearray((CORPUS / "dorf_strassen.pmtiles").read_bytes())
    data[place] = value
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "data", "part"),
    [
        ("leer.pmtiles", b"", Refusal.DAMAGED),
        ("falsch.pmtiles", b"PMTiles\x09" + bytes(200), Refusal.OTHER_VERSION),
        ("alt.pmtiles", b"PM\x02\x00" + bytes(600_000), Refusal.OTHER_VERSION),
        ("bilder.pmtiles", with_byte(99, 2), Refusal.PICTURES),
        ("brotli.pmtiles", with_byte(98, 3), Refusal.OTHER_PACKING),
        ("kopf.pmtiles", with_byte(98, 3)[:90], Refusal.DAMAGED),
        ("zufall.pmtiles", bytes(range(256)) * 4, Refusal.DAMAGED),
        ("halb.pmtiles", (CORPUS / "dorf_strassen.pmtiles").read_bytes()[:2000], Refusal.DAMAGED),
        ("zufall.mbtiles", b"SQLite format 3\x00" + bytes(500), Refusal.NO_MBTILES),
    ],
)
def test_broken_files_are_refused(name: str, data: bytes, part: Refusal, tmp_path: Path) -> None:
    """Each for its reason, and nothing is imported."""
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(ImportRefusedError, match=part.value):
        import_file(path, tmp_path / "karten")

    assert not (tmp_path / "karten").exists()


def test_broken_tiles_are_refused(tmp_path: Path) -> None:
    """Bytes that are no tile, a tile that unpacks to far too much, pictures instead of vectors."""
    bomb = gzip.compress(bytes(tiles.TILE_BYTES_MAX + 1))
    for number, (data, form, part) in enumerate(
        [
            (b"\xff" * 50, "pbf", Refusal.DAMAGED),
            (bomb, "pbf", Refusal.DAMAGED),
            (b"", "png", Refusal.PICTURES),
        ]
    ):
        path = store(tmp_path / f"{number}.mbtiles", data, form=form)
        with pytest.raises(ImportRefusedError, match=part.value):
            import_file(path, tmp_path / "karten")


def test_tiles_of_another_region_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of some other county says so; too many tiles are too many."""
    source = CORPUS / "dorf_strassen.pmtiles"
    west, south, _, _ = TILE_REGION
    with pytest.raises(ImportRefusedError, match=Refusal.NO_TILES_HERE.value):
        tiles.read_tiles(source, (west, south, west + 9, south + 9), print)

    monkeypatch.setattr(tiles, "TILES_TAKEN_MAX", 2)
    with pytest.raises(ImportRefusedError, match=Refusal.TOO_MANY_TILES.value):
        import_file(source, tmp_path)


@pytest.mark.parametrize("name", ["dorf_strassen.pmtiles", "dorf_haeuser.mbtiles"])
def test_without_the_extra_the_user_is_told_how_to_get_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vector tiles are optional."""
    for module in ("pmtiles.reader", "mapbox_vector_tile"):
        monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(ImportRefusedError) as caught:
        import_file(CORPUS / name, tmp_path)
    assert install_command("karten") in refusal_sentence(caught.value)


def test_only_the_finest_zoom_is_read(tmp_path: Path) -> None:
    """Coarser tiles of the same ground would draw everything twice; progress is told."""
    seen: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        seen.append((done, total))

    tiles.read_tiles(CORPUS / "dorf_strassen.pmtiles", TILE_REGION, note)

    assert seen[-1] == (11, 11)
    assert Tile(0, 0, 0, b"").bounds == pytest.approx(
        (-tiles.HALF_WORLD_M, -tiles.HALF_WORLD_M, tiles.HALF_WORLD_M, tiles.HALF_WORLD_M)
    )
