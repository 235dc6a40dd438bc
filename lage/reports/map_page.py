# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Lagekarte in a PDF: ground, areas, tactical signs, UTM grid, scale, legend and sources.

It is drawn in lines, so it stays sharp at any size and is a few ten kilobytes. Nothing is told by
colour alone: it must be read as a copy in black and white.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from lage.reports.paper import MARGIN_MM, Paper, printable
from maps.draw.plan import HATCHING, SIGN_MM, Line, Plan, Symbol, plan
from maps.draw.roles import Role
from maps.draw.scene import AreaKind, Scene
from maps.draw.signs import UNKNOWN, Mark, sign

HEIGHT_MM = 150.0
LETTER_MM = 1.35
"""Width of a letter beside a sign, on an average."""

_COLOURS: dict[Role, tuple[int, int, int]] = {
    Role.NEIGHBOUR: (190, 190, 190),
    Role.BOUNDARY: (140, 140, 140),
    Role.COUNTY: (60, 60, 60),
    Role.ROAD: (200, 160, 110),
    Role.IMPORTED: (170, 150, 190),
    Role.WATER: (70, 130, 200),
    Role.FLOODED: (20, 80, 170),
    Role.EVACUATED: (150, 90, 0),
    Role.CLOSED: (170, 0, 0),
    Role.POWERLESS: (90, 90, 90),
    Role.AREA: (0, 100, 60),
    Role.LABEL: (70, 70, 70),
    Role.LABEL_FAINT: (130, 130, 130),
}
_BLACK = (0, 0, 0)
_WIDTHS = {Role.COUNTY: 0.5, Role.WATER: 0.35, Role.GROUND: 0.1}
_SHAPES: dict[str, tuple[tuple[float, float], ...]] = {
    "▼": ((-1, -0.8), (1, -0.8), (0, 1)),
    "▲": ((-1, 0.8), (1, 0.8), (0, -1)),
    "■": ((-1, -0.75), (1, -0.75), (1, 0.75), (-1, 0.75)),
    "►": ((-0.8, -1), (1, 0), (-0.8, 1)),
}
"""Outlines of signs by their first character, in halves of a sign; others are circles."""


def draw_map(paper: Paper, scene: Scene, absent: str) -> None:
    """The map on a page, and below what it takes to read it; ``absent``: what has no place."""
    width = paper.w - 2 * MARGIN_MM
    sheet = plan(scene, width, HEIGHT_MM, letter=LETTER_MM)
    if paper.get_y() + HEIGHT_MM + 30 > paper.h - paper.b_margin:
        paper.add_page()
    paper.section("Lagekarte")
    left, top = MARGIN_MM, paper.get_y() + 1
    paper.set_auto_page_break(auto=False)
    with paper.local_context(), paper.rect_clip(left, top, width, HEIGHT_MM):
        _ground(paper, sheet, left, top)
        for symbol in sheet.symbols:
            _label(paper, symbol, left, top)
        for symbol in sheet.symbols:
            marker = symbol.marker
            _sign(paper, marker.sign, marker.mark, left + symbol.at[0], top + symbol.at[1])
    _frame(paper, sheet, left, top)
    paper.set_auto_page_break(True, paper.b_margin)
    paper.set_xy(left, top + HEIGHT_MM + 4)
    _below(paper, sheet, scene, absent)


def _ground(paper: Paper, sheet: Plan, left: float, top: float) -> None:
    paper.set_line_width(0.1)
    paper.set_draw_color(225)
    for grid in sheet.grid:
        if grid.upright:
            paper.line(left + grid.at, top, left + grid.at, top + sheet.height)
        else:
            paper.line(left, top + grid.at, left + sheet.width, top + grid.at)
    for line in (*sheet.ground, *sheet.areas):
        _line(paper, line, left, top)
    for word in sheet.words:
        paper.set_font("Helvetica", "", 7)
        paper.set_text_color(*_COLOURS.get(word.role, _BLACK))
        _words(paper, left + word.at[0], top + word.at[1], word.text)
    paper.set_text_color(0)


def _words(paper: Paper, x: float, y: float, text: str) -> None:
    """Text on white, so that no line runs through it."""
    said = printable(text)
    paper.set_fill_color(255)
    paper.rect(x - 0.2, y - 2.1, paper.get_string_width(said) + 0.4, 2.7, style="F")
    paper.text(x, y, said)


def _line(paper: Paper, line: Line, left: float, top: float) -> None:
    paper.set_draw_color(*_COLOURS.get(line.role, (90, 90, 90)))
    outline = line.role >= Role.FLOODED
    paper.set_line_width(0.6 if outline else _WIDTHS.get(line.role, 0.2))
    paper.polyline([(left + x, top + y) for x, y in line.points])


def _label(paper: Paper, symbol: Symbol, left: float, top: float) -> None:
    if symbol.words is not None:
        paper.set_font("Helvetica", "B", 6.5)
        _words(paper, left + symbol.words[0], top + symbol.words[1], symbol.marker.label)


