# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A gauge as the command line shows it: a line of a table, and JSON."""

from __future__ import annotations

from lage.cli.common import utc
from lage.language.tactical import age, clock
from lage.views.band import Band
from lage.views.gauges import GaugeView


def gauge_row(view: GaugeView, now: int) -> list[str]:
    """A gauge as a line of the table."""
    latest = view.latest
    trend = "unbekannt" if view.trend_per_hour is None else view.rate
    following = "-"
    if view.next_threshold is not None:
        following = f"{view.show(view.next_threshold)} {view.unit}"
        if view.reached_at is not None:
            following += f" gegen {clock(view.reached_at, now)} ({view.reached_by})"
    return [
        view.name,
        f"{view.show(latest.value)} {view.unit}" if latest else "unbekannt",
        (clock(latest.time, now) if latest else "-") + (" stumm" if view.stale else ""),
        age(latest.time, now) if latest else "-",
        trend,
        _stage(view),
        following,
    ]


def _stage(view: GaugeView) -> str:
    if view.ended is not None:
        return "beendet"
    stage = f"Info {view.level}" if view.level else "normal"
    if view.rise is None:
        return stage
    return f"{stage}, steigt {view.show(view.rise.rate)} {view.unit}/h"


def gauge_json(view: GaugeView, now: int) -> dict[str, object]:
    """A gauge for machines."""
    latest = view.latest
    return {
        "name": view.name,
        "wert": view.number(latest.value) if latest else None,
        "zeit": utc(latest.time) if latest else None,
        "alter_minuten": (now - latest.time) // 60 if latest else None,
        "quelle": latest.source if latest else None,
        "einheit": view.unit,
        "trend_je_stunde": view.number(view.trend_per_hour),
        "stufe": view.level,
        "anstieg": None if view.rise is None else view.number(view.rise.rate),
        "anstieg_grenze": None if view.rise is None else view.number(view.rise.limit),
        "schwellen": {title: view.number(value) for title, value in view.marks},
        "naechste_schwelle": view.number(view.next_threshold),
        "erreicht": utc(view.reached_at) if view.reached_at is not None else None,
        "erreicht_laut": view.reached_by if view.reached_at is not None else None,
        "vorhersage": _official(view),
        "stumm": view.stale,
        "namen": list(view.written),
        "beendet": utc(view.ended) if view.ended is not None else None,
    }


def _official(view: GaugeView) -> dict[str, object] | None:
    given = view.official
    if given is None:
        return None
    return {
        "quelle": given.source,
        "herausgegeben": utc(given.issued),
        "werte": [
            {
                "zeit": utc(point.time),
                "wert": view.number(point.value),
                "abschaetzung": point.estimate,
            }
            for point in given.points
        ],
    }


def band_json(view: GaugeView, band: Band | None) -> dict[str, object] | None:
    """What is expected after the gauges upstream, for machines."""
    if band is None:
        return None
    return {
        "nach": band.upstream,
        "laufzeit_stunden": band.lag_h,
        "letzte_fehler": [view.number(round(error)) for error in band.errors],
        "werte": [
            {
                "zeit": utc(point.time),
                "von": view.number(round(point.middle - point.half)),
                "mitte": view.number(round(point.middle)),
                "bis": view.number(round(point.middle + point.half)),
            }
            for point in band.points
        ],
    }
