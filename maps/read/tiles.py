# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Vector tiles (MVT 2.1) out of MBTiles and PMTiles files: streets, buildings, waters, places.

Of a file only its finest zoom is read, and only tiles that touch the county. Three common schemas
are known (OpenMapTiles, Shortbread, Protomaps) and reduced to what helps a staff; of any other
file every layer is taken as it is. Areas that tile borders cut apart are united; a building belongs
to the tile in which its middle lies; streets stay cut, which nobody sees.

Decoding is done by ``mapbox-vector-tile``, reading PMTiles by ``pmtiles``: both kept, both small,
and only needed for this import, so they come with the extra [karten]. Files are foreign: sizes and
numbers of tiles are limited, and whatever the decoders stumble over refuses the file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import shapely
from shapely.geometry import shape as geometry_of

from maps.geo.errors import ImportRefusedError, Refusal
from maps.geo.features import FeatureLayer
from maps.geo.projection import transformer
from maps.read.pack import mbtiles_rows
from maps.read.tile_schemas import SCHEMA, Description, describe

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maps.read.sheet import Bounds

MERCATOR = 3857
HALF_WORLD_M = 20_037_508.342789244
ZOOM_MAX = 14
TILES_SEEN_MAX = 5_000_000
TILES_TAKEN_MAX = 20_000
TILE_BYTES_MAX = 16 * 1024 * 1024
_READ_BYTES_MAX = 4 * 1024 * 1024
_PMTILES_HEADER = 127
_OTHER_PACKINGS = {3: "Brotli", 4: "Zstandard"}
_PICTURES = range(2, 6)  # png, jpeg, webp, avif

SEAM_M = 0.05
"""What tile borders cut is joined again on a grid of that width."""

POND_M2 = 50_000.0
"""A water without a name and smaller than this is a pond: seen from near only."""

_BROKEN = (
    ValueError, KeyError, IndexError, TypeError, AssertionError, ArithmeticError, EOFError,
    RecursionError, OSError, struct.error, zlib.error,
)  # fmt: skip
"""What the decoders are known to raise on damaged bytes, beside errors of their own."""

Progress = Callable[[int, int], None]
Shapes = list[tuple["BaseGeometry", dict[str, object]]]


