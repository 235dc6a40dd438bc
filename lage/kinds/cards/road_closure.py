# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Straßensperre: where nobody or not everybody gets through, how to go round, until when."""

from __future__ import annotations

from lage.kinds.card import WHEN, Card, Command, FormField, MapSign, once, register
from sync.schema.definition import Choice, Kind, Moment, Position, Ref, Term, Text

REASONS = ("Überflutung", "Unfall", "Sturmschaden", "Einsatz", "Bauwerk beschädigt", "Sonstiges")
EXTENTS = ("voll", "halbseitig", "nur Einsatzfahrzeuge", "nicht für Lkw")
STATUS = ("gesperrt", "freigegeben")

CARD = Card(
    kind=Kind(
        25,
        "road_closure",
        (
            register(0, "road", Text(60), required=True),
            register(1, "section", Text(100)),
            register(2, "municipality", Term("place")),
            register(3, "point", Position()),
            register(4, "reason", Choice(REASONS)),
            register(5, "extent", Choice(EXTENTS, room=8)),
            register(6, "detour", Text(200)),
            register(7, "until", Moment()),  # expected end
            register(8, "status", Choice(STATUS, room=4)),
            register(9, "incident", Ref("incident")),
            once(10, "at", Moment()),
            once(11, "external_id", Text(40)),  # number of who else keeps closures
        ),
    ),
    title="Straßensperre",
    plural="Straßensperren",
    letter="S",
    word="strassensperre",
    public="Straße",
    export="strassensperren",
    followed="vorfaelle",
    command=Command("sperre", "melden", "road", "Straßensperren mit Umleitung und Ende."),
    form=(
        FormField("road", "Straße", "z. B. B 475", required=True),
        FormField("section", "Abschnitt", "von wo bis wo"),
        FormField("point", "Koordinate", "UTMREF, UTM32 oder Grad"),
        FormField("municipality", "Gemeinde", "leer: aus der Koordinate"),
        FormField("reason", "Grund", default="Überflutung"),
        FormField("extent", "Umfang", default="voll"),
        FormField("detour", "Umleitung"),
        FormField("until", "Voraussichtlich bis", option="bis"),
        FormField("incident", "Vorfall", "Nummer, z. B. RHE-12"),
        WHEN,
    ),
    fixed={"status": "gesperrt"},
    labels={"status": "Status", "external_id": "Kennung"},
    closed=("freigegeben",),
    due="until",
    gist=("road", "section", "detour"),
    stands_at=(("incident", "incident"),),
    noted=True,
    reported=True,
    watched=True,
    deeds=("auftrag",),
    indexed=("status", "municipality", "external_id"),
    sign=MapSign("strassensperre", text="road", weight=3),
)
