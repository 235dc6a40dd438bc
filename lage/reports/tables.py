# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Entries for other programs: CSV for Excel, GeoJSON for maps, JSON for everything else.

CSV has ``;`` between cells, a byte order mark, and decimal commas, as German Excel opens it by a
double click. A cell that begins like a formula gets an apostrophe before it, so that text from
the network is never calculated.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from lage.kinds.model import Progress, Query, Record
from lage.kinds.reader import ViewContext
from lage.kinds.schema import SCHEMA
from lage.language.epoch import to_unix
from lage.language.guard import guarded
from lage.language.plain import plain_lines
from lage.language.tactical import local
from lage.views.scale import exact, unit_of
from lage.views.stock import StockLine
from lage.views.words import label_of
from sync.schema.definition import (
    EntityId,
    Flag,
    Many,
    Member,
    Moment,
    Point,
    Position,
    Ref,
    Scalar,
    ScalarType,
    Value,
)

PAGE = 500


def all_records(
    context: ViewContext, kind: str, progress: Progress | None = None
) -> Iterator[Record]:
    """Every entity of a kind, oldest first, read page by page."""
    query = Query(kind, order="entered", descending=False)
    total, offset = context.reader.count(query), 0
    while True:
        window = Query(kind, order="entered", descending=False, limit=PAGE, offset=offset)
        rows = context.reader.select(window)
        yield from rows
        offset += len(rows)
        if progress:
            progress(min(offset, total), total)
        if len(rows) < PAGE:
            return


def csv_of(
    kind: str, records: Iterable[Record], context: ViewContext, *, exercise: bool = False
) -> bytes:
    """A table of all fields."""
    fields = SCHEMA.by_name[kind].fields
    titles = ["Netz", "Nr.", "Stelle", "Eintrag", "Ereigniszeit"]
    for field in fields:
        if isinstance(field.type, Position):
            titles += ["Breite", "Länge"]
        elif field.name != "at":
            titles.append(label_of(kind, field.name))
    titles += ["Einheit"] if _measured(kind) else []
    return table_csv(titles, (_row(record, context) for record in records), exercise=exercise)


def _row(record: Record, context: ViewContext) -> list[str]:
    row = [
        context.network,
        context.directory.label(record),
        context.directory.name(record.id.author),
        _excel_time(record.time),
        _excel_time(record.event_time),
    ]
    for field in SCHEMA.by_name[record.kind].fields:
        value = record.values.get(field.name)
        if isinstance(field.type, Position):
            row += _degrees(value)
        elif field.name != "at":
            number = exact(record, field.name, context)
            row.append(
                _cell(field.type, value, context)
                if number is None
                else str(number).replace(".", ",")
            )
    return [*row, unit_of(record, context)] if _measured(record.kind) else row


def _measured(kind: str) -> bool:
    """Whether entries are values of a gauge: their unit travels with them."""
    return "gauge" in SCHEMA.by_name[kind].by_name


def stock_csv(lines: Sequence[StockLine], *, exercise: bool = False) -> bytes:
    """Balances with the columns that ``lage import material`` takes, and whether it is enough."""
    rows = [
        [
            line.item,
            line.place,
            str(line.amount),
            line.unit,
            "" if line.minimum is None else str(line.minimum),
            "ja" if line.short else "",
        ]
        for line in lines
    ]
    return table_csv(("Material", "Ort", "Bestand", "Einheit", "Mindestbestand", "zu wenig"), rows,
                  exercise=exercise)  # fmt: skip


def stock_json(lines: Sequence[StockLine], *, exercise: bool = False) -> bytes:
    """Balances as ``lage material liste --json`` gives them."""
    mark = {"uebung": True} if exercise else {}
    return json.dumps(
        [mark | line.plain() for line in lines], ensure_ascii=False, indent=1
    ).encode()


