# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Papers for helpers: the certificate of what they did, and the sheet for the accident insurance.

Whoever helps in an accident, common danger or need is insured by law without being registered (SGB
VII § 2 para. 1 no. 13 a); whoever supports an authority at its request likewise (no. 11 a). In both
cases the accident insurer of the municipality or the Land asks who was where, when, at whose
request: that is what the sheet says. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from lage.kinds.model import Record
from lage.language.errors import UsageError
from lage.language.plain import plain
from lage.language.tactical import local
from lage.outside.words import hours_words
from lage.reports.files import head_of
from lage.reports.paper import Paper
from lage.station import Station
from lage.volunteers import envelope
from lage.volunteers.view import assignments

UNKNOWN = "nicht angegeben"
GROUP_ROWS = 12
"""Lines for the others of a group, whom only its speaker knows; to be filled in by hand."""


def certificate(station: Station, helper: Record) -> bytes:
    """What somebody has done, to hand over. Raises UsageError without hours."""
    hours = helper.whole("worked")
    if not hours:
        raise UsageError("Es sind noch keine Stunden festgehalten: bitte zuerst eintragen.")
    person = envelope.read(station, helper)
    paper = Paper(head_of(station, "Bescheinigung über ehrenamtliche Hilfe"))
    paper.headline("Bescheinigung über ehrenamtliche Hilfe")
    name = plain(person.name) if person else f"Helfende {station.directory.label(helper)}"
    count = helper.whole("count") or 1
    group = f" mit einer Gruppe von {count} Personen" if count > 1 else ""
    where = plain(station.network_name)
    paper.paragraph(f"{name}{group} hat in {where} {hours_words(hours)} unentgeltlich geholfen.")
    paper.section("Einsätze")
    rows = [_row(station, sent) for sent in assignments(station.context(), helper)[::-1]]
    paper.grid(["Wann", "Wo", "Für wen"], rows or [["–", "–", "–"]], [20, 50, 30])
    paper.section("Fähigkeiten")
    paper.paragraph(plain(", ".join(helper.texts("skills"))))
    _signature(paper)
    return bytes(paper.output())


def insurance_sheet(station: Station, helper: Record) -> bytes:
    """What the accident insurer asks. Raises UsageError where this staff doesn't know the name."""
    person = envelope.read(station, helper)
    if person is None:
        raise UsageError(
            "Den Bogen kann nur die Stelle schreiben, die Namen und Anschrift hat, solange sie"
            " nicht gelöscht sind."
        )
    paper = Paper(head_of(station, "Angaben für die Unfallversicherung"))
    paper.headline("Angaben für die gesetzliche Unfallversicherung")
    paper.paragraph(
        "Hilfe auf Anforderung einer Behörde oder bei Unglücksfällen, gemeiner Gefahr oder Not"
        " (SGB VII § 2 Abs. 1 Nr. 11 a und Nr. 13 a). Über den Schutz entscheidet der"
        " Unfallversicherungsträger."
    )
    count = helper.whole("count") or 1
    paper.section("Person")
    paper.grid(
        [],
        [
            ["Name", plain(person.name)],
            ["Geburtsjahr", str(person.born) if person.born else UNKNOWN],
            ["Anschrift", plain(person.address) or UNKNOWN],
            ["Telefon", plain(person.phone) or UNKNOWN],
            ["Nummer", station.directory.label(helper)],
            ["Angefordert von", plain(station.directory.name(helper.id.author))],
            ["Gemeldet", _moment(helper.time)],
            ["Stunden", str(helper.whole("worked") or UNKNOWN)],
            ["Personen", str(count)],
        ],
        [25, 75],
    )
    paper.section("Einsätze")
    rows = [_row(station, sent) for sent in assignments(station.context(), helper)[::-1]]
    paper.grid(["Wann", "Wo", "Für wen"], rows or [["–", "–", "–"]], [20, 50, 30])
    if count > 1:
        paper.section("Weitere Personen der Gruppe")
        empty = [["", "", ""] for _ in range(min(count - 1, GROUP_ROWS))]
        paper.grid(["Name", "Geburtsjahr", "Anschrift"], empty, [40, 15, 45])
    paper.section("Unfall")
    paper.grid(
        [], [["Wann, wo", ""], ["Hergang", ""], ["Verletzung", ""], ["Zeugen", ""]], [25, 75]
    )
    _signature(paper)
    return bytes(paper.output())


def _row(station: Station, sent: Record) -> Sequence[str]:
    at, to = sent.moment("at"), sent.whole("to")
    return [
        _moment(sent.time if at is None else at),
        plain(sent.text("meeting_point")) or UNKNOWN,
        plain(station.directory.name(to or 0)),
    ]


def _moment(seconds: int) -> str:
    """``24.11.2026 15:30``: employers and insurers read it, who know no tactical time."""
    return f"{local(seconds):%d.%m.%Y %H:%M}"


def _signature(paper: Paper) -> None:
    paper.section("Für die Stelle")
    paper.paragraph("")
    paper.paragraph("_" * 40)
    paper.paragraph("Ort, Datum, Name, Funktion")
