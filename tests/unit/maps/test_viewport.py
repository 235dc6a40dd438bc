# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Viewports: what is seen stays where it should."""

from __future__ import annotations

import pytest

from maps.draw.viewport import Viewport
from maps.geo.places import Position, distance
from maps.read.layers import Layers

RHEINE = Position(52.279, 7.44)
VIEW = Viewport(400_000, 5_785_000, 100, 80, 24)


def test_fit_shows_all_of_the_county(layers: Layers) -> None:
    """All bounds are inside the window, and one direction nearly fills it."""
    view = Viewport.fit(layers.bounds, 120, 40)

    west, south, east, north = view.bounds
    assert west < layers.bounds[0]
    assert south < layers.bounds[1]
    assert east > layers.bounds[2]
    assert north > layers.bounds[3]
    assert (layers.bounds[3] - layers.bounds[1]) / (north - south) > 0.95


def test_pan_moves_by_cells_and_back() -> None:
    """East and south are positive, and the opposite step returns."""
    moved = VIEW.pan(3, 2)

    assert (moved.east, moved.north) == (400_300, 5_784_600)
    assert moved.pan(-3, -2) == VIEW


def test_zoom_keeps_the_anchor_in_its_cell() -> None:
    """What the cursor points at does not wander."""
    before = VIEW.cell_of(RHEINE)

    assert VIEW.zoom(2, RHEINE).cell_of(RHEINE) == before
    assert VIEW.zoom(0.5, RHEINE).cell_of(RHEINE) == before


def test_zoom_stops_at_its_limits() -> None:
    """A thousand steps in or out end at 2 m and 4 km per cell, anchored or not."""
    near, far = VIEW, VIEW
    for _ in range(100):
        near, far = near.zoom(2, RHEINE), far.zoom(0.5)

    assert (near.cell_m, far.cell_m) == (2, 4_000)
    with pytest.raises(ValueError, match="positive"):
        VIEW.zoom(0)


def test_panning_ends_at_the_edge_of_the_map() -> None:
    """Nobody gets lost at sea: the centre stays in and around Germany."""
    assert VIEW.pan(1e9, 1e9) == Viewport(1_000_000, 5_200_000, 100, 80, 24)


def test_cells_and_positions_are_inverse() -> None:
    """The middle of a cell lies in that cell."""
    for cell in [(0, 0), (79, 23), (40, 12)]:
        position = VIEW.position_of(*cell)
        assert position is not None
        assert VIEW.cell_of(position) == cell
    assert VIEW.cell_of(Position(0, 0)) is None


def test_follow_pans_as_little_as_needed() -> None:
    """A cursor leaving on the right scrolls just so far that it is seen again."""
    outside = VIEW.position_of(85, 10)
    assert outside is not None

    view = VIEW.follow(outside)

    assert view.cell_of(outside) == (77, 10)
    assert view.follow(outside) == view
    assert VIEW.follow(Position(0, 0)) == VIEW


def test_resize_to_nothing_and_back() -> None:
    """A window of no size counts as one cell; centre and scale survive."""
    assert VIEW.resize(0, -5).resize(80, 24) == VIEW


def test_centring_puts_a_position_into_the_middle() -> None:
    """The centre is that position; one beyond the map changes nothing."""
    assert distance(VIEW.centred_on(RHEINE).centre, RHEINE) < 0.01
    assert VIEW.centred_on(Position(0, 0)) == VIEW


@pytest.mark.parametrize(
    ("cell_m", "expected"), [(100, (20, "2 km")), (700, (14, "10 km")), (2, (10, "20 m"))]
)
def test_scale_bar_is_a_round_length(cell_m: float, expected: tuple[int, str]) -> None:
    """The longest of 1, 2, 5 times a power of ten that fits."""
    assert Viewport(400_000, 5_785_000, cell_m, 80, 24).scale_bar() == expected
