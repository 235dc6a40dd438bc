# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The situation on the map: markers and areas for ``maps.draw.render``, from what staffs wrote.

Keys of markers are entities, so that a screen can open what the cursor is on; those of radio nodes
are of a kind of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lage.kinds.card import MapSign
from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.store.charts import position_of
from lage.views.fence import sound
from lage.views.gauges import gauge_views
from lage.views.network import NetworkView, RadioRow
from maps.draw.scene import Area, AreaKind, Marker
from maps.draw.signs import SIGNS, Mark
from maps.geo.projection import LAT_MAX, LAT_MIN, LON_MAX, LON_MIN, Position

if TYPE_CHECKING:
    from maps.read.layers import Municipality

GAUGE = "gauge"
_WORD = re.compile(r"[\w-]+")
MARKERS_MAX = 2000
HEARD_S = 2 * 3600
"""A radio node that was silent for longer carries the mark of a failure."""
RELAY_S = 7 * 3600
"""The same for a radio without a staff, which speaks of itself every three hours at least."""
AREAS_MAX = 200

_AREA_KINDS = {
    "überflutet": AreaKind.FLOODED,
    "evakuiert": AreaKind.EVACUATED,
    "Gefahrenbereich": AreaKind.DANGER,
    "gesperrt": AreaKind.CLOSED,
    "Einsatzabschnitt": AreaKind.SECTION,
}
_GRAVITY = {"kritisch": 4, "hoch": 3, "mittel": 2, "niedrig": 1}
_LEVELS = (Mark.NONE, Mark.LEVEL_1, Mark.LEVEL_2, Mark.LEVEL_3)


class RadioNode(NamedTuple):
    """Key of the marker where a radio stands."""

    member: int  # negative: no staff's radio, by its number


def markers(context: ViewContext) -> tuple[Marker, ...]:
    """Everything open that has a coordinate and a sign on its card."""
    found: list[Marker] = []
    for kind, card in CARDS.items():
        sign = card.sign
        if sign is not None and kind != GAUGE:
            marker = partial(_marker, sign=sign, context=context)
            found += sound(_located(kind, context), marker, context)
    return tuple([*found, *_gauges(context)][:MARKERS_MAX])


def _located(kind: str, context: ViewContext) -> list[Record]:
    where = (*open_only(kind), Where("point", "known"))
    return context.reader.select(Query(kind, where, limit=MARKERS_MAX))


def _marker(row: Record, sign: MapSign, context: ViewContext) -> Marker:
    point = row.point()
    assert point is not None
    return marker_at(row, sign, position_of(point), context)


def marker_at(row: Record, sign: MapSign, at: Position, context: ViewContext) -> Marker:
    """The sign of an entry at a position."""
    says, card = plain(row.text(sign.text)), CARDS[row.kind]
    label = says if card.letter is None else f"{context.directory.label(row)} {says}"
    weight = sign.weight
    if "priority" in card.kind.by_name:
        weight += _GRAVITY.get(row.text("priority"), _GRAVITY["mittel"])
    return Marker(row.id, _sign_of(row, sign), at, label, _mark_of(row), weight)


def _sign_of(row: Record, sign: MapSign) -> str:
    """The card's sign, or a more special one that a field of the entry tells."""
    said = fold_text(row.text(sign.by))
    if sign.words:
        return next((name for word, name in sign.words.items() if word in said), sign.name)
    key = said.replace(" ", "_")
    return key if key in SIGNS else sign.name


def _mark_of(row: Record) -> Mark:
    """Whether somebody sees to it, else whether it is grave."""
    if row.text("status") in ("in Arbeit", "unter Kontrolle"):
        return Mark.WORKING
    return Mark.ACUTE if row.text("priority") == "kritisch" else Mark.NONE


def _gauges(context: ViewContext) -> list[Marker]:
    """Gauges with their latest value and the level that it has reached."""
    found, sign = [], CARDS[GAUGE].sign
    assert sign is not None
    for view in gauge_views(context):
        point = view.record.point() if view.record else None
        if view.record is not None and point is not None:
            latest, level = view.latest, view.level
            value = f" {view.show(latest.value)} {view.unit}" if latest else ""
            label, weight = f"{plain(view.name)}{value}", sign.weight + level
            place = position_of(point)
            found.append(Marker(view.record.id, sign.name, place, label, _LEVELS[level], weight))
    return found


def radio_nodes(
    network: NetworkView, context: ViewContext, towns: Sequence[Municipality]
) -> tuple[Marker, ...]:
    """The radio of every active staff where it says it stands, else at the town of the staff's
    name; radios without a staff where they say.

    Staffs of no town whose radio says nothing are not shown. A relay that says nothing can be
    entered as a unit of the organisation "Relais".
    """
    seen = {node.member: node for node in network.nodes}
    found = []
    for staff in context.directory.staffs:
        town = town_in(staff.name, towns)
        node = seen.get(staff.number)
        radio = network.own if staff.number == context.me else node.radio if node else None
        place = _place(radio) or (town.centre if town else None)
        if not staff.active or place is None:
            continue
        if staff.number == context.me:
            state = network.radio.headline
            mark = Mark.NONE if network.radio.sends else Mark.FAILED
        elif node is None or node.heard is None:
            state, mark = "noch nie gehört", Mark.SUSPECTED
        else:
            state = f"gehört {clock(node.heard, context.now)}"
            mark = Mark.NONE if context.now - node.heard <= HEARD_S else Mark.FAILED
        told = f", {radio.says}" if radio and radio.says else ""
        note = f"Funkknoten {plain(staff.name)}, {state}{told}"
        key = RadioNode(staff.number)
        found.append(Marker(key, "funkknoten", place, staff.code, mark, note=note))
    return (*found, *_relays(network, context))


def _relays(network: NetworkView, context: ViewContext) -> list[Marker]:
    found = []
    for radio in network.relays:
        place = _place(radio)
        if place is None or radio.heard is None:
            continue
        state = f"gehört {clock(radio.heard, context.now)}"
        note = ", ".join(filter(None, (f"Funkgerät {radio.name}", state, radio.says)))
        mark = Mark.NONE if context.now - radio.heard <= RELAY_S else Mark.FAILED
        key = RadioNode(-radio.number)
        found.append(Marker(key, "funkknoten", place, radio.name, mark, note=note))
    return found


def _place(radio: RadioRow | None) -> Position | None:
    """Where a radio says it stands, as far as the map reaches."""
    if radio is None or radio.place is None:
        return None
    latitude, longitude = radio.place
    inside = LAT_MIN <= latitude <= LAT_MAX and LON_MIN <= longitude <= LON_MAX
    return Position(latitude, longitude) if inside else None


def town_in(name: str, towns: Sequence[Municipality]) -> Municipality | None:
    """The town whose name stands in a text as whole words; of several the longest."""
    words = " ".join(["", *_WORD.findall(fold_text(name)), ""])
    fitting = [town for town in towns if f" {fold_text(town.name)} " in words]
    return max(fitting, key=lambda town: len(town.name), default=None)


def areas(context: ViewContext) -> tuple[Area, ...]:
    """All areas that are in force."""
    rows = context.reader.select(Query("area", open_only("area"), limit=AREAS_MAX))
    return tuple(sound(rows, _area, context))


def _area(row: Record) -> Area:
    corners = tuple(position_of(point) for point in row.corners())
    kind = _AREA_KINDS.get(row.text("type"), AreaKind.OTHER)
    return Area(row.id, kind, corners, plain(row.text("name") or row.text("type")))
