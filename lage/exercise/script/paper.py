# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A Drehbuch on paper: the table for the direction, cards to read out, fax sheets to hand over.

What is handed to a staff (fax sheets) says nothing that the staff must not know; cards and table
are for the direction alone and say so.
"""

from __future__ import annotations

from typing import Any

from lage.exercise.script.model import Inject, Outage, Script, Series, Speech, Way
from lage.exercise.script.table import addressees, checks_of, clock_of, falsehood, table
from lage.exercise.script.times import lasting, said
from lage.language.tactical import tactical
from lage.reports import Head
from lage.reports.paper import LINE_MM, MARGIN_MM, Paper, printable

_TITLES = ("Nr.", "Zeit", "Von / An / Weg", "Einlage", "Erwartete Reaktion",
           "Bewertung / Bemerkung", "erledigt")  # fmt: skip
_WIDTHS = (5, 15, 22, 40, 32, 24, 8)
_SPEECH_PT, _SPEECH_MM = 13, 6.6
_FOR_DIRECTION = "Nur für die Übungsleitung"
_ON_CARDS = (Way.PHONE, Way.RUNNER, Way.OWN)


def script_pdf(script: Script, printed: int, parts: tuple[str, ...]) -> bytes:
    """``parts`` of ``PARTS`` in one document, each beginning on a page of its own."""
    head = Head(f"Drehbuch {script.name}", script.direction, script.name, printed, exercise=True)
    paper = _Pages(head, wide="ablauf" in parts)
    if "ablauf" in parts:
        _overview(paper, script)
        _course(paper, script)
    drawn = {"karten": _cards, "fax": _sheets}
    for number, part in enumerate(part for part in drawn if part in parts):
        drawn[part](paper, script, fresh=number == 0 and "ablauf" not in parts)
    return paper.content()


class _Pages(Paper):
    """The table lies across, cards and sheets stand upright; after a full page it goes on so."""

    def add_page(self, orientation: str = "", *rest: Any, **more: Any) -> None:
        """A new page, turned as the one before unless it is said."""
        more["same"] = not orientation
        super().add_page(orientation, *rest, **more)

    def next_half(self, *, fresh: bool) -> None:
        """Go on upright, in the lower half of the page where that is free."""
        middle = self.h / 2
        if fresh:
            return
        if self.w > self.h or self.get_y() > middle - 6:
            self.add_page("P")
            return
        self.set_dash_pattern(1, 1)
        self.line(MARGIN_MM, middle - 3, self.w - MARGIN_MM, middle - 3)
        self.set_dash_pattern()
        self.set_y(middle)


PARTS = ("ablauf", "karten", "fax")


def _overview(paper: Paper, script: Script) -> None:
    paper.headline(script.name)
    paper.paragraph(_FOR_DIRECTION, bold=True)
    end = f", Ende {said(script.end)}" if script.end is not None else ""
    paper.paragraph(f"Beginn {tactical(script.begin)}{end}, Saat {script.seed}")
    for title, text in (("Ausgangslage", script.setting), ("Hinweise", script.briefing)):
        if text:
            paper.section(title)
            paper.paragraph(text)
    if script.goals:
        paper.section("Ziele")
        paper.paragraph("\n".join(f"- {goal}" for goal in script.goals))
    paper.section("Stellen")
    seats = [(m.name, m.role, "Menschen" if m.manned else "Drehbuch") for m in script.cast]
    paper.grid(("Stelle", "Rolle", "Besetzung"), seats, (3, 2, 2))
    if script.phases:
        paper.section("Phasen")
        phases = [(said(phase.start), phase.name, phase.goal) for phase in script.phases]
        paper.grid(("Ab", "Phase", "Ziel"), phases, (1, 2, 4))
    if script.branches:
        paper.section("Zu entscheiden")
        rows = [
            (b.name, b.question, ", ".join(b.options), b.otherwise, _until(b.until))
            for b in script.branches
        ]
        paper.grid(("Zweig", "Frage", "Möglich", "Sonst", "Bis"), rows, (1, 3, 2, 1, 1))
    if script.series or script.outages:
        paper.section("Messreihen und Ausfälle")
        rest = [*map(_series_row, script.series), *map(_outage_row, script.outages)]
        paper.grid(("Von", "Bis", "Was", "Wo", "Bemerkung"), rest, (1, 1, 2, 3, 3))


def _until(minute: float | None) -> str:
    return said(minute) if minute is not None else ""


def _series_row(series: Series) -> tuple[str, ...]:
    name = series.gauges[0] + (f" … {series.gauges[-1]}" if len(series.gauges) > 1 else "")
    points = ", ".join(f"{said(minute)} {value:g}" for minute, value in series.points[:12])
    return (
        said(series.points[0][0]),
        said(series.points[-1][0]),
        f"{name}, alle {lasting(series.every)}",
        series.staff,
        points,
    )


def _outage_row(outage: Outage) -> tuple[str, ...]:
    whom = ", ".join(outage.whom) or "alle"
    return said(outage.start), _until(outage.end), str(outage.what), whom, outage.remark


def _course(paper: Paper, script: Script) -> None:
    paper.add_page()
    paper.section("Ablauf")
    rows = []
    for row in table(script):
        nr, when, clock, sender, to, way, content, expected, hint, remark = row
        people = f"{sender}{f' an {to}' if to else ''} ({way})"
        rows.append(
            (nr, f"{when} {clock}", people, *map(_in_one, (content, expected)),
             _in_one("\n".join(part for part in (hint, remark) if part)), "")
        )  # fmt: skip
    if script.left_out:
        paper.paragraph(f"Entfallen nach Saat {script.seed}: {', '.join(script.left_out)}")
    paper.grid(_TITLES, rows, _WIDTHS)


def _in_one(text: str) -> str:
    """Lines of a cell one after the other, seen apart."""
    return "; ".join(line for line in text.split("\n") if line)


def _spoken(script: Script, ways: tuple[Way, ...]) -> list[tuple[Inject, Speech]]:
    return [
        (inject, inject.content)
        for inject in script.injects
        if isinstance(inject.content, Speech) and inject.way in ways
    ]


def _cards(paper: _Pages, script: Script, *, fresh: bool) -> None:
    """A card for each call, each messenger and each own action that is asked of people."""
    for inject, speech in _spoken(script, _ON_CARDS):
        paper.next_half(fresh=fresh)
        fresh = False
        paper.headline(f"{_card_title(inject)} · Einlage {inject.nr}")
        paper.paragraph(_FOR_DIRECTION, bold=True)
        when = next(row[1] for row in table(script) if row[0] == inject.nr)
        clock = clock_of(inject, script)
        lines = [("Wann", f"{when}{f' ({clock})' if clock else ''}")]
        lines += [("Sie sind", inject.sender)] if inject.way is not Way.OWN else []
        lines += [("Sie sprechen mit", addressees(inject)), ("Stichwort", inject.title)]
        paper.grid((), [line for line in lines if line[1]], (1, 6))
        _speech(paper, speech.text)
        told = [
            ("Erwartet", inject.expected),
            ("Woran man es sieht", "; ".join(checks_of(inject))),
            ("Absichtlich", falsehood(inject)),
            ("Bemerkung", inject.remark),
        ]
        paper.grid((), [line for line in told if line[1]], (1, 6))
        _blank(paper, ("Durchgeführt um", "mit wem gesprochen", "Reaktion", "Zeichen"))


def _card_title(inject: Inject) -> str:
    return {
        Way.PHONE: "Telefonkarte",
        Way.RUNNER: "Karte für den Melder",
        Way.OWN: f"Aufforderung an {addressees(inject)}",
    }[inject.way]


def _sheets(paper: _Pages, script: Script, *, fresh: bool) -> None:
    """A sheet for each fax, as it is handed over: nothing of the direction's stands on it."""
    for inject, speech in _spoken(script, (Way.FAX,)):
        if not fresh:
            paper.add_page("P")
        fresh = False
        paper.headline("FAX")
        heading = [
            ("Von", inject.sender),
            ("An", addressees(inject)),
            ("Zeit", clock_of(inject, script) or "______"),
            ("Betreff", inject.title),
        ]
        paper.grid((), [line for line in heading if line[1]], (1, 6))
        _speech(paper, speech.text)
        paper.set_font("Helvetica", "", 7)
        paper.cell(0, 4, printable(f"Blatt {inject.nr}"), align="R")


def _speech(paper: Paper, text: str) -> None:
    """What is read aloud or handed over, in letters that can be read at arm's length."""
    paper.ln(LINE_MM)
    paper.set_font("Helvetica", "", _SPEECH_PT)
    paper.multi_cell(
        0, _SPEECH_MM, printable(text), align="L", new_x="LMARGIN", new_y="NEXT", padding=2
    )
    paper.ln(LINE_MM)


def _blank(paper: Paper, titles: tuple[str, ...]) -> None:
    """Boxes to fill in by hand."""
    if paper.get_y() > paper.h - 45:
        paper.add_page()
    width = (paper.w - 2 * MARGIN_MM) / len(titles)
    top = paper.get_y() + 4
    for place, title in enumerate(titles):
        left = MARGIN_MM + place * width
        paper.rect(left, top, width, 16)
        paper.set_xy(left + 1, top + 1)
        paper.set_font("Helvetica", "", 7)
        paper.cell(width - 2, 3, printable(title))
    paper.set_xy(MARGIN_MM, top + 18)
