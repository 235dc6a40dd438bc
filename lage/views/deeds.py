# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lines of the Tagebuch about entries: begun, changed, ended, merged, by this staff or for it.

What this staff did stands at the time of its entry; what others did to entries that it wrote or is
named in stands at the time when it arrived here, with their name. A change says what was before.
What has no effect, and text that only continues, makes no line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import itemgetter

from lage.kinds.card import Card
from lage.kinds.cards import CARDS
from lage.kinds.inputs import parts_of
from lage.kinds.model import HistoryStep, Record
from lage.kinds.reader import ViewContext
from lage.language.epoch import from_unix
from lage.language.plain import plain
from lage.language.tactical import tactical
from lage.views.cells import addressees
from lage.views.detail import title_of
from lage.views.fence import each
from lage.views.gist import gist
from lage.views.journal_line import LINES_MAX, SYSTEM, JournalLine, Period, auto_line
from lage.views.sums import strength_of
from lage.views.words import label_of, short_value
from sync.schema.definition import (
    Blob,
    EntityId,
    Many,
    Member,
    Merge,
    Moment,
    Position,
    SetChange,
    Value,
)

NOTED = tuple(kind for kind, card in CARDS.items() if card.noted)
"""Kinds whose beginning and every change stand in the Tagebuch by themselves."""
TEXT_MAX = 400
"""Characters of one line; the entry itself says more."""

_PLAIN_FIELDS = ("text", "type", "item", "road", "summary")
"""Said without the name of the field."""

Known = dict[EntityId, tuple[int, list[JournalLine]]]
"""Lines of an entry, good as long as nothing arrived about it: with its ``seq``."""


def deed_lines(
    context: ViewContext,
    period: Period | None = None,
    known: Known | None = None,
    most: int = LINES_MAX,
) -> list[JournalLine]:
    """All lines about entries in a period, or about ``most`` of them: those of the entries about
    which something arrived last. Any order. ``known`` is kept by who asks again.
    """
    period = period or Period()
    known = {} if known is None else known
    found = context.reader.concerning(NOTED, context.ours, period.since, period.until)
    for gone in known.keys() - {entity for entity, _ in found}:
        del known[gone]
    lines: list[JournalLine] = []
    for entity, seq in sorted(found, key=itemgetter(1), reverse=True):
        if entity not in known or known[entity][0] != seq:
            (about,) = each([entity], lambda e: lines_about(e, context), _instead, context)
            known[entity] = (seq, about)
        lines += (line for line in known[entity][1] if period.holds(line.entered))
        if len(lines) > most:
            break
    return lines


def _instead(entity: EntityId, words: str) -> list[JournalLine]:
    """What cannot be told takes no other line away."""
    return [auto_line(0, f"Eintrag {entity.author}:{entity.number} {words}", SYSTEM, entity)]


def lines_about(entity: EntityId, context: ViewContext) -> list[JournalLine]:
    """The lines of one entry, in the order of its operations."""
    record = context.reader.get(entity)
    if record is None:
        return []
    ours = record.id.author in context.ours or _addressed(record, context)
    lines, values = [], dict[str, Value]()
    for step in context.reader.history(entity):
        if not step.valid or step.astray:
            continue
        before = dict(values)
        changed = _apply(record, step, values)
        own = step.id.author in context.ours
        heard = own or ours or _named(record, before, context) or _named(record, values, context)
        if heard and (step.creates or changed):
            then = replace(record, values=values | _whole(record))
            said = (
                _begun(then, context) if step.creates else _changed(then, before, changed, context)
            )
            lines.append(_line(record, step, said, context, own=own))
    return lines


def difference(record: Record, since: int, context: ViewContext) -> str:
    """What an entry says that it did not say here at that time; nothing for what is the same."""
    before, values, begun = dict[str, Value](), dict[str, Value](), False
    for step in context.reader.history(record.id):
        if step.valid and not step.astray:
            _apply(record, step, values)
            if from_unix(step.received) <= since:
                _apply(record, step, before)
            elif step.creates:
                begun = True
    now = replace(record, values=values | _whole(record))
    if begun:
        return f"neu: {_begun(now, context)}"
    names = (*before, *(name for name in values if name not in before))
    changed = [name for name in names if before.get(name) != values.get(name)]
    return _changed(now, before, changed, context) if changed else ""


