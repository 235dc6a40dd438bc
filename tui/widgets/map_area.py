# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The picture of the map: cells with roles get colours, and only rows that changed are painted.

Over a slow line a step of the cursor costs two rows instead of the whole picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from maps.draw.render import Row, Style
from maps.draw.roles import Role
from tui.paint import Line
from tui.terminal import Glyphs
from tui.widgets.base import LineWidget

_STYLES = {
    Role.NEIGHBOUR: "dim", Role.BOUNDARY: "dim", Role.ROAD: "dim", Role.IMPORTED: "dim",
    Role.BUILDING: "dim", Role.WATER: "water", Role.COUNTY: "bold", Role.LABEL: "bold",
    Role.LABEL_FAINT: "dim", Role.SCALE: "dim", Role.DANGER: "warn", Role.MEASURE: "ok",
    Role.WATER_SIGN: "water", Role.FIRE: "warn", Role.THW: "water", Role.AID: "bold",
    Role.POLICE: "ok", Role.COMMAND: "title", Role.PLACE_SIGN: "title", Role.RADIO: "ok",
    Role.FLOODED: "water", Role.EVACUATED: "warn", Role.CLOSED: "warn", Role.POWERLESS: "dim",
    Role.AREA: "ok", Role.DRAFT: "title", Role.CURSOR: "cursor", Role.SELECTED: "title",
}  # fmt: skip


_BY_ROLE = [_STYLES.get(role, "text") for role in sorted(Role)]
"""The theme's name for a cell, by the number of its role."""

STYLES = {Glyphs.FULL: Style.BRAILLE, Glyphs.PLAIN: Style.STROKES, Glyphs.ASCII: Style.ASCII}
"""What lines are made of on which terminal."""


def spans(row: Row) -> Line:
    """A row of cells as text with roles."""
    text, start = "".join([cell.char for cell in row]), 0
    found = []
    for role, run in groupby([_BY_ROLE[cell.fg] for cell in row]):
        end = start + len(list(run))
        found.append((text[start:end], role))
        start = end
    return tuple(found)


class MapArea(LineWidget, can_focus=True):
    """The picture."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """Draw these cells."""
        before, self.rows = self.rows, tuple(rows)
        if len(before) != len(rows):
            self.refresh()
            return
        changed = [y for y, (old, new) in enumerate(zip(before, rows, strict=True)) if old != new]
        width = self.size.width
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def line(self, y: int) -> Strip:
        """One row of cells."""
        row = self.rows[y] if y < len(self.rows) else ()
        segments = [Segment(text, self.painter.style(role)) for text, role in spans(row)]
        return Strip(segments).adjust_cell_length(self.size.width, self.painter.style("text"))
