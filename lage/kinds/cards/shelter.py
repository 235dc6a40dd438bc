# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Notunterkunft: places for people, and how many are taken."""

from __future__ import annotations

from lage.kinds.card import Card, Command, FormField, MapSign, register
from sync.schema.definition import Choice, Kind, Number, Position, Term, Text

STATUS = ("in Betrieb", "in Vorbereitung", "voll", "geschlossen")

CARD = Card(
    kind=Kind(
        16,
        "shelter",
        (
            register(0, "name", Text(80), required=True),
            register(1, "municipality", Term("place")),
            register(2, "point", Position()),
            register(3, "capacity", Number(typical=256)),
            register(4, "occupied", Number(typical=128)),
            register(5, "operator", Text(60)),
            register(6, "status", Choice(STATUS, room=8)),
            register(7, "note", Text(200)),
        ),
    ),
    title="Notunterkunft",
    plural="Notunterkünfte",
    called="name",
    distinct=True,
    word="notunterkunft",
    public="Unterkunft",
    export="unterkuenfte",
    followed="unterkuenfte",
    command=Command("unterkunft", "melden", "name", "Notunterkünfte."),
    form=(
        FormField("name", "Name", required=True),
        FormField("municipality", "Gemeinde"),
        FormField("capacity", "Kapazität", option="kapazitaet"),
        FormField("occupied", "Belegt"),
        FormField("operator", "Träger", option="traeger"),
        FormField("status", "Status", default="in Betrieb"),
        FormField("point", "Koordinate"),
        FormField("note", "Bemerkung"),
    ),
    closed=("geschlossen",),
    noted=True,
    sign=MapSign("notunterkunft", text="name", weight=2),
)
