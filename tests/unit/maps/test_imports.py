# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Imports: all or nothing, every fault with its number, and what comes out."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from lage.language.map_errors import refusal_sentence
from maps.geo.errors import Fault, Flaw, ImportRefusedError, PackError, Refusal
from maps.geo.features import Feature, FeatureLayer
from maps.geo.places import Position, to_grid
from maps.read.imports import import_file
from maps.read.layers import load_layers
from maps.read.pack import Pack, list_packs, read_pack, write_pack

SHARED = Path(__file__).parents[4] / "shared" / "geo"
SQUARE = [[7.4, 52.2], [7.5, 52.2], [7.5, 52.3], [7.4, 52.3], [7.4, 52.2]]


def shared(name: str) -> Path:
    """A sample file, or a visible skip."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"../shared/geo/{name} is missing")
    return path


def feature(kind: str, coordinates: Any, **properties: object) -> dict[str, Any]:
    """A GeoJSON feature."""
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def write(path: Path, features: list[Any], **members: object) -> Path:
    """A GeoJSON file."""
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features, **members}), "utf-8"
    )
    return path


def test_geojson_features_become_places_lines_and_areas(tmp_path: Path) -> None:
    """The shape decides what a feature is, where nobody says otherwise."""
    path = write(
        tmp_path / "karte.geojson",
        [
            feature("Point", [7.44, 52.279], name="Sammelplatz"),
            feature("LineString", [[7.4, 52.2], [7.5, 52.3]], name="B 70"),
            feature("Polygon", [SQUARE], name="HQ100"),
            feature("Point", [13.4, 52.5], name="Berlin"),
        ],
    )

    report = import_file(path, tmp_path / "packs", attribution="© Test")

    assert report.taken == {
        FeatureLayer.PLACE: 1,
        FeatureLayer.LINE: 1,
        FeatureLayer.AREA: 1,
    }
    assert report.outside == 1
    layers = load_layers(tmp_path / "packs")
    place = layers.nearest_place(Position(52.2791, 7.4402))
    assert place is not None
    assert place.name in ("Rheine", "Sammelplatz")
    assert [line.name for line in layers.lines] == ["B 70"]
    assert "© Test" in layers.attribution


def test_every_fault_is_listed_and_nothing_is_taken(tmp_path: Path) -> None:
    """Numbers count from one; one good feature does not save the file."""
    path = write(
        tmp_path / "kaputt.geojson",
        [
            feature("Point", [7.44, 52.279], name="gut"),
            {"type": "Feature", "properties": {}, "geometry": None},
            feature("Point", [393_663, 5_793_158], name="UTM statt Grad"),
            feature("Point", [7.44, "x"], name="Text"),
            "kein Objekt",
            feature("GeometryCollection", []),
            feature("Point", [7.44, 52.279]),
            feature("LineString", [[7.4, 52.2], [7.4, 52.2]], name="ohne Länge"),
            feature("Polygon", [[[7.4, 52.2], [7.5, 52.2]]], name="offen"),
        ],
    )

    with pytest.raises(ImportRefusedError) as caught:
        import_file(path, tmp_path / "packs")

    assert [problem.number for problem in caught.value.problems] == [2, 3, 4, 5, 6, 7, 8, 9]
    faults = [problem.flaw.fault for problem in caught.value.problems]
    assert (faults[0], faults[1], faults[5]) == (
        Fault.NO_GEOMETRY,
        Fault.NOT_DEGREES,
        Fault.PLACE_NAMELESS,
    )
    assert (caught.value.refusal, caught.value.file) == (Refusal.BAD_FEATURES, "kaputt.geojson")
    assert list_packs(tmp_path / "packs") == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b"{"),
        ("a.geojson", b"[" * 100_000),
        ("a.geojson", b"\xff\xfe"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": 7}'),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [NaN]}'),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("a.geojson", b"[" + b"9" * 10_000 + b"]"),
        ("a.gpkg", b"SQLite format 3\x00" + b"x" * 2000),
        ("a.gpkg", b""),
        ("a.csv", b""),
        ("a.csv", b"Name;Ort\nx;y\n"),
        ("a.shp", b"x"),
    ],
)
def test_other_files_are_refused_with_a_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    """What is no map file says so in German, and leaves nothing behind."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ImportRefusedError) as caught:
        import_file(path, tmp_path / "packs")

    assert refusal_sentence(caught.value).endswith(".")
    assert list_packs(tmp_path / "packs") == []


def test_a_ring_that_crosses_itself_is_repaired_and_counted(tmp_path: Path) -> None:
    """Official flood maps have such rings; the note says so."""
    bow = [[7.4, 52.2], [7.5, 52.3], [7.5, 52.2], [7.4, 52.3], [7.4, 52.2]]
    path = write(tmp_path / "flut.geojson", [feature("Polygon", [bow])])

    report = import_file(path, tmp_path)

    assert report.repaired == 1
    assert shapely.is_valid(read_pack(report.path).features[0].shape)