class Tile(NamedTuple):
    """An encoded tile; y counts from the north."""

    zoom: int
    x: int
    y: int
    data: bytes

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in EPSG:3857."""
        side = 2 * HALF_WORLD_M / 2**self.zoom
        west, north = self.x * side - HALF_WORLD_M, HALF_WORLD_M - self.y * side
        return west, north - side, west + side, north


def read_tiles(path: Path, region: Bounds, progress: Progress) -> dict[FeatureLayer | None, Shapes]:
    """Everything of a file within a region (EPSG:25832), in EPSG:3857 with name and kind.

    Under None stands what no known schema explains. Raises ImportRefusedError: the extra is
    missing, there are no tiles of the region, or the file is broken.
    """
    bounds = transformer(25832, MERCATOR).transform_bounds(*region)
    tiles = _finest(path, bounds)
    if not tiles:
        raise ImportRefusedError(Refusal.NO_TILES_HERE, path.name)
    decode = _decoder(path)
    found: dict[Description, list[BaseGeometry]] = {}
    for number, tile in enumerate(tiles):
        progress(number, len(tiles))
        for description, shape in _content(tile, decode(tile)):
            found.setdefault(description, []).append(shape)
    progress(len(tiles), len(tiles))
    by_layer: dict[FeatureLayer | None, Shapes] = {}
    for description, shapes in found.items():
        by_layer.setdefault(description.layer, []).extend(_joined(description, shapes))
    return by_layer


def _joined(description: Description, shapes: list[BaseGeometry]) -> Shapes:
    """One shape of all that have this description; waters without a name by their size."""
    values = dict(description.values)
    if description.tile is not None:
        parts = shapely.get_parts(shapes)
        return [(shapely.union_all(parts), values)] if len(parts) else []
    united = shapely.union_all(shapes, grid_size=SEAM_M)
    if values.get("kind") != "See" or values.get("name"):
        return [(united, values)]
    parts = shapely.get_parts(united)
    small = shapely.area(parts) < POND_M2 / 0.37  # Mercator stretches areas here by 1/cos² 52°
    split = ((parts[small], "Teich"), (parts[~small], "See"))
    return [
        (shapely.union_all(some), {**values, "kind": kind}) for some, kind in split if len(some)
    ]


def _finest(path: Path, bounds: Bounds) -> list[Tile]:
    """The tiles of the finest zoom up to ``ZOOM_MAX`` that touch bounds of EPSG:3857."""
    rows = mbtiles_rows(path) if path.suffix.casefold() == ".mbtiles" else _pmtiles_rows(path)
    taken: list[Tile] = []
    for count, row in enumerate(rows):
        tile = Tile(*row)
        finest = taken[0].zoom if taken else 0
        if finest <= tile.zoom <= ZOOM_MAX and _touch(tile.bounds, bounds):
            if tile.zoom > finest:
                taken.clear()
            taken.append(tile)
        if count > TILES_SEEN_MAX or len(taken) > TILES_TAKEN_MAX:
            raise ImportRefusedError(Refusal.TOO_MANY_TILES, path.name)
    return taken


def _touch(a: Bounds, b: Bounds) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]


def _pmtiles_rows(path: Path) -> Iterator[tuple[int, int, int, bytes]]:
    try:
        from pmtiles.reader import MmapSource, all_tiles
        from pmtiles.tile import MagicNumberNotFound, SpecVersionUnsupported
    except ImportError as error:
        raise _extra_missing(path) from error

    with path.open("rb") as file:
        if not file.read(1):
            raise _broken(path)
        file.seek(0)
        _check_kind(path, file.read(_PMTILES_HEADER))
        source = MmapSource(file)  # type: ignore[no-untyped-call]

        def get(offset: int, length: int) -> bytes:
            if not 0 < length <= _READ_BYTES_MAX:
                raise ValueError("a part of the file is too long")
            part = bytes(source(offset, length))
            if len(part) < length:
                raise EOFError
            return part

        try:
            for (zoom, x, y), data in all_tiles(get):  # type: ignore[no-untyped-call]
                yield zoom, x, y, data
        except (MagicNumberNotFound, SpecVersionUnsupported, *_BROKEN) as error:
            raise _broken(path) from error


def _check_kind(path: Path, header: bytes) -> None:
    """Raises ImportRefusedError for an intact file that is of a kind which is not read.

    Fixed places of the header: the version behind the name, and packing and sort of the tiles.
    """
    if not header.startswith(b"PMTiles") and header[:2] != b"PM":
        return
    version = header[2] if header[:7] != b"PMTiles" else header[7] if len(header) > 7 else 3
    if version != 3:
        raise ImportRefusedError(Refusal.OTHER_VERSION, path.name, str(version))
    if len(header) < _PMTILES_HEADER:
        raise _broken(path)
    if packing := _OTHER_PACKINGS.get(header[98]):
        raise ImportRefusedError(Refusal.OTHER_PACKING, path.name, packing)
    if header[99] in _PICTURES:
        raise ImportRefusedError(Refusal.PICTURES, path.name)


def _broken(path: Path) -> ImportRefusedError:
    return ImportRefusedError(Refusal.DAMAGED, path.name)


def _extra_missing(path: Path) -> ImportRefusedError:
    return ImportRefusedError(Refusal.EXTRA_MISSING, path.name, "karten")


def _decoder(path: Path) -> Callable[[Tile], Mapping[str, Any]]:
    """Decodes a tile to its layers, coordinates as in the tile, y down."""
    try:
        import mapbox_vector_tile
        from google.protobuf.message import DecodeError
    except ImportError as error:
        raise _extra_missing(path) from error

    def decode(tile: Tile) -> Mapping[str, Any]:
        try:
            layers: Mapping[str, Any] = mapbox_vector_tile.decode(
                _unpacked(tile.data), default_options={"y_coord_down": True}
            )
        except (DecodeError, *_BROKEN) as error:
            raise _broken(path) from error
        return layers

    return decode


def _unpacked(data: bytes) -> bytes:
    """A tile without its gzip wrapping; ValueError if it is too large or cut off."""
    if data[:2] != b"\x1f\x8b":
        return data
    unpacker = zlib.decompressobj(wbits=31)
    plain = unpacker.decompress(data, TILE_BYTES_MAX)
    if not unpacker.eof:
        raise ValueError("tile too large or cut off")
    return plain


def _content(tile: Tile, layers: Mapping[str, Any]) -> Iterator[tuple[Description, BaseGeometry]]:
    """What a tile holds and is of use, in EPSG:3857, cut at its border."""
    known = any(name in SCHEMA for name in layers)
    border = shapely.box(*tile.bounds)
    for name, layer in layers.items():
        if known and name not in SCHEMA:
            continue
        for feature in layer["features"]:
            shape = _shape(feature["geometry"], tile, max(1, int(layer["extent"])))
            if shape is None:
                continue
            description = describe(name, feature["properties"], shape.geom_type, tile[:3])
            if description is None:
                continue
            if description.layer is FeatureLayer.BUILDING:
                if shapely.intersects(border, shapely.centroid(shape)):
                    yield description, shape
                continue
            shape = shapely.intersection(shape, border)
            if not shape.is_empty:
                yield description, shape


def _shape(geometry: Mapping[str, Any], tile: Tile, extent: int) -> BaseGeometry | None:
    """A geometry on the ground; None for what has shrunk to nothing in the tile's grid."""
    west, _, east, north = tile.bounds
    try:
        shape = geometry_of(geometry)
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError):
        return None
    if shape.is_empty:
        return None
    step = (east - west) / extent
    shape = shapely.transform(shape, lambda dots: dots * (step, -step) + (west, north))
    return shape if shapely.is_valid(shape) else shapely.make_valid(shape)
