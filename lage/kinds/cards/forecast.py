# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Vorhersage: what an authority expects a gauge to show at a time; never a measurement."""

from __future__ import annotations

from lage.kinds.card import Card, Command, FormField, once
from sync.schema.definition import Flag, Kind, Moment, Number, Term, Text
from sync.schema.urgency import Urgency

CARD = Card(
    kind=Kind(
        26,
        "forecast",
        (
            once(0, "gauge", Term("gauge"), required=True),
            once(1, "value", Number(signed=True, typical=512), required=True),
            once(2, "at", Moment(), required=True),
            once(3, "source", Text(40)),
            once(4, "issued", Moment()),  # where it is not known, when it was entered
            once(5, "estimate", Flag()),  # an Abschätzung, further ahead than the authority vouches
            once(6, "note", Text(120)),
        ),
    ),
    title="Vorhersage",
    plural="Vorhersagen",
    called="gauge",
    word="vorhersage",
    export="vorhersagen",
    followed="pegel",
    command=Command("vorhersage", "eintragen", "gauge", "Amtliche Vorhersagen von Wasserständen."),
    form=(
        FormField("gauge", "Pegel", required=True),
        FormField("value", "Wert", "in cm oder der Einheit der Messstelle", required=True),
        FormField("at", "Für wann", "z. B. 1800 oder „in 6 h“", required=True, option="zeit"),
        FormField("source", "Von wem", "z. B. Bezirksregierung", required=True, option="quelle"),
        FormField("issued", "Herausgegeben", "leer: jetzt", option="stand"),
        FormField("estimate", "Nur Abschätzung", option="abschaetzung"),
        FormField("note", "Bemerkung"),
    ),
    scaled=("value",),
    gist=("value",),
    urgency=Urgency.READING,
    figure=True,
    indexed=("gauge",),
    planned=("at",),
)
