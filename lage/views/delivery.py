# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has an entry, who has confirmed it, and whose Quittung is missing. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.cards.message import RECEIPT_MINUTES
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from sync.schema.definition import EntityId


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who has an entry and who has confirmed it."""

    reached: tuple[int, ...]  # members known to hold it
    awaited: tuple[int, ...]  # addressees not known to hold it yet
    confirmed: tuple[tuple[int, str, int], ...]  # (member, person, time)
    open: tuple[int, ...]  # addressees whose Quittung is wanted and missing
    overdue: bool


def receipts_of(message: EntityId, context: ViewContext) -> list[Record]:
    """All Quittungen of a message, oldest first."""
    return context.reader.select(
        Query("receipt", (Where("message", "=", message),), descending=False)
    )


def delivery(record: Record, context: ViewContext) -> Delivery:
    """Who has received an entity's creating operation, and for messages who has confirmed it."""
    holders = context.reader.holders(*record.id) | {context.me}
    active = [staff.number for staff in context.directory.staffs if staff.active]
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
        tuple(member for member in addressees if member not in holders),
        tuple(confirmed),
        tuple(missing),
        overdue,
    )
