# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Aufruf: where volunteers are asked to come, and where not to."""

from __future__ import annotations

from lage.kinds.card import Card, Command, FormField, register
from sync.schema.definition import Choice, Kind, Many, Moment, Number, Term, Text

STATUS = ("bitte kommen", "bitte nicht kommen", "beendet")

CARD = Card(
    kind=Kind(
        28,
        "appeal",
        (
            register(0, "place", Term("place"), required=True),
            register(1, "status", Choice(STATUS, room=8), required=True),
            register(2, "skills", Many(Term("skill"), 12)),
            register(3, "count", Number(typical=32)),  # people that are still needed
            register(4, "meeting_point", Text(100)),
            register(5, "contact", Text(80)),
            register(6, "text", Text(200)),
            register(7, "until", Moment()),
        ),
    ),
    title="Aufruf",
    plural="Aufrufe an Helfende",
    letter="R",
    word="aufruf",
    export="aufrufe",
    command=Command("aufruf", "schreiben", "place", "Wohin Helfende kommen sollen, wohin nicht."),
    form=(
        FormField("place", "Ort", required=True),
        FormField(
            "status",
            "Aufruf",
            "bitte kommen / bitte nicht kommen",
            default="bitte kommen",
            option="status",
        ),
        FormField("skills", "Fähigkeiten", "mit Komma", option="gesucht"),
        FormField("count", "Personen", "wie viele noch"),
        FormField("meeting_point", "Treffpunkt"),
        FormField("contact", "Kontakt", "wer dort ansprechbar ist"),
        FormField("text", "Hinweis", "steht öffentlich auf den Seiten", option="text"),
        FormField("until", "Bis"),
    ),
    closed=("beendet",),
    due="until",
    gist=("place", "skills", "text"),
    noted=True,
    indexed=("status",),
)
