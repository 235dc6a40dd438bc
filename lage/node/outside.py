# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comes from outside, fetched and answered beside the radio.

A thread of its own with a station of its own: a portal's database that does not answer holds up no
packet. Letters have a second one: a mail server that does not answer holds up no emergency call.
They run only where an inbox is connected, or was: what came by it has its day of deletion.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from lage.language.errors import LageError
from lage.language.fence import Fault, Fence, Place
from lage.outside.desk import SOURCES, anything
from lage.outside.outbox import ROUND_MAX
from lage.outside.tending import Round, Seen, post, tend
from lage.outside.watching import Watch
from lage.station import Station

LOGGER = logging.getLogger("lage.node")
EVERY_S, AFTER_TROUBLE_S = 2.0, 20.0


class Outside:
    """The threads, started when there is something for them to do."""

    def __init__(self, folder: Path, wake: Callable[[], None]) -> None:
        """``wake`` ends the node's wait: something was written that has to go out."""
        self._folder, self._wake = folder, wake
        self._stop = threading.Event()
        self._threads: dict[str, threading.Thread] = {}
        self._error: Exception | None = None  # that a round ended with; the loop tells it
        self._seen: Seen = {}
        self._watch = Watch()
        self.troubles: tuple[str, ...] = ()

    def tend(self, station: Station) -> None:
        """Start where there is work and nobody is at work; what died begins anew.

        Raises what a round ended with, for the fence of the node.
        """
        if _has_work(station) and not self._stop.is_set():
            for name, work in (("lage-aussen", self._round), ("lage-briefe", self._post)):
                if name not in self._threads or not self._threads[name].is_alive():
                    self._threads[name] = threading.Thread(
                        target=self._run, args=(work,), name=name, daemon=True
                    )
                    self._threads[name].start()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def close(self) -> None:
        """End, after the rounds that are under way."""
        self._stop.set()
        for thread in self._threads.values():
            thread.join()

    def _run(self, work: Callable[[Station], float]) -> None:
        try:
            station = Station.open(self._folder)
        except LageError as error:
            LOGGER.error("nothing is fetched from outside: %s", error)
            return
        try:
            while not self._stop.is_set() and _has_work(station):
                wait = AFTER_TROUBLE_S
                with Fence(Place.OUTSIDE, self._caught):
                    wait = work(station)
                self._stop.wait(wait)
        finally:
            station.close()

    def _round(self, station: Station) -> float:
        try:
            found = tend(station, self._seen, self._watch, letters=False)
        except LageError as error:
            found = Round(troubles=[str(error)])
        for trouble in found.troubles:
            if trouble not in self.troubles:
                LOGGER.error("from outside: %s", trouble)
        self.troubles = tuple(found.troubles)
        if found.new:
            self._wake()
        return AFTER_TROUBLE_S if found.troubles else EVERY_S

    def _post(self, station: Station) -> float:
        try:
            sent = post(station)
        except LageError:
            return AFTER_TROUBLE_S  # the round that fetches says why
        return 0 if sent >= ROUND_MAX else EVERY_S  # many wait for one crossing

    def _caught(self, fault: Fault) -> None:
        self._error = fault.error


def _has_work(station: Station) -> bool:
    return bool(station.setting(SOURCES)) or anything(station)
