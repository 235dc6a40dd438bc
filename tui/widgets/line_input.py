# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One line to type in, whatever somebody pastes into it.

Textual measures the whole text about ten times for each key. A text of thousands of wide
characters that comes key by key, as terminals without bracketed paste send it, then holds up the
screen for minutes: so its cells are counted once and added to, and no line grows for ever.
"""

from __future__ import annotations

from typing import Any, cast

from rich.cells import cell_len
from textual.widgets import Input

from tui.widgets.base import steady
from tui.widgets.fence import Fenced, Tells

LINE_MAX = 2000
"""Characters; nothing that is typed in one line may be longer once it is written."""
TOO_LONG = f"Der Text ist zu lang: möglich sind {LINE_MAX} Zeichen."


class LineInput(Fenced, Input):
    """Textual's input, bounded and steady."""

    def __init__(self, text: str = "", **options: Any) -> None:
        self._counted = "", 0  # a beginning of the text, and its cells
        most = max(LINE_MAX, len(text))  # what stands there already can be shortened
        super().__init__(text, compact=True, max_length=most, **options)
        steady(self)

    def restricted(self) -> None:
        """More than the line takes: it stays as it was, and a sentence says why."""
        cast(Tells, self.app).say(TOO_LONG)

    @property
    def content_width(self) -> int:
        """Cells of the text and of a cursor behind it."""
        return self._position_to_cell(len(self.value)) + 1

    def _position_to_cell(self, position: int) -> int:
        text = self.value[:position]
        if "\t" in text:  # as wide as where it stands makes it
            return super()._position_to_cell(position)
        known, cells = self._counted
        if not text.startswith(known):
            known, cells = "", 0
        self._counted = text, cells + cell_len(text[len(known) :])
        return self._counted[1]
