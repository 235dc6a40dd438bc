# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened in a conducted exercise, for whoever looks back: read from its folder at any time.

    record = read_record(folder)
    record.exercise_s(unix_ms)     # wall time to time of the exercise, pauses and jumps counted
    record.given["12"].entries     # what inject 12 became in the log: (author, number) of each

The folder of an exercise holds ``drehbuch.yaml`` (the script as it was conducted), ``leitung.db``
(the direction's journal) and a folder for each staff that is at this computer. Injects are called
by their ``nr``; those that the direction inserted are called ``E1``, ``E2`` …; answers of staffs
without people ``>staff/n/author.number``; measured values of a series ``~n``; outages ``!n…``.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lage.exercise.direction import events as e
from lage.exercise.direction.clock import ExerciseClock
from lage.exercise.direction.state import Doing, HotWash, Observation, State
from lage.language.folding import file_stem
from lage.store.direction import DirectionJournal

SCRIPT_FILE = "drehbuch.yaml"


@dataclass(frozen=True, slots=True)
class Record:
    """A conducted exercise, over or not."""

    folder: Path
    title: str
    digest: str  # of the script's text, as ``digest_of``
    begin: int  # log time of X+00
    seed: int  # of the dice
    manning: Mapping[str, e.Manning]  # of every staff that takes part
    ended: bool
    given: Mapping[str, Doing]
    """What became of each inject that does not just wait: standing, cause, when, its entries."""
    changed: Mapping[str, Mapping[str, str]]  # what the direction gave otherwise, by nr
    inserted: Mapping[str, Mapping[str, str]]  # what it made up: minute, von, an, weg, text
    facts: Mapping[tuple[str, str, str], int]
    """(nr, state, staff) -> second of the exercise, of what conditions waited for."""
    chosen: Mapping[str, str]  # branch -> option
    outages: tuple[tuple[int, str, str, bool], ...]  # (unix ms, name, what, begins)
    notes: tuple[Observation, ...]  # of direction and observers, by the time that they are about
    wash: tuple[HotWash, ...]
    marks: tuple[tuple[int, ExerciseClock], ...]  # (unix ms, the clock from then on)

    @property
    def script(self) -> Path:
        """The script as it was conducted."""
        return self.folder / SCRIPT_FILE

    def station(self, staff: str) -> Path | None:
        """Folder of a staff's log, where that is at this computer."""
        path = self.folder / file_stem(staff)
        return path if path.is_dir() else None

    def clock_at(self, unix_ms: int) -> ExerciseClock:
        """The clock as it went at that moment."""
        place = bisect_right(self.marks, unix_ms, key=lambda mark: mark[0])
        return self.marks[place - 1][1] if place else ExerciseClock()

    def exercise_s(self, unix_ms: int) -> int:
        """Seconds of the exercise that had passed at that moment."""
        return self.clock_at(unix_ms).passed(unix_ms) // 1000


def digest_of(script: Path) -> str:
    """By what the direction's journal knows the script that is conducted."""
    return hashlib.blake2b(script.read_bytes(), digest_size=16).hexdigest()


def read_record(folder: Path) -> Record:
    """The record of the exercise in that folder. Raises StoreError where there is none."""
    state = State()
    outages: list[tuple[int, str, str, bool]] = []
    with closing(DirectionJournal(folder)) as journal:
        for step in journal.since(0):
            event = e.read(step.kind, step.said)
            state.fold(step.seq, step.wall_ms, event)
            if isinstance(event, e.Cut | e.Mended):
                outages.append((step.wall_ms, event.name, event.what, isinstance(event, e.Cut)))
    begun = state.begun or e.Begun("", "", 0, 0, (), ())
    return Record(
        folder,
        begun.title,
        begun.script,
        begun.begin,
        begun.seed,
        {staff: state.manning(staff) for staff in begun.staffs},
        state.ended,
        dict(state.doings),
        dict(state.changed),
        dict(state.inserted),
        dict(state.facts),
        dict(state.chosen),
        tuple(outages),
        tuple(sorted(state.notes.values(), key=lambda note: (note.s, note.ms, note.id))),
        tuple(state.wash),
        tuple(state.marks),
    )
