# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Dots to characters: line drawing in cells of two by four dots, all segments at once.

Every style rasterises to the same dots (2 wide, 4 high per cell, as in braille) and differs only
in the character that stands for a cell's pattern: braille shows the dots themselves, strokes and
ASCII show the direction that the dots suggest. So a line is in the same
cells in every terminal, and a golden screen of one style tells about the others.

The work is vectorised: segments are clipped (Liang and Barsky 1984) and walked by a digital
differential analyser in numpy. Time and memory are bounded by the window and the number of
segments, not by their length; those with coordinates that are not finite are left out.
Limits: coordinates up to 1e12 dots.
"""

from __future__ import annotations

import enum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Masks = npt.NDArray[np.uint8]
"""Shape (rows, columns): bit b of a cell is set where its dot b is, in braille's numbering."""

DOTS_X, DOTS_Y = 2, 4

_BRAILLE_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint8)


class Style(enum.Enum):
    """Which characters lines are made of."""

    BRAILLE = "braille"
    STROKES = "strokes"  # for console fonts, many of which have neither braille nor half blocks
    ASCII = "ascii"


def rasterise(segments: Floats, columns: int, rows: int) -> Masks:
    """Patterns of all cells for segments (n, 4) in dots: x right 0..2*columns, y down 0..4*rows."""
    y, x, _ = trace(segments, columns, rows)
    return pack(dotted(y, x, columns, rows))


def trace(segments: Floats, columns: int, rows: int) -> tuple[Ints, Ints, Ints]:
    """The dots that segments (n, 4) pass: (y, x, index of the segment), in order of segments."""
    width, height = columns * DOTS_X, rows * DOTS_Y
    clipped, index = _clip(segments, width - 1e-6, height - 1e-6)
    start, step = clipped[:, :2], clipped[:, 2:] - clipped[:, :2]
    longest = np.maximum(np.abs(step[:, 0]), np.abs(step[:, 1]))
    counts = np.ceil(longest).astype(np.intp) + 1
    owner = np.repeat(np.arange(len(clipped)), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = place / np.maximum(counts - 1, 1)[owner]
    points = (start[owner] + step[owner] * share[:, None]).astype(np.intp)
    x, y = points.T
    np.minimum(np.maximum(x, 0, out=x), width - 1, out=x)
    np.minimum(np.maximum(y, 0, out=y), height - 1, out=y)
    return y, x, index[owner]


def dotted(y: Ints, x: Ints, columns: int, rows: int) -> npt.NDArray[np.bool_]:
    """A field of dots (4*rows, 2*columns) with these set."""
    dots = np.zeros((rows * DOTS_Y, columns * DOTS_X), dtype=np.bool_)
    dots[y, x] = True
    return dots


def pack(dots: npt.NDArray[np.bool_]) -> Masks:
    """Dots (4*rows, 2*columns) to patterns (rows, columns)."""
    marks = dots.view(np.uint8)
    masks: Masks = np.zeros((dots.shape[0] // DOTS_Y, dots.shape[1] // DOTS_X), dtype=np.uint8)
    for y in range(DOTS_Y):
        for x in range(DOTS_X):
            masks |= marks[y::DOTS_Y, x::DOTS_X] * _BRAILLE_BITS[y, x]
    return masks


def clip(segments: Floats, width: float, height: float) -> Floats:
    """The parts of segments (n, 4) inside 0..width, 0..height; those outside are dropped."""
    return _clip(segments, width, height)[0]


def near(segments: Floats, west: float, south: float, east: float, north: float) -> Floats:
    """Those segments whose box touches this one; the others cannot be seen."""
    x0, y0, x1, y1 = segments.T
    # Comparisons with NaN are false, so only infinities are left to be sorted out.
    touching = (
        (np.maximum(x0, x1) >= west)
        & (np.minimum(x0, x1) <= east)
        & (np.maximum(y0, y1) >= south)
        & (np.minimum(y0, y1) <= north)
    )
    kept: Floats = segments[touching]
    return kept


def _clip(segments: Floats, width: float, height: float) -> tuple[Floats, Ints]:
    """The parts inside, and which segments they are of, in their order."""
    parts = segments.copy()
    kept: npt.NDArray[np.bool_] = np.all(
        (segments >= 0) & (segments <= (width, height, width, height)), axis=1
    )
    crossing = np.flatnonzero(~kept)  # most segments of a picture lie wholly inside
    candidates = segments[crossing]
    finite = np.isfinite(candidates).all(axis=1)
    crossing, candidates = crossing[finite], candidates[finite]
    start, step = candidates[:, :2], candidates[:, 2:] - candidates[:, :2]
    x, y, dx, dy = *start.T, *step.T
    enter, leave = np.zeros(len(candidates)), np.ones(len(candidates))
    for p, q in ((-dx, x), (dx, width - x), (-dy, y), (dy, height - y)):
        flat = p == 0
        ratio = np.divide(q, p, out=np.zeros_like(q), where=~flat)
        enter = np.where(p < 0, np.maximum(enter, ratio), enter)
        leave = np.where(p > 0, np.minimum(leave, ratio), leave)
        leave = np.where(flat & (q < 0), -1.0, leave)
    parts[crossing] = np.hstack([start + step * enter[:, None], start + step * leave[:, None]])
    kept[crossing] = enter <= leave
    return parts[kept], np.flatnonzero(kept)


def characters(style: Style) -> str:
    """256 characters: the one at index p stands for the pattern p; index 0 is a blank."""
    return _CHARACTERS[style]


def _ascii(pattern: int) -> str:
    """The stroke that the dots suggest: by their spread, and by how columns and rows go along."""
    dots = [
        (x, y) for y in range(DOTS_Y) for x in range(DOTS_X) if pattern & int(_BRAILLE_BITS[y][x])
    ]
    left = [y for x, y in dots if x == 0]
    right = [y for x, y in dots if x == 1]
    if len(dots) == 1:
        return "." if dots[0][1] >= 2 else "'"
    if not left or not right:
        return "|"
    if len(dots) >= 6:
        return "+"
    slope = sum(left) / len(left) - sum(right) / len(right)  # dots grow downwards
    if abs(slope) < 0.75:
        flat = max(y for _, y in dots) - min(y for _, y in dots) <= 1
        return "-" if flat else "+"
    return "/" if slope > 0 else "\\"


_SLANTS = " " + "".join(_ascii(pattern) for pattern in range(1, 256))
_STROKES = str.maketrans("|-+", "│─┼")
_CHARACTERS = {
    Style.BRAILLE: " " + "".join(chr(0x2800 + pattern) for pattern in range(1, 256)),
    Style.STROKES: _SLANTS.translate(_STROKES),
    Style.ASCII: _SLANTS,
}
