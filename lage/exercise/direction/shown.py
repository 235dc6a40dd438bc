# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The state of a conducted exercise in words, for the desk and for commands. Pure."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from lage.exercise.direction import events as e
from lage.exercise.direction.clock import ExerciseClock
from lage.exercise.direction.conductor import Conductor
from lage.exercise.direction.inserted import TEXT_FIELDS
from lage.exercise.direction.record import Record
from lage.exercise.direction.state import Standing, State, fails
from lage.exercise.direction.telling import marked
from lage.exercise.direction.writing import content
from lage.exercise.script import model as m
from lage.exercise.script.conditions import sentence
from lage.exercise.script.times import said
from lage.exercise.stage import folder_name
from lage.language.tactical import clock
from lage.views.direction import (
    ANSWER,
    RELAY,
    BranchLine,
    CardLine,
    DirectionView,
    InjectLine,
    NoteLine,
    StaffLine,
    WashLine,
)
from sync.schema.definition import EntityId

LINES_MAX = 500
BEAT_MS = 1000
"""So often whoever conducts says so."""
NOT_SHOWN = ("~", "!")
"""Measured values of series and outages are no injects that somebody wants to see in a list."""
AUTOMATIC = (*NOT_SHOWN, ANSWER)
"""Nor do answers of staffs without people count as injects."""
MANNED = {
    e.Manning.PLAYED: "gespielt",
    e.Manning.HERE: "besetzt, hier",
    e.Manning.AWAY: "besetzt, anderer Rechner",
}


def shown(
    conductor: Conductor, now_ms: int, folder: Path, *, conducted: bool, pulse: int | None
) -> DirectionView:
    """Everything. While nobody conducts the clock shows where the next one will go on."""
    state, script = conductor.state, conductor.script
    at_ms = now_ms if pulse is None else min(pulse + (BEAT_MS if conducted else 0), now_ms)
    passed = state.passed_s(at_ms)
    phase = script.phase_at(passed / 60)
    return DirectionView(
        script.name,
        x_time(passed),
        clock(script.begin + passed, script.begin),
        f"{state.clock.tempo:g}×".replace(".", ","),
        _state(state, conducted=conducted),
        state.wanted,
        conducted,
        phase.name if phase else "",
        tuple(
            _line(conductor, inject, _when(inject, at))
            for at, inject in conductor.waiting()
            if not inject.nr.startswith(NOT_SHOWN)
        )[:LINES_MAX],
        tuple(_cards(conductor)),
        tuple(_past(conductor)),
        tuple(_staffs(conductor, folder)),
        tuple(_branches(conductor)),
        tuple(
            NoteLine(x_time(note.s), note.staff, note.text, note.by, note.key)
            for note in sorted(state.notes.values(), key=lambda n: (-n.s, -n.ms))
        )[:LINES_MAX],
        tuple(
            WashLine(place, x_time(point.s), point.text, point.done)
            for place, point in enumerate(state.wash, 1)
        ),
    )


def x_time(s: int) -> str:
    """``X+01:30:05``."""
    return f"X+{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"


def ending(record: Record) -> str:
    """What came of an exercise that is over, in a sentence."""
    ms, clock = record.marks[-1] if record.marks else (0, ExerciseClock())
    injects = {nr: did for nr, did in record.given.items() if not nr.startswith(AUTOMATIC)}
    count = Counter(did.standing for did in injects.values())
    unread = sum(did.spoken for did in injects.values() if did.standing is Standing.OWED)
    said = [f"{count[Standing.GIVEN]} gegeben", f"{count[Standing.SKIPPED]} ausgelassen"]
    said += [f"{count[Standing.REFUSED]} abgelehnt"] if count[Standing.REFUSED] else []
    said += [f"{unread} nicht zugestellt"] if unread else []
    return (
        f"Die Übung „{record.title}“ ist beendet, bei {x_time(clock.passed(ms) // 1000)}."
        f" Einlagen: {', '.join(said)}. Beobachtungen: {len(record.notes)}."
    )


def _state(state: State, *, conducted: bool) -> str:
    if state.ended:
        return "beendet"
    if not conducted:
        return "wird nicht geleitet"
    if not state.stood:
        return "wartet auf das Netz"
    return "läuft" if state.clock.running else "steht"


def _when(inject: m.Inject, at: int | None) -> str:
    """The time where it is known, else what it waits for."""
    return sentence(inject.when) if at is None else said(at / 60)


def _line(conductor: Conductor, inject: m.Inject, when: str) -> InjectLine:
    did = conductor.state.doing(inject.nr)
    return InjectLine(
        inject.nr,
        when,
        inject.sender or inject.staff,
        ", ".join(inject.to) or "alle",
        inject.way.value,
        words(inject),
        did.standing.value,
        did.why,
        inject.expected,
        inject.hint,
        did.by,
        tuple(EntityId(*entry) for entry in did.entries or ()),
        wording(inject),
    )


def words(inject: m.Inject) -> str:
    """What an inject brings, in one line."""
    if isinstance(inject.content, m.Speech):
        return " ".join(inject.content.text.split())
    text = inject.content.fields.get("text")
    return " ".join((inject.title or text or content(inject.content)).split())


def wording(inject: m.Inject) -> str:
    """All that it brings: the text that somebody reads, or every field of another entry."""
    if isinstance(inject.content, m.Speech):
        return inject.content.text
    entry = inject.content
    return entry.fields.get(TEXT_FIELDS.get(entry.kind, "")) or content(entry)


def _cards(conductor: Conductor) -> list[CardLine]:
    found = []
    for deed in conductor.deeds():
        inject = deed.inject
        if isinstance(inject.content, m.Speech):
            did = conductor.state.doing(deed.key)
            to = ", ".join(inject.to) or "alle"
            since = x_time(did.fired_s or 0)
            text = marked(inject.content.text)
            found.append(CardLine(deed.key, inject.way.value, to, inject.sender, since, text))
    return found


def _past(conductor: Conductor) -> list[InjectLine]:
    found = []
    for key, did in conductor.state.doings.items():
        inject = None if key.startswith(NOT_SHOWN) else conductor.inject(key)
        if inject is not None and did.standing is not Standing.WAITING:
            when = "" if did.fired_s is None else x_time(did.fired_s)
            found.append(_line(conductor, inject, when))
    return found[::-1][:LINES_MAX]


def _staffs(conductor: Conductor, folder: Path) -> list[StaffLine]:
    found = []
    for member in conductor.script.cast[1:]:
        manning = conductor.state.manning(member.name)
        broken = sorted({what for name, what in conductor.state.cut if name in ("", member.name)})
        path = folder / folder_name(member.name)
        found.append(
            StaffLine(
                member.name,
                MANNED[manning],
                f"{', '.join(broken)} ausgefallen" if broken else "",
                "" if manning is e.Manning.AWAY else path.name,
            )
        )
    for relay in conductor.script.relays:
        silent = fails(relay.name, m.Broken.RELAY, conductor.state.cut)
        found.append(StaffLine(relay.name, RELAY, f"{RELAY} ausgefallen" if silent else "", ""))
    return found


def _branches(conductor: Conductor) -> list[BranchLine]:
    return [
        BranchLine(
            branch.name,
            branch.question,
            branch.options,
            conductor.state.chosen.get(branch.name, branch.otherwise),
            "" if branch.until is None else said(branch.until),
        )
        for branch in conductor.script.branches
    ]
