# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Auftrag: what somebody is to do, by when."""

from __future__ import annotations

from lage.kinds.card import PRIORITIES, Card, Command, FormField, once, prose, register
from sync.schema.definition import Choice, Kind, Many, Member, Moment, Number, Ref, Text

STATUS = ("offen", "angenommen", "in Arbeit", "erledigt", "abgelehnt")

CARD = Card(
    kind=Kind(
        5,
        "task",
        (
            prose(0, "text", required=True),
            once(1, "to", Many(Member(), 25)),
            register(2, "assignee", Text(60)),  # unit or person
            register(3, "place", Text(80)),
            register(4, "due", Moment()),
            register(5, "status", Choice(STATUS, room=8)),
            register(6, "feedback", Text(300)),  # last Rückmeldung; earlier ones in the history
            once(7, "origin", Ref()),
            register(8, "priority", Choice(PRIORITIES, room=4)),
            register(9, "progress", Number(typical=100, maximum=100)),  # percent
        ),
    ),
    title="Auftrag",
    plural="Aufträge",
    letter="A",
    word="auftrag",
    export="auftraege",
    followed="auftraege",
    command=Command("auftrag", "erteilen", "text", "Aufträge erteilen und melden."),
    form=(
        FormField("to", "An", "Stellen mit Komma; leer: eigene Stelle"),
        FormField("text", "Auftrag", "was ist zu tun", required=True, option="text"),
        FormField("assignee", "Ausführung", "Einheit oder Person", option="ausfuehrung"),
        FormField("place", "Ort"),
        FormField("due", "Bis", "bis wann"),
        FormField("priority", "Vorrang", default="einfach"),
        FormField("origin", "Anlass", "Nummer, z. B. RHE-12, oder Name"),
    ),
    fixed={"status": "offen"},
    labels={"status": "Status", "feedback": "Rückmeldung", "progress": "Fortschritt"},
    closed=("erledigt", "abgelehnt"),
    due="due",
    stands_at=(("origin", ""),),
    noted=True,
    watched=True,
    deeds=("bestaetigen",),
    indexed=("status", "origin"),
)
