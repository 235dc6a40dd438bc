# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A county on the simulated air, in virtual time: laptops with radios, relays, and who turns next.

Each laptop is woken when its radio has heard something and when its own deadline is due. All
follows from the seed. Times are ms since the beginning.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from lage.exercise.script.model import Cast, Site
from lage.exercise.simulation.arrivals import Arrivals
from lage.exercise.simulation.founding import found
from lage.exercise.simulation.laptop import Laptop
from lage.kinds.model import Draft
from lage.language.epoch import to_unix
from mesh.air.ether import Ether, EtherConfig, RadioConfig, Role, SimRadio
from mesh.airtime import PRESETS
from mesh.send.policy import OutboxConfig
from sync.schema.definition import EntityId

FIRST_RELAY = 10_000
NODE_INFO_MS, TELEMETRY_MS = 10_800_000, 1_800_000
"""How often radios say something of themselves, as their firmware comes."""


@dataclass(frozen=True, slots=True)
class AirPlan:
    """What the air is like."""

    preset: str = "LONG_FAST"
    loss: float = 0.1
    clutter_db: float = 10.0  # on every path
    firmware: Literal["2.7", "2.8"] = "2.7"
    chatter: bool = True  # the radios' own telemetry and node info


class SimulatedCounty:
    """Laptops, relays and the air between them; a context manager that closes the logs."""

    def __init__(
        self,
        folder: Path,
        name: str,
        begin: int,
        cast: Sequence[tuple[Cast, Site]],
        relays: Sequence[Site],
        plan: AirPlan,
        seed: int,
    ) -> None:
        """``begin``: log time at 0 ms. ``cast``: each with the place of its antenna."""
        self.now = 0
        self.arrivals = Arrivals(range(1, len(cast) + 1))
        self.on_arrival: Callable[[int, int, int, int], None] = lambda *_: None
        """Called with staff, author, first and last number of what came to it."""
        self._plan = plan
        self._start = float(to_unix(begin))
        config = EtherConfig(
            preset=PRESETS[plan.preset], loss=plan.loss, clutter_db=plan.clutter_db
        )
        self.ether = Ether(random.Random(f"ether {seed}"), config)
        self._woken: set[int] = set()
        self._due: dict[int, int] = {}
        self._queue: list[tuple[int, int]] = []
        self._open = ExitStack()
        stations = found(
            folder,
            name,
            [member for member, _ in cast],
            random.Random(f"keys {seed}"),
            lambda: self._start + self.now / 1000,
        )
        for station in stations:
            self._open.enter_context(closing(station))
        policy = OutboxConfig(preset=PRESETS[plan.preset], signing=plan.firmware == "2.8")
        self.laptops: dict[str, Laptop] = {}
        for number, (station, (member, site)) in enumerate(zip(stations, cast, strict=True), 1):
            radio = self._radio(number, site, Role.CLIENT)
            radio.on_client = partial(self._woken.add, number)
            rng = random.Random(f"staff {number} {seed}")
            self.laptops[member.name] = Laptop(station, radio, rng, policy, 0)
        self._by_number = list(self.laptops.values())
        self.relays = {
            relay.name: self._radio(FIRST_RELAY + place, relay, Role.ROUTER)
            for place, relay in enumerate(relays)
        }
        for laptop in self._by_number:
            self._turn(laptop)

    def __enter__(self) -> SimulatedCounty:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _radio(self, number: int, site: Site, role: Role) -> SimRadio:
        chatter = self._plan.chatter
        return self.ether.add_radio(
            RadioConfig(
                num=number,
                position=(site.east_m, site.north_m),
                antenna_height_m=site.height_m,
                role=role,
                firmware=self._plan.firmware,
                node_info_ms=NODE_INFO_MS if chatter else 0,
                telemetry_ms=TELEMETRY_MS if chatter else 0,
            )
        )

    # --- time -----------------------------------------------------------------------------------

    def run_until(self, end: int, stop: Callable[[], bool] = lambda: False) -> None:
        """Let time pass until ``end``, or until ``stop`` says so, asked after every step."""
        while self.now < end and not stop():
            self.now = max(self.now, min(end, *self._deadlines()))
            self.ether.advance(self.now)
            turns = set(self._woken)
            self._woken.clear()
            while self._queue and self._queue[0][0] <= self.now:
                at, number = heapq.heappop(self._queue)
                if self._due.get(number) == at:
                    turns.add(number)
            for number in sorted(turns):
                self._turn(self._by_number[number - 1])

    def _deadlines(self) -> list[int]:
        while self._queue and self._due.get(self._queue[0][1]) != self._queue[0][0]:
            heapq.heappop(self._queue)
        found = [self._queue[0][0]] if self._queue else []
        deadline = self.ether.next_deadline()
        return found if deadline is None else [*found, deadline]

    def _turn(self, laptop: Laptop) -> None:
        for first, last, urgency in laptop.written(self.now):
            self.arrivals.wrote(laptop.number, first, last, urgency, self.now)
            self.on_arrival(laptop.number, laptop.number, first, last)
        taken, due = laptop.turn(self.now)
        for author, first, last in taken:
            self.arrivals.came(laptop.number, author, first, last, self.now)
            self.on_arrival(laptop.number, author, first, last)
        if due is None:
            self._due.pop(laptop.number, None)
        else:
            self._due[laptop.number] = due
            heapq.heappush(self._queue, (due, laptop.number))

    # --- what the script does -------------------------------------------------------------------

    def write(self, staff: str, drafts: Sequence[Draft]) -> list[EntityId]:
        """A staff writes; the entity of each draft. Raises LageError as its station does."""
        laptop = self.laptops[staff]
        entities = laptop.write(drafts)
        self._turn(laptop)
        return entities

    def look(self, staff: str) -> None:
        """Somebody else may have written into a staff's log, as its screen does."""
        self._turn(self.laptops[staff])

    def switch(self, staff: str, *, off: bool) -> None:
        """A laptop is switched off, or on again."""
        laptop = self.laptops[staff]
        laptop.off = off
        self._turn(laptop)

    def cut_off(self, name: str, *, off: bool) -> None:
        """A staff's radio or a relay fails, or works again."""
        if name in self.relays:
            relay = self.relays[name]
            (relay.power_off if off else relay.power_on)(self.now)
            return
        laptop = self.laptops[name]
        (laptop.cut_off if off else laptop.back)(self.now)
        self._turn(laptop)

    @property
    def staffs(self) -> list[Laptop]:
        """In the order of their numbers."""
        return self._by_number
