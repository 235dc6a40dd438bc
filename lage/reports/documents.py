# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Lagemeldung as PDF. Tagebuch: ``lage.reports.printout``; Vordruck: ``message_form``."""

from __future__ import annotations

from lage.kinds.model import Progress
from lage.language.tactical import tactical
from lage.reports import Head
from lage.reports.map_page import draw_map
from lage.reports.paper import Paper
from lage.reports.situation_map import SituationMap
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
