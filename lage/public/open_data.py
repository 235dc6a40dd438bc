# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The public gauges for other programs: CSV and GeoJSON, with who has to be named."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

from lage.public.water import file_names, sources
from lage.views.board import Board, Gauge
from lage.views.chart import Chart


def iso(unix: float) -> str:
    """``2026-11-28T14:40:00Z``."""
    return datetime.fromtimestamp(unix, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def levels_csv(board: Board) -> bytes:
    """The latest value of each gauge, as Excel here opens it: ``;``, comma, UTF-8 with BOM."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        ["Messstelle", "Gewaesser", "Groesse", "Wert", "Einheit", "Zeit_UTC", "Quelle",
         "Trend_je_Stunde", "Informationswert", "Info1", "Info2", "Info3", "Breite", "Laenge",
         "alt", "Uebung"]
    )  # fmt: skip
    for gauge in board.gauges:
        latest = gauge.readings[0] if gauge.readings else None
        writer.writerow(
            [_cell(gauge.name), _cell(gauge.water), gauge.quantity,
             "" if latest is None else _comma(latest.value), _cell(gauge.unit),
             "" if latest is None else iso(latest.time), "" if latest is None else latest.source,
             _comma(gauge.trend), gauge.level, *map(_comma, gauge.thresholds),
             *(("", "") if gauge.at is None else map(_comma, gauge.at)),
             "ja" if gauge.stale else "nein", "ja" if board.exercise else "nein"]
        )  # fmt: skip
    return ("\ufeff" + out.getvalue()).encode()


def _comma(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")


def _cell(text: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def levels_geojson(board: Board, chart: Chart | None) -> bytes:
    """The gauges with a place, RFC 7946."""
    named = zip(board.gauges, file_names(board.gauges), strict=True)
    content = {
        "type": "FeatureCollection",
        "timeStamp": iso(board.stand),
        "exercise": board.exercise,
        "attribution": sources(board, chart),
        "features": [_feature(gauge, name) for gauge, name in named if gauge.at is not None],
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _feature(gauge: Gauge, name: str) -> dict[str, Any]:
    assert gauge.at is not None
    latest = gauge.readings[0] if gauge.readings else None
    return {
        "type": "Feature",
        "id": name,
        "geometry": {"type": "Point", "coordinates": [gauge.at[1], gauge.at[0]]},
        "properties": {
            "name": gauge.name,
            "water": gauge.water,
            "quantity": gauge.quantity,
            "unit": gauge.unit,
            "value": None if latest is None else latest.value,
            "time": None if latest is None else iso(latest.time),
            "source": None if latest is None else latest.source,
            "trend_per_hour": gauge.trend,
            "information_level": gauge.level,
            "thresholds": list(gauge.thresholds),
            "stale": gauge.stale,
        },
    }
