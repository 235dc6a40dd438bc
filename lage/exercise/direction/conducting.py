# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The process that conducts: it turns what the conductor decides into entries, clocks and outages.

It holds nothing that the journal does not hold. Killed at any moment, the next one reads the
journal, finds what was fired and not noted as done, and goes on; the clock stood meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from lage.exercise.direction import events as e
from lage.exercise.direction import observations, telling
from lage.exercise.direction.conductor import Deed
from lage.exercise.direction.handing_over import Exchange
from lage.exercise.direction.observing import Observer
from lage.exercise.direction.processes import OwnNode, Processes, SimulatedNet
from lage.exercise.direction.setting_up import mark_of, opened, plan_of, stations_of
from lage.exercise.direction.shown import BEAT_MS
from lage.exercise.direction.writing import NotYet, drafts_of, told, write
from lage.language.epoch import to_unix
from lage.language.errors import LageError
from lage.station import Station
from lage.store.direction import DirectionJournal
from lage.store.lock import FolderLock
from lage.store.timebase import write_line
from lage.views.delivery import delivery
from lage.views.exercise_clock import ToldClock, last_word, told_clock
from lage.write import commands
from sync.schema.definition import EntityId

TURN_S = 0.2
LOOK_MS = 1000
"""So often logs and observations are looked at, by the wall."""
AGAIN_MS = (30_000, 120_000, 600_000, 1_800_000)
"""So long after its word on the clock the direction may say it again."""
Row = tuple[int, str, dict[str, Any]]


class Conducted(LageError):
    """Another process conducts this exercise already."""


