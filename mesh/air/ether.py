# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A simulated air that any number of radios share: seeded, in virtual time, without I/O.

    ether = Ether(random.Random(1), EtherConfig())
    rheine = ether.add_radio(RadioConfig(num=1, position=(0, 0)))
    greven = ether.add_radio(RadioConfig(num=2, position=(24_000, 3_000)))
    rheine.submit(Packet(b"...", id=1), now=0)
    ether.advance(5_000)
    greven.take_received()

Who hears whom follows from distance, antenna height, power and spreading factor
(``mesh.air.propagation``); what a radio does then from the firmware's rules
(``mesh.air.sim_radio``). The same seed and the same calls give the same run. Everything happens
at whole milliseconds.

Limits: ``RADIOS_MAX`` radios. Cost grows with the number of transmissions times neighbours;
radios out of reach of each other cost nothing. All simplifications: docs/developer/ether.md.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mesh.air.config import AirCounters, RadioConfig
from mesh.air.propagation import Terrain, path_loss_db, shadowing_db
from mesh.air.receiver import Modem, Signal
from mesh.air.sim_radio import SimRadio
from mesh.airtime import LONG_FAST, Preset
from mesh.firmware import Frame, Role
from mesh.link import FrameClass

if TYPE_CHECKING:
    from random import Random

__all__ = ["AirCounters", "Ether", "EtherConfig", "RadioConfig", "Role", "SimRadio", "Terrain"]

RADIOS_MAX = 4096


@dataclass(frozen=True, slots=True)
class EtherConfig:
    """Properties of the air; distances in metres, levels in dB."""

    preset: Preset = LONG_FAST
    terrain: Terrain = Terrain.SUBURBAN
    clutter_db: float = 10.0  # on every path: buildings, foliage, feeders, poor antennas
    extra_noise_db: float = 0.0  # man-made noise above thermal
    shadowing_db: float = 6.0  # standard deviation between paths, fixed for the run
    fading_db: float = 2.0  # standard deviation between packets on one path
    loss: float = 0.0  # probability that a reception fails for no other reason
    collisions: bool = True  # False: signals do not disturb each other


@dataclass(slots=True, eq=False)
class _Transmission:
    radio: SimRadio
    frame: Frame
    heard: list[tuple[SimRadio, Signal]] = field(default_factory=list)
    aborted: bool = False


