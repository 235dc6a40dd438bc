# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Viewport and scene to rows of cells: the whole picture, without any screen library.

From the ground up: lines (a cell takes the colour role of its most important line), areas
(background, outline, and a fill character in cells that are empty), signs, names, cursor. What
stands on top is text, and text never overlaps text: signs before names, important before
unimportant. Two markers in one cell show the more important one and "+n".

Nothing is told by colour alone: kinds of areas differ by fill, signs by letters and marks, the
selected sign stands in brackets and the cursor between arrows.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from maps.draw import canvas
from maps.draw.canvas import Style
from maps.draw.labels import Label, TextLayer, display_text
from maps.draw.roles import Layer, Role
from maps.draw.scene import Area, Marker, Scene, grid_points, shape_of
from maps.draw.signs import UNKNOWN, Mark, characters, sign
from maps.draw.viewport import CELL_ASPECT, Viewport
from maps.geo.features import FeatureLayer, Floats, segments

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

StyleName = Style | Literal["braille", "strokes", "ascii"]


class Cell(NamedTuple):
    """One character and why it is coloured."""

    char: str
    fg: Role
    bg: Role


Row = tuple[Cell, ...]

_LINES = (
    (Layer.NEIGHBOURS, FeatureLayer.NEIGHBOUR, Role.NEIGHBOUR),
    (Layer.IMPORTED, FeatureLayer.AREA, Role.IMPORTED),
    (Layer.IMPORTED, FeatureLayer.LINE, Role.ROAD),
    (Layer.BUILDINGS, FeatureLayer.BUILDING, Role.BUILDING),
    (Layer.STREETS, FeatureLayer.ROAD, Role.ROAD),
    (Layer.BOUNDARIES, FeatureLayer.MUNICIPALITY, Role.BOUNDARY),
    (Layer.WATERS, FeatureLayer.WATER, Role.WATER),
    (Layer.BOUNDARIES, FeatureLayer.COUNTY, Role.COUNTY),
)
"""Lines from the least to the most important."""

_NAMED_LINES = (
    (Layer.WATERS, FeatureLayer.WATER, Role.WATER, math.inf),
    (Layer.IMPORTED, FeatureLayer.AREA, Role.IMPORTED, math.inf),
    (Layer.IMPORTED, FeatureLayer.LINE, Role.ROAD, math.inf),
    (Layer.STREETS, FeatureLayer.ROAD, Role.ROAD, 20.0),
)
"""Lines that carry their names, and up to which width of a cell in metres."""
BEYOND = "'"
"""Stands in the land of the neighbours."""
_LINE_NAME_CELLS = 30
_PLACE_NAMES_CELL_M = 400.0  # smaller places and their dots from this scale on
_Roles = npt.NDArray[np.uint8]


