# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Alarms of gauges: a level reached, a rise too fast, silence; and silence while others rise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from lage.language.folding import fold_text
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.views.alarm import Alarm, Sort, Weight
from lage.views.gauges import STALE_FACTOR, GaugeView
from lage.views.judged import Doubt
from lage.views.rise import FLOOR_CM, floor_of

RISING_CM = 3  # an hour: a neighbour that rises so fast says that there is something to report
QUIET_LEAST_S = 3600
QUIET_OF = 20  # readings whose spacing tells how often a gauge reports


def gauge_alarms(views: Sequence[GaugeView], now: int) -> Iterator[Alarm]:
    """Everything about these gauges that wants a person."""
    for view in views:
        if view.level:
            yield _level(view)
        if view.rise is not None:
            yield _rise(view)
        neighbours = rising_neighbours(view, views) if _quiet(view, now) else []
        if neighbours:
            yield _silent_in_flood(view, neighbours, now)
        elif view.stale and view.record is not None:
            since = clock(view.readings[0].time, now)
            text = f"Pegel {plain(view.name)} meldet seit {since} nicht mehr"
            yield Alarm(
                Sort.SILENT,
                Weight.NOTICE,
                text,
                about=(view.key, view.readings[0].time),
                since=view.readings[0].time,
            )


def rising_neighbours(view: GaugeView, views: Sequence[GaugeView]) -> list[GaugeView]:
    """Gauges of the same water that report, and rise."""
    water = _water(view)
    return [
        other
        for other in views
        if water and other.key != view.key and _water(other) == water and _rising(other)
    ]


def _level(view: GaugeView) -> Alarm:
    shown = view.show(view.latest.value) if view.latest else "?"
    return Alarm(
        Sort.LEVEL,
        Weight(3 - view.level),
        f"Pegel {plain(view.name)} {shown} {view.unit}:"
        f" Informationswert {view.level} überschritten",
        about=(view.key, view.level, str(view.since)),
        since=view.since,
    )


def _rise(view: GaugeView) -> Alarm:
    assert view.rise is not None
    text = (
        f"Pegel {plain(view.name)} steigt {view.show(view.rise.rate)} {view.unit}/h"
        f" ({view.rise.basis} {view.show(view.rise.limit)})"
    )
    return Alarm(
        Sort.RISE, Weight.SOON, text, about=(view.key, view.rise.since), since=view.rise.since
    )


def _silent_in_flood(view: GaugeView, neighbours: Sequence[GaugeView], now: int) -> Alarm:
    heard = _heard(view)
    names = ", ".join(plain(other.name) for other in neighbours[:3])
    text = (
        f"Pegel {plain(view.name)} schweigt seit {clock(heard, now)}, während"
        f" {names} am selben Gewässer"
        f" {'steigen' if len(neighbours) > 1 else 'steigt'}"
    )
    return Alarm(Sort.SILENT, Weight.SOON, text, about=(view.key, heard, "steigt"), since=heard)


def _water(view: GaugeView) -> str:
    return fold_text(view.record.text("water")) if view.record else ""


def _rising(view: GaugeView) -> bool:
    floor = floor_of(view.unit, view.decimals)
    if view.stale or floor is None:
        return False
    trend = view.trend_per_hour
    return view.rise is not None or (trend is not None and trend >= floor * RISING_CM / FLOOR_CM)


def _times(view: GaugeView) -> list[int]:
    """When it was heard, newest first."""
    return [r.time for r in view.readings if r.doubt not in (Doubt.FUTURE, Doubt.MISSING)]


def _heard(view: GaugeView) -> int:
    return next(iter(_times(view)), view.readings[0].time if view.readings else 0)


def _quiet(view: GaugeView, now: int) -> bool:
    """Silent, or for three of its own usual spacings nothing: in a flood nobody waits six hours."""
    times = _times(view)[:QUIET_OF]
    if view.stale or len(times) < 3:
        return view.stale
    usual = median(later - earlier for later, earlier in pairwise(times))
    return now - times[0] > max(QUIET_LEAST_S, STALE_FACTOR * usual)
