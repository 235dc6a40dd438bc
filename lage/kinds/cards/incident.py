# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Vorfall: something has happened somewhere."""

from __future__ import annotations

from lage.kinds.card import WHEN, Card, Command, FormField, MapSign, once, register
from sync.schema.definition import Choice, Kind, Member, Moment, Number, Position, Ref, Term, Text

TYPES = (
    "Überflutung",
    "Stromausfall",
    "Person in Not",
    "Deichschaden",
    "Straßensperre",
    "Gefahrgut",
    "Infrastruktur",
    "Betreuung",
    "Sturmschaden",
    "Brand",
    "Verkehrsunfall",
    "Erkrankung",
    "Vermisste Person",
    "Tiere",
    "Trinkwasser",
    "Sonstiges",
)
STATUS = ("offen", "in Arbeit", "unter Kontrolle", "erledigt")
PRIORITIES = ("mittel", "hoch", "kritisch", "niedrig")

CARD = Card(
    kind=Kind(
        6,
        "incident",
        (
            register(0, "type", Choice(TYPES, room=32), required=True),
            register(1, "text", Text(400)),
            register(2, "place", Text(80)),
            register(3, "point", Position()),
            register(4, "municipality", Term("place")),
            register(5, "status", Choice(STATUS, room=8), required=True),
            register(6, "priority", Choice(PRIORITIES, room=4)),
            register(7, "affected", Number(typical=64)),
            register(8, "injured", Number(typical=8)),
            register(9, "missing", Number(typical=4)),
            register(10, "dead", Number(typical=4)),
            register(11, "responsible", Member()),
            register(12, "units", Text(120)),
            register(13, "merged_into", Ref("incident")),
            once(14, "at", Moment()),
            once(15, "external_id", Text(40)),  # number of the Leitstelle
        ),
    ),
    title="Vorfall",
    plural="Vorfälle",
    letter="",
    word="vorfall",
    export="vorfaelle",
    followed="vorfaelle",
    command=Command("vorfall", "melden", "text", "Vorfälle melden und fortschreiben."),
    form=(
        FormField("type", "Art", required=True),
        FormField("text", "Lage", required=True),
        FormField("place", "Ort", "z. B. 500 m südl. Emsbrücke Gimbte"),
        FormField("point", "Koordinate", "UTMREF, UTM32 oder Grad"),
        FormField("municipality", "Gemeinde", "leer: aus der Koordinate"),
        FormField("priority", "Priorität", default="mittel", option="prioritaet"),
        FormField("affected", "Betroffene", "leer oder ?: nicht bekannt"),
        FormField("injured", "Verletzte"),
        FormField("missing", "Vermisste"),
        FormField("dead", "Tote"),
        FormField("responsible", "Zuständig", option="zustaendig"),
        FormField("units", "Kräfte", "eingesetzte Kräfte", option="kraefte"),
        WHEN,
    ),
    fixed={"status": "offen"},
    labels={"status": "Status", "merged_into": "überführt in", "external_id": "Nr. der Leitstelle"},
    closed=("erledigt",),
    merges="merged_into",
    pressing={"priority": ("kritisch",), "type": ("Person in Not",)},
    stands_at=(("merged_into", "incident"),),
    noted=True,
    watched=True,
    deeds=("auftrag", "doppelt"),
    indexed=("status", "municipality", "merged_into", "external_id"),
    sign=MapSign("vorfall", text="type", weight=4, by="type"),
)
