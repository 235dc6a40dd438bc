# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Layers made ready for drawing: what is found by place and scale, and where names stand."""

from __future__ import annotations

import numpy as np
import shapely

from maps.draw.canvas import near
from maps.draw.render import render, render_text
from maps.draw.roles import Layer, Role
from maps.draw.scene import Scene
from maps.draw.viewport import Viewport
from maps.geo.features import Feature, FeatureLayer
from maps.read.layers import Layers
from maps.read.sheet import SEEN_FROM_M, Sheet

EAST, NORTH = 395_000.0, 5_785_000.0
VIEW = Viewport(EAST, NORTH, 5.0, 80, 24)


def streets(count: int = 200) -> list[Feature]:
    """Short streets all over ten kilometres, the same every time."""
    dice = np.random.default_rng(7)
    starts = dice.uniform(-5_000, 5_000, (count, 2)) + np.array([EAST, NORTH])
    steps = dice.normal(0, 80, (count, 6, 2)).cumsum(axis=1)
    return [
        Feature(FeatureLayer.ROAD, f"Weg {n}", shapely.LineString(start + line), kind="Straße")
        for n, (start, line) in enumerate(zip(starts, steps, strict=True))
    ]


def test_a_window_finds_all_edges_that_touch_it() -> None:
    """The index leaves out nothing that a look at every edge would find."""
    sheet = Sheet(FeatureLayer.ROAD, streets())
    everything = sheet.edges((0, 0, 1e6, 1e7), 5.0)
    assert len(everything) == 200 * 5

    for step in range(-8, 9):
        bounds = VIEW.pan(step * 80, step * 24).bounds
        found = near(sheet.edges(bounds, 5.0), *bounds)
        expected = near(everything, *bounds)
        assert sorted(map(tuple, found)) == sorted(map(tuple, expected))


def test_small_things_are_drawn_from_near_only() -> None:
    """Each kind up to its scale; what has no such kind always."""
    for kind, limit in SEEN_FROM_M.items():
        line = shapely.LineString([(EAST, NORTH), (EAST + 500, NORTH)])
        sheet = Sheet(FeatureLayer.ROAD, [Feature(FeatureLayer.ROAD, "", line, kind=kind)])
        assert len(sheet.edges(VIEW.bounds, limit)) == 1
        assert len(sheet.edges(VIEW.bounds, limit + 1)) == 0
    motorway = Feature(FeatureLayer.ROAD, "A 30", line, kind="Fernstraße")
    assert len(Sheet(FeatureLayer.ROAD, [motorway]).edges(VIEW.bounds, 4_000.0)) == 1


def test_names_of_streets_do_not_move_while_panning(layers: Layers) -> None:
    """A name goes with its street, cell by cell."""
    line = shapely.LineString([(EAST - 2_000, NORTH), (EAST + 2_000, NORTH)])
    road = Feature(FeatureLayer.ROAD, "Emsdettener Damm", line, kind="Straße")
    scene = Scene(Layers([road, *_ground(layers)]), visible=frozenset({Layer.STREETS}))

    rows = [render_text(VIEW.pan(step, 0), scene) for step in range(4)]

    places = [row[12].index("Emsdettener") for row in rows]
    assert places == [places[0] - step for step in range(4)]


def _ground(layers: Layers) -> list[Feature]:
    town = layers.municipalities[0]
    return [Feature(FeatureLayer.MUNICIPALITY, town.name, layers.shapes[0], key=town.ags)]


def test_waters_tell_their_names(layers: Layers) -> None:
    """So that without colour a river is no boundary; off with their layer."""
    view = Viewport.fit(layers.bounds, 120, 40)
    named = {"Ems", "Dortmund-Ems-Kanal", "Mittellandkanal"}

    shown = "\n".join(render_text(view, Scene(layers)))
    hidden = "\n".join(render_text(view, Scene(layers, visible=frozenset(Layer) - {Layer.WATERS})))

    assert sum(name in shown for name in named) == 3
    assert "Mittellandkanal" not in hidden


def test_houses_and_streets_are_layers_of_their_own(layers: Layers) -> None:
    """Each can be switched off, and has a colour role of its own."""
    house = shapely.box(EAST - 30, NORTH - 30, EAST + 30, NORTH + 30)
    features = [
        Feature(FeatureLayer.BUILDING, "", house, kind="Gebäude"),
        Feature(FeatureLayer.ROAD, "", shapely.LineString([(EAST - 90, NORTH), (EAST, NORTH)])),
    ]
    ground = Layers([*features, *_ground(layers)])

    def roles(*visible: Layer) -> set[Role]:
        rows = render(VIEW, Scene(ground, visible=frozenset(visible)))
        return {cell.fg for row in rows for cell in row} - {Role.GROUND}

    assert roles(Layer.BUILDINGS) == {Role.BUILDING}
    assert roles(Layer.STREETS) == {Role.ROAD}
    assert roles() == set()
