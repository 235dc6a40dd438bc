# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The running node does the tests that a command asks for: it alone owns the radio and its airtime.

The order stands in the folder, and so does what came of it, probe by probe.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from lage.store.range_tests import ORDER, ORDER_S, RUNS, RUNS_MAX, TestRun
from maps.geo.errors import MapError
from mesh.airtime import frame_len, time_on_air_ms
from mesh.link import Acknowledged, Packet, Sent
from mesh.send.outbox import Outbox
from mesh.send.range_test import TEST_APP, RangeTest

if TYPE_CHECKING:
    from lage.node.radios import Radios
    from lage.node.report import Reporter
    from lage.station import Station


class RangeTests:
    """At most one test at a time; a new order ends the one before."""

    def __init__(self, station: Station, outbox: Outbox, radios: Radios) -> None:
        self._station, self._outbox, self._radios = station, outbox, radios
        asked = station.setting(ORDER)
        self._last = asked.order.id if asked and time.time() - asked.unix_s > ORDER_S else None
        self._test: RangeTest | None = None
        self._run: TestRun | None = None
        self._kept = 0  # probes that are written down

    def look(self, now: int) -> None:
        """Another process has written something: it may be an order."""
        asked = self._station.setting(ORDER)
        if asked is None or asked.order.id == self._last:
            return
        self._last = asked.order.id
        self._test = self._run = None
        if asked.order.count and abs(time.time() - asked.unix_s) <= ORDER_S:
            order, began = asked.order, int(self._station.unix())
            self._test = RangeTest(order, now)
            self._run = TestRun(order.id, order.radio, began, order.size)
            self._kept = -1

    def advance(self, now: int) -> None:
        """Send the next probe when it is due."""
        test = self._test
        if test is None:
            return
        if test.order.distance_m is None:
            test.distance_m = self._distance_m(test.order.radio)
        for item in test.advance(now):
            self._outbox.put(item, now)

    def handed(self, packet: Packet, now: int) -> None:
        """A packet goes to the link."""
        if self._test is not None and packet.port == TEST_APP:
            length = frame_len(len(packet.payload), TEST_APP, broadcast=False)
            once = time_on_air_ms(self._outbox.config.preset, length)
            self._test.handed(packet, once, now)

    def on_event(self, event: Sent | Acknowledged, now: int) -> None:
        """The radio says what became of a packet."""
        if self._test is None:
            return
        if isinstance(event, Sent):
            self._test.on_status(event, now)
        else:
            self._test.on_ack(event, now)

    def keep(self, reporter: Reporter) -> None:
        """Write down what is new."""
        test, run = self._test, self._run
        if test is None or run is None or len(test.probes) == self._kept:
            return
        run = replace(run, probes=tuple(test.probes), done=test.done)
        others: tuple[TestRun, ...] = self._station.setting(RUNS)
        others = tuple(other for other in others if other.id != run.id)
        if reporter.keep(RUNS, (run, *others[: RUNS_MAX - 1])):
            self._kept, self._run = len(test.probes), run
            if test.done:
                self._test = None

    def _distance_m(self, number: int) -> int | None:
        own = self._radios.get(self._radios.own) if self._radios.own else None
        other = self._radios.get(number)
        if own is None or other is None or own.place is None or other.place is None:
            return None
        from maps.geo.places import distance
        from maps.geo.projection import Position

        try:
            here = Position(own.place.latitude, own.place.longitude)
            there = Position(other.place.latitude, other.place.longitude)
            return round(distance(here, there))
        except MapError:
            return None
