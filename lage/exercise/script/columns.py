# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the columns of a table of Einlagen mean, however exercise staffs call them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lage.imports.plan import TableRow
from lage.language.folding import fold_text

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "nr": ("Lfd. Nr.", "Lfd.Nr.", "Lfd Nr", "Lfdnr", "Laufende Nummer", "Nr.", "Nr", "Nummer",
           "Einlage Nr.", "Einlagen-Nr.", "Einlagennummer", "Ereignis Nr.", "MSEL Nr.",
           "Inject Nr.", "Inject #", "Event #"),
    "datum": ("Datum", "Tag"),
    "zeit": ("Zeit", "Übungszeit", "X+", "X-Zeit", "Uhrzeit", "Zeitpunkt", "Beginn", "Zeitansatz",
             "Exercise Time", "Time"),
    "von": ("Von", "Absender", "Quelle", "Sender", "Meldender", "Anrufer", "Von wem", "Injektor",
            "From"),
    "an": ("An", "Empfänger", "Adressat", "Ziel", "Stelle", "An wen", "Empfaenger", "Zielstab",
           "Ziel-Stab", "Zielgruppe", "To"),
    "weg": ("Weg", "Mittel", "Weg/Mittel", "Weg / Mittel", "Medium", "Kanal", "Übermittlung",
            "Übermittlungsweg", "Meldeweg", "Kommunikationsmittel", "Art", "Method"),
    "titel": ("Titel", "Stichwort", "Betreff", "Kurztitel", "Thema"),
    "inhalt": ("Inhalt / Einlage", "Inhalt", "Einlage", "Inhalt/Einlage", "Ereignis", "Text",
               "Meldung", "Inhalt der Einlage", "Wortlaut", "Beschreibung", "Lage", "Inject",
               "Event", "Event Description"),
    "erwartet": ("Erwartete Reaktion", "Erwartete Maßnahme", "Erwartete Maßnahmen", "Reaktion",
                 "Soll", "Erwartung", "Erwartete Handlung", "Sollreaktion", "Erwartetes Ergebnis",
                 "Expected Action", "Expected Response"),
    "bewertung": ("Bewertung", "Auswertung", "Beobachtung", "Bewertungshinweis",
                  "Beobachterhinweis", "Beobachter-Hinweis"),
    "bemerkung": ("Bemerkung", "Bemerkungen", "Anmerkung", "Anmerkungen", "Hinweis", "Hinweise"),
    "erfuellt": ("Woran man es sieht",),
    "nur_wenn": ("Nur wenn",),
    "phase": ("Phase",),
    "vorrang": ("Vorrang",),
    "stoerung": ("Störung",),
    "wahrscheinlichkeit": ("Wahrscheinlichkeit",),
    "streuung": ("Streuung",),
    "id": ("id",),
}  # fmt: skip
"""Key of an inject -> what its column is called; where several are there, the first with a text."""
CLOCK = "Uhrzeit"
"""The time of the scene beside that of the exercise: for people, where both are there."""
FRAME = "Rahmen"
"""Stands as the time of rows that say what is no inject: under „nr“ the key of the script, under
„inhalt“ its value, or one part of it."""
MARK = "ÜBUNG"
"""What stands before each line of a table that Lage has written in an exercise."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: the texts by the keys of a script, and what is in other columns."""

    row: TableRow
    texts: Mapping[str, str]

    @property
    def is_frame(self) -> bool:
        """Whether it says something of the whole script."""
        return self.texts.get("zeit") == FRAME

    @property
    def strange(self) -> list[str]:
        """Columns that mean nothing to a script, where they say something."""
        return [
            name
            for name, text in self.row.cells.items()
            if text.strip() and _key(name) is None and name != fold_text(MARK)
        ]

    @property
    def rest(self) -> list[str]:
        """What those say."""
        return [f"{name}: {self.row.cells[name].strip()}" for name in self.strange if name]


def _plain(column: str) -> str:
    """A title without brackets and marks: „Zeit (X+)“ is „Zeit“."""
    bare = re.sub(r"\(.*?\)", "", fold_text(column))
    return re.sub(r"[^a-z0-9+#]+", " ", bare).strip() or fold_text(column)


_KEYS: Mapping[str, str] = {
    _plain(title): key for key, titles in COLUMNS.items() for title in titles
}
"""Plain title -> its key, in the order in which columns of one key are asked."""
_PLACES = {title: place for place, title in enumerate(_KEYS)}


def _key(column: str) -> str | None:
    return _KEYS.get(_plain(column))


def line_of(row: TableRow) -> Line:
    """A row with its meaning."""
    texts: dict[str, str] = {}
    for name in sorted(row.cells, key=lambda each: _PLACES.get(_plain(each), len(_PLACES))):
        key, text = _key(name), row.cells[name].strip()
        if key and text and key not in texts:
            texts[key] = text
    return Line(row, texts)
