# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Expected against actual, the times of every inject at every staff, and what is late. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from lage.exercise.evaluation.behind import Behind, behind
from lage.exercise.evaluation.world import Asked, Deed, Entry, Person, Place, Step, World
from sync.schema.definition import EntityId

AFTER_S = 1200
"""What a staff wrote so soon after a call may have come of it."""
AFTER_MAX = 3


class Verdict(enum.Enum):
    """What became of an inject at a staff."""

    MET = "erfüllt"  # what a machine could check holds
    DONE = "erledigt"
    DECIDED = "entschieden"
    ACKNOWLEDGED = "quittiert"
    RECEIVED = "empfangen"
    LOST = "nicht angekommen"
    OPEN = "nicht erfüllt"  # what a machine could check does not hold
    JUDGE = "selbst bewerten"  # only people can tell
    UNGIVEN = "nicht gegeben"


@dataclass(frozen=True, slots=True)
class Cell:
    """One inject at one staff."""

    staff: int
    times: Mapping[Step, int]
    latest: bool  # when it was received is only known by what the staff did later
    deadline: int | None
    late: bool  # the deadline passed before, or without, what it was for
    verdict: Verdict
    did: tuple[tuple[int, str], ...]  # when, what
    nearby: bool  # what it did is only what it wrote next, maybe about something else


