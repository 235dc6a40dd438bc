# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The picture: what must be seen is seen, in every style, without colour."""

from __future__ import annotations

import pytest

from maps.draw.canvas import Style
from maps.draw.render import legend, render, render_text, scale_line
from maps.draw.roles import ALL_LAYERS, Layer, Role
from maps.draw.scene import Area, AreaKind, Hit, Marker, Scene, nearest
from maps.draw.signs import Mark
from maps.draw.viewport import Viewport
from maps.geo.places import Position
from maps.read.layers import Layers

RHEINE = Position(52.279, 7.44)


def ring(lat: float, lon: float, size: float) -> tuple[Position, ...]:
    """A square of that many degrees."""
    return tuple(
        Position(lat + y * size, lon + x * size) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
    )


@pytest.mark.parametrize("style", ["braille", "strokes", "ascii", *Style])
@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40), (40, 12), (1, 1)])
def test_the_picture_fills_the_window(
    layers: Layers, style: Style, columns: int, rows: int
) -> None:
    """Exactly rows times columns cells, one character each, ASCII in ASCII style."""
    scene = Scene(
        layers,
        (Marker("a", "thw", RHEINE, "Töpfe"),),
        (Area("b", AreaKind.EVACUATED, ring(52.1, 7.5, 0.1), "Räumung"),),
        cursor=RHEINE,
        selected="a",
    )

    picture = render(Viewport.fit(layers.bounds, columns, rows), scene, style=style)

    assert [len(row) for row in picture] == [columns] * rows
    assert all(len(cell.char) == 1 for row in picture for cell in row)
    if Style(style) is Style.ASCII:
        assert all(cell.char.isascii() for row in picture for cell in row)


def test_the_county_at_80x24_names_its_towns(layers: Layers) -> None:
    """Most of the 24 names are readable as they are spelled, the three largest always."""
    text = "\n".join(render_text(Viewport.fit(layers.bounds, 80, 24), Scene(layers)))

    named = [town.name for town in layers.municipalities if town.name in text]
    assert len(named) >= 18
    assert {"Rheine", "Ibbenbüren", "Greven"} <= set(named)


def test_hidden_layers_leave_nothing(layers: Layers) -> None:
    """With every layer off the picture is blank."""
    scene = Scene(
        layers,
        (Marker("a", "thw", RHEINE),),
        (Area("b", AreaKind.FLOODED, ring(52.1, 7.5, 0.1)),),
        visible=frozenset(),
    )

    picture = render(Viewport.fit(layers.bounds, 80, 24), scene)

    assert {cell for row in picture for cell in row} == {(" ", Role.GROUND, Role.GROUND)}


@pytest.mark.parametrize("layer", [Layer.BOUNDARIES, Layer.WATERS, Layer.PLACES, Layer.NEIGHBOURS])
def test_every_ground_layer_can_be_switched(layers: Layers, layer: Layer) -> None:
    """Taking one away changes the picture."""
    view = Viewport.fit(layers.bounds, 80, 24)

    assert render(view, Scene(layers)) != render(view, Scene(layers, visible=ALL_LAYERS - {layer}))


def test_a_marker_shows_sign_mark_and_name(layers: Layers) -> None:
    """An acute flood stands at its cell with its name behind, above any town's name."""
    view = Viewport.fit(layers.bounds, 120, 40).zoom(8, RHEINE)
    column, row = view.cell_of(RHEINE) or (0, 0)
    scene = Scene(layers, (Marker("v", "ueberflutung", RHEINE, "Emsufer", Mark.ACUTE),))

    line = render_text(view, scene)[row]

    assert line[column : column + 3] + line[column + 4 : column + 11] == "▼W!Emsufer"
    assert render(view, scene)[row][column].fg is Role.DANGER


def test_markers_in_one_cell_are_counted(layers: Layers) -> None:
    """The most important one is seen, and that there are two more."""
    view = Viewport.fit(layers.bounds, 80, 24)
    markers = tuple(
        Marker(key, kind, RHEINE, priority=priority)
        for key, kind, priority in (("a", "thw", 1), ("b", "stromausfall", 9), ("c", "pegel", 0))
    )
    column, row = view.cell_of(RHEINE) or (0, 0)

    line = render_text(view, Scene(layers, markers))[row]

    assert line[column : column + 4] == "▼E+2"


def test_the_count_is_seen_at_the_edge_too(layers: Layers) -> None:
    """In the last columns the count takes the place of the sign's last character."""
    base = Viewport.fit(layers.bounds, 80, 24)
    column, row = base.cell_of(RHEINE) or (0, 0)
    view = base.pan(column - 78, 0)
    markers = (Marker("a", "thw", RHEINE), Marker("b", "thw", RHEINE))

    assert render_text(view, Scene(layers, markers))[row][78:] == "■+"


def test_the_selected_marker_stands_in_brackets_and_wins(layers: Layers) -> None:
    """Selection is seen without colour, and brings the marker to the top."""
    view = Viewport.fit(layers.bounds, 80, 24)
    markers = (Marker("a", "thw", RHEINE, priority=9), Marker("b", "pegel", RHEINE))
    column, row = view.cell_of(RHEINE) or (0, 0)

    line = render_text(view, Scene(layers, markers, selected="b"))[row]

    assert line[column - 1 : column + 2] == "[≈]"


