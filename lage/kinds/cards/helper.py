# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Spontanhelfende: what everybody may know of them; who they are stays at the node."""

from __future__ import annotations

from lage.kinds.card import Card, FormField, once, register
from sync.schema.definition import Choice, Flag, Kind, Many, Moment, Number, Term, Text

STATUS = ("gemeldet", "eingeplant", "im Einsatz", "entlassen")

CARD = Card(
    kind=Kind(
        13,
        "helper",
        (
            register(0, "skills", Many(Term("skill"), 12), required=True),
            register(1, "place", Term("place"), required=True),
            register(2, "since", Moment()),  # available from
            register(3, "hours", Number(typical=12)),  # for how long
            register(4, "count", Number(typical=4)),  # group size, absent: 1
            register(5, "equipment", Text(120)),
            register(6, "status", Choice(STATUS, room=8)),
            register(7, "worked", Number(typical=16)),  # hours done
            register(8, "delete_at", Moment()),
            register(9, "erased", Flag()),  # the private part's key was destroyed
            register(10, "radius", Number(typical=32), since=2),  # km that they would come
            once(11, "mark", Number(typical=32768, maximum=65535), since=2),  # volunteers.mark
        ),
    ),
    title="Helfer",
    plural="Spontanhelfende",
    letter="H",
    word="helfende",
    export="helfende",
    form=(
        FormField("skills", "Fähigkeiten", "mit Komma", required=True, option="kann"),
        FormField("place", "Ort", required=True),
        FormField("since", "Ab", "leer: sofort"),
        FormField("hours", "Stunden", "wie lange"),
        FormField("count", "Personen", default="1"),
        FormField("equipment", "Ausstattung"),
        FormField("radius", "Umkreis", "km, die sie kommen würden"),
    ),
    fixed={"status": "gemeldet"},
    labels={
        "status": "Status",
        "worked": "geleistete Stunden",
        "delete_at": "Löschen am",
        "erased": "persönliche Daten gelöscht",
        "mark": "Kennzahl gegen Doppelte",
    },
    closed=("entlassen",),
    gist=("skills",),
    deeds=("zuweisen", "rueckmeldung", "entlassen", "person_loeschen"),
    indexed=("status", "place", "mark"),
    planned=("since", "delete_at"),
)
