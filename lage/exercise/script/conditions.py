# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Conditions as sentences: „20 min nachdem 12 quittiert ist“, „wenn bis X+40 niemand 12 quittiert“.

Whoever writes a script need not learn a grammar: filling words count for nothing, in any order; a
state (``State``), the number of an inject, at most one staff, and „nicht“ or „niemand“ do. Each
word that is none of these is refused, so that nothing that was meant is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lage.exercise.script.model import (
    After,
    At,
    Chosen,
    Condition,
    Guard,
    Manned,
    OnCall,
    State,
    Unless,
    When,
)
from lage.exercise.script.times import Times, duration, lasting, said
from lage.language.errors import UsageError
from lage.language.folding import fold_text

_FILLERS = frozenset(
    {"nachricht", "auftrag", "einlage", "eintrag", "vorfall", "meldung", "anforderung", "nr"}
    | {"nummer", "ist", "sind", "wurde", "wird", "worden", "hat", "haben", "es", "noch", "in"}
    | {"der", "die", "das", "den", "dem", "von", "durch", "bei", "ihn", "sie"}
)
_NOT = frozenset({"nicht", "niemand", "kein", "keine", "keiner"})
_SPAN = r"\d[\d.,:]*\s*(?:min|minuten?|h|std|stunden?|tage?)\.?"
_AFTER = re.compile(rf"(?:({_SPAN})\s+)?nach(?:dem)?\s+(.+)", re.IGNORECASE)
_TIME = (
    r"x\s*\+\s*\d+(?:[:.,]\d+){0,2}|\d{6}[a-zä]{3}\d{2}"
    r"|(?:\d{1,2}\.(?:\d{1,2}\.(?:\d{2,4})?)?,?\s+)?\d{1,2}:\d{2}(?:\s*uhr)?"
)
_UNLESS = re.compile(
    rf"wenn\s+(?:bis\s+(?P<until>{_TIME})|(?:binnen|nach)\s+(?P<within>{_SPAN}))\s+(?P<rest>.+)",
    re.IGNORECASE,
)
ON_CALL = "nach Bedarf"
_ON_CALL = frozenset(map(fold_text, (ON_CALL, "bei Bedarf", "auf Abruf", "von Hand")))
MANNED, UNMANNED = "besetzt", "unbesetzt"
_MANNED = re.compile(rf"(.+?)\s+(?:ist\s+)?({MANNED}|{UNMANNED})", re.IGNORECASE)
_CHOICE = re.compile(r"(?:zweig\s+)?(.+?)\s*(!=|=)\s*(.+)", re.IGNORECASE)
_STATE_WORDS = frozenset(each for state in State for each in fold_text(state).split())
STATES = ", ".join(f"„{state}“" for state in State)