def table_csv(titles: Sequence[str], rows: Iterable[Sequence[str]], *, exercise: bool) -> bytes:
    """Cells as German Excel opens them; in an exercise every line says so."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    mark = ["ÜBUNG"] if exercise else []
    writer.writerow([*mark, *titles])
    for row in rows:
        writer.writerow([*mark, *map(_harmless, row)])
    return target.getvalue().encode("utf-8-sig")


def geojson_of(
    kind: str, records: Iterable[Record], context: ViewContext, *, exercise: bool = False
) -> bytes:
    """A FeatureCollection (RFC 7946) of the entries that have a place on the ground."""
    features = []
    for record in records:
        geometry = _geometry(record)
        if geometry is not None:
            properties = _object(record, context, exercise=exercise)
            features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def json_of(
    kind: str, records: Iterable[Record], context: ViewContext, *, exercise: bool = False
) -> bytes:
    """A list of all entries with all fields; times in UTC."""
    document = [_object(record, context, exercise=exercise) for record in records]
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _geometry(record: Record) -> dict[str, Any] | None:
    point = record.point()
    if point is not None:
        return {"type": "Point", "coordinates": _lon_lat(point)}
    ring = [_lon_lat(corner) for corner in record.corners()]
    if len(ring) >= 3:
        return {"type": "Polygon", "coordinates": [_counter_clockwise([*ring, ring[0]])]}
    return None


def _counter_clockwise(ring: Sequence[list[float]]) -> list[list[float]]:
    """RFC 7946 wants outer rings counter-clockwise."""
    doubled = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in itertools.pairwise(ring))
    return list(ring) if doubled <= 0 else list(reversed(ring))


def _lon_lat(point: Point) -> list[float]:
    return [point.lon_e4 / 10_000, point.lat_e4 / 10_000]


def _object(record: Record, context: ViewContext, *, exercise: bool) -> dict[str, Any]:
    kind = SCHEMA.by_name[record.kind]
    return {
        **({"uebung": True} if exercise else {}),
        "netz": context.network,
        "id": f"{record.id.author}:{record.id.number}",
        "nr": context.directory.label(record),
        "stelle": context.directory.name(record.id.author),
        "eintrag": _utc(record.time),
        "ereignis": _utc(record.event_time),
        **{
            name: number
            if (number := exact(record, name, context)) is not None
            else _plain(kind.by_name[name].type, value, context)
            for name, value in record.values.items()
        },
        **({"unit": unit_of(record, context)} if _measured(record.kind) else {}),
    }


def _plain(kind: object, value: Value, context: ViewContext) -> Any:
    if isinstance(value, Point):
        return _lon_lat(value)
    if isinstance(value, EntityId):
        return f"{value.author}:{value.number}"
    if isinstance(value, tuple):
        item = kind.item if isinstance(kind, Many) else kind
        return [_plain(item, part, context) for part in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(kind, Moment) and isinstance(value, int):
        return _utc(value)
    if isinstance(kind, Member) and isinstance(value, int):
        return context.directory.name(value)
    return value


def _utc(time: int) -> str:
    return datetime.fromtimestamp(to_unix(time), UTC).isoformat().replace("+00:00", "Z")


def _excel_time(time: int) -> str:
    """Local time; the second of two equal hours at the clock change is marked as everywhere."""
    at = local(time)
    return f"{at:%d.%m.%Y %H:%M}{'B' if at.fold else ''}"


def _degrees(value: Value | None) -> list[str]:
    if not isinstance(value, Point):
        return ["", ""]
    parts = (value.lat_e4 / 10_000, value.lon_e4 / 10_000)
    return [f"{part:.4f}".replace(".", ",") for part in parts]


def _cell(kind: object, value: Value | None, context: ViewContext) -> str:
    if value is None:
        return ""
    if isinstance(kind, Many):
        assert isinstance(value, tuple)
        return ", ".join(_one(kind.item, part, context) for part in value)
    assert not isinstance(value, tuple) or isinstance(value, EntityId)
    return _one(kind, value, context)


def _one(kind: ScalarType | object, value: Scalar, context: ViewContext) -> str:
    if isinstance(kind, Flag):
        return "ja"
    if isinstance(kind, Member) and isinstance(value, int):
        return context.directory.name(value)
    if isinstance(kind, Moment) and isinstance(value, int):
        return _excel_time(value)
    if isinstance(kind, Ref) and isinstance(value, EntityId):
        found = context.reader.get(value)
        return context.directory.label(found) if found else f"{value.author}:{value.number}"
    if isinstance(value, Point):
        return " ".join(_degrees(value))
    return value.hex() if isinstance(value, bytes) else str(value)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, no terminal for a command.

    Plain numbers stay numbers, and line breaks what they are; control characters become visible
    signs.
    """
    return guarded(plain_lines(cell))
