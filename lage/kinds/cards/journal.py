# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tagebuch: what a staff writes down because it may be asked about it years later."""

from __future__ import annotations

from lage.kinds.card import SIGN, WAYS, WHEN, Card, Command, FormField, once, prose
from sync.schema.definition import Choice, Kind, Moment, Ref, Text

CARD = Card(
    kind=Kind(
        1,
        "journal",
        (
            prose(0, "text", required=True),
            once(1, "at", Moment()),  # event time, when it differs from the entry's
            once(2, "sender", Text(60)),
            once(3, "recipient", Text(60)),
            once(4, "way", Choice(WAYS)),
            prose(5, "action"),  # veranlasste Maßnahme
            once(6, "sign", Text(12)),  # Zeichen
            once(7, "about", Ref()),
            once(8, "strikes", Ref("journal")),  # the entry that this one corrects
        ),
    ),
    title="Tagebucheintrag",
    plural="Einsatztagebuch",
    letter="T",
    word="tagebuch",
    export="tagebuch",
    followed="tagebuch",
    command=Command("tagebuch", "eintragen", "text", "Einsatztagebuch führen."),
    form=(
        FormField("text", "Inhalt", required=True),
        FormField("action", "Maßnahme", "veranlasste Maßnahme", option="massnahme"),
        FormField("sender", "Von"),
        FormField("recipient", "An"),
        FormField("way", "Weg"),
        WHEN,
        SIGN,
    ),
    labels={"about": "betrifft", "strikes": "berichtigt"},
    stands_at=(("strikes", "journal"),),
    watched=True,
    deeds=("berichtigen",),
    indexed=("strikes", "about"),
)