@dataclass(frozen=True, slots=True)
class Line:
    """One inject."""

    asked: Asked
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """How far a staff's picture was behind."""

    place: Place
    behind: Behind | None  # None: its log is not at hand


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole."""

    world: World
    lines: tuple[Line, ...]
    pictures: tuple[Picture, ...]
    persons: tuple[Person, ...]

    def cells(self) -> Iterable[tuple[Asked, Cell]]:
        """Every inject at every staff."""
        return ((line.asked, cell) for line in self.lines for cell in line.cells)

    def waits(self, step: Step) -> list[int]:
        """Seconds from giving to that step, wherever it came to that."""
        return [
            max(0, cell.times[step] - asked.given)
            for asked, cell in self.cells()
            if asked.given is not None and step in cell.times
        ]

    def count(self, verdict: Verdict) -> int:
        """At how many places that became of an inject."""
        return sum(cell.verdict is verdict for _, cell in self.cells())

    @property
    def given(self) -> int:
        """How many injects were given."""
        return sum(line.asked.given is not None for line in self.lines)

    @property
    def late(self) -> int:
        """At how many places a deadline passed."""
        return sum(cell.late for _, cell in self.cells())

    def figures(self) -> dict[str, float | None]:
        """What one exercise is compared with another by; minutes, or counts."""
        found: dict[str, float | None] = {
            "Einlagen": len(self.lines),
            "davon gegeben": self.given,
            "erfüllt oder erledigt": self.count(Verdict.MET) + self.count(Verdict.DONE),
            "nicht erfüllt": self.count(Verdict.OPEN),
            "Fristen versäumt": self.late,
            "nicht angekommen": self.count(Verdict.LOST),
        }
        for step in Step:
            waits = self.waits(step)
            found[f"bis {step.value} (min, Mitte)"] = _minutes(median(waits)) if waits else None
        known = [picture.behind for picture in self.pictures if picture.behind is not None]
        mean = sum(each.mean_s for each in known) / len(known) if known else None
        found["Lage im Mittel zurück (min)"] = None if mean is None else _minutes(mean)
        found["Lage höchstens zurück (min)"] = (
            _minutes(max(each.most_s for each in known)) if known else None
        )
        return found


def _minutes(seconds: float) -> float:
    return round(seconds / 60, 1)


def evaluate(world: World) -> Evaluation:
    """All of it."""
    deeds: dict[EntityId, list[Deed]] = {}
    for deed in world.deeds:
        deeds.setdefault(deed.about, []).append(deed)
    entries: dict[int, list[Entry]] = {}
    for entry in world.entries:
        entries.setdefault(entry.staff, []).append(entry)
    names = {place.number: place.name for place in world.places}
    lines = tuple(
        Line(
            asked,
            tuple(
                _cell(asked, staff, names.get(staff, ""), deeds, entries.get(staff, ()), world)
                for staff in asked.to
            ),
        )
        for asked in world.asked
    )
    return Evaluation(world, lines, tuple(_pictures(world)), world.persons)


def _cell(
    asked: Asked,
    staff: int,
    name: str,
    deeds: Mapping[EntityId, Sequence[Deed]],
    wrote: Sequence[Entry],
    world: World,
) -> Cell:
    did = [deed for entry in asked.entries for deed in deeds.get(entry, ()) if deed.staff == staff]
    times = _times(asked, staff, name, did, world)
    latest = Step.RECEIVED not in times
    if latest and (known := [*times.values(), *(deed.at for deed in did)]):
        times[Step.RECEIVED] = min(known)
    said = [(deed.at, deed.words) for deed in did]
    nearby = not said and not asked.entries and asked.given is not None
    if nearby and asked.given is not None:
        since, until = asked.given, asked.given + AFTER_S
        said = [(e.at, e.words) for e in wrote if since <= e.at <= until][:AFTER_MAX]
    deadline = asked.deadline
    met = _met(asked, name, world)
    settled = min(
        (at for step, at in times.items() if step not in (Step.RECEIVED, Step.OPENED)),
        default=met if met is not None else None,
    )
    late = deadline is not None and (settled or world.end) > deadline
    return Cell(
        staff,
        times,
        latest and Step.RECEIVED in times,
        deadline,
        late,
        _verdict(asked, staff, times, world, met=met is not None),
        tuple(said),
        nearby and bool(said),
    )


def _times(
    asked: Asked, staff: int, name: str, did: Sequence[Deed], world: World
) -> dict[Step, int]:
    """When it came to each step, as far as log and direction know."""
    times: dict[Step, int] = {}

    def first(step: Step, at: int | None) -> None:
        if at is not None:
            times[step] = min(at, times.get(step, at))

    came = world.came.get(staff, {})
    for entry in asked.entries:
        if entry.author != staff:
            first(Step.RECEIVED, came.get(entry))
    for deed in did:
        if deed.step is not None:
            first(deed.step, deed.at)
    for step, states in _STATES.items():
        for state in states:
            first(step, world.facts.get((asked.nr, state, name)))
    return times


_STATES = {
    Step.RECEIVED: ("empfangen",),
    Step.OPENED: ("geöffnet",),
    Step.ACKNOWLEDGED: ("quittiert",),
    Step.DECIDED: ("angenommen", "in Arbeit", "unter Kontrolle", "abgelehnt"),
    Step.DONE: ("erledigt",),
}


_MET = "erfüllt"


def _met(asked: Asked, name: str, world: World) -> int | None:
    """When all that a machine can check held there. What was judged as a whole is the same for
    all that it went to; where each was judged by itself, that all were together says nothing new.
    """
    found = {
        who: at for (nr, state, who), at in world.facts.items() if nr == asked.nr and state == _MET
    }
    return found.get(name) if any(found) else found.get("")


def _verdict(
    asked: Asked, staff: int, times: Mapping[Step, int], world: World, *, met: bool
) -> Verdict:
    if asked.given is None:
        return Verdict.UNGIVEN
    if met:
        return Verdict.MET
    for step, verdict in (
        (Step.DONE, Verdict.DONE),
        (Step.DECIDED, Verdict.DECIDED),
        (Step.ACKNOWLEDGED, Verdict.ACKNOWLEDGED),
        (Step.RECEIVED, Verdict.RECEIVED),
    ):
        if step in times:
            return Verdict.OPEN if asked.checked and step is not Step.DONE else verdict
    if asked.entries and staff in world.came:
        return Verdict.LOST
    return Verdict.OPEN if asked.checked else Verdict.JUDGE


def _pictures(world: World) -> Iterable[Picture]:
    for place in world.places:
        came = world.came.get(place.number)
        if came is None:
            yield Picture(place, None)
            continue
        spans = [
            (at, came.get(operation))
            for operation, (at, author) in world.written.items()
            if author != place.number and world.begin <= at < world.end
        ]
        yield Picture(place, behind(spans, world.begin, world.end))
