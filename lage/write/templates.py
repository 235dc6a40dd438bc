# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Texts that staffs send again and again, with „…“ where something is to be filled in. Pure.

A staff's own stand in ``vorlagen.txt`` in its data folder, one a line: ``Titel: Text``.
"""

from __future__ import annotations

from dataclasses import dataclass

FILE = "vorlagen.txt"
OWN_MAX = 100
GAP = "…"


@dataclass(frozen=True, slots=True)
class Template:
    """One text."""

    title: str
    text: str


FREQUENT = (
    Template("Lagemeldung erbeten", "Bitte Lagemeldung bis … Uhr."),
    Template("Lagebesprechung", "Lagebesprechung um … Uhr über Funk, bitte Teilnahme bestätigen."),
    Template("Erreichbarkeit", "Stab besetzt seit … Uhr, erreichbar über Funk, Leitung: …"),
    Template("Kräfte angefordert", "Benötigen … Kräfte mit … ab … Uhr, Treffpunkt …"),
    Template("Material angefordert", "Benötigen … Stück … bis … Uhr, Anlieferung …"),
    Template("Räumung", "Räumung von … angeordnet, Sammelstelle …, Beginn … Uhr."),
    Template("Notunterkunft bereit", "Notunterkunft … ist aufnahmebereit, freie Plätze: …"),
    Template("Straße gesperrt", "… zwischen … und … gesperrt wegen …, Umleitung über …"),
    Template("Strom ausgefallen", "Stromausfall in … seit … Uhr, Ursache …, voraussichtlich bis …"),
    Template("Auftrag erledigt", "Auftrag … erledigt um … Uhr."),
    Template("Keine Veränderung", "Keine Veränderung der Lage seit … Uhr."),
    Template("Funkprobe", "Funkprobe: bitte Empfang quittieren."),
)


def own(text: str) -> tuple[Template, ...]:
    """What stands in a staff's file; lines without a colon are their own title."""
    found = []
    for line in text.splitlines():
        title, colon, rest = line.partition(":")
        if line.strip() and not line.startswith("#"):
            found.append(Template(title.strip(), rest.strip() if colon else title.strip()))
    return tuple(found[:OWN_MAX])
