# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The gauges that are public, as the board has them: measured, judged, expected, compared. Pure.

What is doubtful is left out: it is for staffs to look at. What is expected stands apart from what
was measured, with who says so; what Lage reckons itself is marked as not official.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lage.kinds.cards.gauge import LEVEL_QUANTITY
from lage.kinds.reader import ViewContext
from lage.language.epoch import to_unix
from lage.language.plain import plain
from lage.views.band import band_for
from lage.views.board import GAUGES_MAX, READINGS_MAX, Expected, Flood, Gauge, Level
from lage.views.clocks import probable_now
from lage.views.gauge_book import GaugeBook
from lage.views.gauges import GaugeView, view_of
from lage.views.released import public_gauges

_FLOOD = re.compile(r"\s*([^:;]{1,40}):\s*(-?\d{1,5}(?:[.,]\d{1,4})?)\s*(?:cm|m)?\s*", re.ASCII)


Ahead = tuple[Expected, ...]


def gauges(context: ViewContext) -> tuple[Gauge, ...]:
    """All public gauges that measure, the highest Informationswert first."""
    names = public_names(context)
    found = (read_gauge(context, name, reckoned(context, name)) for name in names)
    return in_order(gauge for gauge in found if gauge is not None)


def public_names(context: ViewContext) -> list[str]:
    """The gauges that are public, by the name that never changes."""
    book = GaugeBook(context.reader)
    names = public_gauges(context.reader, probable_now(context))[:GAUGES_MAX]
    return list(dict.fromkeys(book.named(name).written[0] for name in names))


def in_order(found: Iterable[Gauge]) -> tuple[Gauge, ...]:
    """The highest Informationswert first."""
    return tuple(sorted(found, key=lambda gauge: (-gauge.level, gauge.name)))


def reckoned(context: ViewContext, name: str) -> Ahead:
    """What the gauges upstream let expect; a third of a second for a long series, so whoever has
    other work asks for it seldom."""
    view = view_of(context, GaugeBook(context.reader).named(name), READINGS_MAX)
    band = band_for(context, view)
    if band is None:
        return ()
    places = view.decimals
    points = (
        (point.time, view.number(point.middle - point.half), view.number(point.middle + point.half))
        for point in band.points
    )
    return tuple(
        Expected(to_unix(time), round(low or 0, places), round(high or 0, places))
        for time, low, high in points
    )


def read_gauge(context: ViewContext, name: str, ahead: Ahead = ()) -> Gauge | None:
    """A gauge as it is now; None for one that has ended. ``ahead``: what was reckoned of it, which
    counts where no authority says anything."""
    view = view_of(context, GaugeBook(context.reader).named(name), READINGS_MAX)
    if view.ended is not None:
        return None
    record = view.record
    point = record.point() if record else None
    said = dict(view.marks)
    expected, by = _official(view, context) or (ahead, "")
    return Gauge(
        key=view.key,
        name=plain(view.name),
        water=plain(record.text("water")) if record else "",
        unit=plain(view.unit),
        decimals=view.decimals,
        quantity=record.text("quantity", LEVEL_QUANTITY) if record else LEVEL_QUANTITY,
        at=None if point is None else (point.lat_e4 / 10_000, point.lon_e4 / 10_000),
        level=view.level,
        thresholds=(
            view.number(said.get("Info 1")),
            view.number(said.get("Info 2")),
            view.number(said.get("Info 3")),
        ),
        mean_high=view.number(said.get("MHW")),
        trend=None if view.stale else view.number(view.trend_per_hour),
        stale=view.stale,
        readings=_levels(view),
        expected=expected,
        expected_by=by,
        floods=remembered(record.text("floods")) if record else (),
    )


def _levels(view: GaugeView) -> tuple[Level, ...]:
    return tuple(
        Level(to_unix(reading.time), view.number(reading.value) or 0, reading.source)
        for reading in view.readings
        if reading.plausible
    )


def _official(view: GaugeView, context: ViewContext) -> tuple[Ahead, str] | None:
    """What an authority expects from now on, and which."""
    if view.official is None:
        return None
    points = view.official.ahead(probable_now(context))
    values = [(point.time, view.number(point.value) or 0) for point in points]
    said = tuple(Expected(to_unix(time), value, value) for time, value in values)
    return said, plain(view.official.source) or "ohne Quelle"


def remembered(text: str) -> tuple[Flood, ...]:
    """``August 2010: 612; Januar 2024: 548`` as floods, the highest first; anything else in it is
    left out."""
    found = (_FLOOD.fullmatch(part) for part in text.split(";"))
    floods = [
        Flood(plain(match[1]).strip(), float(match[2].replace(",", ".")))
        for match in found
        if match
    ]
    return tuple(sorted(floods, key=lambda flood: -flood.value))
