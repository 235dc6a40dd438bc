# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nachricht: what one staff says to others, with Vorrang and, if wanted, a Quittung."""

from __future__ import annotations

from lage.kinds.card import FUNCTIONS, PRIORITIES, SIGN, WAYS, Card, FormField, once, prose
from sync.schema.definition import Choice, Flag, Kind, Many, Member, Moment, Number, Ref, Text

RECEIPT_MINUTES = {"einfach": 120, "sofort": 30, "blitz": 10, "staatsnot": 5}
"""After how long a wanted Quittung counts as overdue, unless the message says otherwise."""

CARD = Card(
    kind=Kind(
        2,
        "message",
        (
            once(0, "priority", Choice(PRIORITIES, room=4), required=True),
            once(1, "to", Many(Member(), 25)),  # absent: an alle
            prose(2, "text", required=True),
            once(3, "receipt_wanted", Flag()),
            once(4, "receipt_minutes", Number(typical=32)),  # absent: by priority
            once(5, "function", Choice(FUNCTIONS)),  # of the sender
            once(6, "sign", Text(12)),
            once(7, "answers", Ref("message")),
            once(8, "forwards", Ref("message")),
            once(9, "at", Moment()),  # Abfassungszeit, when it differs
            once(10, "external_sender", Text(60)),  # taken down for somebody without Lage
            once(11, "way", Choice(WAYS)),
            once(12, "group", Ref("group")),
        ),
    ),
    title="Nachricht",
    plural="Nachrichten",
    letter="N",
    word="nachricht",
    export="nachrichten",
    followed="nachrichten",
    form=(
        FormField("to", "An", "Stellen mit Komma, oder „alle“", default="alle"),
        FormField("priority", "Vorrang", default="einfach"),
        FormField("text", "Inhalt", required=True),
        FormField("receipt_wanted", "Quittung", "ja/nein; ab „sofort“ von selbst"),
        FormField("function", "Funktion", "des Absenders, z. B. S3"),
        SIGN,
        FormField("external_sender", "Für", "wer sie aufgab, wenn keine Stelle mit Lage"),
        FormField("way", "Weg"),
        FormField("at", "Abfassungszeit", "leer: jetzt", option="zeit"),
    ),
    labels={
        "receipt_minutes": "Quittung binnen Minuten",
        "answers": "Antwort auf",
        "forwards": "Weiterleitung von",
        "group": "Verteiler",
    },
    stands_at=(("answers", "message"), ("forwards", "message")),
    to_all=True,
    watched=True,
    deeds=(
        "bestaetigen",
        "quittieren",
        "antworten",
        "weiterleiten",
        "verteilen",
        "auftrag",
        "vordruck",
    ),
    indexed=("priority", "answers"),
)
