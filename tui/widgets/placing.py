# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How panels share a screen. Pure.

Alarms take the whole width on top. Below, two columns (one on narrow terminals) share the height:
every panel gets its heading and at least one row, the rest goes where rows are waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

TWO_COLUMNS = 76
ALARM_ROWS_MIN, ALARM_ROWS_MAX = 2, 5


class HasRows(Protocol):
    """All that counts of a panel here."""

    @property
    def rows(self) -> Sequence[object]:
        """Its rows."""


P = TypeVar("P", bound=HasRows)


@dataclass(frozen=True, slots=True)
class Placed(Generic[P]):
    """A panel on the screen: heading at ``y``, ``shown`` rows below."""

    panel: P
    x: int
    y: int
    width: int
    shown: int


def columns(width: int) -> tuple[int, int]:
    """Cells of the left and the right column; both the same where there is but one."""
    if width < TWO_COLUMNS:
        return width, width
    left = (width - 1) // 2 + (1 if width >= 100 else 0)
    return left, width - left - 1


def place(found: Sequence[P], width: int, height: int) -> list[Placed[P]]:
    """Where each panel stands; on one column they may be higher than the screen."""
    alarms, *others = found
    if width < TWO_COLUMNS:
        placed: list[Placed[P]] = []
        y = 0
        for panel in found:
            if panel is alarms and not panel.rows:
                continue
            shown = min(len(panel.rows), ALARM_ROWS_MAX)
            placed.append(Placed(panel, 0, y, width, shown))
            y += shown + 1
        return placed
    placed = []
    top = 0
    if alarms.rows:
        shown = min(len(alarms.rows), max(ALARM_ROWS_MIN, height // 4))
        placed.append(Placed(alarms, 0, 0, width, shown))
        top = shown + 1
    left, right = columns(width)
    for column, x, size in ((others[:3], 0, left), (others[3:], left + 1, right)):
        rooms = share([len(panel.rows) for panel in column], height - top)
        y = top
        for panel, shown in zip(column, rooms, strict=True):
            if y >= height:
                break
            placed.append(Placed(panel, x, y, size, min(shown, height - y - 1)))
            y += shown + 1
    return placed


def share(wanted: Sequence[int], height: int) -> list[int]:
    """Rows for each panel: one each first, then in turn to whoever still wants some."""
    rooms = [min(1, rows) for rows in wanted]
    left = height - len(wanted) - sum(rooms)
    while left > 0:
        hungry = [index for index, rows in enumerate(wanted) if rooms[index] < rows]
        if not hungry:
            break
        for index in hungry[:left]:
            rooms[index] += 1
            left -= 1
    return rooms
