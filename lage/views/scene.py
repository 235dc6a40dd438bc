# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The situation on the map: markers and areas for ``maps.draw.render``, from what staffs wrote.

Keys of markers are entities, so that a screen can open what the cursor is on; those of radio nodes
are of a kind of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from lage.kinds.model import Query, Record, Where
from lage.kinds.projection import fold_text
from lage.kinds.reader import ViewContext
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.store.charts import position_of
from lage.views.gauges import gauge_views
from lage.views.network import NetworkView
from lage.views.overview import OPEN_INCIDENT
from maps.draw.scene import Area, AreaKind, Marker
from maps.draw.signs import SIGNS, Mark
from maps.geo.projection import Position
from sync.schema.definition import Point

if TYPE_CHECKING:
    from maps.read.layers import Municipality

MARKERS_MAX = 2000
HEARD_S = 2 * 3600
"""A radio node that was silent for longer carries the mark of a failure."""
AREAS_MAX = 200

_AREA_KINDS = {
    "überflutet": AreaKind.FLOODED,
    "evakuiert": AreaKind.EVACUATED,
    "Gefahrenbereich": AreaKind.DANGER,
    "gesperrt": AreaKind.CLOSED,
    "Einsatzabschnitt": AreaKind.SECTION,
}
_ORGANISATIONS = {
    "feuerwehr": "feuerwehr",
    "thw": "thw",
    "polizei": "polizei",
    "bundeswehr": "bundeswehr",
    "drk": "hiorg",
    "mhd": "hiorg",
    "juh": "hiorg",
    "dlrg": "hiorg",
    "asb": "hiorg",
    "relais": "funkknoten",
    "funkknoten": "funkknoten",
}
_GRAVITY = {"kritisch": 4, "hoch": 3, "mittel": 2, "niedrig": 1}
_LEVELS = (Mark.NONE, Mark.LEVEL_1, Mark.LEVEL_2, Mark.LEVEL_3)


class RadioNode(NamedTuple):
    """Key of the marker where a staff's radio stands."""

    member: int


def markers(context: ViewContext) -> tuple[Marker, ...]:
    """Everything with a coordinate: incidents, gauges, units, shelters."""
    found = [_incident(row, context) for row in _located(context, "incident", OPEN_INCIDENT)]
    found += [_unit(row) for row in _located(context, "unit")]
    found += [_shelter(row) for row in _located(context, "shelter")]
    for view in gauge_views(context):
        point = view.record.values.get("point") if view.record else None
        if view.record is not None and isinstance(point, Point):
            latest = view.latest
            value = f" {view.show(latest.value)} {view.unit}" if latest else ""
            found.append(
                Marker(
                    view.record.id,
                    "pegel",
                    position_of(point),
                    f"{plain(view.name)}{value}",
                    _LEVELS[view.level],
                    1 + view.level,
                )
            )
    return tuple(found[:MARKERS_MAX])


def radio_nodes(
    network: NetworkView, context: ViewContext, towns: Sequence[Municipality]
) -> tuple[Marker, ...]:
    """The radio of every active staff, drawn at the town that its name tells.

    Radios do not say where they stand; staffs named after no town of the county are not shown.
    Relays elsewhere are entered as a unit of the organisation "Relais".
    """
    seen = {node.member: node for node in network.nodes}
    found = []
    for staff in context.directory.staffs:
        town = _town_in(staff.name, towns)
        if not staff.active or town is None:
            continue
        node = seen.get(staff.number)
        if staff.number == context.me:
            state = network.radio.headline
            mark = Mark.NONE if network.radio.connected else Mark.FAILED
        elif node is None or node.heard is None:
            state, mark = "noch nie gehört", Mark.SUSPECTED
        else:
            state = f"gehört {clock(node.heard, context.now)}"
            mark = Mark.NONE if context.now - node.heard <= HEARD_S else Mark.FAILED
        note = f"Funkknoten {plain(staff.name)}, {state}"
        key = RadioNode(staff.number)
        found.append(Marker(key, "funkknoten", town.centre, staff.code, mark, note=note))
    return tuple(found)


def _town_in(name: str, towns: Sequence[Municipality]) -> Municipality | None:
    """The town whose name stands in a staff's name as whole words; of several the longest."""
    words = f" {fold_text(name)} "
    fitting = [town for town in towns if f" {fold_text(town.name)} " in words]
    return max(fitting, key=lambda town: len(town.name), default=None)


def areas(context: ViewContext) -> tuple[Area, ...]:
    """All areas that are in force."""
    rows = context.reader.select(
        Query("area", (Where("status", "!=", "aufgehoben"),), limit=AREAS_MAX)
    )
    found = []
    for row in rows:
        outline = row.values["outline"]
        assert isinstance(outline, tuple)
        corners = tuple(position_of(point) for point in outline if isinstance(point, Point))
        kind = _AREA_KINDS.get(str(row.values["type"]), AreaKind.OTHER)
        label = plain(str(row.values.get("name") or row.values["type"]))
        found.append(Area(row.id, kind, corners, label))
    return tuple(found)


def _located(context: ViewContext, kind: str, where: tuple[Where, ...] = ()) -> list[Record]:
    query = Query(kind, (*where, Where("point", "known")), limit=MARKERS_MAX)
    return context.reader.select(query)


def _incident(row: Record, context: ViewContext) -> Marker:
    kind, priority = str(row.values["type"]), str(row.values.get("priority", "mittel"))
    key = fold_text(kind).replace(" ", "_")
    status = str(row.values["status"])
    mark = Mark.ACUTE if priority == "kritisch" else Mark.NONE
    if status in ("in Arbeit", "unter Kontrolle"):
        mark = Mark.WORKING
    return Marker(
        row.id,
        key if key in SIGNS else "vorfall",
        _point(row),
        f"{context.directory.label(row)} {kind}",
        mark,
        4 + _GRAVITY.get(priority, 2),
    )


def _unit(row: Record) -> Marker:
    organisation = fold_text(str(row.values.get("organisation", "")))
    sign = next((s for name, s in _ORGANISATIONS.items() if name in organisation), "einheit")
    return Marker(row.id, sign, _point(row), plain(str(row.values["name"])), priority=3)


def _shelter(row: Record) -> Marker:
    name = plain(str(row.values["name"]))
    return Marker(row.id, "notunterkunft", _point(row), name, priority=2)


def _point(row: Record) -> Position:
    point = row.values["point"]
    assert isinstance(point, Point)
    return position_of(point)
