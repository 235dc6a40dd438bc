# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every widget of ours hears of its size.

Textual finds out who was resized by comparing a layout with the one before. A widget that is asked
for its size between a change of style and the next layout makes it lay out in between, unnoticed:
the comparison finds no difference, and no ``Resize`` comes. Ours ask at any time, because rows are
read meanwhile; so after each layout the screen tells those that have not heard.
"""

from __future__ import annotations

from textual import on
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget


class Sized(Widget):
    """A widget that remembers which size it was told last."""

    _told = Size()

    @on(Resize)
    def _heard(self, event: Resize) -> None:
        self._told = event.size

    def tell_size(self) -> None:
        """Where the layout gave it another size than it knows, it hears of it."""
        if self._told != self.outer_size:
            self.post_message(Resize(self.outer_size, self.virtual_size, self.container_size))


def tell_sizes(screen: Screen[object]) -> None:
    """After a layout."""
    for widget in screen.walk_children(Sized):
        widget.tell_size()
