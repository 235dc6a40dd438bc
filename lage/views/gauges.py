# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a series of readings means: level, trend, forecast, thresholds, doubtful and stale values.

The trend is the slope of a least-squares line through the plausible readings of the last three
hours; the forecast continues that line and is stated as such. A threshold counts as crossed when
reached and as left only 5 units below it, so that a level swinging around it alarms once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lage.kinds.model import Query, Record, Where
from lage.kinds.projection import FUTURE_S
from lage.kinds.reader import Reader, ViewContext
from lage.language.decimals import with_places
from lage.views.clocks import probable_now
from lage.views.forecasts import Forecast, official
from lage.views.gauge_book import Gauge, GaugeBook, together
from lage.views.judged import Doubt, Range, Reading, judged
from lage.views.rise import Rise, floor_of, rise_of, rise_rate

TREND_WINDOW_S = 3 * 3600
HYSTERESIS = 5  # units below a threshold before it counts as left
STALE_FACTOR = 3  # silent for this many expected intervals
STALE_DEFAULT_S = 6 * 3600
SERIES_MAX = 200
BEFORE_MAX = 8
LONG_SERIES_MAX = 1000
"""Ten days of quarter hours: how far back the beginning of a high level is looked for."""

MARKS = (
    ("info1", "Info 1"), ("info2", "Info 2"), ("info3", "Info 3"), ("mhw", "MHW"), ("mnw", "MNW"),
)  # fmt: skip
LEVEL_UNIT = "cm"
"""Only of water levels in this unit it is known how fast they can change."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A threshold was reached, or clearly left."""

    time: int
    value: int
    level: int  # Informationswert from then on, 0 for none
    rising: bool


@dataclass(frozen=True, slots=True)
class GaugeView:
    """A gauge as it is shown; None is not known."""

    name: str
    record: Record | None  # its Stammdaten, where somebody wrote them
    readings: tuple[Reading, ...]  # newest first
    unit: str
    decimals: int
    level: int  # 0..3: Informationswert reached
    trend_per_hour: float | None
    next_threshold: int | None  # value of the next Informationswert above
    reached_at: int | None  # log time by linear forecast; None for a silent gauge
    stale: bool
    crossings: tuple[Crossing, ...] = ()  # oldest first, within these readings
    written: tuple[str, ...] = ()  # names under which its readings stand; never changes first
    official: Forecast | None = None  # what an authority expects
    ended: int | None = None  # log time since which it measures no longer
    rise: Rise | None = None  # where the water rises faster than its limit

    @property
    def key(self) -> str:
        """What it is called whatever name it is given: alarms are known by it."""
        return self.written[0] if self.written else self.name

    @property
    def since(self) -> int | None:
        """When the present level was reached, as far as these readings tell."""
        return self.crossings[-1].time if self.crossings else None

    @property
    def latest(self) -> Reading | None:
        """Newest plausible reading."""
        return next((reading for reading in self.readings if reading.plausible), None)

    @property
    def state(self) -> str:
        """What is the matter in one word; empty if nothing is."""
        if self.ended is not None:
            return "BEENDET"
        if self.level:
            return f"I{self.level} alt" if self.stale else f"INFO {self.level}"
        return "STUMM" if self.stale else "STEIGT" if self.rise else ""

    @property
    def reached_by(self) -> str:
        """Who says when the next threshold is reached."""
        return "linear" if self.official is None else self.official.source or "Vorhersage"

    @property
    def arrow(self) -> str:
        """``steigt``, ``fällt``, ``gleich`` in one character that ASCII terminals show too."""
        if self.trend_per_hour is None:
            return "?"
        return "+" if self.trend_per_hour >= 1 else "-" if self.trend_per_hour <= -1 else "="

    def show(self, value: float | None) -> str:
        """A value in the gauge's decimals with German comma."""
        if value is None:
            return "unbekannt"
        return with_places(value, self.decimals)

    def number(self, value: float | None) -> float | None:
        """A value in the gauge's unit, for machines."""
        return value if value is None or not self.decimals else value / 10**self.decimals

    @property
    def marks(self) -> tuple[tuple[str, int], ...]:
        """Informationswerte and mean levels that somebody has written, by name."""
        said = [(title, _said(self.record, name)) for name, title in MARKS]
        return tuple((title, value) for title, value in said if value is not None)

    @property
    def rate(self) -> str:
        """Change in an hour with its sign; ``?`` for not known."""
        if self.trend_per_hour is None:
            return "?"
        return ("+" if self.trend_per_hour >= 0 else "") + self.show(self.trend_per_hour)


