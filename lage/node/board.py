# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The node lays the Aushang into its folder: at once when something was released or taken back,
and every minute, so that whoever reads it sees that it is alive."""

from __future__ import annotations

import logging
from pathlib import Path

from lage.language.errors import LageError
from lage.reports.board import FOLDER, board_of, write_board, write_chart
from lage.station import Station
from lage.views.board import Gauge
from lage.views.chart import FILE as CHART
from lage.views.public_water import gauges

LOGGER = logging.getLogger("lage.node")
LOOK_MS = 2_000
"""How often is looked whether anything has changed."""
WATER_MS = 60_000
"""How often gauges are read, and the Aushang written in any case."""


class BoardKeeper:
    """Writes the Aushang when it is due."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._look_at = self._water_at = 0
        self._water: tuple[Gauge, ...] = ()
        self._seen: int | None = None
        self._spots: tuple[object, ...] = ()  # of the gauges on the map

    def turn(self, now: int) -> None:
        """Write it if it is due; a folder that cannot be written to costs the node nothing else."""
        if now < self._look_at:
            return
        self._look_at = now + LOOK_MS
        folder, newest = self._station.setting(FOLDER), self._station.newest()
        minute = now >= self._water_at
        if not folder or (newest == self._seen and not minute):
            return
        if minute:
            self._water_at = now + WATER_MS
            self._water = gauges(self._station.context())
        self._seen = newest
        try:
            spots = tuple((gauge.key, gauge.at) for gauge in self._water)
            if spots != self._spots or not (Path(folder) / CHART).exists():
                write_chart(self._station, self._water, Path(folder))
                self._spots = spots
            write_board(board_of(self._station, self._water), Path(folder))
        except LageError as error:
            LOGGER.error("could not write the board: %s", error)
