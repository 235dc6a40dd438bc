# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How this node is and how long it lasts, and what the others tell of themselves.

What is told goes with what is sent anyway (``sync.wire.heartbeat``): on the air by the engine's
rules, on cable and broker with the statements. Radios that belong to no laptop tell their battery
by their own telemetry; how long it lasts is reckoned from how it fell.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from lage.store.lives import (
    BATTERIES,
    FUEL,
    GAPS_MAX,
    LIVES,
    OWN_BATTERY,
    Life,
    Samples,
    Way,
    hours_left,
    sampled,
)
from mesh.nodes import Measure, MeshNode
from sync.wire.heartbeat import Clock, Heartbeat, heartbeat_of

if TYPE_CHECKING:
    from lage.node.report import Reporter
    from lage.station import Station

LOOK_MS = 60_000
"""How often power and fuel are looked at, and the others' times of hearing are kept."""
GAP_S = 5 * 60
"""A silence that is shorter says nothing of a node's habit."""
REACHED_S = 150
APART_S = 30
"""Clocks that differ by more are told to be apart."""


class Lives:
    """This node's heartbeat, and those that it has heard of."""

    def __init__(self, station: Station, me: int) -> None:
        self._station, self._me = station, me
        lives, batteries = station.setting(LIVES), station.setting(BATTERIES)
        self._lives: dict[int, Life] = dict(lives)
        self._batteries: dict[int, Samples] = dict(batteries)
        self._look_at: int | None = None
        self._reached: frozenset[int] = frozenset()  # at the last turn
        self._news = False
        self.own = Heartbeat()

    # --- the others -----------------------------------------------------------------------------

    def told(self, member: int, pages: Collection[int], unix: float | None = None) -> None:
        """A member said how it is, at that time by its own clock (None: just now)."""
        now = int(self._station.unix())
        at, before = now if unix is None else min(now, int(unix)), self._life(member)
        if pages and at >= before.told:
            known = heartbeat_of(pages, before.beat).pages()
            self._keep(member, replace(before, pages=known, told=at), news=known != before.pages)

    def there(self, member: int, way: Way) -> None:
        """A member was heard, or is reached."""
        now, before = int(self._station.unix()), self._life(member)
        if way is Way.RADIO is not before.way and now - before.there < REACHED_S:
            return  # a better way reaches it as well
        silent = now - before.there if before.there else 0
        gaps = (*before.gaps, silent)[-GAPS_MAX:] if silent >= GAP_S else before.gaps
        news = way != before.way or silent >= GAP_S or not before.there
        self._keep(member, replace(before, way=way, there=now, gaps=gaps), news=news)

    def jump(self, seconds: int) -> None:
        """The clock of an exercise was set by so much; batteries did not fall meanwhile."""
        self._lives = {
            member: replace(
                life,
                told=life.told and life.told + seconds,
                there=life.there and life.there + seconds,
            )
            for member, life in self._lives.items()
        }
        self._batteries = {
            number: tuple((at + seconds, percent) for at, percent in samples)
            for number, samples in self._batteries.items()
        }
        self._news = True

    # --- this node ------------------------------------------------------------------------------

    def turn(
        self, now: int, reporter: Reporter, radios: Collection[MeshNode], own: int | None
    ) -> None:
        """Look around where it is due, and keep what is new; ``own``: the attached radio."""
        for member, where in reporter.ways.reached.items():
            if member not in self._reached:  # at once; beside "verbunden" must not stand "noch nie"
                self.there(member, _way(where, reporter))
        self._reached = frozenset(reporter.ways.reached)
        if self._look_at is not None and now < self._look_at and not self._news:
            return
        if self._look_at is None or now >= self._look_at:
            self._look_at = now + LOOK_MS
            for member, where in reporter.ways.reached.items():
                self.there(member, _way(where, reporter))
            self._sample(radios)
            attached = next((node for node in radios if node.number == own), None)
            self.own = self._state(reporter, attached)
            self._lives[self._me] = Life(self.own.pages(), int(self._station.unix()))
            reporter.keep(BATTERIES, self._batteries)
        if reporter.keep(LIVES, self._lives):
            self._news = False

    def _sample(self, radios: Collection[MeshNode]) -> None:
        unix, power = int(self._station.unix()), self._station.power()
        readings = [(OWN_BATTERY, power.battery_percent, power.on_mains)]
        readings += [(node.number, node.battery_percent, node.on_mains) for node in radios]
        before, self._batteries = self._batteries, {}
        for number, percent, fed in readings:
            if percent is None:
                continue
            found = sampled(before.get(number, ()), unix, percent, fed=fed is True)
            if found:
                self._batteries[number] = found

    def _state(self, reporter: Reporter, radio: MeshNode | None) -> Heartbeat:
        unix, power = self._station.unix(), self._station.power()
        fuel = self._station.setting(FUEL)
        hours, by_fuel = None, False
        if power.on_mains is not False and fuel is not None:
            hours, by_fuel = fuel.left(unix), True
        elif not power.on_mains:
            hours = hours_left(self._batteries.get(OWN_BATTERY, ()), unix)
        ways = reporter.ways
        return Heartbeat(
            power.battery_percent,
            power.on_mains,
            hours,
            by_fuel,
            radio.battery_percent if radio else None,
            bool(radio and radio.on_mains),
            radio.measured.get(Measure.TEMPERATURE) if radio else None,
            _clock(reporter.clock),
            cable=any(where not in ways.brokers for where in ways.reached.values()),
            broker=any(where in ways.brokers for where in ways.reached.values()),
        )

    def _life(self, member: int) -> Life:
        return self._lives.get(member, Life())

    def _keep(self, member: int, life: Life, *, news: bool) -> None:
        self._lives[member] = life
        self._news |= news


def _way(where: str, reporter: Reporter) -> Way:
    return Way.BROKER if where in reporter.ways.brokers else Way.CABLE


def _clock(ahead: tuple[int | None, bool]) -> Clock:
    seconds, satellites = ahead
    if seconds is None:
        return Clock.ALONE
    if abs(seconds) > APART_S:
        return Clock.APART
    return Clock.SATELLITES if satellites else Clock.AGREES
