# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an authority expects of a gauge: its newest forecast, as long as it says something. Pure.

A forecast is no measurement: it moves no level, no trend and no alarm. It stands with who gave it
and how old it is, and nothing that Lage reckons itself is shown in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from lage.kinds.model import Query, Record, Where
from lage.kinds.reader import Reader
from lage.language.plain import plain
from lage.language.tactical import age, clock
from lage.views.judged import AHEAD_S
from lage.write.quantity import marks_missing

POINTS_MAX = 200
HORIZON_S = 14 * 86_400  # nobody forecasts a level further ahead


@dataclass(frozen=True, slots=True)
class Expected:
    """One value of a forecast."""

    time: int
    value: int  # in the gauge's decimals
    estimate: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was given out together."""

    points: tuple[Expected, ...]  # oldest first, all of it, also what has passed
    source: str
    issued: int

    def ahead(self, now: int) -> tuple[Expected, ...]:
        """What is still to come."""
        return tuple(point for point in self.points if point.time > now)

    def crest(self, now: int) -> Expected:
        """The highest that is still to come, the earliest of several."""
        return max(self.ahead(now), key=lambda point: (point.value, -point.time))

    def reaches(self, value: float, now: int) -> int | None:
        """When it first expects at least that much; None for not."""
        return next((point.time for point in self.ahead(now) if point.value >= value), None)

    def words(self, show: Callable[[float], str], unit: str, now: int) -> str:
        """It in a line: the highest, the end, who says so and how old that is."""
        crest, last = self.crest(now), self.ahead(now)[-1]
        mark = " (Abschätzung)" if crest.estimate else ""
        end = f", {show(last.value)} um {clock(last.time, now)}" if last != crest else ""
        said = age(self.issued, now)
        old = "gerade herausgegeben" if said == "gerade" else f"{said} alt"
        return (
            f"bis {show(crest.value)} {unit} um {clock(crest.time, now)}{mark}{end}"
            f" ({plain(self.source) or 'ohne Quelle'}, {old})"
        )


def official(reader: Reader, names: Collection[str], now: int, places: int = 0) -> Forecast | None:
    """The newest forecast of a gauge that is not over.

    One given out in the future is none, nor is one for in a month, nor a mark of a missing value.
    """
    where = (Where("gauge", "in", tuple(names)), Where("sort_time", ">", now))
    ahead = reader.select(Query("forecast", where, descending=False, limit=POINTS_MAX))
    given = [
        row
        for row in ahead
        if _issued(row) <= now + AHEAD_S and row.event_time <= now + HORIZON_S
        if not marks_missing(row.whole("value") or 0, places)
    ]
    if not given:
        return None
    newest = max(given, key=lambda row: (_issued(row), row.id))
    own = (where[0], Where("sort_time", ">", _issued(newest) - AHEAD_S))
    rows = [
        row
        for row in reader.select(Query("forecast", own, descending=False, limit=POINTS_MAX))
        if row.event_time <= now + HORIZON_S
        if not marks_missing(row.whole("value") or 0, places)
    ]
    together = {
        row.event_time: Expected(
            row.event_time, row.whole("value") or 0, estimate=row.flag("estimate")
        )
        for row in sorted(rows, key=lambda row: row.id)
        if _issued(row) // 60 == _issued(newest) // 60
        and row.text("source") == newest.text("source")
    }
    points = tuple(together[time] for time in sorted(together))
    return Forecast(points, newest.text("source"), _issued(newest))


def _issued(row: Record) -> int:
    issued = row.moment("issued")
    return row.time if issued is None else issued
