# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measured values along a curve: what a gauge or a crowd of sensors reports, minute by minute."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from lage.exercise.script.dice import generator
from lage.exercise.script.model import Entry, Series


@dataclass(frozen=True, slots=True)
class Sample:
    """One value, as the entry of a staff."""

    minute: float
    staff: str
    gauge: str
    entry: Entry


def samples(series: Series, seed: int) -> Iterator[Sample]:
    """All values of a series in the order of time; the same for the same seed.

    Several gauges report one after the other within the distance of two values, not all at once.
    """
    start, end = series.points[0][0], series.points[-1][0]
    count = int((end - start) / series.every + 1e-9) + 1
    for number in range(count):
        for place, gauge in enumerate(series.gauges):
            dice = generator(seed, "series", gauge, number)
            noise = dice.uniform(-series.noise, series.noise)
            if dice.random() < series.gaps:
                continue
            minute = start + (number + place / len(series.gauges)) * series.every
            value = value_at(series, minute) + noise
            yield Sample(minute, series.staff, gauge, reading(series, gauge, value))


def reading(series: Series, gauge: str, value: float) -> Entry:
    """The entry that says a value, in the decimals of the script."""
    text = f"{round(value, series.places) + 0.0:.{series.places}f}".replace(".", ",")
    return Entry("create", "reading", {"gauge": gauge, "value": text, "source": series.source})


def value_at(series: Series, minute: float) -> float:
    """The curve at a minute; before and after its points it stays as it is there."""
    points = series.points
    after = bisect_right(points, minute, key=lambda point: point[0])
    if after == 0 or after == len(points):
        return points[-1 if after else 0][1]
    (t0, v0), (t1, v1) = points[after - 1], points[after]
    if series.curve == "stufen":
        return v0
    share = (minute - t0) / (t1 - t0)
    if series.curve == "linear":
        return v0 + share * (v1 - v0)
    m0, m1 = _slope(series, after - 1) * (t1 - t0), _slope(series, after) * (t1 - t0)
    square, cube = share * share, share**3
    return (
        (2 * cube - 3 * square + 1) * v0
        + (cube - 2 * square + share) * m0
        + (3 * square - 2 * cube) * v1
        + (cube - square) * m1
    )


def _slope(series: Series, place: int) -> float:
    """Of the smooth curve in a point: level at peaks and ends, so that it never overshoots.

    The harmonic mean of both sides (Fritsch and Butland 1984).
    """
    points = series.points
    if place in (0, len(points) - 1):
        return 0.0
    before, after = (
        (points[n + 1][1] - points[n][1]) / (points[n + 1][0] - points[n][0])
        for n in (place - 1, place)
    )
    return 0.0 if before * after <= 0 else 2 * before * after / (before + after)
