# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a person typed, turned into the values of the schema; the same for screen and command line.

Every refusal is a UsageError whose sentence says what would be right. ``?`` and ``unbekannt``
mean "not known", which is not zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lage.kinds.card import TEXT_MAX
from lage.kinds.cards import CARDS
from lage.kinds.directory import Directory
from lage.kinds.inputs import parts_of
from lage.kinds.model import Draft, Record
from lage.kinds.reader import County
from lage.kinds.schema import SCHEMA
from lage.language.errors import UsageError
from lage.language.folding import fold_text
from lage.language.numbers import doubtful_zeros, read_number
from lage.language.spelling import clean
from lage.language.strength import parse_strength
from lage.language.tactical import Lean, parse_time
from lage.write.around import ring, said_around
from lage.write.quantity import CENTIMETRES, Scale, unit_of, whole_as_typed
from sync.schema.definition import (
    Choice,
    EntityId,
    Field,
    Flag,
    Many,
    Member,
    Merge,
    Moment,
    Number,
    Point,
    Position,
    Ref,
    Scalar,
    ScalarType,
    Term,
    Text,
    Value,
)
from sync.schema.vocabulary import TERMS

if TYPE_CHECKING:
    from maps.geo.projection import Position as Place

UNKNOWN = ("?", "unbekannt", "nicht bekannt")
_YES, _NO = ("ja", "j", "x", "1", "wahr"), ("nein", "n", "0", "")


@dataclass(frozen=True, slots=True)
class Context:
    """What parsing needs to know of the world."""

    now: int  # log time
    directory: Directory
    find: Callable[[str, str], EntityId]  # (kind or "" for any, as typed); raises UsageError
    county: County
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: TERMS)
    measure: Callable[[str], tuple[str, int] | None] = lambda _: None
    """Unit and decimals of the gauge of that name, where somebody described it."""
    ended: Callable[[str], int | None] = lambda _: None  # since when that gauge measures no longer
    measured: Callable[[str], bool] = lambda _: False  # whether that gauge has readings
    known: Callable[[str], Collection[str]] = lambda _: ()  # words of a vocabulary in the log
    written: Callable[[str], str] = lambda name: name  # a gauge's name in readings
    named: Callable[[str], Mapping[str, bool]] = lambda _: {}  # open ones of a kind; whether ours
    group: Callable[[str], tuple[int, ...]] = lambda _: ()  # members of the group of that name
    same: Callable[[Record], Sequence[Record]] = lambda _: ()  # entries that say they are that one
    before: Callable[[Draft], Record | None] = lambda _: None  # as it was; last of its series
    lately: Callable[[str, int], Sequence[Record]] = lambda *_: ()  # open ones of a kind, since
    network: str = ""  # mark by which files of this network are known
    exercise: bool = False
    origin: str = ""  # of a file that is taken although it is of the other world
    scale: Scale = CENTIMETRES  # in which the card's ``scaled`` fields count


def in_places(
    kind: str, typed: Mapping[str, str], context: Context, before: Mapping[str, Value] | None = None
) -> Context:
    """The context for fields typed together, of which some count in a gauge's unit and decimals.

    ``before``: what an entity says that is being changed. Raises UsageError where readings would
    get another unit or other decimals than they were written with.
    """
    if "gauge" in SCHEMA.by_name[kind].by_name:
        name = _term(typed.get("gauge", "").strip(), "gauge", context)
        unit, places = context.measure(name) or ("", 0)
        return replace(context, scale=Scale(unit_of(unit), places, name=name))
    return _described(typed, context, before or {}) if kind == "gauge" else context


def _described(typed: Mapping[str, str], context: Context, said: Mapping[str, Value]) -> Context:
    """The context for a gauge's own thresholds."""
    name = str(said.get("name") or _term(typed.get("name", "").strip(), "gauge", context))
    unit, places = said.get("unit", "cm"), said.get("decimals", 0)
    if typed.get("unit", "").strip():
        stated = parse_field("gauge", "unit", typed["unit"], context) or "cm"
        if said.get("unit") and stated != unit and context.measured(name):
            raise UsageError(
                f"„{name}“ hat schon Messwerte in {unit!s}: eine andere Einheit würde sie"
                " verfälschen, bitte eine neue Messstelle anlegen."
            )
        unit = stated
    if typed.get("decimals", "").strip():
        decimals = parse_field("gauge", "decimals", typed["decimals"], context) or 0
        if decimals != places and context.measured(name):
            raise UsageError(
                f"„{name}“ hat schon Messwerte: andere Nachkommastellen würden sie verfälschen,"
                " bitte eine neue Messstelle anlegen."
            )
        places = decimals
    whole = places if isinstance(places, int) else 0
    return replace(context, scale=Scale(unit_of(str(unit)), whole, name=name))


def is_unknown(typed: str) -> bool:
    """Whether somebody says that it is not known; an empty text says nothing."""
    return fold_text(typed).strip() in UNKNOWN


def parse_input(kind: str, name: str, typed: str, context: Context) -> dict[str, Value | None]:
    """The values of the fields that one input of a form fills. Raises UsageError."""
    parts = parts_of(kind, name)
    if parts == (name,):
        return {name: parse_field(kind, name, typed, context)}
    text = clean(typed).strip()
    if not text or is_unknown(text):
        return dict.fromkeys(parts)
    strength = parse_strength(text)
    return {part: getattr(strength, part) for part in parts}


