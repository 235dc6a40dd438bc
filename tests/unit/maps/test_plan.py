# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map on paper: what lies on the sheet, where, and that words can be read."""

from __future__ import annotations

import itertools

import pytest

from maps.draw.plan import LEAST_M, Plan, plan
from maps.draw.roles import Role
from maps.draw.scene import Area, AreaKind, Marker, Scene
from maps.geo.places import Position, to_grid
from maps.read.layers import Layers

WIDTH, HEIGHT = 170.0, 150.0
RHEINE, LENGERICH = Position(52.279, 7.440), Position(52.187, 7.860)
CORNERS = (Position(52.25, 7.40), Position(52.30, 7.42), Position(52.22, 7.48))


def of(layers: Layers, *markers: Marker, areas: tuple[Area, ...] = ()) -> Plan:
    """The sheet for these."""
    return plan(Scene(layers, markers, areas), WIDTH, HEIGHT)


def at(number: int, position: Position, label: str = "RHE-1 Brand") -> Marker:
    """A sign."""
    return Marker((number,), "brand", position, label)


def test_everything_lies_on_the_sheet(layers: Layers) -> None:
    """Lines are cut at its edges, grid, signs and words are within; the county is there."""
    sheet = of(
        layers, at(1, RHEINE), at(2, LENGERICH), areas=(Area((9,), AreaKind.CLOSED, CORNERS),)
    )
    points = [p for line in (*sheet.ground, *sheet.areas) for p in line.points]
    points += [symbol.at for symbol in sheet.symbols] + [word.at for word in sheet.words]

    assert all(-0.01 <= x <= WIDTH + 0.01 and -0.01 <= y <= HEIGHT + 0.01 for x, y in points)
    assert all(0 <= g.at <= (WIDTH if g.upright else HEIGHT) for g in sheet.grid)
    assert {Role.COUNTY, Role.WATER, Role.BOUNDARY} <= {line.role for line in sheet.ground}
    assert {"Greven", "Ibbenbüren"} <= {word.text for word in sheet.words}


def test_the_scale_is_true(layers: Layers) -> None:
    """Two points are as far apart on the sheet as on the ground, north is up."""
    sheet = of(layers, at(1, RHEINE), at(2, LENGERICH))
    first, second = (s.at for s in sorted(sheet.symbols, key=lambda s: s.marker.key))
    east, south = second[0] - first[0], second[1] - first[1]

    here, there = to_grid(RHEINE), to_grid(LENGERICH)

    assert east * sheet.metres == pytest.approx(there.east - here.east, abs=10)
    assert south * sheet.metres == pytest.approx(here.north - there.north, abs=10)
    length, said = sheet.bar()
    assert (said, length * sheet.metres) == ("10 km", pytest.approx(10_000))


def test_one_point_shows_its_surroundings_and_none_the_county(layers: Layers) -> None:
    """Nobody finds a point on an empty sheet."""
    west, _, east, _ = layers.bounds

    assert of(layers, at(1, RHEINE)).metres * WIDTH == pytest.approx(LEAST_M)
    assert of(layers).metres * WIDTH > east - west


def test_a_slip_of_the_pen_does_not_shrink_the_county(layers: Layers) -> None:
    """A sign in another country is counted, not shown."""
    sheet = of(layers, at(1, RHEINE), at(2, Position(43.7, 7.2)))

    assert (sheet.beyond, len(sheet.symbols)) == (1, 1)
    assert sheet.metres * WIDTH == pytest.approx(LEAST_M)


def test_kinds_of_areas_differ_without_colour(layers: Layers) -> None:
    """By the directions of their hatching; a section has none."""

    def slopes(kind: AreaKind) -> set[int]:
        lines = of(layers, areas=(Area((9,), kind, CORNERS),)).areas
        hatched = [line.points for line in lines if line.role is Role.GROUND]
        return {round((b[1] - a[1]) / ((b[0] - a[0]) or 1e-9)) for a, *_, b in hatched}

    assert slopes(AreaKind.FLOODED) == {0}
    assert slopes(AreaKind.EVACUATED) == {-1}
    assert slopes(AreaKind.DANGER) == {1}
    assert slopes(AreaKind.CLOSED) == {-1, 1}
    assert slopes(AreaKind.SECTION) == set()


def test_words_do_not_cover_each_other(layers: Layers) -> None:
    """Where there is no room a sign stands alone, and the sheet says how many do."""
    crowd = [at(n, Position(52.279 + n % 7 * 1e-4, 7.44), f"RHE-{n} Brand") for n in range(30)]
    sheet = of(layers, *crowd, at(99, LENGERICH))
    boxes = [(s.words, s.marker.label) for s in sheet.symbols if s.words is not None]
    boxes += [(word.at, word.text) for word in sheet.words]

    assert sheet.unnamed == 31 - sum(s.words is not None for s in sheet.symbols) > 0
    for (one, said), (other, text) in itertools.combinations(boxes, 2):
        across = one[0] < other[0] + len(text) * 1.3 and other[0] < one[0] + len(said) * 1.3
        assert not (across and abs(one[1] - other[1]) < 2.9), (said, text)
