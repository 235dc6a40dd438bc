# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How panels share a screen. Pure.

Across, from ``WIDE`` columns on, what is around (map, Tagebuch, Kräfte) stands beside the view,
and the entry's detail below its table; on screens that are narrower, beside it.

Down, alarms take the whole width on top. Below, two columns (one on narrow terminals) share the
height: every panel gets its heading and at least one row, the rest goes where rows are waiting,
and a panel that grows takes what nobody wants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

TWO_COLUMNS = 76
ALARM_ROWS_MIN, ALARM_ROWS_MAX = 2, 5

WIDE, BESIDE_FROM = 120, 110
"""Columns of a terminal: with what is around, with the entry's detail at all."""
DETAIL_SHARE = 0.42
AROUND_LEAST, AROUND_SHARE = 44, 0.33
GROWS_SHARE = 0.4
"""Of a column's height at least for the panel that grows."""


@dataclass(frozen=True, slots=True)
class Across:
    """Cells across a screen: the view, of these the detail beside its table, what is around."""

    view: int
    detail: int  # 0: not beside the table
    around: int  # 0: not shown


def across(width: int, *, around: bool = True) -> Across:
    """How a terminal of that width is shared; some views have the screen for themselves."""
    beside = int(max(AROUND_LEAST, width * AROUND_SHARE)) if around and width >= WIDE else 0
    detail = int(width * DETAIL_SHARE) if width >= BESIDE_FROM and not beside else 0
    return Across(width - beside, detail, beside)


class HasHeight(Protocol):
    """All that counts of a row here."""

    @property
    def height(self) -> int:
        """Its lines."""


class HasRows(Protocol):
    """All that counts of a panel here."""

    @property
    def rows(self) -> Sequence[HasHeight]:
        """Its rows."""

    @property
    def grows(self) -> bool:
        """Whether it takes what is left."""


P = TypeVar("P", bound=HasRows)


@dataclass(frozen=True, slots=True)
class Placed(Generic[P]):
    """A panel on the screen: heading at ``y``, ``shown`` rows below, ``height`` lines in all."""

    panel: P
    x: int
    y: int
    width: int
    shown: int
    height: int
    boxed: bool = False
    first: bool = False  # of its column, where a box begins
    last: bool = False  # where it ends, with a line of its own

    @property
    def starts(self) -> list[int]:
        """In which line of the panel each row shown begins, and where the last one ends."""
        return list(accumulate((r.height for r in self.panel.rows[: self.shown]), initial=1))


def columns(width: int) -> tuple[int, int]:
    """Cells of the left and the right column; both the same where there is but one."""
    if width < TWO_COLUMNS:
        return width, width
    left = (width - 1) // 2 + (1 if width >= 100 else 0)
    return left, width - left - 1


def place(found: Sequence[P], width: int, height: int, *, boxed: bool = False) -> list[Placed[P]]:
    """Where each panel stands; on one column they may be higher than the screen."""
    alarms, *others = found
    if width < TWO_COLUMNS:
        placed: list[Placed[P]] = []
        y = 0
        for panel in found:
            if panel is alarms and not panel.rows:
                continue
            shown = min(len(panel.rows), ALARM_ROWS_MAX)
            lines = 1 + sum(row.height for row in panel.rows[:shown])
            placed.append(Placed(panel, 0, y, width, shown, lines))
            y += lines
        return placed
    placed = []
    top = 0
    if alarms.rows:
        room = max(ALARM_ROWS_MIN, height // 4)
        placed = stack([alarms], 0, 0, width, min(room, _lines(alarms)) + 1 + boxed, boxed=boxed)
        top = placed[-1].y + placed[-1].height + boxed
    left, right = columns(width)
    for column, x, size in ((others[:3], 0, left), (others[3:], left + 1, right)):
        placed += stack(column, x, top, size, height - top, boxed=boxed)
    return placed


def stack(
    column: Sequence[P], x: int, top: int, width: int, height: int, *, boxed: bool
) -> list[Placed[P]]:
    """Panels one above the other; boxed ones fill the height and end with a line."""
    height -= boxed
    grown = round(height * GROWS_SHARE) if any(panel.grows for panel in column) else 0
    rooms = share([[row.height for row in panel.rows] for panel in column], height - grown)
    lines = [1 + _lines(p, shown) for p, shown in zip(column, rooms, strict=True)]
    spare = max(0, height - sum(lines))
    grower = next((i for i, panel in enumerate(column) if panel.grows), len(column) - 1)
    if boxed and lines:
        lines[grower] += spare
    placed: list[Placed[P]] = []
    y = 0
    for panel, shown, wanted in zip(column, rooms, lines, strict=True):
        if y >= height:
            break
        while shown and y + 1 + _lines(panel, shown) > height:
            shown -= 1
        size = min(wanted, height - y)
        placed.append(Placed(panel, x, top + y, width, shown, size, boxed, first=not y))
        y += size
    if placed and boxed:
        end = placed[-1]
        placed[-1] = Placed(
            end.panel, x, end.y, width, end.shown, height + top - end.y, boxed, end.first, last=True
        )
    return placed


def _lines(panel: HasRows, shown: int | None = None) -> int:
    return sum(row.height for row in panel.rows[:shown])


def share(wanted: Sequence[Sequence[int]], height: int) -> list[int]:
    """Rows for each panel, of whose rows the heights are given: one each first, then in turn to
    whoever still wants some and has room."""
    rooms = [min(1, len(rows)) for rows in wanted]
    left = height - len(wanted) - sum(sum(rows[:1]) for rows in wanted)
    while True:
        before = left
        for index, rows in enumerate(wanted):
            if rooms[index] < len(rows) and rows[rooms[index]] <= left:
                left -= rows[rooms[index]]
                rooms[index] += 1
        if left == before:
            return rooms
