# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Anforderung: what a staff lacks and asks others for."""

from __future__ import annotations

from lage.kinds.card import PRIORITIES, Card, Command, FormField, once, prose, register
from sync.schema.definition import Choice, Kind, Many, Member, Moment, Number, Ref, Term, Text

STATUS = ("offen", "angenommen", "unterwegs", "erfüllt", "abgelehnt", "zurückgezogen")

CARD = Card(
    kind=Kind(
        12,
        "request",
        (
            prose(0, "text"),
            once(1, "item", Term("item")),
            register(2, "amount", Number(typical=64)),
            register(3, "unit", Term("unit_of_measure")),
            register(4, "place", Text(80)),
            register(5, "due", Moment()),
            register(6, "status", Choice(STATUS, room=8)),
            once(7, "to", Many(Member(), 25)),
            once(8, "origin", Ref()),
            register(9, "priority", Choice(PRIORITIES, room=4)),
            register(10, "feedback", Text(200)),
        ),
    ),
    title="Anforderung",
    plural="Anforderungen",
    letter="F",
    word="anforderung",
    export="anforderungen",
    followed="anforderungen",
    command=Command("anforderung", "stellen", "text", "Anforderungen."),
    form=(
        FormField("item", "Was", option="was"),
        FormField("amount", "Menge"),
        FormField("unit", "Einheit"),
        FormField("place", "Wohin"),
        FormField("due", "Bis"),
        FormField("text", "Begründung", option="text"),
        FormField("to", "An", "leer: an alle"),
        FormField("priority", "Vorrang", default="einfach"),
    ),
    fixed={"status": "offen"},
    labels={"status": "Status", "origin": "Anlass", "feedback": "Rückmeldung"},
    closed=("erfüllt", "abgelehnt", "zurückgezogen"),
    due="due",
    gist=("item", "text"),
    to_all=True,
    noted=True,
    watched=True,
    deeds=("bestaetigen",),
    indexed=("status",),
)