def _sign(paper: Paper, key: str, mark: Mark, x: float, y: float) -> None:
    """Shape and letter, in black on white; how it stands at its upper right."""
    entry = sign(key)
    paper.set_draw_color(0)
    paper.set_fill_color(255)
    paper.set_line_width(0.35)
    outline = _SHAPES.get(entry.text[0])
    if outline is None:
        paper.circle(x, y, SIGN_MM * 0.9, style="DF")
    else:
        paper.polygon([(x + dx * SIGN_MM, y + dy * SIGN_MM) for dx, dy in outline], style="DF")
    letter = entry.text[1:] or {"≈": "~", "¥": "F"}.get(entry.text, "")
    paper.set_font("Helvetica", "B", 6.5)
    raised = 0.55 if entry.text[0] == "▼" else 0.0
    paper.text(x - paper.get_string_width(letter) / 2, y + 0.85 - raised, letter)
    if mark is not Mark.NONE:
        paper.text(x + SIGN_MM * 0.75, y - SIGN_MM * 0.55, mark.value[1])


def _frame(paper: Paper, sheet: Plan, left: float, top: float) -> None:
    """Border, kilometres of the grid, scale."""
    paper.set_draw_color(0)
    paper.set_line_width(0.3)
    paper.rect(left, top, sheet.width, sheet.height)
    paper.set_font("Helvetica", "", 6)
    for grid in sheet.grid:
        if grid.upright:
            paper.text(left + grid.at - 1.5, top + sheet.height + 2.4, str(grid.kilometres))
        else:
            paper.text(left - 6, top + grid.at + 0.8, str(grid.kilometres))
    length, said = sheet.bar()
    x, y = left + sheet.width - length - 14, top + sheet.height - 3
    paper.set_fill_color(255)
    paper.rect(x - 2, y - 3, length + 15, 5, style="F")
    paper.set_line_width(0.6)
    paper.line(x, y, x + length, y)
    paper.set_font("Helvetica", "B", 7)
    paper.text(x + length + 1.5, y + 0.9, said)
    paper.set_line_width(0.2)


def _below(paper: Paper, sheet: Plan, scene: Scene, absent: str) -> None:
    """Legend, what is missing, sources."""
    _legend(paper, scene)
    said = ["Gitter: ETRS89/UTM32, Kilometer am Rand; oben ist Gitternord."]
    if sheet.unnamed:
        said.append(f"Zeichen ohne Beschriftung, weil der Platz fehlt: {sheet.unnamed}.")
    if sheet.beyond:
        said.append(f"Zeichen außerhalb dieses Blatts: {sheet.beyond}.")
    if absent:
        said.append(absent)
    if scene.layers.attribution:
        said.append(f"Kartengrund: {'; '.join(scene.layers.attribution)}.")
    paper.set_font("Helvetica", "", 7)
    paper.multi_cell(0, 3.4, printable(" ".join(said)), align="L", new_x="LMARGIN", new_y="NEXT")


def _legend(paper: Paper, scene: Scene) -> None:
    """The signs and hatchings that are on the map, in columns."""
    keys = sorted(
        {marker.sign for marker in scene.shown_markers()}, key=lambda key: sign(key).title
    )
    kinds = [kind for kind in AreaKind if any(a.kind is kind for a in scene.shown_areas())]
    column = (paper.w - 2 * MARGIN_MM) / 4
    start = paper.get_y()
    count = 0
    for count, (x, y) in zip(
        range(1, len(keys) + len(kinds) + 1), _places(MARGIN_MM, start, column), strict=False
    ):
        if count <= len(keys):
            key = keys[count - 1]
            _sign(paper, key, Mark.NONE, x + SIGN_MM, y + SIGN_MM)
            title = sign(key).title if sign(key) is not UNKNOWN else UNKNOWN.title
        else:
            kind = kinds[count - len(keys) - 1]
            _swatch(paper, kind, x, y)
            title = kind.title
        paper.set_font("Helvetica", "", 7)
        paper.text(x + 7, y + 3, printable(title))
    paper.set_xy(MARGIN_MM, start + 5.5 * math.ceil(count / 4) + 1)


def _places(left: float, top: float, column: float) -> Iterator[tuple[float, float]]:
    number = 0
    while True:
        yield left + column * (number % 4), top + 5.5 * (number // 4)
        number += 1


def _swatch(paper: Paper, kind: AreaKind, x: float, y: float) -> None:
    """A small rectangle, hatched like the areas of a kind."""
    paper.set_line_width(0.1)
    paper.set_draw_color(90)
    with paper.local_context(), paper.rect_clip(x, y, 5.5, 4):
        for angle, apart in HATCHING.get(kind, ()):
            turn = math.radians(angle)
            for step in range(-8, 9):
                _stroke(paper, (x + 2.75, y + 2), turn, step * apart * 0.5)
    paper.set_line_width(0.5)
    paper.set_draw_color(*_COLOURS.get(kind.role, _BLACK))
    paper.rect(x, y, 5.5, 4)


def _stroke(paper: Paper, middle: Sequence[float], turn: float, away: float) -> None:
    x, y = middle[0] + math.sin(turn) * away, middle[1] + math.cos(turn) * away
    dx, dy = math.cos(turn) * 6, -math.sin(turn) * 6
    paper.line(x - dx, y - dy, x + dx, y + dy)
