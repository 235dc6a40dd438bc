# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the signs on the map mean, and whose data the map is made of."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from lage.language.plain import plain
from maps.draw.render import Style, legend
from maps.draw.scene import Scene
from maps.draw.signs import Mark
from tui.paint import Line, wrap
from tui.screens.base import Dialog
from tui.terminal import Glyphs
from tui.widgets.base import Lines, Reader
from tui.widgets.map_area import STYLES

_MARKS = (
    (Mark.ACUTE, "kritisch"),
    (Mark.WORKING, "in Arbeit oder unter Kontrolle"),
    (Mark.LEVEL_1, "Informationswert 1 überschritten (ebenso 2, 3)"),
    (Mark.SUSPECTED, "Funkknoten noch nie gehört"),
    (Mark.FAILED, "Funkknoten schweigt"),
)


def legend_lines(scene: Scene, width: int, glyphs: Glyphs) -> list[Line]:
    """Signs in use, marks behind them, lines, sources."""
    style = STYLES[glyphs]
    lines: list[Line] = [(("Zeichen auf dieser Karte", "head"),)]
    shown = legend(scene, style=style)
    lines += [((f" {text:5}", "bold"), (title, "text")) for text, title in shown]
    if not shown:
        lines.append(((" noch keine: nur was eine Koordinate hat, steht auf der Karte", "dim"),))
    lines += [(), (("Hinter einem Zeichen", "head"),)]
    for mark, title in _MARKS:
        lines.append(((f" {mark.value[style is Style.ASCII]:5}", "bold"), (title, "text")))
    lines.append(((" +1   ", "bold"), ("so viele weitere an derselben Stelle", "text")))
    lines.append(((" [ ]  ", "bold"), ("ausgewählt: Enter öffnet es", "text")))
    lines += [(), (("Karten", "head"),)]
    for source in scene.layers.attribution:
        lines += [((f" {part}", "dim"),) for part in wrap(plain(source), width - 2, glyphs)]
    return lines


class Legend(Dialog):
    """The signs in a box to scroll."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene

    def compose(self) -> ComposeResult:
        """A text to scroll."""
        with Vertical(classes="box wide"):
            yield Lines([(("Kartenzeichen", "title"), ("   Pfeile blättern, Esc schließt", "dim"))])
            reader = Reader(self._lines())
            reader.styles.height = max(3, self.app.size.height - 10)
            yield reader

    def on_mount(self) -> None:
        """Arrows scroll."""
        self.set_focus(self.query_one(Reader))

    def _lines(self) -> Sequence[Line]:
        width = max(10, min(90, self.app.size.width - 10))
        return legend_lines(self._scene, width, self.painter.glyphs)
