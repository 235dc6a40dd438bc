# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comes from outside, fetched and answered beside the radio.

A thread of its own with a station of its own: a portal's database or a mail server that does not
answer holds up no packet. It runs only where an inbox is connected.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from lage.language.errors import LageError
from lage.language.fence import Fault, Fence, Place
from lage.outside.desk import SOURCES
from lage.outside.tending import Round, Seen, tend
from lage.station import Station

LOGGER = logging.getLogger("lage.node")
EVERY_S, AFTER_TROUBLE_S = 2.0, 20.0


class Outside:
    """The thread, started when there is something for it to do."""

    def __init__(self, folder: Path, wake: Callable[[], None]) -> None:
        """``wake`` ends the node's wait: something was written that has to go out."""
        self._folder, self._wake = folder, wake
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None  # that a round ended with; the loop tells it
        self._seen: Seen = {}
        self.troubles: tuple[str, ...] = ()

    def tend(self, station: Station) -> None:
        """Start where an inbox is connected and nobody is at work; what died begins anew.

        Raises what a round ended with, for the fence of the node.
        """
        running = self._thread is not None and self._thread.is_alive()
        if station.setting(SOURCES) and not running and not self._stop.is_set():
            self._thread = threading.Thread(target=self._run, name="lage-aussen", daemon=True)
            self._thread.start()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def close(self) -> None:
        """End, after the round that is under way."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            station = Station.open(self._folder)
        except LageError as error:
            LOGGER.error("nothing is fetched from outside: %s", error)
            return
        try:
            while not self._stop.is_set() and station.setting(SOURCES):
                wait = AFTER_TROUBLE_S
                with Fence(Place.OUTSIDE, self._caught):
                    wait = self._round(station)
                self._stop.wait(wait)
        finally:
            station.close()

    def _round(self, station: Station) -> float:
        try:
            found = tend(station, self._seen)
        except LageError as error:
            found = Round(troubles=[str(error)])
        for trouble in found.troubles:
            if trouble not in self.troubles:
                LOGGER.error("from outside: %s", trouble)
        self.troubles = tuple(found.troubles)
        if found.new:
            self._wake()
        return AFTER_TROUBLE_S if found.troubles else EVERY_S

    def _caught(self, fault: Fault) -> None:
        self._error = fault.error
