# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading map files of others: GeoJSON, GeoPackage (VG250, DVG and any other), census, tiles.

An import takes all of a file or nothing; ``maps.read.collect`` checks it feature by feature. What
was taken is saved as a pack. Maps are taken for the county of the ground that is in use; boundaries
read under another county's key make that county the ground.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import shapely

from maps.geo.errors import Fault, ImportRefusedError, PackError, Refusal
from maps.geo.features import Feature, FeatureLayer, within_map
from maps.geo.projection import transformer
from maps.read import pack as packs
from maps.read.area import AROUND_M, STREETS_AROUND_M, Bounds, County, bounds_of, county_of
from maps.read.census import read_census
from maps.read.collect import Collected, collect
from maps.read.fields import is_municipal
from maps.read.files import regular_size
from maps.read.geojson import read_geojson
from maps.read.geopackage import decode_blob
from maps.read.layers import ground_under, overlay
from maps.read.pack import GeopackageTable, Pack

FILE_BYTES_MAX = 512 * 1024 * 1024
VERTICES_MAX = 250_000
"""More would slow down every frame; a flood map clipped to a county has fewer."""
STREET_VERTICES_MAX = 3_000_000
"""For tiles: of streets and houses a picture looks up only what it shows."""

_GAUSS_KRUEGER = (31466, 31467, 31468, 31469)
_TILES = (".mbtiles", ".pmtiles")
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Nobody waits."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, for the user."""

    path: Path  # the pack
    title: str
    taken: dict[FeatureLayer, int]
    cells: int = 0  # of the census grid
    outside: int = 0  # good ones beyond the region
    repaired: int = 0  # rings that crossed themselves
    coarse: bool = False  # converted from Gauß-Krüger, exact to a few metres
    county: str = ""  # name of the county that is the ground from now on


@dataclass(frozen=True, slots=True)
class _Job:
    """One file on its way into a folder."""

    path: Path
    folder: Path
    county: County
    attribution: str
    progress: Progress

    def save(self, title: str, features: Sequence[Feature] = (), **more: object) -> Path:
        pack = Pack(title, tuple(features), attribution=self.attribution, **more)  # type: ignore[arg-type]
        return packs.write_pack(self.folder, pack)


def import_file(
    path: Path,
    folder: Path,
    *,
    layer: FeatureLayer | None = None,
    table: str | None = None,
    county: County | None = None,
    attribution: str = "",
    progress: Progress = _silent,
) -> ImportReport:
    """Read a map file and save it as a pack in ``folder``.

    ``layer`` says what the features are where the file does not; by default official boundaries
    are recognised by their columns, and points become places, lines lines, polygons areas.
    ``table`` picks a table of a GeoPackage. ``county``: whose boundaries are read, if not those of
    the ground in use. Raises ImportRefusedError, with all problems, when nothing was imported;
    PackError for a pack of ours that cannot be read; OSError as the file system does.
    """
    if regular_size(path) > FILE_BYTES_MAX:
        raise ImportRefusedError(Refusal.TOO_BIG, path.name, str(FILE_BYTES_MAX >> 20))
    ground = _ground(folder)
    known = county_of(ground)
    if county is None or (county.key == known.key and not county.bounds):
        county = replace(known, name=county.name or known.name) if county else known
    job = _Job(path, folder, county, attribution, progress)
    kind = path.suffix.casefold()
    if kind == packs.SUFFIX:
        return _import_pack(job)
    if kind == ".csv":
        return _import_census(job)
    if kind in _TILES:
        return _import_tiles(job, {f.name for f in ground if f.layer is FeatureLayer.PLACE})
    if kind in (".geojson", ".json"):
        epsg, raws = read_geojson(_text(path))
        columns = {column for _, values in raws for column in values}
    elif kind == ".gpkg":
        chosen = _table(path, table)
        epsg, columns = chosen.epsg or 0, set(chosen.columns)
        raws = [(decode_blob(blob), values) for blob, values in packs.geopackage_rows(path, chosen)]
    else:
        raise ImportRefusedError(Refusal.UNKNOWN_FORMAT, path.name)
    title = path.stem if table is None else f"{path.stem} {table}"
    if layer is FeatureLayer.MUNICIPALITY or (layer is None and is_municipal(columns)):
        collected = _bounded(job, collect(raws, epsg, None, layer, job.county.key))
    else:
        collected = collect(raws, epsg, _region(job, AROUND_M), layer, None)
    _check(path, collected)
    return _report(job.save(title, collected.features), title, collected, epsg)


def _ground(folder: Path) -> list[Feature]:
    """Boundaries and places in use. A damaged pack is left out: reading its file anew mends it."""
    found: list[tuple[Feature, ...]] = []
    for path in packs.list_packs(folder):
        try:
            found.append(packs.read_pack(path, ground_only=True).features)
        except PackError:
            continue
    features = ground_under(found)
    for added in found:
        features = overlay(features, added)
    return features


def _region(job: _Job, around_m: float) -> Bounds:
    """How far maps are taken. Raises ImportRefusedError for a county without boundaries yet."""
    region = job.county.around(around_m)
    if region is None:
        raise ImportRefusedError(Refusal.NO_KEYS, job.path.name, job.county.key)
    return region


