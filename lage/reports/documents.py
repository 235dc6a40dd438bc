# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lagemeldung and Nachrichtenvordruck as PDF. Einsatztagebuch: ``lage.reports.printout``."""

from __future__ import annotations

from lage.model import Progress, Query, Record, Where
from lage.ops import FUNCTIONS
from lage.reports import Head
from lage.reports.paper import Paper
from lage.tactical import tactical
from lage.views.journal import addressees
from lage.views.lists import delivery
from lage.views.reader import ViewContext
from lage.views.situation import SituationReport
from lage.views.words import plain


def situation_pdf(
    report: SituationReport, head: Head, sign: str, progress: Progress | None = None
) -> bytes:
    """A Lagemeldung with a line to sign."""
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
    paper.signature(sign or "Leiter des Stabes")
    return paper.content()


def message_pdf(message: Record, head: Head, context: ViewContext) -> bytes:
    """The Nachrichtenvordruck of one message."""
    values, names = message.values, context.directory
    state = delivery(message, context)
    incoming = context.reader.incoming_number(message.id)
    paper = Paper(head)
    direction = "Eingang" if incoming is not None else "Ausgang"
    if message.id.author != context.me and incoming is None:
        direction = "Abschrift"
    paper.headline(f"Nachrichtenvordruck - {direction}")
    sender = names.name(message.id.author)
    outside = values.get("external_sender")
    function = values.get("function")
    register = "-" if incoming is None else f"Eingang {incoming}"
    if message.id.author == context.me and message.nr is not None:
        register = f"Ausgang {message.nr}"
    rows = [
        ("Nachweis-Nr.", register),
        ("Nummer des Absenders", names.label(message)),
        ("Vorrangstufe", str(values["priority"]).upper()),
        ("Absender", sender + (f", {function!s}" if function else "")),
        ("Aufgenommen für", plain(str(outside)) if outside else "-"),
        ("Anschrift", addressees(message, context)),
        ("Abfassungszeit", tactical(message.event_time)),
        ("Befördert", tactical(message.time)),
        ("Weg", str(values.get("way", "Mesh"))),
        ("Zeichen", plain(str(values.get("sign", "-")))),
    ]
    paper.grid(("Angabe", ""), rows, (25, 75))
    paper.section("Inhalt")
    paper.paragraph(plain(str(values["text"])))
    paper.section("Quittung")
    confirmed = [
        (names.name(member), plain(person), tactical(at)) for member, person, at in state.confirmed
    ]
    confirmed += [(names.name(member), "offen", "-") for member in state.open]
    paper.grid(("Stelle", "Name", "Zeit"), confirmed or [("-", "nicht verlangt", "-")], (4, 4, 3))
    paper.section("Verteilung (Sichter)")
    given = _distribution(message, context)
    boxes = "   ".join(f"[{'x' if name in given else ' '}] {name}" for name in FUNCTIONS)
    paper.paragraph(boxes)
    paper.section("Vermerk / Maßnahme")
    notes = [note for note in given.values() if note]
    paper.paragraph("; ".join(dict.fromkeys(notes)) or "_" * 60)
    paper.signature("Sichter")
    return paper.content()


def _distribution(message: Record, context: ViewContext) -> dict[str, str]:
    """Function -> note, of this staff's Sichter."""
    where = (Where("message", "=", message.id), Where("author", "=", context.me))
    found: dict[str, str] = {}
    for row in context.reader.select(Query("distribution", where, descending=False)):
        functions = row.values["functions"]
        assert isinstance(functions, tuple)
        for function in functions:
            found[str(function)] = plain(str(row.values.get("note", "")))
    return found