def test_older_geojson_names_its_coordinate_system(tmp_path: Path) -> None:
    """EPSG:25832 in the crs member is understood; an unknown one is refused."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    point = feature("Point", [393_663, 5_793_158], name="Rheine")
    path = write(tmp_path / "utm.geojson", [point], crs=crs)

    shape = read_pack(import_file(path, tmp_path).path).features[0].shape

    assert (shape.x, shape.y) == (393_663, 5_793_158)  # type: ignore[attr-defined]
    for name in ("lokal", "EPSG:99999"):
        write(path, [point], crs={"type": "name", "properties": {"name": name}})
        with pytest.raises(ImportRefusedError, match=Refusal.UNKNOWN_GRID.value):
            import_file(path, tmp_path)


def test_waters_replace_the_shipped_overview(tmp_path: Path) -> None:
    """Imported as waters, lines stand in for the coarse ones that ship."""
    path = write(
        tmp_path / "ems.geojson", [feature("LineString", [[7.4, 52.2], [7.5, 52.3]], name="Ems")]
    )

    import_file(path, tmp_path / "packs", layer=FeatureLayer.WATER)

    assert [water.name for water in load_layers(tmp_path / "packs").waters] == ["Ems"]
    with pytest.raises(ImportRefusedError) as caught:
        import_file(path, tmp_path / "packs", layer=FeatureLayer.PLACE)
    assert caught.value.problems[0].flaw == Flaw(Fault.WRONG_SHAPE, "LineString")


def test_vg250_geopackage_replaces_the_boundaries(tmp_path: Path) -> None:
    """The official sample gives 24 municipalities, with the figures that we know."""
    report = import_file(shared("samples/vg250_probe.gpkg"), tmp_path)

    layers = load_layers(tmp_path)
    assert report.taken == {FeatureLayer.MUNICIPALITY: 24}
    assert layers.population() == 459_195
    assert layers.municipality_at(Position(52.279, 7.44)) == layers.municipality("05566076")


def test_vg250_geojson_brings_its_population(tmp_path: Path) -> None:
    """EWZ of the file counts where it is given."""
    report = import_file(shared("gemeinden_vg250_ewz.geojson"), tmp_path)

    features = read_pack(report.path).features
    assert {f.name: f.population for f in features}["Altenberge"] == 10_438


def test_vg250_leaves_out_water_shapes_and_checks_keys(tmp_path: Path) -> None:
    """Only GF 4 is land; a key of other than eight digits is a fault."""
    good = {"AGS": "05566076", "GEN": "Rheine", "GF": 4}
    path = write(
        tmp_path / "vg.geojson",
        [feature("Polygon", [SQUARE], **good), feature("Polygon", [SQUARE], **{**good, "GF": 2})],
    )

    assert import_file(path, tmp_path).outside == 1

    write(path, [feature("Polygon", [SQUARE], AGS="5566076", GEN="Rheine")])
    with pytest.raises(ImportRefusedError) as caught:
        import_file(path, tmp_path)
    assert caught.value.problems[0].flaw.fault is Fault.MUNICIPALITY_KEY


def geopackage(path: Path, blobs: list[object], *, epsg: int = 25832) -> Path:
    """A minimal GeoPackage with one table of a hostile name."""
    db = sqlite3.connect(path)
    db.executescript(
        """
        CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT,
          organization_coordsys_id INTEGER);
        CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
        CREATE TABLE "t""; DROP TABLE x; --" (geom BLOB, name TEXT);
        INSERT INTO gpkg_contents VALUES ('t"; DROP TABLE x; --', 'features');
        INSERT INTO gpkg_geometry_columns VALUES ('t"; DROP TABLE x; --', 'geom', 1);
        """
    )
    db.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (1, 'EPSG', ?)", (epsg,))
    db.executemany('INSERT INTO "t""; DROP TABLE x; --" VALUES (?, ?)', [(b, "x") for b in blobs])
    db.commit()
    db.close()
    return path


def test_geopackage_blobs_good_and_bad(tmp_path: Path) -> None:
    """Envelopes of any kind are skipped; every kind of damage has its reason."""
    wkb = shapely.to_wkb(shapely.Point(393_663, 5_793_158))
    head = b"GP\x00"
    srs = b"\x00" * 4
    good = [
        head + bytes([k << 1 | 1]) + srs + b"\x00" * n + wkb for k, n in ((0, 0), (1, 32), (4, 64))
    ]

    report = import_file(geopackage(tmp_path / "a.gpkg", list(good)), tmp_path)

    assert report.taken == {FeatureLayer.PLACE: 3}
    bad = [None, "text", b"", b"XX\x00\x01" + srs + wkb, head + b"\x0f" + srs + wkb]
    bad += [head + b"\x11" + srs, head + b"\x01" + srs + wkb[:10], head + b"\x09" + srs]
    with pytest.raises(ImportRefusedError) as caught:
        import_file(geopackage(tmp_path / "b.gpkg", [*good, *bad]), tmp_path)
    assert [p.number for p in caught.value.problems] == list(range(4, 4 + len(bad)))


def test_geopackage_asks_for_a_table(tmp_path: Path) -> None:
    """A wrong table name answers with those that exist; an unknown grid is refused."""
    path = geopackage(tmp_path / "a.gpkg", [])

    with pytest.raises(ImportRefusedError, match=f"{Refusal.CHOOSE_TABLE.value} t"):
        import_file(path, tmp_path, table="gibtsnicht")
    with pytest.raises(ImportRefusedError, match=Refusal.UNKNOWN_GRID.value):
        import_file(geopackage(tmp_path / "b.gpkg", [], epsg=1), tmp_path)


def test_a_pack_returns_what_was_written(tmp_path: Path) -> None:
    """Names of any characters, unknown figures, shapes: all the same after loading."""
    point = to_grid(Position(52.279, 7.44))
    features = (
        Feature(FeatureLayer.PLACE, "\x00\x1b'\"ß", shapely.Point(point.east, point.north)),
        Feature(
            FeatureLayer.MUNICIPALITY,
            "Rheine",
            shapely.box(390_000, 5_780_000, 400_000, 5_790_000),
            "05566076",
            "Stadt",
            78_220,
            (395_000.0, 5_785_000.0),
        ),
    )

    path = write_pack(tmp_path, Pack("Meine Karte!", features, attribution="©"))

    assert path.name == "meine-karte.lagekarte"
    assert read_pack(path) == Pack("Meine Karte!", features, attribution="©")
    assert [p.name for p in tmp_path.iterdir()] == ["meine-karte.lagekarte"]


def test_damaged_packs_are_named(tmp_path: Path) -> None:
    """Every kind of damage is told with the file's name."""
    path = write_pack(
        tmp_path, Pack("k", (Feature(FeatureLayer.PLACE, "x", shapely.Point(4e5, 5.8e6)),))
    )
    whole = path.read_bytes()
    for damage in (b"", b"no database", whole[:5000]):
        path.write_bytes(damage)
        with pytest.raises(PackError, match=r"k\.lagekarte"):
            load_layers(tmp_path)
    faults = (
        "UPDATE feature SET layer = 'mars'",
        "UPDATE feature SET shape = x'00'",
        "UPDATE feature SET east = 9e99, north = 1.0",
        "UPDATE meta SET value = '99' WHERE key = 'format'",
        "INSERT INTO census VALUES (100, x'789c')",
        "DROP TABLE feature",
    )
    for fault in faults:
        path.write_bytes(whole)
        db = sqlite3.connect(path)
        db.execute(fault)
        db.commit()
        db.close()
        with pytest.raises(PackError, match=r"k\.lagekarte"):
            read_pack(path)


