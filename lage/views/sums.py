# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sums over entries for lists and reports; what nobody said is never counted as zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lage.kinds.model import Record
from lage.kinds.states import is_open
from lage.language.strength import Strength


@dataclass(frozen=True, slots=True)
class Total:
    """A sum, and how many gave no figure."""

    known: int
    unknown: int

    def __str__(self) -> str:
        if not self.unknown:
            return str(self.known)
        return f"mind. {self.known} ({self.unknown} ohne Angabe)" if self.known else "unbekannt"


def total(rows: Sequence[Record], name: str) -> Total:
    """Sum of a figure over entries, with the number of those that do not say it."""
    known = [value for row in rows if (value := row.whole(name)) is not None]
    return Total(sum(known), len(rows) - len(known))


def occupancy(shelters: Sequence[Record]) -> str:
    """How many places of these shelters are taken, in words."""
    taken, places = total(shelters, "occupied"), total(shelters, "capacity")
    return f"belegt {taken} von {places}"


def strength_of(unit: Record) -> Strength:
    """A unit's Stärke."""
    return Strength(*(unit.whole(name) for name in ("leaders", "subleaders", "helpers")))


def total_strength(units: Iterable[Record]) -> Strength:
    """The Stärke of several units together; a part that one does not know is not known."""
    found = [strength_of(unit) for unit in units]
    sums = []
    for part in ("leaders", "subleaders", "helpers"):
        figures = [getattr(strength, part) for strength in found]
        sums.append(None if None in figures else sum(figures))
    return Strength(*sums)


def units_together(units: Sequence[Record]) -> str:
    """The line below a list of units."""
    on_duty = [unit for unit in units if is_open(unit)]
    word = "Einheit" if len(on_duty) == 1 else "Einheiten"
    return f"Zusammen {total_strength(on_duty)} in {len(on_duty)} {word} im Dienst"


def shelters_together(shelters: Sequence[Record]) -> str:
    """The line below a list of shelters."""
    open_ones = [row for row in shelters if is_open(row)]
    return f"Zusammen {occupancy(open_ones)}"
