# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Levels of water as pictures: a curve for each gauge. SVG without script or style."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lage.public.map_picture import exercise_mark
from lage.public.water import number
from lage.views.board import Expected, Gauge, Level

HOURS = 48
NEAR = 50.0


def curve_svg(gauge: Gauge, now: float, *, exercise: bool = False) -> str:
    """The last two days, the Informationswerte, and what is expected as a band of its own look."""
    first = now - HOURS * 3600
    readings = [level for level in gauge.readings[::-1] if level.time >= first]
    ahead = [point for point in gauge.expected if point.time > now]
    if not readings and not ahead:
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 104"/>'
    sheet = _Sheet(gauge, readings, ahead, now)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 104">',
        f"<title>{escape(gauge.name)}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *sheet.marks(),
    ]
    if ahead:
        band = [sheet.at(point.time, point.high) for point in ahead]
        band += [sheet.at(point.time, point.low) for point in reversed(ahead)]
        parts.append(
            f'<path d="M{"L".join(band)}Z" fill="#cfe3f5" stroke="#2b7bba" stroke-width="0.4"'
            ' stroke-dasharray="1 1"/>'
        )
    if readings:
        line = "L".join(sheet.at(level.time, level.value) for level in readings)
        parts.append(f'<path d="M{line}" fill="none" stroke="#00398a" stroke-width="0.9"/>')
    marked = [exercise_mark(200)] if exercise else []
    return "".join([*parts, *sheet.scale(), *marked, "</svg>"])


class _Sheet:
    """Times and levels on 200 by 104 units."""

    def __init__(
        self, gauge: Gauge, readings: Sequence[Level], ahead: Sequence[Expected], now: float
    ) -> None:
        self._gauge, self._now = gauge, now
        self._first = now - HOURS * 3600
        self._last = max([now, *(point.time for point in ahead)])
        heights = [level.value for level in readings]
        heights += [value for point in ahead for value in (point.low, point.high)]
        low, high = min(heights), max(heights)
        near = high + max(2 * (high - low), NEAR)  # a mark far above would flatten the curve
        self._marks = [
            (step, value)
            for step, value in enumerate(gauge.thresholds, 1)
            if value is not None and value <= near
        ]
        high = max([high, *(value for _, value in self._marks)])
        spare = max(high - low, 10.0 / 10**gauge.decimals) * 0.1
        self._low: float = low - spare
        self._high: float = high + spare

    def at(self, time: float, value: float) -> str:
        """The point of a level."""
        x = 12 + (time - self._first) / (self._last - self._first) * 180
        return f"{x:.1f} {self._y(value):.1f}"

    def _y(self, value: float) -> float:
        return 95 - (value - self._low) / (self._high - self._low) * 88

    def marks(self) -> list[str]:
        """Lines at the Informationswerte, with their words."""
        return [
            f'<path d="M{self.at(self._first, value)}L{self.at(self._last, value)}"'
            ' stroke="#b00020" stroke-width="0.4" stroke-dasharray="2 1"/>'
            f'<text x="14" y="{self._y(value) - 1:.1f}" font-size="4">Info {step}:'
            f" {number(value, self._gauge)}</text>"
            for step, value in self._marks
        ]

    def scale(self) -> list[str]:
        """Now, how far back, and the ends of the scale."""
        low, high = number(self._low, self._gauge), number(self._high, self._gauge)
        now = f"M{self.at(self._now, self._low)}L{self.at(self._now, self._high)}"
        return [
            f'<path d="{now}" stroke="#555555" stroke-width="0.3"/>',
            f'<text x="12" y="102" font-size="4">-{HOURS} h</text>',
            f'<text x="1" y="10" font-size="4">{high}</text>',
            f'<text x="1" y="95" font-size="4">{low}</text>',
        ]