@pytest.mark.parametrize("kind", list(AreaKind))
def test_kinds_of_areas_differ_without_colour(layers: Layers, kind: AreaKind) -> None:
    """Each kind fills its cells with its own character; colour only repeats it."""
    view = Viewport.fit(layers.bounds, 120, 40).zoom(10, RHEINE)
    scene = Scene(
        layers, areas=(Area("f", kind, ring(52.27, 7.43, 0.02)),), visible=frozenset({Layer.AREAS})
    )

    cells = [cell for row in render(view, scene) for cell in row]

    filled = [cell for cell in cells if cell.bg is kind.role]
    assert len(filled) > 50
    assert {cell.char for cell in filled if cell.char < "⠀"} == {kind.fill(ascii_only=False)}
    assert len({k.fill(ascii_only=a) for k in AreaKind for a in (False,)}) == len(AreaKind)
    assert len({k.fill(ascii_only=True) for k in AreaKind}) == len(AreaKind)


def test_a_tiny_area_is_not_lost(layers: Layers) -> None:
    """An area smaller than a cell colours the cell it lies in."""
    view = Viewport.fit(layers.bounds, 80, 24)
    scene = Scene(layers, areas=(Area("f", AreaKind.FLOODED, ring(52.2, 7.5, 0.0005)),))

    cells = [cell for row in render(view, scene) for cell in row]

    assert sum(cell.bg is Role.FLOODED for cell in cells) == 1


def test_the_cursor_stands_between_arrows(layers: Layers) -> None:
    """It points at its cell, and keeps the sign that stands there."""
    view = Viewport.fit(layers.bounds, 80, 24)
    column, row = view.cell_of(RHEINE) or (0, 0)

    bare = render_text(view, Scene(layers, cursor=RHEINE))[row]
    on_sign = render_text(view, Scene(layers, (Marker("a", "krisenstab", RHEINE),), cursor=RHEINE))
    plain = render_text(view, Scene(layers, cursor=RHEINE), style="ascii")[row]

    assert bare[column - 1] + bare[column + 1] == "»«"
    assert on_sign[row][column - 1 : column + 2] == "»►«"
    assert plain[column - 1] + plain[column + 1] == "><"


def test_a_draft_is_seen_from_its_first_corner(layers: Layers) -> None:
    """One corner is a dot, two a line, three a closed ring."""
    view = Viewport.fit(layers.bounds, 80, 24).zoom(10, RHEINE)
    corners = ring(52.275, 7.43, 0.01)

    counts = [
        sum(
            cell.fg is Role.DRAFT
            for row in render(view, Scene(layers, draft=corners[:n], visible=frozenset()))
            for cell in row
        )
        for n in range(4)
    ]

    assert counts[:2] == [0, 1]
    assert counts[1] < counts[2] < counts[3]


def test_hostile_names_stay_text(layers: Layers) -> None:
    """Escape sequences from the network or a file are no control characters in the picture."""
    scene = Scene(layers, (Marker("a", "\x1b]0;x\x07", RHEINE, "\x1b[2J\u202eevil\n"),))

    text = "".join(render_text(Viewport.fit(layers.bounds, 120, 40), scene))

    assert text.isprintable()


def test_what_lies_off_the_map_is_not_shown(layers: Layers) -> None:
    """Positions from anywhere on the globe are legal and harm nothing."""
    lost = Position(-89.9, 179.9)
    scene = Scene(
        layers,
        (Marker("a", "thw", lost, "x"),),
        (Area("b", AreaKind.OTHER, (lost, RHEINE, lost), "y"),),
        cursor=lost,
        draft=(lost,),
    )

    assert render(Viewport.fit(layers.bounds, 80, 24), scene) == render(
        Viewport.fit(layers.bounds, 80, 24), Scene(layers)
    )


def test_nearest_picks_what_is_seen_nearby(layers: Layers) -> None:
    """Markers by distance, areas that contain the point at zero, places; hidden layers not."""
    marker = Marker("m", "thw", Position(52.280, 7.44))
    area = Area("f", AreaKind.FLOODED, ring(52.27, 7.43, 0.02))
    scene = Scene(layers, (marker, Marker("far", "thw", Position(52.0, 7.44))), (area,))

    hits = nearest(scene, Position(52.2791, 7.44), 500)

    assert [type(hit.item).__name__ for hit in hits] == ["Area", "Place", "Marker"]
    assert hits[0] == Hit(area, 0.0)
    assert hits[2].distance_m == pytest.approx(100, abs=1)
    hidden = Scene(layers, (marker,), (area,), visible=frozenset())
    assert nearest(hidden, RHEINE, 500) == []
    assert nearest(scene, Position(0, 0), 1e9) == []


def test_legend_lists_what_is_on_the_map(layers: Layers) -> None:
    """Signs and fills with their German titles, each once."""
    scene = Scene(
        layers,
        (Marker("a", "thw", RHEINE), Marker("b", "thw", RHEINE), Marker("c", "?", RHEINE)),
        (Area("d", AreaKind.FLOODED, ring(52.1, 7.5, 0.1)),),
    )

    assert legend(scene) == [("■T", "THW"), ("~", "überflutet"), ("▼?", "Sonstiges")]


def test_scale_line_is_as_long_as_its_distance() -> None:
    """Ten kilometres at 500 m per cell are twenty cells."""
    view = Viewport(400_000, 5_785_000, 500, 80, 24)

    assert scale_line(view) == "├" + "─" * 18 + "┤ 10 km"
    assert scale_line(view, ascii_only=True).startswith("|---")
