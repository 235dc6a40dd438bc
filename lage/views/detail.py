# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One entity in full: every field, who has it, who confirmed it, and everything done to it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.model import HistoryStep, Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.rights import OWN_ONLY, RIGHTS, Who
from lage.kinds.verdict import Void
from lage.language.plain import plain
from lage.language.tactical import tactical
from lage.views.called import shown_name
from lage.views.delivery import Delivery, delivery
from lage.views.gist import gist, movement_words
from lage.views.merged import merged_lines
from lage.views.scale import places_of
from lage.views.sums import strength_of
from lage.views.words import label_of, long_value
from sync.schema.definition import EntityId, SetChange


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One operation on the entity, in words."""

    time: str
    author: str
    what: str
    lost: bool  # something of it was overtaken by a later or concurrent entry
    note: str  # doubtful clock, quarantined


class Standing(enum.Enum):
    """What a line about delivery says of it."""

    PLAIN = enum.auto()
    CONFIRMED = enum.auto()  # by a person
    LATE = enum.auto()  # a Quittung is overdue


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """Who has it, or has confirmed it, in words with names."""

    text: str
    standing: Standing = Standing.PLAIN


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything there is to know of one entity."""

    record: Record
    title: str
    fields: tuple[tuple[str, str], ...]
    history: tuple[HistoryLine, ...]
    delivery: Delivery
    delivery_lines: tuple[DeliveryLine, ...]
    related: tuple[tuple[str, str], ...]  # (label, one line) of entries that refer to it


def detail(entity: EntityId, context: ViewContext) -> Detail | None:
    """The entity's detail; None if it is not there."""
    record = context.reader.get(entity)
    if record is None:
        return None
    card, places = CARDS[record.kind], places_of(record, context)
    kind = card.kind
    fields = [
        ("Stelle", context.directory.name(record.id.author)),
        ("Eintrag", tactical(record.time)),
        ("Ereigniszeit", tactical(record.event_time)),
    ]
    if record.kind == "unit":
        fields.append(("Stärke", str(strength_of(record))))
    together = {part for parts in card.parts.values() for part in parts}
    for field in kind.fields:
        if field.name in together:
            continue
        if field.name in record.values and field.name != "at":
            value = record.values[field.name]
            fields.append(
                (
                    label_of(kind.name, field.name),
                    long_value(kind.name, field.name, value, context, places),
                )
            )
    if card.merges:
        fields += merged_lines(record, context)
    if card.to_all and "to" not in record.values:
        fields.insert(3, ("An", "alle"))
    incoming = context.reader.incoming_number(entity) if record.kind == "message" else None
    if incoming is not None:
        fields.insert(0, ("Eingang Nr.", str(incoming)))
    state = delivery(record, context)
    return Detail(
        record,
        title_of(record, context),
        tuple(fields),
        tuple(_line(record, step, context, places) for step in context.reader.history(entity)),
        state,
        tuple(delivery_lines(record, state, context)),
        tuple(_related(record, context)),
    )


def title_of(record: Record, context: ViewContext) -> str:
    """``Vorfall RHE-12``; for kinds without a label the name."""
    card = CARDS[record.kind]
    if card.letter is not None:
        return f"{card.title} {context.directory.label(record)}"
    if record.kind == "stock_movement":
        return card.title  # what was booked tells it
    name = shown_name(record)
    return f"{card.title} {name}" if name else card.title


def delivery_lines(record: Record, state: Delivery, context: ViewContext) -> list[DeliveryLine]:
    """Who has received and who has confirmed, by name; first those it is addressed to."""
    names = context.directory
    if state.named:
        there = tuple(member for member in state.named if member not in state.awaited)
        known = {*state.named, context.me, context.directory.heir(record.id.author)}
        beside = tuple(member for member in state.reached if member not in known)
        who = _names(there, context)
        found = [f"empfangen von den Adressaten: {len(there)} von {len(state.named)}, {who}"]
        more = f"liegt auch bei: {_names(beside, context)}" if beside else ""
    else:
        total = sum(1 for staff in names.staffs if staff.active)
        reached = _names(state.reached, context)
        found, more = [f"empfangen bei {len(state.reached)} von {total}: {reached}"], ""
    if state.awaited:
        found.append(f"noch nicht bekannt bei: {_names(state.awaited, context)}")
    lines = [DeliveryLine(text) for text in (*found, more) if text]
    for member, person, time in state.confirmed:
        text = f"quittiert: {names.name(member)}, {plain(person)}, {tactical(time)}"
        lines.append(DeliveryLine(text, Standing.CONFIRMED))
    if state.open:
        word = "Quittung ÜBERFÄLLIG von" if state.overdue else "Quittung offen von"
        standing = Standing.LATE if state.overdue else Standing.PLAIN
        lines.append(DeliveryLine(f"{word}: {_names(state.open, context)}", standing))
    return lines