class _Ground:
    """Patterns, fills and roles of all cells, before any text."""

    def __init__(self, view: Viewport) -> None:
        self.view = view
        shape = (view.rows, view.columns)
        self.patterns: canvas.Masks = np.zeros(shape, dtype=np.uint8)
        self.fg: _Roles = np.zeros(shape, dtype=np.uint8)
        self.bg: _Roles = np.zeros(shape, dtype=np.uint8)
        self.fills = np.full(shape, " ", dtype="<U1")

    def draw(self, lines: Iterable[tuple[Floats, Role]]) -> None:
        """Draw edges in metres, all in one go; a cell takes the role of the last that passes."""
        west, _, _, top = self.view.bounds
        seen = [(canvas.near(edges, *self.view.bounds), role) for edges, role in lines]
        if not seen:
            return
        edges = np.concatenate([part for part, _ in seen])
        roles = np.repeat([np.uint8(role) for _, role in seen], [len(part) for part, _ in seen])
        dots = (
            (edges - (west, top, west, top)) * (1, -1, 1, -1) * (canvas.DOTS_X / self.view.cell_m)
        )
        y, x, owner = canvas.trace(dots, self.view.columns, self.view.rows)
        self.patterns = canvas.pack(canvas.dotted(y, x, self.view.columns, self.view.rows))
        # Of several values for one place numpy keeps the last.
        self.fg[y // canvas.DOTS_Y, x // canvas.DOTS_X] = roles[owner]

    def fill(self, area: Area, *, ascii_only: bool) -> None:
        """Background and fill of the cells whose middle lies in the area, at least of one cell."""
        shape = shape_of(area.corners)
        if shape.is_empty:
            return
        west, south, east, north = shapely.bounds(shape)
        left, upper = self.view.cell_at(west, north)
        right, lower = self.view.cell_at(east, south)
        columns = np.arange(max(left, 0), min(right + 1, self.view.columns))
        rows = np.arange(max(upper, 0), min(lower + 1, self.view.rows))
        if not (len(columns) and len(rows)):
            return
        origin_east, _, _, origin_north = self.view.bounds
        x = origin_east + (columns + 0.5) * self.view.cell_m
        y = origin_north - (rows + 0.5) * self.view.cell_m * CELL_ASPECT
        inside = shapely.contains_xy(shape, x[None, :], y[:, None])
        if not inside.any():
            point = shapely.point_on_surface(shape)
            column, row = self.view.cell_at(shapely.get_x(point), shapely.get_y(point))
            inside = (columns == column)[None, :] & (rows == row)[:, None]
        window = np.ix_(rows, columns)
        self.bg[window] = np.where(inside, area.kind.role, self.bg[window])
        self.fills[window] = np.where(
            inside, area.kind.fill(ascii_only=ascii_only), self.fills[window]
        )

    def fill_beyond(self, county: BaseGeometry) -> None:
        """Every other cell beyond the county: the own land is what stands out."""
        shapely.prepare(county)
        west, _, _, top = self.view.bounds
        x = west + (np.arange(self.view.columns) + 0.5) * self.view.cell_m
        y = top - (np.arange(self.view.rows) + 0.5) * self.view.cell_m * CELL_ASPECT
        beyond = ~shapely.contains_xy(county, x[None, :], y[:, None])
        beyond &= (np.indices(beyond.shape).sum(axis=0) % 2).astype(bool)
        self.fills[beyond & (self.fills == " ")] = BEYOND
        self.fg[beyond] = Role.NEIGHBOUR


def render(view: Viewport, scene: Scene, *, style: StyleName = Style.BRAILLE) -> list[Row]:
    """The picture: ``view.rows`` rows of ``view.columns`` cells, one column per character.

    Where only the cursor has moved since the last call, all rows but its own are the same objects.
    """
    style = Style(style)
    without = scene if scene.cursor is None else replace(scene, cursor=None)
    rows, text = _picture(view, without, style)
    shown = list(rows)
    cell = view.cell_of(scene.cursor) if scene.cursor else None
    if cell is not None and view.shows(*cell):
        shown[cell[1]] = _with_cursor(rows[cell[1]], cell, under_text=cell in text, style=style)
    return shown


@functools.lru_cache(maxsize=2)
def _picture(
    view: Viewport, scene: Scene, style: Style
) -> tuple[tuple[Row, ...], frozenset[tuple[int, int]]]:
    """All but the cursor, and which cells (column, row) hold text; kept for its next move."""
    ascii_only = style is Style.ASCII
    ground = _Ground(view)
    for area in scene.shown_areas():
        ground.fill(area, ascii_only=ascii_only)
    if Layer.NEIGHBOURS in scene.visible:
        ground.fill_beyond(scene.layers.county)
    ground.draw(_lines(view, scene))
    text = TextLayer(view.columns, view.rows)
    _write_signs(text, view, scene, style)
    for label in _labels(view, scene, ascii_only=ascii_only):
        text.place(label)
    return _cells(ground, text, style), frozenset((column, row) for row, column in text.cells)


def render_text(view: Viewport, scene: Scene, *, style: StyleName = Style.BRAILLE) -> list[str]:
    """The same picture as plain lines, trailing blanks cut: for paper, pipes and tests."""
    return ["".join(cell.char for cell in row).rstrip() for row in render(view, scene, style=style)]


def scale_line(view: Viewport, *, ascii_only: bool = False) -> str:
    """A scale bar as long as its distance: ``├────┤ 5 km``."""
    length, label = view.scale_bar()
    left, middle, right = "|-|" if ascii_only else "├─┤"
    return f"{left}{middle * max(0, length - 2)}{right} {label}"


def legend(scene: Scene, *, style: Style = Style.BRAILLE) -> list[tuple[str, str]]:
    """Signs and fills that the scene uses, with their German titles, sorted by title."""
    ascii_only = style is Style.ASCII
    used = {
        (characters(marker.sign, style=style), sign(marker.sign).title)
        for marker in scene.shown_markers()
    }
    used |= {
        (area.kind.fill(ascii_only=ascii_only), area.kind.title) for area in scene.shown_areas()
    }
    return sorted(used, key=lambda entry: (entry[1] == UNKNOWN.title, entry[1]))


def _lines(view: Viewport, scene: Scene) -> Iterator[tuple[Floats, Role]]:
    """All edges with their roles, the most important last."""
    for layer, feature_layer, role in _LINES:
        if layer in scene.visible:
            yield scene.layers.edges(feature_layer, view.bounds, view.cell_m), role
    for area in scene.shown_areas():
        yield segments([shape_of(area.corners)]), _area_role(scene, area)
    if scene.draft:
        yield _draft_edges(scene), Role.DRAFT


def _area_role(scene: Scene, area: Area) -> Role:
    return Role.SELECTED if area.key == scene.selected else area.kind.role


def _draft_edges(scene: Scene) -> Floats:
    """The ring as drawn so far, open until the third corner; a single corner is a dot."""
    points = grid_points(scene.draft)
    if len(points) >= 3:
        points.append(points[0])
    if len(points) == 1:
        points *= 2
    pairs = [(*a, *b) for a, b in itertools.pairwise(points)]
    return np.array(pairs, dtype=np.float64).reshape(-1, 4)


def _write_signs(text: TextLayer, view: Viewport, scene: Scene, style: Style) -> None:
    """Signs in order of importance; what finds its cell taken is counted at the sign there."""
    owners: dict[tuple[int, int], tuple[int, int]] = {}  # cell -> first cell of its sign
    ends: dict[tuple[int, int], int] = {}  # first cell of a sign -> column behind it
    hidden: dict[tuple[int, int], int] = {}
    for marker in scene.shown_markers():
        cell = view.cell_of(marker.position)
        if cell is None or not view.shows(*cell):
            continue
        column, row = cell
        if (row, column) in owners:
            first = owners[row, column]
            hidden[first] = hidden.get(first, 0) + 1
            continue
        shown = characters(marker.sign, marker.mark, style=style)
        while len(shown) > 1 and not text.free(row, column, column + len(shown) - 1):
            shown = shown[:-1]
        role = sign(marker.sign).role
        text.write(shown, column, row, role)
        ends[row, column] = column + len(shown)
        owners.update(((row, column + index), (row, column)) for index in range(len(shown)))
        if marker.key == scene.selected:
            _bracket(text, row, column - 1, column + len(shown), "[]", Role.SELECTED)
    for (row, column), count in hidden.items():
        _write_count(text, row, column, ends[row, column], count)


def _write_count(text: TextLayer, row: int, first: int, end: int, count: int) -> None:
    """Say "+n" behind a sign, or "+" where there is less room, in the sign itself if need be."""
    role = text.cells[row, first][1]
    for shown in (f"+{min(count, 9)}", "+"):
        if text.free(row, end, end + len(shown) - 1):
            text.write(shown, end, row, role)
            return
    if end - first > 1:
        text.write("+", end - 1, row, role)


def _bracket(text: TextLayer, row: int, left: int, right: int, pair: str, role: Role) -> None:
    for column, character in ((left, pair[0]), (right, pair[1])):
        if text.free(row, column, column):
            text.write(character, column, row, role)


def _labels(view: Viewport, scene: Scene, *, ascii_only: bool) -> Iterator[Label]:
    """All names in order of importance: towns, areas, markers, places, neighbours."""

    def label(name: str, column: int, row: int, role: Role, *, centred: bool) -> Label:
        shown = display_text(name, ascii_only=ascii_only)
        return Label(shown, column - (len(shown) // 2 if centred else 0), row, role)

    layers = scene.layers
    if Layer.PLACES in scene.visible:
        order = sorted(
            zip(layers.municipalities, layers.town_points, strict=True),
            key=lambda pair: (-(pair[0].population or 0), pair[0].name),
        )
        for town, point in order:
            column, row = view.cell_at(*point)
            yield label(town.name, column, row + 1, Role.LABEL, centred=True)
            yield Label("*" if ascii_only else "•", column, row, Role.LABEL)
    for area in scene.shown_areas():
        shape = shape_of(area.corners)
        if area.label and not shape.is_empty:
            middle = shapely.point_on_surface(shape)
            column, row = view.cell_at(shapely.get_x(middle), shapely.get_y(middle))
            yield label(area.label, column, row, area.kind.role, centred=True)
    yield from _marker_labels(view, scene, ascii_only=ascii_only)
    for name, column, row, role in _line_names(view, scene):
        yield label(name, column, row, role, centred=True)
    if Layer.PLACES in scene.visible:
        if view.cell_m <= _PLACE_NAMES_CELL_M:
            for index in np.argsort(
                [-(place.population or 0) for place in layers.places], kind="stable"
            ):
                column, row = view.cell_at(*layers.place_points[index])
                name = "·" + layers.places[index].name
                yield label(name, column, row, Role.LABEL_FAINT, centred=False)
        if Layer.NEIGHBOURS in scene.visible:
            for feature, point in zip(layers.neighbours, layers.neighbour_points, strict=True):
                yield label(feature.name, *view.cell_at(*point), Role.LABEL_FAINT, centred=True)


def _line_names(view: Viewport, scene: Scene) -> Iterator[tuple[str, int, int, Role]]:
    """Names of waters and streets, so that no line is told by colour alone.

    They stand at fixed distances along their line, which double as the map is zoomed out: panning
    moves no name.
    """
    spacing = 2.0 ** math.ceil(math.log2(view.cell_m * _LINE_NAME_CELLS))
    sight = (view.bounds, view.cell_m, spacing)
    for layer, feature_layer, role, cell_max_m in _NAMED_LINES:
        if layer in scene.visible and view.cell_m <= cell_max_m:
            for name, east, north in scene.layers.names(feature_layer, *sight):
                yield name, *view.cell_at(east, north), role


def _marker_labels(view: Viewport, scene: Scene, *, ascii_only: bool) -> Iterator[Label]:
    """A marker's name stands one cell behind its longest possible sign, so that it never moves."""
    for marker in scene.shown_markers():
        cell = view.cell_of(marker.position)
        if marker.label and cell is not None:
            shown = display_text(marker.label, ascii_only=ascii_only)
            yield Label(shown, cell[0] + 4, cell[1], sign(marker.sign).role)


@functools.lru_cache(maxsize=8192)
def _cell(char: str, fg: int, bg: int) -> Cell:
    """Equal cells are one object: thousands of them stand in a picture."""
    return Cell(char, Role(fg), Role(bg))


def _cells(ground: _Ground, text: TextLayer, style: Style) -> tuple[Row, ...]:
    """Lines and fills to characters, then text over them."""
    table = np.array(list(canvas.characters(style)), dtype="<U1")
    empty = ground.patterns == 0
    chars = np.where(empty, ground.fills, table[ground.patterns])
    fg = np.where(empty & (ground.bg > 0), ground.bg, ground.fg)
    rows = [
        list(map(_cell, char_row, fg_row, bg_row))
        for char_row, fg_row, bg_row in zip(
            chars.tolist(), fg.tolist(), ground.bg.tolist(), strict=True
        )
    ]
    for (row, column), (character, role) in text.cells.items():
        rows[row][column] = _cell(character, role, rows[row][column].bg)
    return tuple(map(tuple, rows))


def _with_cursor(row: Row, cell: tuple[int, int], *, under_text: bool, style: Style) -> Row:
    """The cursor's cell keeps its sign or letter; arrows on both sides point at it.

    On the selected sign the arrows take the place of its brackets, so that it stays whole.
    """
    column = cell[0]
    cells = list(row)
    cells[column] = Cell(row[column].char if under_text else "+", Role.CURSOR, Role.CURSOR)
    left, right = column - 1, column + 1
    for first, last in itertools.product(range(column - 3, column), range(column + 1, column + 4)):
        if first >= 0 and last < len(row) and _is_bracketed(row, first, last):
            left, right = first, last
    for beside, arrow in ((left, "»>"), (right, "«<")):
        if 0 <= beside < len(cells):
            shown = arrow[1] if style is Style.ASCII else arrow[0]
            cells[beside] = Cell(shown, Role.CURSOR, cells[beside].bg)
    return tuple(cells)


def _is_bracketed(row: Row, first: int, last: int) -> bool:
    ends = row[first], row[last]
    chars = "".join(cell.char for cell in ends)
    return chars == "[]" and all(cell.fg is Role.SELECTED for cell in ends)


__all__ = [
    "Cell",
    "Mark",
    "Marker",
    "Row",
    "Style",
    "legend",
    "render",
    "render_text",
    "scale_line",
]
