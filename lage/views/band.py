# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the gauges upstream let expect: a band of levels, and what it was worth lately. Pure.

A flood wave passes one gauge after the other. How long it takes shows in their own past: the shift
at which their changes agree best. What has passed upstream is then still to come here, times how
much a rise there was worth here; beyond that travel time nothing is said. The band is as wide as
the worst of its own last ten forecasts, each made from what was known at its time, and at least a
quarter of the change that it expects: a calm week must not make it look sure of a flood. Where its
last forecasts were worse than saying that nothing changes, it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lage.kinds.model import Record
from lage.kinds.reader import ViewContext
from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.gauge_book import GaugeBook
from lage.views.gauges import LONG_SERIES_MAX, GaugeView, view_of
from lage.views.judged import Reading
from lage.views.rise import FLOOR_CM, floor_of

HOUR_S = 3600
HISTORY_H = 240  # what is looked back on
GAP_MAX_H = 6  # readings further apart are not joined by a line
LAG_MAX_H = 36
STEP_H = 3  # changes over so many hours are compared: one hour is noise
AGREE = 0.7  # least correlation for a gauge to count as upstream
PAIRS_LEAST = 36
SWING_CM = 20  # a gauge that has not moved so much tells nothing of travel times
RECORD = 10  # own forecasts that are looked back on
RECORD_LEAST = 5
SHARE = 0.25  # of the expected change
LEAST_CM = 3
UPSTREAM_MAX = 4

Hours = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expectation:
    """The level at a time, in the gauge's decimals."""

    time: int
    middle: float
    half: float  # of the band's width


@dataclass(frozen=True, slots=True)
class Band:
    """What is expected, hour by hour, up to the travel time from upstream."""

    points: tuple[Expectation, ...]
    upstream: str  # the gauge from which the last of it is known
    lag_h: int
    errors: tuple[float, ...]  # of its last forecasts so far ahead, newest first

    def words(self, show: Callable[[float], str], unit: str, now: int) -> str:
        """The end of it in a line, with its record."""
        end, worst = self.points[-1], max(map(abs, self.errors))
        return (
            f"nach {plain(self.upstream)} (Laufzeit {self.lag_h} h) {show(end.middle - end.half)}"
            f" bis {show(end.middle + end.half)} {unit} um {clock(end.time, now)}"
            f" (letzte {len(self.errors)}: ±{show(worst)} {unit}; berechnet, nicht amtlich)"
        )


@dataclass(frozen=True, slots=True)
class _Link:
    lag: int  # hours
    gain: float  # rise here per rise there


def band_for(context: ViewContext, view: GaugeView) -> Band | None:
    """The band of a gauge; none where an authority has said something, or nothing is known."""
    water = _water(view.record)
    floor = floor_of(view.unit, view.decimals)
    if view.official is not None or view.ended is not None or view.stale:
        return None
    if not water or floor is None:
        return None
    series: dict[str, Sequence[Reading]] = {}
    for gauge in GaugeBook(context.reader).all():
        same = gauge.record is not None and _water(gauge.record) == water
        if same and gauge.written[0] != view.key and len(series) < UPSTREAM_MAX:
            other = view_of(context, gauge, LONG_SERIES_MAX)
            if other.ended is None and floor_of(other.unit, other.decimals) is not None:
                series[other.name] = other.readings
    if not series:
        return None
    long = view_of(context, GaugeBook(context.reader).named(view.key), LONG_SERIES_MAX)
    return expect(long.readings, series, floor / FLOOR_CM)


def expect(
    own: Sequence[Reading], others: Mapping[str, Sequence[Reading]], per_cm: float = 1.0
) -> Band | None:
    """The band of a gauge from its readings and those of others; ``per_cm``: in its decimals."""
    good = [reading for reading in own if reading.plausible]
    if not good:
        return None
    end = max(reading.time for reading in good) // HOUR_S
    here = hourly(good, end, per_cm)
    rivers = [
        (name, hourly([r for r in readings if r.plausible], end, None))
        for name, readings in others.items()
    ]
    links = [
        _Upstream(name, here, there)
        for name, there in rivers
        if there.size and np.nanmax(there, initial=-np.inf) > -np.inf
    ]
    known = sorted(
        ((link.lag, up) for up in links if (link := up.at(HISTORY_H)) is not None),
        key=lambda each: each[0],
    )
    points: list[Expectation] = []
    last: tuple[_Upstream, int, list[float]] | None = None
    for lead in range(1, max((lag for lag, _ in known), default=0) + 1):
        lag, up = next((lag, up) for lag, up in known if lag >= lead)
        middle = up.forecast(HISTORY_H, lead)
        errors = up.record(lead)
        if middle is None or len(errors) < RECORD_LEAST or not up.worth(lead):
            continue
        change = abs(middle - here[HISTORY_H])
        half = max(*map(abs, errors), SHARE * change, float(LEAST_CM))
        points.append(Expectation((end + lead) * HOUR_S, middle * per_cm, half * per_cm))
        last = (up, lag, errors)
    if last is None:
        return None
    up, lag, errors = last
    return Band(tuple(points), up.name, lag, tuple(error * per_cm for error in errors))


