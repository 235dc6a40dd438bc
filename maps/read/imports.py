# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading map files of others: GeoJSON, GeoPackage (VG250, DVG and any other), census, tiles.

An import takes all of a file or nothing. Every bad line or feature is listed with its number and
reason, so that the GIS department can mend it in one go. What is not wrong but simply elsewhere
(a file of the whole country) is left out and counted. Rings that cross themselves are repaired
and counted, because official flood maps have them.

What was taken is projected to EPSG:25832, simplified to ``SIMPLIFY_M`` (boundaries of
municipalities stay as they are, or gaps would open between them; streets and houses keep more) and
saved as a pack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyproj.exceptions
import shapely

from maps.geo.errors import ImportRefusedError, Problem
from maps.geo.features import Feature, FeatureLayer, within_map
from maps.geo.projection import project, transformer
from maps.read import pack as packs
from maps.read.builtin import builtin_features
from maps.read.census import read_census
from maps.read.fields import Facts, facts, is_municipal
from maps.read.files import regular_size
from maps.read.geojson import read_geojson
from maps.read.geopackage import decode_blob
from maps.read.pack import GeopackageTable, Pack

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

REGION = (335_000.0, 5_725_000.0, 470_000.0, 5_850_000.0)
"""West, south, east, north in EPSG:25832: Kreis Steinfurt with 30 km around it."""
COUNTY_KEY = "05566"
FILE_BYTES_MAX = 512 * 1024 * 1024
VERTICES_MAX = 250_000
"""More would slow down every frame; a flood map clipped to a county has fewer."""
SIMPLIFY_M = 5.0
_FINER_M = {FeatureLayer.ROAD: 2.0, FeatureLayer.BUILDING: 1.0}
STREET_VERTICES_MAX = 3_000_000
"""For tiles: of streets and houses a picture looks up only what it shows."""
TILE_REGION = (365_000.0, 5_755_000.0, 440_000.0, 5_820_000.0)
"""Streets are taken for the county and 5 km around it only."""

_GAUSS_KRUEGER = (31466, 31467, 31468, 31469)
_TYPES = {
    "Point": FeatureLayer.PLACE,
    "MultiPoint": FeatureLayer.PLACE,
    "LineString": FeatureLayer.LINE,
    "MultiLineString": FeatureLayer.LINE,
    "Polygon": FeatureLayer.AREA,
    "MultiPolygon": FeatureLayer.AREA,
}
_PLACE = FeatureLayer.PLACE
_NEEDS = {FeatureLayer.ROAD: FeatureLayer.LINE, FeatureLayer.BUILDING: FeatureLayer.AREA}
_TILES = (".mbtiles", ".pmtiles")
_Raw = tuple["BaseGeometry | str", dict[str, object]]
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Nobody waits."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, for the user."""

    path: Path  # the pack
    title: str
    taken: dict[FeatureLayer, int]
    cells: int  # of the census grid
    outside: int  # good ones beyond the region
    notes: tuple[str, ...]  # German sentences


@dataclass(slots=True)
class _Collected:
    features: list[Feature] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    outside: int = 0
    repaired: int = 0


