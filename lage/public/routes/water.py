# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Water for everybody: a page in every language, pictures and open data; all lies on the shelf."""

from __future__ import annotations

from collections.abc import Mapping

from lage.public.map_picture import map_svg
from lage.public.open_data import levels_csv, levels_geojson
from lage.public.pages import render
from lage.public.pictures import curve_svg
from lage.public.site import Site
from lage.public.times import day_and_clock
from lage.public.water import file_names, rows, sources
from lage.public.words import LANGUAGES
from lage.views.board import Board

_NONE = Board("", 0)


def files(site: Site) -> Mapping[str, bytes]:
    """Page, map of the gauges, curves, CSV and GeoJSON by name."""
    board, chart = site.board.read() or _NONE, site.board.chart()
    made = {
        "daten/pegel.csv": levels_csv(board),
        "daten/pegel.geojson": levels_geojson(board, chart),
    }
    if chart is not None:
        made["daten/karte.svg"] = map_svg(board, chart, places=False).encode()
    for gauge, name in zip(board.gauges, file_names(board.gauges), strict=True):
        made[f"daten/kurve/{name}.svg"] = curve_svg(
            gauge, site.clock(), exercise=board.exercise
        ).encode()
    subscribable = bool(site.subscribing())
    for code, words in LANGUAGES.items():
        text = render(
            site,
            "water.html",
            words,
            "wasser/",
            rows=rows(board, words, day_and_clock),
            chart=chart,
            sources=sources(board, chart),
            subscribable=subscribable,
        )
        made[f"{code}/wasser/index.html"] = text.encode()
    return made
