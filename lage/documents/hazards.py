# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an orange plate says: common dangerous goods by UN number, and what a Gefahrnummer means.

The table is a short extract, shipped as ``data/gefahrgut.csv``; its source and its limits stand in
the file. The meaning of the digits follows ADR 5.3.2.3: a digit doubled means more of it, ``X``
forbids water, ``0`` fills up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lage.language.errors import NotFound, UsageError
from lage.language.folding import fold_text

TABLE = Path(__file__).with_name("data") / "gefahrgut.csv"
SOURCE = (
    "Quelle: ADR Kapitel 3.2 Tabelle A (Auszug; Stoff und Klasse nach ADR 2021 verglichen,"
    " Gefahrnummer bei 81 von 141 nach ADR 2017; Hinweise fachlich ungeprüft). Maßgeblich sind"
    " Beförderungspapier und Warntafel."
)
_DIGITS: Mapping[str, str] = {
    "2": "Entweichen von Gas durch Druck oder chemische Reaktion",
    "3": "entzündbar (Dämpfe von Flüssigkeiten, Gase)",
    "4": "entzündbarer oder selbsterhitzungsfähiger fester Stoff",
    "5": "oxidierend, brandfördernd",
    "6": "giftig oder ansteckend",
    "7": "radioaktiv",
    "8": "ätzend",
    "9": "Gefahr einer spontanen heftigen Reaktion",
}
_WHOLE: Mapping[str, tuple[str, ...]] = {
    "20": ("erstickendes Gas, oder Gas ohne Zusatzgefahr",),
    "22": ("tiefgekühlt verflüssigtes Gas, erstickend",),
    "223": ("tiefgekühlt verflüssigtes Gas, entzündbar",),
    "225": ("tiefgekühlt verflüssigtes Gas, oxidierend",),
    "423": ("reagiert mit Wasser und bildet entzündbare Gase",),
    "44": ("entzündbarer fester Stoff, geschmolzen und heiß",),
    "539": ("entzündbares organisches Peroxid",),
    "606": ("ansteckungsgefährlich",),
    "90": ("umweltgefährdend oder verschiedene gefährliche Stoffe",),
    "99": ("verschiedene gefährliche Stoffe, erwärmt",),
}


@dataclass(frozen=True, slots=True)
class Substance:
    """One line of the table."""

    un: int
    numbers: tuple[str, ...]  # Gefahrnummern, several by packing group; none: never in tanks
    hazard_class: str
    name: str
    hint: str

    @property
    def meaning(self) -> tuple[str, ...]:
        """What the first Gefahrnummer means."""
        return meaning_of(self.numbers[0]) if self.numbers else ()


def meaning_of(number: str) -> tuple[str, ...]:
    """German words for a Gefahrnummer, the main danger first. Raises UsageError."""
    if re.fullmatch(r"X?[2-9]\d{1,2}", number) is None:
        raise UsageError(f"„{number}“ ist keine Gefahrnummer (zwei oder drei Ziffern, auch mit X).")
    digits = number.removeprefix("X")
    words = [] if digits == number else ["reagiert gefährlich mit Wasser: kein Wasser verwenden"]
    if digits in _WHOLE:
        return (*words, *_WHOLE[digits])
    for digit in dict.fromkeys(digits):
        if digit in _DIGITS:
            much = "besonders stark " if digits.count(digit) > 1 else ""
            words.append(much + _DIGITS[digit])
    return tuple(words)


def lookup(un: str) -> Substance:
    """The substance with that UN number, or of that plate (``33/1203``).

    Raises UsageError, NotFound.
    """
    match = re.fullmatch(r"(?:(?P<number>X?\d{2,3})\s*/\s*)?(?:UN)?\s*(\d{4})", un.strip().upper())
    if match is None:
        raise UsageError(f"„{un}“ ist keine UN-Nummer: bitte vier Ziffern, z. B. 1203.")
    found = substances().get(int(match[2]))
    if found is None:
        raise NotFound(
            f"UN {match[2]} steht nicht in der kurzen Liste: bitte Beförderungspapier, Leitstelle"
            " oder TUIS fragen."
        )
    if match["number"] and match["number"] not in found.numbers:
        right = "/".join(found.numbers) or "keine Gefahrnummer"
        raise UsageError(
            f"Zu UN {match[2]} ({found.name}) gehört nicht {match['number']}, sondern {right}:"
            " bitte die Tafel noch einmal lesen."
        )
    return found


def search(text: str) -> list[Substance]:
    """Substances whose name holds all these words, umlauts either way."""
    words = fold_text(text).split()
    return [s for s in substances().values() if all(word in fold_text(s.name) for word in words)]


@cache
def substances() -> Mapping[int, Substance]:
    """The whole table by UN number."""
    found: dict[int, Substance] = {}
    for line in TABLE.read_text("utf8").splitlines():
        if line.startswith(("#", "UN;")):
            continue
        un, numbers, hazard_class, name, hint = line.split(";", 4)
        found[int(un)] = Substance(
            int(un), tuple(filter(None, numbers.split("/"))), hazard_class, name, hint
        )
    return found