def import_file(
    path: Path,
    folder: Path,
    *,
    layer: FeatureLayer | None = None,
    table: str | None = None,
    county_key: str = COUNTY_KEY,
    region: tuple[float, float, float, float] = REGION,
    attribution: str = "",
    progress: Progress = _silent,
) -> ImportReport:
    """Read a map file and save it as a pack in ``folder``.

    ``layer`` says what the features are where the file does not; by default official boundaries
    are recognised by their columns, and points become places, lines lines, polygons areas.
    ``table`` picks a table of a GeoPackage. Raises ImportRefusedError, with all problems, when
    nothing was imported; OSError as the file system does.
    """
    if regular_size(path) > FILE_BYTES_MAX:
        raise ImportRefusedError(
            f"{path.name} ist größer als {FILE_BYTES_MAX >> 20} MB; "
            "bitte auf den Kreis zuschneiden."
        )
    kind = path.suffix.casefold()
    if kind == ".csv":
        return _import_census(path, folder, region, attribution)
    if kind in _TILES:
        return _import_tiles(path, folder, county_key, attribution, progress)
    if kind in (".geojson", ".json"):
        epsg, raws = read_geojson(_text(path))
        columns = {column for _, values in raws for column in values}
    elif kind == ".gpkg":
        chosen = _table(path, table)
        epsg, columns = chosen.epsg or 0, set(chosen.columns)
        raws = [(decode_blob(blob), values) for blob, values in packs.geopackage_rows(path, chosen)]
    else:
        raise ImportRefusedError(
            f"{path.name}: Eingelesen werden GeoJSON (.geojson), GeoPackage (.gpkg), Vektorkacheln "
            "(.mbtiles, .pmtiles) und das Zensus-Gitter (.csv); bitte in eines davon umwandeln "
            "lassen."
        )
    municipal = layer is FeatureLayer.MUNICIPALITY or (layer is None and is_municipal(columns))
    collected = _collect(raws, epsg, region, layer, county_key if municipal else None)
    _check(path, collected)
    title = path.stem if table is None else f"{path.stem} {table}"
    saved = packs.write_pack(
        folder, Pack(title, tuple(collected.features), attribution=attribution)
    )
    return _report(saved, title, collected, epsg)


def _collect(
    raws: Iterable[_Raw],
    epsg: int,
    region: tuple[float, float, float, float],
    layer: FeatureLayer | None,
    county_key: str | None,
) -> _Collected:
    """Check and project all features; with ``county_key`` they are municipalities."""
    try:
        transformer(epsg, 25832)
    except pyproj.exceptions.ProjError as error:
        raise ImportRefusedError(
            "Das Koordinatensystem der Datei ist unbekannt; bitte als EPSG:25832 oder WGS84 "
            "ausgeben."
        ) from error
    collected = _Collected()
    for number, (geometry, values) in enumerate(raws, start=1):
        repaired = False
        shape = geometry
        if not isinstance(geometry, str):
            shape = _projected(geometry, epsg)
        if not isinstance(shape, str) and not shapely.is_valid(shape):
            shape, repaired = _repaired(shape), True
        if isinstance(shape, str):
            collected.problems.append(Problem(number, shape))
            continue
        columns = facts(values)
        target = layer or _TYPES[shape.geom_type]
        if county_key is not None:
            target = _municipal_layer(columns, county_key)
        reason = _misfit(target, shape, columns)
        if reason:
            collected.problems.append(Problem(number, reason))
            continue
        shape = _clipped(shape, target, region) if columns.land else shapely.Point()
        if shape.is_empty:
            collected.outside += 1
            continue
        collected.repaired += repaired
        collected.features.append(
            Feature(
                target,
                columns.name,
                shape,
                key=columns.key,
                kind=columns.kind,
                population=columns.people,
            )
        )
    return collected


def _projected(geometry: BaseGeometry, epsg: int) -> BaseGeometry | str:
    """The shape in EPSG:25832, or the German reason why it cannot be used."""
    if geometry.geom_type not in _TYPES:
        return f"Geometrie der Art {geometry.geom_type} wird nicht unterstützt"
    points = shapely.get_coordinates(geometry)
    if not len(points):
        return "die Geometrie ist leer"
    if not np.isfinite(points).all():
        return "eine Koordinate ist keine endliche Zahl"
    if epsg == 4326 and (np.abs(points) > (180, 90)).any():
        return "Koordinaten sind keine Grad (Länge, Breite)"
    shape: BaseGeometry = shapely.transform(
        shapely.force_2d(geometry), lambda xy: project(xy[:, 0], xy[:, 1], epsg)
    )
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return "Koordinaten liegen außerhalb des Koordinatensystems"
    return shape


