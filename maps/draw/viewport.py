# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which part of the world a window of cells shows.

A viewport is a value: panning, zooming and resizing return a new one, so a screen can keep the
last one, compare, and draw again only when it differs. A terminal cell is taken to be twice as
high as wide; hence one number, the width of a cell in metres, is the scale.

Cells count from the top left, (0, 0); the grid is EPSG:25832, north is up (grid north, which is
up to 2 degrees off true north in the county). Pure arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from maps.geo.errors import OutsideAreaError
from maps.geo.places import GridPoint, Position, from_grid, to_grid
from maps.geo.projection import MAP_BOUNDS

CELL_ASPECT = 2.0
"""Height of a terminal cell in widths."""

CELL_MIN_M, CELL_MAX_M = 2.0, 4_000.0
COLUMNS_MAX, ROWS_MAX = 1_000, 400

_EAST_MIN, _NORTH_MIN, _EAST_MAX, _NORTH_MAX = MAP_BOUNDS
_ROUND_LENGTHS_M = tuple(
    digit * 10**power for power in range(1, 6) for digit in (1, 2, 5) if digit * 10**power >= 10
)


@dataclass(frozen=True, slots=True)
class Viewport:
    """Centre (metres of EPSG:25832), width of a cell in metres, size of the window in cells.

    Every value is clamped to its limits: the cell to 2..4000 m, the window to 1..1000 columns
    and 1..400 rows, the centre to Germany and its surroundings.
    """

    east: float
    north: float
    cell_m: float
    columns: int
    rows: int

    def __post_init__(self) -> None:
        _set = object.__setattr__
        _set(self, "east", min(max(self.east, _EAST_MIN), _EAST_MAX))
        _set(self, "north", min(max(self.north, _NORTH_MIN), _NORTH_MAX))
        _set(self, "cell_m", min(max(self.cell_m, CELL_MIN_M), CELL_MAX_M))
        _set(self, "columns", min(max(self.columns, 1), COLUMNS_MAX))
        _set(self, "rows", min(max(self.rows, 1), ROWS_MAX))

    @classmethod
    def fit(cls, bounds: tuple[float, float, float, float], columns: int, rows: int) -> Viewport:
        """The largest scale that shows all of west, south, east, north, with a small margin."""
        west, south, east, north = bounds
        cell = max((east - west) / max(columns, 1), (north - south) / CELL_ASPECT / max(rows, 1))
        return cls((west + east) / 2, (south + north) / 2, cell * 1.04, columns, rows)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what is visible, in metres."""
        half_width = self.columns * self.cell_m / 2
        half_height = self.rows * self.cell_m * CELL_ASPECT / 2
        return (
            self.east - half_width,
            self.north - half_height,
            self.east + half_width,
            self.north + half_height,
        )

    @property
    def centre(self) -> Position:
        """The position in the middle."""
        return from_grid(GridPoint(self.east, self.north))

    def pan(self, columns: float, rows: float) -> Viewport:
        """Moved by cells: positive goes east and south, as on the screen."""
        return replace(
            self,
            east=self.east + columns * self.cell_m,
            north=self.north - rows * self.cell_m * CELL_ASPECT,
        )

    def zoom(self, factor: float, anchor: Position | None = None) -> Viewport:
        """Enlarged by ``factor`` (> 1 shows more detail); the anchor stays where it is seen.

        Without an anchor, or with one outside the covered area, the centre stays.
        """
        if factor <= 0:
            raise ValueError("factor must be positive")
        cell = min(max(self.cell_m / factor, CELL_MIN_M), CELL_MAX_M)
        if anchor is None or not anchor.covered:
            return replace(self, cell_m=cell)
        point = to_grid(anchor)
        share = cell / self.cell_m
        return replace(
            self,
            cell_m=cell,
            east=point.east + (self.east - point.east) * share,
            north=point.north + (self.north - point.north) * share,
        )

    def resize(self, columns: int, rows: int) -> Viewport:
        """Another window on the same centre and scale."""
        return replace(self, columns=columns, rows=rows)

    def centred_on(self, position: Position) -> Viewport:
        """The same scale around another place; unchanged for one outside the covered area."""
        if not position.covered:
            return self
        point = to_grid(position)
        return replace(self, east=point.east, north=point.north)

    def follow(self, position: Position, margin: int = 2) -> Viewport:
        """Panned as little as needed so that a position is visible, ``margin`` cells from edges."""
        cell = self.cell_of(position)
        if cell is None:
            return self
        column, row = cell
        margin_x = min(margin, (self.columns - 1) // 2)
        margin_y = min(margin, (self.rows - 1) // 2)
        left = min(0, column - margin_x) + max(0, column - (self.columns - 1 - margin_x))
        up = min(0, row - margin_y) + max(0, row - (self.rows - 1 - margin_y))
        return self.pan(left, up) if left or up else self

    def cell_of(self, position: Position) -> tuple[int, int] | None:
        """(column, row) of a position, also beyond the window; None outside the covered area."""
        if not position.covered:
            return None
        point = to_grid(position)
        return self.cell_at(point.east, point.north)

    def cell_at(self, east: float, north: float) -> tuple[int, int]:
        """(column, row) of a grid point, also beyond the window."""
        west, _, _, top = self.bounds
        return (
            int((east - west) // self.cell_m),
            int((top - north) // (self.cell_m * CELL_ASPECT)),
        )

    def shows(self, column: int, row: int) -> bool:
        """Whether a cell lies in the window."""
        return 0 <= column < self.columns and 0 <= row < self.rows

    def position_of(self, column: float, row: float) -> Position | None:
        """The middle of a cell; None outside the covered area."""
        west, _, _, top = self.bounds
        try:
            return from_grid(
                GridPoint(
                    west + (column + 0.5) * self.cell_m,
                    top - (row + 0.5) * self.cell_m * CELL_ASPECT,
                )
            )
        except OutsideAreaError:
            return None

    def scale_bar(self, columns_max: int = 20) -> tuple[int, str]:
        """Length in cells and label of the longest round distance within ``columns_max``."""
        fitting = [m for m in _ROUND_LENGTHS_M if m / self.cell_m <= columns_max]
        length = fitting[-1] if fitting else _ROUND_LENGTHS_M[0]
        label = f"{length // 1000} km" if length >= 1000 else f"{length} m"
        return max(1, round(length / self.cell_m)), label
