# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The situation as markers and areas for the map. Pure; keys are ``author:number``."""

from __future__ import annotations

from collections.abc import Iterator

from lage.model import Query, Record, Where
from lage.projection import fold_text
from lage.views.gauges import gauge_view
from lage.views.overview import OPEN_INCIDENT
from lage.views.reader import ViewContext
from lage.views.words import plain
from maps.geo import Position
from maps.scene import Area, AreaKind, Marker
from maps.signs import SIGNS, Mark
from sync.schema import EntityId, Point

EACH_MAX = 500
"""Markers of one kind; beyond that a map is unreadable and the list is the better view."""

_INCIDENT_MARKS = {"in Arbeit": Mark.WORKING, "unter Kontrolle": Mark.DONE}
_PRIORITIES = {"kritisch": 3, "hoch": 2, "mittel": 1}
_LEVELS = (Mark.NONE, Mark.LEVEL_1, Mark.LEVEL_2, Mark.LEVEL_3)
_ORGANISATIONS = {
    "feuerwehr": "feuerwehr", "thw": "thw", "polizei": "polizei", "bundespolizei": "polizei",
    "bundeswehr": "bundeswehr", "drk": "hiorg", "mhd": "hiorg", "juh": "hiorg", "dlrg": "hiorg",
    "asb": "hiorg", "rettungsdienst": "hiorg",
}  # fmt: skip


def key_of(entity: EntityId) -> str:
    """Name of an entity on the map."""
    return f"{entity.author}:{entity.number}"


def entity_of(key: str) -> EntityId | None:
    """Inverse of ``key_of``; None for other keys."""
    author, _, number = key.partition(":")
    return EntityId(int(author), int(number)) if author.isdigit() and number.isdigit() else None


def position_of(point: Point) -> Position:
    """A point of the log on the map."""
    return Position(point.lat_e4 / 10_000, point.lon_e4 / 10_000)


def point_of(position: Position) -> str:
    """A position as it is typed into a form."""
    return f"{position.lat:.4f}, {position.lon:.4f}"


def markers(context: ViewContext) -> tuple[Marker, ...]:
    """Everything with a coordinate that is not done."""
    return (*_incidents(context), *_gauges(context), *_units(context), *_shelters(context))


def areas(context: ViewContext) -> tuple[Area, ...]:
    """Areas that hold, oldest below."""
    query = Query("area", (Where("status", "!=", "aufgehoben"),), order="entered",
                  descending=False, limit=EACH_MAX)  # fmt: skip
    titles = {kind.title: kind for kind in AreaKind}
    found = []
    for row in context.reader.select(query):
        outline = row.values.get("outline")
        corners = outline if isinstance(outline, tuple) else ()
        ring = tuple(position_of(corner) for corner in corners if isinstance(corner, Point))
        name = str(row.values.get("name") or row.values["type"])
        kind = titles.get(str(row.values["type"]), AreaKind.OTHER)
        found.append(Area(key_of(row.id), kind, ring, plain(name)))
    return tuple(found)


def _located(context: ViewContext, query: Query) -> Iterator[tuple[Record, Position]]:
    for row in context.reader.select(query):
        point = row.values.get("point")
        if isinstance(point, Point):
            yield row, position_of(point)


def _incidents(context: ViewContext) -> Iterator[Marker]:
    query = Query("incident", (*OPEN_INCIDENT, Where("point", "known")), limit=EACH_MAX)
    for row, position in _located(context, query):
        values = row.values
        sign = fold_text(str(values["type"])).replace(" ", "_")
        mark = _INCIDENT_MARKS.get(str(values.get("status")), Mark.NONE)
        if values.get("priority") == "kritisch" and mark is Mark.NONE:
            mark = Mark.ACUTE
        yield Marker(
            key_of(row.id),
            sign if sign in SIGNS else "vorfall",
            position,
            context.directory.label(row),
            mark,
            3 + _PRIORITIES.get(str(values.get("priority")), 0),
        )


def _gauges(context: ViewContext) -> Iterator[Marker]:
    query = Query("gauge", (Where("point", "known"),), limit=EACH_MAX)
    for row, position in _located(context, query):
        name = str(row.values["name"])
        view = gauge_view(context, name, 20)
        latest = view.latest
        shown = f"{plain(name)} {view.show(latest.value)}" if latest else plain(name)
        mark = _LEVELS[view.level]
        yield Marker(key_of(row.id), "pegel", position, shown, mark, 2 + view.level)


def _units(context: ViewContext) -> Iterator[Marker]:
    active = (Where("status", "!=", "außer Dienst"), Where("point", "known"))
    for row, position in _located(context, Query("unit", active, limit=EACH_MAX)):
        organisation = fold_text(str(row.values.get("organisation", "")))
        sign = _ORGANISATIONS.get(organisation, "einheit")
        yield Marker(key_of(row.id), sign, position, plain(str(row.values["name"])), Mark.NONE, 1)


def _shelters(context: ViewContext) -> Iterator[Marker]:
    query = Query(
        "shelter", (Where("status", "!=", "geschlossen"), Where("point", "known")), limit=EACH_MAX
    )
    for row, position in _located(context, query):
        full = row.values.get("status") == "voll"
        name = plain(str(row.values["name"]))
        mark = Mark.ACUTE if full else Mark.NONE
        yield Marker(key_of(row.id), "notunterkunft", position, name, mark, 2)