def _municipal_layer(columns: Facts, county_key: str) -> FeatureLayer:
    ours = columns.key.startswith(county_key)
    return FeatureLayer.MUNICIPALITY if ours else FeatureLayer.NEIGHBOUR


def _misfit(target: FeatureLayer, shape: BaseGeometry, columns: Facts) -> str:
    """Why a shape cannot be what it is meant to be; empty if it can."""
    natural = _TYPES[shape.geom_type]
    if target in (FeatureLayer.MUNICIPALITY, FeatureLayer.NEIGHBOUR):
        if natural is not FeatureLayer.AREA:
            return "eine Gemeinde muss eine Fläche sein"
        if len(columns.key) != 8 or not columns.key.isdigit():
            return "der Gemeindeschlüssel (AGS) hat nicht acht Ziffern"
        if not columns.name:
            return "der Name der Gemeinde fehlt"
    elif target is FeatureLayer.WATER:
        if natural is FeatureLayer.PLACE:
            return "ein Gewässer muss Linie oder Fläche sein"
    elif _NEEDS.get(target, target) is not natural:
        return f"{shape.geom_type} passt nicht zur gewählten Art {target.value}"
    return "" if target is not FeatureLayer.PLACE or columns.name else "der Name des Ortes fehlt"


def _repaired(shape: BaseGeometry) -> BaseGeometry | str:
    """A polygon whose rings cross, made valid; or the German reason why that is impossible."""
    parts = shapely.get_parts(shapely.make_valid(shape))
    polygons = [part for part in parts if part.geom_type.endswith("Polygon")]
    if _TYPES[shape.geom_type] is not FeatureLayer.AREA or not polygons:
        return "die Form hat keine Ausdehnung"
    united: BaseGeometry = shapely.union_all(polygons)
    return united


def _clipped(
    shape: BaseGeometry, target: FeatureLayer, region: tuple[float, float, float, float]
) -> BaseGeometry:
    """What is kept of a shape: boundaries whole, points one, others cut and simplified."""
    box = shapely.box(*region)
    natural = _TYPES[shape.geom_type]
    if not shapely.intersects(shape, box):
        return shapely.Point()
    if natural is FeatureLayer.PLACE:
        return shapely.point_on_surface(shape)
    if target in (FeatureLayer.MUNICIPALITY, FeatureLayer.NEIGHBOUR):
        return shape
    parts = shapely.get_parts(shapely.intersection(shape, box))
    same = [part for part in parts if _TYPES.get(part.geom_type) is natural]
    return shapely.simplify(shapely.union_all(same), _FINER_M.get(target, SIMPLIFY_M))


def _check(path: Path, collected: _Collected, vertices_max: int = VERTICES_MAX) -> None:
    """Refuse the whole file if anything is wrong with it."""
    if collected.problems:
        count = len(collected.problems)
        raise ImportRefusedError(
            f"{path.name} wurde nicht eingelesen: {count} "
            f"{'Objekt ist' if count == 1 else 'Objekte sind'} fehlerhaft.",
            collected.problems,
        )
    if not collected.features:
        raise ImportRefusedError(
            f"{path.name} enthält nichts im Gebiet des Kreises; bitte Ausschnitt und "
            "Koordinatensystem prüfen."
        )
    if not all(within_map(feature.shape) for feature in collected.features):
        raise ImportRefusedError(
            f"{path.name} reicht über Deutschland und seine Umgebung hinaus; bitte zuschneiden."
        )
    shapes = [feature.shape for feature in collected.features]
    if int(shapely.get_num_coordinates(shapes).sum()) > vertices_max:
        raise ImportRefusedError(
            f"{path.name} hat mehr als {vertices_max} Stützpunkte; bitte vereinfachen lassen."
        )


