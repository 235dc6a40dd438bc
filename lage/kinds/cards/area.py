# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Gebiet: a piece of the map in which something holds."""

from __future__ import annotations

from lage.kinds.card import Card, Command, FormField, once, register
from sync.schema.definition import Choice, Kind, Many, Position, Text

TYPES = ("überflutet", "evakuiert", "Gefahrenbereich", "gesperrt", "Einsatzabschnitt")
STATUS = ("aktiv", "aufgehoben")

CARD = Card(
    kind=Kind(
        20,
        "area",
        (
            register(0, "type", Choice(TYPES), required=True),
            register(1, "name", Text(60)),
            once(2, "outline", Many(Position(), 24), required=True),
            register(3, "status", Choice(STATUS, room=4)),
            register(4, "note", Text(120)),
        ),
    ),
    title="Gebiet",
    plural="Gebiete",
    called="name",
    distinct=True,
    word="gebiet",
    public="Warnung",
    export="gebiete",
    followed="vorfaelle",
    command=Command("gebiet", "zeichnen", "name", "Gebiete auf der Karte."),
    form=(
        FormField("type", "Art", required=True),
        FormField("name", "Name"),
        FormField("outline", "Eckpunkte", "300 m um Ort; oder Koordinaten mit ;", required=True),
        FormField("note", "Bemerkung"),
    ),
    fixed={"status": "aktiv"},
    labels={"status": "Status"},
    closed=("aufgehoben",),
    noted=True,
)
