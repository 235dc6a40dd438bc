# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A staff's Einsatztagebuch: what people wrote, and what the system itself knows.

A staff that was admitted anew goes on in the same Tagebuch: entries under its earlier numbers
stand there with their labels.

Automatic lines (message sent, received, confirmed; threshold crossed; node joined or revoked) are
derived from the log whenever they are looked at. They cost no operation, carry no number and are
marked ``auto``; only what a person wrote is an entry in the legal sense. How far back automatic
lines about gauges go is bounded by ``gauges.LONG_SERIES_MAX`` readings of each gauge.

The same module makes the Eingangs- and Ausgangsnachweisung (FwDV 100, Anlage 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.plain import plain
from lage.language.tactical import tactical
from lage.views.cells import addressees
from lage.views.delivery import delivery
from lage.views.detail import title_of
from lage.views.gauges import LONG_SERIES_MAX, gauge_view
from lage.views.gist import gist
from lage.views.words import short_value
from sync.schema.definition import EntityId

AUTO = "auto"
NOTED = tuple(kind for kind, card in CARDS.items() if card.noted)
"""Kinds that make lines by themselves when they begin and when they end."""
ENDED_MAX = 500
LINES_MAX = 5000


@dataclass(frozen=True, slots=True)
class Period:
    """Log times, both ends included."""

    since: int = 0
    until: int = 2**34 - 1

    def holds(self, time: int) -> bool:
        """Whether a moment lies in it."""
        return self.since <= time <= self.until


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of the Tagebuch."""

    nr: str  # running number, with the label of an earlier number of this staff, or ``auto``
    entered: int  # log time
    happened: int  # event time
    text: str  # one line, harmless to draw
    action: str = ""
    sender: str = ""
    recipient: str = ""
    way: str = ""
    sign: str = ""
    struck_by: str = ""  # label of the correction
    entity: EntityId | None = None

    @property
    def automatic(self) -> bool:
        """Whether the system wrote it."""
        return self.nr == AUTO


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


def journal(
    context: ViewContext, period: Period | None = None, *, automatic: bool = True, limit: int = 200
) -> list[JournalLine]:
    """This staff's Tagebuch of a period, newest first, at most ``limit`` lines."""
    period = period or Period()
    limit = min(limit, LINES_MAX)
    if not automatic:
        return _in_order(_written(context, period, limit))[:limit]
    return journal_with(computed_lines(context, period), context, period, limit)


def journal_with(
    computed: Sequence[JournalLine], context: ViewContext, period: Period, limit: int
) -> list[JournalLine]:
    """As ``journal`` with automatic lines, of which the computed ones are given."""
    lines = [line for line in computed if period.holds(line.entered)]
    for source in (_written, _sent, _received, _confirmed, _noted):
        lines += source(context, period, limit)
    return _in_order(lines)[:limit]


def computed_lines(context: ViewContext, period: Period | None = None) -> list[JournalLine]:
    """The automatic lines that take reading whole series: gauges, members, ends. Any order."""
    period = period or Period()
    return _crossed(context, period) + _members(context, period) + _ended(context, period)


def stored_lines(context: ViewContext) -> int:
    """How many lines there are besides the computed ones."""
    count, own = context.reader.count, (Where("author", "in", context.ours),)
    newest = context.reader.register(limit=1)
    receipts = sum(count(Query("receipt", where)) for where in _receipts(context))
    return (
        sum(count(Query(kind, own)) for kind in ("journal", "message", *NOTED)) + receipts
        + (newest[0][0] if newest else 0)
    )  # fmt: skip


def _in_order(lines: list[JournalLine]) -> list[JournalLine]:
    """Newest first."""
    lines.sort(key=lambda line: (line.entered, line.automatic, line.entity or EntityId(0, 0)))
    return lines[::-1]


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


def _written(context: ViewContext, period: Period, limit: int) -> list[JournalLine]:
    where = (
        Where("author", "in", context.ours),
        *_within("time", period),
    )
    rows = context.reader.select(Query("journal", where, order="entered", limit=limit))
    return [_entry(row, context) for row in rows]


def _entry(row: Record, context: ViewContext) -> JournalLine:
    def text(name: str) -> str:
        return plain(row.text(name))

    words = text("text")
    corrects = row.ref("strikes")
    if corrects is not None:
        old = context.reader.get(corrects)
        words = f"Berichtigung zu {context.directory.label(old) if old else '?'}: {words}"
    struck = context.reader.select(Query("journal", (Where("strikes", "=", row.id),), limit=1))
    number = "?" if row.nr is None else str(row.nr)
    return JournalLine(
        number if row.id.author == context.me else context.directory.label(row),
        row.time,
        row.event_time,
        words,
        text("action"),
        text("sender"),
        text("recipient"),
        text("way"),
        text("sign"),
        context.directory.label(struck[0]) if struck else "",
        row.id,
    )


def _auto(time: int, text: str, entity: EntityId | None = None, way: str = "Mesh") -> JournalLine:
    return JournalLine(AUTO, time, time, text, way=way, entity=entity)


def _sent(context: ViewContext, period: Period, limit: int) -> list[JournalLine]:
    where = (
        Where("author", "in", context.ours),
        *_within("time", period),
    )
    rows = context.reader.select(Query("message", where, order="entered", limit=limit))
    return [
        _auto(row.time, f"Ausgang {_message(row, context)} an {addressees(row, context)}", row.id)
        for row in rows
    ]


def _received(context: ViewContext, period: Period, limit: int) -> list[JournalLine]:
    lines: list[JournalLine] = []
    offset = 0
    while len(lines) < limit:
        rows = context.reader.register(limit=limit, offset=offset)
        for nr, entity, arrived in rows:
            message = context.reader.get(entity) if period.holds(arrived) else None
            if message is not None:
                sender = context.directory.name(entity.author)
                text = f"Eingang {nr}: {_message(message, context)} von {sender}"
                lines.append(_auto(arrived, text, entity))
        offset += len(rows)
        if not rows or rows[-1][2] < period.since:
            break
    return lines


def _message(message: Record, context: ViewContext) -> str:
    return f"Nachricht {context.directory.label(message)} ({message.text('priority')})"


def _confirmed(context: ViewContext, period: Period, limit: int) -> list[JournalLine]:
    """Quittungen of this staff, and those of others for this staff's messages."""
    bounds = _within("time", period)
    lines = []
    for about in _receipts(context):
        where = (*about, *bounds)
        for row in context.reader.select(Query("receipt", where, order="entered", limit=limit)):
            message = row.ref("message")
            assert message is not None
            found = context.reader.get(message)
            label = context.directory.label(found) if found else "noch nicht empfangene Nachricht"
            staff = context.directory.name(row.id.author)
            text = f"Quittung {label} durch {plain(row.text('person'))} ({staff})"
            lines.append(_auto(row.time, text, message))
    return lines


def _receipts(context: ViewContext) -> tuple[tuple[Where, ...], ...]:
    if context.me < 0:
        return ()
    theirs = [
        (
            Where("message", ">=", EntityId(number, 0)),
            Where("message", "<", EntityId(number + 1, 0)),
        )
        for number in context.ours
    ]
    return ((Where("author", "in", context.ours),), *theirs)


def _crossed(context: ViewContext, period: Period) -> list[JournalLine]:
    lines = []
    gauges = context.reader.select(Query("gauge", limit=1000))
    for name in sorted({gauge.text("name") for gauge in gauges}):
        view = gauge_view(context, name, LONG_SERIES_MAX)
        for step in view.crossings:
            if period.holds(step.time):
                word = "erreicht" if step.rising else "verlassen"
                level = step.level if step.rising else step.level + 1
                value = f"{view.show(step.value)} {view.unit}"
                text = f"Pegel {plain(name)} {value}: Informationswert {level} {word}"
                lines.append(_auto(step.time, text, way="Messwert"))
    return lines


def _noted(context: ViewContext, period: Period, limit: int) -> list[JournalLine]:
    """What this staff entered of the kinds that are noted."""
    own = (Where("author", "in", context.ours), *_within("time", period))
    rows = [
        row
        for kind in NOTED
        for row in context.reader.select(Query(kind, own, order="entered", limit=limit))
    ]
    return [_note(row, row.time, "", context) for row in rows]


def _ended(context: ViewContext, period: Period) -> list[JournalLine]:
    """What this staff ended of them; the newest ``ENDED_MAX`` of a kind."""
    lines = []
    for kind in NOTED:
        closed = CARDS[kind].closed
        where = (Where("status", "in", closed), Where("changed", ">=", period.since))
        for row in context.reader.select(Query(kind, where, order="changed", limit=ENDED_MAX)):
            lines += [
                _note(row, step.time, row.text("status"), context)
                for step in context.reader.history(row.id)
                if "status" in step.effective
                and step.id.author in context.ours
                and period.holds(step.time)
            ]
    return lines


def _note(row: Record, time: int, happened: str, context: ViewContext) -> JournalLine:
    title, way = f"{title_of(row, context)} {happened}".strip(), CARDS[row.kind].title
    return _auto(time, f"{title}: {gist(row, context)}", row.id, way)


def _within(field: str, period: Period) -> tuple[Where, Where]:
    return Where(field, ">=", period.since), Where(field, "<=", period.until)


def _members(context: ViewContext, period: Period) -> list[JournalLine]:
    return [
        _auto(
            step.time,
            f"Stelle {context.directory.name(step.member)}"
            f" {'ins Netz aufgenommen' if step.joined else 'widerrufen'}",
            way="System",
        )
        for step in context.reader.memberships()
        if period.holds(step.time)
    ]
