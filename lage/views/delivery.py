# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has an entry, who has confirmed it, and whose Quittung is missing. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.cards.message import RECEIPT_MINUTES
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from sync.schema.definition import EntityId, Ref

ANSWERS_MAX = 50

_NAMING = tuple(
    (card.name, name, item.kind)
    for card in CARDS.values()
    for name in card.indexed
    if isinstance(item := card.kind.by_name[name].type, Ref)
)
"""(kind, field, kind of what it names or None for any) of fields that name another entry."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who has an entry and who has confirmed it."""

    reached: tuple[int, ...]  # members known to hold it
    named: tuple[int, ...]  # addressees that it names, who answer for them now; none: goes to all
    awaited: tuple[int, ...]  # addressees not known to hold it yet
    confirmed: tuple[tuple[int, str, int], ...]  # (member, person, time)
    open: tuple[int, ...]  # addressees whose Quittung is wanted and missing
    overdue: bool


def receipts_of(message: EntityId, context: ViewContext) -> list[Record]:
    """All Quittungen of a message, oldest first."""
    return context.reader.select(
        Query("receipt", (Where("message", "=", message),), descending=False)
    )


def answered(record: Record, context: ViewContext) -> set[int]:
    """Who wrote to an entry, or names it in one of its own: nobody answers what he lacks."""
    found: set[int] = set()
    if record.changed != record.time:
        found |= {step.id.author for step in context.reader.history(record.id) if step.valid}
    for kind, field, target in _NAMING:
        if target in (None, record.kind):
            query = Query(kind, (Where(field, "=", record.id),), limit=ANSWERS_MAX)
            found |= {row.id.author for row in context.reader.select(query)}
    return found


def delivery(record: Record, context: ViewContext) -> Delivery:
    """Who has received an entity's creating operation, and for messages who has confirmed it."""
    active = [staff.number for staff in context.directory.staffs if staff.active]
    holders = context.reader.holders(*record.id) | {context.me}
    if not holders.issuperset(active):
        holders |= answered(record, context)
    to = record.members("to")
    heir = context.directory.heir
    named = active if to is None else to
    away = {heir(record.id.author), *(staff.number for staff in context.directory.foreign)}
    addressees = [m for m in dict.fromkeys(map(heir, named)) if m not in away]
    confirmed: list[tuple[int, str, int]] = []
    if record.kind == "message":
        confirmed = [
            (row.id.author, row.text("person"), row.event_time)
            for row in receipts_of(record.id, context)
        ]
    holders |= {member for member, _, _ in confirmed}  # nobody confirms what he lacks
    missing: list[int] = []
    overdue = False
    if record.flag("receipt_wanted"):
        done = {heir(member) for member, _, _ in confirmed}
        missing = [member for member in addressees if member not in done]
        minutes = record.whole("receipt_minutes")
        if minutes is None:
            minutes = RECEIPT_MINUTES[record.text("priority")]
        overdue = bool(missing) and context.now - record.time > minutes * 60
    return Delivery(
        tuple(sorted(member for member in holders if member in active)),
        () if to is None else tuple(addressees),
        tuple(member for member in addressees if member not in holders),
        tuple(confirmed),
        tuple(missing),
        overdue,
    )
