# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""SQLite files that hold maps: our own packs, written and read; GeoPackages and MBTiles, read.

A pack is what an import leaves behind: projected, checked and clipped features and a census grid
in one small file (``*.lagekarte``) that layers load from a folder. It is written beside its final
name and moved there when complete, so a crash leaves the old pack or the new one.

All SQL of the package stands here. Files of others are opened read-only with an untrusted schema,
only plain tables are read, and their names are quoted; sizes are limited.
"""

from __future__ import annotations

import os
import re
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np
import shapely

from maps.geo.errors import ImportRefusedError, PackError, PackTrouble, Refusal
from maps.geo.features import Feature, FeatureLayer, within_map
from maps.read.census import Census
from maps.read.files import Patience, regular_size

SUFFIX = ".lagekarte"
FORMAT = 1
FEATURES_MAX = 500_000
TABLES_MAX = 1_000
VALUE_BYTES_MAX = 64 * 1024 * 1024
CENSUS_BYTES_MAX = 12 * 4_000_000

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE feature (
  id INTEGER PRIMARY KEY, layer TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL,
  kind TEXT NOT NULL, population INTEGER, east REAL, north REAL, shape BLOB NOT NULL
) STRICT;
CREATE TABLE census (cell_m INTEGER NOT NULL, cells BLOB NOT NULL) STRICT;
"""
_INSERT_FEATURE = """
INSERT INTO feature (layer, name, key, kind, population, east, north, shape)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_SELECT_FEATURES = """
SELECT layer, name, key, kind, population, east, north, shape FROM feature ORDER BY id
"""
_SELECT_GROUND = """
SELECT layer, name, key, kind, population, east, north, shape FROM feature
WHERE layer IN ('kreis', 'gemeinde', 'nachbar', 'ort') ORDER BY id
"""
_SELECT_TILE_META = "SELECT name, value FROM metadata WHERE name = 'format' LIMIT 1"
_SELECT_TILES = "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles"
_SELECT_GEOPACKAGE_TABLES = """
SELECT c.table_name, g.column_name, g.srs_id, s.organization, s.organization_coordsys_id
FROM gpkg_contents c
JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
JOIN sqlite_master m ON m.name = c.table_name AND m.type = 'table'
WHERE c.data_type = 'features' ORDER BY c.table_name
"""


@dataclass(frozen=True, slots=True)
class Pack:
    """The content of a pack."""

    title: str
    features: tuple[Feature, ...] = ()
    census: Census | None = None
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class GeopackageTable:
    """A table of features in a GeoPackage."""

    name: str
    geometry_column: str
    epsg: int | None  # None for a coordinate system that is not an EPSG code
    columns: tuple[str, ...]  # without the geometry


def pack_path(folder: Path, title: str) -> Path:
    """Where the pack of that title lies; a title that differs in letters or digits has its own."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:60] or "karte"
    return folder / (slug + SUFFIX)


def list_packs(folder: Path) -> list[Path]:
    """All packs of a folder in order of names; none for a folder that is not there."""
    return sorted(folder.glob("*" + SUFFIX)) if folder.is_dir() else []


def write_pack(folder: Path, pack: Pack) -> Path:
    """Store a pack. Raises OSError as the file system does."""
    folder.mkdir(parents=True, exist_ok=True)
    target = pack_path(folder, pack.title)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as connection:
        connection.executescript(_SCHEMA)
        with connection:
            connection.executemany(
                "INSERT INTO meta VALUES (?, ?)",
                [
                    ("format", str(FORMAT)),
                    ("title", pack.title),
                    ("attribution", pack.attribution),
                ],
            )
            connection.executemany(_INSERT_FEATURE, map(_row, pack.features))
            if pack.census is not None:
                cells = np.stack([pack.census.east, pack.census.north, pack.census.people])
                connection.execute(
                    "INSERT INTO census VALUES (?, ?)",
                    (pack.census.cell_m, zlib.compress(cells.astype("<i4").tobytes(), 9)),
                )
    os.replace(part, target)
    return target


def read_pack(path: Path, *, ground_only: bool = False) -> Pack:
    """Load a pack, or of it only boundaries and places.

    Raises PackError for anything that is not one.
    """
    try:
        with closing(_open_foreign(path)) as connection:
            meta = dict(connection.execute("SELECT key, value FROM meta LIMIT 100"))
            if meta.get("format") != str(FORMAT):
                raise PackError(PackTrouble.OTHER_VERSION, path.name)
            patience = Patience(connection)
            features: list[Feature] = []
            for row in connection.execute(_SELECT_GROUND if ground_only else _SELECT_FEATURES):
                patience.row()
                if len(features) == FEATURES_MAX:
                    raise ValueError("too many features")
                features.append(_feature(row))
            census = connection.execute("SELECT cell_m, cells FROM census LIMIT 1").fetchone()
            return Pack(
                str(meta.get("title", path.stem)),
                tuple(features),
                _census(*census) if census and not ground_only else None,
                str(meta.get("attribution", "")),
            )
    except PackError:
        raise
    except (
        sqlite3.Error,
        shapely.errors.GEOSException,
        zlib.error,
        ValueError,
        TypeError,
        KeyError,
    ) as error:
        raise PackError(PackTrouble.DAMAGED, path.name) from error


