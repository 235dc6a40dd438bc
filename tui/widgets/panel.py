# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A panel: a heading and rows, each of one line or, where there is room, of several. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lage.views.alarm import Alarm
from sync.schema.definition import EntityId
from tui.forms.key import FormKey
from tui.paint import Line, Span, spelt, width_of, wrap
from tui.terminal import Glyphs

INDENT = 3
"""Cells before the second line of a row."""


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One row; Enter opens the entity, or the screen that ``go`` names."""

    line: Line
    entity: EntityId | None = None
    go: str = ""
    kind: str = ""  # of the entity, where the panel holds several
    draft: FormKey | None = None  # of a draft that Enter opens
    alarm: Alarm | None = None  # what waits
    below: tuple[Line, ...] = ()  # further lines of the same row

    @property
    def height(self) -> int:
        """Lines it takes."""
        return 1 + len(self.below)


@dataclass(frozen=True, slots=True)
class Panel:
    """One topic."""

    key: str
    title: str
    rows: tuple[PanelRow, ...]
    go: str  # the screen that shows all of it
    grows: bool = False  # takes the height that others leave, for what is not made of rows


@dataclass(frozen=True, slots=True)
class Room:
    """What a row may take."""

    cells: int
    lines: int
    glyphs: Glyphs

    def spread(
        self, lead: Sequence[Span], text: str, role: str = "text"
    ) -> tuple[Line, tuple[Line, ...]]:
        """(first line, further ones) of a row that begins with ``lead``; the last may be cut."""
        left = self.cells - width_of(lead)
        if self.lines < 2 or left < 1:
            return (*lead, (text, role)), ()
        text = spelt(text, self.glyphs)
        first = wrap(text, left, self.glyphs)[0]
        rest = text[len(first) :].strip()
        further = wrap(rest, self.cells - INDENT, self.glyphs) if rest else []
        kept = self.lines - 2
        if len(further) > kept + 1:
            further = [*further[:kept], " ".join(further[kept:])]
        blanks = " " * INDENT
        return (*lead, (first, role)), tuple(((blanks + part, role),) for part in further)