def _report(saved: Path, title: str, collected: _Collected, epsg: int) -> ImportReport:
    taken: dict[FeatureLayer, int] = {}
    for feature in collected.features:
        taken[feature.layer] = taken.get(feature.layer, 0) + 1
    notes = []
    if collected.outside:
        notes.append(f"{collected.outside} Objekte außerhalb des Gebiets wurden ausgelassen.")
    if collected.repaired:
        notes.append(f"{collected.repaired} Flächen mit Selbstüberschneidung wurden repariert.")
    if epsg in _GAUSS_KRUEGER:
        notes.append("Gauß-Krüger-Koordinaten sind auf 1 bis 3 m genau umgerechnet.")
    return ImportReport(saved, title, taken, 0, collected.outside, tuple(notes))


def _import_census(
    path: Path,
    folder: Path,
    region: tuple[float, float, float, float],
    attribution: str,
) -> ImportReport:
    west, south, east, north = transformer(25832, 3035).transform_bounds(*region)
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        reading = read_census(_bounded(lines), (west, south, east, north))
    if reading.problems:
        count = len(reading.problems)
        raise ImportRefusedError(
            f"{path.name} wurde nicht eingelesen: {count} "
            f"{'Zeile ist' if count == 1 else 'Zeilen sind'} fehlerhaft.",
            reading.problems,
        )
    if reading.census is None or not len(reading.census.people):
        raise ImportRefusedError(
            f"{path.name} enthält keine Zelle im Gebiet des Kreises; bitte die Datei prüfen."
        )
    saved = packs.write_pack(
        folder, Pack(path.stem, census=reading.census, attribution=attribution)
    )
    notes = (
        (f"{reading.outside} Zellen außerhalb des Gebiets wurden ausgelassen.",)
        if reading.outside
        else ()
    )
    return ImportReport(saved, path.stem, {}, len(reading.census.people), reading.outside, notes)


def _import_tiles(
    path: Path, folder: Path, county_key: str, attribution: str, progress: Progress
) -> ImportReport:
    """Streets, houses and waters by the schema of the tiles; anything else by its columns."""
    from maps.read.tiles import MERCATOR, read_tiles

    collected = _Collected()
    for layer, shapes in read_tiles(path, TILE_REGION, progress).items():
        municipal = layer is None and is_municipal({name for _, row in shapes for name in row})
        part = _collect(shapes, MERCATOR, TILE_REGION, layer, county_key if municipal else None)
        collected.features += part.features
        collected.problems += part.problems
        collected.outside += part.outside
    shipped = {feature.name for feature in builtin_features() if feature.layer is _PLACE}
    collected.features = [
        feature
        for feature in collected.features
        if feature.layer is not _PLACE or feature.name not in shipped
    ]
    _check(path, collected, STREET_VERTICES_MAX)
    pack = Pack(path.stem, tuple(collected.features), attribution=attribution)
    return _report(packs.write_pack(folder, pack), path.stem, collected, MERCATOR)


def _bounded(lines: Iterable[str]) -> Iterable[str]:
    """Lines cut to a length no census line has, so that a bad one stays short in messages."""
    return (line[:500] for line in lines)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefusedError(
            f"{path.name} ist nicht in UTF-8 gespeichert; bitte neu ausgeben lassen."
        ) from error


def _table(path: Path, wanted: str | None) -> GeopackageTable:
    """The table to read: the named one, the municipalities of VG250, or the only one."""
    tables = packs.geopackage_tables(path)
    matching = [table for table in tables if table.name == wanted]
    if wanted is None:
        matching = [table for table in tables if table.name.casefold() == "vg250_gem"]
        matching = matching or (list(tables) if len(tables) == 1 else [])
    if not matching:
        names = _listed([table.name for table in tables])
        raise ImportRefusedError(
            f"Bitte eine Tabelle von {path.name} wählen; vorhanden sind: {names}."
        )
    if matching[0].epsg is None:
        raise ImportRefusedError(
            f"Das Koordinatensystem von {path.name} ist unbekannt; bitte als EPSG:25832 ausgeben."
        )
    return matching[0]


def _listed(names: Sequence[str], limit: int = 20) -> str:
    if not names:
        return "keine"
    return ", ".join(names[:limit]) + (" …" if len(names) > limit else "")
