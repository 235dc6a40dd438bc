# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The desk of the direction: what it sees, and how its orders come into the journal.

The process that conducts is another one; desk and commands meet it in the journal only.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lage.exercise.direction import events as e
from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.orders import Orders
from lage.exercise.direction.setting_up import on_air, opened, plan_of, stations_of
from lage.exercise.direction.shown import shown
from lage.exercise.stage import folder_name
from lage.language.errors import StoreError, UsageError
from lage.store.direction import DirectionJournal
from lage.views.direction import DirectionView

CONDUCTED_MS = 5000
TRIES = 20


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A staff or an observer at another computer."""

    name: str
    folder: Path  # where it was made; it is moved there
    port: int | None  # of its simulated radio at this computer
    by_radio: bool
    looks_on: bool  # an observer


class DirectionDesk:
    """The desk on an exercise's folder; may be asked from any one thread at a time."""

    def __init__(
        self, folder: Path, *, leads: bool = True, wall: Callable[[], float] = time.time
    ) -> None:
        """Not ``leads``: only to note observations, at the screen of a staff that it looks at.

        Raises LageError where no exercise is conducted there."""
        self.folder, self.leads, self._wall = folder, leads, wall
        with closing(DirectionJournal(folder)) as journal:
            self.conductor: Conductor = opened(folder, journal)

    @property
    def own(self) -> Path:
        """Folder of the direction's own log."""
        return self.folder / folder_name(self.conductor.script.direction)

    def view(self) -> DirectionView:
        """Everything as it stands now."""
        with closing(DirectionJournal(self.folder)) as journal:
            self._read(journal)
            pulse = journal.pulse
        now = round(self._wall() * 1000)
        conducted = pulse is not None and now - pulse < CONDUCTED_MS
        return shown(self.conductor, now, self.folder, conducted=conducted, pulse=pulse)

    def close(self) -> None:
        """It is left on purpose: conducting ends with it, also where another desk had begun it."""
        with closing(DirectionJournal(self.folder)) as journal:
            journal.close_desk()

    def elsewhere(self) -> list[Elsewhere]:
        """Whose folders go to other computers, and where they plug in, if their air is here."""
        plan = plan_of(self.folder)
        if plan.alone:
            return []
        cast = on_air(self.conductor, plan)
        here = len(stations_of(self.folder, self.conductor))
        return [
            Elsewhere(
                member.name,
                self.folder / folder_name(member.name),
                plan.port + place if plan.simulated else None,
                bool(plan.radio),
                member.name in plan.observers,
            )
            for place, member in enumerate(cast[here:], here)
        ]

    def staffs(self) -> list[str]:
        """Who takes part."""
        return [member.name for member in self.conductor.script.cast[1:]]

    def do(self, order: str, *said: Any) -> None:
        """Give an order by its name in ``Orders``. Raises LageError."""
        self.order(lambda orders: _event(orders, order, said))

    def check(self, order: str, *said: Any) -> None:
        """Raises LageError where that order could not be given now; gives none."""
        with closing(DirectionJournal(self.folder)) as journal:
            self._read(journal)
        _event(Orders(self.conductor, round(self._wall() * 1000)), order, said)

    def observe(self, staff: str, text: str) -> None:
        """Note an observation of the direction's own. Raises LageError."""
        self.order(lambda orders: orders.note(staff, text, by="Leitung"))

    def watch(self, staff: str) -> Callable[[], object]:
        """What opens a staff's screen, read-only. Raises UsageError where its log is elsewhere."""
        if self.conductor.script.member(staff) is None:
            raise UsageError(f"{staff} ist ein Relais: einen Bildschirm gibt es dort nicht.")
        path = self.folder / folder_name(staff)
        if self.conductor.state.manning(staff) is e.Manning.AWAY:
            raise UsageError(
                f"{staff} sitzt an einem anderen Rechner: was dort bekannt ist, zeigt „lage"
                f' --daten {self.own} wiedergabe --sicht "{staff}"“.'
            )
        command = [sys.executable, "-m", "lage", "--daten", str(path), "tui", "--nur-lesen"]
        command += ["--leitung", str(self.folder)]  # observations can be noted there too
        return lambda: subprocess.run(command, check=False)

    def order(self, say: Callable[[Orders], e.Event]) -> e.Event:
        """Write an order down; durable when it returns. Raises LageError for what cannot be."""
        with closing(DirectionJournal(self.folder)) as journal:
            for _ in range(TRIES):
                self._read(journal)
                now = round(self._wall() * 1000)
                event = say(Orders(self.conductor, now))
                if journal.append(self.conductor.state.seq, [(now, *e.kept(event))]):
                    self._read(journal)
                    return event
        raise StoreError("Die Leitung ist beschäftigt: bitte gleich noch einmal versuchen.")

    def _read(self, journal: DirectionJournal) -> None:
        for step in journal.since(self.conductor.state.seq):
            self.conductor.receive(step.seq, step.wall_ms, e.read(step.kind, step.said))


def _event(orders: Orders, order: str, said: tuple[Any, ...]) -> e.Event:
    if order == "jump":
        to, catch_up = said
        return orders.jump(to, catch_up=catch_up)
    event: e.Event = getattr(orders, order)(*said)
    return event