def _bounded(job: _Job, collected: Collected) -> Collected:
    """Municipalities with the county that they make; of its neighbours those around it."""
    towns = [f for f in collected.features if f.layer is FeatureLayer.MUNICIPALITY]
    flaws = {problem.flaw.fault for problem in collected.problems}
    if flaws == {Fault.MUNICIPALITY_KEYLESS} and not collected.features:
        raise ImportRefusedError(Refusal.NO_KEYS, job.path.name, job.county.key)
    if collected.problems:
        return collected
    if not towns:
        raise ImportRefusedError(Refusal.NO_COUNTY, job.path.name, job.county.key)
    region = County("", "", bounds_of(towns)).around(AROUND_M)
    assert region is not None
    box = shapely.box(*region)
    near = [f for f in collected.features if shapely.intersects(f.shape, box)]
    collected.outside += len(collected.features) - len(near)
    whole = shapely.union_all([town.shape for town in towns])
    collected.features = [Feature(FeatureLayer.COUNTY, job.county.name, whole), *near]
    return collected


def _check(path: Path, collected: Collected, vertices_max: int = VERTICES_MAX) -> None:
    """Refuse the whole file if anything is wrong with it."""
    if collected.problems:
        raise ImportRefusedError(Refusal.BAD_FEATURES, path.name, problems=collected.problems)
    if not collected.features:
        raise ImportRefusedError(Refusal.NOTHING_HERE, path.name)
    if not all(within_map(feature.shape) for feature in collected.features):
        raise ImportRefusedError(Refusal.TOO_FAR, path.name)
    shapes = [feature.shape for feature in collected.features]
    if int(shapely.get_num_coordinates(shapes).sum()) > vertices_max:
        raise ImportRefusedError(Refusal.TOO_DETAILED, path.name, str(vertices_max))


def _report(saved: Path, title: str, collected: Collected, epsg: int = 0) -> ImportReport:
    taken: dict[FeatureLayer, int] = {}
    county = ""
    for feature in collected.features:
        if feature.layer is FeatureLayer.COUNTY:
            county = feature.name
        else:
            taken[feature.layer] = taken.get(feature.layer, 0) + 1
    coarse = epsg in _GAUSS_KRUEGER
    return ImportReport(
        saved, title, taken, 0, collected.outside, collected.repaired, coarse, county
    )


def _import_pack(job: _Job) -> ImportReport:
    """A map that Lage has read elsewhere: one file for all nodes of a county."""
    pack = packs.read_pack(job.path)
    saved = packs.write_pack(job.folder, pack)
    report = _report(saved, pack.title, Collected(list(pack.features)))
    return report if pack.census is None else replace(report, cells=len(pack.census.people))


def _import_census(job: _Job) -> ImportReport:
    region = transformer(25832, 3035).transform_bounds(*_region(job, AROUND_M))
    with job.path.open(encoding="utf-8", errors="replace", newline="") as lines:
        reading = read_census(_shortened(lines), region)
    if reading.problems:
        raise ImportRefusedError(Refusal.BAD_LINES, job.path.name, problems=reading.problems)
    if reading.census is None or not len(reading.census.people):
        raise ImportRefusedError(Refusal.NO_CELL_HERE, job.path.name)
    saved = job.save(job.path.stem, census=reading.census)
    return ImportReport(saved, job.path.stem, {}, len(reading.census.people), reading.outside)


def _import_tiles(job: _Job, known_places: set[str]) -> ImportReport:
    """Streets, houses and waters by the schema of the tiles; anything else by its columns."""
    from maps.read.tiles import MERCATOR, read_tiles

    path, region = job.path, _region(job, STREETS_AROUND_M)
    collected = Collected()
    for layer, shapes in read_tiles(path, region, job.progress).items():
        municipal = layer is None and is_municipal({name for _, row in shapes for name in row})
        part = collect(shapes, MERCATOR, region, layer, job.county.key if municipal else None)
        collected.features += part.features
        collected.problems += part.problems
        collected.outside += part.outside
    collected.features = [
        feature
        for feature in collected.features
        if feature.layer is not FeatureLayer.PLACE or feature.name not in known_places
    ]
    _check(path, collected, STREET_VERTICES_MAX)
    return _report(job.save(path.stem, collected.features), path.stem, collected, MERCATOR)


def _shortened(lines: Iterable[str]) -> Iterable[str]:
    """Lines cut to a length no census line has, so that a bad one stays short in messages."""
    return (line[:500] for line in lines)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefusedError(Refusal.NOT_UTF8, path.name) from error


def _table(path: Path, wanted: str | None) -> GeopackageTable:
    """The table to read: the named one, the municipalities of VG250, or the only one."""
    tables = packs.geopackage_tables(path)
    matching = [table for table in tables if table.name == wanted]
    if wanted is None:
        matching = [table for table in tables if table.name.casefold() == "vg250_gem"]
        matching = matching or (list(tables) if len(tables) == 1 else [])
    if not matching:
        names = _listed([table.name for table in tables])
        raise ImportRefusedError(Refusal.CHOOSE_TABLE, path.name, names)
    if matching[0].epsg is None:
        raise ImportRefusedError(Refusal.UNKNOWN_GRID, path.name)
    return matching[0]


def _listed(names: Sequence[str], limit: int = 20) -> str:
    return ", ".join(names[:limit]) + (" …" if len(names) > limit else "")