def parse_field(kind: str, name: str, typed: str, context: Context) -> Value | None:
    """The value of one field of a kind; None for empty or unknown. Raises UsageError."""
    schema_field = SCHEMA.by_name[kind].by_name[name]
    text = clean(typed).strip()
    if not text or is_unknown(text):
        return None
    if isinstance(schema_field.type, Many):
        return _many(schema_field, schema_field.type, text, context)
    if name in CARDS[kind].scaled:
        return whole_as_typed(text, context.scale)
    if isinstance(schema_field.type, Moment):
        lean = Lean.FUTURE if CARDS[kind].lies_ahead(name) else Lean.PAST
        return context.now if fold_text(text) == "jetzt" else parse_time(text, context.now, lean)
    return _scalar(schema_field, schema_field.type, text, context)


def _many(schema_field: Field, kind: Many, text: str, context: Context) -> Value | None:
    if isinstance(kind.item, Member):
        return _members(text, context) or None
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    if isinstance(kind.item, Position):
        around = said_around(text)
        if around is not None:
            return ring(around[1], around[0], lambda place: _spot(place, context))
        parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) > kind.maximum:
        raise UsageError(f"Höchstens {kind.maximum} Angaben sind möglich, es sind {len(parts)}.")
    values = (_scalar(schema_field, kind.item, part, context) for part in parts)
    return tuple(dict.fromkeys(value for value in values if value is not None)) or None


def _members(text: str, context: Context) -> tuple[int, ...]:
    """Staffs named with commas between; a group's name stands for its members. () is all."""
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    groups = {part: context.group(part) for part in parts}
    if not any(groups.values()):
        return context.directory.find_all(text)
    named = (groups[part] or context.directory.find_all(part) for part in parts)
    return tuple(dict.fromkeys(member for members in named for member in members))


def _scalar(schema_field: Field, kind: ScalarType, text: str, context: Context) -> Scalar | None:
    match kind:
        case Flag():
            return _flag(text)
        case Number():
            return parse_number(text, signed=kind.signed, maximum=kind.maximum)
        case Choice():
            return parse_choice(text, kind.values)
        case Term():
            return _term(text, kind.vocabulary, context)
        case Text():
            limit = TEXT_MAX if schema_field.merge is Merge.APPEND else kind.max_chars
            if len(text) > limit:
                raise UsageError(
                    f"Der Text ist {len(text)} Zeichen lang, möglich sind {limit}: bitte kürzen."
                )
            return text
        case Position():
            return parse_point(text, context.county.centre)
        case Ref():
            return context.find(kind.kind or "", text)
        case Member():
            return context.directory.find(text).number
    raise AssertionError(f"{schema_field.name} is not typed by hand")


def _flag(text: str) -> bool | None:
    if fold_text(text) in _YES:
        return True
    if fold_text(text) in _NO:
        return None
    raise UsageError(f"„{text}“ ist weder ja noch nein.")


def parse_number(text: str, *, signed: bool = False, maximum: int = 2**31 - 1) -> int:
    """A whole number; German thousands points are taken, ``3,0`` is 3, decimals are refused."""
    found = read_number(text, thousands=True)
    if found is None or found % 1 or doubtful_zeros(text):
        raise UsageError(f"„{text}“ ist keine ganze Zahl; „?“ heißt nicht bekannt.")
    value = int(found)
    if value < 0 and not signed:
        raise UsageError(f"{value} ist negativ, hier sind nur Zahlen ab 0 möglich.")
    if abs(value) > maximum:
        raise UsageError(f"{text} ist zu groß, möglich sind Werte bis {maximum}.")
    return value


def parse_choice(text: str, values: tuple[str, ...]) -> str:
    """One of the values by its name or the beginning of it."""
    wanted = fold_text(text)
    exact = [value for value in values if fold_text(value) == wanted]
    found = exact or [value for value in values if fold_text(value).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    problem = "ist nicht eindeutig" if found else "gibt es hier nicht"
    raise UsageError(f"„{text}“ {problem}: möglich sind {', '.join(found or values)}.")


def canonical_term(text: str, terms: tuple[str, ...]) -> str:
    """The listed spelling of a word, or the word as typed where the list lacks it."""
    if len(text) > 120:
        raise UsageError(f"„{text[:20]}…“ ist zu lang, möglich sind 120 Zeichen.")
    wanted = fold_text(text)
    for term in terms:
        if fold_text(term) == wanted:
            return term
    return text


def _term(text: str, vocabulary: str, context: Context) -> str:
    """A word in the spelling that is listed, else in that which somebody has used before."""
    if vocabulary == "gauge":
        text = context.written(text)
    listed = context.terms.get(vocabulary, ())
    found = canonical_term(text, listed)
    return found if found in listed else canonical_term(text, tuple(context.known(vocabulary)))


def _spot(text: str, context: Context) -> Point | None:
    """Where that is: by name, else by coordinate; None where it is neither."""
    found = context.county.spot(text)
    if found is not None or not any(sign.isdigit() for sign in text):
        return found
    return parse_point(text, context.county.centre)


def parse_point(text: str, near: Callable[[], Place | None] | None = None) -> Point:
    """A point from decimal degrees, UTM32 or UTMREF. Raises UsageError."""
    from lage.language.map_errors import position_sentence
    from maps.geo import places as geo

    try:
        position = geo.parse_position(text, near).position
    except geo.PositionError as error:
        raise UsageError(position_sentence(error)) from error
    return Point(round(position.lat * 10_000), round(position.lon * 10_000))