class Ether:
    """The air, its clock and its radios."""

    def __init__(self, rng: Random, config: EtherConfig | None = None) -> None:
        self.config = config or EtherConfig()
        if not 0.0 <= self.config.loss <= 1.0:
            raise ValueError("loss is a probability")
        self.rng = rng
        self.modem = Modem(self.config.preset, self.config.extra_noise_db, self.config.collisions)
        self.radios: dict[int, SimRadio] = {}
        self.loss = self.config.loss  # may be changed while running
        self.now = 0
        self.transmissions = 0
        self.airtime_ms: dict[FrameClass | None, int] = dict.fromkeys((*FrameClass, None), 0)
        self._seed = rng.getrandbits(64)
        self._events: list[tuple[int, int, int, Callable[[Any, int], None], Any]] = []
        self._serial = 0
        self._links: dict[tuple[int, int], float] = {}
        self._neighbours: dict[int, list[tuple[SimRadio, float]]] = {}
        self._on_air: dict[int, _Transmission] = {}

    # -- building ------------------------------------------------------------------------------

    def add_radio(self, config: RadioConfig) -> SimRadio:
        """Place a radio; ValueError if its number is taken or the air is full."""
        if config.num in self.radios:
            raise ValueError(f"there is a radio {config.num} already")
        if len(self.radios) >= RADIOS_MAX:
            raise ValueError(f"more than {RADIOS_MAX} radios")
        radio = SimRadio(self, config)
        self.radios[config.num] = radio
        self._neighbours.clear()
        return radio

    def set_link(self, a: int, b: int, loss_db: float | None, *, both: bool = True) -> None:
        """Set the path loss from ``a`` to ``b`` (and back) whatever the distance says.

        Neither clutter nor shadowing is added. None goes back to the computed loss; ``math.inf``
        cuts the path.
        """
        for pair in ((a, b), (b, a)) if both else ((a, b),):
            if loss_db is None:
                self._links.pop(pair, None)
            else:
                self._links[pair] = loss_db
        self._neighbours.clear()

    def partition(self, groups: Iterable[Iterable[int]]) -> None:
        """Let only radios of the same group hear each other; those in no group form one more."""
        self.heal()
        for number, group in enumerate(groups, start=1):
            for num in group:
                if self.radios[num].group == 0:
                    self.radios[num].group = number

    def heal(self) -> None:
        """End every partition; a radio on other LoRa settings (negative group) stays alone."""
        for radio in self.radios.values():
            radio.group = min(radio.group, 0)

    def link_loss_db(self, a: int, b: int) -> float:
        """Loss from ``a`` to ``b`` without fading; infinite if neither placed nor linked."""
        explicit = self._links.get((a, b))
        if explicit is not None:
            return explicit
        one, other = self.radios[a].config, self.radios[b].config
        if one.position is None or other.position is None:
            return math.inf
        distance = math.dist(one.position, other.position)
        config = self.config
        median = path_loss_db(
            distance, one.antenna_height_m, other.antenna_height_m, config.terrain
        )
        return median + config.clutter_db + shadowing_db(self._seed, a, b, config.shadowing_db)

    def snr_db(self, a: int, b: int) -> float:
        """Signal to noise at ``b`` when ``a`` sends, without fading."""
        level = self.radios[a].config.tx_dbm - self.link_loss_db(a, b)
        return level - self.modem.noise_dbm

    # -- running -------------------------------------------------------------------------------

    def next_deadline(self) -> int | None:
        """When something is due next; None while nothing will happen by itself."""
        return self._events[0][0] if self._events else None

    def advance(self, now: int) -> None:
        """Let everything happen that is due until ``now`` (ms); going back does nothing."""
        events = self._events
        while events and events[0][0] <= now:
            at, _, _, action, argument = heapq.heappop(events)
            self.now = at
            action(argument, at)
        self.now = max(self.now, now)

    def schedule(self, at: int, action: Callable[[Any, int], None], argument: object) -> None:
        """Call ``action(argument, at)`` at ``at``; events of one moment in the order asked for."""
        self._push(at, 1, action, argument)

    def _push(
        self, at: int, order: int, action: Callable[[Any, int], None], argument: object
    ) -> None:
        self._serial += 1
        heapq.heappush(self._events, (max(at, self.now), order, self._serial, action, argument))

    # -- the air -------------------------------------------------------------------------------

    def transmit(self, num: int, frame: Frame, now: int) -> None:
        """Put a frame of a radio on the air; whoever is in reach hears it begin."""
        radio = self.radios[num]
        self.transmissions += 1
        self.airtime_ms[frame.urgency] += frame.airtime_ms
        transmission = _Transmission(radio, frame)
        end = now + frame.airtime_ms
        fading, gauss, group = self.config.fading_db, self.rng.gauss, radio.group
        floor = self.modem.floor_dbm
        for other, level in self._hearers(radio):
            if not other.powered or other.group != group:
                continue
            rssi = level + gauss(0.0, fading) if fading else level
            if rssi >= floor:
                signal = Signal(frame, rssi, now, end)
                other.hear_start(signal, now)
                transmission.heard.append((other, signal))
        self._on_air[radio.num] = transmission
        self._push(end, 0, self._end, transmission)  # an end comes before what begins

    def abort(self, num: int, now: int) -> None:
        """What the radio is sending breaks off: nobody can decode it."""
        transmission = self._on_air.pop(num, None)
        if transmission is not None:
            transmission.aborted = True
            for other, signal in transmission.heard:
                other.hear_end(signal, True, now)

    def _end(self, transmission: _Transmission, now: int) -> None:
        if transmission.aborted:
            return
        radio, loss = transmission.radio, self.loss
        for other, signal in transmission.heard:
            other.hear_end(signal, loss > 0 and self.rng.random() < loss, now)
        del self._on_air[radio.num]
        radio.sent(transmission.frame, now)

    def _hearers(self, radio: SimRadio) -> list[tuple[SimRadio, float]]:
        """Radios that may hear this one, each with its median level."""
        known = self._neighbours.get(radio.num)
        if known is None:
            weakest = self.modem.floor_dbm - 3 * self.config.fading_db
            levels = (
                (other, radio.config.tx_dbm - self.link_loss_db(radio.num, other.num))
                for other in self.radios.values()
                if other is not radio
            )
            known = [(other, level) for other, level in levels if level >= weakest]
            self._neighbours[radio.num] = known
        return known
