# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shipped ground: 24 municipalities, their people, neighbours, places, words for a position."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest
import shapely

from lage.language.whereabouts import describe
from maps.geo.features import Feature, FeatureLayer, within_map
from maps.geo.places import Position
from maps.read.builtin import builtin_features
from maps.read.layers import Layers, overlay
from maps.read.sheet import OVERVIEW_CELL_M, OVERVIEW_M


def test_the_county_has_24_municipalities_and_its_people(layers: Layers) -> None:
    """Names, keys and figures are those of the official table."""
    assert len(layers.municipalities) == 24
    assert layers.population() == 459_195
    assert layers.municipality("05566076").name == "Rheine"  # type: ignore[union-attr]
    assert layers.municipality("05566000") is None


def test_every_town_centre_lies_in_its_town(layers: Layers) -> None:
    """Boundaries and the table of facts belong together."""
    for town in layers.municipalities:
        assert layers.municipality_at(town.centre) == town


def test_municipalities_cover_the_county_without_gaps(layers: Layers) -> None:
    """Their areas add up to the county, and none overlaps another by more than slivers."""
    total = float(shapely.area(layers.shapes).sum())

    assert total == pytest.approx(float(shapely.area(layers.county)), rel=1e-6)
    assert total / 1e6 == pytest.approx(1794, abs=2)


def test_all_shipped_features_are_valid_and_on_the_map() -> None:
    """What ships needs no repair."""
    for feature in builtin_features():
        assert within_map(feature.shape), feature.name
        assert shapely.is_valid(feature.shape), feature.name


def test_every_shipped_file_carries_its_notice() -> None:
    """Each GeoJSON file says in its own metadata what has to be shown with it."""
    folder = files("maps").joinpath("data")
    readme = folder.joinpath("README.md").read_text("utf-8")
    for name in ("gemeinden", "kreis", "nachbargemeinden", "orte", "gewaesser"):
        document = json.loads(folder.joinpath(f"{name}.geojson").read_text("utf-8"))

        assert document["metadata"]["attribution"]
        assert f"`{name}.geojson`" in readme


def test_owners_of_many_points_agree_with_one_at_a_time(layers: Layers) -> None:
    """The vectorised question gives the same answers."""
    rng = np.random.default_rng(1)
    west, south, east, north = layers.bounds
    points = np.column_stack([rng.uniform(west, east, 300), rng.uniform(south, north, 300)])

    owners = layers.owners(points)

    for (x, y), owner in zip(points, owners, strict=True):
        inside = [i for i, shape in enumerate(layers.shapes) if shapely.intersects_xy(shape, x, y)]
        assert (owner in inside) if inside else owner == -1


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (Position(52.279, 7.44), "bei Rheine"),
        (Position(52.24, 7.5), "Rheine, 6,0 km südöstlich von Rheine"),
        (Position(52.36, 7.53), "Hörstel, 3,6 km nordöstlich von Dreierwalde"),
        (Position(52.1, 7.0), "Ahaus, 2,5 km nördlich von Ahaus"),
        (Position(51.0, 7.0), "außerhalb der Karte"),
        (Position(-33.9, 18.4), "außerhalb der Karte"),
    ],
)
def test_a_position_in_words(layers: Layers, position: Position, expected: str) -> None:
    """Municipality, then distance and direction from the nearest place."""
    assert describe(position, layers) == expected


def test_an_imported_municipality_keeps_known_figures() -> None:
    """A file without population does not make people unknown; neighbours stay as they are."""
    ground = builtin_features()
    shape = shapely.box(390_000, 5_780_000, 400_000, 5_790_000)
    added = Feature(FeatureLayer.MUNICIPALITY, "Rheine", shape, key="05566076")

    layers = Layers(overlay(ground, [added]))

    assert [town.population for town in layers.municipalities] == [78_220]
    assert len(layers.neighbours) == 59
    assert float(shapely.area(layers.county)) == pytest.approx(1e8)


def test_fine_imported_shapes_are_drawn_simplified_from_afar() -> None:
    """At county scale a flood map of 20,000 corners costs little and stays within half a dot."""
    turn = np.linspace(0, 2 * np.pi, 20_000)
    radius = 12_000 + 40 * np.sin(turn * 900)
    ring = np.column_stack([395_000 + radius * np.cos(turn), 5_785_000 + radius * np.sin(turn)])
    flood = Feature(FeatureLayer.AREA, "HQ100", shapely.Polygon(ring))

    layers = Layers([*builtin_features(), flood])

    far = layers.edges(FeatureLayer.AREA, layers.bounds, OVERVIEW_CELL_M)
    near = layers.edges(FeatureLayer.AREA, layers.bounds, OVERVIEW_CELL_M / 2)
    assert len(far) * 10 < len(near) == 19_999
    drawn = shapely.multilinestrings(list(far.reshape(-1, 2, 2)))
    distances = shapely.distance(shapely.boundary(flood.shape), shapely.points(far[:, :2]))
    assert float(shapely.distance(drawn, shapely.points(ring)).max()) <= OVERVIEW_M
    assert float(distances.max()) < 1e-6
