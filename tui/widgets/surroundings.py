# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tagebuch and Kräfte as panels, for beside a view. Loaded when they are first read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lage.kinds.model import Query
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.cells import strength
from lage.views.fence import fenced
from lage.views.journal import latest
from tui.terminal import Glyphs
from tui.widgets.around import MAP
from tui.widgets.panel import Panel, PanelRow, Room

LINES_MAX, UNITS_MAX = 40, 40


def panels_around(
    context: ViewContext, width: int, glyphs: Glyphs, nowhere: int
) -> tuple[Panel, ...]:
    """Tagebuch and Kräfte for so many cells, the newest first."""
    room = Room(width - 3, 2, glyphs)

    def built(key: str, title: str, rows: Sequence[PanelRow]) -> Panel:
        return Panel(key, title, tuple(rows), key)

    def instead(words: str) -> list[PanelRow]:
        return [PanelRow(((f" {words}", "warn"),))]

    title = f"{MAP.title}, {nowhere} ohne Ort" if nowhere else MAP.title
    return (
        replace(MAP, title=title),
        built("journal", "TAGEBUCH", fenced(lambda: _lines(context, room), instead, context)),
        built("unit", "KRÄFTE", fenced(lambda: _units(context, room), instead, context)),
    )


def _lines(context: ViewContext, room: Room) -> list[PanelRow]:
    rows = []
    for line in latest(context, LINES_MAX):
        role = "dim" if line.automatic else "text"
        text = line.text + (f" > {line.action}" if line.action else "")
        first, below = room.spread(((f"{clock(line.entered, context.now)} ", "dim"),), text, role)
        rows.append(PanelRow(first, below=below))
    return rows


def _units(context: ViewContext, room: Room) -> list[PanelRow]:
    query = Query("unit", open_only("unit"), order="changed", limit=UNITS_MAX)
    rows = []
    for record in context.reader.select(query):
        place = plain(record.text("place") or record.text("municipality"))
        about = ", ".join(filter(None, (strength(record, context), record.text("status"), place)))
        first, below = room.spread(((f"{plain(record.text('name'))}: ", "bold"),), about)
        rows.append(PanelRow(first, below=below))
    return rows
