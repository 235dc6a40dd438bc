# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Eingangs- und Ausgangsnachweisung (FwDV 100, Anlage 5): the numbered registers of messages."""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.plain import plain
from lage.language.tactical import tactical
from lage.views.cells import addressees
from lage.views.delivery import delivery
from lage.views.words import short_value
from sync.schema.definition import EntityId


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One message in the Eingangs- or Ausgangsnachweisung."""

    nr: int | None
    time: int  # received here, or sent
    written: int  # Abfassungszeit
    other: str  # sender, or addressees
    priority: str
    text: str
    remark: str  # Quittung and distribution
    entity: EntityId


def incoming_register(
    context: ViewContext, *, limit: int = 200, offset: int = 0
) -> list[RegisterLine]:
    """Eingangsnachweisung, newest first."""
    found = []
    for nr, entity, arrived in context.reader.register(limit=limit, offset=offset):
        message = context.reader.get(entity)
        if message is not None:
            sender = message.text("external_sender")
            name = context.directory.name(entity.author)
            other = f"{plain(sender)} über {name}" if sender else name
            found.append(_register_line(nr, arrived, other, message, context))
    return found


def outgoing_register(
    context: ViewContext, *, limit: int = 200, offset: int = 0
) -> list[RegisterLine]:
    """Ausgangsnachweisung, newest first."""
    own = (Where("author", "=", context.me),)
    query = Query("message", own, order="entered", limit=limit, offset=offset)
    return [
        _register_line(message.nr, message.time, addressees(message, context), message, context)
        for message in context.reader.select(query)
    ]


def _register_line(
    nr: int | None, time: int, other: str, message: Record, context: ViewContext
) -> RegisterLine:
    remarks = [
        f"quittiert {context.directory.name(member)}: {plain(person)} {tactical(at)}"
        for member, person, at in delivery(message, context).confirmed
    ]
    given = Query("distribution", (Where("message", "=", message.id),), descending=False)
    for row in context.reader.select(given):
        if row.id.author == context.me:
            functions = short_value(row.kind, "functions", row.values["functions"], context)
            remarks.append(f"verteilt an {functions}")
    text = plain(message.text("text"))
    priority = message.text("priority")
    remark = "; ".join(remarks)
    at = message.event_time
    return RegisterLine(nr, time, at, other, priority, text, remark, message.id)