@dataclass(frozen=True, slots=True)
class Language:
    """What sentences of one script may name."""

    times: Times
    staffs: tuple[str, ...]
    numbers: dict[str, str]  # folded nr or id -> nr
    branches: dict[str, tuple[str, ...]]  # name -> options

    def when(self, text: str) -> When:
        """A time or a condition. Raises UsageError."""
        if fold_text(text) in _ON_CALL:
            return OnCall()
        if match := _UNLESS.fullmatch(text):
            condition, holds = self.happening(match["rest"])
            if holds:
                raise UsageError(
                    "nach „wenn bis …“ steht, was nicht geschehen ist: mit „niemand“ oder „nicht“."
                )
            if match["until"]:
                return Unless(condition, until=self.times.minute(match["until"]))
            return Unless(condition, within=duration(match["within"]))
        if text.lower().startswith("wenn"):
            raise UsageError(
                f"„{text}“ ist nicht zu verstehen: bitte z. B. „nachdem 12 quittiert ist“,"
                " „wenn bis X+40 niemand 12 quittiert“ oder „wenn binnen 20 min niemand 12"
                " quittiert“ schreiben."
            )
        if match := _AFTER.fullmatch(text):
            condition, holds = self.happening(match[2])
            if not holds:
                raise UsageError("nach „nachdem“ steht, was geschehen ist, ohne „nicht“.")
            return After(condition, duration(match[1]) if match[1] else 0.0)
        return At(self.times.minute(text))

    def guard(self, text: str) -> Guard:
        """What must hold: a happening, „Zweig = Möglichkeit“, or „SAE Rheine unbesetzt“. Raises
        UsageError."""
        if match := _MANNED.fullmatch(text):
            staff = next((s for s in self.staffs if fold_text(s) == fold_text(match[1])), None)
            if staff is None:
                raise UsageError(f"die Stelle „{match[1]}“ steht nicht unter „stellen“.")
            return Guard(Manned(staff), fold_text(match[2]) == MANNED)
        if match := _CHOICE.fullmatch(text):
            name, option = match[1], match[3]
            if name not in self.branches:
                raise UsageError(f"einen Zweig „{name}“ gibt es nicht.")
            if option not in self.branches[name]:
                options = ", ".join(self.branches[name])
                raise UsageError(f"der Zweig „{name}“ kennt nicht „{option}“, nur: {options}.")
            return Guard(Chosen(name, option), match[2] == "=")
        return Guard(*self.happening(text))

    def sayable(self, name: str) -> bool:
        """Whether conditions can name an inject so: one word that means nothing else in them."""
        folded = fold_text(name)
        if folded in _NOT or folded in _STATE_WORDS or len(folded.split()) != 1:
            return False
        said, nr = State.FIRED, self.numbers[folded]
        meant = Condition(nr, said)
        try:
            return (
                self.guard(f"{name} {said}") == Guard(meant)
                and self.when(f"5 min nachdem {name} {said} ist") == After(meant, 5)
                and self.when(f"wenn bis X+1 {name} nicht {said} ist") == Unless(meant, until=1)
            )
        except UsageError:
            return False

    def happening(self, text: str, own: str = "") -> tuple[Condition, bool]:
        """What happens to which inject, and whether it does; ``own``: the number that is meant
        where none is said. Raises UsageError."""
        rest = f" {fold_text(' '.join(text.split()))} "
        state, rest = _taken(rest, ((state, fold_text(state)) for state in State))
        if state is None:
            raise UsageError(f"„{text}“ sagt nicht, was geschieht: möglich sind {STATES}.")
        staff, rest = _taken(rest, ((name, fold_text(name)) for name in self.staffs))
        words = rest.split()
        holds = not _NOT & set(words)
        named = [each for each in words if each not in _NOT]
        numbers = [each for each in named if each not in _FILLERS or each in self.numbers]
        if len(numbers) != 1 and not (own and not numbers):
            raise UsageError(_unclear(text, numbers))
        if numbers and numbers[0] not in self.numbers:
            raise UsageError(
                f"„{numbers[0]}“ ist weder Nummer noch id einer Einlage noch eine Stelle."
            )
        inject = self.numbers[numbers[0]] if numbers else own
        return Condition(inject, State(state), staff or ""), holds


def _taken(text: str, known: Iterable[tuple[str, str]]) -> tuple[str | None, str]:
    """The longest of the known words that stands in a text, and the text without it."""
    for name, folded in sorted(known, key=lambda each: -len(each[1])):
        place = re.search(rf"(?<![\w-]){re.escape(folded)}(?![\w-])", text)
        if place:
            return name, f"{text[: place.start()]} {text[place.end() :]}"
    return None, text


def _unclear(text: str, numbers: list[str]) -> str:
    if not numbers:
        return f"„{text}“ nennt keine Einlage: bitte ihre Nummer oder id dazuschreiben."
    unknown = " ".join(numbers)
    return f"„{text}“: „{unknown}“ ist nicht zu verstehen; gesagt sein muss eine Einlage."


def sentence(when: When) -> str:
    """A time or condition in words; ``Language.when`` reads it back."""
    if isinstance(when, At):
        return said(when.minute)
    if isinstance(when, OnCall):
        return ON_CALL
    what = when.condition
    by = f" von {what.by}" if what.by else ""
    if isinstance(when, After):
        wait = f"{lasting(when.delay)} " if when.delay else ""
        return f"{wait}nachdem {what.inject}{by} {what.state} ist"
    limit = f"binnen {lasting(when.within)}" if when.within is not None else ""
    limit = limit or f"bis {said(when.until or 0)}"
    return f"wenn {limit} {what.inject}{by} nicht {what.state} ist"


def happening_sentence(what: Condition, own: str = "") -> str:
    """What happens to which inject; ``own``: the one that needs no naming."""
    number = "" if what.inject == own else what.inject
    by = f"von {what.by}" if what.by else ""
    return " ".join(part for part in (number, by, what.state) if part)


def guard_sentence(guard: Guard) -> str:
    """What must hold, in words; ``Language.guard`` reads it back."""
    what = guard.what
    if isinstance(what, Manned):
        return f"{what.staff} {MANNED if guard.holds else UNMANNED}"
    if isinstance(what, Chosen):
        return f"{what.branch} {'=' if guard.holds else '!='} {what.option}"
    by = f" von {what.by}" if what.by else ""
    return f"{what.inject}{by} {'' if guard.holds else 'nicht '}{what.state}"