def test_census_of_100_m_cells(tmp_path: Path) -> None:
    """The official layout is read whole; the pack holds cells as they were."""
    report = import_file(shared("samples/zensus2022_100m_SYNTHETISCH.csv"), tmp_path)

    census = read_pack(report.path).census
    assert census is not None
    assert (census.cell_m, len(census.people), report.cells) == (100, 457, 457)
    row = np.flatnonzero((census.east == 4147450) & (census.north == 3212450))
    assert census.people[row].tolist() == [20]


def test_census_of_1_km_cells(tmp_path: Path) -> None:
    """The older 1-km grid has the same columns and cells kept secret."""
    report = import_file(shared("samples/zensus2011_1km_kreis.csv"), tmp_path)

    census = read_pack(report.path).census
    assert census is not None
    assert census.cell_m == 1000
    assert int((census.people == -1).sum()) > 0


def test_every_bad_census_line_is_listed(tmp_path: Path) -> None:
    """Line numbers count the header as the first."""
    path = tmp_path / "zensus.csv"
    good = "CRS3035RES100mN3212400E4147400;4147450;3212450;20"
    lines = (
        "\ufeffGITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner",
        good,
        "CRS3035RES100mN3212500E4147400;4147450;3212550;–",
        good,
        "x;y",
        "CRS3035RES100mN3212400E4147400;4147451;3212450;20",
        "CRS3035RES100mN3212400E4147500;4147450;3212450;20",
        "egal;4147750;3212450;20",
        "CRS3035RES100mN3212600E4147400;4147450;3212650;1,5",
        "CRS3035RES100mN3212600E4147400;viel;3212650;1",
        "CRS3035RES100mN3212600E4147400;4147450;3212650;999999",
        "",
    )
    path.write_text("\r\n".join(lines), "utf-8")

    with pytest.raises(ImportRefusedError) as caught:
        import_file(path, tmp_path)

    assert [problem.number for problem in caught.value.problems] == [4, 5, 6, 7, 8, 9, 10, 11]
