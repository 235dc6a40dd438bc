# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is around, beside every view of a wide screen: the map, the Tagebuch, the Kräfte.

It takes no keys. The map shows the whole county, so that what the cursor is on stands out in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from tui.paint import Line
from tui.widgets.board import Board
from tui.widgets.panel import Panel
from tui.widgets.placing import Placed, stack

MAP = Panel("karte", "KARTE", (), "karte", grows=True)


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
