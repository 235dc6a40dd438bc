# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A staff's Einsatztagebuch: what people wrote, and what the system itself knows.

A staff that was admitted anew goes on in the same Tagebuch: entries under its earlier numbers
stand there with their labels.

Automatic lines (messages sent, received, confirmed; orders, incidents and whatever else the cards
call noted, with every change; thresholds crossed; members, keys and forks) are derived from the log
whenever they are looked at. They cost no operation, carry no number and are marked ``auto``; only
what a person wrote is an entry in the legal sense. How far back automatic lines about gauges go is
bounded by ``gauges.LONG_SERIES_MAX`` readings of each gauge.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lage.kinds.cards import CARDS
from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.plain import plain
from lage.views.cells import addressees
from lage.views.county_lines import county_lines
from lage.views.deeds import NOTED, Known, deed_lines
from lage.views.gauge_book import GaugeBook
from lage.views.gauges import LONG_SERIES_MAX, view_of
from lage.views.journal_line import LINES_MAX, SYSTEM, JournalLine, Period, auto_line
from sync.schema.definition import EntityId

TOPICS: Mapping[str, frozenset[str]] = {
    "eintraege": frozenset({"journal"}),
    "nachrichten": frozenset({"message", "receipt"}),
    **{CARDS[kind].export: frozenset({kind}) for kind in NOTED},
    "pegel": frozenset({"gauge"}),
    "netz": frozenset({SYSTEM}),
}
"""What lines can be filtered by: the word for it -> topics."""


def journal(
    context: ViewContext,
    period: Period | None = None,
    *,
    automatic: bool = True,
    topics: Collection[str] = (),
    limit: int = 200,
) -> list[JournalLine]:
    """This staff's Tagebuch of a period, newest first, at most ``limit`` lines; with ``topics``
    only those about these."""
    period = period or Period()
    limit = min(limit, LINES_MAX)
    if not automatic:
        return _in_order(_written(context, period, limit))[:limit]
    room = LINES_MAX if topics else limit
    found = journal_with(computed_lines(context, period), context, period, room)
    return [line for line in found if not topics or line.topic in topics][:limit]


def journal_with(
    computed: Sequence[JournalLine], context: ViewContext, period: Period, limit: int
) -> list[JournalLine]:
    """As ``journal`` with automatic lines, of which the computed ones are given."""
    lines = [line for line in computed if period.holds(line.entered)]
    for source in (_written, _sent, _received, _confirmed):
        lines += source(context, period, limit)
    return _in_order(lines)[:limit]


def latest(context: ViewContext, limit: int) -> list[JournalLine]:
    """The newest lines, for a glance: only entries about which something arrived lately are read,
    however long the log is."""
    computed = computed_lines(context, most=3 * limit)
    return journal_with(computed, context, Period(), limit)


def computed_lines(
    context: ViewContext,
    period: Period | None = None,
    known: Known | None = None,
    most: int = LINES_MAX,
) -> list[JournalLine]:
    """The automatic lines that take reading histories and series. Any order; ``known`` is what
    ``deed_lines`` keeps, ``most`` about how many of its lines are wanted."""
    period = period or Period()
    return [
        *_crossed(context, period),
        *(line for line in county_lines(context) if period.holds(line.entered)),
        *deed_lines(context, period, known, most),
    ]


def stored_lines(context: ViewContext) -> int:
    """How many lines there are besides the computed ones."""
    count, own = context.reader.count, (Where("author", "in", context.ours),)
    newest = context.reader.register(limit=1)
    receipts = sum(count(Query("receipt", where)) for where in _receipts(context))
    written = sum(count(Query(kind, own)) for kind in ("journal", "message"))
    return written + receipts + (newest[0][0] if newest else 0)


def _in_order(lines: list[JournalLine]) -> list[JournalLine]:
    """Newest first."""
    lines.sort(key=lambda line: (line.entered, line.automatic, line.entity or EntityId(0, 0)))
    return lines[::-1]


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


def _sent(context: ViewContext, period: Period, limit: int) -> list[JournalLine]:
    where = (
        Where("author", "in", context.ours),
        *_within("time", period),
    )
    rows = context.reader.select(Query("message", where, order="entered", limit=limit))
    return [
        auto_line(
            row.time,
            f"Ausgang {_message(row, context)} an {addressees(row, context)}",
            "message",
            row.id,
        )
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
                lines.append(auto_line(arrived, text, "message", entity))
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
            lines.append(auto_line(row.time, text, "receipt", message))
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
    for gauge in GaugeBook(context.reader).all():
        if gauge.record is None:
            continue  # without thresholds nothing is crossed
        view = view_of(context, gauge, LONG_SERIES_MAX)
        for step in view.crossings:
            if period.holds(step.time):
                word = "erreicht" if step.rising else "verlassen"
                level = step.level if step.rising else step.level + 1
                value = f"{view.show(step.value)} {view.unit}"
                text = f"Pegel {plain(view.name)} {value}: Informationswert {level} {word}"
                lines.append(auto_line(step.time, text, "gauge", way="Messwert"))
    return lines


def _within(field: str, period: Period) -> tuple[Where, Where]:
    return Where(field, ">=", period.since), Where(field, "<=", period.until)