def hourly(readings: Sequence[Reading], end: int, per_cm: float | None) -> Hours:
    """Levels at each full hour up to ``end``, between readings that are near enough; else NaN."""
    scale = per_cm or 1.0
    ordered = sorted({r.time: r.value / scale for r in readings}.items())
    grid = np.full(HISTORY_H + 1, np.nan)
    if not ordered:
        return grid
    times = np.array([time / HOUR_S for time, _ in ordered])
    values = np.array([value for _, value in ordered], dtype=np.float64)
    hours = np.arange(end - HISTORY_H, end + 1, dtype=np.float64)
    after = np.searchsorted(times, hours)
    inside = (after < len(times)) & (hours >= times[0])
    gap = np.where(inside, times[np.minimum(after, len(times) - 1)] - times[after - 1], 0.0)
    grid = np.interp(hours, times, values)
    grid[~inside | (gap > GAP_MAX_H)] = np.nan
    exact = np.isin(hours, times)
    grid[exact] = np.interp(hours[exact], times, values)
    return grid


class _Upstream:
    """Another gauge seen from ours, at any hour of the past: links are found once each."""

    def __init__(self, name: str, here: Hours, there: Hours) -> None:
        self.name = name
        self._here, self._there = here, there
        self._links: dict[int, _Link | None] = {}

    def at(self, hour: int) -> _Link | None:
        """How that gauge and ours belong together, from what was known at that hour."""
        if hour not in self._links:
            self._links[hour] = link(self._here[: hour + 1], self._there[: hour + 1])
        return self._links[hour]

    def forecast(self, hour: int, lead: int) -> float | None:
        """Our level so many hours after that one, as it would have been expected then."""
        found = self.at(hour)
        if found is None or lead > found.lag:
            return None
        start, passed = hour - found.lag, hour - found.lag + lead
        if start < 0:
            return None
        value = self._here[hour] + found.gain * (self._there[passed] - self._there[start])
        return None if np.isnan(value) else float(value)

    def record(self, lead: int) -> list[float]:
        """Errors of the last forecasts so far ahead that can be judged by now, newest first."""
        errors = []
        for hour in range(HISTORY_H - lead, max(HISTORY_H - lead - RECORD, 0), -1):
            expected = self.forecast(hour, lead)
            if expected is not None and not np.isnan(self._here[hour + lead]):
                errors.append(float(self._here[hour + lead] - expected))
        return errors

    def worth(self, lead: int) -> bool:
        """Whether its last forecasts came nearer than saying that nothing changes."""
        missed = still = 0.0
        for hour in range(HISTORY_H - lead, max(HISTORY_H - lead - RECORD, 0), -1):
            expected, came = self.forecast(hour, lead), self._here[hour + lead]
            if expected is not None and not np.isnan(came):
                missed += abs(came - expected)
                still += abs(came - self._here[hour])
        return missed <= max(still, LEAST_CM * RECORD)


def link(here: Hours, there: Hours) -> _Link | None:
    """Travel time and gain of two gauges; None where the other is not upstream of ours."""
    if np.isnan(here).all() or np.nanmax(here) - np.nanmin(here) < SWING_CM:
        return None
    own, other = here[STEP_H:] - here[:-STEP_H], there[STEP_H:] - there[:-STEP_H]
    found = [(_agreement(own, other, lag), lag) for lag in range(-LAG_MAX_H, LAG_MAX_H + 1)]
    best, lag = max(found)
    if lag < 1 or best < AGREE:
        return None
    rise = here[lag:] - here[:-lag]
    before = np.full_like(rise, np.nan)
    before[lag:] = there[lag : len(rise)] - there[: len(rise) - lag]
    both = ~np.isnan(rise) & ~np.isnan(before)
    square = float((before[both] ** 2).sum())
    gain = float((rise[both] * before[both]).sum()) / square if square else 0.0
    return _Link(lag, gain) if gain > 0 else None


def _agreement(own: Hours, other: Hours, lag: int) -> float:
    """Correlation of our changes with theirs so many hours before; -1 for too few."""
    if lag >= 0:
        a, b = own[lag:], other[: len(other) - lag]
    else:
        a, b = own[:lag], other[-lag:]
    both = ~np.isnan(a) & ~np.isnan(b)
    if both.sum() < PAIRS_LEAST:
        return -1.0
    a, b = a[both] - a[both].mean(), b[both] - b[both].mean()
    size = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / size if size else -1.0


def _water(record: Record | None) -> str:
    return fold_text(record.text("water")) if record else ""
