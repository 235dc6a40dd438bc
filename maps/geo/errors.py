# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be wrong with a position or a map file, each with one German sentence for the user.

MapError(ValueError)
├── PositionError          a typed or received position that cannot be used
│   ├── EmptyPositionError
│   ├── UnknownNotationError
│   ├── OddDigitsError
│   ├── WrongSquareError
│   ├── SwappedAxesError
│   └── OutsideAreaError
├── ImportRefusedError     a file that was not imported; lists every problem
└── PackError              a pack file that cannot be read
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class MapError(ValueError):
    """Root of the tree; ``str()`` is a German sentence that says what to do."""


class PositionError(MapError):
    """A position that cannot be used."""


class EmptyPositionError(PositionError):
    """Nothing was typed."""

    def __init__(self) -> None:
        super().__init__("Es fehlt die Koordinate, zum Beispiel 32U LC 9366 9315.")


class UnknownNotationError(PositionError):
    """The text is none of the three notations."""

    def __init__(self) -> None:
        super().__init__(
            "Diese Schreibweise ist unbekannt; möglich sind 52,279 7,440 oder "
            "32U 393663 5793158 oder 32U LC 9366 9315."
        )


class OddDigitsError(PositionError):
    """East and north of a UTMREF have different numbers of digits."""

    def __init__(self, digits: int) -> None:
        super().__init__(
            f"Die Meldekoordinate hat {digits} Ziffern; Ostwert und Nordwert brauchen "
            "gleich viele, zusammen 2, 4, 6, 8 oder 10."
        )


class WrongSquareError(PositionError):
    """Zone, band and 100-km square do not fit together."""

    def __init__(self, square: str) -> None:
        super().__init__(
            f"Das Quadrat {square} gibt es in diesem Gitterfeld nicht; bitte die Buchstaben prüfen."
        )


class SwappedAxesError(PositionError):
    """Longitude stands before latitude."""

    def __init__(self) -> None:
        super().__init__(
            "Breite und Länge scheinen vertauscht; bitte zuerst die Breite (etwa 52) schreiben."
        )


class OutsideAreaError(PositionError):
    """The position lies outside what the grids of this product cover."""

    def __init__(self) -> None:
        super().__init__(
            "Die Koordinate liegt außerhalb Mitteleuropas (Breite 40 bis 56, Länge 0 bis 18); "
            "bitte die Zahlen prüfen."
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """One bad line or feature of a file: its number as the user counts (from 1), and why."""

    number: int
    reason: str  # German, without a full stop


class ImportRefusedError(MapError):
    """Nothing of the file was imported. ``problems`` lists what has to be mended, all of it."""

    def __init__(self, sentence: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(sentence)
        self.problems = tuple(problems)


class PackError(MapError):
    """A map pack that is damaged or from another version."""
