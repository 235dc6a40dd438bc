# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Entries between the logs at one computer, where only the direction's node is on the air.

What is handed over is what travels everywhere: signed runs, judged by whoever takes them.
"""

from __future__ import annotations

from collections.abc import Mapping

from lage.station import Station
from sync.feed.batch import Batch
from sync.feed.settle import settle, valid_head
from sync.wire import bundle


class Exchange:
    """Keeps the staffs at this computer equal to the direction."""

    def __init__(self, direction: Station, stations: Mapping[str, Station]) -> None:
        self._direction = direction
        self._others = [station for station in stations.values() if station is not direction]
        self._seen: dict[int, tuple[int, int]] = {}

    def turn(self) -> None:
        """Hand over what is new on either side."""
        moved = 0
        for place, station in enumerate(self._others):
            token = station.change_token(), self._direction.change_token()
            if self._seen.get(place) != token:
                self._seen[place] = token
                moved += hand_over(station, self._direction)
                moved += hand_over(self._direction, station)
        if moved:  # a log does not see as a change what was handed over to it from here
            self._seen.clear()


def hand_over(source: Station, target: Station) -> int:
    """Give a log what it lacks of another; how many entries."""
    log, roster = target.store.log, target.roster
    floor = {author: log.head(author) for author in source.store.log.authors()}
    heads = {author: valid_head(source.store.log, author) for author in floor}
    batch = Batch(log)
    for run in bundle.missing_runs(source.store.log, floor, heads):
        batch.take(run, roster)
    count = batch.waiting
    batch.store()
    if count:
        settle(log, target.roster)
    return count