def _apply(record: Record, step: HistoryStep, values: dict[str, Value]) -> list[str]:
    """Bring the values up to the step; the fields that it changed to something else."""
    fields, changed = CARDS[record.kind].kind.by_name, []
    for name, change in step.counted.items():
        if isinstance(change, SetChange) or fields[name].merge is Merge.APPEND:
            continue
        if change != values.get(name):
            changed.append(name)
        if change is None:
            values.pop(name, None)
        else:
            values[name] = change
    return changed


def _whole(record: Record) -> dict[str, Value]:
    """Texts in pieces, which only grow: whole from the beginning."""
    fields = CARDS[record.kind].kind.by_name
    return {n: v for n, v in record.values.items() if fields[n].merge is Merge.APPEND}


def _addressed(record: Record, context: ViewContext) -> bool:
    """Whether an entry goes to this staff, which no change can take back."""
    to_all = CARDS[record.kind].to_all and "to" not in record.values
    return to_all or context.addressed(record)


def _named(record: Record, values: Mapping[str, Value], context: ViewContext) -> bool:
    """Whether an entry with these values names this staff, or is one with an entry of its."""
    card = CARDS[record.kind]
    into = values.get(card.merges)
    if isinstance(into, EntityId) and into.author in context.ours:
        return True
    fields = (field.name for field in card.kind.fields if isinstance(field.type, Member))
    return any(values.get(name) in context.ours for name in fields)


def _line(
    record: Record, step: HistoryStep, said: str, context: ViewContext, *, own: bool
) -> JournalLine:
    if own:
        return auto_line(step.time, said, record.kind, record.id, "System")
    text = f"{said} ({context.directory.name(step.id.author)})"
    return auto_line(from_unix(step.received), text, record.kind, record.id)


def _begun(record: Record, context: ViewContext) -> str:
    """What the entry said at first."""
    card = CARDS[record.kind]
    parts = [part for field in card.form if (part := _part(card, field.name, record, context))]
    if record.kind == "report":
        parts = [plain(record.text("summary"))] if record.text("summary") else parts
    if record.text("status") in card.closed and not card.asks("status"):
        parts = [*parts, plain(record.text("status"))]  # taken in when it was over already
    to = f" an {addressees(record, context)}" if "to" in card.kind.by_name else ""
    return _cut(f"{title_of(record, context)}{to}: {'; '.join(parts)}".rstrip(": "))


def _part(card: Card, name: str, record: Record, context: ViewContext) -> str:
    """One input of the form, as said; nothing where it says nothing or stands elsewhere."""
    if name in (card.called, "to", "at", "sign") or not any(
        part in record.values for part in parts_of(card.name, name)
    ):
        return ""
    asked = card.asks(name)
    assert asked is not None
    if name == "strength":
        return f"Stärke {strength_of(record)}"
    value = _said(record, name, record.values.get(name), context)
    if not value or (name == "priority" and value == asked.default):
        return ""
    return value if name in (*_PLAIN_FIELDS, "status") else f"{asked.label} {value}"


def _said(record: Record, name: str, value: Value | None, context: ViewContext) -> str:
    """A value in few words; nothing for what only machines read."""
    kind = CARDS[record.kind].kind.by_name[name].type
    if isinstance(kind, Blob) or (isinstance(kind, Many) and isinstance(kind.item, Position)):
        return ""
    if isinstance(kind, Moment) and isinstance(value, int):
        return tactical(value)  # short times mean something else tomorrow
    return "unbekannt" if value is None else short_value(record.kind, name, value, context)


def _changed(
    record: Record, before: Mapping[str, Value], changed: list[str], context: ViewContext
) -> str:
    """What became of it, and what was there before."""
    title, parts = title_of(record, context), []
    for name in changed:
        if name == "status":
            title = f"{title} {plain(record.text('status'))}"
        elif name == CARDS[record.kind].merges:
            into = record.values.get(name)
            other = _said(record, name, into, context)
            title += " wieder getrennt" if into is None else f" zusammengeführt mit {other}"
        else:
            new = _said(record, name, record.values.get(name), context)
            old = _said(record, name, before[name], context) if name in before else ""
            said = f"{new} (vorher {old})" if old else new
            parts.append(f"{label_of(record.kind, name)} {said}".strip())
    if not parts and title != title_of(record, context):
        about = gist(record, context) if CARDS[record.kind].letter is not None else ""
        return _cut(f"{title}: {about}") if about else title
    word = "" if title != title_of(record, context) else " geändert"
    return _cut(f"{title}{word}: {'; '.join(parts)}")


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_MAX else text[: TEXT_MAX - 2].rsplit(" ", 1)[0] + " …"
