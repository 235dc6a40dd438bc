# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the keys of a script are declared: tables of keys, and what may stand behind each.

Reading (``walk``), the JSON schema (``schema``) and the page of the manual follow from the same
declarations in ``keys``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Sort(Enum):
    """What a single value is. The value says it in German, for manual and refusals."""

    LINE = "Text in einer Zeile"
    TEXT = "Text"
    NUMBER = "Zahl"
    WHOLE = "ganze Zahl"
    PERCENT = "Anteil wie 30 %"
    DURATION = "Dauer wie 20 min"
    TIME = "Zeit wie X+01:30 oder 24.11. 07:00"
    MOMENT = "Datum und Uhrzeit"
    WHEN = "Zeit oder Bedingung"
    HAPPENING = "Bedingung"
    YES_NO = "ja oder nein"
    STAFF = "Stelle"
    INJECT = "Nummer einer Einlage"
    POINT = "Koordinate"


@dataclass(frozen=True, slots=True)
class One:
    """A single value."""

    sort: Sort
    choices: tuple[str, ...] = ()
    longest: int = 200


@dataclass(frozen=True, slots=True)
class Several:
    """A list of single values; one alone may stand without brackets."""

    of: One
    most: int = 100


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of tables."""

    of: Table
    most: int = 5000


@dataclass(frozen=True, slots=True)
class Curve:
    """Times and numbers."""

    most: int = 2000


@dataclass(frozen=True, slots=True)
class Checks:
    """A list of sentences and tables."""

    of: Table
    most: int = 50


@dataclass(frozen=True, slots=True)
class Fields:
    """What a form asks for: fields of a kind; with no kind of whatever it is about."""

    kind: str = ""
    refers: bool = False  # also says which entry is meant, as ``vorfall: 12``
    given: tuple[str, ...] = ()  # names that it has besides, or instead of a form's


Shape = One | Several | Rows | Curve | Checks | Fields


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table."""

    name: str
    shape: Shape | Table
    says: str  # in German, one line of the manual
    needed: bool = False
    default: str = ""  # what counts where it is left out, for the manual


@dataclass(frozen=True, slots=True)
class Table:
    """Keys that stand together."""

    title: str  # German
    keys: Sequence[Key]
    deeds: tuple[str, ...] = ()  # keys of which exactly one, or at most one, stands there
    deed_needed: bool = False

    def key(self, name: str) -> Key | None:
        """The declaration of a key."""
        return next((key for key in self.keys if key.name == name), None)
