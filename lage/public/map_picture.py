# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map: gauges, shelters with free places, water and food. SVG without script or style.

It says nothing that the tables do not say, in signs that differ by shape and letter: a circle with
the gauge's number, a square U1 for a shelter, a diamond W1 for water or food. Only what is on the
board now is drawn, whatever the chart knows. The picture may be handed on without its page, so it
carries its time, its sources and, in an exercise, that it is one.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from html import escape

from lage.public.times import day_and_clock
from lage.views.board import Board, Gauge, Item
from lage.views.chart import Chart, Spot

FILL = ("#ffffff", "#ffe08a", "#ff9f40", "#e8665f")
"""Of a gauge, by Informationswert; the table says the same in words."""
LETTERS = {"unterkunft": "U", "ausgabe": "W"}
STROKES = {
    "road": ("#b9b2a4", 0.4),
    "town": ("#9a9a9a", 0.25),
    "water": ("#2b7bba", 0.5),
    "county": ("#333333", 0.7),
}
LINE_MM, LETTER_MM = 3.0, 1.3
"""Of the foot below the map, with time and sources: a line, and a letter at most."""
FOOT_LINES_MAX = 6


def codes(board: Board, chart: Chart | None) -> Mapping[str, str]:
    """``U1``, ``W3``: what each item on the map is called there, by its key."""
    mapped = {spot.key for spot in chart.spots} if chart is not None else set()
    counts = dict.fromkeys(LETTERS, 0)
    named = {}
    for item in board.items:
        if item.key in mapped and item.topic in LETTERS:
            counts[item.topic] += 1
            named[item.key] = f"{LETTERS[item.topic]}{counts[item.topic]}"
    return named


def map_svg(board: Board, chart: Chart, *, places: bool) -> str:
    """The county with its gauges, numbered as in their table; ``places``: and where people go."""
    foot = [f"{board.county}, {day_and_clock(board.stand)}", *_sources(chart)]
    height = chart.height + LINE_MM * len(foot) + 1
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {chart.width:g} {height:g}">',
        f'<title>{escape(board.county)}</title><rect width="100%" height="100%" fill="#fbfaf5"/>',
        *_ground(chart),
    ]
    found = {gauge.key: (place, gauge) for place, gauge in enumerate(board.gauges, 1)}
    parts += [_gauge(*found[key], x, y) for key, x, y in chart.places if key in found]
    if places:
        items, named = {item.key: item for item in board.items}, codes(board, chart)
        shown = [spot for spot in chart.spots if spot.key in named]
        parts += [_line(spot) for spot in shown]
        parts += [part for spot in shown for part in _sign(items[spot.key], named[spot.key], spot)]
    parts += [
        _text(1, chart.height + LINE_MM * number, 2.4, line, 'fill="#333333"')
        for number, line in enumerate(foot, 1)
    ]
    if board.exercise:
        parts.append(exercise_mark(chart.width))
    return "".join([*parts, "</svg>"])


def _ground(chart: Chart) -> Iterator[str]:
    for ground in chart.ground:
        colour, width = STROKES.get(ground.sort, ("#cccccc", 0.2))
        path = "".join(
            "M" + "L".join(f"{x:g} {y:g}" for x, y in line) for line in ground.lines if line
        )
        yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
    for name in chart.names:
        yield _text(name.x, name.y, 3, name.text, 'fill="#555555"')


def _gauge(place: int, gauge: Gauge, x: float, y: float) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="3" fill="{FILL[gauge.level]}" stroke="#111111"'
        f' stroke-width="0.5"/>{_text(x, y + 1.2, 3.4, str(place), _BOLD)}'
    )


def _line(spot: Spot) -> str:
    """From a sign that stands aside to its place."""
    x, y = spot.sign_x, spot.sign_y
    if math.hypot(x - spot.x, y - spot.y) <= 1:
        return ""
    return (
        f'<path d="M{spot.x:g} {spot.y:g}L{x:g} {y:g}" stroke="#111111" stroke-width="0.3"/>'
        f'<circle cx="{spot.x:g}" cy="{spot.y:g}" r="0.7" fill="#111111"/>'
    )


def _sign(item: Item, code: str, spot: Spot) -> Iterator[str]:
    x, y, line = spot.sign_x, spot.sign_y, 'stroke="#111111" stroke-width="0.5"'
    if item.topic == "ausgabe":
        corners = f"M{x:g} {y - 4.4:g}l4.4 4.4l-4.4 4.4l-4.4 -4.4Z"
        yield f'<path d="{corners}" fill="#cfe3f5" {line}/>{_text(x, y + 1, 2.8, code, _BOLD)}'
        return
    open_ = item.state == "in Betrieb" and item.free != 0
    fill, left, top = "#cdebd8" if open_ else "#dddddd", x - 4.3, y - 3.3
    yield f'<rect x="{left:g}" y="{top:g}" width="8.6" height="6.6" fill="{fill}" {line}/>'
    told = item.free is not None and item.capacity is not None
    yield _text(x, y - 0.3 if told else y + 1, 2.8, code, _BOLD)
    if told:
        yield _text(x, y + 2.6, 2.1, f"{item.free}/{item.capacity}", 'text-anchor="middle"')


def _sources(chart: Chart) -> list[str]:
    width = max(20, int((chart.width - 2) / LETTER_MM))
    return textwrap.wrap("; ".join(chart.sources), width)[:FOOT_LINES_MAX]


def exercise_mark(width: float) -> str:
    """Across the top of a picture that is not real."""
    return (
        f'<rect width="{width:g}" height="7" fill="#ffd500"/>'
        f"{_text(width / 2, 5.2, 5, 'ÜBUNG ÜBUNG ÜBUNG', _BOLD)}"
    )


_BOLD = 'font-weight="bold" text-anchor="middle"'


def _text(x: float, y: float, size: float, said: str, more: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" {more}>{escape(said)}</text>'
