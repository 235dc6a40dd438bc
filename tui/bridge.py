# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Between the screen and the log: the only threads of the UI.

Two threads, each with a ``Station`` of its own on the same folder. ``look`` reads for what a
person waits for (a list being scrolled); ``work`` writes and computes what may take longer, so a
disk that syncs never holds up a key press. Both take a function of the station and give its
result; nothing of a station leaves its thread but plain values. Errors (LageError) come back to
the caller.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from hardware.power import Power, read_power
from lage.archive.replay import Replay, Shown
from lage.kinds.model import Draft, Progress
from lage.kinds.setting import Setting
from lage.language.errors import KeysError
from lage.station import Station
from lage.views.direction import DirectionView
from sync.schema.definition import EntityId

T = TypeVar("T")
Clock = Callable[[], float]
Battery = Callable[[], int | None]


READ_ONLY = "Dieser Bildschirm zeigt nur an: zum Schreiben Lage selbst öffnen."


class Desk:
    """One thread with one open station."""

    def __init__(
        self, folder: Path, clock: Clock | None, name: str, *, read_only: bool = False
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._read_only = read_only
        self._station: Station | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"lage-{name}")
        self.waiting = 0  # questions not answered yet
        self.past = ""  # the past moment that it showed when it was opened

    def open(self, progress: Progress | None = None) -> None:
        """Open the station in its thread. Raises LageError."""
        self._thread.submit(self._open, progress).result()

    def _open(self, progress: Progress | None) -> None:
        self._station = Station.open(
            self._folder, clock=self._clock, progress=progress, read_only=self._read_only
        )
        self.past = str(self._station.past or "")

    async def run(self, question: Callable[[Station], T]) -> T:
        """Ask the station; calls are answered in order."""
        self.waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._ask, question)
        finally:
            self.waiting -= 1

    @property
    def station(self) -> Station:
        """The open station."""
        assert self._station is not None
        return self._station

    def _ask(self, question: Callable[[Station], T]) -> T:
        return question(self.station)

    def close(self) -> None:
        """Let what is under way finish, then close."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _close(self) -> None:
        if self._station is not None:
            self._station.close()
            self._station = None


class Player:
    """The thread of a folder that shows the past: it alone goes on to other moments."""

    shown: Shown  # what it shows now

    def __init__(self, start: Callable[[], Replay]) -> None:
        self._start = start
        self._replay: Replay | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lage-wiedergabe")
        self.waiting = 0  # questions not answered yet

    def open(self) -> None:
        """Make the folder, showing its first moment. Raises LageError."""

        def start() -> Shown:
            self._replay = self._start()
            return self._replay.show(self._replay.at)

        self.shown = self._thread.submit(start).result()

    async def run(self, question: Callable[[Replay], T]) -> T:
        """Ask, or go on; calls are answered in order."""
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, self._ask, question
            )
        finally:
            self.waiting -= 1

    def _ask(self, question: Callable[[Replay], T]) -> T:
        assert self._replay is not None
        return question(self._replay)

    def close(self) -> None:
        """Let what is under way finish, then close."""
        if self._replay is not None:
            self._thread.submit(self._replay.close).result()
        self._thread.shutdown()


class Direction(Protocol):
    """An exercise that is directed or observed; asked in the thread that writes."""

    leads: bool  # False: it only observes

    def view(self) -> DirectionView:
        """The exercise as it stands now."""

    def do(self, order: str, *said: Any) -> None:
        """Give an order of the direction by its name. Raises LageError."""

    def check(self, order: str, *said: Any) -> None:
        """Raises LageError where that order could not be given now."""

    def staffs(self) -> list[str]:
        """Who takes part."""

    def observe(self, staff: str, text: str) -> None:
        """Note an observation. Raises LageError."""

    def watch(self, staff: str) -> Callable[[], object]:
        """What opens a staff's screen, read-only, in a process of its own. Raises LageError."""


class Bridge:
    """The UI's way to the log."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock | None = None,
        read_only: bool = False,
        battery: Battery | None = None,
        player: Player | None = None,
        direction: Direction | None = None,
    ) -> None:
        self.folder = folder
        self.direction = direction
        self.player = player  # of a folder that shows the past and can go on to other moments
        self.read_only = read_only
        self._power = read_power if battery is None else lambda: Power(battery())
        self._front = Desk(folder, clock, "lesen", read_only=read_only)
        self._back = Desk(folder, clock, "schreiben", read_only=read_only)

    def open(self, progress: Progress | None = None) -> None:
        """Open the log, rebuilding its projection if need be. Raises LageError."""
        if self.player is not None:
            self.player.open()
        self._front.open(progress)
        self._back.open()
        self.read_only |= bool(self.past)
        self._back.station.faults = self._front.station.faults
        for desk in (self._front, self._back):
            desk.station.power = self._power

    @property
    def home(self) -> str:
        """The view that is shown first."""
        return "leitung" if self.direction is not None and self.direction.leads else "lage"

    @property
    def farewell(self) -> str:
        """The question before the screen is left: what stays, and what ends with it."""
        ends = " Das Leiten endet damit." if self.home == "leitung" else ""
        return f"Bildschirm beenden? Entwürfe bleiben erhalten.{ends}"

    def directs(self, action: str) -> bool:
        """Whether there is an exercise for an action of the direction; observers only note."""
        direction = self.direction
        return direction is not None and (direction.leads or action == "beobachten")

    @property
    def past(self) -> str:
        """Which past moment the folder showed first; empty for one that lives."""
        return self._front.past

    def battery(self) -> int | None:
        """Percent; None is not known."""
        return self._power().battery_percent

    def close(self) -> None:
        """Close after all writes."""
        self._back.close()
        self._front.close()
        if self.player is not None:
            self.player.close()

    def note(self, error: Exception) -> int:
        """The number of a fault; the same one in views, widgets and threads."""
        return self._front.station.faults.note(error)

    @property
    def noted(self) -> int:
        """How many different faults there were."""
        return self._front.station.faults.noted

    @property
    def waiting(self) -> int:
        """Questions not answered yet."""
        player = 0 if self.player is None else self.player.waiting
        return self._front.waiting + self._back.waiting + player

    async def look(self, question: Callable[[Station], T]) -> T:
        """Read what a person waits for."""
        return await self._front.run(question)

    async def work(self, question: Callable[[Station], T]) -> T:
        """Compute or write in the background."""
        return await self._back.run(question)

    async def write(self, drafts: Sequence[Draft]) -> list[EntityId]:
        """Append to the log; durable when it returns."""
        self.may_write()
        return await self._back.run(lambda station: station.write(drafts))

    async def keep(self, setting: Setting[T], value: T) -> None:
        """Keep a local setting."""
        self.may_write()
        await self._back.run(lambda station: station.keep(setting, value))

    async def save_draft(self, form: str, content: Mapping[str, Any]) -> None:
        """Keep what stands in a form."""
        self.may_write()
        await self._back.run(lambda station: station.save_draft(form, content))

    async def drop_draft(self, form: str) -> None:
        """Forget what stood in a form."""
        self.may_write()
        await self._back.run(lambda station: station.drop_draft(form))

    def may_write(self) -> None:
        """Raises KeysError on a screen that only shows."""
        if self.read_only:
            raise KeysError(READ_ONLY)


def seconds() -> float:
    """Monotonic seconds, for waiting only."""
    return time.monotonic()
