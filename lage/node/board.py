# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The node lays the Aushang into its folder: at once when something was released or taken back,
and every minute, so that whoever reads it sees that it is alive.

A worker of the node does it (``lage.node.workers``), which only reads the log: what gauges upstream
let expect takes a second to reckon, and the radio waits for nobody. A release does not wait for all
gauges either: a few are read in each turn, and what was reckoned of one is kept for a quarter of an
hour.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from lage.kinds.reader import ViewContext
from lage.language.errors import LageError
from lage.outside.portals import links
from lage.reports.board import FOLDER, board_of, write_board, write_chart
from lage.reports.public_chart import Spots, spots_of
from lage.station import Station
from lage.views.board import Board, Gauge
from lage.views.chart import FILE as CHART
from lage.views.public_water import Ahead, in_order, public_names, read_gauge, reckoned

LOGGER = logging.getLogger("lage.node")
PAUSE_S = 0.5
"""Between two turns of the worker."""
LOOK_MS = 2_000
"""How often is looked whether anything has changed."""
ROUND_MS = 60_000
"""How often gauges are read, and the Aushang written in any case."""
SLICE = 5
"""Gauges that are read in one turn."""
RECKONED_MS = 15 * 60_000
"""How long holds what was reckoned of a gauge."""
RECKON_MS = 10_000
"""How often one of them is reckoned anew: half a second, for a long series."""


def wanted(station: Station) -> dict[str, tuple[str, ...]]:
    """The worker that this node needs for it."""
    return {"aushang": ("aushang", "fuehren")} if _folders(station) else {}


def _folders(station: Station) -> list[Path]:
    """Where it is laid: for pages on this computer, and for each portal on another."""
    folder = station.setting(FOLDER)
    return [*([Path(folder)] if folder else []), *(link.board for link in links(station.folder))]


def keep_board(folder: Path, left: threading.Event) -> None:
    """Write the Aushang of a data folder until ``left``. Raises LageError."""
    station = Station.open(folder, read_only=True)
    try:
        keeper = BoardKeeper(station)
        while not left.wait(PAUSE_S):
            keeper.turn(station.timebase.monotonic_ms())
    finally:
        station.close()


class BoardKeeper:
    """Writes the Aushang when it is due."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._look_at = self._round_at = self._reckon_at = 0
        self._seen: int | None = None  # the newest operation that was looked at
        self._due: list[str] = []  # gauges still to be read in this round
        self._water: dict[str, Gauge] = {}
        self._ahead: dict[str, tuple[int, Ahead]] = {}  # when it was reckoned
        self._written: Board | None = None
        self._owed = False  # this minute's, once all gauges are read
        self._spots: Spots = ()  # what the map shows

    def turn(self, now: int) -> None:
        """Write it if it is due; a folder that cannot be written to costs the node nothing else."""
        if now < self._look_at:
            return
        self._look_at = now + LOOK_MS
        folders, newest = _folders(self._station), self._station.newest()
        fresh = now >= self._round_at
        reckon = now >= self._reckon_at and not self._due
        if not folders or not (newest != self._seen or fresh or self._due or reckon):
            return
        context = self._station.context()
        names = public_names(context)
        if fresh and not self._due:
            self._round_at = now + ROUND_MS
            self._due, self._owed = names, True
        if reckon and not fresh:
            self._reckon(context, now)
        self._read(context)
        self._water = {name: self._water[name] for name in names if name in self._water}
        self._ahead = {name: self._ahead[name] for name in names if name in self._ahead}
        self._seen = newest
        self._write(folders, whole=self._owed and not self._due)

    def _reckon(self, context: ViewContext, now: int) -> None:
        """What upstream gauges say of the one of which that is oldest; it is read anew with it."""
        self._reckon_at = now + RECKON_MS
        age = {name: now - self._ahead.get(name, (-RECKONED_MS, ()))[0] for name in self._water}
        name = max(age, key=lambda each: age[each], default="")
        if name and age[name] >= RECKONED_MS:
            self._ahead[name] = now, reckoned(context, name)
            self._due.insert(0, name)

    def _read(self, context: ViewContext) -> None:
        """The next few gauges."""
        taken, self._due = self._due[:SLICE], self._due[SLICE:]
        for name in taken:
            gauge = read_gauge(context, name, self._ahead.get(name, (0, ()))[1])
            self._water.pop(name, None)
            if gauge is not None:
                self._water[name] = gauge

    def _write(self, folders: Sequence[Path], *, whole: bool) -> None:
        """Lay it down, if anything but the time is new or the minute is over."""
        water = in_order(self._water.values())
        board = board_of(self._station, water)
        before = self._written
        if not whole and before and (before.items, before.gauges) == (board.items, board.gauges):
            return
        spots = spots_of(board)
        laid = [self._lay(board, folder, anew=spots != self._spots) for folder in folders]
        if all(laid):
            self._written, self._spots = board, spots
            self._owed = self._owed and not whole

    def _lay(self, board: Board, folder: Path, *, anew: bool) -> bool:
        """Into one folder; ``anew``: the map too. Whether that could be done."""
        try:
            if anew or not (folder / CHART).exists():
                write_chart(self._station, board, folder)
            write_board(board, folder)
        except LageError as error:
            LOGGER.error("could not write the board: %s", error)
            return False
        return True
