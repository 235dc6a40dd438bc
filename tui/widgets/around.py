# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is around, beside every view of a wide screen: the map, the Tagebuch, the Kräfte.

It takes no keys. The map shows the whole county, so that what the cursor is on stands out in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.strip import Strip

from lage.kinds.model import Query
from lage.kinds.reader import ViewContext
from lage.kinds.states import open_only
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.cells import strength
from lage.views.fence import fenced
from lage.views.journal import journal
from maps.draw.render import Row, render
from maps.draw.scene import Scene
from maps.draw.viewport import Viewport
from sync.schema.definition import EntityId
from tui.paint import Line
from tui.terminal import Glyphs
from tui.widgets.board import Board
from tui.widgets.map_area import STYLES, spans
from tui.widgets.panel import Panel, PanelRow, Room
from tui.widgets.placing import Placed, stack

MAP = Panel("karte", "KARTE", (), "karte", grows=True)
LINES_MAX, UNITS_MAX = 40, 40


def panels_around(context: ViewContext, width: int, glyphs: Glyphs) -> tuple[Panel, ...]:
    """Tagebuch and Kräfte for so many cells, the newest first."""
    room = Room(width - 3, 2, glyphs)

    def built(key: str, title: str, rows: Sequence[PanelRow]) -> Panel:
        return Panel(key, title, tuple(rows), key)

    def instead(words: str) -> list[PanelRow]:
        return [PanelRow(((f" {words}", "warn"),))]

    return (
        MAP,
        built("journal", "TAGEBUCH", fenced(lambda: _lines(context, room), instead, context)),
        built("unit", "KRÄFTE", fenced(lambda: _units(context, room), instead, context)),
    )


def _lines(context: ViewContext, room: Room) -> list[PanelRow]:
    rows = []
    for line in journal(context, limit=LINES_MAX):
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


def little_map(
    ground: Scene, selected: EntityId | None, width: int, height: int, glyphs: Glyphs
) -> tuple[Line, ...]:
    """The whole county in so many cells."""
    port = Viewport.fit(ground.layers.bounds, width, height)
    rows: list[Row] = render(port, replace(ground, selected=selected), style=STYLES[glyphs])
    return tuple(spans(row) for row in rows)


class Around(Board, can_focus=False):
    """The column beside a view."""

    def __init__(self) -> None:
        super().__init__(id="around")
        self._map: tuple[Line, ...] = ()

    def placed(self, panels: Sequence[Panel]) -> list[Placed[Panel]]:
        """One column."""
        return stack(panels, 0, 0, self.size.width, self.size.height, boxed=True)

    def map_size(self, panels: Sequence[Panel]) -> tuple[int, int]:
        """Cells that the map will have among these."""
        found = next((p for p in self.placed(panels) if p.panel.key == MAP.key), None)
        return (found.width - 2, found.height - 1) if found is not None else (0, 0)

    def show_map(self, lines: tuple[Line, ...]) -> None:
        """Draw this picture."""
        if lines != self._map:
            self._map = lines
            self.refresh()

    def _inside(self, item: Placed[Panel], y: int, width: int) -> Strip:
        if item.panel.key != MAP.key:
            return super()._inside(item, y, width)
        return self.painter.strip(self._map[y - 1] if y <= len(self._map) else (), width)