class Conducting:
    """Conducts the exercise of a folder; a context manager that holds all of it open."""

    def __init__(
        self,
        folder: Path,
        *,
        processes: Processes | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Raises Conducted, LageError."""
        self.folder, self._wall = folder, wall
        self._lock = FolderLock(folder)
        if not self._lock.take():
            raise Conducted("Diese Übung wird schon in einem anderen Programm geleitet.")
        self._opened = ExitStack()
        self._opened.callback(self._lock.release)
        try:
            self._journal = self._opened.enter_context(closing(DirectionJournal(folder)))
            self._closed = self._journal.closed
            self.conductor = opened(folder, self._journal)
            self._before = self.conductor.state.seq  # what was fired till then may be done already
            plan = plan_of(folder)
            self._plan = plan
            self._folders = stations_of(folder, self.conductor)
            self.stations = {
                name: self._opened.enter_context(closing(Station.open(path)))
                for name, path in self._folders.items()
            }
            self._direction = self.stations[self.conductor.script.direction]
            self._mark = mark_of(folder)
            self._stand_still()
            if processes is None:
                first = next(iter(self._folders.values()))
                processes = (
                    SimulatedNet(folder, self._folders, plan, self.conductor)
                    if plan.simulated
                    else OwnNode(folder, first, plan)
                )
            self._processes = processes
            self._opened.callback(processes.close)
        except BaseException:
            self._opened.close()
            raise
        self._exchange = None if self._plan.simulated else Exchange(self._direction, self.stations)
        self._observer = Observer(self.conductor, self.stations)
        self._clock_told: object = None
        self._again: list[int] = []
        self._beat_at = self._look_at = self._told_outages = 0

    def close(self) -> None:
        """Let the clock stand where it is, end all processes, let go of the logs."""
        self._journal.beat(self._now())
        self._stand_still()
        self._set_clocks()
        if self.conductor.state.ended or not self._plan.alone:  # else one clock here is all
            self._processes.hand_on(self._direction)
        self._opened.close()

    def run(self, stop: threading.Event, *, stays: bool) -> None:
        """Conduct until told to stop, or until the exercise is over; ``stays``: until a desk is
        closed, so that somebody there sees what still comes in."""
        try:
            while not stop.is_set():
                self.turn()
                if self._journal.closed > self._closed if stays else self.conductor.state.ended:
                    return
                stop.wait(TURN_S)
        finally:
            self.close()

    def turn(self) -> None:
        """Everything that is due."""
        now = self._now()
        self._read()
        state = self.conductor.state
        self._processes.turn(state.cut)
        if self._exchange is not None:
            self._exchange.turn()
        if not state.stood and self._processes.standing(self.stations):
            self._say([e.Stood()])
        if now >= self._look_at:
            self._look_at = now + LOOK_MS
            for event in self._observer.look(state.passed_s(now)):
                self._insist(event)
            self._take_observations()
        self._say(self.conductor.advance(now))
        self._set_clocks()
        self._tell_again()
        for deed in list(self.conductor.deeds()):
            self._do(deed)
        self._tell_outages()
        if now >= self._beat_at:
            self._beat_at = now + BEAT_MS
            self._journal.beat(now)

    # --- the journal ----------------------------------------------------------------------------

    def _now(self) -> int:
        return round(self._wall() * 1000)

    def _read(self) -> None:
        for step in self._journal.since(self.conductor.state.seq):
            self.conductor.receive(step.seq, step.wall_ms, e.read(step.kind, step.said))

    def _say(self, events: Sequence[e.Event]) -> bool:
        """Write down, unless somebody else has written meanwhile: then it is decided anew."""
        if not events:
            return True
        now = self._now()
        rows: list[Row] = [(now, *e.kept(event)) for event in events]
        taken = self._journal.append(self.conductor.state.seq, rows)
        self._read()
        return taken

    def _insist(self, event: e.Event) -> None:
        """Write down what has happened, whatever else was written meanwhile."""
        while not self._say([event]):
            pass

    def _stand_still(self) -> None:
        """Between two conducting processes the clock stands, since the last moment of the first."""
        state, pulse = self.conductor.state, self._journal.pulse
        if state.begun is not None and pulse is not None and (state.stood or state.clock.running):
            self._insist(e.Lost(min(pulse, self._now())))

    def _set_clocks(self) -> None:
        """All processes at this computer go by the exercise's clock; other computers are told, and
        everybody that it is over: a clock that merely stands is a pause."""
        state, begin = self.conductor.state, self.conductor.script.begin
        clock = state.clock, state.ended
        if clock == self._clock_told:
            return
        line = state.clock.line(float(to_unix(begin)))
        if state.ended or not self._plan.alone:
            told = telling.clock(state, begin)
            direction = self._direction
            if told != told_clock(direction.reader, direction.directory):
                direction.write([told.draft()])  # under the time before: it is doubted nowhere
            if not self._plan.alone:
                line = told.line
            self._again = [self._now() + each for each in AGAIN_MS]
        for path in self._folders.values():
            write_line(path, line)
        self._clock_told = clock

    def _tell_again(self) -> None:
        """Say how the clock goes once more where somebody is not known to have heard it: a word
        that was lost is missed only when another one comes."""
        if not self._again or self._now() < self._again[0]:
            return
        del self._again[0]
        direction = self._direction
        word = last_word(direction.reader, direction.directory)
        if word is not None and delivery(word, direction.context()).awaited:
            direction.write([ToldClock.of(word).draft()])

    # --- deeds ----------------------------------------------------------------------------------

    def _do(self, deed: Deed) -> None:
        """Do it, note it. What cannot be done yet is tried again with the next turn."""
        if not deed.staff and not deed.told:
            if not self.conductor.reaches_people(deed.inject):  # nobody is there to be told
                s = self.conductor.state.passed_s(self._now())
                self._insist(e.Delivered(deed.key, s, self.conductor.script.direction))
            return
        try:
            entries = self._written(deed)
        except NotYet:
            return
        except LageError as error:
            self._insist(e.Refused(deed.key, str(error)))
            return
        self._insist(e.Written(deed.key, tuple((i.author, i.number) for i in entries)))

    def _written(self, deed: Deed) -> list[EntityId]:
        if deed.staff:
            station = self.stations.get(deed.staff, self._direction)
            drafts = drafts_of(deed, station, self._entries)
        else:
            station = self._direction
            said = told(deed, station)
            if said is None:
                return []
            drafts = commands.enter("message", said, station.parse_context())
        since = self._fired(deed.key)
        claimed = {EntityId(*i) for d in self.conductor.state.doings.values() for i in d.entries}
        return write(drafts, station, since=since, claimed=claimed)

    def _fired(self, key: str) -> int | None:
        """Log time of a firing that an earlier process may have carried out; else None."""
        did = self.conductor.state.doing(key)
        if did.fired_seq > self._before or did.fired_s is None:
            return None
        return self.conductor.script.begin + did.fired_s

    def _entries(self, key: str) -> Sequence[tuple[int, int]] | None:
        """What an inject became; None while it may still come."""
        did = self.conductor.state.doing(key)
        return did.entries if did.settled else None

    def _tell_outages(self) -> None:
        """What cannot be cut from here is told off by telephone."""
        state = self.conductor.state
        for seq, event in state.outages[self._told_outages :]:
            card = telling.outage_card(event, self.conductor, self._plan)
            if card is not None and f"A{seq}" not in state.inserted:
                self._insist(e.Inserted(f"A{seq}", card))
        self._told_outages = len(state.outages)

    def _take_observations(self) -> None:
        """Files that somebody has put into the folder for them."""
        folder = self.folder / observations.FOLDER
        for path in sorted(folder.glob(f"*{observations.SUFFIX}")) if folder.is_dir() else ():
            try:
                found = observations.read(path, self._mark)
            except LageError:
                continue  # said where somebody reads it in by hand
            state = self.conductor.state
            self._say(observations.as_events(observations.fresh(found, state.notes), state))
