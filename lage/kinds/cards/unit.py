# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Einheit: forces with Stärke, status and place."""

from __future__ import annotations

from lage.kinds.card import Card, Command, FormField, MapSign, register
from sync.schema.definition import Choice, Kind, Moment, Number, Position, Ref, Term, Text

STATUS = ("im Einsatz", "Bereitstellung", "in Ruhe", "außer Dienst")
ORGANISATIONS = {
    "feuerwehr": "feuerwehr",
    "thw": "thw",
    "polizei": "polizei",
    "bundeswehr": "bundeswehr",
    "drk": "hiorg",
    "mhd": "hiorg",
    "juh": "hiorg",
    "dlrg": "hiorg",
    "asb": "hiorg",
    "relais": "funkknoten",
    "funkknoten": "funkknoten",
}
"""What occurs in an organisation's name, umlauts and case apart, and its sign on the map."""

CARD = Card(
    kind=Kind(
        9,
        "unit",
        (
            register(0, "name", Text(60), required=True),
            register(1, "organisation", Term("organisation")),
            register(2, "leaders", Number(typical=4)),
            register(3, "subleaders", Number(typical=8)),
            register(4, "helpers", Number(typical=32)),
            register(5, "status", Choice(STATUS, room=8)),
            register(6, "place", Text(80)),
            register(7, "point", Position()),
            register(8, "task", Ref("task")),
            register(9, "relief", Moment()),
            register(10, "incident", Ref("incident")),
            register(11, "note", Text(200)),
        ),
    ),
    title="Einheit",
    plural="Kräfte",
    called="name",
    distinct=True,
    word="einheit",
    export="kraefte",
    followed="kraefte",
    command=Command("kraefte", "melden", "name", "Einheiten und ihre Stärke."),
    form=(
        FormField("name", "Name", required=True),
        FormField("organisation", "Organisation"),
        FormField("strength", "Stärke", "Führer/Unterführer/Helfer//gesamt, z. B. 1/3/12//16"),
        FormField("status", "Status", default="Bereitstellung"),
        FormField("place", "Ort"),
        FormField("point", "Koordinate"),
        FormField("relief", "Ablösung", "bis wann", option="abloesung"),
        FormField("incident", "Vorfall", "Nummer, z. B. RHE-12"),
        FormField("task", "Auftrag", "Nummer, z. B. RHE-A4"),
        FormField("note", "Bemerkung"),
    ),
    parts={"strength": ("leaders", "subleaders", "helpers")},
    labels={"leaders": "Führer", "subleaders": "Unterführer", "helpers": "Helfer"},
    closed=("außer Dienst",),
    stands_at=(("incident", "incident"), ("task", "task")),
    noted=True,
    indexed=("status",),
    sign=MapSign("einheit", text="name", weight=3, by="organisation", words=ORGANISATIONS),
    planned=("relief",),
)
