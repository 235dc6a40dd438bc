# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lagemeldung and Nachrichtenvordruck as PDF. Einsatztagebuch: ``lage.reports.printout``."""

from __future__ import annotations

from dataclasses import dataclass

from lage.kinds.card import FUNCTIONS
from lage.kinds.model import Progress, Query, Record, Where
from lage.kinds.reader import ViewContext
from lage.language.epoch import from_unix
from lage.language.plain import plain
from lage.language.tactical import tactical
from lage.reports import Head
from lage.reports.map_page import draw_map
from lage.reports.paper import Paper
from lage.reports.situation_map import SituationMap
from lage.views.cells import addressees
from lage.views.delivery import delivery
from lage.views.situation import SituationReport


def situation_pdf(
    report: SituationReport,
    head: Head,
    sign: str,
    chart: SituationMap | None = None,
    progress: Progress | None = None,
) -> bytes:
    """A Lagemeldung with its map and a line to sign."""
    paper = Paper(head)
    paper.headline(f"Lagemeldung {tactical(report.at)}")
    paper.paragraph(f"Absender: {report.staff}")
    for number, part in enumerate(report.parts, 1):
        paper.section(f"{number}. {part.title}")
        if part.columns:
            paper.grid(part.columns, part.rows, part.widths)
        else:
            paper.paragraph(part.text)
        if progress:
            progress(number, len(report.parts))
    if chart is not None:
        draw_map(paper, chart.scene, chart.absent)
    paper.signature(sign or "Leiter des Stabes")
    return paper.content()


def message_pdf(message: Record, head: Head, context: ViewContext) -> bytes:
    """The Nachrichtenvordruck of one message."""
    names, state = context.directory, delivery(message, context)
    incoming = context.reader.incoming_number(message.id)
    paper = Paper(head)
    direction = "Eingang" if incoming is not None else "Ausgang"
    if message.id.author != context.me and incoming is None:
        direction = "Abschrift"
    paper.headline(f"Nachrichtenvordruck - {direction}")
    paper.grid((), _message_rows(message, incoming, context), (25, 75))
    paper.section("Inhalt")
    paper.paragraph(plain(message.text("text")))
    paper.section("Quittung")
    confirmed = [
        (names.name(member), plain(person), tactical(at)) for member, person, at in state.confirmed
    ]
    confirmed += [(names.name(member), "offen", "-") for member in state.open]
    paper.grid(("Stelle", "Name", "Zeit"), confirmed or [("-", "nicht verlangt", "-")], (4, 4, 3))
    paper.section("Verteilung (Sichter)")
    sortings = _distribution(message, context)
    given = {function for sorting in sortings for function in sorting.functions}
    boxes = "   ".join(f"[{'x' if name in given else ' '}] {name}" for name in FUNCTIONS)
    paper.paragraph(boxes)
    for sorting in sortings:
        paper.paragraph(f"{', '.join(sorting.functions)}: {sorting.by}")
    paper.section("Vermerk / Maßnahme")
    notes = [sorting.note for sorting in sortings if sorting.note]
    paper.paragraph("; ".join(dict.fromkeys(notes)) or "_" * 60)
    paper.signature("Sichter")
    return paper.content()


def _message_rows(
    message: Record, incoming: int | None, context: ViewContext
) -> list[tuple[str, str]]:
    """The head of the Vordruck, from Nachweis-Nr. to Aufnahmevermerk."""
    names = context.directory
    outside, function = message.text("external_sender"), message.text("function")
    register = "-" if incoming is None else f"Eingang {incoming}"
    if message.id.author == context.me and message.nr is not None:
        register = f"Ausgang {message.nr}"
    rows = [
        ("Nachweis-Nr.", register),
        ("Nummer des Absenders", names.label(message)),
        ("Vorrangstufe", message.text("priority").upper()),
        ("Absender", names.name(message.id.author) + (f", {function}" if function else "")),
        ("Aufgenommen für", plain(outside) if outside else "-"),
        ("Anschrift", addressees(message, context)),
        ("Abfassungszeit", tactical(message.event_time)),
        ("Zeichen", plain(message.text("sign", "-"))),
        ("Beförderungsvermerk", f"{tactical(message.time)}, {message.text('way', 'Mesh')}"),
    ]
    if incoming is not None:
        arrived = from_unix(context.reader.history(message.id)[0].received)
        rows.append(("Aufnahmevermerk", f"{tactical(arrived)}, an diesem Knoten eingegangen"))
    return rows


@dataclass(frozen=True, slots=True)
class _Sorting:
    """What this staff's Sichter decided at one time."""

    functions: tuple[str, ...]
    by: str  # Zeichen and time
    note: str


def _distribution(message: Record, context: ViewContext) -> list[_Sorting]:
    where = (Where("message", "=", message.id), Where("author", "=", context.me))
    found = []
    for row in context.reader.select(Query("distribution", where, descending=False)):
        sign = plain(row.text("sign", "ohne Zeichen"))
        note = plain(row.text("note"))
        found.append(_Sorting(row.texts("functions"), f"{sign}, {tactical(row.time)}", note))
    return found