def _names(members: tuple[int, ...], context: ViewContext) -> str:
    return ", ".join(context.directory.name(member) for member in members) or "niemandem"


def _line(record: Record, step: HistoryStep, context: ViewContext, places: int) -> HistoryLine:
    parts = []
    for name, change in step.changes.items():
        label = label_of(record.kind, name)
        if isinstance(change, SetChange):
            added = ", ".join(str(item) for item in change.add)
            gone = ", ".join(str(item) for _, item in change.remove)
            parts.append(f"{label}:{' +' + added if added else ''}{' -' + gone if gone else ''}")
        else:
            mark = "" if name in step.effective else " (überholt)"
            if name in step.overruled:
                by = context.directory.name(step.overruled[name])
                mark = f" (überstimmt: gleichzeitig von {by} geändert)"
            if name in step.void:
                mark = f" ({_void(record, name, step.void[name], context)})"
            parts.append(f"{label}: {long_value(record.kind, name, change, context, places)}{mark}")
    if step.astray:
        parts.append("ohne Wirkung, meint eine andere Art von Eintrag")
    notes = []
    if step.beside:
        notes.append(f"gleichzeitig mit {_names(tuple(sorted(step.beside)), context)}")
    if step.time_doubtful:
        notes.append("Uhr zweifelhaft")
    if not step.valid:
        notes.append("ungültig: Schlüssel widerrufen")
    return HistoryLine(
        tactical(step.time),
        context.directory.name(step.id.author),
        ("angelegt: " if step.creates else "geändert: ") + "; ".join(parts),
        any(name not in step.effective for name in step.changes),
        ", ".join(notes),
    )


def _void(record: Record, name: str, void: Void, context: ViewContext) -> str:
    """Why a change has no effect."""
    issuer = context.directory.name(context.directory.heir(record.id.author))
    if void is Void.NO_RIGHT and (record.kind, name) in OWN_ONLY:
        return "ohne Wirkung: das darf nur, wer jenen Eintrag geschrieben hat"
    if void is Void.NO_RIGHT:
        right = RIGHTS[record.kind, name]
        parties = right.who is Who.PARTIES
        who = f"dürfen nur {issuer} und die Adressaten" if parties else f"darf nur {issuer}"
        return f"ohne Wirkung: das {who}"
    reasons = {
        Void.ENDED: f"ohne Wirkung: von {issuer} beendet",
        Void.REQUIRED: "ohne Wirkung: die Angabe ist nötig",
        Void.FIXED: "ohne Wirkung: die Angabe steht fest",
    }
    return reasons[void]


def _referrers(kind: str) -> list[tuple[str, str]]:
    """(kind, field) of what stands at entries of a kind; its own kind comes last."""
    found = [
        (card.name, field)
        for card in CARDS.values()
        for field, target in card.stands_at
        if target in (kind, "")
    ]
    return sorted(found, key=lambda referrer: referrer[0] == kind)


def _related(record: Record, context: ViewContext) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for kind, field in _referrers(record.kind):
        query = Query(kind, (Where(field, "=", record.id),), descending=False, limit=50)
        rows = context.reader.select(query)
        found += [(title_of(row, context), _in_short(row, context)) for row in rows]
    return found


def _in_short(row: Record, context: ViewContext) -> str:
    """What an entry that refers to another says, in one line."""
    if row.kind == "distribution":
        parts = [
            f"{context.directory.name(row.id.author)} {tactical(row.time)}",
            f"an {long_value(row.kind, 'functions', row.values['functions'], context)}",
            f"Vermerk: {plain(row.text('note'))}" if row.text("note") else "",
            f"Zeichen {plain(row.text('sign'))}" if row.text("sign") else "",
        ]
        return ", ".join(part for part in parts if part)
    if row.kind == "assignment":
        return _assignment(row, context)
    if row.kind == "stock_movement":
        return movement_words(row, context)
    named = filter(None, map(row.text, ("text", "name", "item")))
    return plain(next(named, "")) or gist(row, context)


def _assignment(row: Record, context: ViewContext) -> str:
    """Where a helper was sent: staff, Treffpunkt, time, task, feedback."""
    parts = [f"an {long_value(row.kind, 'to', row.values['to'], context)}"]
    for name in ("meeting_point", "at", "task", "feedback", "cancelled"):
        if row.values.get(name) is not None:
            value = long_value(row.kind, name, row.values[name], context)
            parts.append(
                label_of(row.kind, name)
                if name == "cancelled"
                else f"{label_of(row.kind, name)} {value}"
            )
    return "; ".join(parts)
