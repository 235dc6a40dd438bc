# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Help while typing: how a field was understood, what is wrong with it, what could be meant.

Fields that no schema knows (a helper's name) are neither checked nor suggested here. Runs in
the bridge's threads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lage.kinds.inputs import choices_of, input_of, parts_of, refers_to, vocabulary_of
from lage.kinds.model import Query, Record
from lage.kinds.schema import SCHEMA
from lage.kinds.states import open_only
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.numbers import split_unit
from lage.station import Station
from lage.views.words import long_value
from lage.write.parse import Context, in_places, parse_input
from lage.write.quantity import Scale, unit_of
from sync.schema.definition import Many, Point, Text

SUGGESTIONS_MAX = 400
REFERENCES_MAX = 50
SAYING = ("type", "name", "item", "place", "municipality", "text")
"""Fields by which an entry is known."""
DECIMALS_MAX = 4


def check(station: Station, kind: str, name: str, typed: Mapping[str, str]) -> tuple[str, str]:
    """(what was understood, what is wrong) of one field of a form as it stands; both empty for
    nothing typed."""
    text = typed.get(name, "")
    if not text.strip() or not parts_of(kind, name):
        return "", ""
    if name == "until" and fold_text(text.strip()) == "jetzt":
        return "", ""
    try:
        context = _in_places(kind, name, typed, station.parse_context())
        given = parse_input(kind, name, text, context)
    except UsageError as error:
        return "", str(error)
    value = given.get(name)
    if input_of(kind, name) not in ("time", "point", "staff") or value is None:
        return "", ""
    shown = long_value(kind, name, value, station.context())
    if isinstance(value, Point):
        shown = _point_words(value, station)
    if value == ():
        shown = "alle Stellen"
    return shown if shown.strip() != text.strip() else "", ""


def _in_places(kind: str, name: str, typed: Mapping[str, str], context: Context) -> Context:
    """In unit and decimals of the gauge; any, as long as the form does not tell which it is."""
    named = "gauge" if "gauge" in SCHEMA.by_name[kind].by_name else "decimals"
    if typed.get(named, "").strip():
        return in_places(kind, typed, context)
    unit = unit_of(split_unit(typed.get(name, ""))[1])
    return replace(context, scale=Scale(unit, DECIMALS_MAX))


def room_left(kind: str, name: str, text: str) -> str:
    """How many characters a text field still takes; of a short one, once that is worth knowing."""
    fields = SCHEMA.by_name[kind].by_name
    sort = fields[name].type if name in fields else None
    if not isinstance(sort, Text):
        return ""
    left = sort.max_chars - len(text)
    if left < 0:
        return f"{-left} Zeichen zu viel"
    worth = input_of(kind, name) == "text" or (text and left <= max(40, sort.max_chars // 4))
    return f"noch {left} Zeichen" if worth else ""


def suggestions(station: Station, kind: str, name: str) -> tuple[str, ...]:
    """What may be typed into a field, the likely first; empty where anything may be."""
    if name not in SCHEMA.by_name[kind].by_name:
        return ()
    context = station.context()
    sort = input_of(kind, name)
    if sort == "staff":
        names = [staff.name for staff in context.directory.others()]
        several = isinstance(SCHEMA.by_name[kind].by_name[name].type, Many)
        if not several:
            return tuple(names)
        groups = context.reader.select(Query("group", order="entered"))
        return (*names, "alle", *(group.text("name") for group in groups))
    choices = choices_of(kind, name)
    if choices:
        return choices
    vocabulary = vocabulary_of(kind, name)
    if vocabulary:
        known: list[str] = []
        if vocabulary == "gauge":
            known = list(context.reader.used("reading", "gauge"))
        elif vocabulary == "item":
            known = list(dict.fromkeys(item for item, _, _ in context.reader.stock()))
        terms = station.parse_context().terms.get(vocabulary, ())
        return tuple(dict.fromkeys([*known, *terms]))[:SUGGESTIONS_MAX]
    other = refers_to(kind, name)
    if other:
        rows = context.reader.select(Query(other, open_only(other), limit=REFERENCES_MAX))
        return tuple(context.directory.label(row) for row in rows)
    return ("ja", "nein") if sort == "flag" else ()


def streets(station: Station, kind: str, name: str, text: str) -> tuple[str, ...]:
    """Addresses that fit what was typed as the place of an entry; they change with every key."""
    if name != "place" or "municipality" not in SCHEMA.by_name[kind].by_name or not text.strip():
        return ()
    return tuple(station.county.streets(text))


def notes(station: Station, kind: str, name: str) -> dict[str, str]:
    """What the numbers that are offered for a reference stand for."""
    other = refers_to(kind, name) if name in SCHEMA.by_name[kind].by_name else ""
    if not other:
        return {}
    context = station.context()
    rows = context.reader.select(Query(other, open_only(other), limit=REFERENCES_MAX))
    return {context.directory.label(row): short_of(row) for row in rows}


def short_of(record: Record) -> str:
    """An entry in a few words: what, where, and what it says."""
    parts = (
        record.text(name) for name in ("type", "name", "item", "place", "municipality", "text")
    )
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _point_words(point: Point, station: Station) -> str:
    from maps.geo.places import Position, format_utmref

    place = station.county.at(point) or "außerhalb des Kreises"
    return f"{format_utmref(Position(point.lat_e4 / 10_000, point.lon_e4 / 10_000))} ({place})"
