# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What others want of this staff, and what came of what it wanted of them. Pure.

Messages to confirm, orders to accept, requests that nobody has answered, the last shift's words;
refusals, lateness and reports on orders and requests of ours. Each leads to one answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from lage.kinds.cards import CARDS
from lage.kinds.cards.message import RECEIPT_MINUTES
from lage.kinds.model import HistoryStep, Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.kinds.states import is_late, open_only
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.alarm import Alarm, Answer, Sort, Weight
from lage.views.delivery import delivery
from lage.views.receipts import awaited, owed
from lage.views.words import short_value

ASKED = ("task", "request")
"""Kinds by which one staff wants something of another."""

ASKED_MAX = 500
CHANGED_MAX = 100
REPORTED_S = 24 * 3600
"""So long what others reported waits to be read; a refusal waits until somebody has."""
URGENT = ("blitz", "staatsnot")
URGENT_MAX = 20
HANDOVER_S = 24 * 3600

_GRAVE = {"staatsnot": Weight.NOW, "blitz": Weight.NOW, "sofort": Weight.SOON}
_SAYS = ("status", "progress", "feedback")
"""By these fields of an order or request others say how it stands."""


def asked_of_us(context: ViewContext) -> Iterator[Alarm]:
    """What others sent to this staff and wait for."""
    for message in owed(context):
        urgent = message.text("priority") in URGENT
        late = delivery(message, context).overdue
        weight = _grave(message, Weight.SOON if late else Weight.OPEN)
        sort = Sort.URGENT if urgent else Sort.OWED
        yield _message(message, sort, weight, Answer.RECEIPT, context)
    yield from _urgent_to_read(context)
    yield from asked(context)
    yield from _handover(context)


def asked(context: ViewContext) -> Iterator[Alarm]:
    """Open orders and requests of others that concern this staff."""
    others = Where("author", "not in", context.ours)
    for kind in ASKED:
        for record in context.reader.select(
            Query(kind, (others, *open_only(kind)), limit=ASKED_MAX)
        ):
            yield from _asked(record, context)


def asked_by_us(context: ViewContext) -> Iterator[Alarm]:
    """What became of messages, orders and requests of this staff."""
    for message, state in awaited(context):
        if state.overdue:
            names = ", ".join(context.directory.name(member) for member in state.open)
            text = f"{context.directory.label(message)}: Quittung fehlt von {names}"
            yield Alarm(Sort.AWAITED, Weight.SOON, text, message.id, since=message.time)
    ours = Where("author", "in", context.ours)
    for kind in ASKED:
        open_ = context.reader.select(Query(kind, (ours, *open_only(kind)), limit=ASKED_MAX))
        newest = context.reader.select(Query(kind, (ours,), order="changed", limit=CHANGED_MAX))
        for record in {each.id: each for each in (*open_, *newest)}.values():
            yield from _ours(record, context)


def _grave(record: Record, least: Weight) -> Weight:
    return min(least, _GRAVE.get(record.text("priority"), Weight.OPEN))


def _message(
    message: Record, sort: Sort, weight: Weight, answer: Answer, context: ViewContext
) -> Alarm:
    label, sender = context.directory.label(message), context.directory.name(message.id.author)
    text = f"{message.text('priority').upper()} {label} von {sender}: {plain(message.text('text'))}"
    return Alarm(
        sort, weight, text, message.id, "message",
        since=message.time, answer=answer, seq=message.seq,
    )  # fmt: skip


def _urgent_to_read(context: ViewContext) -> Iterator[Alarm]:
    """The highest priorities count also where no Quittung is wanted."""
    where = (
        Where("priority", "in", URGENT),
        Where("author", "not in", context.ours),
        Where("receipt_wanted", "unknown"),
    )
    query = Query("message", where, to=context.ours, order="arrival", limit=URGENT_MAX)
    for message in context.reader.select(query):
        yield _message(message, Sort.URGENT, Weight.NOW, Answer.NOTE, context)


