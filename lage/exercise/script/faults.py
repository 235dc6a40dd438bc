# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with a Drehbuch: all of it at once, each with line and column and one sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from lage.language.errors import ImportRefused

FAULTS_MAX = 200


class Marked(Protocol):
    """Something that stands at a place of the file."""

    line: int  # from 1
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong."""

    line: int
    column: int
    sentence: str


class ScriptRefused(ImportRefused):
    """A Drehbuch that nobody could play."""

    def __init__(self, message: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(message, [(each.line, each.sentence) for each in faults])
        self.columns = tuple(each.column for each in faults)
        self.faults = faults


@dataclass
class Faults:
    """What has been found so far."""

    found: list[Fault] = field(default_factory=list)
    about: str = ""  # what stands before each sentence

    def add(self, at: Marked, sentence: str) -> None:
        """One more."""
        fault = Fault(at.line, at.column, f"{self.about}{sentence}")
        if fault not in self.found:
            self.found.append(fault)

    def of(self, what: str) -> Faults:
        """The same list, where each sentence says first what it is about."""
        return Faults(self.found, f"{self.about}{what}: ")

    def refuse(self, name: str) -> None:
        """Raise ScriptRefused if there was any."""
        if self.found:
            count = "einen Fehler" if len(self.found) == 1 else f"{len(self.found)} Fehler"
            shown = tuple(sorted(self.found)[:FAULTS_MAX])
            raise ScriptRefused(f"Das Drehbuch {name} hat {count}:", shown)
