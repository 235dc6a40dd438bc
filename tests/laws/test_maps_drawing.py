# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of the picture: lines are where they are, names never touch, nothing breaks the frame."""

from __future__ import annotations

import functools
import unicodedata

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.draw.canvas import Floats, Style, clip, rasterise
from maps.draw.labels import Label, TextLayer, display_text
from maps.draw.render import render
from maps.draw.roles import ALL_LAYERS, Role
from maps.draw.scene import Area, AreaKind, Marker, Scene
from maps.draw.signs import SIGNS, Mark
from maps.draw.viewport import Viewport
from maps.geo.places import Position
from maps.read.layers import Layers, load_layers

COORDINATE = st.floats(-1e6, 1e6) | st.floats(-20, 60) | st.sampled_from([np.nan, np.inf, -np.inf])
SEGMENTS = st.lists(st.tuples(*[COORDINATE] * 4), max_size=20).map(
    lambda rows: np.array(rows, dtype=np.float64).reshape(-1, 4)
)
ANYWHERE = st.builds(Position, lat=st.floats(-90, 90), lon=st.floats(-180, 180))
NEARBY = st.builds(Position, lat=st.floats(51.9, 52.5), lon=st.floats(6.9, 8.2))
POSITION = NEARBY | ANYWHERE
VIEWS = st.builds(
    Viewport,
    east=st.floats(370_000, 430_000),
    north=st.floats(5_760_000, 5_815_000),
    cell_m=st.floats(1, 5_000),
    columns=st.integers(1, 60),
    rows=st.integers(1, 24),
)
MARKERS = st.builds(
    Marker,
    key=st.text(max_size=3),
    sign=st.sampled_from([*SIGNS, "?"]),
    position=POSITION,
    label=st.text(max_size=12),
    mark=st.sampled_from(Mark),
    priority=st.integers(0, 3),
)
AREAS = st.builds(
    Area,
    key=st.text(max_size=3),
    kind=st.sampled_from(AreaKind),
    corners=st.lists(POSITION, max_size=6).map(tuple),
    label=st.text(max_size=12),
)


@functools.cache
def layers() -> Layers:
    """The shipped ground."""
    return load_layers()


@given(SEGMENTS)
@settings(derandomize=True, max_examples=300)
def test_clipped_segments_lie_in_the_window(segments: Floats) -> None:
    """Whatever goes in, what comes out is inside, within rounding of large numbers."""
    clipped = clip(segments, 30, 20)

    assert np.isfinite(clipped).all()
    assert (clipped >= -1e-3).all()
    assert (clipped[:, 0::2] <= 30 + 1e-3).all()
    assert (clipped[:, 1::2] <= 20 + 1e-3).all()


@given(st.floats(0, 19.9), st.floats(0, 19.9), st.floats(0, 19.9), st.floats(0, 19.9))
@settings(derandomize=True, max_examples=200)
def test_a_line_is_connected_and_reaches_both_ends(
    x0: float, y0: float, x1: float, y1: float
) -> None:
    """The dots of a segment within the window touch one another from end to end."""
    masks = rasterise(np.array([[x0, y0, x1, y1]]), 10, 5)

    bits = [(0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)]
    dots = {
        (x, y) for y in range(20) for x in range(20) if masks[y // 4, x // 2] & bits[y % 4][x % 2]
    }
    start, end = (int(x0), int(y0)), (int(x1), int(y1))
    assert {start, end} <= dots
    reached, frontier = {start}, [start]
    while frontier:
        x, y = frontier.pop()
        for near in ((x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            if near in dots and near not in reached:
                reached.add(near)
                frontier.append(near)
    assert reached == dots


@given(st.text(max_size=60), st.booleans())
@settings(derandomize=True, max_examples=300)
def test_displayed_text_is_harmless(text: str, ascii_only: bool) -> None:
    """One cell per character, printable, and cleaning it again changes nothing."""
    shown = display_text(text, ascii_only=ascii_only)

    assert all(c == " " or c.isprintable() for c in shown)
    assert not any(unicodedata.combining(c) for c in shown)
    assert display_text(shown, ascii_only=ascii_only) == shown
    assert not ascii_only or shown.isascii()


@given(
    st.lists(
        st.builds(
            Label,
            text=st.text("abc", min_size=1, max_size=6),
            column=st.integers(-5, 25),
            row=st.integers(-1, 3),
            role=st.just(Role.LABEL),
        ),
        max_size=30,
    )
)
@settings(derandomize=True, max_examples=200)
def test_names_are_whole_and_apart(labels: list[Label]) -> None:
    """Every placed name is readable in full with nothing beside it; the first always stays."""
    text = TextLayer(20, 3)
    placed = [label for label in labels if text.place(label)]

    rows = ["".join(text.cells.get((r, c), " ")[0] for c in range(20)) for r in range(3)]
    for label in placed:
        end = label.column + len(label.text)
        assert rows[label.row][label.column : end] == label.text
        assert (" " + rows[label.row] + " ")[label.column] == " "
        assert (rows[label.row] + " ")[end] == " "
    assert sum(len(label.text) for label in placed) == len(text.cells)


@given(
    VIEWS,
    st.lists(MARKERS, max_size=8).map(tuple),
    st.lists(AREAS, max_size=3).map(tuple),
    st.none() | POSITION,
    st.lists(POSITION, max_size=4).map(tuple),
    st.sets(st.sampled_from(sorted(ALL_LAYERS, key=lambda layer: layer.value))).map(frozenset),
    st.sampled_from(Style),
)
@settings(derandomize=True, max_examples=120, deadline=None)
def test_any_scene_is_drawn(
    view: Viewport,
    markers: tuple[Marker, ...],
    areas: tuple[Area, ...],
    cursor: Position | None,
    draft: tuple[Position, ...],
    visible: frozenset,  # type: ignore[type-arg]
    style: Style,
) -> None:
    """Every scene gives exactly the window, in printable single characters, the same again."""
    scene = Scene(layers(), markers, areas, cursor, None, draft, visible)

    picture = render(view, scene, style=style)

    assert [len(row) for row in picture] == [view.columns] * view.rows
    assert all(len(c.char) == 1 and c.char.isprintable() for row in picture for c in row)
    assert picture == render(view, scene, style=style)


@given(VIEWS, st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 10))
@settings(derandomize=True, max_examples=200)
def test_zooming_keeps_the_anchor(view: Viewport, right: float, down: float, factor: float) -> None:
    """What is pointed at in the window stays where it is seen, to within a cell."""
    anchor = view.position_of(right * (view.columns - 1), down * (view.rows - 1))
    assert anchor is not None

    before, after = view.cell_of(anchor), view.zoom(factor, anchor).cell_of(anchor)

    assert before is not None
    assert after is not None
    assert abs(before[0] - after[0]) <= 1
    assert abs(before[1] - after[1]) <= 1


@given(VIEWS, st.integers(0, 59), st.integers(0, 23))
@settings(derandomize=True, max_examples=200)
def test_cells_and_positions_are_inverse(view: Viewport, column: int, row: int) -> None:
    """The middle of a cell is in that cell."""
    position = view.position_of(column, row)

    assert position is None or view.cell_of(position) == (column, row)
