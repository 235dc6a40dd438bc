# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Any list of the product on paper, as it is filtered and searched on the screen."""

from __future__ import annotations

from dataclasses import replace

from lage.kinds.model import Query
from lage.kinds.reader import ViewContext
from lage.reports import Head
from lage.reports.paper import Paper
from lage.views.lists import ListView

ROWS_MAX = 5000


def list_pdf(view: ListView, query: Query, shown: str, head: Head, context: ViewContext) -> bytes:
    """All rows of the query; ``shown`` says by which filter and search they were chosen."""
    rows = context.reader.select(replace(query, limit=ROWS_MAX, offset=0))
    total = context.reader.count(query)
    paper = Paper(head)
    paper.headline(view.title)
    count = f"{total} Einträge" if total <= ROWS_MAX else f"{ROWS_MAX} von {total} Einträgen"
    paper.paragraph(f"{count}{f', {shown}' if shown else ''}")
    columns = view.columns
    cells = [[column.shown(row, context) for column in columns] for row in rows]
    widths = [column.width + 6 * column.weight for column in columns]
    paper.grid([column.title for column in columns], cells, widths)
    if view.summary is not None:
        paper.paragraph(view.summary(rows), bold=True)
    return paper.content()
