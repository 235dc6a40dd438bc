# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The receipt of an emergency call on paper: what is true at this moment, and the code to ask."""

from __future__ import annotations

import segno

from lage.outside import calls
from lage.outside.desk import SOURCES, Opened
from lage.outside.words import step_sentences
from lage.reports.files import head_of
from lage.reports.paper import MARGIN_MM, Paper
from lage.station import Station

QR_MM = 42.0


def slip_pdf(station: Station, found: Opened) -> bytes:
    """One page to hand over. It says nothing that has not happened."""
    call, box = calls.call_of(found), found.box
    paper = Paper(head_of(station, f"Beleg zu Notruf {box.nr}"))
    paper.headline(f"Ihr Notruf {box.nr}")
    paper.paragraph(
        f"{box.source}: {call.what}, {' '.join(filter(None, (call.place, call.point)))}"
    )
    paper.section("Stand beim Druck")
    for line in step_sentences(box.received, box.steps, station.now()):
        paper.paragraph(line)
    if calls.ARRIVED not in box.steps and calls.ASIDE not in box.steps:
        paper.paragraph("Noch nicht angekommen. Bitte fragen Sie hier später noch einmal nach.",
                        bold=True)  # fmt: skip
    paper.section("Nachfragen")
    paper.paragraph(f"Mit diesem Code am Infopunkt oder auf seinen Seiten: {found.ticket}")
    base = next((s.base for s in station.setting(SOURCES) if s.name == box.source), "")
    if base:
        draw_qr(paper, f"{base}/beleg/{found.ticket}", QR_MM)
    return bytes(paper.output())


def draw_qr(paper: Paper, content: str, size_mm: float) -> None:
    """A QR code at the present place of the page, of squares that any printer draws."""
    matrix = [
        list(row) for row in segno.make(content, error="m", micro=False).matrix_iter(border=2)
    ]
    cell = size_mm / len(matrix)
    left, top = MARGIN_MM, paper.get_y() + 2
    paper.set_fill_color(0, 0, 0)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                paper.rect(left + x * cell, top + y * cell, cell, cell, style="F")
    paper.set_y(top + size_mm)
