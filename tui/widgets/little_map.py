# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The whole county in a few cells, for beside a view. Loaded when it is first drawn."""

from __future__ import annotations

from dataclasses import replace

from maps.draw.render import Row, render
from maps.draw.scene import Scene
from maps.draw.viewport import Viewport
from sync.schema.definition import EntityId
from tui.paint import Line
from tui.terminal import Glyphs
from tui.widgets.map_area import STYLES, spans


def little_map(
    ground: Scene, selected: EntityId | None, width: int, height: int, glyphs: Glyphs
) -> tuple[Line, ...]:
    """The whole county in so many cells."""
    port = Viewport.fit(ground.layers.bounds, width, height)
    rows: list[Row] = render(port, replace(ground, selected=selected), style=STYLES[glyphs])
    return tuple(spans(row) for row in rows)