def _asked(record: Record, context: ViewContext) -> Iterator[Alarm]:
    """An open order or request of others that concerns us."""
    to_us = context.addressed(record)
    fresh = record.text("status") == "offen"
    late = is_late(record, context.now)
    to_all = record.kind == "request" and "to" not in record.values
    if not (fresh and (to_us or to_all)) and not (late and to_us):
        return
    text = f"{_name(record, context)}{_until(record, context)}: {wanted(record)}"
    weight = _grave(record, Weight.SOON if late and to_us else Weight.OPEN)
    if fresh:
        sort, answer = Sort.ORDER if record.kind == "task" else Sort.REQUEST, Answer.ACCEPT
    else:
        sort, answer = Sort.TASK if record.kind == "task" else Sort.LATE, Answer.REPORT
    yield Alarm(
        sort, weight, text, record.id, record.kind,
        since=record.time, answer=answer, seq=record.seq,
    )  # fmt: skip


def _ours(record: Record, context: ViewContext) -> Iterator[Alarm]:
    """How an order or request of this staff stands; the worst of it."""
    name, about = _name(record, context), (record.moment("due") or 0,)
    to_us = context.addressed(record)
    said = _said(record, context)
    refused = said is not None and record.text("status") == "abgelehnt"
    if said is not None and (refused or said.time > context.now - REPORTED_S):
        who = context.directory.name(said.id.author)
        words = ", ".join(
            short_value(record.kind, name, record.values[name], context)
            + (" %" if name == "progress" else "")
            for name in _SAYS
            if name in record.values
        )
        yield Alarm(
            Sort.REFUSED if refused else Sort.REPORTED,
            Weight.SOON if refused else Weight.NOTICE,
            f"{name} {words} ({who}): {wanted(record)}",
            record.id, record.kind, tuple(said.id), said.time, seq=record.seq,
        )  # fmt: skip
    if is_late(record, context.now):
        yield Alarm(
            Sort.TASK if record.kind == "task" else Sort.LATE, Weight.OPEN,
            f"{name} überfällig: {wanted(record)}",
            record.id, record.kind, about, record.moment("due"),
            Answer.REPORT if to_us else Answer.NOTE,
        )  # fmt: skip
    elif record.kind == "request" and record.text("status") == "offen":
        minutes = RECEIPT_MINUTES[record.text("priority", "einfach")]
        if context.now - record.time > minutes * 60:
            text = f"{name} ohne Antwort: {wanted(record)}"
            yield Alarm(
                Sort.UNANSWERED, _grave(record, Weight.OPEN), text, record.id, record.kind,
                since=record.time,
            )  # fmt: skip


def _said(record: Record, context: ViewContext) -> HistoryStep | None:
    """The last word of another staff on how it stands, unless ours came after it."""
    if record.changed == record.time:
        return None
    for step in reversed(context.reader.history(record.id)):
        if not step.valid or step.creates or not set(_SAYS) & set(step.counted):
            continue
        return None if step.id.author in context.ours else step
    return None


def _handover(context: ViewContext) -> Iterator[Alarm]:
    """The newest handover of this staff, until the new shift has read it."""
    where = (Where("author", "in", context.ours),)
    for record in context.reader.select(Query("handover", where, order="entered", limit=1)):
        if record.time > context.now - HANDOVER_S:
            who = f"{plain(record.text('from_person'))} an {plain(record.text('to_person'))}"
            text = f"Schichtübergabe {who}: {plain(record.text('text'))}"
            yield Alarm(Sort.HANDOVER, Weight.OPEN, text, record.id, record.kind, since=record.time)


def wanted(record: Record) -> str:
    """What an order or request wants, in one line."""
    parts = [record.text("unit"), record.text("item")]
    amount = record.whole("amount")
    if amount is not None:
        parts.insert(0, str(amount))
    place = record.text("place")
    if place and record.kind == "request":
        parts.append(f"nach {place}")
    said = " ".join(part for part in parts if part) if record.kind == "request" else ""
    return plain(": ".join(part for part in (said, record.text("text")) if part)) or "?"


def _name(record: Record, context: ViewContext) -> str:
    return f"{CARDS[record.kind].title} {context.directory.label(record)}"


def _until(record: Record, context: ViewContext) -> str:
    due = record.moment("due")
    if due is None:
        return ""
    word = "überfällig seit" if due < context.now else "bis"
    return f", {word} {clock(due, context.now)}"