def gauge_view(context: ViewContext, name: str, limit: int = SERIES_MAX) -> GaugeView:
    """The gauge of that name, as written or as shown, with its newest readings."""
    return view_of(context, GaugeBook(context.reader).named(name), limit)


def view_of(context: ViewContext, gauge: Gauge, limit: int = SERIES_MAX) -> GaugeView:
    """One gauge with its newest readings.

    A level that was reached before these readings is followed back further, so that its alarm
    stays the same one however long the water stands. However much claims to be from tomorrow or
    later, it does not crowd out the rest.
    """
    now = probable_now(context)
    own, past = Where("gauge", "in", gauge.written), Where("sort_time", "<=", now + FUTURE_S)
    heard = context.reader.select(Query("reading", (own, past), limit=1))
    where = (own, past) if heard else (own,)

    places = _said(gauge.record, "decimals") or 0
    expected = official(context.reader, gauge.written, now, places)

    def assessed(size: int) -> GaugeView:
        query = Query("reading", where, order="event", limit=size)
        view = assess(gauge.name, gauge.record, context.reader.select(query), now)
        return replace(view, written=gauge.written, official=expected)

    view = assessed(limit)
    if view.level and limit < LONG_SERIES_MAX and len(view.readings) == limit:
        longer = assessed(LONG_SERIES_MAX)
        view = replace(view, crossings=longer.crossings, level=longer.level)
    return _ended(view, now) or replace(_as_expected(view, now), rise=_rise(view, assessed))


def _as_expected(view: GaugeView, now: int) -> GaugeView:
    """Where an authority expects something, the line through the last hours tells nothing."""
    if view.official is None or view.next_threshold is None:
        return view
    return replace(view, reached_at=view.official.reaches(view.next_threshold, now))


def _ended(view: GaugeView, now: int) -> GaugeView | None:
    """A gauge that has ended alarms nobody; one whose end is to come, or that was heard after it,
    has not ended."""
    since = _said(view.record, "ended")
    if since is None or since > now or (view.latest is not None and view.latest.time > since):
        return None
    return replace(
        view, ended=since, official=None, level=0, trend_per_hour=None, next_threshold=None,
        reached_at=None, stale=False,
    )  # fmt: skip


def _rise(view: GaugeView, assessed: Callable[[int], GaugeView]) -> Rise | None:
    """The rise of a gauge that reports; its history is read only for one that is steep."""
    limit, floor = _said(view.record, "rise_limit"), floor_of(view.unit, view.decimals)
    least = limit if limit is not None else floor
    rate = rise_rate([r for r in view.readings if r.plausible])
    if view.stale or rate is None or least is None or rate < least:
        return None
    longer = assessed(LONG_SERIES_MAX)
    return rise_of([r for r in longer.readings if r.plausible], limit, floor)


def gauge_names(reader: Reader) -> list[str]:
    """Names of all gauges as they are shown: those with readings and those only described."""
    return sorted(gauge.name for gauge in GaugeBook(reader).all())


def gauge_views(context: ViewContext, limit: int = 60, *, ended: bool = False) -> list[GaugeView]:
    """All gauges that measure, worst first; or those that have ended."""
    every = (view_of(context, gauge, limit) for gauge in GaugeBook(context.reader).all())
    views = [view for view in every if (view.ended is not None) == ended]
    return sorted(views, key=lambda view: (-view.level, view.rise is None, view.name))


