# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A series of figures as a chart with thresholds. Pure.

The chart's line is drawn by the map's canvas (braille, strokes or ASCII); thresholds are
dashes across the whole width with their name at the right, so that crossing one is seen without
colour.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from maps.draw import canvas
from tui.paint import Line, Span
from tui.terminal import Glyphs

_STYLES = {
    Glyphs.FULL: canvas.Style.BRAILLE,
    Glyphs.PLAIN: canvas.Style.STROKES,
    Glyphs.ASCII: canvas.Style.ASCII,
}


def chart(
    points: Sequence[tuple[float, float]],
    thresholds: Sequence[tuple[str, float]],
    width: int,
    height: int,
    glyphs: Glyphs,
    *,
    span: tuple[float, float] | None = None,
) -> tuple[list[Line], tuple[float, float]]:
    """Rows of the plot area and the (lowest, highest) value they span.

    ``points`` are (time, value) in any order; ``span`` is (first, last) time shown. Thresholds far
    above the values (more than three times their range) are left out, to keep the line readable.
    """
    if not points or width < 8 or height < 2:
        return [], (0.0, 0.0)
    ordered = sorted(points)
    values = [value for _, value in ordered]
    reach = max(max(values) - min(values), 20.0)
    near = [
        (name, v) for name, v in thresholds if min(values) - reach < v < max(values) + reach * 3
    ]
    low = min([*values, *(v for _, v in near)])
    high = max([*values, *(v for _, v in near)])
    pad = max((high - low) * 0.05, 1.0)
    low, high = low - pad, high + pad
    first, last = span or (ordered[0][0], ordered[-1][0])
    duration = max(last - first, 1.0)

    def y_of(value: float) -> float:
        return (high - value) / (high - low) * (height * canvas.DOTS_Y - 1)

    dots = [
        ((time - first) / duration * (width * canvas.DOTS_X - 1), y_of(value))
        for time, value in ordered
    ]
    pairs = list(itertools.pairwise(dots)) or [(dots[0], dots[0])]
    segments = np.array([(*a, *b) for a, b in pairs], dtype=np.float64)
    masks = canvas.rasterise(segments, width, height)
    table = canvas.characters(_STYLES[glyphs])
    rows: list[list[Span]] = [
        [(table[mask], "water") if mask else (" ", "text") for mask in row]
        for row in masks.tolist()
    ]
    for name, value in near:
        _threshold(rows, round(y_of(value) / canvas.DOTS_Y - 0.5), name, glyphs)
    return [_merged(row) for row in rows], (low, high)


def _threshold(rows: list[list[Span]], y: int, name: str, glyphs: Glyphs) -> None:
    row = rows[min(max(y, 0), len(rows) - 1)]
    dash = "-" if glyphs is Glyphs.ASCII else "─"
    for x, (character, _) in enumerate(row):
        if character == " " and x % 2 == 0:
            row[x] = (dash, "warn")
    start = max(0, len(row) - len(name))
    while start > 0 and any(text.isalnum() for text, _ in row[start : start + len(name) + 1]):
        start -= 1  # beside a name that stands here already
    for x, character in enumerate(name[: len(row)], start):
        row[x] = (character, "warn")


def _merged(row: Sequence[Span]) -> Line:
    """Neighbours of one role as one span."""
    merged: list[Span] = []
    for text, role in row:
        if merged and merged[-1][1] == role:
            merged[-1] = (merged[-1][0] + text, role)
        else:
            merged.append((text, role))
    return tuple(merged)