def geopackage_tables(path: Path) -> list[GeopackageTable]:
    """The feature tables of a GeoPackage. Raises ImportRefusedError for another file."""
    try:
        with closing(_open_foreign(path)) as connection:
            Patience(connection)  # its tables may be views as well
            rows = connection.execute(_SELECT_GEOPACKAGE_TABLES).fetchmany(TABLES_MAX)
            return [
                GeopackageTable(
                    str(table),
                    str(column),
                    int(code) if str(organization).upper() == "EPSG" else None,
                    tuple(name for name in _columns(connection, str(table)) if name != column),
                )
                for table, column, _, organization, code in rows
            ]
    except (sqlite3.Error, ValueError) as error:
        raise ImportRefusedError(Refusal.NO_GEOPACKAGE, path.name) from error


def geopackage_rows(
    path: Path, table: GeopackageTable
) -> Iterator[tuple[object, dict[str, object]]]:
    """(geometry blob, values by column) of every row, at most FEATURES_MAX.

    Raises ImportRefusedError when the file breaks off or has more rows.
    """
    names = (table.geometry_column, *table.columns)
    columns = ", ".join(map(_quoted, names))
    query = f"SELECT {columns} FROM {_quoted(table.name)} LIMIT {FEATURES_MAX + 1}"  # noqa: S608 - quoted
    try:
        with closing(_open_foreign(path)) as connection:
            patience = Patience(connection)
            for number, row in enumerate(connection.execute(query)):
                patience.row()
                if number == FEATURES_MAX:
                    raise ImportRefusedError(
                        Refusal.TOO_MANY_FEATURES, path.name, str(FEATURES_MAX)
                    )
                yield row[0], dict(zip(table.columns, row[1:], strict=True))
    except sqlite3.Error as error:
        raise ImportRefusedError(Refusal.DAMAGED, path.name) from error


def mbtiles_rows(path: Path) -> Iterator[tuple[int, int, int, bytes]]:
    """(zoom, x, y counted from the north, data) of every vector tile of an MBTiles file.

    Raises ImportRefusedError for another file, for pictures, and when the file breaks off.
    """
    try:
        with closing(_open_foreign(path)) as connection:
            meta = dict(connection.execute(_SELECT_TILE_META))
            if meta.get("format") != "pbf":
                raise ImportRefusedError(Refusal.PICTURES, path.name)
            patience = Patience(connection)
            for zoom, x, y, data in connection.execute(_SELECT_TILES):
                patience.row()
                if not (isinstance(zoom, int) and 0 <= zoom <= 30 and isinstance(data, bytes)):
                    raise sqlite3.DataError("not a tile")
                yield zoom, int(x), 2**zoom - 1 - int(y), data
    except (sqlite3.Error, ValueError, TypeError) as error:
        if isinstance(error, ImportRefusedError):
            raise
        raise ImportRefusedError(Refusal.NO_MBTILES, path.name) from error


def _open_foreign(path: Path) -> sqlite3.Connection:
    """Read-only, without running anything that a foreign schema brings along."""
    try:
        regular_size(path)
    except OSError as error:
        raise sqlite3.OperationalError(str(error)) from error
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    connection = sqlite3.connect(uri, uri=True)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX)
        # Text in a foreign encoding is data like any other: shown with marks, never an error.
        connection.text_factory = lambda value: value.decode("utf-8", "replace")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    rows = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return [str(name) for (name,) in rows]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _row(feature: Feature) -> Sequence[object]:
    east, north = feature.centre or (None, None)
    return (
        feature.layer.value,
        feature.name,
        feature.key,
        feature.kind,
        feature.population,
        east,
        north,
        shapely.to_wkb(feature.shape),
    )


def _feature(row: Sequence[object]) -> Feature:
    layer, name, key, kind, population, east, north, shape = row
    if not isinstance(shape, bytes):
        raise TypeError("shape is not a blob")
    geometry = shapely.from_wkb(shape)
    centre = (east, north) if isinstance(east, float) and isinstance(north, float) else None
    if not within_map(geometry) or not (centre is None or within_map(shapely.Point(centre))):
        raise ValueError("shape outside the covered area")
    return Feature(
        FeatureLayer(layer),
        str(name),
        geometry,
        key=str(key),
        kind=str(kind),
        population=population if isinstance(population, int) else None,
        centre=centre,
    )


def _census(cell_m: int, compressed: bytes) -> Census:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(compressed, CENSUS_BYTES_MAX)
    if unpacker.unconsumed_tail or not unpacker.eof or cell_m <= 0:
        raise ValueError("census grid too large or cut off")
    east, north, people = np.frombuffer(data, dtype="<i4").astype(np.int32).reshape(3, -1)
    return Census(cell_m, east, north, people)