def doubtful(reading: Record, context: ViewContext) -> bool:
    """Whether a reading is implausible, seen among those just before and after it."""
    name, at, now = reading.text("gauge"), reading.event_time, probable_now(context)
    own = Where("gauge", "in", together(context.reader, name))
    before = Query("reading", (own, Where("sort_time", "<=", at)), limit=BEFORE_MAX)
    after = Query("reading", (own, Where("sort_time", ">", at)), descending=False, limit=1)
    rows = [*context.reader.select(after), *context.reader.select(before)]
    found = context.reader.select(Query("gauge", (Where("name", "=", name),), limit=1))
    seen = assess(name, found[0] if found else None, rows, now).readings
    places = {row.id: place for place, row in enumerate(rows)}
    place = places.get(reading.id)
    return place is not None and not seen[place].plausible


def assess(name: str, record: Record | None, rows: Sequence[Record], now: int) -> GaugeView:
    """Level, trend and forecast of readings, newest first."""
    low, high = _said(record, "minimum"), _said(record, "maximum")
    unit = record.text("unit", LEVEL_UNIT) if record else LEVEL_UNIT
    places = _said(record, "decimals") or 0
    readings = judged(rows, Range(low, high, unit == LEVEL_UNIT, places), now)
    plausible = [reading for reading in readings if reading.plausible]
    thresholds = [_said(record, f"info{step}") for step in (1, 2, 3)]
    crossings = _crossings(plausible[::-1], thresholds)
    level = crossings[-1].level if crossings else 0
    trend = trend_of(plausible)
    latest = plausible[0].value if plausible else None
    above = sorted(t for t in thresholds if t is not None and latest is not None and t > latest)
    interval = _said(record, "interval")
    patience = STALE_FACTOR * interval * 60 if interval else STALE_DEFAULT_S
    heard = [r.time for r in readings if r.doubt not in (Doubt.FUTURE, Doubt.MISSING)]
    stale = bool(readings) and (not heard or now - heard[0] > patience)
    reached = None
    if above and latest is not None and trend is not None and trend >= 1 and not stale:
        reached = plausible[0].time + int((above[0] - latest) / trend * 3600)
    return GaugeView(
        name,
        record,
        tuple(readings),
        unit,
        places,
        level,
        trend,
        above[0] if above else None,
        reached,
        stale,
        tuple(crossings),
    )


def _said(record: Record | None, name: str) -> int | None:
    return record.whole(name) if record else None


def _crossings(oldest_first: Sequence[Reading], thresholds: Sequence[int | None]) -> list[Crossing]:
    """Every change of level; it falls only ``HYSTERESIS`` units below a threshold."""
    found: list[Crossing] = []
    level = 0
    for reading in oldest_first:
        before, value = level, reading.value
        reached = max(
            (step for step, t in enumerate(thresholds, 1) if t is not None and value >= t),
            default=0,
        )
        if reached >= level:
            level = reached
        else:
            while level > reached:
                threshold = thresholds[level - 1]
                if threshold is not None and value > threshold - HYSTERESIS:
                    break
                level -= 1
        if level != before:
            found.append(Crossing(reading.time, value, level, level > before))
    return found


def trend_of(newest_first: Sequence[Reading]) -> float | None:
    """Change in an hour: slope of the line through the last three hours."""
    if not newest_first:
        return None
    end = newest_first[0].time
    points = [(r.time - end, r.value) for r in newest_first if end - r.time <= TREND_WINDOW_S]
    if len({time for time, _ in points}) < 2:
        return None
    mean_t = sum(time for time, _ in points) / len(points)
    mean_v = sum(value for _, value in points) / len(points)
    spread = sum((time - mean_t) ** 2 for time, _ in points)
    slope = sum((time - mean_t) * (value - mean_v) for time, value in points) / spread
    return slope * 3600
