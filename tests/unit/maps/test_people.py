# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""People in a drawn area, with the method said."""

from __future__ import annotations

import numpy as np
import pytest

from lage.language.whereabouts import people_words
from maps.draw.people import Method, people_in
from maps.geo.places import Position
from maps.geo.projection import transformer
from maps.read.builtin import builtin_features
from maps.read.census import SECRET, Census
from maps.read.layers import Layers

CENTRE = Position(52.2, 7.5)


def grid(people: int, *, cells: int = 40) -> Census:
    """A square of cells around CENTRE, the same number of people in each."""
    x, y = transformer(4326, 3035).transform(CENTRE.lon, CENTRE.lat)
    west, south = int(x) // 100 * 100 + 50, int(y) // 100 * 100 + 50
    steps = np.arange(-cells // 2, cells // 2) * 100
    east, north = np.meshgrid(west + steps, south + steps)
    return Census(
        100,
        east.ravel().astype(np.int32),
        north.ravel().astype(np.int32),
        np.full(east.size, people, dtype=np.int32),
    )


def square(metres: float) -> list[Position]:
    """A ring around CENTRE with edges of that length in the census grid."""
    x, y = transformer(4326, 3035).transform(CENTRE.lon, CENTRE.lat)
    half = metres / 2
    corners = ((-half, -half), (half, -half), (half, half), (-half, half))
    back = transformer(3035, 4326)
    positions = [back.transform(x + dx, y + dy) for dx, dy in corners]
    return [Position(lat, lon) for lon, lat in positions]


def test_a_square_kilometre_of_census_cells() -> None:
    """A hundred cells of twelve people are about 1,200."""
    layers = Layers(builtin_features(), census=grid(12))

    estimate = people_in(square(1000), layers)

    assert estimate.method is Method.CELL_CENTRES
    assert estimate.people == 1200
    assert estimate.cells == 100
    assert estimate.area_km2 == pytest.approx(1, rel=0.01)
    assert people_words(estimate) == (
        "ca. 1200 Personen (Zensus-Gitter, Zellen mit Mitte in der Fläche)"
    )


def test_a_small_area_counts_shares_of_cells() -> None:
    """Below ten cells the covered share counts: 2.25 cells of 40 people are 90."""
    layers = Layers(builtin_features(), census=grid(40))

    estimate = people_in(square(150), layers)

    assert estimate.method is Method.CELL_SHARES
    assert estimate.people == 90


def test_very_few_people_are_not_counted_out() -> None:
    """Single households are not pointed at."""
    layers = Layers(builtin_features(), census=grid(4))

    estimate = people_in(square(100), layers)

    assert 0 < estimate.people < 10
    assert people_words(estimate).startswith("unter 10 Personen")


def test_secret_cells_are_said() -> None:
    """Cells without a published figure count as nobody, and the wording says how many."""
    census = grid(12)
    census.people[:] = SECRET
    layers = Layers(builtin_features(), census=census)

    estimate = people_in(square(1000), layers)

    assert (estimate.people, estimate.cells, estimate.secret_cells) == (0, 0, 100)
    assert "100 Zellen ohne veröffentlichte Zahl" in people_words(estimate)


def test_without_a_grid_municipalities_give_their_share(layers: Layers) -> None:
    """A tenth of a town's land has a tenth of its people, and the method is named."""
    town = layers.municipality_at(CENTRE)
    assert town is not None

    estimate = people_in(square(1000), layers)

    expected = (town.population or 0) / town.area_km2
    assert estimate.method is Method.MUNICIPAL_SHARES
    assert estimate.people == pytest.approx(expected, rel=0.1)
    assert "geschätzt nach Flächenanteil" in people_words(estimate)


def test_land_outside_the_county_is_said(layers: Layers) -> None:
    """An area in the Netherlands has nobody known in it."""
    ring = [Position(52.25, 6.9), Position(52.26, 6.9), Position(52.26, 6.92)]

    estimate = people_in(ring, layers)

    assert estimate.people == 0
    assert estimate.outside_share == pytest.approx(1)
    assert people_words(estimate).endswith("100 % der Fläche außerhalb des Kreises")


def test_the_whole_county_has_all_its_people(layers: Layers) -> None:
    """A ring around everything gives the county's population, rounded to two digits."""
    ring = [Position(51.8, 6.8), Position(51.8, 8.3), Position(52.7, 8.3), Position(52.7, 6.8)]

    assert people_in(ring, layers).people == 460_000


def test_fewer_than_three_corners_are_no_area(layers: Layers) -> None:
    """While the area is being drawn the answer is nobody, not an error."""
    for corners in ([], [CENTRE], [CENTRE, CENTRE]):
        estimate = people_in(corners, layers)
        assert (estimate.people, estimate.area_km2) == (0, 0)
