# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures and entries that are hardly meant so: asked about on the screen, noted on the command
line, never refused, because the unlikely happens. Pure.

A hall with more people than beds, a unit called „1000“, a value ten times the last one, the same
incident reported twice within the hour, what has happened tomorrow, a town of another county.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from lage.kinds.cards import CARDS
from lage.kinds.model import Draft, Record
from lage.kinds.schema import SCHEMA
from lage.language.decimals import with_places
from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.write.parse import Context
from lage.write.quantity import marks_missing
from lage.write.questions import Question, near
from sync.schema.definition import Number, Point, Value

TIMES, FROM = 10, 100
"""So many times the last value is asked about, where the larger one is at least that."""
LATELY_S = 3600
_WORD = re.compile(r"[^\W_]+")
AHEAD_S = 300
_HAPPENED = {"incident": "at", "journal": "at", "message": "at", "stock_movement": "at"}
"""When it was: hardly later than now."""
_ORDERED = (("info1", "info2", "info3"), ("mnw", "mhw"), ("minimum", "maximum"))
"""Inputs of a gauge that rise from left to right."""
_NAMES = (
    ("supply", "unit"), ("supply", "item"), ("unit", "name"), ("unit", "organisation"),
    ("gauge", "name"), ("shelter", "name"), ("stock_movement", "item"),
)  # fmt: skip
"""Inputs in which a mere number belongs into the next field."""


def doubts(drafts: Iterable[Draft], context: Context) -> list[Question]:
    """What somebody should look at again."""
    found: list[Question] = []
    for draft in drafts:
        before = context.before(draft)
        found += _by_itself(draft, before, context)
        found += _jumped(draft, before, context)
        found += _twice(draft, context)
    return found


def unlikely(drafts: Iterable[Draft], context: Context, most: int) -> list[Question]:
    """What of many entries says by itself that it is hardly meant so, each sentence once."""
    found: dict[str, Question] = {}
    for draft in drafts:
        for question in _by_itself(draft, None, context):
            found.setdefault(question.text, question)
        if len(found) >= most:
            break
    return list(found.values())[:most]


def _by_itself(draft: Draft, before: Record | None, context: Context) -> Iterator[Question]:
    yield from _only_digits(draft)
    yield from _crowded(draft, before)
    yield from _to_come(draft, context)
    yield from _elsewhere(draft, context)
    yield from _misplaced(draft, before, context)
    yield from _measures_nothing(draft, context)
    yield from _disordered(draft, before)


def _to_come(draft: Draft, context: Context) -> Iterator[Question]:
    name = _HAPPENED.get(draft.kind, "")
    value = draft.changes.get(name)
    if isinstance(value, int) and value > context.now + AHEAD_S:
        when, label = clock(value, context.now), _label(draft.kind, name)
        yield Question(name, f"{label} {when} liegt in der Zukunft: stimmt das?")


def _elsewhere(draft: Draft, context: Context) -> Iterator[Question]:
    """A municipality that is none of the county's; one that is nearly spelt so is asked about
    by its name (``questions``)."""
    said = draft.changes.get("municipality")
    towns = list(context.county.towns()) if isinstance(said, str) else []
    if not isinstance(said, str) or not towns or near(said, towns):
        return
    words = f" {' '.join(_WORD.findall(fold_text(said)))} "
    meant = [town for town in towns if f" {fold_text(town)} " in words]
    mend = f"meinten Sie „{meant[0]}“?" if len(meant) == 1 else "stimmt das?"
    yield Question("municipality", f"„{said}“ ist keine Gemeinde des Kreises: {mend}")


def _misplaced(draft: Draft, before: Record | None, context: Context) -> Iterator[Question]:
    """A point outside the county, or in another town than somebody wrote."""
    said: dict[str, object] = {**(before.values if before else {}), **draft.changes}
    point, town = said.get("point"), said.get("municipality")
    has_town = "municipality" in SCHEMA.by_name[draft.kind].by_name
    if not (has_town and isinstance(point, Point) and {"point", "municipality"} & {*draft.changes}):
        return
    there = context.county.at(point)
    towns = {fold_text(name) for name in context.county.towns()}
    if there is None and towns and context.county.centre() is not None:
        yield Question("point", "Die Koordinate liegt außerhalb des Kreises: stimmt das?")
    elif (
        there is not None
        and isinstance(town, str)
        and fold_text(town) in towns - {fold_text(there)}
    ):
        yield Question("point", f"Die Koordinate liegt in {there}, nicht in {town}: stimmt das?")


