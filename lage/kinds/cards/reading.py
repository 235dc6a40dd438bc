# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messwert: one value of a gauge."""

from __future__ import annotations

from lage.kinds.card import Card, FormField, once
from sync.schema.definition import Choice, Kind, Moment, Number, Term, Text
from sync.schema.urgency import Urgency

SOURCES = ("Ablesung", "Sensor", "PEGELONLINE", "Schätzung", "Meldung", "Hochwasserportal")

CARD = Card(
    kind=Kind(
        8,
        "reading",
        (
            once(0, "gauge", Term("gauge"), required=True),
            once(1, "value", Number(signed=True, typical=512), required=True),
            once(2, "at", Moment()),
            once(3, "source", Choice(SOURCES, room=8)),
            once(4, "note", Text(120)),
        ),
    ),
    title="Messwert",
    plural="Messwerte",
    called="gauge",
    word="messwert",
    export="messwerte",
    followed="pegel",
    form=(
        FormField("gauge", "Pegel", required=True),
        FormField("value", "Wert", "in cm oder der Einheit der Messstelle", required=True),
        FormField("at", "Zeit", "leer: jetzt"),
        FormField("source", "Quelle", default="Ablesung"),
        FormField("note", "Bemerkung"),
    ),
    scaled=("value",),
    gist=("value",),
    urgency=Urgency.READING,
    figure=True,
    indexed=("gauge",),
)