def _measures_nothing(draft: Draft, context: Context) -> Iterator[Question]:
    """What stands for no value, and a value of a gauge that measures no longer."""
    gauge, value = draft.changes.get("gauge"), draft.changes.get("value")
    if draft.kind != "reading" or not isinstance(gauge, str) or not isinstance(value, int):
        return
    _, places = context.measure(gauge) or ("", 0)
    if marks_missing(value, places):
        told = with_places(value, places)
        text = f"{told} steht für einen fehlenden Wert und zählt nicht: stimmt das?"
        yield Question("value", text)
    ended, at = context.ended(gauge), draft.changes.get("at", context.now)
    if ended is not None and isinstance(at, int) and at >= ended:
        since = clock(ended, context.now)
        yield Question("gauge", f"„{gauge}“ ist seit {since} beendet: stimmt das?")


def _disordered(draft: Draft, before: Record | None) -> Iterator[Question]:
    """Thresholds of which the higher lies below the lower hide each other, and every value."""
    if draft.kind != "gauge":
        return
    said: dict[str, object] = {**(before.values if before else {}), **draft.changes}
    for names in _ORDERED:
        known = [(name, _whole(said[name])) for name in names if isinstance(said.get(name), int)]
        for (low, least), (high, most) in pairwise(known):
            if least > most and {low, high} & draft.changes.keys():
                text = f"{_label('gauge', low)} ist höher als {_label('gauge', high)}: stimmt das?"
                yield Question(high, text)


def _label(kind: str, name: str) -> str:
    return CARDS[kind].label(name)


def _only_digits(draft: Draft) -> Iterator[Question]:
    for kind, name in _NAMES:
        value = draft.changes.get(name)
        if kind == draft.kind and isinstance(value, str) and value.strip().isdecimal():
            text = f"„{value}“ in „{_label(kind, name)}“ ist nur eine Zahl: im richtigen Feld?"
            yield Question(name, text)


def _crowded(draft: Draft, before: Record | None) -> Iterator[Question]:
    if draft.kind != "shelter" or not {"occupied", "capacity"} & draft.changes.keys():
        return
    said: dict[str, object] = {**(before.values if before else {}), **draft.changes}
    taken, places = said.get("occupied"), said.get("capacity")
    if isinstance(taken, int) and isinstance(places, int) and taken > places:
        yield Question("occupied", f"{taken} belegt bei {places} Plätzen: stimmt das?")


def _jumped(draft: Draft, before: Record | None, context: Context) -> Iterator[Question]:
    """Only against a value that is there: the first one of a series may be anything."""
    fields = SCHEMA.by_name[draft.kind].by_name
    for name, value in draft.changes.items():
        old = before.values.get(name) if before is not None else None
        if not (isinstance(fields[name].type, Number) and _far(value, old)):
            continue
        new, last = _whole(value), _whole(old)
        far = "höchstens ein Zehntel" if abs(new) < abs(last) else "mindestens das Zehnfache"
        label, places = _label(draft.kind, name), _places(draft, name, before, context)
        told = f"{label} {with_places(new, places)} ist {far} von zuletzt"
        yield Question(name, f"{told} {with_places(last, places)}: stimmt das?")


def _places(draft: Draft, name: str, before: Record | None, context: Context) -> int:
    """The decimals in which a value counts."""
    if name not in CARDS[draft.kind].scaled:
        return 0
    if draft.kind == "gauge":
        return (before.whole("decimals") if before else None) or 0
    gauge = draft.changes.get("gauge") or (before.text("gauge") if before else "")
    measure = context.measure(gauge) if isinstance(gauge, str) else None
    return measure[1] if measure else 0


def _far(value: object, old: Value | None) -> bool:
    new, last = abs(_whole(value)), abs(_whole(old))
    return bool(new and last) and max(new, last) >= max(FROM, TIMES * min(new, last))


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _twice(draft: Draft, context: Context) -> Iterator[Question]:
    """Same sort, municipality and street, within the hour, by whichever staff."""
    if draft.kind != "incident" or draft.entity is not None:
        return
    said = draft.changes
    streets = _streets(str(said.get("place") or ""))
    for other in context.lately("incident", context.now - LATELY_S):
        same = all(said.get(name) == other.values.get(name) for name in ("type", "municipality"))
        if same and streets & _streets(other.text("place")):
            when = clock(other.event_time, context.now)
            label = context.directory.label(other)
            where = f"{other.text('type')} {plain(other.text('place'))}, {when}"
            yield Question("place", f"{label} ({where}) ist vielleicht dasselbe: trotzdem neu?")
            return


def _streets(place: str) -> frozenset[str]:
    """The parts of a place as somebody put it, without numbers of houses, spelt alike."""
    parts = re.split(r"[,;/]", fold_text(place))
    spelt = (re.sub(r"str\.?(?=\W|$)", "strasse", part) for part in parts)
    bare = (re.sub(r"\b\d+\s?[a-z]?\b", "", part) for part in spelt)
    return frozenset(word for part in bare if len(word := " ".join(part.split())) > 3)
